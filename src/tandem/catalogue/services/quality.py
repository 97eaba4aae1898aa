"""How good our descriptions are, altogether and one by one, and what would help each of them most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Avg, Count, F, Q, QuerySet

from tandem.catalogue.domain.completeness import BANDS, Assessment, range_of
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import assessing, datasets

PER_PAGE = 50
ORDERS = {"points": ("points", "sort_title"), "due": ("due_on", "sort_title"), "title": ("sort_title",)}


@dataclass(frozen=True, slots=True)
class Overview:
    """All our published datasets together.

    Attributes:
        bands: How many there are of each band, the best first.
        late: How many are later than promised.
    """

    count: int
    mean: float | None
    bands: Mapping[str, int]
    late: int


@dataclass(frozen=True, slots=True)
class Row:
    """One dataset, and what would help it most.

    Attributes:
        next_step: The field, and the points that it would bring; None where nothing is left.
        broken: Whether an address that it names has not answered.
    """

    dataset: Dataset
    assessment: Assessment
    next_step: tuple[str, int] | None
    is_late: bool
    broken: bool


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """A page of the list.

    Attributes:
        number: Of the page, from 1.
    """

    rows: list[Row]
    number: int
    num_pages: int


def overview(today: date) -> Overview:
    """Return how good our published datasets are altogether."""
    counts = {name: Count("pk", filter=_of_band(name)) for _least, name in BANDS}
    found = _published().aggregate(
        all=Count("pk"), mean=Avg("points"), late=Count("pk", filter=Q(due_on__lte=today)), **counts
    )
    return Overview(found["all"], found["mean"], {name: found[name] for _least, name in BANDS}, found["late"])


def _of_band(band: str) -> Q:
    points = range_of(band)
    return Q(points__gte=points.start, points__lt=points.stop)


def _published() -> "QuerySet[Dataset]":
    return Dataset.objects.filter(status=Status.PUBLISHED, source=None)


def rows(today: date, *, order: str, late_only: bool, band: str, page: str | None) -> PageOfRows:
    """Return a page of our published datasets, those that need help most first.

    Args:
        order: ``points``, ``due`` or ``title``; another counts as ``points``.
        band: Only those of a band; empty for all.
    """
    found = datasets.with_parts(_published())
    if late_only:
        found = found.filter(due_on__lte=today)
    if band:
        found = found.filter(_of_band(band))
    first, *others = ORDERS.get(order, ORDERS["points"])
    pages = Paginator(found.order_by(F(first).asc(nulls_last=True), *others, "id"), PER_PAGE)
    shown = pages.get_page(page)
    described = [datasets.description_of(row) for row in shown.object_list]
    answers = assessing.known_answers(described)
    listed = [
        _row(row, assessing.assessment_of(said, answers=answers), answers, today)
        for row, said in zip(shown.object_list, described, strict=True)
    ]
    return PageOfRows(listed, shown.number, pages.num_pages)


def _row(row: Dataset, assessment: Assessment, answers: Mapping[str, bool], today: date) -> Row:
    steps = assessment.next_steps()
    urls = {
        row_part.description.get(name)
        for row_part in row.distributions.all()
        for name in ("access_url", "download_url")
    }
    broken = any(answers.get(url) is False for url in urls if url)
    late = row.due_on is not None and row.due_on <= today
    return Row(row, assessment, steps[0] if steps else None, late, broken)

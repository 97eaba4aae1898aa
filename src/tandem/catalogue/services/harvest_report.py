"""What came of a harvest: its findings by kind and by place, and how it differs from the one before."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Min, QuerySet, Value, When

from tandem.catalogue.models import Dataset, HarvestFinding, HarvestRun
from tandem.core.findings import Finding

PER_PAGE = 50
EXAMPLES = 3
COUNTS = ("pages", "created", "updated", "unchanged", "removed", "left_out", "withheld")
_WORST = Case(
    When(severity="error", then=Value(0)),
    When(severity="warning", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one kind.

    Attributes:
        count: Of this run, those that were too many to keep included.
        before: Of the run before; None where there was none.
        example: The first of them.
    """

    code: str
    count: int
    before: int | None
    example: Finding


@dataclass(frozen=True, slots=True)
class Place:
    """A finding with where it leads.

    Attributes:
        slug: Of the dataset here, or empty.
    """

    finding: Finding
    slug: str

    @property
    def address(self) -> str:
        """The record's own address, where it has one."""
        path = self.finding.path
        return path if path.startswith(("http://", "https://")) else ""


def run_before(run: HarvestRun) -> HarvestRun | None:
    """Return the last harvest before that read the source to its end; one that found nothing new read nothing."""
    earlier = HarvestRun.objects.filter(source=run.source_id, started_at__lt=run.started_at)
    earlier = earlier.exclude(pages_unchanged=F("pages"))
    return earlier.filter(state__in=["succeeded", "unconfirmed"]).order_by("-started_at").first()


def groups(run: HarvestRun, before: HarvestRun | None) -> list[Group]:
    """Return the findings by kind, the worst first, then the commonest."""
    firsts = run.findings.order_by().values("code").annotate(first=Min("pk"), worst=Min(_WORST))
    order = {each["code"]: (each["worst"], each["first"]) for each in firsts}
    examples = HarvestFinding.objects.in_bulk([first for _worst, first in order.values()])
    found = [
        Group(
            code,
            run.finding_counts.get(code, 0),
            before.finding_counts.get(code, 0) if before else None,
            Finding.from_dict(examples[first].values),
        )
        for code, (_worst, first) in order.items()
    ]
    return sorted(found, key=lambda each: (order[each.code][0], -each.count, each.code))


def page_of(run: HarvestRun, *, code: str, number: str | None) -> tuple["Page[HarvestFinding]", list[Place]]:
    """Return one page of the findings, of one kind or of all, with the datasets that they speak of."""
    page = Paginator(_rows(run, code), PER_PAGE).get_page(number)
    rows = list(page.object_list)
    slugs = dict(Dataset.objects.filter(iri__in={row.path for row in rows}).values_list("iri", "slug"))
    return page, [Place(Finding.from_dict(row.values), slugs.get(row.path, "")) for row in rows]


def _rows(run: HarvestRun, code: str) -> "QuerySet[HarvestFinding]":
    rows = run.findings.order_by("pk")
    return rows.filter(code=code) if code else rows


def as_json(run: HarvestRun, *, most: int | None = None) -> dict[str, Any]:
    """Return a run with its findings as plain JSON values."""
    names = ("state", "dry_run", *COUNTS, "pages_unchanged", "message", "finding_counts")
    times = {name: _time(getattr(run, name)) for name in ("started_at", "finished_at")}
    told = list(_rows(run, "").values_list("values", flat=True)[:most])
    return {
        "source": run.source.key,
        **{name: getattr(run, name) for name in names},
        **times,
        "findings": told,
    }


def _time(value: Any) -> str | None:
    return value.isoformat() if value else None


def csv_lines(run: HarvestRun, *, code: str) -> Iterator[str]:
    """Yield the findings as CSV, line by line."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(("severity", "code", "path", "message"))
    for row in _rows(run, code).iterator(chunk_size=1_000):
        writer.writerow((row.severity, row.code, _plain(row.path), _plain(row.values["message"])))
        if sink.tell() > 50_000:
            yield sink.getvalue()
            sink.seek(0)
            sink.truncate()
    yield sink.getvalue()


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text

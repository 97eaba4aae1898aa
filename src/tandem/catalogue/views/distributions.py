"""The distributions on a dataset's page: their first rows, what to download, and why there is no preview."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DistributionDescription
from tandem.catalogue.domain.exploration import Exploration
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import explore, following
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import previews, shown
from tandem.core.text import pick
from tandem.kit.models import Job
from tandem.kit.spoken import spoken

PREVIEW_ROWS = 10


@dataclass(frozen=True, slots=True)
class DistributionShown:
    """A distribution on the dataset's page."""

    position: int
    title: str
    caption: str
    downloads: list[shown.Download]
    columns: list[shown.Head] = field(default_factory=list)
    rows: list[list[shown.Cell]] = field(default_factory=list)
    table_url: str = ""
    report_url: str = ""
    replace_url: str = ""
    job_url: str = ""
    bad_cells: int = 0
    why_not: str = ""
    versions_url: str = ""
    changes_url: str = ""
    follow_url: str = ""
    followed: dict[str, Any] | None = None


def distribution_of(
    found: Dataset, row: Distribution, part: DistributionDescription, job: Job | None
) -> DistributionShown:
    """Return a distribution for its dataset's page.

    Args:
        job: The newest that reads a file into it, where it has no file yet.
    """
    row.dataset = found
    language = get_language() or "en"
    file_type = vocabulary.FILE_TYPES.by_iri(part.format)
    format_name = pick(file_type.names, language) if file_type else ""
    title = pick(part.titles, language) or format_name or gettext("File")
    current = row.current
    if current is None:
        return DistributionShown(
            row.position,
            title,
            title,
            _addresses(part, format_name),
            job_url=reverse("catalogue:importing", args=[found.slug, row.position]) if job else "",
            why_not=previews.why_no_file(row, part, job),
            **_managed(found, row),
        )
    if not current.report:
        return DistributionShown(
            row.position,
            title,
            title,
            shown.downloads(row, current, None),
            why_not=previews.why_no_table(current),
            **_managed(found, row),
        )
    return _with_table(found, row, current, title)


def _with_table(found: Dataset, row: Distribution, current: TableVersion, title: str) -> DistributionShown:
    table = Table.of(current)
    first = explore.rows_of(table, Exploration(per_page=PREVIEW_ROWS))
    count = shown.count_text(first.total)
    return DistributionShown(
        row.position,
        title,
        gettext("%(title)s: the first rows of %(count)s") % {"title": title, "count": count},
        shown.downloads(row, current, table),
        columns=shown.heads(table.columns),
        rows=shown.cells(first.rows, table.columns),
        table_url=reverse("catalogue:table", args=[found.slug, row.position]),
        report_url=reverse("catalogue:report", args=[found.slug, row.position]),
        why_not=gettext("The table has shapes only: see them on the map.")
        if previews.only_shapes(current)
        else "",
        **_managed(found, row),
        bad_cells=sum(column.bad_count for column in table.columns),
    )


def _managed(found: Dataset, row: Distribution) -> dict[str, Any]:
    """Return where a file's versions are, and what it follows."""
    where = [found.slug, row.position]
    current = row.current
    several = current is not None and current.number > 1 and bool(current.report)
    return {
        "replace_url": reverse("catalogue:replace", args=where),
        "follow_url": reverse("catalogue:follow", args=where),
        "versions_url": reverse("catalogue:versions", args=where) if current else "",
        "changes_url": reverse("catalogue:changes", args=where) if several else "",
        "followed": _followed(row),
    }


def _followed(row: Distribution) -> dict[str, Any] | None:
    address = getattr(row, "followed", None)
    if address is None:
        return None
    return {
        "url": address.url,
        "checked_at": address.checked_at,
        "problem": spoken(following.problem_of(address)),
        "kept": row.current.created_at if row.current else None,
    }


def _addresses(part: DistributionDescription, format_name: str) -> list[shown.Download]:
    label = format_name or gettext("File")
    if part.download_url:
        return [shown.Download(gettext("Download: %(format)s") % {"format": label}, part.download_url)]
    if part.access_url:
        return [shown.Download(gettext("Open: %(format)s") % {"format": label}, part.access_url)]
    return []

"""Values as pages show them: in the reader's language and number format."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from tandem.catalogue.domain.exploration import NUMBERS
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.models import Distribution, TableVersion
from tandem.catalogue.services import features
from tandem.catalogue.services.explore import Table
from tandem.core.text import pick
from tandem.kit.numbers import figure, file_size

KINDS = {
    "integer": gettext_lazy("whole number"),
    "decimal": gettext_lazy("decimal number"),
    "date": gettext_lazy("date"),
    "datetime": gettext_lazy("date and time"),
    "time": gettext_lazy("time of day"),
    "boolean": gettext_lazy("yes or no"),
    "text": gettext_lazy("text"),
    "geometry": gettext_lazy("shape on the map"),
}
STATUS = {
    "draft": gettext_lazy("draft"),
    "review": gettext_lazy("in review"),
    "published": gettext_lazy("published"),
    "withdrawn": gettext_lazy("withdrawn"),
}
LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table on a page."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column on a page."""

    name: str
    unit: str
    is_number: bool
    sort_url: str = ""
    aria_sort: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """One way to take a file away."""

    label: str
    url: str
    note: str = ""


def value_text(value: Any, kind: str) -> str:
    """Return a cell's value as the reader's language writes it. Codes and years are never grouped."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        shown = timezone.localtime(value) if timezone.is_aware(value) else value
        return formats.date_format(shown, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if kind == "decimal":
        return formats.number_format(value, use_l10n=True, force_grouping=abs(value) >= 10_000)
    if kind == "integer":
        return formats.number_format(value, use_l10n=True, force_grouping=abs(value) >= 10_000)
    text = str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def cells(rows: Iterable[Sequence[Any]], columns: Sequence[ColumnReport]) -> list[list[Cell]]:
    """Return rows as pages show them."""
    kinds = [(column.kind, column.kind in NUMBERS) for column in columns]
    return [
        [
            Cell(value_text(value, kind), is_number)
            for value, (kind, is_number) in zip(row, kinds, strict=True)
        ]
        for row in rows
    ]


def heads(columns: Sequence[ColumnReport]) -> list[Head]:
    """Return the heads of a table without links."""
    return [Head(column.name, column.unit_beside, column.kind in NUMBERS) for column in columns]


def with_query(query: QueryDict, **changes: str | None) -> str:
    """Return a query string with changes; None takes a parameter away."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return f"?{changed.urlencode()}"


def without(query: QueryDict, parameter: str) -> str:
    """Return the query string without one parameter and without the page."""
    changed = query.copy()
    changed.pop(parameter, None)
    changed.pop("page", None)
    return f"?{changed.urlencode()}"


def downloads(
    distribution: Distribution, version: TableVersion, table: Table | None, query: str = ""
) -> list[Download]:
    """Return the ways to take a file of ours away.

    Args:
        query: A query string with the filters that the rows should keep to.
    """

    def url(wanted: str) -> str:
        where = reverse("catalogue:download", args=[distribution.dataset.slug, distribution.position, wanted])
        return f"{where}?{query}" if query and wanted != "original" else where

    original = Download(
        gettext("Original: %(file)s") % {"file": version.filename},
        url("original"),
        file_size(version.byte_size),
    )
    if table is None:
        return [original]
    found = [
        original,
        Download("CSV", url("csv"), gettext("UTF-8, commas, for every program")),
        Download("JSON", url("json"), gettext("for developers")),
        Download("JSON lines", url("jsonl"), gettext("one object a line")),
        Download("Excel", url("xlsx"), gettext("XLSX, with types")),
        Download("Parquet", url("parquet"), gettext("for analysis, with types")),
    ]
    if table.has_places:
        found.append(Download("GeoJSON", url("geojson"), gettext("for maps")))
        collection = reverse("features-collection", args=[features.id_of(distribution)])
        note = gettext("for geographic information systems, by area and filter")
        found.append(Download("OGC API Features", collection, note))
    return found


def column_range(column: ColumnReport) -> str:
    """Return a column's smallest and largest value, or its commonest ones."""
    profile = column.profile
    if column.kind in {"text", "boolean"}:
        return ", ".join(value_text(value, column.kind) for value, _count in profile.top[:3])
    if profile.min is None:
        return ""
    least, most = _typed(profile.min, column.kind), _typed(profile.max, column.kind)
    return gettext("%(least)s to %(most)s") % {
        "least": value_text(least, column.kind),
        "most": value_text(most, column.kind),
    }


def _typed(value: Any, kind: str) -> Any:
    if isinstance(value, str) and kind == "date":
        return date.fromisoformat(value)
    if isinstance(value, str) and kind == "datetime":
        return datetime.fromisoformat(value)
    return value


def stored_text(value: Any, kind: str) -> str:
    """Return a value that was kept as plain JSON as the reader's language writes it."""
    if kind == "time" and isinstance(value, str):
        return value
    return value_text(_typed(value, kind), kind)


def count_text(number: int) -> str:
    """Return a whole number in the reader's language."""
    return figure(number, decimals=0)


def texts(found: Mapping[str, str]) -> str:
    """Return the text in the reader's language, or the nearest."""
    return pick(found, get_language() or "en")

"""The versions of a file: their list, each of them to take away, and what changed between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of
from tandem.catalogue import access
from tandem.catalogue.domain.changes import Changes, RowChange
from tandem.catalogue.domain.exploration import NUMBERS, Exploration
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import changes, explore, tables
from tandem.catalogue.services.explore import Table
from tandem.catalogue.views import shown
from tandem.catalogue.views.staff import editors
from tandem.catalogue.views.table_files import attached, file_stem, original
from tandem.catalogue.views.table_found import distribution_or_404, title_of
from tandem.core.errors import InvalidInput
from tandem.kit.numbers import file_size
from tandem.kit.spoken import spoken

PER_PAGE = 30
_COLUMNS_SHOWN = 60


@require_safe
def versions(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """List the versions of a file, the newest first."""
    dataset, distribution = distribution_or_404(request, slug, position)
    rows = distribution.versions.select_related("created_by").order_by("-number")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    staff = access.may_see_drafts(request)
    first = max(page.start_index() - 1, 0)
    with_the_next = rows[first : first + PER_PAGE + 1]
    found = [_listed(dataset, distribution, each, staff=staff) for each in with_the_next]
    for newer, older in pairwise(found):
        newer["changes_url"] = _changes_url(dataset, position, older, newer)
    listed = found[:PER_PAGE]
    return render(
        request,
        "catalogue/versions.html",
        {
            **_frame(dataset, distribution),
            "page": page,
            "versions": listed,
            "staff": staff,
            "choices": [each["number"] for each in listed if each["is_table"]],
        },
    )


def _frame(dataset: Dataset, distribution: Distribution) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "dataset_title": shown.texts(dataset.description["titles"]),
        "distribution": distribution,
        "title": title_of(distribution),
    }


def _listed(
    dataset: Dataset, distribution: Distribution, version: TableVersion, *, staff: bool
) -> dict[str, Any]:
    is_table = bool(version.report)
    return {
        "number": version.number,
        "created_at": version.created_at,
        "filename": version.filename,
        "who": version.created_by.name if staff and version.created_by else "",
        "rows": shown.count_text(version.rows) if is_table else "–",
        "is_table": is_table,
        "size": file_size(version.byte_size),
        "sha256": version.sha256,
        "note": version.note,
        "source_url": version.source_url,
        "current": distribution.current_id == version.pk,
        "downloads": [
            (
                label,
                reverse(
                    "catalogue:version", args=[dataset.slug, distribution.position, version.number, kind]
                ),
            )
            for kind, label in (
                ("original", gettext("Original")),
                *((("csv", "CSV"), ("parquet", "Parquet")) if is_table else ()),
            )
        ],
        "changes_url": "",
    }


def _changes_url(dataset: Dataset, position: int, older: dict[str, Any], newer: dict[str, Any]) -> str:
    if not (older["is_table"] and newer["is_table"]):
        return ""
    where = reverse("catalogue:changes", args=[dataset.slug, position])
    return f"{where}?from={older['number']}&to={newer['number']}"


@require_safe
def version(
    request: HttpRequest, slug: str, position: int, number: int, wanted: str
) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Return a version: the original, or its table in a format."""
    dataset, distribution = distribution_or_404(request, slug, position)
    found = changes.version_of(distribution, number)
    if wanted == "original":
        return original(found)
    if not found.report:
        raise tables.NoTable(distribution.id)
    stream = explore.export_rows(Table.of(found), Exploration(), wanted)
    return attached(stream, f"{file_stem(dataset, position)}-version-{number}", wanted)


# --- what changed -------------------------------------------------------------------------------
@require_safe
def changed(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Show what changed between two versions; without a choice, between the last two."""
    dataset, distribution = distribution_or_404(request, slug, position)
    rows = list(distribution.versions.defer("report").order_by("-number")[:200])
    if not rows:
        raise Http404
    older, newer = _chosen(request, distribution, rows)
    page: dict[str, Any] = {
        **_frame(dataset, distribution),
        "choices": [(each.number, each.filename, each.created_at) for each in rows],
        "older": older,
        "newer": newer,
        "may_edit": dataset.source_id is None and access.may_edit(request),
        "problem": "",
        "found": None,
    }
    if older is None or newer is None:
        return render(request, "catalogue/changes.html", page)
    try:
        found = changes.changes_between(older, newer, key=distribution.key_columns)
    except (InvalidInput, tables.NoTable) as error:
        return render(
            request, "catalogue/changes.html", page | {"problem": spoken(error.sentence)}, status=400
        )
    return render(request, "catalogue/changes.html", page | _shown(found, older, newer, distribution))


def _chosen(
    request: HttpRequest, distribution: Distribution, rows: Sequence[TableVersion]
) -> tuple[TableVersion | None, TableVersion | None]:
    def asked(name: str) -> TableVersion | None:
        value = request.GET.get(name, "")
        return changes.version_of(distribution, int(value)) if value.isdecimal() and len(value) < 10 else None

    newer = asked("to") or rows[0]
    before = [row for row in rows if row.number < newer.number]
    return asked("from") or (before[0] if before else None), newer


@dataclass(frozen=True, slots=True)
class CellShown:
    """A cell of a changed row: as it was and as it is."""

    old: str
    new: str
    changed: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class RowsShown:
    """Examples of rows, with the columns that are worth showing."""

    heads: list[shown.Head]
    rows: list[list[CellShown]]
    hidden: int


def _shown(
    found: Changes, older: TableVersion, newer: TableVersion, distribution: Distribution
) -> dict[str, Any]:
    old_columns = {column.key: column for column in tables.report_of(older).columns}
    new_columns = {column.key: column for column in tables.report_of(newer).columns}
    name_of = {key: column.name for key, column in new_columns.items()}
    pairs = [(old_columns[old], new_columns[new]) for new, old in found.columns]
    return {
        "found": found,
        "counts": _counts(found),
        "key_names": [name_of[key] for key in found.key],
        "key_choices": [
            (column.key, column.name, column.key in distribution.key_columns)
            for column in new_columns.values()
            if column.kind != "geometry"
        ][:200],
        "column_facts": list(_column_facts(found, old_columns, new_columns)),
        "by_column": [(name_of[key], shown.count_text(count)) for key, count in found.by_column.items()],
        "changed_rows": _rows(found.changed_examples, pairs, found, only_changed=True),
        "added_rows": _rows(found.added_examples, pairs, found),
        "removed_rows": _rows(found.removed_examples, pairs, found),
    }


def _counts(found: Changes) -> list[tuple[str, str]]:
    counts = [(gettext("added"), found.added), (gettext("removed"), found.removed)]
    if found.key:
        counts.append((gettext("changed"), found.changed))
    counts.append((gettext("the same"), found.unchanged))
    return [(label, shown.count_text(count)) for label, count in counts]


def _column_facts(
    found: Changes, old: dict[str, ColumnReport], new: dict[str, ColumnReport]
) -> list[tuple[str, str]]:
    facts = [(gettext("new column"), new[key].name) for key in found.added_columns]
    facts += [(gettext("column gone"), old[key].name) for key in found.removed_columns]
    facts += [
        (gettext("renamed"), gettext("%(old)s is now %(new)s") % {"old": old[a].name, "new": new[b].name})
        for a, b in found.renamed
    ]
    facts += [
        (
            gettext("kind changed"),
            gettext("%(column)s: %(old)s, now %(new)s")
            % {"column": new[key].name, "old": shown.KINDS[before], "new": shown.KINDS[after]},
        )
        for key, before, after in found.retyped
    ]
    return facts


def _rows(
    examples: Sequence[RowChange],
    pairs: Sequence[tuple[ColumnReport, ColumnReport]],
    found: Changes,
    *,
    only_changed: bool = False,
) -> RowsShown | None:
    """Return examples as cells; of changed rows, only the key and the columns in which something changed."""
    if not examples:
        return None
    wanted = [
        number
        for number, (_old, new) in enumerate(pairs)
        if not only_changed or new.key in found.key or new.key in found.by_column
    ]
    kept = wanted[:_COLUMNS_SHOWN]
    return RowsShown(
        shown.heads([pairs[number][1] for number in kept]),
        [[_cell(each, number, *pairs[number]) for number in kept] for each in examples],
        len(wanted) - len(kept),
    )


def _cell(each: RowChange, number: int, old: ColumnReport, new: ColumnReport) -> CellShown:
    before = shown.stored_text(each.old[number], old.kind) if each.old else ""
    after = shown.stored_text(each.new[number], new.kind) if each.new else ""
    differs = bool(each.old and each.new) and each.old[number] != each.new[number] and before != after
    return CellShown(before, after, differs, new.kind in NUMBERS)


@editors
@require_POST
def key(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Take the columns that tell a row apart."""
    _dataset, distribution = distribution_or_404(request, slug, position)
    try:
        changes.choose_key(distribution, request.POST.getlist("key"), person=person_of(request))
    except InvalidInput as error:
        messages.error(request, spoken(error.sentence))
    else:
        messages.success(request, gettext("From now on versions are compared by these columns."))
    return redirect("catalogue:changes", slug, position)

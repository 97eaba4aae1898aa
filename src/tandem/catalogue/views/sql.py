"""The page for SQL: a query, its result, and the tables that can be asked."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.catalogue.domain import sql as texts
from tandem.catalogue.domain.exploration import NUMBERS
from tandem.catalogue.services import sql
from tandem.catalogue.services.explore import NoSuchFormat, Table
from tandem.catalogue.services.sql import QueryRefused, Result, SqlTable
from tandem.catalogue.views import shown
from tandem.core.errors import TandemError
from tandem.kit import throttle
from tandem.kit.errors import words

PER_MINUTE = 40
ROWS_ON_PAGE = 200
ROWS_TO_TAKE = 10_000
TABLES_LISTED = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a query was not answered.

    Attributes:
        where: The line and the column, in words; empty where that cannot be said.
        line: The line of the query that is meant.
        mark: Spaces, and a mark below the column.
    """

    title: str
    text: str
    where: str = ""
    line: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table that can be asked."""

    name: str
    title: str
    total: int
    rows: str
    url: str
    columns: list[tuple[str, str]]
    ask_url: str


def limit(request: HttpRequest) -> None:
    """Count a query of whoever asks.

    Raises:
        TooOften: There were more within a minute than anybody needs.
    """
    throttle.count("catalogue.sql", throttle.client_key(request), most=PER_MINUTE, seconds=60)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the query with its result, and the tables."""
    asked = request.GET.get("sql", "").replace("\r\n", "\n").strip()
    known = sql.published_tables()
    result, problem, status = None, None, 200
    if asked:
        try:
            limit(request)
            result = sql.ask(asked, tables=known, limit=ROWS_ON_PAGE)
        except TandemError as error:
            problem, status = _problem(error, asked), error.http_status
    search = request.GET.get("table", "").strip()
    listed, more = _tables(known, search)
    query = urlencode({"sql": asked})
    context = {
        "sql": asked,
        "problem": problem,
        "result": _shown(result) if result else None,
        "cut": _cut(result, ROWS_ON_PAGE) if result else "",
        "tables": listed,
        "tables_more": more,
        "tables_count": len(known),
        "search": search,
        "most_seconds": round(sql.LIMITS.seconds),
        "longest": texts.LONGEST,
        "downloads": [
            (wanted.upper(), f"{reverse('catalogue:sql_result', args=[wanted])}?{query}")
            for wanted in ("csv", "json")
        ],
        "share_url": request.build_absolute_uri(f"{request.path}?{query}") if asked else "",
        "examples": _examples(known),
    }
    return render(request, "catalogue/sql.html", context, status=status)


@require_safe
def download(request: HttpRequest, wanted: str) -> HttpResponse:
    """Return the result of a query as a file."""
    if wanted not in {"csv", "json"}:
        raise NoSuchFormat(wanted)
    limit(request)
    result = sql.ask(request.GET.get("sql", ""), limit=ROWS_TO_TAKE)
    response = JsonResponse(as_json(result)) if wanted == "json" else _csv(result)
    response["Content-Disposition"] = content_disposition_header(True, f"result.{wanted}") or ""
    if result.cut:
        response["X-Result-Truncated"] = result.cut
    return response


def as_json(result: Result) -> dict[str, Any]:
    """Return a result as programs read it."""
    return {
        "columns": [{"name": c.name, "type": c.type, "kind": c.kind} for c in result.columns],
        "rows": result.objects(),
        "truncated": bool(result.cut),
        "truncated_by": result.cut or None,
        "tables": [each.name for each in result.tables],
        "seconds": round(result.seconds, 3),
    }


def _csv(result: Result) -> HttpResponse:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in result.columns])
    writer.writerows(
        [str(value).lower() if isinstance(value, bool) else value for value in row] for row in result.rows
    )
    return HttpResponse(buffer.getvalue(), content_type="text/csv; charset=utf-8")


def _shown(result: Result) -> dict[str, Any]:
    kinds = [column.kind for column in result.columns]
    return {
        "columns": [shown.Head(c.name, "", c.kind in NUMBERS) for c in result.columns],
        "rows": [
            [shown.Cell(_text(v, kind), kind in NUMBERS) for v, kind in zip(row, kinds, strict=True)]
            for row in result.rows
        ],
        "total": len(result.rows),
        "count": shown.count_text(len(result.rows)),
        "seconds": shown.value_text(round(result.seconds, 2), "decimal"),
    }


def _text(value: Any, kind: str) -> str:
    if isinstance(value, str) and kind == "date":
        return shown.value_text(date.fromisoformat(value), kind)
    if isinstance(value, str) and kind == "datetime":
        return shown.value_text(datetime.fromisoformat(value), kind)
    number = kind in NUMBERS and isinstance(value, int | float)
    return shown.value_text(value, kind if number or not isinstance(value, int | float) else "decimal")


def _cut(result: Result, rows: int) -> str:
    if result.cut == "rows":
        return gettext(
            "These are the first %(rows)s rows; there are more. Download them, or narrow the query."
        ) % {"rows": rows}
    if result.cut == "bytes":
        return gettext("The result was too large and is cut here. Ask for fewer or shorter columns.")
    return ""


def _problem(error: TandemError, asked: str) -> Problem:
    title, text = words(error)
    place = error.place if isinstance(error, QueryRefused) else None
    if place is None:
        return Problem(str(title), str(text))
    line = asked.splitlines()[place.line - 1]
    begin = max(0, place.column - 60)
    return Problem(
        str(title),
        str(text),
        where=gettext("Line %(line)s, column %(column)s:") % {"line": place.line, "column": place.column},
        line=line[begin : begin + 120],
        mark=" " * (place.column - 1 - begin) + "^",
    )


def _tables(known: list[SqlTable], search: str) -> tuple[list[TableShown], int]:
    """Return the tables to list, with their columns, and how many more there are."""
    needle = search.lower().replace("-", "_").replace(" ", "_")
    fitting = [each for each in known if needle in each.name]
    some = fitting[:TABLES_LISTED]
    return [_table(each, found) for each, found in sql.described(some)], len(fitting) - len(some)


def _table(each: SqlTable, found: Table) -> TableShown:
    name = texts.written(each.name)
    query = urlencode({"sql": f"SELECT *\nFROM {name}\nLIMIT 100"})
    distribution = each.distribution
    return TableShown(
        name=name,
        title=shown.texts(distribution.dataset.description.get("titles", {})),
        total=each.version.rows,
        rows=shown.count_text(each.version.rows),
        url=reverse("catalogue:table", args=[distribution.dataset.slug, distribution.position]),
        columns=[(texts.written(column.key), str(shown.KINDS[column.kind])) for column in found.columns],
        ask_url=f"{reverse('catalogue:sql')}?{query}",
    )


def _examples(known: list[SqlTable]) -> list[tuple[str, str]]:
    if not known:
        return []
    name = texts.written(known[0].name)
    queries = [
        (gettext("The first rows"), f"SELECT *\nFROM {name}\nLIMIT 20"),
        (gettext("How many rows"), f"SELECT count(*) AS rows\nFROM {name}"),
        (gettext("What each column holds"), f"SUMMARIZE {name}"),
    ]
    return [(label, f"?{urlencode({'sql': query})}") for label, query in queries]

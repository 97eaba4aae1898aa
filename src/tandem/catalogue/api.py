"""The HTTP API of the catalogue: what the pages do, for programs."""

import json
from collections.abc import Callable
from pathlib import PurePath
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.security import HttpBearer

from tandem.accounts.access import has_role, person_of_token
from tandem.accounts.models import Person
from tandem.catalogue.domain.description import PeriodOfTime, to_json
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.permissions import ALLOWED, ROOM, Action
from tandem.catalogue.models import Dataset, HarvestRun
from tandem.catalogue.services import (
    browse,
    command_line,
    datasets,
    explore,
    harvest,
    harvest_report,
    imports,
    publishing,
    sql,
    tables,
)
from tandem.catalogue.services.explore import Table
from tandem.catalogue.services.sql import ROWS as SQL_ROWS
from tandem.catalogue.views import sql as sql_views
from tandem.core.errors import InvalidInput, NotAllowed, NotFound
from tandem.kit.models import Job

router = Router()
Language = Literal["de", "it", "en"]
PER_PAGE = 100


class TokenMissing(NotAllowed):
    """The request changes something and carries no token that may."""

    code = "catalogue.token-missing"

    def __init__(self, action: Action) -> None:
        super().__init__(
            f"This needs the right '{action}' in the catalogue. Send a token: Authorization: Bearer …; "
            "make one on your own page, or with: tandem person token"
        )


def _may(request: HttpRequest, action: Action) -> Person:
    person = person_of_token(request)
    if person is None or not has_role(person, ROOM, *ALLOWED[action]):
        raise TokenMissing(action)
    return person


class needs(HttpBearer):  # noqa: N801 - read as a word: auth=needs(Action.EDIT)
    """Lets in who may do this, by a token; it is asked before anything of the body is read."""

    def __init__(self, action: Action) -> None:
        super().__init__()
        self.action = action

    def __call__(self, request: HttpRequest) -> Person:
        """Return who asks.

        Raises:
            TokenMissing: Without a token, or with one of somebody who may not.
        """
        return _may(request, self.action)

    def authenticate(self, request: HttpRequest, token: str) -> Person:  # noqa: ARG002
        """Return who asks; the token is read from the request."""
        return self(request)


def who(request: HttpRequest) -> Person:
    """Return whom ``needs`` let in."""
    person: Person = request.auth  # type: ignore[attr-defined]
    return person


def visible(request: HttpRequest, name: str) -> Dataset:
    """Return a dataset as far as whoever asks may see it."""
    found = datasets.find(name)
    if found.status != Status.PUBLISHED:
        try:
            _may(request, Action.SEE_DRAFTS)
        except NotAllowed as error:
            raise datasets.DatasetNotFound(name) from error
    return found


class DatasetOut(Schema):
    """A dataset in short."""

    id: UUID
    iri: str
    slug: str
    status: str
    titles: dict[str, str]
    source: str | None
    changed_at: str


class DatasetList(Schema):
    """A page of datasets."""

    total: int
    page: int
    pages: int
    datasets: list[DatasetOut]


class Described(Schema):
    """What is said of a dataset when it is made."""

    titles: dict[str, str]
    descriptions: dict[str, str]
    keywords: dict[str, list[str]] = {}
    themes: list[str] = []
    licence: str = "CC_BY_4_0"
    attribution: str = ""
    frequency: str = ""
    start: str = ""
    end: str = ""
    draft: bool = False
    part: str = ""


class Reason(Schema):
    """Why something is done."""

    reason: str


def _short(row: Dataset) -> dict[str, Any]:
    return {
        "id": row.pk,
        "iri": row.iri,
        "slug": row.slug,
        "status": row.status,
        "titles": row.description.get("titles", {}),
        "source": row.source.key if row.source else None,
        "changed_at": row.changed_at.isoformat(),
    }


@router.get("/datasets", response=DatasetList, summary="Search the published datasets")
def list_datasets(
    request: HttpRequest,
    q: str = "",
    theme: str = "",
    format: str = "",
    city: str = "",
    language: Language = "en",
    page: int = 1,
) -> dict[str, Any]:
    """Return a page of the published datasets that fit, by relevance; without a query the most useful first."""
    chosen = {
        name: [value] for name, value in (("theme", theme), ("format", format), ("city", city)) if value
    }
    found = browse.search_datasets(q, language=language, chosen=chosen, page=max(1, page))
    rows = {
        row.iri: row
        for row in Dataset.objects.select_related("source").filter(iri__in=[h.uri for h in found.hits])
    }
    listed = [_short(rows[hit.uri]) for hit in found.hits if hit.uri in rows]
    return {"total": found.total, "page": found.number, "pages": found.num_pages, "datasets": listed}


@router.get("/datasets/{name}", summary="One dataset with its full description")
def show_dataset(request: HttpRequest, name: str) -> JsonResponse:
    """Return everything that a dataset (slug or id) says of itself."""
    found = visible(request, name)
    return JsonResponse(_short(found) | {"description": to_json(datasets.description_of(found))})


@router.post("/datasets", auth=needs(Action.PUBLISH), summary="Make a dataset of files and publish it")
def make_dataset(request: HttpRequest, files: File[list[UploadedFile]], described: Form[str]) -> JsonResponse:
    """Read files as tables and publish them; ``described`` is a JSON object: titles, texts, themes, licence, part."""
    person = who(request)
    try:
        said = Described.model_validate(json.loads(described))
    except ValueError as error:
        raise InvalidInput(f"described: {error}") from error
    made = command_line.publish_files(
        [(PurePath(each.name or "file"), each.chunks(1_048_576), each.content_type or "") for each in files],
        titles=said.titles,
        descriptions=said.descriptions,
        keywords={language: tuple(words) for language, words in said.keywords.items()},
        themes=said.themes,
        licence=said.licence,
        attribution=said.attribution,
        frequency=said.frequency,
        period=PeriodOfTime(said.start, said.end),
        draft=said.draft,
        part=said.part,
        now=timezone.now(),
        person=person,
    )
    return JsonResponse(command_line.summary(made), status=201)


def _step(request: HttpRequest, name: str, do: Callable[[Dataset, Person], None]) -> JsonResponse:
    person = who(request)
    found = datasets.find(name)
    do(found, person)
    return JsonResponse(command_line.summary(found))


@router.post("/datasets/{name}/publish", auth=needs(Action.PUBLISH), summary="Publish a draft")
def publish(request: HttpRequest, name: str) -> JsonResponse:
    """Make a dataset public."""
    return _step(
        request, name, lambda found, person: publishing.publish(found, person=person, now=timezone.now())
    )


@router.post("/datasets/{name}/withdraw", auth=needs(Action.PUBLISH), summary="Withdraw a dataset")
def withdraw(request: HttpRequest, name: str, why: Reason) -> JsonResponse:
    """Take a dataset back; its address goes on to say why."""
    return _step(
        request,
        name,
        lambda found, person: publishing.withdraw(
            found, reason=why.reason, person=person, now=timezone.now()
        ),
    )


@router.get("/datasets/{name}/tables/{position}", summary="Rows of a table")
def rows(request: HttpRequest, name: str, position: int) -> JsonResponse:
    """Return rows; filters as on the page: ``f.<column>=``, ``.min``, ``.max``, ``.like``, ``sort``, ``page``."""
    distribution = command_line.distribution_at(visible(request, name), position)
    if distribution.current is None or not distribution.current.report:
        raise tables.NoTable(distribution.id)
    table = Table.of(distribution.current)
    asked = table.ask(dict(request.GET.lists()))
    page = explore.rows_of(table, asked)
    columns = [
        {"key": c.key, "name": c.name, "kind": c.kind, "unit": c.unit}
        for c in explore.shown_columns(table, asked)
    ]
    keys = [column["key"] for column in columns]
    listed = [dict(zip(keys, row, strict=True)) for row in page.rows]
    return JsonResponse({"total": page.total, "page": asked.page, "columns": columns, "rows": listed})


class SqlIn(Schema):
    """A query."""

    sql: Annotated[str, Field(min_length=1)]
    limit: int = SQL_ROWS


@router.post("/sql", summary="One SELECT over the published tables")
def ask_sql(request: HttpRequest, query: SqlIn) -> JsonResponse:
    """Return what a SELECT in DuckDB's SQL finds; the tables' names are at ``/sql/tables``."""
    sql_views.limit(request)
    return JsonResponse(sql_views.as_json(sql.ask(query.sql, limit=query.limit)))


@router.get("/sql/tables", summary="The tables that SQL can ask")
def sql_tables(request: HttpRequest) -> JsonResponse:
    """Return the names of the published tables in SQL, with their number of rows."""
    listed = [
        {"name": each.name, "aliases": each.aliases, "rows": each.version.rows}
        for each in sql.published_tables()
    ]
    return JsonResponse({"tables": listed})


@router.get("/harvest/sources", auth=needs(Action.HARVEST), summary="Catalogues that are harvested")
def sources(request: HttpRequest) -> JsonResponse:
    """Return the harvest sources."""
    return JsonResponse({"sources": [{"key": key} for key in command_line.source_keys()]})


@router.post("/harvest/sources/{key}/runs", auth=needs(Action.HARVEST), summary="Harvest a catalogue")
def start_harvest(request: HttpRequest, key: str, dry_run: bool = False) -> JsonResponse:
    """Begin a harvest in the background; follow the job that is returned."""
    person = who(request)
    return JsonResponse(job_out(imports.start_harvest(key, dry_run=dry_run, person=person)), status=202)


@router.get(
    "/harvest/sources/{key}/runs", auth=needs(Action.HARVEST), summary="Latest harvests of a catalogue"
)
def runs(request: HttpRequest, key: str) -> JsonResponse:
    """Return the latest harvests with their findings, at most a thousand each."""
    found = HarvestRun.objects.filter(source=harvest.source(key))[:10]
    return JsonResponse({"runs": [harvest_report.as_json(run, most=1_000) for run in found]})


class JobUnknown(NotFound):
    """There is no such job, or it is somebody else's."""

    code = "catalogue.job-unknown"

    def __init__(self, pk: UUID) -> None:
        super().__init__(f"There is no job {pk} of yours.")


@router.get("/jobs/{pk}", auth=needs(Action.SEE_DRAFTS), summary="How far a job is")
def job(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Return a job's state."""
    person = who(request)
    found = Job.objects.filter(pk=pk, person=person).first()
    if found is None:
        raise JobUnknown(pk)
    return JsonResponse(job_out(found))


def job_out(found: Job) -> dict[str, Any]:
    """Return a job as the API gives it away."""
    names = ("kind", "title", "state", "share", "message", "result", "error_code", "error_message")
    return {"id": str(found.pk), **{name: getattr(found, name) for name in names}}

"""Answer SQL that anybody may send, over the tables that everybody may see."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar

from tandem.catalogue.adapters import sandbox, sql_files
from tandem.catalogue.adapters.sandbox import Limits, QueryStopped, SandboxBroken
from tandem.catalogue.domain import sql as texts
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.sql import LONGEST, Place
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import tables as stored
from tandem.catalogue.services.explore import Table
from tandem.core.errors import InvalidInput, TandemError
from tandem.core.text import Sentence, say
from tandem.kit import installation

log = logging.getLogger(__name__)
ROWS = 1_000
MOST_ROWS = 32_000
AT_ONCE = 2
QUEUE = 2
WAIT_S = 5.0
MOST_TABLES = 12
LIMITS = Limits()
_KINDS = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    **dict.fromkeys(("FLOAT", "DOUBLE"), "decimal"),
    **dict.fromkeys(
        (f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")), "integer"
    ),
    **dict.fromkeys(("INTEGER", "UINTEGER"), "integer"),
}


class QueryRefused(InvalidInput):
    """A query cannot be answered as it stands.

    Attributes:
        details: Where in the query, ``line`` and ``column`` from 1; empty where that cannot be said.
    """

    code: ClassVar[str] = "catalogue.sql.refused"

    def __init__(self, sentence: Sentence, place: Place | None = None) -> None:
        super().__init__(sentence)
        self.place = place
        self.details = {"line": place.line, "column": place.column} if place else None


class QueryTooMuch(InvalidInput):
    """A query needs more time or memory than a query may."""

    code: ClassVar[str] = "catalogue.sql.too-much"


@dataclass(frozen=True, slots=True)
class SqlTable:
    """A table that SQL can ask.

    Attributes:
        name: Its name in SQL, without quotation marks.
        aliases: Other names for it: the distribution's id, the dataset's slug as it stands.
    """

    name: str
    aliases: tuple[str, ...]
    version: TableVersion
    distribution: Distribution

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it answers to."""
        return (self.name, *(each for each in self.aliases if each != self.name))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result.

    Attributes:
        type: DuckDB's type.
        kind: The kind of values, as columns of tables have it.
    """

    name: str
    type: str
    kind: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a query found.

    Attributes:
        rows: JSON values; dates and times in ISO form.
        cut: ``rows`` or ``bytes`` where the result is longer than what is here, else empty.
        tables: The tables that the query names.
        seconds: How long it took.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    cut: str
    tables: Sequence[SqlTable]
    seconds: float

    def objects(self) -> list[dict[str, Any]]:
        """Return the rows as objects; of columns with one name the later ones get a number."""
        keys: list[str] = []
        for column in self.columns:
            same = sum(key.partition(":")[0] == column.name for key in keys)
            keys.append(f"{column.name}:{same}" if same else column.name)
        return [dict(zip(keys, row, strict=True)) for row in self.rows]


def published_tables() -> list[SqlTable]:
    """Return the tables that everybody may see, by name: those of published datasets, in their current version."""
    found = (
        Distribution.objects.filter(dataset__status=Status.PUBLISHED, current__rows__gt=0)
        .select_related("current", "dataset")
        .defer("description", "current__report", "dataset__description")
        .order_by("dataset__created_at", "dataset_id", "position")
    )
    rows = list(found)
    names = texts.unique_names(
        (str(row.pk), texts.table_name(row.dataset.slug, row.position)) for row in rows
    )
    made = [SqlTable(names[str(row.pk)], _aliases(row), row.current, row) for row in rows if row.current]
    return sorted(made, key=lambda each: each.name)


def _aliases(row: Distribution) -> tuple[str, ...]:
    slug = f"{row.dataset.slug}-{row.position}" if row.position else row.dataset.slug
    return (str(row.pk), slug) if "-" in slug else (str(row.pk),)


def described(some: Sequence[SqlTable]) -> list[tuple[SqlTable, Table]]:
    """Return tables with their columns, and with their datasets' titles; two queries for however many."""
    versions = TableVersion.objects.in_bulk([each.version.pk for each in some])
    datasets = Dataset.objects.in_bulk({each.distribution.dataset_id for each in some})
    found = []
    for each in some:
        each.distribution.dataset = datasets[each.distribution.dataset_id]
        found.append((each, Table.of(versions[each.version.pk])))
    return found


def ask(sql: str, *, tables: Iterable[SqlTable] | None = None, limit: int = ROWS) -> Result:
    """Return what one SELECT finds.

    Args:
        sql: Anything; it runs in a process that can only read the tables it names.
        tables: What may be asked; all published tables without it.
        limit: Most rows.

    Raises:
        QueryRefused: The query cannot be answered as it stands: not one SELECT, an unknown table, a mistake.
        QueryTooMuch: It takes too much time or memory.
        SandboxBusy: Too many others ask at the moment.
        SandboxBroken: The process that answers does not start, or a table's file has just gone.
    """
    if len(sql) > LONGEST:
        raise QueryRefused(
            say("The query has {count} characters; at most {most} are read.", count=len(sql), most=LONGEST)
        )
    known = published_tables() if tables is None else list(tables)
    named = _named(sql, known)
    begun = time.monotonic()
    limits = Limits(rows=max(1, min(limit, MOST_ROWS)))
    try:
        with sandbox.turn(_folder(), at_once=AT_ONCE, queue=QUEUE, wait_s=WAIT_S):
            answer = sandbox.ask(sql, {_file(each): each.names for each in named}, limits)
    except QueryStopped as stopped:
        raise _error(stopped, sql, known) from stopped
    spent = time.monotonic() - begun
    log.info("catalogue.sql.ask", extra={"rows": len(answer.rows), "seconds": round(spent, 3)})
    columns = [Column(name, type_, _kind(type_)) for name, type_ in answer.columns]
    return Result(columns, answer.rows, answer.cut, named, spent)


def _named(sql: str, known: Sequence[SqlTable]) -> list[SqlTable]:
    words = texts.words(sql)
    named = [each for each in known if not words.isdisjoint(name.lower() for name in each.names)]
    if len(named) > MOST_TABLES:
        raise QueryRefused(
            say("The query names {count} tables; at most {most} can be asked at once.",
                count=len(named), most=MOST_TABLES)
        )  # fmt: skip
    return named


def _folder() -> Path:
    return installation.folder("cache/sql")


def _file(table: SqlTable) -> Path:
    return sql_files.made(stored.table_of(table.version), _folder())


def prepare_tables(progress: Callable[[float, str], None]) -> int:
    """Make the files that SQL reads for every published table, and remove all others; return how many there are."""
    known = published_tables()
    sql_files.prune(_folder(), {str(each.version.pk) for each in known})
    for done, each in enumerate(known):
        progress(done / len(known), each.name)
        _file(each)
    return len(known)


def forget_old(_now: datetime) -> None:
    """Remove the files of tables that are published no more, or in a newer version."""
    sql_files.prune(_folder(), {str(each.version.pk) for each in published_tables()})


def _kind(type_: str) -> str:
    if type_.startswith("DECIMAL"):
        return "integer" if type_.endswith(",0)") else "decimal"
    return _KINDS.get(type_, "text")


def _error(stopped: QueryStopped, sql: str, known: Sequence[SqlTable]) -> TandemError:
    """Return the error for people: what, where, what to do."""
    message = str(stopped.values.get("message", ""))
    if stopped.kind == "IOException":  # a table's file went away a moment ago; its path is nobody's business
        return SandboxBroken()
    if stopped.kind in {"time", "InterruptException"}:
        return QueryTooMuch(
            say(
                "The query was stopped after {seconds} seconds. Filter first, join on equal values, or ask for less.",
                seconds=round(LIMITS.seconds),
            )
        )
    if stopped.kind in {"died", "OutOfMemoryException"}:
        return QueryTooMuch(
            say(
                "The query needs more memory than the {memory} that a query has, and was stopped. "
                "Ask for fewer columns, filter first, or group by fewer values.",
                memory=LIMITS.memory,
            )
        )
    place = texts.place_of(message, sql)
    return QueryRefused(_sentence(stopped, message, known), place)


def _sentence(stopped: QueryStopped, message: str, known: Sequence[SqlTable]) -> Sentence:
    kind, values = stopped.kind, stopped.values
    if kind == "not-one" and values["count"]:
        return say("These are {count} statements. Ask one SELECT at a time.", count=values["count"])
    if kind == "not-one":
        return say("There is no query. Write one SELECT, such as: SELECT 1 + 1")
    if kind == "not-select":
        return say(
            "Only a SELECT is answered here, and this is none ({type}). Nothing was changed.",
            type=values["type"],
        )
    if kind == "closed":
        return say(
            "{name} is not answered here: it tells about the machine, not about the data.",
            name=values["name"],
        )
    if kind in {"outside", "PermissionException"}:
        return say(
            "Files, other servers and extensions are out of reach here; ask the tables that are listed."
        )
    unknown = _unknown_table(message)
    if unknown:
        near = get_close_matches(unknown, [each.name for each in known], n=3, cutoff=0.4)
        listed = ", ".join(texts.written(name) for name in near or [each.name for each in known[:5]])
        return say("There is no table {name}. Perhaps: {near}.", name=unknown, near=listed or "–")
    return say("The database does not understand the query: {problem}", problem=texts.problem_of(message))


def _unknown_table(message: str) -> str:
    begin, _, rest = message.partition("Table with name ")
    return (
        rest.partition(" does not exist")[0].strip('"') if begin.startswith("Catalog Error") and rest else ""
    )

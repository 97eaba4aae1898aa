"""Statements on disk, grouped by what they speak of, so that a catalogue of any size is read record by record."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox

HELD = 50_000  # statements in memory before they go to the disk
MOST_REACHED = 200_000  # statements of one batch of records
DEPTH = 3  # from a record to a named part of a part
BLANK_DEPTH = 50
MOST_PAGING = 100
_AT_ONCE = 500
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DCAT = "http://www.w3.org/ns/dcat#"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_RECORDS = frozenset(
    ox.NamedNode(_DCAT + each)
    for each in ("Dataset", "Catalog", "CatalogRecord", "DatasetSeries", "DataService")
)
_LISTS = frozenset(ox.NamedNode(_DCAT + each) for each in ("dataset", "record"))
_DISTRIBUTION = ox.NamedNode(f"{_DCAT}distribution")
_PAGING = frozenset(ox.NamedNode(_HYDRA + each) for each in ("next", "nextPage", "totalItems"))
Node = ox.NamedNode | ox.BlankNode


class Graph:
    """A few records' statements in memory, each once; asked like a store, and faster."""

    def __init__(self) -> None:
        self._by_subject: dict[Any, list[ox.Quad]] = {}
        self._by_both: dict[tuple[Any, Any], list[ox.Quad]] = {}

    def add(self, quad: ox.Quad) -> None:
        """Add a statement that is not there yet."""
        subject = quad.subject
        self._by_subject.setdefault(subject, []).append(quad)
        self._by_both.setdefault((subject, quad.predicate), []).append(quad)

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self._by_both.get((quad.subject, quad.predicate), ())

    def quads_for_pattern(
        self, subject: Any, predicate: Any, object_: Any, _graph: Any = None
    ) -> Iterable[ox.Quad]:
        """Return the statements that fit; None fits everything."""
        if subject is None:
            everything = (quad for held in self._by_subject.values() for quad in held)
            found: Iterable[ox.Quad] = [each for each in everything if predicate in (None, each.predicate)]
        elif predicate is None:
            found = self._by_subject.get(subject, ())
        else:
            found = self._by_both.get((subject, predicate), ())
        return found if object_ is None else [each for each in found if each.object == object_]


class TooMuch(Exception):
    """A record reaches more statements than one record may."""


class Spool:
    """Takes a document's statements; gives back those of some records, with all that they reach.

    A record reaches its parts, and theirs, but no other record: not the catalogue, which reaches everything.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._held, self._waiting = path, 0, dict[str, dict[str, None]]()
        self._db = sqlite3.connect(path)
        for each in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8000", "temp_store = FILE"):
            self._db.execute(f"PRAGMA {each}")
        self.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        with suppress(OSError):
            self._path.unlink()

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self._held = self.count = 0
        self.paging: list[ox.Triple] = []
        self._db.execute("DROP TABLE IF EXISTS part")
        self._db.execute("DROP TABLE IF EXISTS record")
        self._db.execute("CREATE TABLE part (subject TEXT NOT NULL, lines TEXT NOT NULL)")
        self._db.execute("CREATE TABLE record (subject TEXT NOT NULL, kind TEXT NOT NULL)")

    def add(self, statement: ox.Triple) -> None:
        """Take a statement."""
        subject, predicate = statement.subject, statement.predicate
        if predicate in _LISTS:
            self.count += 1
            return  # which datasets a catalogue lists is said by their being here
        if predicate == _TYPE and statement.object in _RECORDS:
            self._db.execute("INSERT INTO record VALUES (?, ?)", (str(subject), statement.object.value))
        elif predicate in _PAGING and len(self.paging) < MOST_PAGING:
            self.paging.append(statement)
        self._waiting.setdefault(str(subject), {})[f"{statement} ."] = None
        self._held += 1
        self.count += 1
        if self._held >= HELD:
            self._flush()

    def _flush(self) -> None:
        rows = ((subject, "\n".join(lines)) for subject, lines in self._waiting.items())
        self._db.executemany("INSERT INTO part VALUES (?, ?)", rows)
        self._waiting.clear()
        self._held = 0

    def seal(self) -> None:
        """Make what was taken ready to be asked for."""
        self._flush()
        self._db.execute("CREATE INDEX part_subject ON part (subject)")
        self._db.execute("CREATE INDEX record_subject ON record (subject)")
        self._db.commit()

    def records(self, kind: str) -> Iterator[str]:
        """Yield the subjects of that class (its name in DCAT), each once, in the order of their names."""
        asked = "SELECT DISTINCT subject FROM record WHERE kind = ? ORDER BY subject"
        for (subject,) in self._db.execute(asked, (_DCAT + kind,)):
            yield subject

    def graph(self, subjects: Collection[str]) -> Graph:
        """Return the statements of some subjects and of all that they reach.

        Raises:
            TooMuch: They are very many.
        """
        graph, known, reached = Graph(), set(subjects), 0
        wanted = list(subjects)
        for depth in range(BLANK_DEPTH):
            found: dict[str, bool] = {}  # whether it may be a record of its own
            for some in _some(wanted):
                lines = self._lines(some)
                reached += lines.count("\n")
                if reached > MOST_REACHED:
                    raise TooMuch
                for quad in ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True):
                    graph.add(quad)
                    leads_to = quad.object
                    if isinstance(leads_to, ox.Literal):
                        continue
                    if depth < DEPTH or isinstance(leads_to, ox.BlankNode):
                        node = str(leads_to)
                        found[node] = found.get(node, False) or quad.predicate == _DISTRIBUTION
            others = self._records_among([each for each, part in found.items() if not part])
            wanted = [each for each in found if each not in known and each not in others]
            known.update(wanted)
            if not wanted:
                break
        return graph

    def _lines(self, subjects: list[str]) -> str:
        asked = f"SELECT subject, lines FROM part WHERE subject IN ({_marks(subjects)})"
        grouped: dict[str, str] = {}
        for subject, lines in self._db.execute(asked, subjects):
            former = grouped.get(subject)
            grouped[subject] = "\n".join(dict.fromkeys(f"{former}\n{lines}".split("\n"))) if former else lines
        return "\n".join((*grouped.values(), ""))

    def _records_among(self, subjects: list[str]) -> set[str]:
        records: set[str] = set()
        for some in _some(subjects):
            asked = f"SELECT subject FROM record WHERE subject IN ({_marks(some)})"
            records.update(subject for (subject,) in self._db.execute(asked, some))
        return records


def _some(values: list[str]) -> Iterator[list[str]]:
    yield from (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _marks(values: list[str]) -> str:
    return ",".join("?" * len(values))

"""The index of this machine: files that follow the table, and can be thrown away at any time."""

import fcntl
import json
import logging
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tantivy

from tandem.core.text import LANGUAGES
from tandem.kit.folding import spoken, words
from tandem.kit.installation import folder
from tandem.kit.models import SearchEntry
from tandem.kit.search.documents import BATCH, newest_revision
from tandem.kit.search.terms import ANALYSERS, cut, of_name, of_word, rules_of

FORM = 8  # goes up when what is put into the index changes; older indexes are then made anew
PARTS = {"title": 6, "keyword": 1, "text": 0}  # how often what stands there is what a document is named
MOMENTS = {"changed": "updated_at", "created": "created_at"}  # kept in microseconds
USEFUL = 0.1  # what each step of usefulness adds to the score of a document, as a share of it
STEP_S = 1 << 40  # more than any two documents are apart: the more useful stands above the newer
SORT_MARK = "\x1f"  # stands between what is sorted by and the document's identity
HEAP_BYTES = 50_000_000
PATIENCE_S = 2.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BROKEN = (ValueError, OSError)
log = logging.getLogger(__name__)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("uri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_json_field("facet", fast=True, tokenizer_name="raw", index_option="basic")
    for language in LANGUAGES:
        for part in PARTS:
            builder.add_text_field(f"{part}_{language}", tokenizer_name=language, index_option="freq")
    for name in ("any", "named"):
        builder.add_text_field(name, tokenizer_name="plain", index_option="freq")
    builder.add_text_field("spelling", tokenizer_name="plain", index_option="basic")
    builder.add_integer_field("updated", fast=True)
    builder.add_integer_field("standing", fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_json_field("term", fast=True, tokenizer_name="raw", index_option="basic")
    for name in MOMENTS:
        builder.add_integer_field(name, fast=True, indexed=True)
    builder.add_unsigned_field("order", fast=True)
    return builder.build()


SCHEMA = _schema()


def facet_term(value: str) -> str:
    """Return a facet's value as the index keeps it: never taken for a number or a date."""
    return f"={value}"


def _document(values: dict[str, Any]) -> tantivy.Document:
    """Return a row of the table as the index takes it."""
    made = tantivy.Document()
    made.add_text("uri", values["uri"])
    updated = int(datetime.fromisoformat(values["updated_at"]).timestamp())
    made.add_integer("updated", updated)
    made.add_integer("standing", values.get("usefulness", 0) * STEP_S + updated)
    made.add_float("weight", weight(values.get("usefulness", 0)))
    own = {name: [values[name]] for name in ("room", "kind", "city")}
    facets = {**values["facets"], **own}
    made.add_json("facet", {name: [facet_term(value) for value in some] for name, some in facets.items()})
    _add_for_programs(made, values)
    _add_words(made, values)
    return made


def weight(usefulness: int) -> float:
    """Return what a document's score is weighted by: the index multiplies it with log2(2 + weight)."""
    return float(2 ** (1 + USEFUL * usefulness) - 2)


def _add_words(made: tantivy.Document, values: dict[str, Any]) -> None:
    keywords = {language: " ".join(some) for language, some in values["keywords"].items()}
    spelling = set()
    parts = (values["titles"], keywords, values["texts"])
    for (part, times), texts in zip(PARTS.items(), parts, strict=True):
        for said_in, text in texts.items():
            language, folded = rules_of(said_in), cut(words(text))
            made.add_text(f"{part}_{language}", " ".join(folded))
            made.add_text("any", " ".join(of_word(word, language, is_named=bool(times)) for word in folded))
            if times:
                made.add_text("named", " ".join(of_name(word, language, times) for word in folded))
                spelling.update(spoken(text))
    made.add_text("spelling", " ".join(sorted(spelling)))


def _add_for_programs(made: tantivy.Document, values: dict[str, Any]) -> None:
    """Add what ``select`` asks for; rows that were written before it was there have none of it."""
    terms = {name: [facet_term(value) for value in some] for name, some in values.get("terms", {}).items()}
    keys = values.get("sort_keys", {}).items()
    ordered = {sort_term(name): [facet_term(f"{key}{SORT_MARK}{values['uri']}")] for name, key in keys}
    made.add_json("term", {**terms, **ordered})
    made.add_unsigned("order", values.get("order", 0))
    for name, source in MOMENTS.items():
        made.add_integer(name, microseconds(datetime.fromisoformat(values.get(source, values["updated_at"]))))


def sort_term(name: str) -> str:
    """Return under which name a sort key is kept."""
    return f"sort {name}"


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970, UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


# --- files --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class State:
    """What the files hold; written after each catching-up.

    Attributes:
        generation: The folder of the index.
        revision: The newest revision that was taken in, 0 for none.
        uri: Whose revision that was.
        form: Of the index.
    """

    generation: str
    revision: int = 0
    uri: str = ""
    form: int = FORM

    def is_of_this_table(self) -> bool:
        """Return False where the index took in what was rolled back later, or comes from another database."""
        if not self.revision:
            return True
        return SearchEntry.objects.filter(uri=self.uri, revision__gte=self.revision).exists()


def _read_state(where: Path) -> State | None:
    """Return what the files hold; None where there are none, of an older form, or broken."""
    try:
        state = State(**json.loads((where / "state.json").read_text("utf-8")))
        there = not state.revision or tantivy.Index.exists(str(where / state.generation))
    except (OSError, ValueError, TypeError):
        return None
    return state if there and state.form == FORM else None


def _write_state(where: Path, state: State) -> None:
    partial = where / "state.partial"
    partial.write_text(json.dumps(asdict(state)), "utf-8")
    partial.replace(where / "state.json")


def _begin_anew(where: Path) -> State:
    """Make an empty generation, and take the others away; processes that have them open keep them so."""
    state = State(uuid.uuid4().hex)
    (where / state.generation).mkdir(parents=True)
    _write_state(where, state)
    for each in where.iterdir():
        if each.is_dir() and each.name != state.generation:
            shutil.rmtree(each, ignore_errors=True)
    return state


@contextmanager
def _only_writer(where: Path, *, wait: bool = False) -> Iterator[bool]:
    """Give True to one process of this machine at a time; the others get False, or wait."""
    where.mkdir(parents=True, exist_ok=True)
    with (where / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            yield False
            return
        yield True


def _opened(path: Path | None) -> tantivy.Index:
    index = tantivy.Index(SCHEMA, str(path)) if path else tantivy.Index(SCHEMA)
    for name, analyser in ANALYSERS.items():
        index.register_tokenizer(name, analyser)
    return index


class Index:
    """A process's view of the files."""

    def __init__(self, where: Path) -> None:
        self.where, self.revision, self.generation = where, -1, ""
        self._index = _opened(None)
        self._mutex = threading.Lock()

    def searcher(self) -> tantivy.Searcher:
        """Return what searches the index as it is now, whatever is written meanwhile."""
        return self._index.searcher()

    def is_current(self) -> bool:
        """Return whether everything in the table has been taken in."""
        return self.revision == newest_revision() and (self.where / self.generation).is_dir()

    def catch_up(self) -> None:
        """Take in what was written since. Where somebody else is at it for long, what is there must do."""
        if self.is_current() or not self._mutex.acquire(timeout=PATIENCE_S):
            return
        try:
            with _only_writer(self.where) as mine:
                self._follow(mine)
        finally:
            self._mutex.release()

    def rebuild(self) -> int:
        """Throw the files away and make them anew; return how many documents they have."""
        with self._mutex, _only_writer(self.where, wait=True):
            self._write(_begin_anew(self.where))
        return int(self.searcher().num_docs)

    def _follow(self, mine: bool) -> None:
        state = _read_state(self.where)
        try:
            if not mine:
                self._show(state)
                return
            self._write(state if state and state.is_of_this_table() else _begin_anew(self.where))
        except _BROKEN as error:
            log.warning("kit.search.index.broken %s: %s", self.where, error)
            if mine:
                self._write(_begin_anew(self.where))

    def _write(self, state: State) -> None:
        """Take in what is newer than the state, and show it."""
        index = _opened(self.where / state.generation)
        taken_in = _take_in(index, state)
        if taken_in != state:
            _write_state(self.where, taken_in)
        self._index, self.revision, self.generation = index, taken_in.revision, taken_in.generation
        index.reload()

    def _show(self, state: State | None) -> None:
        """Show what another process has written so far."""
        if state is None:
            return
        if state.generation != self.generation:
            self._index = _opened(self.where / state.generation)
        self._index.reload()
        self.revision, self.generation = state.revision, state.generation


def _take_in(index: tantivy.Index, state: State) -> State:
    """Write every row that is newer than the state into the index; return the new state."""
    at, uri = state.revision, state.uri
    if newest_revision() == at:
        return state
    writer = index.writer(HEAP_BYTES, 1)
    while rows := list(SearchEntry.objects.filter(revision__gt=at).order_by("revision")[:BATCH]):
        for row in rows:
            if state.revision:
                writer.delete_documents_by_term("uri", row.uri)
            if row.document is not None:
                writer.add_document(_document(row.document))
        at, uri = rows[-1].revision, rows[-1].uri
    writer.commit()
    writer.wait_merging_threads()
    return State(state.generation, at, uri)


# --- this process's -----------------------------------------------------------------------------
_indexes: dict[Path, Index] = {}
_making = threading.Lock()


def this_index() -> Index:
    """Return this process's index of this installation."""
    where = folder("cache/search")
    with _making:
        if where not in _indexes:
            _indexes[where] = Index(where)
        return _indexes[where]


def rebuild() -> int:
    """Throw the index away and make it anew; return how many documents it has."""
    return this_index().rebuild()


def documents_behind() -> int:
    """Return how many changes the index on disk has not taken in yet."""
    state = _read_state(folder("cache/search"))
    return SearchEntry.objects.filter(revision__gt=state.revision if state else 0).count()

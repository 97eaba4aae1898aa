"""Search across rooms: documents go in, hits with counts come out.

What the search knows is a table, written in the transaction of whoever puts a document in. Each process has an index
(tantivy) in the folder ``cache/search`` that catches up with the table before it answers; it can be thrown away.
"""

import fcntl
import json
import re
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tantivy
from django.db import connection, transaction
from django.db.models import Max
from django.utils.html import escape
from django.utils.safestring import SafeString

from tandem.core.text import LANGUAGES, pick
from tandem.kit.folding import fold, inner_parts, words
from tandem.kit.installation import folder
from tandem.kit.models import SearchEntry

SCHEMA = 1
BATCH = 2_000
MOST_WORDS = 12
SNIPPET = 220
_LOCK = 7_261_733
_STEMMERS = {"de": "german", "it": "italian", "en": "english"}
_BOOSTS = {"title": 6.0, "keyword": 3.0, "text": 1.0}


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What a room wants found.

    Attributes:
        uri: Its identity.
        titles: By language; so are ``texts`` and ``keywords``.
        path: Where its page is, after the language: ``data/baeume/``.
        facets: Values to narrow down by.
        city: Id of the city that it is from.
    """

    uri: str
    room: str
    kind: str
    titles: Mapping[str, str]
    path: str
    updated_at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    city: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found.

    Attributes:
        snippet: The part of its text that fits, safe HTML with the words marked.
    """

    uri: str
    room: str
    kind: str
    titles: dict[str, str]
    path: str
    city: str
    facets: dict[str, list[str]]
    updated_at: datetime
    snippet: SafeString | str


@dataclass(frozen=True, slots=True)
class Results:
    """What was found.

    Attributes:
        facet_counts: For each asked field its values with counts, the commonest first.
    """

    hits: list[Hit]
    total: int
    facet_counts: dict[str, list[tuple[str, int]]]


# --- what the search knows ----------------------------------------------------------------------
@transaction.atomic
def put(documents: Iterable[SearchDocument]) -> None:
    """Let the search know documents, or their new state, once the caller's transaction is done."""
    values = [(each.uri, _as_json(each)) for each in documents]
    _write(values)


@transaction.atomic
def remove(uris: Iterable[str]) -> None:
    """Let the search forget documents."""
    known = SearchEntry.objects.filter(uri__in=list(uris), document__isnull=False)
    _write([(uri, None) for uri in known.values_list("uri", flat=True)])


def _write(values: list[tuple[str, dict[str, Any] | None]]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    newest = SearchEntry.objects.aggregate(newest=Max("revision"))["newest"] or 0
    rows = [
        SearchEntry(uri=uri, revision=newest + number, document=document)
        for number, (uri, document) in enumerate(dict(values).items(), start=1)
    ]
    SearchEntry.objects.bulk_create(
        rows, BATCH, update_conflicts=True, unique_fields=["uri"], update_fields=["revision", "document"]
    )


def _as_json(document: SearchDocument) -> dict[str, Any]:
    values = asdict(document)
    values["updated_at"] = document.updated_at.astimezone(UTC).isoformat()
    return values


# --- the index ----------------------------------------------------------------------------------
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("uri", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("room", "kind", "facet"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for language in LANGUAGES:
        for part in _BOOSTS:
            builder.add_text_field(f"{part}_{language}", tokenizer_name=language, index_option="freq")
    builder.add_text_field("plain", tokenizer_name="plain", index_option="basic")
    builder.add_text_field("inner", tokenizer_name="plain", index_option="basic")
    builder.add_integer_field("updated", fast=True)
    return builder.build()


def _stemmer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer(_STEMMERS[language])).build()


class _Index:
    """One process's index."""

    def __init__(self, where: Path) -> None:
        self.where, self.revision = where, -1
        self.stemmers = {language: _stemmer(language) for language in LANGUAGES}
        self.schema = _schema()
        self.mutex = threading.Lock()
        self._open()

    def _open(self) -> None:
        self.where.mkdir(parents=True, exist_ok=True)
        if self._meta().get("schema") != SCHEMA:
            self._clear()
        try:
            self.index = tantivy.Index(self.schema, str(self.where / "index"))
        except (ValueError, OSError):
            self._clear()
            self.index = tantivy.Index(self.schema, str(self.where / "index"))
        for language in LANGUAGES:
            self.index.register_tokenizer(language, _stemmer(language))
        plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer("plain", plain)

    def _clear(self) -> None:
        shutil.rmtree(self.where / "index", ignore_errors=True)
        (self.where / "index").mkdir(parents=True)
        self._set_meta(0)

    def _meta(self) -> dict[str, int]:
        try:
            found: dict[str, int] = json.loads((self.where / "meta.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if (self.where / "index").is_dir() else {}

    def _set_meta(self, revision: int) -> None:
        partial = self.where / "meta.partial"
        partial.write_text(json.dumps({"schema": SCHEMA, "revision": revision}), "utf-8")
        partial.replace(self.where / "meta.json")

    def catch_up(self) -> None:
        """Take in what was written since; if another process is at it, what is there must do."""
        newest = SearchEntry.objects.aggregate(newest=Max("revision"))["newest"] or 0
        if newest == self.revision:
            return
        with self.mutex, self._lock() as mine:
            at = self._meta().get("revision", 0)
            if mine and at > newest:
                self._clear()
                self._open()
                at = 0
            if mine and at < newest:
                self._take_in(at)
                at = newest
            self.index.reload()
            self.revision = at

    @contextmanager
    def _lock(self) -> Iterator[bool]:
        with (self.where / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def _take_in(self, at: int) -> None:
        writer = self.index.writer(50_000_000, 1)
        while True:
            rows = list(SearchEntry.objects.filter(revision__gt=at).order_by("revision")[:BATCH])
            if not rows:
                break
            for row in rows:
                writer.delete_documents_by_term("uri", row.uri)
                if row.document is not None:
                    writer.add_document(self._document(row.document))
            at = rows[-1].revision
        writer.commit()
        writer.wait_merging_threads()
        self._set_meta(at)

    def _document(self, values: dict[str, Any]) -> tantivy.Document:
        made = tantivy.Document()
        made.add_text("uri", values["uri"])
        made.add_text("room", values["room"])
        made.add_text("kind", values["kind"])
        made.add_integer("updated", int(datetime.fromisoformat(values["updated_at"]).timestamp()))
        for name, found in {**values["facets"], "city": [values["city"]]}.items():
            for value in found:
                made.add_text("facet", f"{name}={value}")
        keywords = {language: " ".join(some) for language, some in values["keywords"].items()}
        plain: set[str] = set()
        inner: set[str] = set()
        for part, texts in (("title", values["titles"]), ("keyword", keywords), ("text", values["texts"])):
            for language, text in texts.items():
                found_words = words(text)
                made.add_text(f"{part}_{language if language in LANGUAGES else 'en'}", " ".join(found_words))
                plain.update(found_words)
                if part != "text":
                    inner.update(end for word in found_words for end in inner_parts(word))
        made.add_text("plain", " ".join(sorted(plain)))
        made.add_text("inner", " ".join(sorted(inner)))
        return made


_indexes: dict[Path, _Index] = {}
_making = threading.Lock()


def _index() -> _Index:
    where = folder("cache/search")
    with _making:
        if where not in _indexes or not (where / "index").is_dir():
            _indexes[where] = _Index(where)
        return _indexes[where]


def rebuild() -> int:
    """Throw the index away and make it anew; return how many documents it has."""
    _index()._clear()
    with _making:
        _indexes.clear()
    _index().catch_up()
    return int(_index().index.searcher().num_docs)


def documents_behind() -> int:
    """Return how many changes the index on disk has not taken in yet."""
    newest = SearchEntry.objects.aggregate(newest=Max("revision"))["newest"] or 0
    return max(0, newest - _index()._meta().get("revision", 0))


# --- ask ----------------------------------------------------------------------------------------
def search(
    query: str,
    *,
    language: str,
    rooms: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    facets: Mapping[str, Sequence[str]] | None = None,
    facet_fields: Sequence[str] = (),
    offset: int = 0,
    limit: int = 20,
    sort: str = "relevance",
) -> Results:
    """Return the documents that hold every word of a query, in any language and spelling.

    Args:
        query: As a person types it; without a word everything is found.
        language: The person's; its words count more.
        facets: Values that the documents must have, any of each field's.
        facet_fields: Fields to count values of; a field's own selection does not narrow its counts.
        sort: ``relevance`` or ``newest``.
    """
    index = _index()
    index.catch_up()
    searcher = index.index.searcher()
    asked = words(query)[:MOST_WORDS]
    base = [_word(index, word, language) for word in asked]
    base += [_any(index, name, values) for name, values in (("room", rooms), ("kind", kinds)) if values]
    chosen = {name: [f"{name}={value}" for value in values] for name, values in (facets or {}).items() if values}
    everything = _all([*base, *(_any(index, "facet", values) for values in chosen.values())])
    by_date = {"order_by_field": "updated"} if sort == "newest" or not asked else {}
    found = searcher.search(everything, limit=max(1, limit), offset=offset, count=True, **by_date)
    uris = [searcher.doc(address).get_first("uri") for _score, address in found.hits]
    counts = _counts(index, searcher, base, chosen, everything, facet_fields)
    return Results(_hits(uris, language, asked), int(found.count or 0), counts)


def _word(index: _Index, word: str, language: str) -> tantivy.Query:
    """Return what finds one word: its stem in each language, its beginning, the inside of a compound."""
    schema, options = index.schema, []
    for each in LANGUAGES:
        stem = "".join(index.stemmers[each].analyze(word)) or word
        for part, boost in _BOOSTS.items():
            term = tantivy.Query.term_query(schema, f"{part}_{each}", stem, "freq")
            options.append(tantivy.Query.boost_query(term, boost * (1.5 if each == language else 1.0)))
    pattern = f"{re.escape(word)}.*"
    if len(word) >= 3:
        options.append(tantivy.Query.boost_query(tantivy.Query.regex_query(schema, "plain", pattern), 0.5))
    if len(word) >= 4:
        options.append(tantivy.Query.boost_query(tantivy.Query.regex_query(schema, "inner", pattern), 0.4))
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in options])


def _any(index: _Index, name: str, values: Sequence[str]) -> tantivy.Query:
    return tantivy.Query.const_score_query(tantivy.Query.term_set_query(index.schema, name, list(values)), 0.0)


def _all(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    if not parts:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in parts])


def _counts(
    index: _Index,
    searcher: tantivy.Searcher,
    base: list[tantivy.Query],
    chosen: Mapping[str, Sequence[str]],
    everything: tantivy.Query,
    facet_fields: Sequence[str],
) -> dict[str, list[tuple[str, int]]]:
    if not facet_fields:
        return {}
    common = _buckets(searcher, everything)
    found = {}
    for name in facet_fields:
        counts = common
        if name in chosen:
            others = [_any(index, "facet", values) for other, values in chosen.items() if other != name]
            counts = _buckets(searcher, _all([*base, *others]))
        begin = f"{name}="
        found[name] = [(key.removeprefix(begin), count) for key, count in counts if key.startswith(begin)]
    return found


def _buckets(searcher: tantivy.Searcher, query: tantivy.Query) -> list[tuple[str, int]]:
    found = searcher.aggregate(query, {"facets": {"terms": {"field": "facet", "size": 1_000}}})
    return [(bucket["key"], int(bucket["doc_count"])) for bucket in found["facets"]["buckets"]]


def _hits(uris: Sequence[str], language: str, asked: Sequence[str]) -> list[Hit]:
    rows = dict(SearchEntry.objects.filter(uri__in=uris, document__isnull=False).values_list("uri", "document"))
    return [_hit(rows[uri], language, asked) for uri in uris if uri in rows]


def _hit(values: dict[str, Any], language: str, asked: Sequence[str]) -> Hit:
    return Hit(
        uri=values["uri"],
        room=values["room"],
        kind=values["kind"],
        titles=values["titles"],
        path=values["path"],
        city=values["city"],
        facets=values["facets"],
        updated_at=datetime.fromisoformat(values["updated_at"]),
        snippet=snippet(pick(values["texts"], language), asked),
    )


def snippet(text: str, asked: Sequence[str]) -> SafeString:
    """Return the part of a text around the first word that was asked for, as safe HTML with the words marked."""
    pieces = re.split(r"(\W+)", text)
    hits = [number for number, piece in enumerate(pieces) if piece and any(fold(piece).startswith(word) for word in asked)]
    begin = max(0, len("".join(pieces[: hits[0]])) - SNIPPET // 3) if hits else 0
    at, out, used = 0, [], 0
    for number, piece in enumerate(pieces):
        if at >= begin and used < SNIPPET:
            shown = escape(re.sub(r"\s+", " ", piece))
            out.append(f"<mark>{shown}</mark>" if number in hits else shown)
            used += len(piece)
        at += len(piece)
    cut_before, cut_after = ("… " if begin > 0 else ""), (" …" if at > begin + used else "")
    return SafeString(f"{cut_before}{''.join(out).strip()}{cut_after}")

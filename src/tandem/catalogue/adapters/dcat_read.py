"""Read a catalogue from RDF: one description per dataset, findings instead of failures, nothing lost."""

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tandem.catalogue.adapters import dcat_terms as t
from tandem.catalogue.adapters.rdf import (
    SELF,
    Node,
    Parsed,
    iri,
    name,
    parse,
    renamed,
    sound,
    sound_language,
    to_lines,
)
from tandem.catalogue.adapters.rdf_blank import canonical
from tandem.catalogue.adapters.rdf_spool import Graph, Spool, TooMuch
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import (
    AgentDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
    Texts,
    Words,
    to_json,
)
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_NEXT = (name("hydra:next"), name("hydra:nextPage"))
_TOTAL = name("hydra:totalItems")
READ_AT_ONCE = 200
_WKT_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ADDRESS = re.compile(r"^(https?|ftp)://\S+$", re.IGNORECASE)
_VCARD_DIRECT = re.compile(r"^(mailto|tel):")


@dataclass(frozen=True, slots=True)
class CatalogueRead:
    """What a document held.

    Attributes:
        titles: The catalogue's.
        next_page: Address of the next page, or None.
        findings: What was repaired, left out or missing; paths are the records' IRIs.
        doubtful: IRIs of datasets that were being read where the document broke: parts may be missing.
    """

    titles: Texts
    datasets: list[DatasetDescription]
    next_page: str | None
    findings: list[Finding]
    doubtful: frozenset[str] = frozenset()


def read_catalogue(content: bytes, *, media_type: str, base_iri: str) -> CatalogueRead:
    """Read a document of a DCAT feed that is in memory.

    Args:
        content: Turtle, RDF/XML, JSON-LD or N-Triples.
        media_type: As the server said; the content counts where it says otherwise.
        base_iri: Address that the document came from.

    Raises:
        DangerousXml: The XML has external or nested entities.
        NotRdf: Nothing could be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        path.write_bytes(content)
        with open_document(path, media_type=media_type, base_iri=base_iri) as document:
            datasets: list[DatasetDescription] = []
            findings = list(document.findings)
            doubtful: set[str] = set()
            for each in document.datasets():
                findings.extend(each.findings)
                if each.description is not None:
                    datasets.append(each.description)
                    doubtful.update({each.iri} if each.doubtful else ())
    datasets.sort(key=lambda dataset: dataset.iri)
    return CatalogueRead(document.titles, datasets, document.next_page, findings, frozenset(doubtful))


@dataclass(frozen=True, slots=True)
class DatasetRead:
    """A dataset of a document, or why it could not be read.

    Attributes:
        iri: Empty for one without.
        doubtful: Whether parts may be missing, because the document broke where they stood.
    """

    iri: str
    description: DatasetDescription | None
    findings: list[Finding]
    doubtful: bool = False


class Document:
    """A document of a DCAT feed: its datasets are read one after another, from the disk.

    Attributes:
        findings: What holds for the document as a whole.
        total: Datasets on all pages, as the document says; None where it does not.
    """

    def __init__(self, spool: Spool, parsed: Parsed) -> None:
        self._spool, self._doubtful = spool, parsed.doubtful
        self.findings = parsed.findings
        self.next_page = next(
            (str(each.object.value) for wanted in _NEXT for each in spool.paging if each.predicate == wanted),
            None,
        )
        self.total = next((_whole(each.object) for each in spool.paging if each.predicate == _TOTAL), None)
        self.titles = self._titles()

    def _titles(self) -> Texts:
        for subject in self._spool.records("Catalog"):
            store = self._spool.graph([subject])
            return _texts(each.object for each in store.quads_for_pattern(_node(subject), t.TITLE, None))
        return {}

    def datasets(self) -> Iterator[DatasetRead]:
        """Yield the datasets in the order of their IRIs."""
        waiting: list[str] = []
        for subject in self._spool.records("Dataset"):
            if subject.startswith("_:"):
                message = say("A dataset has no IRI; it was left out, as it could not be found again.")
                yield DatasetRead("", None, [_finding("no-iri", "", message)])
                continue
            waiting.append(subject)
            if len(waiting) >= READ_AT_ONCE:
                yield from self._read(waiting)
                waiting = []
        yield from self._read(waiting)

    def _read(self, subjects: list[str]) -> Iterator[DatasetRead]:
        try:
            store = self._spool.graph(subjects)
        except TooMuch:
            if len(subjects) > 1:
                for each in subjects:
                    yield from self._read([each])
                return
            message = say("It reaches more statements than a dataset may have; it was left out.")
            found = _finding("too-large", subjects[0][1:-1], message, Severity.ERROR)
            yield DatasetRead(subjects[0][1:-1], None, [found], doubtful=True)
            return
        for subject in subjects:
            read = read_record(store, _node(subject))
            assert read.description is not None  # noqa: S101 - it always has one
            doubtful = bool(self._doubtful & {read.iri, *_part_iris(read.description)})
            yield replace(read, doubtful=doubtful)


def read_record(store: Graph, subject: ox.NamedNode) -> DatasetRead:
    """Read one dataset of which all statements are at hand."""
    record = _Record(store, subject)
    description = record.dataset()
    return DatasetRead(description.iri, description, record.findings)


@contextmanager
def open_document(path: Path, *, media_type: str, base_iri: str) -> Iterator[Document]:
    """Open a document of a DCAT feed; beside it a file is made, and removed in the end.

    Raises:
        DangerousXml: The XML has external or nested entities.
        NotRdf: Nothing could be read.
    """
    with Spool(path.with_suffix(".spool")) as spool:
        yield Document(spool, parse(path, spool, media_type=media_type, base_iri=base_iri))


def _node(subject: str) -> ox.NamedNode:
    return ox.NamedNode(subject[1:-1])


def _whole(value: Any) -> int | None:
    return int(value.value) if re.fullmatch(r"\d{1,9}", str(value.value)) else None


def _part_iris(dataset: DatasetDescription) -> set[str]:
    return {part.iri for part in dataset.distributions}


def _finding(code: str, path: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(severity, f"catalogue.dcat.{code}", path, message)


def _texts(values: Iterable[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in sorted(
        (each for each in values if isinstance(each, ox.Literal)), key=lambda each: each.value
    ):
        if value.value.strip():
            found.setdefault(_language(value).partition("-")[0], value.value)
    return found


def _language(value: ox.Literal) -> str:
    return (sound_language(value.language) if value.language else "") or "und"


def _is_term(values: vocabulary.Vocabulary[Any]) -> Callable[[str], str]:
    def meaning(text: str) -> str:
        term = values.by_text(text)
        return term.iri if term else ""

    return meaning


def _as_format(text: str) -> str:
    found = vocabulary.FILE_TYPES.by_text(text) or vocabulary.file_type_of(
        f"x.{text.strip('. ')}", text.strip()
    )
    return found.iri if found else ""


def _as_media_type(text: str) -> str:
    found = re.fullmatch(r"\s*([a-z]+/[\w.+-]+)\s*(;.*)?", text.lower())
    if found:
        return vocabulary.media_type_iri(found[1])
    file_type = vocabulary.FILE_TYPES.by_text(text)
    return vocabulary.media_type_iri(file_type.media_type) if file_type else ""


def _as_language(text: str) -> str:
    term = vocabulary.LANGUAGES.by_code(vocabulary.LANGUAGE_CODES.get(text.strip().lower()[:2], ""))
    named = vocabulary.LANGUAGES.by_text(text)
    return named.iri if named else term.iri if term and len(text.strip()) in {2, 5} else ""


def _as_address(text: str) -> str:
    return iri(text.strip()) if _ADDRESS.match(text.strip()) else ""


# what a text means where an IRI is asked for
MEANINGS: dict[ox.NamedNode, Callable[[str], str]] = {
    name("dct:format"): _as_format,
    name("dcat:mediaType"): _as_media_type,
    name("dct:language"): _as_language,
    name("dct:license"): _is_term(vocabulary.LICENCES),
    name("dcat:theme"): _is_term(vocabulary.THEMES),
    name("dct:accrualPeriodicity"): _is_term(vocabulary.FREQUENCIES),
    name("dct:accessRights"): _is_term(vocabulary.ACCESS_RIGHTS),
}


class _Record:
    """One dataset's statements; what is read is marked, the rest becomes ``extra``."""

    def __init__(self, store: Graph, subject: ox.NamedNode) -> None:
        self.store, self.subject = store, subject
        self.iri = str(subject.value)
        self.findings: list[Finding] = []
        self._read: set[ox.Triple] = set()

    def dataset(self) -> DatasetDescription:
        """Return the description, with what is missing told."""
        node = self.subject
        self._take_types(node, "dcat:Dataset", "dcatapit:Dataset")
        values: dict[str, Any] = {field: self._text_map(node, p) for field, p in t.TEXTS.items()}
        values |= {field: self._iris(node, predicate) for field, predicate in t.DATASET_IRIS.items()}
        values |= {field: self._one_iri(node, predicate) for field, predicate in t.DATASET_IRI.items()}
        values |= {field: self._one(node, predicate) for field, predicate in t.DATES.items()}
        values["keywords"] = self._words(node)
        values["identifiers"] = tuple(self._literals(node, t.IDENTIFIER))
        values["publisher"] = self._agent(node, t.PUBLISHER)
        values["rights_holder"] = self._agent(node, t.RIGHTS_HOLDER)
        values["contacts"] = tuple(self._contacts(node))
        values["spatial"], values["bounds"] = self._places(node)
        values["temporal"] = tuple(self._periods(node))
        values["distributions"] = tuple(self._distributions(node))
        found = DatasetDescription(iri=self.iri, **values, extra=self._rest(node))
        self._tell_missing(found)
        return found

    def _tell_missing(self, found: DatasetDescription) -> None:
        for field, what in (("titles", "dct:title"), ("descriptions", "dct:description")):
            if not getattr(found, field):
                severity = Severity.ERROR if field == "titles" else Severity.WARNING
                self.findings.append(
                    _finding(
                        "missing",
                        self.iri,
                        say("{what} is missing; DCAT-AP asks for it.", what=what),
                        severity,
                    )
                )
        for distribution in found.distributions:
            if not distribution.access_url:
                message = say(
                    "dcat:accessURL of {iri} is missing; DCAT-AP asks for it.", iri=distribution.iri
                )
                self.findings.append(_finding("missing", self.iri, message))
            self._tell_unknown(distribution)

    def _tell_unknown(self, part: DistributionDescription) -> None:
        for what, value, known in (
            ("dct:format", part.format, vocabulary.FILE_TYPES),
            ("dct:license", part.licence, vocabulary.LICENCES),
        ):
            if value and known.by_iri(value) is None:
                message = say(
                    "{what} {value} of {iri} is in no vocabulary known here; it was kept as it is.",
                    what=what,
                    value=value,
                    iri=part.iri,
                )
                self.findings.append(_finding("unknown-term", self.iri, message, Severity.INFO))

    # --- values ---------------------------------------------------------------------------------
    def _values(self, node: Node, predicate: ox.NamedNode, *kinds: type) -> Iterator[Any]:
        """Yield the objects of the wanted kinds, and mark them as read; others stay for ``extra``."""
        for quad in self.store.quads_for_pattern(node, predicate, None, None):
            if not kinds or isinstance(quad.object, kinds):
                self._read.add(quad.triple)
                yield quad.object
            else:
                message = say(
                    "{property} has the value {value}, which is of the wrong kind.",
                    property=predicate.value,
                    value=repr(quad.object.value),
                )
                self.findings.append(_finding("wrong-kind", self.iri, message, Severity.INFO))

    def _iris(self, node: Node, predicate: ox.NamedNode) -> tuple[str, ...]:
        found = set()
        for quad in self._sorted(node, predicate):
            value = self._meant(quad)
            if value:
                found.add(value)
                self._take_types(ox.NamedNode(value), *_class_names(predicate))
        return tuple(sorted(found))

    def _one_iri(self, node: Node, predicate: ox.NamedNode) -> str:
        for quad in self._sorted(node, predicate):
            value = self._meant(quad)
            if value:
                self._take_types(ox.NamedNode(value), *_class_names(predicate))
                return value
        return ""

    def _sorted(self, node: Node, predicate: ox.NamedNode) -> list[ox.Quad]:
        """Return the statements with what is of the right kind first."""
        quads = self.store.quads_for_pattern(node, predicate, None, None)
        return sorted(quads, key=lambda quad: (not isinstance(quad.object, ox.NamedNode), str(quad.object)))

    def _meant(self, quad: ox.Quad) -> str:
        """Return the IRI that a statement's object is, or that its text means; the text is kept as well."""
        if isinstance(quad.object, ox.NamedNode):
            self._read.add(quad.triple)
            return str(quad.object.value)
        text = self._label(quad.object)
        value = MEANINGS.get(quad.predicate, _as_address)(text) or _as_address(text)
        if value == text and isinstance(quad.object, ox.Literal):
            self._read.add(quad.triple)
        elif value:
            message = say(
                "{property} is the text {text}; it was read as {value}.",
                property=quad.predicate.value,
                text=repr(text),
                value=value,
            )
            self.findings.append(_finding("text-for-iri", self.iri, message, Severity.INFO))
        elif text:
            message = say(
                "{property} is the text {text}; an IRI is asked for. It was kept as it is.",
                property=quad.predicate.value,
                text=repr(text),
            )
            self.findings.append(_finding("literal-for-iri", self.iri, message))
        return value

    def _label(self, node: Node | ox.Literal) -> str:
        """Return a literal's text, or that of a blank node which has just a label."""
        if isinstance(node, ox.Literal):
            return str(node.value)
        for predicate in t.LABELS:
            for quad in self.store.quads_for_pattern(node, predicate, None, None):
                if isinstance(quad.object, ox.Literal):
                    return str(quad.object.value)
        return ""

    def _literals(self, node: Node, predicate: ox.NamedNode) -> list[str]:
        return sorted(str(each.value) for each in self._values(node, predicate, ox.Literal))

    def _one(self, node: Node, predicate: ox.NamedNode) -> str:
        quads = sorted(self.store.quads_for_pattern(node, predicate, None, None), key=lambda q: str(q.object))
        for quad in quads:
            if isinstance(quad.object, ox.Literal) and quad.object.value.strip():
                if str(quad.object.value) == quad.object.value.strip():
                    self._read.add(quad.triple)
                return str(quad.object.value).strip()
        return ""

    def _words(self, node: Node) -> Words:
        words: dict[str, list[str]] = {}
        for each in self._values(node, t.KEYWORD, ox.Literal):
            words.setdefault(_language(each), []).append(str(each.value))
        return {language: tuple(sorted(set(found))) for language, found in sorted(words.items())}

    def _text_map(self, node: Node, predicate: ox.NamedNode) -> dict[str, str]:
        """Return one text per language; a second one of the same language stays for ``extra``."""
        quads = list(self.store.quads_for_pattern(node, predicate, None, None))
        found = _texts(quad.object for quad in quads)
        chosen = {(language, text) for language, text in found.items()}
        for quad in quads:
            value = quad.object
            if isinstance(value, ox.Literal) and (_language(value).partition("-")[0], value.value) in chosen:
                self._read.add(quad.triple)
        return found

    # --- parts ----------------------------------------------------------------------------------
    def _take_types(self, node: Node, *classes: str) -> None:
        for each in classes:
            self._read.add(
                ox.Triple(node, t.A, name(each) if ":" in each and "/" not in each else ox.NamedNode(each))
            )

    def _agent(self, node: Node, predicate: ox.NamedNode) -> AgentDescription | None:
        quads = sorted(self.store.quads_for_pattern(node, predicate, None, None), key=lambda q: str(q.object))
        for quad in quads[:1]:
            one = quad.object
            self._read.add(quad.triple)
            if isinstance(one, ox.Literal):
                self.findings.append(
                    _finding(
                        "literal-for-iri",
                        self.iri,
                        say("{property} is a text, not an agent.", property=predicate.value),
                    )
                )
                return AgentDescription({_language(one): str(one.value)})
            self._take_types(one, "foaf:Agent", "dcatapit:Agent")
            names = self._text_map(one, t.AGENT_NAME)
            mail = self._one_iri(one, t.MAILBOX)
            agent = AgentDescription(
                names,
                iri=str(one.value) if isinstance(one, ox.NamedNode) else "",
                kind=self._one_iri(one, t.AGENT_KIND),
                homepage=self._one_iri(one, t.HOMEPAGE),
                mail=mail.removeprefix("mailto:"),
                identifier=self._one(one, t.IDENTIFIER),
                extra=self._rest(one, named=SELF),
            )
            return agent if agent != AgentDescription() else None
        return None

    def _contacts(self, node: Node) -> Iterator[ContactDescription]:
        found = []
        for one in self._values(node, t.CONTACT, ox.NamedNode, ox.BlankNode):
            self._take_types(one, "vcard:Kind")
            found.append(
                ContactDescription(
                    name=self._one(one, t.VCARD_NAME),
                    mail=_VCARD_DIRECT.sub("", self._one_iri(one, t.VCARD_MAIL)),
                    url=self._one_iri(one, t.VCARD_URL),
                    phone=_VCARD_DIRECT.sub("", self._one_iri(one, t.VCARD_PHONE)),
                    iri=str(one.value) if isinstance(one, ox.NamedNode) else "",
                    extra=self._rest(one, named=SELF),
                )
            )
        return iter(sorted(set(found), key=str))

    def _places(self, node: Node) -> tuple[tuple[str, ...], tuple[float, ...]]:
        iris: list[str] = []
        bounds: tuple[float, ...] = ()
        for quad in list(self.store.quads_for_pattern(node, t.SPATIAL, None, None)):
            if isinstance(quad.object, ox.NamedNode):
                self._read.add(quad.triple)
                self._take_types(quad.object, "dct:Location")
                iris.append(str(quad.object.value))
            elif isinstance(quad.object, ox.BlankNode) and not bounds:
                bounds = self._bounds(quad)
        return tuple(sorted(iris)), bounds

    def _bounds(self, quad: ox.Quad) -> tuple[float, ...]:
        for each in self.store.quads_for_pattern(quad.object, t.BBOX, None, None):
            text = str(each.object.value)
            numbers = [float(number) for number in _WKT_NUMBERS.findall(text)]
            if text.startswith("POLYGON") and len(numbers) == 10:
                self._read |= {quad.triple, each.triple}
                self._take_types(quad.object, "dct:Location")
                xs, ys = numbers[0::2], numbers[1::2]
                return (min(xs), min(ys), max(xs), max(ys))
        return ()

    def _periods(self, node: Node) -> Iterator[PeriodOfTime]:
        found = set()
        for one in self._values(node, t.TEMPORAL, ox.NamedNode, ox.BlankNode):
            self._take_types(one, "dct:PeriodOfTime")
            start = self._one(one, t.START) or self._one(one, t.OLD_START)
            end = self._one(one, t.END) or self._one(one, t.OLD_END)
            extra = self._rest(one, named=SELF)
            if start or end or extra:
                found.add(PeriodOfTime(start, end, extra))
        return iter(sorted(found, key=str))

    def _distributions(self, node: Node) -> list[DistributionDescription]:
        """Return the files; those without an IRI get one from their place, sorted by what they say."""
        subjects = list(self._values(node, t.DISTRIBUTION, ox.NamedNode, ox.BlankNode))
        found = [self._distribution(one) for one in subjects]
        blank = sorted((each for each in found if each.iri == SELF.value), key=_sort_key)
        named = sorted((each for each in found if each.iri != SELF.value), key=lambda each: each.iri)
        return [*named, *(_with_iri(each, f"{self.iri}#distribution-{n}") for n, each in enumerate(blank))]

    def _distribution(self, node: Node) -> DistributionDescription:
        self._take_types(node, "dcat:Distribution", "dcatapit:Distribution")
        values: dict[str, Any] = {field: self._text_map(node, p) for field, p in t.TEXTS.items()}
        values |= {field: self._iris(node, predicate) for field, predicate in t.DISTRIBUTION_IRIS.items()}
        values |= {field: self._one_iri(node, predicate) for field, predicate in t.DISTRIBUTION_IRI.items()}
        values |= {field: self._one(node, predicate) for field, predicate in t.DATES.items()}
        named = node if isinstance(node, ox.NamedNode) else SELF
        return DistributionDescription(
            iri=str(named.value),
            attribution=self._one(node, t.ATTRIBUTION),
            byte_size=self._byte_size(node),
            checksum=self._checksum(node),
            **values,
            extra=self._rest(node, named=named),
        )

    def _byte_size(self, node: Node) -> int | None:
        for quad in self._sorted(node, t.BYTE_SIZE):
            if re.fullmatch(r"\d{1,15}(\.0*)?", quad.object.value):
                self._read.add(quad.triple)
                return int(quad.object.value.partition(".")[0])
        return None

    def _checksum(self, node: Node) -> str:
        for quad in list(self.store.quads_for_pattern(node, t.CHECKSUM, None, None)):
            part = quad.object
            algorithm = ox.Triple(part, t.CHECKSUM_ALGORITHM, t.SHA256)
            if not isinstance(part, ox.Literal) and ox.Quad(*algorithm) in self.store:
                self._read |= {quad.triple, algorithm}
                self._take_types(part, "spdx:Checksum")
                return self._one(part, t.CHECKSUM_VALUE)
        return ""

    def _rest(self, node: Node, *, named: ox.NamedNode | None = None) -> tuple[str, ...]:
        """Return the statements of a node, and of the blank nodes that only they lead to, that no field took.

        Args:
            node: Whose.
            named: What stands for the node in the lines; without it, its own name.
        """
        found, waiting, seen = [], [node], {node}
        while waiting:
            for quad in self.store.quads_for_pattern(waiting.pop(), None, None, None):
                if quad.triple in self._read:
                    continue
                found.append(quad.triple)
                if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    waiting.append(quad.object)
        self._read.update(found)
        spoken = (renamed(each, node, named) for each in found) if named else iter(found)
        return to_lines(canonical(ox.Triple(*map(sound, each)) for each in spoken))


def _sort_key(part: DistributionDescription) -> str:
    return json.dumps(to_json(part), sort_keys=True)


def _with_iri(part: DistributionDescription, new: str) -> DistributionDescription:
    lines = tuple(sorted(line.replace(str(SELF), str(ox.NamedNode(new))) for line in part.extra))
    return replace(part, iri=new, extra=lines)


def _class_names(predicate: ox.NamedNode) -> tuple[str, ...]:
    known = t.OBJECT_CLASSES.get(predicate)
    return (known.value,) if known else ()

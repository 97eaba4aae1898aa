"""What is done to an RDF document, a file, before a parser sees it; no file is ever held in memory whole.

It is decoded, refused where dangerous, mended where broken, and taken apart into records.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.entities import name2codepoint
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DCAT_DATASET = "http://www.w3.org/ns/dcat#dataset"
XML = "http://www.w3.org/XML/1998/namespace"
LONGEST_ENTITY = 200
MOST_ENTITIES = 200
LONGEST_NAME = 64
PIECE_BYTES = 1_048_576
ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16"}
_DECLARED = re.compile(rb"""^(<\?xml[^>]*?)\s+encoding\s*=\s*["']([\w.-]+)["']""")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_AMPERSAND = re.compile(rb"&(?!#\d+;|#x[0-9A-Fa-f]+;)(?:(\w+);)?")
_JSON_ID = re.compile(rb'("@id"\s*:\s*)("(?:[^"\\]|\\.)*")')
_XML_NAMES = {b"amp", b"lt", b"gt", b"quot", b"apos"}


class DangerousXml(InvalidInput):
    """The XML tries to make the reader fetch or inflate something."""

    code = "catalogue.dangerous-xml"

    def __init__(self, problem: str) -> None:
        super().__init__(
            say(
                "The RDF/XML was not read: {problem}. Ask its publisher for RDF/XML without a document type.",
                problem=problem,
            )
        )


class NotRdf(InvalidInput):
    """Not a single statement could be read."""

    code = "catalogue.not-rdf"

    def __init__(self, problem: str) -> None:
        super().__init__(
            say("No RDF could be read: {problem}. Is the address that of a DCAT feed?", problem=problem)
        )


def beginning(path: Path) -> bytes:
    """Return the first bytes of a document."""
    with path.open("rb") as source:
        return source.read(4_000)


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(PIECE_BYTES):
        yield piece


# --- encoding -----------------------------------------------------------------------------------
def as_utf8(path: Path) -> list[Finding]:
    """Make a document UTF-8 without a byte-order mark, in place; return what had to be guessed for it.

    Bytes that are no UTF-8 are read one by one as Windows-1252, which is what they mostly are.

    Raises:
        NotRdf: The XML names an encoding that nobody uses.
    """
    first = beginning(path)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _decode(path, "utf-16", "replace")
        first = beginning(path)
    declared = _DECLARED.match(first.removeprefix(codecs.BOM_UTF8))
    encoding = declared[2].decode().lower() if declared else "utf-8"
    if encoding not in ENCODINGS:
        raise NotRdf(f"it is encoded as {encoding!r}, not as UTF-8")
    if encoding.startswith(("iso", "windows")):
        _decode(path, encoding, "replace")
        return []
    line = _first_line_of_another_encoding(path)
    if line:
        _decode(path, "utf-8-sig", "tandem.windows-1252")
        message = say("There are bytes here that are no UTF-8; they were read as Windows-1252.")
        return [Finding(Severity.WARNING, "catalogue.rdf.encoding", f"line {line}", message)]
    if encoding != "utf-8" or first.startswith(codecs.BOM_UTF8):
        _decode(path, "utf-8-sig", "strict")
    return []


def _first_line_of_another_encoding(path: Path) -> int:
    """Return the line of the first byte that is no UTF-8, 0 where there is none."""
    decoder, lines = codecs.getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as source:
        for piece in _pieces_and_end(source):
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return lines + bytes(error.object).count(b"\n", 0, error.start) + 1
            lines += piece.count(b"\n")
    return 0


def _pieces_and_end(source: BinaryIO) -> Iterator[bytes]:
    yield from _pieces(source)
    yield b""


def _decode(path: Path, encoding: str, errors: str) -> None:
    """Write a document anew as UTF-8, without saying otherwise in its first line."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    made = path.with_suffix(".utf8")
    with path.open("rb") as source, made.open("wb") as sink:
        is_first = True
        for piece in _pieces_and_end(source):
            text = decoder.decode(piece, final=not piece).encode("utf-8", "replace")
            if is_first:
                text = _DECLARED.sub(rb"\1", text.removeprefix(codecs.BOM_UTF8))
                is_first = False
            sink.write(text)
    made.replace(path)


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - registered for decoding alone
    wrong = error.object[error.start : error.end]
    return wrong.decode("windows-1252", "replace"), error.end


codecs.register_error("tandem.windows-1252", _read_as_windows)


# --- XML ----------------------------------------------------------------------------------------
class _Beginning(Exception):
    """The root element has begun."""


def refuse_dangerous(path: Path) -> bool:
    """Refuse XML whose prolog refers to something outside, or could inflate.

    Returns:
        Whether it has a document type.

    Raises:
        DangerousXml: External, nested, long or very many entities.
    """
    parser, count, has_type = expat.ParserCreate("utf-8"), 0, False

    def doctype(_name: str, system: str | None, public: str | None, _internal: object) -> None:
        if system or public:
            raise DangerousXml("it refers to an external document type")

    def entity(_name: str, parameter: object, value: str | None, *_outside: str | None) -> None:
        nonlocal count
        count += 1
        if parameter or value is None:
            raise DangerousXml("it refers to an external or a parameter entity")
        if "&" in value or "%" in value or len(value) > LONGEST_ENTITY or count > MOST_ENTITIES:
            raise DangerousXml("it has nested, long or very many entities")

    def element(*_: object) -> None:
        raise _Beginning

    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = doctype, entity
    parser.StartElementHandler = element
    former = b""
    with path.open("rb") as source:
        for piece in _pieces(source):
            has_type = has_type or b"<!DOCTYPE" in former[-10:] + piece
            former = piece
            try:
                parser.Parse(piece)
            except _Beginning:
                return has_type
            except expat.ExpatError as error:
                if not has_type:
                    return False
                raise DangerousXml(f"its document type cannot be read ({error})") from error
    return has_type


def mend_xml(content: bytes) -> bytes:
    """Return XML without control characters, bare ampersands and names of characters that only HTML knows.

    >>> mend_xml(b"Park & Ride&nbsp;&lt;&#228;")
    b'Park &amp; Ride&#160;&lt;&#228;'
    """
    return _AMPERSAND.sub(_mended_entity, _CONTROL.sub(b"", content))


def mend_xml_file(path: Path, *, has_type: bool) -> bool:
    """Mend a document in place; return whether that changed it. Entities of its own type stay."""
    mended, changed, waiting = path.with_suffix(".mended"), False, b""
    with path.open("rb") as source, mended.open("wb") as sink:
        for piece in _pieces_and_end(source):
            whole = waiting + piece
            keep = _begun_entity(whole) if piece else 0
            now, waiting = whole[: len(whole) - keep], whole[len(whole) - keep :]
            became = _CONTROL.sub(b"", now) if has_type else mend_xml(now)
            changed = changed or became != now
            sink.write(became)
    mended.replace(path)
    return changed


def _begun_entity(content: bytes) -> int:
    """Return how many bytes at the end are an entity that may go on."""
    tail = content[-LONGEST_NAME:]
    at = tail.rfind(b"&")
    return len(tail) - at if at >= 0 and b";" not in tail[at:] else 0


def _mended_entity(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    if name and name.decode() in name2codepoint:
        return b"&#%d;" % name2codepoint[name.decode()]
    return b"&amp;" + found[0][1:]


def line_of_xml_error(path: Path) -> int | None:
    """Return the line where a document stops to be well-formed XML, or None."""
    parser = expat.ParserCreate("utf-8")
    try:
        with path.open("rb") as source:
            parser.ParseFile(source)
    except expat.ExpatError as error:
        return error.lineno
    return None


@dataclass(slots=True)
class _Open:
    """An element that has begun and not ended.

    Attributes:
        spaces: Its namespaces and what else of it holds for all within, as attributes.
        holes: Where records stand in it that are told by themselves.
    """

    name: str
    begin: int
    about: str
    spaces: str
    holes: list[tuple[int, int]] = field(default_factory=list)


class _Records:
    """Finds where the records of well-formed RDF/XML stand: children of the root, and datasets in a catalogue."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartNamespaceDeclHandler = self._space
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._other  # so that an end tag's own end is known
        self.open: list[_Open] = []
        self.depth, self.spaces, self.prolog = 0, "", 0
        self.is_rdf = False
        self.ended: _Open | None = None
        self.found: list[tuple[str, list[tuple[int, int]], str]] = []

    def _space(self, prefix: str | None, iri: str | None) -> None:
        if self.depth < 3:
            self.spaces += f" xmlns{':' + prefix if prefix else ''}={quoteattr(iri or '')}"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._close()
        if self.depth < 4:
            for each in ("base", "lang"):
                if f"{XML} {each}" in attributes:
                    self.spaces += f" xml:{each}={quoteattr(attributes[f'{XML} {each}'])}"
            about = attributes.get(f"{RDF} about", "")
            self.open.append(_Open(name.replace(" ", ""), self.parser.CurrentByteIndex, about, self.spaces))
            self.spaces = ""
            if self.depth == 0:
                self.prolog, self.is_rdf = self.parser.CurrentByteIndex, name == f"{RDF} RDF"
        self.depth += 1

    def _end(self, _name: str) -> None:
        self._close()
        self.depth -= 1
        if self.depth < 4:
            self.ended = self.open.pop()

    def _other(self, _text: str) -> None:
        self._close()

    def _close(self) -> None:
        """Take note of an element whose end tag has just been passed."""
        ended, self.ended = self.ended, None
        if ended is None or not self.open:
            return
        end, around = self.parser.CurrentByteIndex, self.open
        if not self.is_rdf:
            return
        if len(around) == 1:
            self._tell(ended, end, around)
        elif len(around) == 3 and around[2].name == DCAT_DATASET:
            self._tell(ended, end, around)
            around[2].holes.append((ended.begin, end))
        elif len(around) == 2 and ended.holes:
            around[1].holes.append((ended.begin, end))

    def _tell(self, ended: _Open, end: int, around: list[_Open]) -> None:
        begins = [ended.begin, *(hole_end for _begin, hole_end in ended.holes)]
        ends = [*(hole_begin for hole_begin, _end in ended.holes), end]
        spaces = _merged("".join(each.spaces for each in around))
        self.found.append((ended.about, list(zip(begins, ends, strict=True)), spaces))


def _merged(spaces: str) -> str:
    """Return attributes with each name once, the innermost."""
    named = dict(re.findall(r"""\s([\w:.-]+)=("[^"]*"|'[^']*')""", spaces))
    return "".join(f" {name}={value}" for name, value in named.items())


def xml_records(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each record of well-formed RDF/XML as (its rdf:about, a document of its own).

    Datasets that stand inside of their catalogue are records, too. A document whose root is no ``rdf:RDF``
    is one record.
    """
    records = _Records()
    with path.open("rb") as source, path.open("rb") as slices:
        for piece in _pieces_and_end(source):
            records.parser.Parse(piece, not piece)
            waiting, records.found = records.found, []
            for about, places, spaces in waiting:
                yield about, _alone(slices, records.prolog, places, spaces)
    if not records.is_rdf:
        yield "", path.read_bytes()


def _alone(source: BinaryIO, prolog: int, places: list[tuple[int, int]], spaces: str) -> bytes:
    def part(begin: int, end: int) -> bytes:
        source.seek(begin)
        return source.read(end - begin)

    start = f'<tandem.rdf:RDF xmlns:tandem.rdf="{RDF}"{spaces}>'.encode()
    inner = b"".join(part(begin, end) for begin, end in places)
    return part(0, prolog) + start + inner + b"</tandem.rdf:RDF>"


# --- JSON ---------------------------------------------------------------------------------------
def mend_json_ids(content: bytes, mend: Callable[[str], str]) -> tuple[bytes, list[tuple[str, str]]]:
    """Return JSON-LD with its ``@id`` mended, and each (was, became).

    Parsers drop a record with a broken one in silence, as the standard tells them to.
    """
    changes: list[tuple[str, str]] = []

    def replace(found: re.Match[bytes]) -> bytes:
        try:
            was = json.loads(found[2])
        except ValueError:
            return found[0]
        if was.startswith("_:"):
            return found[0]
        became = mend(was) if ":" in was else was.replace(" ", "%20")
        if became == was:
            return found[0]
        changes.append((was, became))
        return found[1] + json.dumps(became).encode()

    return _JSON_ID.sub(replace, content), changes

"""What is done to the bytes of an RDF document before a parser sees them.

They are decoded, refused where dangerous, mended where broken, and taken apart into records.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from html.entities import name2codepoint
from xml.etree import ElementTree
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
RDF_ROOT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
DCAT_DATASET = "{http://www.w3.org/ns/dcat#}dataset"
LONGEST_ENTITY = 200
MOST_ENTITIES = 200
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


def as_utf8(content: bytes) -> tuple[bytes, list[Finding]]:
    """Return a document in UTF-8 without a byte-order mark, and what had to be guessed for it.

    Bytes that are no UTF-8 are read one by one as Windows-1252, which is what they mostly are.

    Raises:
        NotRdf: The XML names an encoding that nobody uses.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode()
    content = content.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARED.match(content)
    if declared:
        encoding = declared[2].decode().lower()
        if encoding not in ENCODINGS:
            raise NotRdf(f"it is encoded as {encoding!r}, not as UTF-8")
        content = declared[1] + content[declared.end() :]
        if encoding.startswith(("iso", "windows")):
            content = content.decode(encoding, "replace").encode()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = say("There are bytes here that are no UTF-8; they were read as Windows-1252.")
        finding = Finding(Severity.WARNING, "catalogue.rdf.encoding", f"line {line}", message)
        return content.decode("utf-8", "tandem.windows-1252").encode(), [finding]
    return content, []


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - registered for decoding alone
    wrong = error.object[error.start : error.end]
    return wrong.decode("windows-1252", "replace"), error.end


codecs.register_error("tandem.windows-1252", _read_as_windows)


class _Beginning(Exception):
    """The root element has begun."""


def refuse_dangerous(content: bytes) -> None:
    """Refuse XML whose prolog refers to something outside, or could inflate.

    Raises:
        DangerousXml: External, nested, long or very many entities.
    """
    if b"<!DOCTYPE" not in content:
        return
    parser, count = expat.ParserCreate("utf-8"), 0

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
    try:
        parser.Parse(content, True)
    except _Beginning:
        return
    except expat.ExpatError as error:
        raise DangerousXml(f"its document type cannot be read ({error})") from error


def mend_xml(content: bytes) -> bytes:
    """Return XML without control characters, bare ampersands and names of characters that only HTML knows.

    >>> mend_xml(b"Park & Ride&nbsp;&lt;&#228;")
    b'Park &amp; Ride&#160;&lt;&#228;'
    """
    content = _CONTROL.sub(b"", content)
    return content if b"<!DOCTYPE" in content else _AMPERSAND.sub(_mended_entity, content)


def _mended_entity(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    if name and name.decode() in name2codepoint:
        return b"&#%d;" % name2codepoint[name.decode()]
    return b"&amp;" + found[0][1:]


def line_of_xml_error(content: bytes) -> int | None:
    """Return the line where a document stops to be well-formed XML, or None."""
    parser = expat.ParserCreate("utf-8")
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return error.lineno
    return None


def xml_records(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each record of well-formed RDF/XML as (its rdf:about, a document of its own).

    Datasets that stand inside of their catalogue are records, too.
    """
    root = fromstring(content)
    if root.tag != RDF_ROOT:
        yield root.get(RDF_ABOUT, ""), content
        return
    for record in root:
        for link in [each for each in record.findall(DCAT_DATASET) if len(each)]:
            record.remove(link)
            for dataset in link:
                yield dataset.get(RDF_ABOUT, ""), _alone(dataset, root)
        yield record.get(RDF_ABOUT, ""), _alone(record, root)


def _alone(record: ElementTree.Element, root: ElementTree.Element) -> bytes:
    document = ElementTree.Element(root.tag, root.attrib)
    document.append(record)
    return ElementTree.tostring(document, encoding="utf-8")


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

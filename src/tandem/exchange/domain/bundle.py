"""What a bundle may hold and where: names, sizes, kinds of files, and the manifest over all of them.

A bundle is data. Nothing in it is ever run, and nothing in it has to be unpacked to be checked.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.exchange.domain.conformity import error
from tandem.exchange.domain.schemas import LANGUAGE, PART_KINDS, SLUG

CRATE = "ro-crate-metadata.json"
MEASURE = "measure.json"
FORM = "inputs.schema.json"
MANIFEST = "manifest-sha256.txt"
SIGNATURES = "signatures/"
PART_FILE = "part.json"

_KIND = "|".join(PART_KINDS)
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        "|".join(re.escape(name) for name in (CRATE, MEASURE, FORM, MANIFEST)),
        rf"parts/(?:{_KIND})/{SLUG}/[^/]+",
        rf"i18n/{LANGUAGE}\.json",
        r"evidence/.+",
        rf"tests/(?:{_KIND})/{SLUG}\.json",
        r"signatures/[0-9a-f]{64}\.jws",
    )
)
_FOR_WINDOWS = re.compile(r'[<>:"|?*]|(?:^|/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.[^/]*)?(?:/|$)', re.I)
MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".fgb": "application/vnd.flatgeobuf",
    ".geojson": "application/geo+json",
    ".gml": "application/gml+xml",
    ".gpkg": "application/geopackage+sqlite3",
    ".gz": "application/gzip",
    ".ics": "text/calendar",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".jws": "application/jose",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".md": "text/markdown",
    ".nt": "application/n-triples",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".parquet": "application/vnd.apache.parquet",
    ".pb": "text/plain",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".po": "text/x-gettext-translation",
    ".rdf": "application/rdf+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".toml": "application/toml",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xlf": "application/xliff+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}
_PROGRAMS = (
    b"#!",
    b"\x7fELF",
    b"\x00asm",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"<?php",
)


class BundleRefused(InvalidInput):
    """A bundle is not taken.

    Attributes:
        findings: Why; each with its place.
    """

    code = "exchange.bundle-refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        message = say("{place}: {problem}", place=first.path or "*", problem=first.message)
        if len(findings) > 1:
            message = say("{first} Further faults: {count}.", first=message, count=len(findings) - 1)
        super().__init__(message)
        self.findings = tuple(findings)

    @property
    def reason(self) -> str:
        """Code of the first finding."""
        return self.findings[0].code


def require(findings: Iterable[Finding]) -> None:
    """Let a bundle pass that has no errors.

    Raises:
        BundleRefused: It has.
    """
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise BundleRefused(errors)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a bundle may be.

    Attributes:
        ratio: Most bytes that one packed byte may become.
        path_bytes: Longest name, in UTF-8.
        depth: Most folders and file names in a path.
    """

    files: int = 1_000
    file_bytes: int = 50_000_000
    total_bytes: int = 200_000_000
    archive_bytes: int = 201_000_000
    ratio: int = 100
    path_bytes: int = 200
    depth: int = 8


LIMITS = Limits()


class MemberKind(StrEnum):
    """What an archive says that a member is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


_NO_FILES = {
    MemberKind.FOLDER: say("It is a folder. A bundle holds plain files only."),
    MemberKind.LINK: say("It is a link. A bundle holds plain files only."),
    MemberKind.OTHER: say("It is no file, but a device or the like. A bundle holds plain files only."),
}


@dataclass(frozen=True, slots=True)
class Member:
    """What an archive says of one member, before any of it is read.

    Attributes:
        size: Bytes when unpacked; ``packed`` in the archive.
    """

    name: str
    size: int
    packed: int
    kind: MemberKind = MemberKind.FILE


# --- members --------------------------------------------------------------------------------------
def check_members(members: Sequence[Member], limits: Limits = LIMITS) -> list[Finding]:
    """Return why an archive with these members must not be read; nothing where it may be."""
    found = [*_count_faults(members, limits)]
    for member in members:
        found += [*_member_faults(member, limits), *name_faults(member.name, limits)]
    return [*found, *_clashes([member.name for member in members])]


def _count_faults(members: Sequence[Member], limits: Limits) -> Iterator[Finding]:
    if len(members) > limits.files:
        yield error("archive.too-many", "", too_many(len(members), limits))
    total = sum(member.size for member in members)
    if total > limits.total_bytes:
        message = say(
            "Unpacked it has {size} bytes; {most} are allowed.", size=total, most=limits.total_bytes
        )
        yield error("archive.too-large", "", message)


def too_many(count: int, limits: Limits) -> Sentence:
    """Return the sentence that an archive has too many members."""
    return say("It has {count} files; {most} are allowed.", count=count, most=limits.files)


def _member_faults(member: Member, limits: Limits) -> Iterator[Finding]:
    if member.kind is not MemberKind.FILE:
        message = _NO_FILES[member.kind]
        yield error("archive.special", member.name, message)
    if member.size > limits.file_bytes:
        message = say("It has {size} bytes; {most} are allowed.", size=member.size, most=limits.file_bytes)
        yield error("archive.file-too-large", member.name, message)
    if member.size > limits.ratio * max(member.packed, 1):
        message = say("It would swell from {packed} to {size} bytes.", packed=member.packed, size=member.size)
        yield error("archive.bomb", member.name, message)


def name_faults(name: str, limits: Limits = LIMITS) -> Iterator[Finding]:
    """Yield what is wrong with the name of a file in a bundle.

    >>> [finding.code for finding in name_faults("../measure.json")]
    ['exchange.archive.unsafe-name']
    """
    if problem := _unsafe(name):
        yield error("archive.unsafe-name", name, problem)
    elif len(name.encode()) > limits.path_bytes or name.count("/") >= limits.depth:
        yield error("archive.long-name", name, say("Its name is too long, or too deep in folders."))
    elif not any(place.fullmatch(name) for place in _PLACES):
        yield error("archive.misplaced", name, say("A bundle has no such place. See the layout of bundles."))
    elif PurePosixPath(name).suffix.lower() not in MEDIA_TYPES:
        yield error(
            "archive.not-data",
            name,
            say("Files of this kind do not travel in bundles, which hold data only."),
        )


def _unsafe(name: str) -> Sentence | None:
    steps = name.split("/")
    if not name.isprintable():
        return say("Its name has a character that cannot be seen.")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return say("Its name is absolute.")
    if ".." in steps:
        return say("Its name leads out of the bundle.")
    if "\\" in name:
        return say("Its name has a backslash.")
    if unicodedata.normalize("NFC", name) != name:
        return say("Its name is not in Unicode's normal form C.")
    if any(not each or each.startswith((".", " ")) or each.endswith((".", " ")) for each in steps):
        return say("A step of its name is empty, or begins or ends with a full stop or a blank.")
    if _FOR_WINDOWS.search(name):
        return say("Some systems cannot have a file of its name.")
    return None


def _clashes(names: Sequence[str]) -> Iterator[Finding]:
    folded = Counter(_folded(name) for name in names)
    folders = {_folded(str(parent)) for name in names for parent in PurePosixPath(name).parents}
    for name in names:
        if folded[_folded(name)] > 1:
            yield error("archive.twice", name, say("Another file has this name, upper and lower case aside."))
        elif _folded(name) in folders:
            yield error("archive.twice", name, say("A folder has this name too."))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def check_contents(files: Mapping[str, bytes]) -> list[Finding]:
    """Return which files begin as programs do, whatever their names say."""
    message = say("It is a program. A bundle holds data only.")
    return [
        error("archive.program", name, message) for name, content in files.items() if _is_program(content)
    ]


def _is_program(content: bytes) -> bool:
    return content.startswith(_PROGRAMS) or (content.startswith(b"MZ") and b"\0" in content[:64])


# --- the manifest ---------------------------------------------------------------------------------
def covered(names: Iterable[str]) -> list[str]:
    """Return the names that the manifest lists: all but its own and the signatures, sorted."""
    return sorted(name for name in names if name != MANIFEST and not name.startswith(SIGNATURES))


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    r"""Return the manifest of files, as ``sha256sum`` writes it.

    >>> manifest_of({"a.txt": b""})
    b'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt\n'
    """
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in covered(files)).encode()


def check_manifest(files: Mapping[str, bytes]) -> list[Finding]:
    """Return in which files a bundle differs from its manifest; nothing where there is no difference."""
    if MANIFEST not in files:
        return [error("manifest.missing", MANIFEST, say("It is missing, so nothing vouches for the files."))]
    if files[MANIFEST] == manifest_of(files):
        return []
    listed, found = _listed(files[MANIFEST]), []
    for name in sorted({*listed, *covered(files)}):
        if name not in files:
            found.append(
                error("manifest.file-missing", name, say("The manifest lists it, and it is not there."))
            )
        elif name not in listed:
            found.append(
                error("manifest.file-extra", name, say("It is there, and the manifest does not list it."))
            )
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            found.append(error("manifest.changed", name, say("It was changed after the bundle was packed.")))
    return found or [
        error(
            "manifest.malformed", MANIFEST, say("It is not written as sha256sum writes it, sorted by name.")
        )
    ]


def _listed(manifest: bytes) -> dict[str, str]:
    lines = manifest.decode("utf-8", errors="replace").split("\n")
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}

"""Packed files: gzip, and a ZIP archive with one table in it."""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from tandem.catalogue.adapters.reading import archive
from tandem.catalogue.adapters.reading.content import head_of
from tandem.catalogue.adapters.reading.refusals import (
    BadArchive,
    BinaryFile,
    NoTableInside,
    PackedFile,
    SeveralTables,
)
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.report import LoadReport, Origin, Part
from tandem.core.text import say

GZIP = b"\x1f\x8b"
_TABLES = frozenset(
    {
        "csv",
        "tsv",
        "tab",
        "json",
        "geojson",
        "jsonl",
        "ndjson",
        "xlsx",
        "xlsb",
        "xls",
        "ods",
        "parquet",
        "gpkg",
    }
)
_TEXTS = frozenset({"txt", "dat"})
_DOCUMENTS = {
    "word/document.xml": say("a text document"),
    "ppt/presentation.xml": say("a presentation"),
    "content.xml": say("a document of an office program"),
}
_TAR_MAGIC, _TAR_AT = b"ustar", 257
_EITHER_HEADER = zlib.MAX_WBITS | 16


def recognises(head: bytes) -> bool:
    """Return whether a file is a ZIP archive or packed with gzip."""
    return head.startswith((archive.MAGIC, GZIP))


def read(task: Task, inner: Callable[[Task], LoadReport]) -> LoadReport:
    """Unpack the one table that is in it, within limits, and read it.

    Args:
        inner: Reads what was unpacked; it does not unpack again.

    Raises:
        NotATable: A bomb, links, several tables or none; or what ``inner`` says.
    """
    if task.head.startswith(GZIP):
        return _gzip(task, inner)
    with archive.opened(task.source, task.filename) as opened:
        member, parts = _the_table(opened, task)
        target = task.work_dir / "member"
        archive.unpack(opened, member, target, filename=task.filename, tick=_tick(task, member.file_size))
    name = PurePosixPath(member.filename).name
    part = "" if len(parts) > 1 or task.part in parts else task.part
    report = inner(replace(task, source=target, head=head_of(target), filename=name, part=part))
    return _with_member(report, "ZIP", member.filename, parts)


def _with_member(report: LoadReport, kind: str, member: str, parts: list[str]) -> LoadReport:
    found = report.origin or Origin(kind)
    if len(parts) > 1:
        found = replace(found, part=member, parts=[Part(name) for name in parts])
    return replace(report, origin=replace(found, member=member))


def _tick(task: Task, whole: int) -> Callable[[int], None]:
    return lambda taken: task.step(min(0.1, 0.1 * taken / max(1, whole)), say("Unpacking"))


def _the_table(opened: zipfile.ZipFile, task: Task) -> tuple[zipfile.ZipInfo, list[str]]:
    members = [each for each in opened.infolist() if not each.is_dir() and not _is_noise(each.filename)]
    found = [each for each in members if _extension(each.filename) in _TABLES] or [
        each for each in members if _extension(each.filename) in _TEXTS
    ]
    names = [each.filename for each in found]
    if task.part in names:
        return found[names.index(task.part)], names
    document = next((what for name, what in _DOCUMENTS.items() if name in opened.namelist()), None)
    if document:
        raise BinaryFile(task.filename, document)
    if not found:
        raise NoTableInside(task.filename, [each.filename for each in members])
    if len(found) > 1:
        raise SeveralTables(task.filename, names)
    return found[0], names


def _is_noise(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith(".")


def _extension(name: str) -> str:
    return PurePosixPath(name.lower()).suffix.lstrip(".")


def parts_of(source: Path, filename: str) -> list[Part]:
    """Return the tables in an archive."""
    with archive.opened(source, filename) as opened:
        members = [each.filename for each in opened.infolist() if not each.is_dir()]
    return [Part(each) for each in members if not _is_noise(each) and _extension(each) in _TABLES]


# --- gzip ---------------------------------------------------------------------------------------
def _gzip(task: Task, inner: Callable[[Task], LoadReport]) -> LoadReport:
    target = task.work_dir / "unpacked"
    _unpack_gzip(task, target)
    name = task.filename.removesuffix(".gz").removesuffix(".GZ")
    head = head_of(target)
    if head[_TAR_AT : _TAR_AT + len(_TAR_MAGIC)] == _TAR_MAGIC:
        raise PackedFile(task.filename, "TAR")
    report = inner(replace(task, source=target, head=head, filename=name))
    return _with_member(report, "GZIP", name, [])


def _unpack_gzip(task: Task, target: Path) -> None:
    """Unpack in small steps, every member of the file, counting what comes out."""
    whole, taken, written = task.source.stat().st_size, 0, 0
    unpacker = zlib.decompressobj(_EITHER_HEADER)
    tell = _tick(task, whole)
    try:
        with task.source.open("rb") as packed, target.open("wb") as sink:
            while chunk := packed.read(archive.CHUNK_BYTES):
                taken += len(chunk)
                waiting = chunk
                while waiting:
                    if unpacker.eof:
                        unpacker = zlib.decompressobj(_EITHER_HEADER)
                    piece = unpacker.decompress(waiting, archive.CHUNK_BYTES)
                    waiting = unpacker.unconsumed_tail or unpacker.unused_data
                    written += sink.write(piece)
                    _check_gzip(task, written, taken)
                tell(taken)
    except zlib.error as error:
        raise BadArchive(task.filename, say("it is damaged. Was it sent in full?")) from error
    if not unpacker.eof:
        raise BadArchive(task.filename, say("it is damaged. Was it sent in full?"))


def _check_gzip(task: Task, written: int, taken: int) -> None:
    bomb = written > archive.LEAST_RATIO_BYTES and written > archive.MOST_RATIO * taken
    if bomb or written > archive.MOST_BYTES:
        raise BadArchive(task.filename, archive.bomb())

"""ZIP archives: what is in them, checked before anything is unpacked; and one member, unpacked within limits."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tandem.catalogue.adapters.reading.refusals import BadArchive
from tandem.core.text import say

MAGIC = b"PK\x03\x04"
MOST_MEMBERS = 20_000
MOST_DIRECTORY_BYTES = 16_000_000
MOST_BYTES = 8_000_000_000
MOST_RATIO = 200
LEAST_RATIO_BYTES = 10_000_000
CHUNK_BYTES = 1_048_576
_END = b"PK\x05\x06"
_END_BYTES = 65_557


def opened(source: Path, filename: str) -> zipfile.ZipFile:
    """Open an archive and check all that it says of itself.

    Raises:
        BadArchive: Damaged, locked by a password, too many or too large members, links, or names that lead out.
    """
    _check_directory(source, filename)
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadArchive(filename, say("it is damaged. Was it sent in full?")) from error
    try:
        _check(archive, source.stat().st_size, filename)
    except BadArchive:
        archive.close()
        raise
    return archive


def _check_directory(source: Path, filename: str) -> None:
    """Look at the size of the list of members before it is read into memory."""
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - _END_BYTES))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise BadArchive(filename, say("it is damaged. Was it sent in full?"))
    _disk, count, size = struct.unpack_from("<HHI", tail, at + 8)
    if count > MOST_MEMBERS or size > MOST_DIRECTORY_BYTES:
        raise BadArchive(filename, say("more than {most} files are in it.", most=MOST_MEMBERS))


def _check(archive: zipfile.ZipFile, packed_bytes: int, filename: str) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise BadArchive(filename, say("more than {most} files are in it.", most=MOST_MEMBERS))
    for each in members:
        if _leads_out(each.filename):
            raise BadArchive(
                filename, say("the name {name} in it leads out of it.", name=repr(each.filename[:80]))
            )
        if stat.S_ISLNK(each.external_attr >> 16):
            raise BadArchive(filename, say("{name} in it is a link.", name=repr(each.filename[:80])))
        if each.flag_bits & 1:
            raise BadArchive(filename, say("it is locked by a password. Pack it without one."))
    total = sum(each.file_size for each in members)
    if total > MOST_BYTES:
        raise BadArchive(filename, _too_large())
    if total > LEAST_RATIO_BYTES and total > MOST_RATIO * packed_bytes:
        raise BadArchive(filename, bomb())


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in parts or "\0" in name or bool(re.match(r"[A-Za-z]:", name))


def _too_large() -> str:
    return say("unpacked it has more than {gigabytes} GB.", gigabytes=MOST_BYTES // 1_000_000_000)


def bomb() -> str:
    """Return what to say of something small that unpacks to something huge."""
    return say("it unpacks to over {ratio} times its size, as only an attack does.", ratio=MOST_RATIO)


def unpack(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    target: Path,
    *,
    filename: str,
    tick: Callable[[int], None],
) -> None:
    """Unpack a member, counting what really comes out.

    Raises:
        BadArchive: It is larger than it says, damaged, or packed in a way that is not known.
    """
    taken = 0
    try:
        with archive.open(member) as packed, target.open("wb") as sink:
            while chunk := packed.read(CHUNK_BYTES):
                taken += len(chunk)
                if taken > member.file_size:
                    raise BadArchive(filename, bomb())
                sink.write(chunk)
                tick(taken)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise BadArchive(
            filename, say("{name} in it is damaged.", name=repr(member.filename[:80]))
        ) from error


def names(source: Path) -> list[str]:
    """Return the names in an archive that may be damaged or hostile; none where it cannot be looked into."""
    try:
        _check_directory(source, "")
        with zipfile.ZipFile(source) as archive:
            return archive.namelist()[:MOST_MEMBERS]
    except (BadArchive, zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return []

"""Bundles as zip archives: written in one form only, read without trusting anything that they say of themselves.

An archive holds its files one after another and then the table of them, and nothing before, between or behind. Every
header is that which ``write`` makes, so that a reader rebuilds it and compares. Files are stored as they are: what
``deflate`` makes of them differs from one implementation to the next. Nothing is written to disk by reading.

Source:
    PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
"""

import os
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tandem.core.findings import Finding
from tandem.core.text import Sentence, say
from tandem.exchange.domain.bundle import (
    CRATE,
    LIMITS,
    Limits,
    Member,
    MemberKind,
    check_contents,
    check_members,
    require,
    too_many,
)
from tandem.exchange.domain.conformity import error

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_MADE_BY = 3 << 8 | 20  # on Unix, by version 2.0
_NEEDS = 20
_FLAGS = 0x0800  # names are UTF-8
_ENCRYPTED = 0x0041
_FIRST_OF_1980 = 1 << 5 | 1
_PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
_STORED, _DEFLATED = 0, 8
_IN_ZIP64 = 0xFFFFFFFF
_FOLDER_FLAG = 0x10  # of MS-DOS


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the table says of one file.

    Attributes:
        flags: Like ``attributes``, what it says; ``central`` writes what it has to say.
    """

    name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    flags: int = _FLAGS
    attributes: int = _PLAIN_FILE

    @property
    def local(self) -> bytes:
        """The header that stands before the file."""
        common = (_NEEDS, _FLAGS, self.method, 0, _FIRST_OF_1980, self.crc, self.packed, self.size)
        return _LOCAL.pack(b"PK\x03\x04", *common, len(self.name), 0) + self.name

    @property
    def central(self) -> bytes:
        """The header that stands in the table."""
        common = (_NEEDS, _FLAGS, self.method, 0, _FIRST_OF_1980, self.crc, self.packed, self.size)
        rest = (len(self.name), 0, 0, 0, 0, _PLAIN_FILE, self.offset)
        return _CENTRAL.pack(b"PK\x01\x02", _MADE_BY, *common, *rest) + self.name

    @property
    def shown(self) -> str:
        """Its name, for people."""
        return self.name.decode("utf-8", errors="replace")


# --- writing --------------------------------------------------------------------------------------
def write(files: Mapping[str, bytes], limits: Limits = LIMITS) -> bytes:
    """Return files as an archive: the same bytes for the same files, everywhere.

    Raises:
        BundleRefused: A file must not be in a bundle, or there are too many.
    """
    require(check_members([Member(name, len(each), len(each)) for name, each in files.items()], limits))
    require(check_contents(files))
    pieces, table, offset = [], [], 0
    for name in sorted(files, key=lambda name: (name != CRATE, name)):
        content = files[name]
        entry = _Entry(name.encode(), _STORED, zlib.crc32(content), len(content), len(content), offset)
        pieces += [entry.local, content]
        table.append(entry.central)
        offset += len(entry.local) + len(content)
    size = sum(map(len, table))
    return b"".join(
        [*pieces, *table, _END.pack(b"PK\x05\x06", 0, 0, len(table), len(table), size, offset, 0)]
    )


# --- reading --------------------------------------------------------------------------------------
def read(source: bytes | Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Return the files of an archive by name.

    Raises:
        BundleRefused: It is no archive of the one form, or holds what a bundle must not hold.
    """
    data = source if isinstance(source, bytes) else _loaded(source, limits)
    if len(data) > limits.archive_bytes:
        _refuse("too-large", "", say("The archive is larger than {most} bytes.", most=limits.archive_bytes))
    entries = _table(data, limits)
    require(_entry_faults(entries))
    require(check_members([_member(entry) for entry in entries], limits))
    _check_layout(data, entries)
    files = {entry.name.decode(): _unpacked(data, entry) for entry in entries}
    require(check_contents(files))
    return files


def _loaded(path: Path, limits: Limits) -> bytes:
    with path.open("rb") as file:
        return file.read(limits.archive_bytes + 1)


def _refuse(code: str, place: str, message: Sentence) -> None:
    require([error(f"archive.{code}", place, message)])


def _table(data: bytes, limits: Limits) -> list[_Entry]:
    """Return the entries of the table, whose place and length the last 22 bytes give."""
    end = data[-_END.size :]
    if len(end) < _END.size or end[:4] != b"PK\x05\x06" or end[-2:] != b"\0\0":
        behind = data.rfind(b"PK\x05\x06") >= 0
        _refuse(
            "not-an-archive", "", _behind() if behind else say("It is no archive, or its end is missing.")
        )
    _sign, disk, table_disk, here, count, size, offset, _comment = _END.unpack(end)
    if max(here, count) > limits.files:
        _refuse("too-many", "", too_many(max(here, count), limits))
    if _IN_ZIP64 in (size, offset) or data[-_END.size - 20 :][:4] == b"PK\x06\x07":
        _refuse("zip64", "", say("It is written as zip64, which is for archives larger than a bundle."))
    if (disk, table_disk, here) != (0, 0, count) or offset + size + _END.size != len(data):
        _refuse("gap", "", say("Something stands before, between or behind its files, or is missing."))
    return _entries(data[offset : offset + size], count)


def _behind() -> Sentence:
    return say("Something stands behind its end.")


def _entries(table: bytes, count: int) -> list[_Entry]:
    entries, at = [], 0
    for number in range(count):
        fields = table[at : at + _CENTRAL.size]
        if len(fields) < _CENTRAL.size or fields[:4] != b"PK\x01\x02":
            _refuse("damaged", "", say("Entry {number} of its table is damaged.", number=number + 1))
        _sign, _made, _needs, flags, method, _time, _day, crc, packed, size, *rest = _CENTRAL.unpack(fields)
        named, extra, comment, _disk, _inner, attributes, offset = rest
        at += _CENTRAL.size
        name = table[at : at + named]
        entries.append(_Entry(name, method, crc, packed, size, offset, flags, attributes))
        at += named + extra + comment
    if at != len(table):
        _refuse("damaged", "", say("Its table has another length than it says."))
    return entries


def _entry_faults(entries: Sequence[_Entry]) -> Iterator[Finding]:
    for entry in entries:
        if entry.flags & _ENCRYPTED:
            yield error("archive.encrypted", entry.shown, say("It is encrypted."))
        if entry.method not in {_STORED, _DEFLATED}:
            yield error("archive.method", entry.shown, say("It is packed by an unknown method."))
        if _IN_ZIP64 in (entry.packed, entry.size, entry.offset):
            yield error("archive.zip64", entry.shown, say("It is written as zip64."))
        if not _is_utf8(entry.name):
            yield error("archive.unsafe-name", entry.shown, say("Its name is not written in UTF-8."))


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _member(entry: _Entry) -> Member:
    kinds = {
        0: MemberKind.FILE,
        stat.S_IFREG: MemberKind.FILE,
        stat.S_IFDIR: MemberKind.FOLDER,
        stat.S_IFLNK: MemberKind.LINK,
    }
    kind = kinds.get(stat.S_IFMT(entry.attributes >> 16), MemberKind.OTHER)
    if entry.name.endswith(b"/") or entry.attributes & _FOLDER_FLAG:
        kind = MemberKind.FOLDER
    return Member(entry.name.decode(), entry.size, entry.packed, kind)


def _check_layout(data: bytes, entries: Sequence[_Entry]) -> None:
    """Rebuild every header but the files themselves, and compare."""
    at = 0
    for entry in entries:
        if entry.offset != at:
            _refuse("gap", entry.shown, say("It overlaps another file, or something stands before it."))
        if not data.startswith(entry.local, at):
            _refuse(
                "form", entry.shown, say("Its header is not of the form that bundles have. Pack it again.")
            )
        at += len(entry.local) + entry.packed
    for entry in entries:
        if not data.startswith(entry.central, at):
            _refuse(
                "form", entry.shown, say("Its entry is not of the form that bundles have. Pack it again.")
            )
        at += len(entry.central)


def _unpacked(data: bytes, entry: _Entry) -> bytes:
    begins = entry.offset + len(entry.local)
    packed = data[begins : begins + entry.packed]
    content = packed if entry.method == _STORED else _inflated(packed, entry)
    if len(content) != entry.size:
        _refuse("size", entry.shown, say("It has another size than the archive says."))
    if zlib.crc32(content) != entry.crc:
        _refuse("damaged", entry.shown, say("It is damaged."))
    return content


def _inflated(packed: bytes, entry: _Entry) -> bytes:
    """Return an inflated file, never more than a byte beyond the size it should have."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, entry.size + 1)
    except zlib.error:
        content = b""
    if len(content) <= entry.size and (not inflater.eof or inflater.unused_data):
        _refuse("damaged", entry.shown, say("It is damaged."))
    return content


# --- a folder -------------------------------------------------------------------------------------
def files_in(folder: Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Return the files of a folder by their names in a bundle; what begins with a full stop is left out.

    Raises:
        BundleRefused: There is a link in it, or it is larger than a bundle may be.
    """
    files: dict[str, bytes] = {}
    left = limits.total_bytes
    for path in _walk(folder):
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            _refuse("special", name, say("It is a link or a device. A bundle holds plain files only."))
        left -= found.st_size
        if left < 0 or found.st_size > limits.file_bytes or len(files) >= limits.files:
            _refuse("too-large", name, say("With this file there is more than a bundle may hold."))
        files[name] = path.read_bytes()
    return files


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)

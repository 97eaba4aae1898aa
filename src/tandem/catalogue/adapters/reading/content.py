"""A file's bytes: what is no table whatever its name says, and any text as UTF-8 with line feeds."""

import codecs
from collections.abc import Callable
from pathlib import Path

from tandem.catalogue.adapters.reading.refusals import BinaryFile, NoRows, PackedFile
from tandem.catalogue.domain.encoding import detect_encoding, is_binary
from tandem.core.text import say

HEAD_BYTES, CHUNK_BYTES = 262_144, 4_194_304
_PACKED = {b"PK\x03\x04": "ZIP", b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"BZh": "bzip2"}
_OTHERS = {
    b"%PDF": say("a PDF"),
    b"\xd0\xcf\x11\xe0": say("an old Office file"),
    b"SQLite format 3": say("an SQLite database"),
    b"\x89PNG": say("a picture"),
}


def head_of(source: Path) -> bytes:
    """Return a file's first bytes."""
    with source.open("rb") as opened:
        return opened.read(HEAD_BYTES)


def refuse_others(head: bytes, filename: str) -> None:
    """Refuse what no reader takes.

    Raises:
        NotATable: Nothing in it, packed, or no text.
    """
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NoRows(filename)
    for magic, kind in _PACKED.items():
        if head.startswith(magic):
            raise PackedFile(filename, kind)
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise BinaryFile(filename, what)
    if is_binary(head):
        raise BinaryFile(filename, say("a binary file"))


def as_utf8(source: Path, head: bytes, work_dir: Path, looking: Callable[[], None] = lambda: None) -> Path:
    """Return the file as UTF-8 with line feeds: itself where it is so already, else a copy.

    Marks at the beginning and stray zeros are left out.

    Args:
        source: The file.
        head: Its first bytes.
        work_dir: Where a copy goes.
        looking: Called for every few megabytes; may raise to stop.
    """
    encoding = detect_encoding(head)
    odd = b"\r\r\n" in head or b"\0" in head or _has_lone_returns(head)
    is_utf8 = encoding == "utf-8" and _is_utf8(source, looking)
    if is_utf8 and not odd:
        return source
    if encoding == "utf-8" and not is_utf8:
        encoding = "cp1252"
    target = work_dir / "utf-8"
    with source.open("rb") as opened, target.open("w", encoding="utf-8", newline="") as sink:
        decoder, held = codecs.getincrementaldecoder(encoding)(errors="replace"), ""
        lone = _has_lone_returns(head)
        while chunk := opened.read(CHUNK_BYTES):
            looking()
            piece = held + decoder.decode(chunk).replace("\0", "")
            held = piece[len(piece.rstrip("\r")) :]
            sink.write(_with_line_feeds(piece.removesuffix(held), lone))
        sink.write(_with_line_feeds(held + decoder.decode(b"", final=True), lone))
    return target


def _with_line_feeds(piece: str, lone: bool) -> str:
    """Mend line ends: a carriage return alone where all are so, or two before a line feed, as a wrong copy leaves."""
    return piece.replace("\r", "\n") if lone else piece.replace("\r\r\n", "\n")


def _has_lone_returns(head: bytes) -> bool:
    """Return whether lines end with a carriage return alone, as on old machines."""
    plain = head.replace(b"\0", b"")
    return b"\r" in plain and b"\n" not in plain


def _is_utf8(source: Path, looking: Callable[[], None]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open("rb") as opened:
        try:
            while chunk := opened.read(CHUNK_BYTES):
                looking()
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True

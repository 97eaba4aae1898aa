"""Original files: kept byte for byte, under the hash of their content, never changed."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage

from tandem.core.errors import InvalidInput, NotFound
from tandem.core.text import say

CHUNK_BYTES = 1_048_576


class EmptyFile(InvalidInput):
    """A file without a single byte."""

    code = "catalogue.empty-file"

    def __init__(self, filename: str) -> None:
        super().__init__(
            say("{filename} is empty (0 bytes). Was it saved before it was uploaded?", filename=filename)
        )


class OriginalMissing(NotFound):
    """The database knows a file that the storage has not."""

    code = "catalogue.original-missing"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            say("The original file {sha256} is not in the storage. Restore it from a backup.", sha256=sha256)
        )


@dataclass(frozen=True, slots=True)
class Original:
    """A stored file.

    Attributes:
        sha256: Hash of its content, 64 hexadecimal digits; also where it is kept.
        byte_size: Bytes.
    """

    sha256: str
    byte_size: int


def key_of(sha256: str) -> str:
    """Return where the file with that hash is kept."""
    return f"originals/{sha256[:2]}/{sha256}"


def keep(chunks: Iterable[bytes], *, filename: str, work_dir: Path) -> Original:
    """Store the bytes and return their address. The same bytes twice are stored once.

    Raises:
        EmptyFile: There are no bytes.
    """
    digest, byte_size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=work_dir, prefix="original-") as buffer:
        for chunk in chunks:
            digest.update(chunk)
            byte_size += len(chunk)
            buffer.write(chunk)
        if not byte_size:
            raise EmptyFile(filename)
        sha256 = digest.hexdigest()
        if not default_storage.exists(key_of(sha256)):
            buffer.seek(0)
            default_storage.save(key_of(sha256), File(buffer))
    return Original(sha256, byte_size)


def open_original(sha256: str) -> BinaryIO:
    """Open a stored file for reading.

    Raises:
        OriginalMissing: The storage has no such file.
    """
    try:
        return cast(BinaryIO, default_storage.open(key_of(sha256), "rb"))
    except FileNotFoundError as error:
        raise OriginalMissing(sha256) from error


def copy_to(sha256: str, target: Path) -> None:
    """Copy a stored file to ``target``, so that programs can read it by its path."""
    with open_original(sha256) as source, target.open("wb") as sink:
        for chunk in read_in_chunks(source):
            sink.write(chunk)


def read_in_chunks(source: BinaryIO) -> Iterator[bytes]:
    """Yield a file's bytes, a megabyte at a time."""
    while chunk := source.read(CHUNK_BYTES):
        yield chunk


def discard(sha256: str) -> None:
    """Remove a stored file that nothing refers to any more."""
    default_storage.delete(key_of(sha256))

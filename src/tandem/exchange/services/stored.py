"""Files in the installation's storage that stay only if what belongs to them succeeds."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage

from tandem.core.errors import Unavailable
from tandem.core.text import say


class FileMissing(Unavailable):
    """A file that was kept is not in the storage."""

    code = "exchange.stored.file-missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "The file {name} is missing in the storage. Take its bundle in again, or restore the backup.",
                name=name,
            )
        )


@contextmanager
def stored(name: str, content: bytes) -> Iterator[str]:
    """Keep a file while what happens inside succeeds; otherwise nothing of it stays."""
    kept = default_storage.save(name, File(BytesIO(content), name=name))
    try:
        yield kept
    except BaseException:
        default_storage.delete(kept)
        raise


def opened(name: str) -> "File[Any]":
    """Open a kept file.

    Raises:
        FileMissing: It is not there.
    """
    try:
        return default_storage.open(name)
    except FileNotFoundError as error:
        raise FileMissing(name) from error


def content_of(name: str) -> bytes:
    """Return what a kept file holds.

    Raises:
        FileMissing: It is not there.
    """
    with opened(name) as file:
        content: bytes = file.read()
    return content


def is_kept(name: str) -> bool:
    """Return whether a file is where it was kept."""
    return bool(name) and default_storage.exists(name)

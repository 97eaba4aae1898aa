"""Bundles in the installation's storage: open them, and see whether they are there."""

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

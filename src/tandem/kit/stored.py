"""Files in the installation's storage that stay only if what belongs to them succeeds."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from django.core.files.base import File
from django.core.files.storage import default_storage


@contextmanager
def stored(name: str, content: bytes) -> Iterator[str]:
    """Keep a file while what happens inside succeeds; otherwise nothing of it stays."""
    kept = default_storage.save(name, File(BytesIO(content), name=name))
    try:
        yield kept
    except BaseException:
        default_storage.delete(kept)
        raise

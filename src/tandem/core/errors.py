"""Every error Tandem raises on purpose.

TandemError
├── InvalidInput     the caller sent something wrong      HTTP 400  exit 2
├── NotAllowed       the caller may not do this           HTTP 403  exit 3
├── NotFound         the thing named does not exist       HTTP 404  exit 4
├── Conflict         the thing is in the wrong state      HTTP 409  exit 5
└── Unavailable      something outside did not answer     HTTP 503  exit 6

Rooms subclass one of the five beside the function that raises it. Constructors keep
data and have no side effects: no logging, no I/O.
"""

from typing import ClassVar

from tandem.core.text import Sentence


class TandemError(Exception):
    """Base class. ``str(error)`` is English, for operators; pages show its sentence translated."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    @property
    def sentence(self) -> str:
        """What went wrong: translatable where the error was made with ``say``."""
        first = self.args[0] if self.args else None
        return first if isinstance(first, Sentence) else str(self)


class InvalidInput(TandemError):
    """The caller sent something wrong."""

    code = "invalid-input"
    http_status = 400
    exit_code = 2


class NotAllowed(TandemError):
    """The caller may not do this."""

    code = "not-allowed"
    http_status = 403
    exit_code = 3


class NotFound(TandemError):
    """The thing named does not exist."""

    code = "not-found"
    http_status = 404
    exit_code = 4


class Conflict(TandemError):
    """The thing is in the wrong state for this."""

    code = "conflict"
    http_status = 409
    exit_code = 5


class Unavailable(TandemError):
    """Something outside did not answer, or not as it should."""

    code = "unavailable"
    http_status = 503
    exit_code = 6

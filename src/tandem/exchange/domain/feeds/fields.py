"""Reading the members of what came from elsewhere, each of its kind or refused."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tandem.core.city import BadCityId, check_city_id
from tandem.core.text import say
from tandem.exchange.domain.feeds.canonical import NotCanonical, read_canonical
from tandem.exchange.domain.feeds.refusal import Malformed

_HASH = re.compile(r"[0-9a-f]{64}")
_IRI = re.compile(r"https?://[^\s/?#@\"<>\\^`{|}]+/[^\s\"<>\\^`{|}]*")
_DOTS = re.compile(r"/\.{1,2}(?:/|$)")
_MOST_IRI = 2_000
_MOST_TEXT = 4_000


class Fields:
    """The members of a JSON object, of which every one must be there and none besides."""

    def __init__(self, values: Any, names: set[str], path: str) -> None:
        if not isinstance(values, dict) or values.keys() != names:
            expected = ", ".join(sorted(names))
            raise Malformed(
                say("{path} must have just these members: {names}.", path=path, names=expected), path
            )
        self._values: Mapping[str, Any] = values
        self._path = path

    def text(self, name: str) -> str:
        """Return a text of 1 to 4,000 characters."""
        value = self._values[name]
        if isinstance(value, str) and 0 < len(value) <= _MOST_TEXT:
            return value
        raise self._wrong(name)

    def hash(self, name: str) -> str:
        """Return a SHA-256 in 64 lower-case hexadecimal digits."""
        value = self.text(name)
        if is_hash(value):
            return value
        raise self._wrong(name)

    def iri(self, name: str) -> str:
        """Return an IRI that may name something."""
        value = self.text(name)
        if is_iri(value):
            return value
        raise self._wrong(name)

    def city(self, name: str) -> str:
        """Return a city's id."""
        try:
            return check_city_id(self.text(name))
        except BadCityId as error:
            raise self._wrong(name) from error

    def number(self, name: str) -> int:
        """Return a whole number, zero or more."""
        value = self._values[name]
        if type(value) is int and value >= 0:
            return value
        raise self._wrong(name)

    def moment(self, name: str) -> datetime:
        """Return a moment in UTC, written to the second."""
        text = self.text(name)
        try:
            moment = datetime.fromisoformat(text)
            is_as_written = moment.utcoffset() is not None and in_utc(moment) == text
        except (ValueError, OverflowError) as error:
            raise self._wrong(name) from error
        if not is_as_written:
            raise self._wrong(name)
        return moment

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object."""
        value = self._values[name]
        if isinstance(value, dict):
            return value
        raise self._wrong(name)

    def rows(self, name: str) -> list[Any]:
        """Return a list."""
        value = self._values[name]
        if isinstance(value, list):
            return value
        raise self._wrong(name)

    def constant(self, name: str, value: str) -> None:
        """Refuse anything but one value."""
        if self._values[name] != value:
            raise self._wrong(name)

    def _wrong(self, name: str) -> Malformed:
        sentence = say("{path}: the member {name} is not as it should be.", path=self._path, name=name)
        return Malformed(sentence, self._path)


def is_hash(value: object) -> bool:
    """Return whether a value is a SHA-256 in hexadecimal.

    >>> is_hash("0" * 64), is_hash("0" * 63)
    (True, False)
    """
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def is_iri(value: object) -> bool:
    """Return whether a value may name something: an address in NFC, without white space, user name or dot segments.

    >>> is_iri("https://hamm.example/m/1"), is_iri("https://hamm.example/../m"), is_iri("https://hamm.example")
    (True, False, False)
    """
    return (
        isinstance(value, str)
        and len(value) <= _MOST_IRI
        and _IRI.fullmatch(value) is not None
        and unicodedata.is_normalized("NFC", value)
        and not _DOTS.search(value)
    )


def in_utc(moment: datetime) -> str:
    """Write a moment to the second, in UTC.

    >>> in_utc(datetime(2026, 6, 1, 9, 30, tzinfo=UTC))
    '2026-06-01T09:30:00Z'
    """
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def parsed(data: bytes, path: str) -> Any:
    """Return what canonical JSON says.

    Raises:
        Malformed: It is none.
    """
    try:
        return read_canonical(data)
    except NotCanonical as error:
        raise Malformed(say("{path}: {problem}", path=path, problem=error.sentence), path) from error

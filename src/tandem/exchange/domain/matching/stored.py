"""Profiles and calls as plain JSON, and what went into a matching with the hash that names it.

Reading checks the shape; what the values mean is checked by ``checks``.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from tandem.core.city import CityCode
from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.matching.profiles import (
    Call,
    CityProfile,
    Entry,
    Key,
    NoGo,
    Tandem,
    key,
    pairs_of,
)

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "different_countries": bool,
    "one_sided_percent": int,
    "size_percent": int,
    "kind_percent": int,
    "largest": int,
    "word": str,
    "time_limit_s": (int, float),
}
RULES = tuple(_KINDS)
"""Of a call, all but its tandems."""


class BadStored(InvalidInput):
    """A profile or a call that was kept as JSON is of another shape."""

    code = "exchange.matching.bad-stored"

    def __init__(self, what: str) -> None:
        super().__init__(
            say("This is no profile or call that can be read: {what}. Enter it once more.", what=what)
        )


# --- profiles -------------------------------------------------------------------------------------
def profile_as_json(profile: CityProfile) -> dict[str, Any]:
    """Return a profile as plain JSON that ``read_profile`` reads."""
    values = asdict(profile)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def read_profile(stored: Mapping[str, Any]) -> CityProfile:
    """Return the profile that ``profile_as_json`` wrote down.

    Raises:
        BadStored: It is of another shape.
    """
    try:
        return CityProfile(
            id=_text(stored["id"]),
            names=_texts(stored["names"]),
            country=_text(stored["country"]),
            languages=_names(stored["languages"]),
            population=_whole(stored["population"]),
            kind=_whole(stored["kind"]),
            capacity=_whole(stored["capacity"]),
            needs=tuple(_entry(each) for each in stored["needs"]),
            offers=tuple(_entry(each) for each in stored["offers"]),
            no_gos=tuple(NoGo(_text(each["city_id"]), _text(each["reason"])) for each in stored["no_gos"]),
            agreed_with=_names(stored["agreed_with"]),
            codes=tuple(_code(each) for each in stored["codes"]),
            active=_of(bool, stored["active"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadStored(str(error)) from error


def _entry(stored: Mapping[str, Any]) -> Entry:
    return Entry(_text(stored["topic"]), _whole(stored["weight"]), _texts(stored["texts"]))


def _code(stored: Mapping[str, Any]) -> CityCode:
    return CityCode(_text(stored["scheme"]), _whole(stored["year"]), _text(stored["code"]))


def _of(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(repr(value)[:80])
    return value


def _text(value: Any) -> str:
    return str(_of(str, value))


def _whole(value: Any) -> int:
    return int(_of(int, value))


def _names(values: Any) -> tuple[str, ...]:
    return tuple(_text(each) for each in _of((list, tuple), values))


def _texts(values: Any) -> dict[str, str]:
    return {_text(language): _text(text) for language, text in _of(Mapping, values).items()}


# --- calls ----------------------------------------------------------------------------------------
def rules_as_json(call: Call) -> dict[str, Any]:
    """Return by what a call compares, its tandems left out."""
    return {name: getattr(call, name) for name in RULES}


def read_call(stored: Mapping[str, Any], tandems: Iterable[Iterable[str]]) -> Call:
    """Return a call; a rule that is not stored is as in ``Call``.

    Raises:
        BadStored: A rule is of another kind.
    """
    known = {each.name for each in fields(Call)}
    try:
        given = {name: _of(_KINDS[name], value) for name, value in stored.items() if name in known}
        return Call(**given, tandems=read_tandems(tandems))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadStored(str(error)) from error


def read_tandems(stored: Iterable[Iterable[str]]) -> tuple[Tandem, ...]:
    """Return tandems, each with its cities in the order of the alphabet."""
    return tuple(tuple(sorted(_text(each) for each in tandem)) for tandem in stored)


# --- inputs ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a matching depends on.

    Attributes:
        call: With the tandems that stand; where a city has left, those that stood before.
        fixed: Pairs that people want together: they take up places as tandems do, but have yet to agree.
        left: The city that has left; empty where none has.
        let_go: Tandems that need not stand after it has left.
    """

    profiles: tuple[CityProfile, ...]
    call: Call
    fixed: tuple[Key, ...] = ()
    left: str = ""
    let_go: tuple[Tandem, ...] = ()

    @property
    def whole_call(self) -> Call:
        """The call with the fixed pairs beside the tandems that stand."""
        within = {pair for tandem in self.call.tandems for pair in pairs_of(tandem)}
        new = sorted({key(*each) for each in self.fixed} - within)
        return replace(self.call, tandems=(*self.call.tandems, *new))

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON; the order in which cities or tandems came is not in it."""
        return {
            "profiles": sorted(
                (profile_as_json(each) for each in self.profiles), key=lambda each: each["id"]
            ),
            "call": {**rules_as_json(self.call), "tandems": sorted(list(each) for each in self.call.tandems)},
            "fixed": sorted(list(each) for each in self.fixed),
            "left": self.left,
            "let_go": sorted(list(each) for each in self.let_go),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what ``as_json`` wrote down.

        Raises:
            BadStored: It is of another shape.
        """
        call = {name: value for name, value in stored["call"].items() if name != "tandems"}
        return cls(
            tuple(read_profile(each) for each in stored["profiles"]),
            read_call(call, stored["call"]["tandems"]),
            tuple(key(*each) for each in stored["fixed"]),
            _text(stored["left"]),
            read_tandems(stored["let_go"]),
        )

    def digest(self) -> str:
        """Return the SHA-256 of the inputs, in hexadecimal: the same inputs, the same result."""
        return hashlib.sha256(canonical(self.as_json())).hexdigest()

"""Versions of measures: Semantic Versioning 2.0.0."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import total_ordering

from tandem.core.errors import InvalidInput
from tandem.core.text import say

_NUMBER = "0|[1-9][0-9]{0,8}"
_LABEL = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
PATTERN = (
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_LABEL}(?:\.{_LABEL})*))?"
    r"(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


class BadVersion(InvalidInput):
    """A text is no version."""

    code = "exchange.bad-version"

    def __init__(self, text: str) -> None:
        super().__init__(
            say("“{text}” is no version. Use three numbers: 1.0.0, or 1.1.0-draft.1.", text=text)
        )


class Change(StrEnum):
    """How much a new version changes, for whoever adopted the one before."""

    MAJOR = "major"  # what was adopted has to be adopted anew
    MINOR = "minor"  # something was added
    PATCH = "patch"  # something was mended


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A version.

    Attributes:
        prerelease: Labels behind ``-``; a version that has some comes before the one without.
        build: Labels behind ``+``; versions that differ only in them are equal.

    Source:
        Semantic Versioning 2.0.0, clauses 9 to 11.
    """

    major: int
    minor: int
    patch: int
    prerelease: tuple[str, ...] = ()
    build: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        core = f"{self.major}.{self.minor}.{self.patch}"
        return core + _joined("-", self.prerelease) + _joined("+", self.build)

    def __lt__(self, other: "Version") -> bool:
        return self.precedence < other.precedence

    @property
    def precedence(self) -> tuple[object, ...]:
        """What versions are ordered by; numbers come before words."""
        labels = tuple((0, len(each), each) if each.isdigit() else (1, 0, each) for each in self.prerelease)
        return (self.major, self.minor, self.patch, not labels, labels)

    def next(self, change: Change) -> "Version":
        """Return the release that follows this one by a change.

        >>> str(parse("1.4.2").next(Change.MINOR)), str(parse("2.0.0-draft.1").next(Change.MAJOR))
        ('1.5.0', '2.0.0')
        """
        release = Version(self.major, self.minor, self.patch)
        match change:
            case Change.MAJOR:
                stays, follows = (self.minor, self.patch) == (0, 0), Version(self.major + 1, 0, 0)
            case Change.MINOR:
                stays, follows = self.patch == 0, Version(self.major, self.minor + 1, 0)
            case Change.PATCH:
                stays, follows = True, Version(self.major, self.minor, self.patch + 1)
        return release if self.prerelease and stays else follows


def parse(text: str) -> Version:
    """Return the version that a text writes.

    Raises:
        BadVersion: It writes none.

    >>> parse("1.0.0-draft.2") < parse("1.0.0-draft.10") < parse("1.0.0")
    True
    """
    found = re.fullmatch(PATTERN, text)
    if not found:
        raise BadVersion(text)
    major, minor, patch, prerelease, build = found.groups()
    return Version(int(major), int(minor), int(patch), _split(prerelease), _split(build))


def _split(labels: str | None) -> tuple[str, ...]:
    return tuple(labels.split(".")) if labels else ()


def _joined(sign: str, labels: tuple[str, ...]) -> str:
    return sign + ".".join(labels) if labels else ""

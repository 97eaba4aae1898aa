"""Which number the next version of a measure should have, by what changed for whoever adopted the one before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tandem.core.errors import Conflict
from tandem.core.parts import Part
from tandem.core.text import say
from tandem.exchange.domain.semver import Change, Version, parse

FIRST = Version(1, 0, 0)


class NotNewer(Conflict):
    """A version has to come after those that were given out."""

    code = "exchange.not-newer"

    def __init__(self, number: str, newest: str) -> None:
        super().__init__(
            say(
                "{number} does not come after {newest}, which was given out already. Take a higher number.",
                number=number,
                newest=newest,
            )
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a part decides how much a change to it matters.

    Attributes:
        wanted: Keys of the inputs that an adopting city has to fill in.
        fields: Keys of its fields.
        files: Names of its files.
    """

    key: str
    wanted: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


def outline(part: Part) -> Outline:
    """Return the outline of a part."""
    wanted = frozenset(each.key for each in part.inputs if each.default is None)
    return Outline(part.key, wanted, frozenset(part.fields), frozenset(part.files))


def change_between(
    before: Sequence[Outline], after: Sequence[Outline], *, indicators: Mapping[str, Iterable[str]]
) -> Change:
    """Return how much changed.

    A part that is gone, and one that asks for more, make whoever adopted it adopt it anew. A new part, a new field or
    file of a part and a new indicator add something. Everything else mends.

    Args:
        before: Of the version before.
        after: As it would be given out now.
        indicators: Keys of the indicators, ``before`` and ``after``.

    >>> change_between([Outline("signal/a")], [Outline("signal/a"), Outline("signal/b")], indicators={})
    <Change.MINOR: 'minor'>
    """
    former = {each.key: each for each in before}
    now = {each.key: each for each in after}
    pairs = [(former[key], each) for key, each in now.items() if key in former]
    if former.keys() - now.keys() or any(each.wanted - old.wanted for old, each in pairs):
        return Change.MAJOR
    is_more = any(each.fields - old.fields or each.files - old.files for old, each in pairs)
    new_indicators = set(indicators.get("after", ())) - set(indicators.get("before", ()))
    return Change.MINOR if now.keys() - former.keys() or is_more or new_indicators else Change.PATCH


def newest_of(numbers: Iterable[str]) -> Version | None:
    """Return the highest version, None where there is none.

    >>> str(newest_of(["1.9.0", "1.10.0"]))
    '1.10.0'
    """
    return max((parse(number) for number in numbers), default=None)


def proposed(numbers: Iterable[str], change: Change) -> Version:
    """Return the number that the next version should have.

    >>> str(proposed([], Change.PATCH)), str(proposed(["1.0.0", "1.1.0"], Change.MINOR))
    ('1.0.0', '1.2.0')
    """
    newest = newest_of(numbers)
    return newest.next(change) if newest else FIRST


def check_number(number: str, numbers: Iterable[str]) -> Version:
    """Return the version that a text writes, if it comes after those that were given out.

    Raises:
        BadVersion: It writes none.
        NotNewer: It does not come after them.
    """
    version, newest = parse(number), newest_of(numbers)
    if newest is not None and not newest < version:
        raise NotNewer(number, str(newest))
    return version

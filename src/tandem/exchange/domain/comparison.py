"""A measure's indicators in two cities side by side, before and after each began with it.

A difference between before and after is no proof of an effect: seasons, other measures and chance change values, too.
So nothing is said from few values, nor from a difference that the values' own scatter may explain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt
from statistics import fmean, variance

from tandem.exchange.domain.card import Card, Indicator

LEAST_VALUES = 5
"""With fewer, on either side of the beginning, nothing is said."""
CLEAR_ERRORS = 2.0
"""How many standard errors a difference has to be."""


class Verdict(StrEnum):
    """What can be said of a difference."""

    TOO_FEW = "too-few"
    NO_CLEAR_CHANGE = "no-clear-change"
    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"  # clearly, and neither way is better


@dataclass(frozen=True, slots=True, order=True)
class Measured:
    """A value of an indicator, finite, in the indicator's unit.

    Attributes:
        on: The day it is of, or the last one of its period.
    """

    on: date
    value: float


@dataclass(frozen=True, slots=True)
class Level:
    """Some values of an indicator as one.

    Attributes:
        mean: None where there are none.
        error: Standard error of the mean, same unit; None with fewer than two values.
    """

    count: int
    mean: float | None = None
    error: float | None = None

    @classmethod
    def of(cls, values: Sequence[float]) -> "Level":
        """Return the level of some values.

        >>> Level.of([10.0, 14.0])
        Level(count=2, mean=12.0, error=2.0)
        """
        if not values:
            return cls(0)
        error = sqrt(variance(values) / len(values)) if len(values) > 1 else None
        return cls(len(values), fmean(values), error)


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator of one city, before and after it began.

    Attributes:
        difference: After less before, in the indicator's unit; None where either is without values.
        share: The same as a share of before, so that cities of different sizes can be compared; None where that
            was nought.
    """

    before: Level
    after: Level
    difference: float | None
    share: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """An indicator in both cities."""

    indicator: Indicator
    origin: Change
    ours: Change


def change_of(values: Iterable[Measured], *, began_on: date | None, better: str) -> Change:
    """Return how an indicator changed when a city began with a measure.

    Args:
        began_on: The first day that counts as after; None where it has not begun, or nobody knows when.
        better: ``higher``, ``lower``, or empty where neither is.

    Source:
        Welch (1947), The Generalization of Student's Problem, Biometrika 34: the standard error of a difference of
        means with unequal variances. Twice that is a rule of thumb here, not a test: values of a city's series
        depend on each other.

    >>> values = [Measured(date(2026, 1, day), 50.0 + day % 2) for day in range(1, 11)]
    >>> values += [Measured(date(2026, 2, day), 40.0 + day % 2) for day in range(1, 11)]
    >>> found = change_of(values, began_on=date(2026, 2, 1), better="lower")
    >>> found.difference, found.verdict
    (-10.0, <Verdict.BETTER: 'better'>)
    """
    held = sorted(values)
    before = Level.of([each.value for each in held if began_on is None or each.on < began_on])
    after = Level.of([each.value for each in held if began_on is not None and each.on >= began_on])
    if before.mean is None or after.mean is None:
        return Change(before, after, None, None, Verdict.TOO_FEW)
    difference = after.mean - before.mean
    share = difference / abs(before.mean) if before.mean else None
    return Change(before, after, difference, share, _verdict(before, after, difference, better))


def _verdict(before: Level, after: Level, difference: float, better: str) -> Verdict:
    if min(before.count, after.count) < LEAST_VALUES:
        return Verdict.TOO_FEW
    error = sqrt((before.error or 0.0) ** 2 + (after.error or 0.0) ** 2)
    if difference == 0 or abs(difference) < CLEAR_ERRORS * error:
        return Verdict.NO_CLEAR_CHANGE
    if not better:
        return Verdict.CHANGED
    return Verdict.BETTER if (difference > 0) == (better == "higher") else Verdict.WORSE


def compare(
    card: Card,
    ours: Mapping[str, Iterable[Measured]],
    *,
    origin_began_on: date | None,
    we_began_on: date | None,
) -> list[Comparison]:
    """Return every indicator of a measure, its origin's values beside ours.

    Args:
        card: Of the measure, with its origin's values as evidence.
        ours: Our values, by the key of the indicator.
        origin_began_on: As in ``change_of``; so is ``we_began_on``.
    """
    theirs: dict[str, list[Measured]] = {}
    for each in card.evidence:
        if each.city == card.city:
            theirs.setdefault(each.indicator, []).append(Measured(each.on, each.value))
    return [
        Comparison(
            each,
            origin=change_of(theirs.get(each.key, ()), began_on=origin_began_on, better=each.better),
            ours=change_of(ours.get(each.key, ()), began_on=we_began_on, better=each.better),
        )
        for each in card.indicators
    ]

"""The way through a list of many pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the way: a page's number, or a gap (None).

    Attributes:
        current: True for the page that is shown.
    """

    number: int | None
    current: bool = False


def steps(number: int, last: int, *, around: int = 1) -> list[Step]:
    """Return the pages to offer: the first, the last, and those around the current one.

    A gap that would hide a single page shows the page instead.

    >>> [step.number for step in steps(6, 12)]
    [1, None, 5, 6, 7, None, 12]
    >>> [step.number for step in steps(3, 5)]
    [1, 2, 3, 4, 5]
    """
    wanted = {1, last, *range(max(1, number - around), min(last, number + around) + 1)}
    found: list[Step] = []
    previous = 0
    for each in sorted(wanted):
        if each - previous == 2:
            found.append(Step(each - 1))
        elif each - previous > 2:
            found.append(Step(None))
        found.append(Step(each, current=each == number))
        previous = each
    return found

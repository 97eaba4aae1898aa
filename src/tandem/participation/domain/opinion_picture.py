"""The picture of opinion groups: where dots, outlines and letters lie, without saying who is who."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

WIDTH, HEIGHT, MARGIN = 1000.0, 640.0, 70.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """People who lie so near each other that they are drawn as one dot.

    Attributes:
        group: From 0; -1 for those of no group, or of one that is too small to be described.
    """

    x: float
    y: float
    people: int
    group: int

    @property
    def radius(self) -> float:
        """Its area grows with the people in it."""
        return round(5 + 5 * sqrt(self.people), 1)


@dataclass(frozen=True, slots=True)
class Outline:
    """A group in the picture.

    Attributes:
        corners: Of its outline, as SVG writes them.
        x: Of its letter, in the middle of its people.
    """

    group: int
    corners: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything in a square of ``WIDTH`` and ``HEIGHT``, the y axis downwards."""

    dots: tuple[Dot, ...]
    outlines: tuple[Outline, ...]


def picture(places: Sequence[tuple[float, float, int, int]]) -> Picture:
    """Return where to draw places of people.

    Args:
        places: x and y in any unit, how many people, and their group.
    """
    if not places:
        return Picture((), ())
    middle, scale = _frame([(x, y) for x, y, _people, _group in places])
    dots = tuple(
        Dot(
            round(WIDTH / 2 + (x - middle[0]) * scale, 1),
            round(HEIGHT / 2 - (y - middle[1]) * scale, 1),
            people,
            group,
        )
        for x, y, people, group in places
    )
    groups = sorted({each.group for each in dots if each.group >= 0})
    return Picture(
        dots, tuple(_outline(group, [each for each in dots if each.group == group]) for group in groups)
    )


def _frame(points: Sequence[Point]) -> tuple[Point, float]:
    """Return the middle of points, and the scale at which all of them fit in."""
    (left, right), (low, high) = ((min(each), max(each)) for each in zip(*points, strict=True))
    room = min((WIDTH - 2 * MARGIN) / max(right - left, 1e-9), (HEIGHT - 2 * MARGIN) / max(high - low, 1e-9))
    return ((left + right) / 2, (low + high) / 2), min(room, 1e6)


def _outline(group: int, dots: Sequence[Dot]) -> Outline:
    corners = hull([(each.x, each.y) for each in dots])
    people = sum(each.people for each in dots)
    return Outline(
        group,
        " ".join(f"{x:g},{y:g}" for x, y in corners),
        round(sum(each.x * each.people for each in dots) / people, 1),
        round(sum(each.y * each.people for each in dots) / people, 1),
    )


def hull(points: Sequence[Point]) -> list[Point]:
    """Return the corners of the smallest convex outline around points.

    Source: Andrew (1979), Another efficient algorithm for convex hulls in two dimensions.

    >>> hull([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2)])
    [(0, 0), (2, 0), (2, 2), (0, 2)]
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _half(ordered)[:-1] + _half(ordered[::-1])[:-1]


def _half(points: Sequence[Point]) -> list[Point]:
    found: list[Point] = []
    for point in points:
        while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
            found.pop()
        found.append(point)
    return found


def _turn(start: Point, middle: Point, end: Point) -> float:
    """Return above 0 for a turn to the left."""
    return (middle[0] - start[0]) * (end[1] - start[1]) - (middle[1] - start[1]) * (end[0] - start[0])


def letter(group: int) -> str:
    """Return what a group is called.

    >>> letter(0), letter(4)
    ('A', 'E')
    """
    return chr(ord("A") + group)


def shares(agree: int, disagree: int, seen: int) -> Mapping[str, int]:
    """Return whole per cents that add up to 100; what rounding leaves goes where most was cut off.

    >>> shares(1, 1, 3)
    {'agree': 34, 'disagree': 33, 'pass': 33}
    """
    counts = {"agree": agree, "disagree": disagree, "pass": seen - agree - disagree}
    whole = max(seen, 1)
    found = {name: 100 * count // whole for name, count in counts.items()}
    rests = sorted(counts, key=lambda name: -(100 * counts[name] % whole))
    for name in rests[: 100 - sum(found.values()) if seen else 0]:
        found[name] += 1
    return found

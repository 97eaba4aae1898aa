"""Invented districts: a hexagon in the middle and six around it. They follow no real boundary."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

Point = tuple[float, float]

# Directions of the corners, clockwise from the upper left: eastwards, northwards.
_CORNERS = ((-0.5, 0.866), (0.5, 0.866), (1.0, 0.0), (0.5, -0.866), (-0.5, -0.866), (-1.0, 0.0))
_REACH = (1.0, 0.92, 1.05, 0.97, 1.02, 0.95)
_INNER_DEG, _OUTER_DEG = 0.016, 0.048
_EAST_PER_NORTH = 1.5  # a degree of longitude is about two thirds of one of latitude here


@dataclass(frozen=True, slots=True)
class District:
    """A district.

    Attributes:
        code: Two digits, a zero in front.
        corners: Its outline counter-clockwise, each corner as longitude and latitude in degrees (WGS 84).
    """

    code: str
    name: str
    corners: tuple[Point, ...]

    def point(self, random: Random) -> Point:
        """Return a random point inside, as longitude and latitude in degrees."""
        first = random.choice((0, 3)) if len(self.corners) == 6 else 0  # a hexagon is two quadrilaterals
        a, b, c, d = (self.corners[(first + step) % len(self.corners)] for step in range(4))
        across, along = random.uniform(0.03, 0.97), random.uniform(0.03, 0.97)
        return _between(_between(a, b, across), _between(d, c, across), along)

    def outline(self) -> dict[str, object]:
        """Return the outline as a GeoJSON polygon."""
        return {
            "type": "Polygon",
            "coordinates": [[list(corner) for corner in (*self.corners, self.corners[0])]],
        }


def around(longitude: float, latitude: float, names: Sequence[str]) -> tuple[District, ...]:
    """Return seven districts around a point: the middle, then clockwise from the north.

    Args:
        longitude: Degrees east.
        latitude: Degrees north.
        names: Seven names, the middle's first.
    """

    def ring(radius_deg: float, reach: Sequence[float]) -> list[Point]:
        return [
            (
                round(longitude + east * radius_deg * share * _EAST_PER_NORTH, 5),
                round(latitude + north * radius_deg * share, 5),
            )
            for (east, north), share in zip(_CORNERS, reach, strict=True)
        ]

    inner, outer = ring(_INNER_DEG, [1.0] * 6), ring(_OUTER_DEG, _REACH)
    sectors = [
        (inner[this], inner[following], outer[following], outer[this])
        for this, following in zip(range(6), (1, 2, 3, 4, 5, 0), strict=True)
    ]
    shapes = [tuple(reversed(inner)), *sectors]
    return tuple(
        District(f"{index:02}", name, corners)
        for index, (name, corners) in enumerate(zip(names, shapes, strict=True), start=1)
    )


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

"""Tiles of a map: squares of Web Mercator, named by zoom, column and row."""

from dataclasses import dataclass

from tandem.core.errors import NotFound
from tandem.core.text import say

HALF_WORLD_M = 20_037_508.342789244
MOST_ZOOM = 22
PIXELS = 256


class NoTile(NotFound):
    """The map has no such tile."""

    code = "catalogue.tiles.no-tile"

    def __init__(self, zoom: int, column: int, row: int) -> None:
        super().__init__(say("There is no tile {tile}.", tile=f"{zoom}/{column}/{row}"))


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map.

    Attributes:
        zoom: 0 for the whole world in one tile; each further level has four times as many.
        column: From the west.
        row: From the north.

    >>> Tile(1, 1, 0).west_m, round(Tile(0, 0, 0).pixel_m)
    (0.0, 156543)
    """

    zoom: int
    column: int
    row: int

    def __post_init__(self) -> None:
        if self.zoom > MOST_ZOOM or max(self.column, self.row) >= 1 << self.zoom:
            raise NoTile(self.zoom, self.column, self.row)

    @property
    def side_m(self) -> float:
        """Length of a side in metres of the projection."""
        return 2 * HALF_WORLD_M / (1 << self.zoom)

    @property
    def pixel_m(self) -> float:
        """Length of a pixel in metres of the projection."""
        return self.side_m / PIXELS

    @property
    def west_m(self) -> float:
        """Metres east of Greenwich where the tile begins."""
        return self.column * self.side_m - HALF_WORLD_M

    @property
    def south_m(self) -> float:
        """Metres north of the equator where the tile begins."""
        return HALF_WORLD_M - (self.row + 1) * self.side_m

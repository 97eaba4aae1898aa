"""Tiles of collections, kept in memory as long as they are asked for."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse

from tandem.catalogue.adapters import tiles
from tandem.catalogue.adapters.query import Filter
from tandem.catalogue.domain.telling import telling_columns
from tandem.catalogue.domain.tile import Tile
from tandem.catalogue.services.features import Collection, extent_of
from tandem.kit.maps import Layer

TILED_FROM = 2_000
KEPT_BYTES = 32_000_000


class _Kept:
    """Tiles that were made, the latest used last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tiles: OrderedDict[Any, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: Any) -> bytes | None:
        """Return a tile, if it is there."""
        with self.lock:
            if key in self.tiles:
                self.tiles.move_to_end(key)
            return self.tiles.get(key)

    def put(self, key: Any, made: bytes) -> None:
        """Keep a tile; the ones not asked for longest make room."""
        with self.lock:
            self.size += len(made) - len(self.tiles.get(key, b""))
            self.tiles[key] = made
            while self.size > KEPT_BYTES or len(self.tiles) > 20_000:
                _key, gone = self.tiles.popitem(last=False)
                self.size -= len(gone)


_kept = _Kept()


def tile_of(found: Collection, tile: Tile, parameters: Mapping[str, Sequence[str]]) -> bytes:
    """Return a tile of a collection; empty where nothing lies in it.

    Args:
        parameters: A query string's, with the filters of the table's page.

    Raises:
        BadQuery: A filter that cannot be.
    """
    asked = found.table.ask(parameters)
    filters = [Filter(each.key, each.op, each.value) for each in asked.conditions]
    key = (found.table.version.pk, tile, tuple((each.key, each.op, repr(each.value)) for each in filters))
    made = _kept.get(key)
    if made is None:
        told = telling_columns(found.table.columns)
        shapes = bool(found.located.geometry)
        made = tiles.tile_of(found.file(), tile, told=told, filters=filters, shapes=shapes)
        _kept.put(key, made)
    return made


def tiled(layer: Layer, found: Collection, *, make: bool = True) -> Layer:
    """Return a layer whose features come in tiles; a query of its GeoJSON address goes along.

    Args:
        make: False leaves the bounds open where they are not known without reading the table.
    """
    _path, _, query = layer.geojson_url.partition("?")
    root = reverse("tile", args=[found.id, 0, 0, 0]).removesuffix("0/0/0.mvt")
    told = telling_columns(found.table.columns)
    return replace(
        layer,
        tiles_url=f"{root}{{z}}/{{x}}/{{y}}.mvt{f'?{query}' if query else ''}",
        items_url=reverse("features-items", args=[found.id]),
        title_key=told[0].key if told else "",
        bounds=extent_of(found, make=make),
    )

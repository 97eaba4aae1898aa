"""Vector tiles: every place is in exactly one tile of a level, and GDAL reads them."""

import math
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tandem.catalogue.adapters import tiles as tile_adapter
from tandem.catalogue.domain.tile import NoTile, Tile
from tandem.catalogue.services import tiles
from tandem.catalogue.services.features import collection
from tandem.kit.maps import Layer
from tests.catalogue.features.conftest import publish

raw = pytest.importorskip("pyogrio.raw")
pyogrio = pytest.importorskip("pyogrio")
pytestmark = pytest.mark.django_db
BOX = (7.70, 51.60, 7.90, 51.70)


def at(zoom: int, longitude: float, latitude: float) -> tuple[int, int]:
    """Return column and row of the tile that holds a place."""
    side = 2**zoom
    north = math.asinh(math.tan(math.radians(latitude))) / math.pi
    return int((longitude + 180) / 360 * side), int((1 - north) / 2 * side)


def all_tiles(client: Client, name: str, zoom: int, query: str = "") -> list[bytes]:
    """Return the tiles of a level that hold something of the city."""
    (west, north), (east, south) = at(zoom, BOX[0], BOX[3]), at(zoom, BOX[2], BOX[1])
    answers = [
        client.get(f"/tiles/{name}/{zoom}/{column}/{row}.mvt{query}")
        for column in range(west - 1, east + 2)
        for row in range(north - 1, south + 2)
    ]
    assert {each.status_code for each in answers} <= {200, 204}
    return [each.content for each in answers if each.status_code == 200]


def layers(tile: bytes, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what GDAL reads of a tile: the properties of the features of each layer."""
    path = folder / "tile.mvt"
    path.write_bytes(tile)
    found = {}
    for name, _kind in pyogrio.list_layers(f"MVT:{path}"):
        meta, _fids, _geometries, values = raw.read(f"MVT:{path}", layer=name)
        columns = {key: list(each) for key, each in zip(meta["fields"], values, strict=True)}
        size = max((len(each) for each in columns.values()), default=0)
        found[name] = [{key: each[number] for key, each in columns.items()} for number in range(size)]
    return found


def counted(tiles_found: list[bytes], folder: Path) -> tuple[int, int]:
    """Return how many points stand alone and how many are counted, over all tiles."""
    alone = together = 0
    for each in tiles_found:
        for point in layers(each, folder).get("points", []):
            count = point.get("count")
            if count is None or math.isnan(count):
                alone += 1
            else:
                together += int(count)
    return alone, together


@pytest.mark.parametrize("zoom", [0, 5, 9, 11, 13, 15])
def test_every_place_is_counted_once(client: Client, trees: Any, tmp_path: Path, zoom: int):
    found = (
        all_tiles(client, "baeume", zoom) if zoom >= 5 else [client.get("/tiles/baeume/0/0/0.mvt").content]
    )

    alone, together = counted(found, tmp_path)
    assert alone + together == 392
    assert (together > 0) == (zoom <= 11)


def test_a_point_says_what_it_is(client: Client, trees: Any, tmp_path: Path):
    feature = client.get("/ogc/features/v1/collections/baeume/items/1").json()
    column, row = at(18, *feature["geometry"]["coordinates"])

    points = layers(client.get(f"/tiles/baeume/18/{column}/{row}.mvt").content, tmp_path)["points"]

    assert [(each["fid"], each["title"]) for each in points] == [(1, "T1")]
    assert points[0]["note"].startswith(f"Art: {feature['properties']['art']} · Pflanzdatum: ")


def test_filters_of_the_table_narrow_tiles(client: Client, trees: Any, tmp_path: Path):
    limes = client.get("/ogc/features/v1/collections/baeume/items?art=Linde&limit=1000").json()["features"]

    found = counted(all_tiles(client, "baeume", 12, "?f.art=Linde"), tmp_path)

    assert sum(found) == sum(each["geometry"] is not None for each in limes)
    assert client.get("/tiles/baeume/0/0/0.mvt?f.nothing=1").status_code == 400


def test_areas_are_drawn_where_they_can_be_seen(client: Client, districts: Any, tmp_path: Path):
    near = [layers(each, tmp_path) for each in all_tiles(client, "bezirke", 12)]
    far = [layers(each, tmp_path) for each in all_tiles(client, "bezirke", 4)]

    titles = {shape["title"] for tile in near for shape in tile.get("shapes", [])}
    assert titles == {f"Bezirk {number}" for number in range(1, 30)}
    assert [sorted(tile) for tile in far] == [["points"]]


def test_empty_tiles_and_known_ones_are_not_sent(client: Client, trees: Any):
    column, row = at(11, 7.8, 51.65)
    address = f"/tiles/baeume/11/{column}/{row}.mvt"
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    empty = client.get("/tiles/baeume/11/0/0.mvt")

    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert (again.status_code, empty.status_code, empty.content) == (304, 204, b"")


@pytest.mark.parametrize("path", ["23/0/0", "2/4/0", "2/0/4"])
def test_a_tile_outside_the_world_is_not_there(client: Client, trees: Any, path: str):
    assert client.get(f"/tiles/baeume/{path}.mvt").status_code == 404


def test_tile_outside_the_world_is_named():
    with pytest.raises(NoTile, match="2/4/0"):
        Tile(2, 4, 0)


def test_a_tile_stays_small(client: Client, db: None):
    count = tile_adapter.MOST_SHAPES + 500
    corners = ((0, 0), (9, 0), (9, 9), (0, 9), (0, 0))
    features = ",".join(
        '{"type":"Feature","properties":{"name":"N'
        f'{n}"}},"geometry":{{"type":"Polygon","coordinates":'
        f"[{[[7.7 + (n % 50) * 1e-3 + x * 1e-4, 51.6 + n // 50 * 1e-3 + y * 1e-4] for x, y in corners]}]}}}}"
        for n in range(count)
    )
    publish(
        "Gebäude", ("gebaeude.geojson", f'{{"type":"FeatureCollection","features":[{features}]}}'.encode())
    )
    column, row = at(13, 7.72, 51.62)

    assert 0 < len(client.get(f"/tiles/gebaeude/13/{column}/{row}.mvt").content) <= tile_adapter.MOST_BYTES


def test_large_tables_are_layers_of_tiles_and_small_ones_are_not(client: Client, trees: Any):
    lines = "\n".join(f"{n};{51.6 + n / 1e5:.6f};7.7" for n in range(tiles.TILED_FROM))
    publish("Viele", ("viele.csv", f"n;lat;lon\n{lines}\n".encode()))

    large = client.get("/de/data/viele/0/?view=map").content.decode()
    filtered = client.get("/de/data/viele/0/?view=map&f.n.max=50").content.decode()
    small = client.get("/de/data/baeume/0/?view=map").content.decode()
    city = client.get("/de/map/").content.decode()

    address = "/tiles/viele/{z}/{x}/{y}.mvt"
    assert [address in page for page in (large, filtered, small, city)] == [True, False, False, True]
    assert "features.geojson" in filtered
    assert "features.geojson" in small


def test_a_layer_keeps_its_filters(trees: Any):
    found = collection("baeume")

    layer = tiles.tiled(Layer("rows", "Bäume", "/x/features.geojson?f.art=Linde"), found)

    assert layer.tiles_url == "/tiles/baeume/{z}/{x}/{y}.mvt?f.art=Linde"
    assert layer.items_url == "/ogc/features/v1/collections/baeume/items"
    assert layer.bounds == pytest.approx((7.7, 51.6, 7.9, 51.7), abs=0.01)

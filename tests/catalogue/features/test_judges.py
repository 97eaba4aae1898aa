"""Programs that cities use read our features from a live server: GDAL's OAPIF driver, and owslib."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tandem.catalogue.models import Dataset

pytest.importorskip("pyogrio")
ogc_features = pytest.importorskip("owslib.ogcapi.features")
ROOT = "/ogc/features/v1"
READER = Path(__file__).with_name("gdal_reader.py")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(live_server: Any) -> str:
    """Return where the live server's features are, as a program would be given it."""
    return f"{live_server.url.replace('localhost', '127.0.0.1')}{ROOT}"


def gdal(address: str, **options: Any) -> Any:
    """Return what GDAL says of the API; ``layer`` and further options as pyogrio takes them."""
    command = [sys.executable, str(READER), f"OAPIF:{address}", json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_gdal_lists_the_collections(address: str, trees: Dataset, districts: Dataset):
    assert sorted(name for name, _kind in gdal(address)) == ["baeume", "bezirke"]


def test_gdal_reads_every_feature_over_pages(address: str, trees: Dataset):
    found = gdal(address, layer="baeume", PAGE_SIZE="90")

    assert (len(found["points"]), found["points"].count(None)) == (400, 8)
    assert found["columns"]["nummer"] == [f"T{number}" for number in range(1, 401)]
    assert 'AUTHORITY["OGC","CRS84"]' in found["crs"]
    assert found["geometry_type"] == "Point"


def test_gdal_reads_areas(address: str, districts: Dataset):
    found = gdal(address, layer="bezirke")

    assert (len(found["points"]), found["points"].count(None)) == (30, 1)
    assert sum(found["columns"]["einwohner"]) == sum(1000 + 37 * number for number in range(30))


def test_gdal_asks_by_a_box(address: str, trees: Dataset):
    everywhere = gdal(address, layer="baeume")["points"]
    near = gdal(address, layer="baeume", bbox=(7.75, 51.62, 7.80, 51.66))["points"]

    expected = [each for each in everywhere if each and 7.75 <= each[0] <= 7.80 and 51.62 <= each[1] <= 51.66]
    assert near == expected
    assert 0 < len(expected) < 392


@pytest.mark.parametrize(
    ("crs", "least", "most"),
    [
        ("EPSG:25832", (409_000, 5_715_000), (426_000, 5_730_000)),
        ("EPSG:3857", (857_000, 6_724_000), (880_000, 6_747_000)),
    ],
)
def test_gdal_reads_another_reference_system(address: str, trees: Dataset, crs: str, least: Any, most: Any):
    found = gdal(address, layer="baeume", CRS=crs)

    assert found["crs"] == crs
    assert all(least[0] < x < most[0] and least[1] < y < most[1] for x, y in filter(None, found["points"]))


def test_gdal_swaps_latitude_and_longitude_as_the_authority_wants(address: str, trees: Dataset):
    plain = gdal(address, layer="baeume")["points"]
    found = gdal(address, layer="baeume", CRS="EPSG:4258")

    assert found["crs"] == "EPSG:4258"
    assert found["points"] == [each and pytest.approx(each) for each in plain]


def test_gdal_sends_its_filters_as_cql2(address: str, trees: Dataset):
    everything = gdal(address, layer="baeume")["columns"]
    found = gdal(address, layer="baeume", where="umfang > 200 AND art = 'Linde'")["columns"]

    rows = zip(everything["nummer"], everything["umfang"], everything["art"], strict=True)
    assert found["nummer"] == [number for number, girth, kind in rows if girth > 200 and kind == "Linde"]


def test_owslib_walks_through_the_api(address: str, trees: Dataset, districts: Dataset):
    api = ogc_features.Features(f"{address}/")

    first = api.collection_items("baeume", limit=10)
    boxed = api.collection_items("baeume", bbox=[7.75, 51.62, 7.80, 51.66], limit=1_000)
    filtered = api.collection_items("baeume", filter="art = 'Eiche' AND umfang < 100", limit=1_000)
    one = api.collection_item("baeume", "7")

    assert sorted(api.feature_collections()) == ["baeume", "bezirke"]
    assert any(each.endswith("/conf/core") for each in api.conformance()["conformsTo"])
    assert (first["numberMatched"], first["numberReturned"]) == (400, 10)
    assert [each["id"] for each in first["features"]] == list(range(1, 11))
    assert all(7.75 <= each["geometry"]["coordinates"][0] <= 7.80 for each in boxed["features"])
    assert {each["properties"]["art"] for each in filtered["features"]} == {"Eiche"}
    assert one["properties"]["nummer"] == "T7"
    assert set(api.collection_queryables("baeume")["properties"]) >= {"art", "umfang", "geometry"}
    assert api.api()["openapi"].startswith("3.0")


def test_owslib_goes_from_page_to_page(address: str, trees: Dataset):
    api = ogc_features.Features(f"{address}/")

    pages = [api.collection_items("baeume", limit=150, offset=offset) for offset in (0, 150, 300, 450)]

    numbers = [each["id"] for page in pages for each in page["features"]]
    assert numbers == list(range(1, 401))

"""OGC API Features as programs and people meet it: pages, errors, paging, reference systems, what is not shown."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone

from tandem.catalogue.adapters import features, places
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import publishing, tables
from tandem.catalogue.services.features import collection
from tests.catalogue.features.conftest import districts_geojson, publish, trees_csv

ROOT = "/ogc/features/v1"
ITEMS = f"{ROOT}/collections/baeume/items"
pytestmark = pytest.mark.django_db


def get(client: Client, path: str, **query: Any) -> Any:
    """Return a document."""
    answer = client.get(path, {**query, "f": "json"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def everything(client: Client, **query: Any) -> list[dict[str, Any]]:
    """Return the features of every page."""
    found, answer = [], get(client, ITEMS, **query)
    while True:
        found += answer["features"]
        following = [each["href"] for each in answer["links"] if each["rel"] == "next"]
        if not following:
            return found
        answer = client.get(following[0]).json()


ADDRESSES = (
    ROOT,
    f"{ROOT}/conformance",
    f"{ROOT}/api",
    f"{ROOT}/collections",
    f"{ROOT}/collections/bezirke",
    f"{ROOT}/collections/baeume/queryables",
    f"{ITEMS}?limit=5",
    f"{ITEMS}?limit=5&after=390&filter=umfang>0",
    f"{ITEMS}?art=Palme",
    f"{ITEMS}/3",
    f"{ROOT}/collections/bezirke/items/1",
)


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_every_address_is_a_page_for_people(page_client: Client, trees: Any, districts: Any, language: str):
    for address in ADDRESSES:
        answer = page_client.get(address, headers={"Accept": "text/html", "Accept-Language": language})
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8"), address


def test_programs_get_json_without_asking_and_browsers_a_page(client: Client, trees: Any):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    kinds = [
        client.get(ITEMS, headers={"Accept": accept} if accept else {})["Content-Type"].partition(";")[0]
        for accept in ("", "*/*", "application/geo+json", browser)
    ]
    assert kinds == ["application/geo+json"] * 3 + ["text/html"]
    assert (
        client.get(f"{ITEMS}?f=geojson", headers={"Accept": browser})["Content-Type"]
        == "application/geo+json"
    )


def test_the_openapi_document_is_valid(client: Client, trees: Any):
    from schemathesis.specs.openapi import definitions  # its copy of the official schema of OpenAPI 3.0

    answer = client.get(f"{ROOT}/api")
    document = answer.json()

    jsonschema.validate(document, definitions.OPENAPI_30)
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    for path in document["paths"]:
        address = path.replace("{collectionId}", "baeume").replace("{featureId}", "1")
        assert client.get(f"{ROOT}{address}", headers={"Accept": "application/json"}).status_code == 200, path


def test_pages_hold_each_feature_once_in_the_tables_order(client: Client, trees: Any):
    assert [each["id"] for each in everything(client, limit=37)] == list(range(1, 401))
    filtered = [each["id"] for each in everything(client, limit=7, filter="umfang < 100")]
    whole = [
        each["id"]
        for each in get(client, ITEMS, limit=1_000)["features"]
        if each["properties"]["umfang"] < 100
    ]
    assert filtered == whole


def test_pages_are_in_order_over_many_blocks(client: Client, db: None):
    count = 3 * places.ROW_GROUP + 5
    lines = "\n".join(f"{number};{51.6 + number / 1e6:.6f};7.7" for number in range(count))
    publish("Viele", ("viele.csv", f"n;lat;lon\n{lines}\n".encode()))

    file = collection("viele").file()
    numbers = [
        features.page(file, [], [], after=after, limit=700).numbers
        for after in (0, places.ROW_GROUP - 9, 40_000)
    ]

    assert numbers == [list(range(begin + 1, begin + 701)) for begin in (0, places.ROW_GROUP - 9, 40_000)]
    assert get(client, f"{ROOT}/collections/viele/items", limit=1)["numberMatched"] == count


def test_a_feature_keeps_its_number_when_the_cache_is_made_anew(client: Client, trees: Dataset):
    before = client.get(f"{ITEMS}/77").json()
    version = Distribution.objects.get().current
    tables.parquet_path(version.pk).unlink()
    places.discard(tables.parquet_path(version.pk))

    tables.rebuild_tables(lambda _share, _message: None)

    assert client.get(f"{ITEMS}/77").json() == before


def test_values_keep_their_kind(client: Client, trees: Any):
    properties = get(client, f"{ITEMS}/1")["properties"]

    kinds = {key: type(value) for key, value in properties.items()}
    assert kinds == {
        "nummer": str,
        "art": str,
        "umfang": int,
        "hoehe_m": float,
        "pflanzdatum": str,
        "geprueft": str,
        "gesund": bool,
        "breite": float,
        "laenge": float,
    }
    assert "T" in properties["geprueft"]


def test_boxes_times_and_values_narrow_together(client: Client, trees: Any):
    rows = get(client, ITEMS, limit=1_000)["features"]
    box, day = (7.75, 51.62, 7.82, 51.67), "2015-06-30"

    found = get(client, ITEMS, limit=1_000, bbox=",".join(map(str, box)), datetime=f"../{day}", art="Eiche")

    def fits(each: dict[str, Any]) -> bool:
        x, y = each["geometry"]["coordinates"] if each["geometry"] else (0, 0)
        properties = each["properties"]
        inside = box[0] <= x <= box[2] and box[1] <= y <= box[3]
        return inside and properties["art"] == "Eiche" and properties["pflanzdatum"] <= day

    assert [each["id"] for each in found["features"]] == [each["id"] for each in rows if fits(each)]
    assert 0 < found["numberMatched"] == found["numberReturned"] < 100


def test_a_box_in_another_system_finds_the_same(client: Client, districts: Any):
    address = f"{ROOT}/collections/bezirke/items"
    plain = get(client, address, bbox="7.70,51.60,7.76,51.64", limit=100)

    swapped = get(client, address, bbox="51.60,7.70,51.64,7.76", **{"bbox-crs": "EPSG:4326"}, limit=100)
    written = "S_INTERSECTS(geometry, BBOX(51.60,7.70,51.64,7.76))"
    filtered = get(
        client, address, filter=written, **{"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    )
    metres = get(
        client, address, bbox="409000,5716000,414500,5721500", **{"bbox-crs": "EPSG:25832"}, limit=100
    )

    assert 0 < plain["numberMatched"] < 29
    assert [each["id"] for each in swapped["features"]] == [each["id"] for each in plain["features"]]
    assert [each["id"] for each in filtered["features"]] == [each["id"] for each in plain["features"]]
    assert 0 < metres["numberMatched"] < 29


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", (7.8, 51.7)),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", (51.7, 7.8)),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", (868_292.03, 6_746_062.32)),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", (417_071.20, 5_728_353.78)),
        ("http://www.opengis.net/def/crs/EPSG/0/32632", (417_071.20, 5_728_353.78)),
        ("http://www.opengis.net/def/crs/EPSG/0/32633", (2_724.28, 5_752_249.76)),
    ],
)
def test_coordinates_stand_in_the_order_of_the_authority(
    client: Client, db: None, crs: str, expected: tuple[float, float]
):
    publish("Ort", ("ort.csv", b"name;lat;lon\nA;51.7;7.8\nB;51.6;7.7\n"))

    answer = client.get(f"{ROOT}/collections/ort/items/1", {"crs": crs})

    assert answer.json()["geometry"]["coordinates"] == pytest.approx(expected, abs=0.01)
    assert answer["Content-Crs"] == f"<{crs}>"


BAD = {
    "limit=0": "catalogue.bad-query",
    "limit=x": "catalogue.bad-query",
    "offset=-1": "catalogue.bad-query",
    "bbox=1,2,3": "catalogue.features.bad-bbox",
    "bbox=1,2,3,nan": "catalogue.features.bad-bbox",
    "bbox=7,52,8,51": "catalogue.features.bad-bbox",
    "bbox-crs=EPSG:9999": "catalogue.features.unknown-crs",
    "crs=http://www.opengis.net/def/crs/EPSG/0/31467": "catalogue.features.unknown-crs",
    "datetime=": "catalogue.features.bad-datetime",
    "datetime=../..": "catalogue.features.bad-datetime",
    "datetime=2024-02-30": "catalogue.features.bad-datetime",
    "datetime=2024-02-03/2023-01-01": "catalogue.features.bad-datetime",
    "nothing=1": "catalogue.bad-query",
    "umfang=many": "catalogue.bad-query",
    "f=xml": "catalogue.bad-query",
    "filter=umfang >": "catalogue.features.unreadable-filter",
    "filter=umfang = 'x'": "catalogue.features.bad-filter",
    "filter-lang=sql": "catalogue.bad-query",
}


@pytest.mark.parametrize("query", BAD)
def test_what_cannot_be_is_said_as_an_exception(client: Client, trees: Any, query: str):
    answer = client.get(f"{ITEMS}?{query}", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (400, BAD[query])
    assert len(answer.json()["description"]) > 20
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path", ["collections/nix", "collections/baeume.1", "collections/baeume/items/0", "collections/x/items"]
)
def test_what_is_not_there_is_said_too(client: Client, trees: Any, path: str):
    answer = client.get(f"{ROOT}/{path}")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert set(answer.json()) == {"code", "description"}


def test_drafts_and_withdrawn_data_are_no_collections(client: Client, db: None, trees: Dataset):
    publish("Entwurf", ("entwurf.csv", trees_csv(20)), draft=True)
    publishing.withdraw(trees, reason="Ein Versehen", person=None, now=timezone.now())

    assert get(client, f"{ROOT}/collections")["collections"] == []
    for name in ("entwurf", "baeume"):
        assert client.get(f"{ROOT}/collections/{name}/items").status_code == 404
        assert client.get(f"/tiles/{name}/0/0/0.mvt").status_code == 404


def test_a_second_table_has_a_name_of_its_own(client: Client, db: None):
    publish("Orte", ("baeume.csv", trees_csv(10)), ("bezirke.geojson", districts_geojson(6)))

    names = [each["id"] for each in get(client, f"{ROOT}/collections")["collections"]]
    assert names == ["orte", "orte.1"]
    assert get(client, f"{ROOT}/collections/orte.1/items")["numberMatched"] == 6


def test_an_answer_that_is_known_is_not_sent_again(client: Client, trees: Any):
    first = client.get(ITEMS)
    again = client.get(ITEMS, headers={"If-None-Match": first["ETag"]})
    other = client.get(f"{ITEMS}?limit=3", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_pages_of_other_sites_may_ask(client: Client, trees: Any):
    answer = client.options(
        ITEMS, headers={"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "GET"}
    )

    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "Content-Crs" in client.get(ITEMS)["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(client: Client, db: None, django_assert_num_queries: Any, count: int):
    for number in range(count):
        publish(f"Ort {number}", ("ort.csv", b"name;lat;lon\nA;51.7;7.8\nB;51.6;7.7\n"))

    with django_assert_num_queries(1):
        assert len(get(client, f"{ROOT}/collections")["collections"]) == count
    with django_assert_num_queries(1):
        get(client, f"{ROOT}/collections/ort-0/items", filter="name = 'A'")
    with django_assert_num_queries(1):
        client.get(f"{ROOT}/collections", headers={"Accept": "text/html"})


def test_a_geometry_that_is_none_costs_its_own_row_alone(client: Client, db: None):
    broken = {"type": "Polygon", "coordinates": [[[7.7, 51.6], [7.8, 51.6], [7.8, 51.7], [7.71, 51.61]]]}
    bow_tie = {
        "type": "Polygon",
        "coordinates": [[[7.7, 51.6], [7.8, 51.7], [7.8, 51.6], [7.7, 51.7], [7.7, 51.6]]],
    }
    point = {"type": "Point", "coordinates": [7.75, 51.65]}
    found = [
        {"type": "Feature", "properties": {"n": number}, "geometry": geometry}
        for number, geometry in enumerate(
            [broken, bow_tie, point, None, {"type": "Point", "coordinates": []}]
        )
    ]
    publish(
        "Kaputt", ("kaputt.geojson", json.dumps({"type": "FeatureCollection", "features": found}).encode())
    )

    items = get(client, f"{ROOT}/collections/kaputt/items")["features"]
    near = get(client, f"{ROOT}/collections/kaputt/items", bbox="7.74,51.64,7.76,51.66")["features"]

    assert [each["geometry"] and each["geometry"]["type"] for each in items] == [
        None,
        "Polygon",
        "Point",
        None,
        None,
    ]
    assert [each["properties"]["n"] for each in near] == [1, 2]
    assert client.get("/tiles/kaputt/10/534/339.mvt").status_code == 200

"""CKAN's own clients against running portals: ckanapi as a library and as a command, and what its harvester asks."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from ckanapi import NotAuthorized, NotFound, RemoteCKAN, ValidationError
from ckanapi.errors import SearchQueryError

from tests.journeys.installations import CITIES, RunningCity, free_ports, make_bare_city

pytestmark = pytest.mark.slow
TABLE = "Bezirk;Bäume;PLZ\nNord;1.234;00123\nSüd;87;59065\n".encode("cp1252")
# What each portal says by itself: when, for whom, and in its own first language
OF_THE_PORTAL = {
    *(
        "metadata_created",
        "metadata_modified",
        "created",
        "last_modified",
        "issued",
        "modified",
        "creator_user_id",
    ),
    *("title", "notes", "name_shown", "description", "groups", "organization", "owner_org", "author"),
    *("url_type", "datastore_active"),
}


@pytest.fixture(scope="module")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[RunningCity, str]]]:
    """Return two empty portals that harvest nothing, each with the token of a publisher."""
    folder: Path = tmp_path_factory.mktemp("ckan")
    ports = dict(zip(CITIES, free_ports(len(CITIES)), strict=True))
    running: dict[str, tuple[RunningCity, str]] = {}
    try:
        for city in CITIES:
            made = make_bare_city(city, folder, ports)
            made.environment |= {"TANDEM_CATALOGUE_HARVEST_HOURS": "0", "TANDEM_CATALOGUE_PROFILE": "eu"}
            made.tandem("person", "add", "ckan@a.example", "--role", "catalogue:publisher")
            token = made.tandem("person", "token", "ckan@a.example").strip()
            made.start()
            running[city] = (made, token)
        yield running
    finally:
        for made, _token in running.values():
            made.stop()


def remote(portals: dict[str, tuple[RunningCity, str]], city: str, **more: Any) -> RemoteCKAN:
    made, token = portals[city]
    return RemoteCKAN(made.url, apikey=token, **more)


def ckanapi(folder: Path, *arguments: str) -> str:
    """Run the command ``ckanapi``; its workers are found beside the interpreter."""
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    command = [str(Path(programs) / "ckanapi"), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def lines(path: Path) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in map(json.loads, path.read_text("utf-8").splitlines())}


def comparable(package: dict[str, Any]) -> dict[str, Any]:
    """Return a package without what each portal says by itself."""
    extras = {each["key"]: each["value"] for each in package["extras"]}
    resources = [
        {key: value for key, value in each.items() if key not in OF_THE_PORTAL | {"name", "uri"}}
        for each in package["resources"]
    ]
    kept = {key: value for key, value in package.items() if key not in OF_THE_PORTAL}
    return {
        **kept,
        "extras": {key: value for key, value in extras.items() if key not in OF_THE_PORTAL},
        "resources": resources,
        "tags": sorted(each["name"] for each in package["tags"]),
    }


@pytest.fixture(scope="module")
def filled(
    portals: dict[str, tuple[RunningCity, str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Fill Hamm by ckanapi: a file, an address, a draft."""
    ckan = remote(portals, "hamm")
    trees = ckan.action.package_create(
        name="baeume",
        title_translated={"de": "Bäume", "it": "Alberi"},
        title="Bäume",
        notes="Alle Bäume",
        license_id="DL-DE-BY-2.0",
        groups=[{"name": "envi"}],
        tags=[{"name": "Baum"}, {"name": "Grün"}],
        extras=[
            {
                "key": "frequency",
                "value": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
            },
            {"key": "own key", "value": 'ü "so"'},
        ],
        spatial_notes={"deep": [1, None]},
    )
    source = tmp_path_factory.mktemp("files") / "bäume.csv"
    source.write_bytes(TABLE)
    with source.open("rb") as file:
        ckan.action.resource_create(package_id=trees["id"], name="Tabelle", upload=file)
    ckan.action.package_create(
        name="anderswo",
        title="Anderswo",
        notes="Liegt anderswo",
        license_id="CC0-1.0",
        resources=[{"url": "https://a.example/x.geojson", "format": "GeoJSON", "own": "kept"}],
    )
    ckan.action.package_create(name="entwurf", title="Entwurf", notes="x", private=True)
    return trees


def test_ckanapi_makes_searches_changes_and_deletes(
    portals: dict[str, tuple[RunningCity, str]], filled: dict[str, Any]
):
    ckan, anybody = remote(portals, "hamm"), RemoteCKAN(portals["hamm"][0].url, get_only=True)
    shown = anybody.action.package_show(id="baeume")
    resource = shown["resources"][0]

    assert (shown["state"], shown["id"]) == ("active", filled["id"])
    assert requests.get(resource["url"], timeout=20).content == TABLE
    rows = anybody.action.datastore_search(resource_id=resource["id"], q="süd")
    assert [list(each.values()) for each in rows["records"]] == [["Süd", 87, "59065"]]
    found = anybody.action.package_search(fq="groups:envi AND tags:B*m -license_id:CC0-1.0", rows=5)
    assert [each["name"] for each in found["results"]] == ["baeume"]
    with pytest.raises(SearchQueryError):
        anybody.action.package_search(fq="nonsense:1")
    with pytest.raises(NotFound):
        anybody.action.package_show(id="entwurf")
    with pytest.raises(NotAuthorized):
        RemoteCKAN(portals["hamm"][0].url).action.package_create(name="x1")
    with pytest.raises(ValidationError) as caught:
        ckan.action.package_create(name="baeume", title="x", notes="x")
    assert list(caught.value.error_dict) == ["__type", "name"]

    ckan.action.package_create(
        name="kurz", title="Kurz", notes="x", license_id="CC0-1.0", resources=[{"url": "https://a.example"}]
    )
    assert ckan.action.package_patch(id="kurz", title="Kürzer")["title"] == "Kürzer"
    ckan.action.package_delete(id="kurz")
    assert sorted(anybody.action.package_list()) == ["anderswo", "baeume"]


def test_ckanapi_dumps_one_portal_and_loads_it_into_another(
    portals: dict[str, tuple[RunningCity, str]], filled: dict[str, Any], tmp_path: Path
):
    (hamm, key), (arezzo, other_key) = portals["hamm"], portals["arezzo"]
    everything = ("--all", "--include-drafts", "--include-private", "-q")

    ckanapi(tmp_path, "dump", "datasets", *everything, "-O", "a.jsonl", "-r", hamm.url, "-a", key)
    ckanapi(tmp_path, "load", "datasets", "-I", "a.jsonl", "-r", arezzo.url, "-a", other_key)
    ckanapi(tmp_path, "dump", "datasets", *everything, "-O", "b.jsonl", "-r", arezzo.url, "-a", other_key)
    ckanapi(tmp_path, "load", "datasets", "-I", "b.jsonl", "-r", arezzo.url, "-a", other_key)
    ckanapi(tmp_path, "dump", "datasets", *everything, "-O", "c.jsonl", "-r", arezzo.url, "-a", other_key)

    here, there, again = (lines(tmp_path / f"{each}.jsonl") for each in "abc")
    assert set(here) == {"anderswo", "baeume", "entwurf"} <= set(there)
    for name, package in here.items():
        assert comparable(there[name]) == comparable(package)
        assert comparable(again[name]) == comparable(there[name])

    ckanapi(
        tmp_path,
        "load",
        "datasets",
        "-q",
        "--upload-resources",
        "-I",
        "a.jsonl",
        "-r",
        arezzo.url,
        "-a",
        other_key,
    )
    copied = remote(portals, "arezzo").action.package_show(id="baeume")["resources"][0]
    assert copied["url"].startswith(arezzo.url)
    assert requests.get(copied["url"], timeout=20).content == TABLE
    assert ckanapi(tmp_path, "search", "datasets", "fq=tags:Baum", "-r", arezzo.url).count("\n") == 1
    ckanapi(tmp_path, "delete", "datasets", "entwurf", "-q", "-r", arezzo.url, "-a", other_key)
    with pytest.raises(NotFound):
        remote(portals, "arezzo").action.package_show(id="entwurf")


def test_other_clients_ask_by_address_alone(
    portals: dict[str, tuple[RunningCity, str]], filled: dict[str, Any]
):
    base = portals["hamm"][0].url

    def get(path: str, **asked: str) -> Any:
        answer = requests.get(f"{base}{path}", params=asked, timeout=20)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
        return answer.json()

    assert get("/api/3") == {"version": 3}
    assert get("/api/3/action/status_show")["result"]["site_url"] == base
    assert {"envi"} <= {each["name"] for each in get("/api/3/action/group_list", all_fields="true")["result"]}
    organizations = get("/api/3/action/organization_list", all_fields="true", include_extras="true")["result"]
    assert [each["package_count"] for each in organizations] == [2]
    found = get("/api/3/action/package_search", q="*:*", rows="100", start="0", sort="id asc")["result"]
    assert [each["id"] for each in found["results"]] == sorted(each["id"] for each in found["results"])
    assert found["count"] == len(found["results"]) == 2
    since = get(
        "/api/3/action/package_search",
        fq="metadata_modified:[2000-01-01T00:00:00.000000Z TO *]",
        sort="id asc",
    )
    assert since["result"]["count"] == 2
    assert (
        get("/api/3/action/package_search", rows="100", start="100", sort="id asc")["result"]["results"] == []
    )
    assert get("/api/action/current_package_list_with_resources", limit="10")["result"][0]["resources"]

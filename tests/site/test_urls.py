"""Addresses of the portal as a whole, and what connects its rooms."""

import pytest
from django.urls import resolve, reverse
from django.utils.translation import override

from tandem.kit import derived
from tandem.kit.navigation import places, staff_tools
from tests.accounts.people import somebody
from tests.pages import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
NAMES = ("home", "search", "map", "imprint", "privacy", "accessibility", "feedback", "api_docs")


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_every_place_and_page_is_there(page_client: PageClient, language: str):
    with override(language):
        addresses = [reverse(name) for name in (*NAMES, *(place.url_name for place in places()))]

    assert [address for address in addresses if not address.startswith(f"/{language}/")] == []
    assert {address: page_client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/robots.txt", "text/plain"),
        ("/theme.css", "text/css"),
        ("/healthz", "application/json"),
        ("/api/v1/openapi.json", "application/json"),
        ("/catalogue.ttl", "text/turtle"),
    ],
)
def test_what_is_for_programs_has_no_language(page_client: PageClient, address: str, kind: str):
    answer = page_client.get(address)

    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, kind)


@pytest.mark.parametrize("address", ["/de/search/", "/de/map/", "/de/imprint/", "/de/", "/robots.txt"])
def test_pages_are_only_read(page_client: PageClient, address: str):
    assert page_client.post(address).status_code == 405


def test_search_engines_are_kept_from_people_and_results(page_client: PageClient):
    lines = page_client.get("/robots.txt").content.decode().splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /*/account/", "Disallow: /*/search/?"} <= set(lines)
    assert b'content="noindex' in page_client.get("/de/search/").content


def test_each_person_has_the_tools_of_their_roles(rf):
    request = rf.get("/")

    def tools(*roles: str) -> list[str]:
        request.user = somebody(*roles)
        return [tool.url_name for tool in staff_tools(request)]

    assert tools() == []
    assert "catalogue:work" in tools("catalogue:editor")
    assert "feedback_list" not in tools("catalogue:publisher")
    assert {"feedback_list", "accounts:people", "jobs:list", "catalogue:harvest"} <= set(
        tools("site:administrator")
    )


def test_staff_tools_and_derived_data_are_connected():
    assert {"search", "tables"} <= set(derived.names())
    with override("de"):
        assert resolve("/de/jobs/").view_name == "jobs:list"

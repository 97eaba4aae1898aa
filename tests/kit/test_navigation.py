"""The places in the header, and the tools of the staff."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from tandem.kit import navigation
from tandem.kit.context import Frame
from tandem.kit.navigation import Place, StaffTool, places, register_place, register_staff_tool, staff_tools

pytestmark = pytest.mark.urls("tests.kit.look_urls")


@pytest.fixture(autouse=True)
def _empty(monkeypatch):
    monkeypatch.setattr(navigation, "_places", {})
    monkeypatch.setattr(navigation, "_staff_tools", {})


def request_at(path: str, view_name: str):
    request = RequestFactory().get(path)
    request.resolver_match = SimpleNamespace(view_name=view_name)
    return request


def test_places_stand_in_their_order_and_a_second_one_replaces_the_first():
    register_place(Place("Map", "map"), order=5)
    register_place(Place("Old", "catalogue:list"), order=9)
    register_place(Place("Data", "catalogue:list"), order=1)

    assert [place.label for place in places()] == ["Data", "Map"]


@pytest.mark.parametrize(
    ("path", "view_name", "current"),
    [
        ("/de/data/", "catalogue:list", True),
        ("/it/data/trees", "catalogue:dataset", True),
        ("/de/tables/1", "other:table", True),
        ("/de/map", "map", False),
        ("/de/database", "catalog", False),
        ("/de/", "home", False),
    ],
)
def test_place_is_current_within_its_namespace_or_below_its_path(path, view_name, current):
    place = Place("Data", "catalogue:list", ("catalogue:", "tables/"))

    assert place.is_current(request_at(path, view_name)) is current


@pytest.mark.parametrize(("view_name", "shown"), [("search", ["Here", "Beside"]), ("home", [])])
def test_pages_of_a_place_show_each_other_and_no_other_page_does(view_name, shown):
    register_place(
        Place("Map", "map", pages=(("Here", "search"), ("Beside", "trees"), ("Nowhere", "nowhere:list")))
    )

    assert [label for label, _url in Frame(request_at("/de/map", view_name)).neighbours] == shown


def test_tools_are_shown_to_those_who_may_use_them():
    register_staff_tool(StaffTool("Jobs", "search", lambda request: request.path == "/de/"), order=2)
    register_staff_tool(StaffTool("Drafts", "trees", lambda _request: True), order=1)

    assert [tool.label for tool in staff_tools(request_at("/de/", ""))] == ["Drafts", "Jobs"]
    assert [tool.label for tool in staff_tools(request_at("/it/", ""))] == ["Drafts"]


def test_frame_leaves_out_what_this_installation_has_no_address_for():
    register_place(Place("Search", "search"))
    register_place(Place("Nowhere", "nowhere:list"))

    assert [link.label for link in Frame(request_at("/de/search", "search")).places] == ["Search"]


def test_a_page_that_not_everybody_is_shown_stands_beside_the_others_for_those_who_are():
    pages = (("Measures", "measures"), ("Matching", "matching"))
    place = Place(
        "Partners", "measures", pages=pages, shown_if={"matching": lambda asked: asked.path == "/in"}
    )

    assert place.pages_for(request_at("/in", "measures")) == list(pages)
    assert place.pages_for(request_at("/out", "measures")) == [("Measures", "measures")]

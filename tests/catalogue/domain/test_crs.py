"""Reference systems: names, boxes, the date line."""

import pytest

from tandem.catalogue.domain.crs import (
    CRS84,
    KNOWN,
    BadBox,
    UnknownCrs,
    boxes_in_degrees,
    crs_named,
    numbers_of_box,
    ring_of_box,
)


@pytest.mark.parametrize("crs", KNOWN, ids=lambda crs: crs.code)
def test_a_system_has_several_names(crs):
    https = crs.uri.replace("http:", "https:")

    assert {
        crs_named("crs", name) for name in (crs.uri, https, crs.code, f"[{crs.code}]", f"<{crs.uri}>")
    } == {crs}


@pytest.mark.parametrize(
    "name", ["", "EPSG:1", "+proj=utm +zone=32", "4326", "http://www.opengis.net/def/crs/EPSG/0/"]
)
def test_other_names_are_refused(name: str):
    with pytest.raises(UnknownCrs):
        crs_named("crs", name)


def test_a_box_with_heights_loses_them():
    assert numbers_of_box("7,51,0,8,52,100") == (7, 51, 8, 52)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "1,2,3,x", "1,2,3,inf", "1,2,3,nan"])
def test_what_is_no_box_is_refused(text: str):
    with pytest.raises(BadBox):
        numbers_of_box(text)


def test_a_box_over_the_date_line_is_two():
    assert boxes_in_degrees((170, -10, -170, 10), CRS84, "") == [(170, -10, 180, 10), (-180, -10, -170, 10)]


def test_a_box_upside_down_is_refused():
    with pytest.raises(BadBox):
        boxes_in_degrees((7, 52, 8, 51), CRS84, "")
    with pytest.raises(BadBox):
        ring_of_box((0, 10, 10, 0), "")


def test_the_outline_of_a_box_is_closed_and_stays_on_its_edges():
    ring = ring_of_box((0, 0, 80, 40), "")

    assert ring[0] == ring[-1] == [0, 0]
    assert len(ring) == 33
    assert all(x in {0, 80} or y in {0, 40} for x, y in ring)

"""Profiles as rows of a table: nothing is lost on the way, and each fault is said at its line and column."""

from dataclasses import replace

import pytest
from hypothesis import given

from tandem.core.city import CityCode
from tandem.exchange.domain.matching.profiles import CityProfile, NoGo
from tandem.exchange.domain.matching.sheet import Line, heads_of, read, row_of
from tandem.exchange.examples.tandems import PROGRAMME
from tests.exchange.domain.matching.slow import TOPICS, profiles

HAMM = replace(
    next(each for each in PROGRAMME if each.id == "hamm"), codes=(CityCode("AGS", 2019, "05915000"),)
)
OF_HAMM = ("air", "old-town", "traffic-signals", "open-data", "participation")
HEADS = ["id", "name:de", "country", "languages", "population", "kind", "need:air", "offer:air"]
CELLS = {
    "id": "hamm",
    "name:de": "Hamm",
    "country": "de",
    "languages": "DE, en",
    "population": "179.111",
    "kind": "1",
    "need:air": "4",
}


def lines(*rows):
    return [Line(number, cells) for number, cells in enumerate(rows, start=2)]


def reading(cells, heads=HEADS, known=None):
    return read(heads, lines(cells), topics=("air", "heat"), known=known or {})


def faults(found):
    return [(each.severity.value, each.code.rpartition(".")[2], each.path) for each in found.findings]


@given(profiles())
def test_what_is_written_is_read_again(cities):
    heads = heads_of(cities, TOPICS)
    found = read(heads, lines(*(row_of(each) for each in cities)), topics=TOPICS, known={})
    assert found.findings == []
    wanted = [replace(each, needs=_in_order(each.needs), offers=_in_order(each.offers)) for each in cities]
    assert [replace(each, no_gos=()) for each in wanted] == found.profiles


def _in_order(entries):
    return tuple(sorted(entries, key=lambda each: TOPICS.index(each.topic)))


def test_codes_and_sentences_are_read_again():
    found = read(heads_of([HAMM], OF_HAMM), lines(row_of(HAMM)), topics=OF_HAMM, known={})
    assert (found.findings, found.profiles[0].codes) == ([], HAMM.codes)
    assert {each.topic: each.texts for each in found.profiles[0].needs} == {
        each.topic: each.texts for each in HAMM.needs
    }


def test_a_row_as_people_write_it():
    (city,) = reading(CELLS).profiles
    assert (city.country, city.languages, city.population, city.needs[0].weight, city.offers) == (
        "DE", ("de", "en"), 179_111, 4, (),
    )  # fmt: skip


def test_what_has_no_column_stays_as_it_was():
    known = {"hamm": replace(HAMM, capacity=3, no_gos=(NoGo("sofia", "Why."),), active=False)}
    (city,) = reading(CELLS, known=known).profiles
    assert (city.capacity, city.no_gos, city.active, city.codes) == (
        3,
        known["hamm"].no_gos,
        False,
        HAMM.codes,
    )


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"population": "many"}, ("error", "bad-cell", "2/population")),
        ({"population": "-5"}, ("error", "bad-cell", "2/population")),
        ({"population": "9" * 400}, ("error", "bad-cell", "2/population")),
        ({"population": "١٢"}, ("error", "bad-cell", "2/population")),
        ({"id": "Hamm"}, ("error", "bad-id", "2/id")),
        ({"id": "a/b"}, ("error", "bad-id", "2/id")),
        ({"id": ""}, ("error", "bad-id", "2/id")),
        ({"kind": ""}, ("error", "bad-cell", "2/kind")),
        ({"need:air": "6"}, ("error", "bad-cell", "2/need:air")),
        ({"need:air": "=1+1"}, ("error", "bad-cell", "2/need:air")),
    ],
)
def test_a_cell_that_cannot_be_read_is_said_with_its_place(wrong, fault):
    assert faults(reading({**CELLS, **wrong})) == [fault]


@pytest.mark.parametrize(
    ("heads", "fault"),
    [
        (HEADS[1:], ("error", "no-head", "1")),
        ([each for each in HEADS if each != "name:de"], ("error", "no-head", "1")),
        ([*HEADS, "need:floods"], ("error", "unknown-topic", "1/need:floods")),
        ([*HEADS, "kind"], ("error", "head-twice", "1/kind")),
        ([*HEADS, "mayor"], ("warning", "unknown-head", "1/mayor")),
        ([*HEADS, "__class__"], ("warning", "unknown-head", "1/__class__")),
    ],
)
def test_columns_that_lack_or_are_too_many(heads, fault):
    assert faults(reading(CELLS, heads=heads)) == [fault]


def test_a_city_that_is_there_twice():
    found = read(HEADS, lines(CELLS, CELLS), topics=("air",), known={})
    assert faults(found) == [("error", "twice", "3/id")]


@pytest.mark.parametrize(
    ("active", "wrong"), [("ja", False), ("nein", False), ("sì", False), ("vielleicht", True)]
)
def test_yes_and_no_in_three_languages(active, wrong):
    found = reading({**CELLS, "active": active}, heads=[*HEADS, "active"])
    assert bool(found.findings) is wrong
    if not wrong:
        assert found.profiles[0].active is (active != "nein")


def test_a_code_of_another_form():
    heads = [*HEADS, "codes"]
    assert faults(reading({**CELLS, "codes": "AGS:2019:05915000 LAU"}, heads=heads)) == [
        ("error", "bad-cell", "2/codes")
    ]


def test_a_new_city_has_one_place():
    assert reading(CELLS).profiles[0].capacity == CityProfile("x", {}, "", (), 1, 1).capacity

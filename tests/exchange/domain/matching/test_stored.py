"""Profiles and calls as JSON: nothing is lost, another shape is refused, and the hash names the content alone."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.city import CityCode
from tandem.exchange.domain.matching.profiles import Call
from tandem.exchange.domain.matching.stored import (
    BadStored,
    Inputs,
    profile_as_json,
    read_call,
    read_profile,
    rules_as_json,
)
from tandem.exchange.examples.tandems import PROGRAMME, TANDEMS
from tests.exchange.domain.matching.slow import profiles

HAMM = replace(
    next(each for each in PROGRAMME if each.id == "hamm"),
    codes=(CityCode("AGS", 2019, "05915000"),),
    agreed_with=("arezzo",),
)
INPUTS = Inputs(PROGRAMME, Call(tandems=TANDEMS), (("arezzo", "hamm"),), "sofia", (("krefeld", "sofia"),))


@given(profiles())
def test_profiles_come_back_as_they_were(cities):
    stored = json.loads(json.dumps([profile_as_json(each) for each in (*cities, HAMM)]))
    assert tuple(read_profile(each) for each in stored) == (*cities, HAMM)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("population", "many"),
        ("population", True),
        ("capacity", 1.5),
        ("names", ["Hamm"]),
        ("names", {"de": 1}),
        ("languages", "de"),
        ("needs", [{"topic": "air"}]),
        ("needs", None),
        ("no_gos", [["arezzo", "no"]]),
        ("active", 1),
        ("codes", [{"scheme": "AGS", "year": "2019", "code": "1"}]),
    ],
)
def test_a_profile_of_another_shape_is_refused(name, value):
    with pytest.raises(BadStored):
        read_profile({**profile_as_json(HAMM), name: value})


def test_a_profile_that_lacks_something_is_refused():
    with pytest.raises(BadStored):
        read_profile({"id": "hamm"})


def test_a_call_comes_back_as_it_was():
    call = Call(size_percent=30, one_sided_percent=5, word="lots", tandems=TANDEMS)
    assert read_call(json.loads(json.dumps(rules_as_json(call))), [list(each) for each in TANDEMS]) == call


@pytest.mark.parametrize("rules", [{"size_percent": "10"}, {"different_countries": 1}, {"word": None}])
def test_a_call_of_another_shape_is_refused(rules):
    with pytest.raises(BadStored):
        read_call(rules, ())


def test_inputs_come_back_as_they_were():
    again = Inputs.from_json(json.loads(json.dumps(INPUTS.as_json())))
    assert again.profiles == tuple(sorted(PROGRAMME, key=lambda each: each.id))
    assert replace(again, profiles=()) == replace(INPUTS, profiles=())
    assert again.digest() == INPUTS.digest()


@given(st.permutations(PROGRAMME), st.permutations(TANDEMS))
def test_the_hash_depends_on_no_order(cities, tandems):
    assert (
        replace(INPUTS, profiles=tuple(cities), call=Call(tandems=tuple(tandems))).digest() == INPUTS.digest()
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(INPUTS, left=""),
        replace(INPUTS, fixed=()),
        replace(INPUTS, let_go=()),
        replace(INPUTS, call=Call(tandems=TANDEMS, word="x")),
        replace(INPUTS, profiles=(replace(HAMM, population=1), *PROGRAMME[1:])),
    ],
)
def test_the_hash_changes_with_everything_that_goes_in(other):
    assert other.digest() != INPUTS.digest()


def test_a_fixed_pair_takes_up_places_once():
    assert INPUTS.whole_call.tandems == TANDEMS
    assert replace(INPUTS, fixed=(("hamm", "sofia"),)).whole_call.tandems == (*TANDEMS, ("hamm", "sofia"))

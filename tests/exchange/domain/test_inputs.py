"""Inputs: described, gathered, written as JSON Schema, and checked once they are filled in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from tandem.core.parts import Input, InputKind, Part
from tandem.exchange.domain.inputs import (
    Asked,
    as_schema,
    check_values,
    gathered,
    inputs_as_json,
    offered,
    read_inputs,
    read_schema,
)

KEYS = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3})?", fullmatch=True)
TEXTS = st.dictionaries(st.sampled_from(["de", "it", "en"]), st.text(min_size=1, max_size=5), max_size=2)
DEFAULTS = {
    InputKind.TEXT: st.text(min_size=1, max_size=5),
    InputKind.INTEGER: st.integers(0, 9),
    InputKind.DECIMAL: st.floats(0, 9),
    InputKind.DATE: st.dates().map(lambda day: day.isoformat()),
    InputKind.BOOLEAN: st.booleans(),
}


@st.composite
def inputs(draw: st.DrawFn) -> Input:
    kind = draw(st.sampled_from(InputKind))
    choices = (
        draw(st.dictionaries(st.sampled_from(["low", "high"]), TEXTS, min_size=1)) if kind == "choice" else {}
    )
    default = st.sampled_from(list(choices)) if choices else DEFAULTS[kind]
    numeric = kind in {InputKind.INTEGER, InputKind.DECIMAL}
    return Input(
        draw(KEYS),
        kind,
        draw(TEXTS),
        draw(TEXTS),
        unit=draw(st.sampled_from(["", "km/h"])),
        default=draw(st.none() | default),
        profile=draw(st.sampled_from(["", "name"])),
        choices=choices,
        least=draw(st.none() | st.just(0)) if numeric else None,
        most=draw(st.none() | st.just(9)) if numeric else None,
    )


SPEED = Input("speed", InputKind.INTEGER, unit="km/h", default=30, least=10, most=50)
NAME = Input("name", profile="name")
DAY = Input("day", InputKind.DATE)
LEVEL = Input("level", InputKind.CHOICE, choices={"low": {}, "high": {}}, default="low")


def codes(values: dict[str, Any], *described: Input, **profile: Any) -> list[tuple[str, str]]:
    _taken, findings = check_values(described, values, profile)
    return [(each.code.removeprefix("exchange."), each.path) for each in findings]


# --- filled in ------------------------------------------------------------------------------------
def test_what_is_filled_in_goes_before_the_profile_and_that_before_the_default():
    name = Input("name", default="Somewhere", profile="name")

    assert check_values([name], {"name": "Hamm"}, {"name": "Arezzo"}) == ({"name": "Hamm"}, [])
    assert check_values([name], {"name": " "}, {"name": "Arezzo"}) == ({"name": "Arezzo"}, [])
    assert check_values([name], {}, {}) == ({"name": "Somewhere"}, [])


def test_a_profile_that_does_not_fit_is_not_offered():
    assert offered(Input("speed", InputKind.INTEGER, default=30, profile="name"), {"name": "Hamm"}) == 30
    assert offered(NAME, {"name": "Hamm"}) == "Hamm"
    assert offered(NAME, {}) is None


def test_false_and_zero_are_values():
    described = [Input("open", InputKind.BOOLEAN), Input("least", InputKind.INTEGER)]

    assert check_values(described, {"open": False, "least": 0}, {}) == ({"open": False, "least": 0}, [])


@pytest.mark.parametrize("value", [9, 51, 30.5, "30", True, [30], float("nan")])
def test_a_number_has_its_type_and_limits(value: Any):
    assert codes({"speed": value}, SPEED) == [("schema", "inputs#/speed")]


def test_everything_wrong_is_found_at_once():
    given_values = {"day": "2026-02-30", "level": "middle", "colour": "red"}

    assert codes(given_values, SPEED, NAME, DAY, LEVEL) == [
        ("inputs.missing", "inputs#/name"),
        ("schema", "inputs#/day"),
        ("schema", "inputs#/level"),
        ("inputs.unknown", "inputs#/colour"),
    ]


@given(st.lists(inputs(), max_size=4, unique_by=lambda each: each.key), st.data())
def test_values_are_taken_when_the_schema_takes_them(described: list[Input], data: st.DataObject):
    anything = (
        st.integers(-2, 12) | st.floats(-2, 12) | st.sampled_from(["low", "2026-05-01", "x"]) | st.booleans()
    )
    values = {each.key: data.draw(anything) for each in described}
    judge = Draft202012Validator(
        as_schema([Asked(each) for each in described]), format_checker=FormatChecker(["date"])
    )
    taken, findings = check_values(described, values, {})

    assert (findings == []) == judge.is_valid(values)
    assert findings or taken == values


# --- as JSON --------------------------------------------------------------------------------------
@given(st.lists(inputs(), max_size=4, unique_by=lambda each: each.key))
def test_inputs_come_back_from_their_list(described: list[Input]):
    assert read_inputs(inputs_as_json(described), file="inputs.json") == (described, [])


@given(st.lists(inputs(), max_size=4, unique_by=lambda each: each.key))
def test_inputs_come_back_from_their_schema(described: list[Input]):
    asked = sorted((Asked(each, ("signal/a",)) for each in described), key=lambda each: each.input.key)
    schema = as_schema(asked)

    Draft202012Validator.check_schema(schema)
    assert read_schema(schema) == (asked, [])


def test_the_schema_names_what_has_to_be_filled_in_and_ours_behind_x():
    schema = as_schema([Asked(NAME), Asked(SPEED, ("signal/junction",))])

    assert schema["required"] == ["name"]
    assert schema["properties"]["speed"] == {
        "type": "integer",
        "minimum": 10,
        "maximum": 50,
        "default": 30,
        "x-unit": "km/h",
        "x-parts": ["signal/junction"],
    }


def test_what_describes_no_inputs_is_said_with_its_place():
    assert [each.path for each in read_schema({"properties": {"A": {"type": "file"}}})[1]] == [
        "inputs.schema.json#/properties/A",
        "inputs.schema.json#/properties/A/type",
    ]
    assert [each.path for each in read_inputs([{"kind": "file"}], file="inputs.json")[1]] == [
        "inputs.json#/0/key",
        "inputs.json#/0/kind",
    ]


# --- all of a bundle ------------------------------------------------------------------------------
def test_parts_that_ask_alike_ask_once():
    parts = [Part("signal", "b", {}, inputs=(NAME,)), Part("catalogue", "a", {}, inputs=(NAME, SPEED))]

    assert gathered([DAY], parts) == (
        [Asked(DAY), Asked(NAME, ("catalogue/a", "signal/b")), Asked(SPEED, ("catalogue/a",))],
        [],
    )


def test_parts_that_ask_otherwise_under_one_key_are_told():
    parts = [Part("signal", "a", {}, inputs=(NAME,)), Part("signal", "b", {}, inputs=(Input("name"),))]

    assert [each.code for each in gathered([], parts)[1]] == ["exchange.inputs.twice"]


@pytest.mark.parametrize(
    ("described", "code"),
    [
        (Input("a", InputKind.CHOICE), "choices"),
        (Input("a", choices={"x": {}}), "choices"),
        (Input("a", InputKind.INTEGER, least=2, most=1), "limits"),
        (Input("a", InputKind.INTEGER, default=2, most=1), "default"),
        (Input("a", InputKind.DATE, default="soon"), "default"),
    ],
)
def test_a_description_that_cannot_be_right_is_told(described: Input, code: str):
    assert [each.code for each in gathered([described], [])[1]][-1] == f"exchange.inputs.{code}"

"""What is said of values against another implementation of JSON Schema, and that nothing takes long."""

import time
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tandem.exchange.domain import schemas
from tandem.exchange.domain.conformity import MOST_FINDINGS, faults

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.sampled_from([0.5, 1.0, 2.5])
    | st.sampled_from(["", "a", "ab", "2026-02-30"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from("abc"), below, max_size=3),
    max_leaves=8,
)
LEAVES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"type": "string", "minLength": 1},
        {"type": "string", "pattern": schemas.whole("[ab]+")},
        {"type": "integer", "minimum": 0, "maximum": 3},
        {"type": ["number", "null"]},
        {"type": "boolean"},
        {"enum": ["a", 1]},
        {"const": "a"},
        {"type": "string", "format": "date", "pattern": schemas.whole("[0-9]{4}-[0-9]{2}-[0-9]{2}")},
        {"$ref": "#/$defs/few"},
    ]
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(
            lambda items, least: {"type": "array", "items": items, "minItems": least},
            below,
            st.integers(0, 2),
        ),
        st.builds(
            lambda a, b, others: {
                "type": "object",
                "required": ["a"],
                "properties": {"a": a, "b": b},
                "additionalProperties": others,
            },
            below,
            below,
            below,
        ),
    ),
    max_leaves=6,
)
DEFS = {"few": {"type": "array", "uniqueItems": True, "items": {"enum": ["a", "ab", 1, True]}}}


@settings(max_examples=400)
@given(VALUES, SCHEMAS)
def test_what_conforms_is_what_another_library_takes(values: Any, schema: dict[str, Any]):
    whole = {**schema, "$defs": DEFS}
    judge = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    assert (faults(values, whole, file="f") == []) == judge.is_valid(values)


@pytest.mark.parametrize(
    "schema", [schemas.CARD, schemas.PART, schemas.INPUTS, schemas.FORM, schemas.WORDING, schemas.TRIAL]
)
def test_our_schemas_use_no_word_for_which_there_is_no_sentence(schema: dict[str, Any]):
    known = {
        "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "minLength", "pattern", "format",
        "maxLength", "minimum", "maximum", "minItems", "uniqueItems", "items", "minProperties", "required",
        "properties", "propertyNames", "additionalProperties",
    }  # fmt: skip

    def words(part: Any) -> set[str]:
        if not isinstance(part, dict):
            return set()
        named = {
            name
            for key in ("properties", "$defs")
            for name in part.get(key, {}).values()
            if isinstance(name, str)
        }
        below = [each for key in ("properties", "$defs") for each in part.get(key, {}).values()]
        below += [part[key] for key in ("items", "propertyNames", "additionalProperties") if key in part]
        return set(part) | named | set().union(*map(words, below))

    Draft202012Validator.check_schema(schema)
    assert words(schema) <= known


@pytest.mark.parametrize("schema", [{"enum": [1, 0]}, {"const": 1}])
def test_true_is_no_number(schema: dict[str, Any]):
    assert len(faults(True, schema, file="f")) == 1
    assert faults(1.0, schema, file="f") == []


def test_a_thousand_findings_are_enough():
    assert len(faults(["x"] * 5_000, {"items": {"type": "integer"}}, file="f")) == MOST_FINDINGS


def test_deep_values_without_a_schema_are_left_alone():
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]

    assert faults({"a": deep}, {"type": "object", "properties": {}}, file="f") == []


def test_a_place_has_one_fault_and_a_name_a_place():
    schema = {
        "required": ["b~/c"],
        "propertyNames": {"pattern": "^[a-z]+$", "description": "lower-case letters"},
        "additionalProperties": {"type": "string", "pattern": "^x$", "format": "date"},
    }

    assert [(each.path, str(each.message)) for each in faults({"a": "y", "A/": 5}, schema, file="f")] == [
        ("f#/b~0~1c", "It is missing. Add it."),
        ("f#/A~1", "“A/” is not of the right form: lower-case letters"),
        ("f#/a", "“y” is not of the right form: ^x$"),
    ]


def test_a_long_list_of_strangers_is_looked_through_in_one_go():
    """Numbers and texts, which cannot be put in order; so two of each kind would be compared with each other."""
    values = [each for number in range(100_000) for each in (number, str(number))]
    begun = time.process_time()

    assert faults(values, {"uniqueItems": True}, file="f") == []
    assert len(faults([*values, "7"], {"uniqueItems": True}, file="f")) == 1
    assert time.process_time() - begun < 5


def test_a_whole_number_that_no_double_can_hold_is_no_number():
    found = faults({"a": 10**400}, {"properties": {"a": {"type": "number"}}}, file="f.json")

    assert [each.path for each in found] == ["f.json#/a"]

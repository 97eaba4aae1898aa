"""Cards: read with everything that is wrong, written without loss, and in agreement with their JSON Schema."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from tandem.core.findings import Finding, Severity
from tandem.exchange.domain.card import Card, as_json, gaps, read_card
from tandem.exchange.domain.schemas import CARD
from tests.exchange.sample_bundle import card, card_values

JUDGE = Draft202012Validator(CARD, format_checker=FormatChecker(["date"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 20) | st.floats(-1e3, 1e3) | st.text(max_size=6),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=6,
)


def wrong(**changes: Any) -> list[str]:
    """Return where a card is wrong once some of its values are others."""
    read, findings = read_card({**card_values(), **changes})
    assert (read is None) == bool(findings)
    return [finding.path.removeprefix("measure.json#/") for finding in findings]


def places(values: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values inside a value."""
    found = [path] if path else []
    steps = (
        values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    )
    for step, value in steps:
        found += places(value, (*path, step))
    return found


def holder(values: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        values = values[step]
    return values


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a card in which up to three values are removed, replaced or added."""
    values = copy.deepcopy(card_values())
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(places(values)))
        inside = holder(values, path)
        match draw(st.sampled_from(["remove", "replace", "add"])):
            case "remove":
                del inside[path[-1]]
            case "replace":
                inside[path[-1]] = draw(JSON)
            case "add" if isinstance(inside, dict):
                inside[draw(st.text(max_size=5))] = draw(JSON)
        if not values:
            break
    return values


# --- reading --------------------------------------------------------------------------------------
def test_a_full_card_is_read_and_written_as_it_was():
    read, findings = read_card(card_values())

    assert findings == []
    assert read is not None
    assert as_json(read) == card_values()


def test_everything_wrong_is_found_at_once_with_its_place():
    found = wrong(
        version="1.0",
        status="great",
        cost={"one_off_cents": -1, "currency": "euro"},
        tags={"sdg": [0, 18, 3, 3]},
        evidence=[{"indicator": "waiting", "on": "2026-02-30", "value": "many", "city": "hamm"}],
    )

    assert sorted(found) == [
        "cost/currency",
        "cost/one_off_cents",
        "evidence/0/on",
        "evidence/0/value",
        "status",
        "tags/sdg",
        "tags/sdg/0",
        "tags/sdg/1",
        "version",
    ]


def test_what_is_missing_is_named():
    assert read_card({})[1] == [
        Finding(Severity.ERROR, "exchange.schema", f"measure.json#/{name}", "It is missing. Add it.")
        for name in ("format", "id", "version", "city", "title")
    ]


@pytest.mark.parametrize("values", [None, [], "card", 1, True])
def test_what_is_no_object_is_no_card(values: Any):
    read, [finding] = read_card(values)

    assert (read, finding.path) == (None, "measure.json#")


def test_evidence_needs_its_indicator_and_indicators_names_of_their_own():
    twice = card_values()["indicators"] * 2

    assert wrong(indicators=twice) == ["indicators/1/key"]
    assert wrong(indicators=[]) == ["evidence/0/indicator"]


def test_numbers_have_to_be_numbers():
    assert wrong(
        evidence=[{"indicator": "waiting", "on": "2026-05-01", "value": float("inf"), "city": "hamm"}]
    ) == ["evidence/0/value"]
    assert wrong(replicability={"data": {"level": True}}) == ["replicability/data/level"]


@given(
    st.dictionaries(st.text(max_size=8), JSON, max_size=4), st.sampled_from(["", "cost", "contact", "tags"])
)
def test_unknown_keys_are_kept_at_every_depth(unknown: dict[str, Any], name: str):
    values = card_values()
    inside = values[name] if name else values
    inside |= {
        key: value
        for key, value in unknown.items()
        if key not in CARD["properties"]
        and key not in inside
        and key not in {"role", "mail", "charter", "sdg", "covers"}
    }
    read, findings = read_card(values)

    assert findings == []
    assert read is not None
    assert as_json(read) == values


# --- the schema -----------------------------------------------------------------------------------
def test_the_schema_is_one():
    Draft202012Validator.check_schema(CARD)


@settings(max_examples=400)
@given(mutated())
def test_a_card_is_read_when_its_schema_takes_it_and_only_then(values: dict[str, Any]):
    _read, findings = read_card(values)
    by_schema = [finding for finding in findings if finding.code == "exchange.schema"]

    assert (by_schema == []) == JUDGE.is_valid(values)


@settings(max_examples=200)
@given(mutated())
def test_whatever_is_read_comes_back_the_same(values: dict[str, Any]):
    read, _findings = read_card(values)
    if read is not None:
        assert read_card(as_json(read)) == (read, [])
        assert JUDGE.is_valid(as_json(read))


# --- ready for release ----------------------------------------------------------------------------
def test_a_full_card_has_no_gaps():
    assert gaps(card()) == []


def test_a_bare_card_lacks_what_other_cities_look_for():
    found = gaps(Card("https://hamm.example/m/1", "1.0.0", "hamm", {"de": "Ampel"}))

    assert {each.severity for each in found} == {Severity.ERROR}
    assert [each.path.removeprefix("measure.json#/") for each in found] == [
        "summary",
        "need",
        "solution",
        "status",
        "cost",
        "staff",
        "legal_basis",
        "indicators",
        "tags",
        "licence",
        "replicability/technical",
        "replicability/data",
        "replicability/market",
        "replicability/acceptance",
        "replicability/regulation",
        "contact/role",
        "contact/mail",
    ]


def test_what_has_begun_should_have_values_and_lessons_and_all_texts_the_titles_languages():
    values = {**card_values(), "evidence": [], "lessons": [], "need": {"de": "Kinder warten."}}
    read, _findings = read_card(values)
    assert read is not None

    assert [(each.severity, each.path) for each in gaps(read)] == [
        (Severity.WARNING, "measure.json#/evidence"),
        (Severity.WARNING, "measure.json#/lessons"),
        (Severity.WARNING, "measure.json#/need/en"),
    ]


# --- what has its place in a column ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": f"https://hamm.example/{'m' * 300}"}, "id"),
        ({"version": f"1.0.0-{'a' * 40}"}, "version"),
        (
            {"evidence": [{"indicator": "waiting", "on": "2026-05-01", "value": 1e14, "city": "hamm"}]},
            "evidence/0/value",
        ),
    ],
)
def test_what_is_too_long_or_too_large_to_be_kept_is_told(change: dict[str, Any], path: str):
    _read, found = read_card({**card_values(), **change})

    assert [each.path for each in found] == [f"measure.json#/{path}"]
    assert str(found[0].message).endswith(
        (" than 300 characters.", " than 40 characters.", " than 10000000000000.")
    )

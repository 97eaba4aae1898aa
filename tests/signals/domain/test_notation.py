"""Junctions as JSON: nothing is lost either way, and every fault is named."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import MISSING, fields, replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tandem.core.errors import InvalidInput
from tandem.signals.domain.junction import (
    Approach,
    Clearance,
    Detector,
    Exit,
    GroupKind,
    Interstage,
    Junction,
    Lane,
    Movement,
    Plan,
    PlanStep,
    SignalGroup,
    Stage,
    Turn,
)
from tandem.signals.domain.notation import (
    NotAJunction,
    dangling,
    junction_from_json,
    junction_to_json,
    read_junction,
    write_junction,
)
from tests.signals.junctions import four_arms, simple

SIMPLE, FOUR_ARMS = simple(), four_arms()
SCHEMA = json.loads(files("tandem.signals.domain").joinpath("junction.schema.json").read_text("utf-8"))
ITEMS = {
    "approach": Approach,
    "lane": Lane,
    "exit": Exit,
    "group": SignalGroup,
    "movement": Movement,
    "stage": Stage,
    "step": PlanStep,
    "plan": Plan,
    "interstage": Interstage,
    "clearance": Clearance,
    "detector": Detector,
}
BY_HAND = {
    "format": "tandem-junction/1",
    "id": "simple",
    "name": "Two streets",
    "approaches": [{"id": "west"}, {"id": "south"}],
    "lanes": [{"id": "west-lane", "approach": "west"}, {"id": "south-lane", "approach": "south"}],
    "exits": [{"id": "east"}, {"id": "north"}],
    "groups": [{"id": "K1"}, {"id": "K2"}],
    "movements": [
        {"id": "eastbound", "lane": "west-lane", "exit": "east", "group": "K1"},
        {"id": "northbound", "lane": "south-lane", "exit": "north", "group": "K2"},
    ],
    "intergreens": {"K1": {"K2": 5}, "K2": {"K1": 5}},
    "stages": [{"id": "A", "green": ["K1"]}, {"id": "B", "green": ["K2"]}],
    "plans": [{"id": "day", "steps": [{"stage": "A", "duration_s": 30}, {"stage": "B", "duration_s": 25}]}],
}

# --- any junction ---------------------------------------------------------------------------------
MS = st.integers(0, 10**7)
STEP_MS = st.integers(1, 10**7)
METRES = st.floats(0.001, 1e6)
TEXT = st.text(max_size=8)
any_time = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def junctions(draw: st.DrawFn) -> Junction:
    """Return any junction whose names lead somewhere."""
    names = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=3, unique=True)
    approaches, lanes, exits, groups, movements, stages = (draw(names) for _kind in range(6))
    group, stage, lane, movement = (st.sampled_from(each) for each in (groups, stages, lanes, movements))
    times = st.dictionaries(group, MS, max_size=3)
    changes = st.lists(st.tuples(stage, stage), max_size=3, unique=True)
    return Junction(
        id=draw(st.text(min_size=1)),
        name=draw(TEXT),
        approaches=tuple(Approach(name, draw(TEXT), draw(METRES), draw(METRES)) for name in approaches),
        lanes=tuple(Lane(name, draw(st.sampled_from(approaches))) for name in lanes),
        exits=tuple(Exit(name, draw(METRES), draw(st.just("") | lane)) for name in exits),
        movements=tuple(
            Movement(
                name,
                draw(lane),
                draw(st.just("") | st.sampled_from(exits)),
                draw(group),
                draw(st.sampled_from(Turn)),
                tuple(draw(st.lists(movement, max_size=2, unique=True))),
                draw(STEP_MS),
                draw(METRES),
            )
            for name in movements
        ),
        groups=tuple(
            SignalGroup(name, draw(st.sampled_from(GroupKind)), *(draw(MS) for _time in range(5)))
            for name in groups
        ),
        intergreens_ms=draw(st.dictionaries(st.tuples(group, group), MS, max_size=4)),
        stages=tuple(
            Stage(name, frozenset(draw(st.sets(group))), frozenset(draw(st.sets(group)))) for name in stages
        ),
        plans=tuple(
            Plan(
                name,
                tuple(PlanStep(draw(stage), draw(STEP_MS)) for _step in range(2)),
                draw(st.integers(-(10**6), 10**6)),
            )
            for name in draw(names)
        ),
        interstages=tuple(Interstage(*pair, draw(times), draw(times)) for pair in draw(changes)),
        clearances=(Clearance(draw(movement), draw(movement), draw(METRES), draw(METRES)),),
        detectors=tuple(Detector(name, draw(lane), draw(METRES), draw(METRES)) for name in draw(names)),
        assumptions=tuple(draw(st.lists(TEXT, max_size=2))),
        place=draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    )


@any_time
@given(junctions())
def test_a_junction_comes_back_as_it_was(junction: Junction):
    document = json.loads(json.dumps(junction_to_json(junction)))

    assert junction_from_json(document) == junction
    assert junction_to_json(junction_from_json(document)) == document


@any_time
@given(junctions())
def test_a_junction_comes_back_from_text(junction: Junction):
    assert read_junction(write_junction(junction)) == junction


@pytest.mark.parametrize("junction", [SIMPLE, FOUR_ARMS], ids=lambda junction: junction.id)
def test_the_order_of_everything_is_kept(junction: Junction):
    again = read_junction(write_junction(junction))

    assert list(again.intergreens_ms) == list(junction.intergreens_ms)
    assert write_junction(again) == write_junction(junction)


# --- by hand --------------------------------------------------------------------------------------
def test_a_document_written_by_hand_needs_no_defaults():
    assert junction_from_json(BY_HAND) == SIMPLE
    assert junction_to_json(SIMPLE) == BY_HAND


def test_times_are_seconds_kept_to_the_millisecond():
    document = {
        **BY_HAND,
        "groups": [{"id": "K1", "minimum_green_s": 7.5, "red_yellow_s": 1}, {"id": "K2", "yellow_s": 3.0004}],
        "intergreens": {"K1": {"K2": 5.001}, "K2": {"K1": 6}},
    }
    junction = junction_from_json(document)

    assert junction.groups == (
        SignalGroup("K1", minimum_green_ms=7_500, red_yellow_ms=1_000),
        SignalGroup("K2", yellow_ms=3_000),
    )
    assert junction.intergreens_ms == {("K1", "K2"): 5_001, ("K2", "K1"): 6_000}
    assert junction_to_json(junction)["groups"] == [
        {"id": "K1", "minimum_green_s": 7.5, "red_yellow_s": 1},
        {"id": "K2"},
    ]


def test_green_groups_stand_in_the_junctions_order():
    stages = (Stage("A", frozenset({"K2", "K1"})), SIMPLE.stages[1])
    turned = replace(SIMPLE, groups=SIMPLE.groups[::-1], stages=stages)

    assert junction_to_json(turned)["stages"][0] == {"id": "A", "green": ["K2", "K1"]}


def test_text_has_one_item_on_each_line():
    lines = write_junction(SIMPLE).splitlines()

    assert '    {"id": "west-lane", "approach": "west"},' in lines
    assert '    "K1": {"K2": 5},' in lines
    assert json.loads("\n".join(lines)) == BY_HAND


# --- the schema -----------------------------------------------------------------------------------
def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_property_is_described():
    described = [(path, part.get("description", "")) for path, part in properties(SCHEMA)]

    assert len(described) > 60
    assert [path for path, text in described if not text.endswith(".")] == []


def properties(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every property of a schema and of what is within it."""
    for name, part in schema.get("properties", {}).items():
        yield f"{path}/{name}", part
        yield from properties(part, f"{path}/{name}")
    for name, part in schema.get("$defs", {}).items():
        yield from properties(part, name)


@pytest.mark.parametrize("name", ITEMS)
def test_the_schema_knows_every_field_and_its_default(name: str):
    kind, schema = ITEMS[name], SCHEMA["$defs"][name]
    defaults: dict[str, Any] = {}
    for field in fields(kind):
        key = f"{field.name[:-3]}_s" if field.name.endswith("_ms") else field.name
        value = field.default_factory() if field.default_factory is not MISSING else field.default
        if isinstance(value, int) and field.name.endswith("_ms"):
            value = value / 1000
        defaults[key] = list(value) if isinstance(value, (tuple, frozenset)) else value
    defaults |= {"exit": ""} if kind is Movement else {}

    assert {each: part.get("default", MISSING) for each, part in schema["properties"].items()} == defaults
    assert set(schema["required"]) == {each for each, value in defaults.items() if value is MISSING}
    assert schema["additionalProperties"] is False


def test_the_schema_knows_every_part_of_a_junction():
    names = {field.name for field in fields(Junction)} - {"intergreens_ms"}

    assert set(SCHEMA["properties"]) == names | {"format", "intergreens"}


# --- faults ---------------------------------------------------------------------------------------
def faults(values: Any) -> list[tuple[str, str]]:
    """Return path and message of each fault of a document."""
    with pytest.raises(NotAJunction) as caught:
        junction_from_json(values)
    return [(finding.path, str(finding.message)) for finding in caught.value.findings]


def changed(*steps: str | int, to: Any) -> dict[str, Any]:
    """Return the document by hand with one value changed."""
    document: Any = deepcopy(BY_HAND)
    part = document
    for step in steps[:-1]:
        part = part[step]
    part[steps[-1]] = to
    return document


@pytest.mark.parametrize(
    ("document", "path", "message"),
    [
        (changed("format", to="tandem-junction/2"), "$.format", "Use tandem-junction/1."),
        (changed("groups", 0, to={"kind": "cycle"}), "$.groups[0]", "id is missing. Add it."),
        (
            changed("groups", 0, "kind", to="car"),
            "$.groups[0].kind",
            "Use vehicle, cycle, pedestrian, bus, tram.",
        ),
        (
            changed("groups", 0, "yellow", to=3),
            "$.groups[0]",
            "yellow is unknown. Remove it, or use one of id, kind",
        ),
        (
            changed("groups", 0, "yellow_s", to=-1),
            "$.groups[0].yellow_s",
            "-1 is less than 0. Yellow after green",
        ),
        (changed("groups", 0, "yellow_s", to="3"), "$.groups[0].yellow_s", '"3" is no number.'),
        (changed("groups", 0, "yellow_s", to=float("nan")), "$.groups[0].yellow_s", "NaN is no number."),
        (changed("groups", 0, "yellow_s", to=float("inf")), "$.groups[0].yellow_s", "Infinity is no number."),
        (changed("groups", 0, "yellow_s", to=True), "$.groups[0].yellow_s", "true is no number."),
        (changed("groups", to=[]), "$.groups", "It is empty. The signal groups"),
        (changed("approaches", 0, "speed_kmh", to=0), "$.approaches[0].speed_kmh", "0 is not above 0."),
        (changed("intergreens", "K1", "K2", to=-5), "$.intergreens.K1.K2", "-5 is less than 0."),
        (changed("intergreens", "K1", to=5), "$.intergreens.K1", "5 is no object."),
        (
            changed("stages", 0, "green", to=["K1", "K1"]),
            "$.stages[0].green",
            "Something stands there twice.",
        ),
        (
            changed("place", to={"lat": 91, "lon": 7}),
            "$.place.lat",
            "91 is more than 90. Latitude in degrees.",
        ),
        (
            changed("plans", 0, "steps", 0, "duration_s", to=0),
            "$.plans[0].steps[0].duration_s",
            "0 is less than",
        ),
        (changed("id", to=""), "$.id", "It is empty. Name of the junction"),
        ([], "$", "[] is no object."),
        (None, "$", "null is no object."),
    ],
)
def test_what_the_schema_refuses_is_named_with_its_json_path(document: Any, path: str, message: str):
    [(found_path, found_message)] = faults(document)

    assert found_path == path
    assert message in found_message


@pytest.mark.parametrize(
    ("document", "path", "name"),
    [
        (
            changed("lanes", 0, "approach", to="x"),
            "lanes/west-lane/approach",
            "x is not among the approaches",
        ),
        (changed("exits", 0, "leads_to", to="x"), "exits/east/leads_to", "x is not among the lanes"),
        (changed("movements", 0, "lane", to="x"), "movements/eastbound/lane", "x is not among the lanes"),
        (changed("movements", 0, "exit", to="x"), "movements/eastbound/exit", "x is not among the exits"),
        (changed("movements", 0, "group", to="x"), "movements/eastbound/group", "x is not among the groups"),
        (
            changed("movements", 0, "yields_to", to=["x"]),
            "movements/eastbound/yields_to",
            "x is not among the movements",
        ),
        (changed("intergreens", "K1", "x", to=5), "intergreens/K1/x", "x is not among the groups"),
        (changed("intergreens", "x", to={"K1": 5}), "intergreens/x/K1", "x is not among the groups"),
        (changed("stages", 0, "green", to=["K1", "x"]), "stages/A", "x is not among the groups"),
        (changed("stages", 0, "permissive", to=["x"]), "stages/A", "x is not among the groups"),
        (changed("plans", 0, "steps", 0, "stage", to="x"), "plans/day/steps/0", "x is not among the stages"),
        (
            changed("interstages", to=[{"first": "A", "second": "x"}]),
            "interstages/A/x",
            "x is not among the stages",
        ),
        (
            changed("interstages", to=[{"first": "A", "second": "B", "ends_s": {"x": 1}}]),
            "interstages/A/B",
            "x is not among the groups",
        ),
        (
            changed("interstages", to=[{"first": "A", "second": "B", "starts_s": {"x": 1}}]),
            "interstages/A/B",
            "x is not among the groups",
        ),
        (
            changed(
                "clearances",
                to=[{"clearing": "eastbound", "entering": "x", "clearing_m": 1, "entering_m": 1}],
            ),
            "clearances/eastbound/x",
            "x is not among the movements",
        ),
        (
            changed("detectors", to=[{"id": "loop", "lane": "x", "distance_m": 40}]),
            "detectors/loop/lane",
            "x is not among the lanes",
        ),
    ],
)
def test_what_leads_nowhere_is_named(document: Any, path: str, name: str):
    assert faults(document) == [(path, f"{name}. Add it there, or correct the name here.")]


@pytest.mark.parametrize("kind", ["approaches", "lanes", "exits", "groups", "movements", "stages", "plans"])
def test_what_has_the_same_name_twice_is_named(kind: str):
    items: Any = BY_HAND[kind]
    document = changed(kind, to=[*items, items[0]])

    assert faults(document) == [(f"{kind}/{items[0]['id']}", "The name stands twice. Rename one of the two.")]


def test_a_change_that_stands_twice_is_named():
    document = changed("interstages", to=2 * [{"first": "A", "second": "B"}])

    assert faults(document) == [("interstages/A/B", "The change stands twice. Remove one of the two.")]


def test_all_faults_are_kept_and_the_message_says_the_first_and_how_many():
    document = changed("movements", 0, "lane", to="x")
    document["movements"][1]["group"] = "K9"
    with pytest.raises(NotAJunction) as caught:
        junction_from_json(document)

    assert str(caught.value) == (
        "The junction is wrong at movements/eastbound/lane: x is not among the lanes. Add it there, or correct the "
        "name here. Further faults: 1."
    )
    assert len(caught.value.findings) == 2
    assert (caught.value.code, isinstance(caught.value, InvalidInput)) == ("signals.junction.invalid", True)


def test_a_junction_that_leads_nowhere_is_found_without_its_document():
    assert dangling(SIMPLE) == []
    assert [finding.path for finding in dangling(replace(SIMPLE, exits=()))] == [
        "movements/eastbound/exit",
        "movements/northbound/exit",
    ]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"id": 1' + "0" * 5_000 + "}"])
def test_a_text_that_is_no_json_is_refused(text: str):
    with pytest.raises(NotAJunction, match="It is no JSON"):
        read_junction(text)


def test_a_name_that_stands_twice_in_one_object_is_refused():
    text = json.dumps(BY_HAND).replace('{"K2": 5}', '{"K2": 5, "K2": 9}')

    with pytest.raises(NotAJunction, match="'K2' stands twice in one object"):
        read_junction(text)


@any_time
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | TEXT,
        lambda part: st.lists(part) | st.dictionaries(st.sampled_from(list(SCHEMA["properties"])), part),
    )
)
def test_no_document_breaks_the_reader(values: Any):
    with pytest.raises(NotAJunction):
        junction_from_json(values)

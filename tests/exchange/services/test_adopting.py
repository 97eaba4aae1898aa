"""Adopting in a city of fakes: what each step does, that it does all or nothing, and that twice is once."""

import logging
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tandem.core.errors import NotFound, TandemError
from tandem.core.part_values import MARK
from tandem.core.parts import Input, InputKind, Part
from tandem.core.references import Reference
from tandem.exchange.domain.adoption import (
    STANDING,
    STEPS,
    Adoption,
    NotPossible,
    NotTheirs,
    PartGone,
    PartState,
    SignOff,
    State,
)
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.merge import ABSENT, Conflict, NoSuchConflict, Side, Unresolved
from tandem.exchange.domain.planning import Course, MeasureVersion, NotReady
from tandem.exchange.domain.receipt import as_json
from tandem.exchange.domain.updating import Doing
from tandem.exchange.services.acting import (
    Acting,
    AlreadyAdopted,
    NoHandler,
    Outcome,
    PartFailed,
    all_shown,
    changed_by_people,
)
from tandem.exchange.services.adopting import (
    adopt,
    attach_simulation,
    diverge,
    go_live,
    plan_adoption,
    retire,
    sign_off,
    tell,
    undo,
)
from tandem.exchange.services.updating import ChangedMeanwhile, plan_update, update
from tests.exchange.handlers import (
    NOW,
    ROLES,
    SIGNS,
    Broken,
    City,
    Faults,
    KeptStore,
    Room,
    Session,
    Store,
    Thing,
    in_memory,
    numbered,
)

TABLE, IDEAS, SIGNAL = "catalogue/trees", "participation/ideas", "signal/marker-allee"
RESULT = Reference("urn:evaluation:1", "evaluation")
ID = numbered(1)
PUBLISHER, DAYS, CITY_NAME = (
    Input("publisher"),
    Input("days", InputKind.INTEGER, default=28),
    Input("city", profile="name"),
)


@pytest.fixture(autouse=True, params=["memory", pytest.param("database", marks=pytest.mark.django_db)])
def keeping(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let every test run with adoptions in memory, and once more with adoptions in the database."""
    City.keep = KeptStore if request.param == "database" else in_memory
    yield request.param
    City.keep = in_memory


@pytest.fixture
def in_memory_only(keeping: str) -> None:
    """Pass a test over that needs two connections at once; ``test_adopting_at_once`` has them on the database."""
    if keeping == "database":
        pytest.skip("two connections at once are tested in test_adopting_at_once")


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "slug": "trees",
        "publisher": {MARK: "publisher"},
        "titles": {"de": "Bäume", "en": "Trees"},
        **changed,
    }


def version(number: str = "1.0.0", **parts: Part | None) -> MeasureVersion:
    """Return a version of the measure with three parts; each can be replaced, or left away by None."""
    made: dict[str, Part | None] = {
        "table": Part("catalogue", "trees", {}, fields(), {"trees.csv": b"id\n1\n"}, [PUBLISHER]),
        "ideas": Part("participation", "ideas", {}, {"days": {MARK: "days"}}, inputs=[DAYS]),
        "signal": Part("signal", "marker-allee", {}, {"cycle_s": 70}, {"junction.json": b"{}"}),
    }
    there = tuple(part for part in (made | parts).values() if part is not None)
    return MeasureVersion("https://hamm.example/m/trees", number, there, (CITY_NAME,))


V1 = version()
V2 = version(
    "1.1.0",
    table=Part(
        "catalogue",
        "trees",
        {},
        fields(titles={"de": "Stadtbäume", "en": "Trees"}),
        {"trees.csv": b"id\n2\n"},
        [PUBLISHER],
    ),
    signal=None,
    survey=Part("participation", "survey", {}, {"questions": 3}),
)
GIVEN = {"publisher": "Comune di Arezzo"}


def changed_parts(city: City, adoption_id: str) -> list[str]:
    """Return the keys of the parts that people changed since they were taken over."""
    found = city.acting().ledger.find(adoption_id)
    return changed_by_people(found, all_shown(city.acting(), found))


def adopted(city: City, offered: MeasureVersion = V1, **options: Any) -> Outcome:
    return adopt(city.acting(), offered, GIVEN, **options)


def signed(city: City) -> None:
    for part in city.store.adoptions[ID].parts:
        if part.state is PartState.MADE:
            if part.kind == "signal":
                attach_simulation(city.acting(2), ID, part.key, RESULT)
            sign_off(city.acting(2), ID, part.key, roles=ROLES)


def live_city(**options: Any) -> City:
    city = City(**options)
    adopted(city)
    signed(city)
    go_live(city.acting(), ID)
    return city


def updated(city: City, offered: MeasureVersion = V2, choices: Any = None, inputs: Any = None) -> Outcome:
    planned = plan_update(city.acting(), ID, offered, inputs or {}, choices=choices)
    return update(city.acting(), ID, offered, inputs or {}, seen=planned.seen, choices=choices)


def states(city: City) -> dict[str, str]:
    return {uri: thing.state for uri, thing in city.store.things.items()}


def part_states(outcome: Outcome) -> dict[str, str]:
    return {part.key: part.state.value for part in outcome.adoption.parts}


URIS = [f"urn:{key}/1" for key in (TABLE, IDEAS, SIGNAL)]


# --- planning and adopting ----------------------------------------------------------------------
def test_planning_says_what_is_made_and_changes_nothing():
    city = City()
    planned = plan_adoption(city.acting(), V1, GIVEN)

    assert planned.can_be_carried_out
    assert [str(step.says) for part in planned.parts for step in part.steps] == [
        f"{key} is made." for key in (TABLE, IDEAS, SIGNAL)
    ]
    assert city.store == Store()


def test_what_is_missing_is_said_and_nothing_is_made():
    city = City()
    planned = plan_adoption(city.acting(), V1, {})

    assert [(each.code, each.path) for each in planned.findings] == [
        ("exchange.inputs.missing", "inputs#/publisher")
    ]
    with pytest.raises(NotReady, match="Fill it in"):
        adopt(city.acting(), V1, {})
    assert city.store == Store()


def test_a_placeholder_that_asks_for_nothing_known_is_in_the_way():
    broken = version(table=Part("catalogue", "trees", {}, {"mail": {MARK: "mail"}}))

    assert [each.path for each in plan_adoption(City().acting(), broken, {}).findings] == [f"{TABLE}#/mail"]


def test_inputs_of_a_part_that_is_left_out_need_not_be_filled_in():
    city = City()
    outcome = adopt(city.acting(), V1, {}, left_out=[TABLE])

    assert part_states(outcome) == {IDEAS: "made", SIGNAL: "made"}
    assert (outcome.adoption.left_out, outcome.adoption.inputs) == ((TABLE,), {"city": "Arezzo", "days": 28})


def test_a_kind_without_a_room_can_be_left_out():
    city = City(kinds=("catalogue", "participation"))

    with pytest.raises(NotReady, match="kind Traffic signal"):
        adopted(city)
    assert part_states(adopted(city, left_out=[SIGNAL])) == {TABLE: "made", IDEAS: "made"}


def test_what_a_room_has_against_it_is_in_the_way():
    city = City(store=Store({"urn:other": Thing("catalogue", {"slug": "trees"}, {})}))

    with pytest.raises(NotReady, match="There is one of that name"):
        adopted(city)
    assert states(city) == {"urn:other": "draft"}


def test_adopting_makes_drafts_filled_in_and_remembers_what_it_took():
    city = City()
    outcome = adopted(city)

    filled = fields(publisher="Comune di Arezzo")
    assert outcome.changed
    assert outcome.adoption == city.store.adoptions[ID]
    assert (outcome.adoption.state, outcome.adoption.begun_by, outcome.adoption.version) == (
        State.DRAFTS,
        "1",
        "1.0.0",
    )
    assert outcome.adoption.inputs == {"city": "Arezzo", "publisher": "Comune di Arezzo", "days": 28}
    assert [part.base for part in outcome.adoption.parts] == [filled, {"days": 28}, {"cycle_s": 70}]
    assert city.store.things[URIS[0]] == Thing("catalogue", filled, {"trees.csv": b"id\n1\n"})
    assert states(city) == dict.fromkeys(URIS, "draft")


def test_adopting_twice_is_one_adoption():
    city = City()
    first = adopted(city)
    before = deepcopy(city.store)
    again = adopted(city)

    assert (again.adoption, again.changed, city.store) == (first.adoption, False, before)
    assert plan_adoption(city.acting(), V1, GIVEN).course is Course.SAME


def test_another_version_is_an_update_and_an_older_one_is_refused():
    city = City()
    adopted(city, V2)

    with pytest.raises(AlreadyAdopted, match="as an update"):
        adopted(city, version("1.2.0"))
    with pytest.raises(NotReady, match=r"Version 1\.1\.0 is adopted\. Version 1\.0\.0 is older"):
        adopted(city, V1)
    assert len(city.store.adoptions) == 1


def slower(city: City, kind: str, faster: MeasureVersion) -> Acting:
    """Return somebody who, in the middle of adopting, is overtaken by somebody else over another connection."""
    session = Session(city.store, first_id=100)
    rooms = {each: Room(each, session) for each in SIGNS}
    rooms[kind].interrupted = lambda: adopted(city, faster)
    return replace(city.acting(), ledger=session, handlers=rooms)


@pytest.mark.usefixtures("in_memory_only")
@pytest.mark.parametrize("kind", SIGNS)
def test_adopting_at_the_same_time_is_one_adoption(kind):
    city = City()
    outcome = adopt(slower(city, kind, V1), V1, GIVEN)

    assert (outcome.adoption.id, outcome.changed) == (ID, False)
    assert city.store.adoptions == {ID: outcome.adoption}
    assert states(city) == dict.fromkeys(URIS, "draft")


@pytest.mark.usefixtures("in_memory_only")
def test_adopting_another_version_at_the_same_time_is_told():
    city = City()

    with pytest.raises(AlreadyAdopted):
        adopt(slower(city, "signal", V2), V1, GIVEN)
    assert {key: each.version for key, each in city.store.adoptions.items()} == {ID: "1.1.0"}
    assert {part.reference.uri for part in city.store.adoptions[ID].parts} == set(states(city))


def test_what_was_undone_can_be_adopted_anew():
    city = City()
    adopted(city)
    undo(city.acting(), ID)

    assert adopted(city).adoption.id == numbered(2)


# --- signing off and going live -----------------------------------------------------------------
def test_signing_off_takes_the_role_of_the_parts_room():
    city = City()
    adopted(city)

    with pytest.raises(NotTheirs, match=r"Publisher \(Data\)"):
        sign_off(city.acting(2), ID, TABLE, roles=[SIGNS["signal"]])
    outcome = sign_off(city.acting(2), ID, TABLE, roles=[SIGNS["catalogue"]], note="Fine")
    made = outcome.adoption.part(TABLE).sign_off
    assert isinstance(made, SignOff)
    assert (made.by, made.at, made.note) == ("2", NOW, "Fine")


def test_a_signal_is_signed_off_by_a_second_person_after_a_simulation():
    city = City()
    adopted(city)

    with pytest.raises(NotPossible, match="simulated first"):
        sign_off(city.acting(2), ID, SIGNAL, roles=ROLES)
    attach_simulation(city.acting(1), ID, SIGNAL, RESULT)
    with pytest.raises(NotTheirs):
        sign_off(city.acting(1), ID, SIGNAL, roles=ROLES)
    city.edit(URIS[2], cycle_s=71)
    with pytest.raises(NotPossible, match="Simulate it again"):
        sign_off(city.acting(2), ID, SIGNAL, roles=ROLES)
    attach_simulation(city.acting(1), ID, SIGNAL, RESULT)
    assert part_states(sign_off(city.acting(2), ID, SIGNAL, roles=ROLES))[SIGNAL] == "signed-off"


def test_all_goes_live_or_nothing():
    city = City()
    adopted(city)
    sign_off(city.acting(), ID, TABLE, roles=ROLES)

    with pytest.raises(NotPossible, match=f"{IDEAS} is not signed off"):
        go_live(city.acting(), ID)
    assert states(city) == dict.fromkeys(URIS, "draft")
    signed(city)
    outcome = go_live(city.acting(), ID)
    assert outcome.adoption.state is State.LIVE
    assert set(part_states(outcome).values()) == {"live"}
    assert states(city) == dict.fromkeys(URIS, "public")
    with pytest.raises(NotPossible, match="nothing to put live"):
        go_live(city.acting(), ID)


def test_what_was_changed_after_its_sign_off_does_not_go_live():
    city = City()
    adopted(city)
    signed(city)
    city.edit(URIS[1], days=29)

    with pytest.raises(NotPossible, match="Sign it off again"):
        go_live(city.acting(), ID)
    sign_off(city.acting(), ID, IDEAS, roles=ROLES)
    assert go_live(city.acting(), ID).adoption.state is State.LIVE


def test_a_part_that_somebody_deleted_is_said_and_can_stay_away():
    city = City()
    adopted(city)
    signed(city)
    city.delete(URIS[1])

    with pytest.raises(PartGone, match=IDEAS):
        sign_off(city.acting(), ID, IDEAS, roles=ROLES)
    with pytest.raises(PartGone, match=IDEAS):
        go_live(city.acting(), ID)
    outcome = go_live(city.acting(), ID, without=[IDEAS])
    assert part_states(outcome) == {TABLE: "live", IDEAS: "gone", SIGNAL: "live"}


# --- updates ------------------------------------------------------------------------------------
def test_an_update_merges_what_both_did():
    city = live_city()
    city.edit(URIS[0], titles={"de": "Bäume", "en": "Trees", "it": "Alberi"})
    planned = plan_update(city.acting(), ID, V2, {})

    assert {each.key: each.doing for each in planned.parts} == {
        TABLE: Doing.CHANGE,
        IDEAS: Doing.NOTHING,
        "participation/survey": Doing.MAKE,
        SIGNAL: Doing.TAKE_AWAY,
    }
    assert planned.can_be_carried_out
    assert [str(step.says) for step in planned.steps] == [
        "catalogue/trees is changed, and has to be signed off again.",
        "participation/ideas stays as it is.",
        "participation/survey is made as a draft.",
        "signal/marker-allee is taken away; the origin has it no more.",
    ]
    outcome = updated(city)
    theirs = fields(publisher="Comune di Arezzo", titles={"de": "Stadtbäume", "en": "Trees"})
    merged = {**theirs, "titles": {"de": "Stadtbäume", "en": "Trees", "it": "Alberi"}}
    assert city.store.things[URIS[0]] == Thing("catalogue", merged, {"trees.csv": b"id\n2\n"}, "public")
    assert outcome.adoption.part(TABLE).base == theirs
    assert (outcome.adoption.version, outcome.adoption.state) == ("1.1.0", State.LIVE)
    assert part_states(outcome) == {
        TABLE: "made",
        IDEAS: "live",
        "participation/survey": "made",
        SIGNAL: "gone",
    }
    assert states(city)[URIS[2]] == "withdrawn"
    signed(city)
    assert set(part_states(go_live(city.acting(), ID)).values()) == {"live", "gone"}


def test_an_update_that_both_sides_speak_against_waits_for_a_choice():
    city = live_city()
    city.edit(URIS[0], titles={"de": "Unsere Bäume", "en": "Trees"})
    planned = plan_update(city.acting(), ID, V2, {})

    conflict = Conflict("/titles/de", "Bäume", "Unsere Bäume", "Stadtbäume")
    assert (planned.parts[0].conflicts, planned.can_be_carried_out) == ((conflict,), False)
    before = deepcopy(city.store)
    with pytest.raises(Unresolved, match=f"{TABLE}#/titles/de"):
        updated(city)
    with pytest.raises(NoSuchConflict, match=f"{TABLE}#/slug"):
        updated(city, choices={TABLE: {"/titles/de": Side.OURS, "/slug": Side.OURS}})
    with pytest.raises(NoSuchConflict, match="catalogue/other"):
        updated(city, choices={"catalogue/other": {"": Side.OURS}})
    assert city.store == before
    updated(city, choices={TABLE: {"/titles/de": Side.OURS}})
    assert city.store.things[URIS[0]].fields["titles"] == {"de": "Unsere Bäume", "en": "Trees"}


def test_a_choice_holds_for_what_was_seen():
    city = live_city()
    seen = plan_update(city.acting(), ID, V2, {}).seen
    city.edit(URIS[0], slug="alberi")

    with pytest.raises(ChangedMeanwhile, match="Look at the plan again"):
        update(city.acting(), ID, V2, {}, seen=seen)


@pytest.mark.parametrize("chosen", [None, Side.OURS, Side.THEIRS])
def test_what_somebody_here_deleted_stays_deleted_unless_chosen_otherwise(chosen):
    city = live_city()
    city.delete(URIS[0])
    outcome = updated(city, choices={TABLE: {"": chosen}} if chosen else None)

    assert part_states(outcome)[TABLE] == ("made" if chosen is Side.THEIRS else "gone")
    assert (URIS[0] in city.store.things) == (chosen is Side.THEIRS)
    later = version("1.2.0")
    assert plan_update(city.acting(), ID, later, {}).parts[0].doing is (
        Doing.CHANGE if chosen is Side.THEIRS else Doing.STAY_AWAY
    )


@pytest.mark.parametrize("chosen", [None, Side.THEIRS])
def test_what_was_left_out_stays_out_unless_chosen_otherwise(chosen):
    city = City()
    adopted(city, left_out=[TABLE])
    outcome = updated(city, choices={TABLE: {"": chosen}} if chosen else None, inputs=GIVEN if chosen else {})

    assert (TABLE in part_states(outcome)) == (chosen is Side.THEIRS)
    assert outcome.adoption.left_out == (() if chosen else (TABLE,))


def test_a_new_part_can_be_left_out_of_an_update_and_is_remembered():
    city = live_city()
    outcome = updated(city, choices={"participation/survey": {"": Side.OURS}})

    assert outcome.adoption.left_out == ("participation/survey",)
    assert "participation/survey" not in part_states(outcome)


def test_a_part_that_the_origin_took_out_and_people_here_changed_is_a_conflict_and_can_be_kept():
    city = live_city()
    city.edit(URIS[2], cycle_s=90)

    planned = plan_update(city.acting(), ID, V2, {}).parts[-1]
    conflict = Conflict("", {"cycle_s": 70}, {"cycle_s": 90}, ABSENT)
    assert (planned.conflicts, planned.undecided, planned.doing) == ((conflict,), ("",), Doing.NOTHING)
    with pytest.raises(Unresolved, match=SIGNAL):
        updated(city)
    outcome = updated(city, choices={SIGNAL: {"": Side.OURS}})
    assert (part_states(outcome)[SIGNAL], outcome.adoption.part(SIGNAL).base) == ("live", None)
    assert states(city)[URIS[2]] == "public"
    assert changed_parts(city, ID) == [SIGNAL]
    later = plan_update(city.acting(), ID, replace(V2, version="1.2.0"), {}).parts[-1]
    assert (later.doing, later.conflicts) == (Doing.NOTHING, ())


def test_an_update_of_a_signal_needs_a_new_simulation_and_another_person_than_who_took_it_over():
    city = live_city()
    newer = version(
        "1.1.0", signal=Part("signal", "marker-allee", {}, {"cycle_s": 80}, {"junction.json": b"{}"})
    )
    planned = plan_update(city.acting(3), ID, newer, {})
    outcome = update(city.acting(3), ID, newer, {}, seen=planned.seen)

    assert part_states(outcome) == {TABLE: "live", IDEAS: "live", SIGNAL: "made"}
    attach_simulation(city.acting(2), ID, SIGNAL, RESULT)
    for person in (1, 3):
        with pytest.raises(NotTheirs):
            sign_off(city.acting(person), ID, SIGNAL, roles=ROLES)
    assert part_states(sign_off(city.acting(2), ID, SIGNAL, roles=ROLES))[SIGNAL] == "signed-off"


def test_new_files_alone_are_a_change():
    city = live_city()
    newer = version(
        "1.0.1", signal=Part("signal", "marker-allee", {}, {"cycle_s": 70}, {"junction.json": b"{ }"})
    )

    assert part_states(updated(city, newer)) == {TABLE: "live", IDEAS: "live", SIGNAL: "made"}
    assert city.store.things[URIS[2]].files == {"junction.json": b"{ }"}
    later = plan_update(city.acting(), ID, replace(newer, version="1.0.2"), {})
    assert {each.doing for each in later.parts} == {Doing.NOTHING}


def test_inputs_of_before_hold_and_new_ones_are_asked_for():
    city = live_city()
    more = version("1.1.0", ideas=Part("participation", "ideas", {}, {"days": {MARK: "days"}, "mail": {MARK: "mail"}},
                                       inputs=[DAYS, Input("mail")]))  # fmt: skip

    with pytest.raises(NotReady, match="Fill it in"):
        updated(city, more)
    outcome = updated(city, more, inputs={"mail": "ufficio@arezzo.example"})
    assert city.store.things[URIS[1]].fields == {"days": 28, "mail": "ufficio@arezzo.example"}
    assert outcome.adoption.inputs == {
        "city": "Arezzo",
        "publisher": "Comune di Arezzo",
        "days": 28,
        "mail": "ufficio@arezzo.example",
    }


def test_an_update_to_the_same_version_changes_nothing_and_to_an_older_one_or_another_measure_is_refused():
    city = live_city()
    before = deepcopy(city.store)

    assert not update(city.acting(), ID, V1, {}, seen="").changed
    for other in (version("0.9.0"), replace(V2, measure="https://hamm.example/m/other")):
        with pytest.raises(NotReady):
            updated(city, other)
    assert city.store == before


def test_a_room_that_shows_things_in_its_own_form_is_no_change_by_people():
    city = City(tidies=True)
    loose = version(table=Part("catalogue", "trees", {}, {"slug": " trees ", "note": "x"}))
    adopted(city, loose)

    assert changed_parts(city, ID) == []
    city.edit(URIS[0], note="ours")
    newer = version("1.1.0", table=Part("catalogue", "trees", {}, {"slug": " alberi ", "note": "x"}))
    outcome = updated(city, newer)
    assert city.store.things[URIS[0]].fields == {"slug": "alberi", "note": "ours"}
    assert outcome.adoption.part(TABLE).base == {"slug": "alberi", "note": "x"}
    assert changed_parts(city, ID) == [TABLE]


def test_a_room_that_shows_things_in_its_own_form_is_no_change_by_the_origin():
    city = City(tidies=True)
    table = Part("catalogue", "trees", {}, {"slug": " trees ", "note": "x"})
    adopted(city, version(table=table))
    planned = plan_update(city.acting(), ID, version("1.1.0", table=table), {})
    assert [(each.doing, each.fields) for each in planned.parts if each.key == TABLE] == [
        (Doing.NOTHING, {"slug": "trees", "note": "x"})
    ]
    for number, note in (("1.1.0", "x"), ("1.2.0", "y")):
        newer = version(number, table=replace(table, fields={"slug": " trees ", "note": note}))
        outcome = updated(city, newer)
        assert city.store.things[URIS[0]].fields == {"slug": "trees", "note": note}
        assert outcome.adoption.part(TABLE).base == {"slug": "trees", "note": note}
        assert changed_parts(city, ID) == []


# --- ends ---------------------------------------------------------------------------------------
def test_drafts_are_deleted_and_what_was_public_is_withdrawn_in_reverse_order():
    city, faults = City(), Faults()
    adopted(city)
    outcome = undo(city.acting(1, faults), ID)

    assert (outcome.adoption.state, city.store.things) == (State.UNDONE, {})
    assert set(part_states(outcome).values()) == {"gone"}
    assert [call for call in faults.calls if call.endswith("undo")] == [
        "signal.undo",
        "participation.undo",
        "catalogue.undo",
    ]
    city = live_city()
    assert undo(city.acting(), ID).adoption.state is State.UNDONE
    assert states(city) == dict.fromkeys(URIS, "withdrawn")


@pytest.mark.parametrize("end", [undo, retire])
def test_what_people_changed_is_not_lost_without_their_word(end):
    city = live_city()
    city.edit(URIS[0], slug="alberi")
    city.delete(URIS[1])
    before = deepcopy(city.store)

    assert changed_parts(city, ID) == [TABLE]
    with pytest.raises(NotPossible, match=f"People here changed {TABLE}"):
        end(city.acting(), ID, reason="Over")
    assert city.store == before
    outcome = end(city.acting(), ID, reason=" Over ", confirmed=[TABLE])
    assert outcome.adoption.reason == "Over"
    assert states(city) == {URIS[0]: "withdrawn", URIS[2]: "withdrawn"}


def test_what_was_kept_from_before_an_update_is_still_known_as_changed():
    city = live_city()
    city.edit(URIS[0], slug="alberi")
    updated(city)

    assert changed_parts(city, ID) == [TABLE]


def test_a_city_that_goes_its_own_way_takes_no_more_updates():
    city = live_city()
    outcome = diverge(city.acting(), ID, reason="Other trees")

    assert (outcome.adoption.state, outcome.adoption.reason) == (State.DIVERGED, "Other trees")
    with pytest.raises(NotPossible, match="own way"):
        updated(city)
    with pytest.raises(NotReady, match="own way"):
        adopted(city, V2)
    assert retire(city.acting(), ID, reason="Over").adoption.state is State.RETIRED
    with pytest.raises(NotPossible, match="retired"):
        undo(city.acting(), ID)


# --- receipts, errors, logs ---------------------------------------------------------------------
def test_each_step_brings_the_receipt_for_the_origin():
    city = live_city(values={"wait": [Measured(date(2026, 8, 1), 30.0)]})

    assert as_json(tell(city.acting(), ID)) == {
        "format": "tandem-adoption-receipt/1",
        "measure": "https://hamm.example/m/trees",
        "version": "1.0.0",
        "city": "arezzo",
        "adoption": ID,
        "state": "live",
        "parts": [{"part": key, "state": "live"} for key in (TABLE, IDEAS, SIGNAL)],
        "indicators": {"wait": [{"on": "2026-08-01", "value": 30.0}]},
        "told_at": "2026-09-01T10:00:00+00:00",
    }
    assert diverge(city.acting(), ID, reason="x").receipt == replace(
        tell(city.acting(), ID), state=State.DIVERGED
    )


def test_an_error_names_the_part_and_the_step(caplog):
    city = City()
    with pytest.raises(
        PartFailed, match=f"{IDEAS}: making a draft did not succeed. Why is in the log."
    ) as caught:
        adopt(city.acting(1, Faults(at=FIRST_MAKE + 2)), V1, GIVEN)

    assert (caught.value.part, caught.value.step) == (IDEAS, "make")
    assert isinstance(caught.value.__cause__, Broken)
    assert [(each.message, each.levelname) for each in caplog.records] == [
        ("exchange.adoption.part-failed", "ERROR")
    ]


def test_what_a_room_says_is_told():
    city = City()
    acting = city.acting()

    def refuse() -> None:
        raise NotFound("There is no such publisher.")

    acting.handlers["catalogue"].interrupted = refuse
    with pytest.raises(
        PartFailed,
        match=f"{TABLE}: making a draft did not succeed. There is no such publisher. Nothing was changed.",
    ):
        adopt(acting, V1, GIVEN)
    assert city.store == Store()


def test_a_room_that_is_gone_is_told():
    city = live_city()
    city.kinds = ("catalogue",)

    with pytest.raises(NoHandler, match="kind Participation"):
        undo(city.acting(), ID)
    with pytest.raises(NotFound):
        tell(city.acting(), numbered(7))


def test_each_service_logs_one_event(caplog):
    caplog.set_level(logging.INFO)
    city = live_city()
    updated(city)
    diverge(city.acting(), ID, reason="")
    retire(city.acting(), ID, reason="")
    adopted(city)
    undo(city.acting(), numbered(2))

    events = [each.message.removeprefix("exchange.adoption.") for each in caplog.records]
    live = ["adopt", "sign-off", "sign-off", "simulate", "sign-off", "go-live"]
    assert events == [*live, "update", "diverge", "retire", "adopt", "undo"]
    assert {each.measure for each in caplog.records} == {V1.measure}


# --- faults at every step -----------------------------------------------------------------------
Step = Callable[[City, Acting], Outcome]
FIRST_MAKE = 4  # three plans, and the row


def _update(city: City, acting: Acting) -> Outcome:
    choices = {TABLE: {"/titles/de": Side.THEIRS}}
    seen = plan_update(city.acting(), ID, V2, {}, choices=choices).seen
    return update(acting, ID, V2, {}, seen=seen, choices=choices)


def _edited(city: City) -> None:
    city.edit(URIS[0], titles={"de": "Unsere Bäume", "en": "Trees", "it": "Alberi"})


def _nothing(city: City) -> None:
    pass


WAY: list[tuple[str, Callable[[City], None], Step]] = [
    ("adopt", _nothing, lambda _city, acting: adopt(acting, V1, GIVEN)),
    ("sign-off", _nothing, lambda _city, acting: sign_off(acting, ID, TABLE, roles=ROLES)),
    ("sign-off", _nothing, lambda _city, acting: sign_off(acting, ID, IDEAS, roles=ROLES)),
    ("simulate", _nothing, lambda _city, acting: attach_simulation(acting, ID, SIGNAL, RESULT)),
    (
        "sign-off",
        _nothing,
        lambda _city, acting: sign_off(replace(acting, person=city_person(2)), ID, SIGNAL, roles=ROLES),
    ),
    ("go-live", _nothing, lambda _city, acting: go_live(acting, ID)),
    ("update", _edited, _update),
    ("diverge", _nothing, lambda _city, acting: diverge(acting, ID, reason="Our own")),
]
ENDS: list[tuple[str, Callable[[City], None], Step]] = [
    ("retire", _nothing, lambda _city, acting: retire(acting, ID, reason="Over", confirmed=[TABLE])),
    ("undo", _nothing, lambda _city, acting: undo(acting, ID, confirmed=[TABLE])),
]


def city_person(number: int) -> Any:
    return City().acting(number).person


def on_the_way(steps: int) -> City:
    """Return a city in which the first steps are done."""
    city = City()
    for _name, before, step in WAY[:steps]:
        before(city)
        step(city, city.acting())
    return city


ALL = [(number, *WAY[number]) for number in range(len(WAY))]
ALL += [(number, *end) for number in (6, 7, len(WAY)) for end in ENDS] + [(1, *ENDS[1])]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("done", "name", "before", "step"), ALL, ids=[f"{each[1]}-{each[0]}" for each in ALL]
)
def test_a_fault_at_any_call_leaves_everything_as_it_was_and_again_succeeds(done, name, before, step, after):
    start, counted = on_the_way(done), Faults()
    before(start)
    clean = City(deepcopy(start.store))
    wanted = step(clean, clean.acting(1, counted))
    assert counted.calls[-2:] == ["save", "commit"]
    assert clean.store != start.store

    for number, call in enumerate(counted.calls):
        city = City(deepcopy(start.store))
        with pytest.raises((PartFailed, Broken)) as caught:
            step(city, city.acting(1, Faults(number, after)))

        assert city.store == start.store, call
        if isinstance(caught.value, PartFailed):
            assert call == f"{caught.value.part.partition('/')[0]}.{caught.value.step}"
        else:
            assert call in {"add", "save", "commit"}
        assert step(city, city.acting()) == wanted
        assert city.store == clean.store


def test_the_way_of_the_faults_goes_through_every_kind_of_call():
    city, faults = City(), Faults()
    for _name, before, step in [*WAY, ENDS[1]]:
        before(city)
        step(city, city.acting(1, faults))
    made = {f"{kind}.{call}" for kind in SIGNS for call in ("plan", "make", "fields-of", "go-live", "undo")}

    assert set(faults.calls) == made | {"catalogue.update", "add", "save", "commit"}


# --- whatever people do, in any order -----------------------------------------------------------
KEYS = [TABLE, "catalogue/benches", IDEAS, SIGNAL]
PLAIN = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3)
PARTS = st.dictionaries(st.sampled_from(KEYS), PLAIN, min_size=1)


class Adopting(RuleBasedStateMachine):
    """Two people adopt and edit; what must hold holds after each step, also of those that fail."""

    def __init__(self) -> None:
        super().__init__()
        self.city = City()
        self.minor = 0
        self.taken: dict[str, dict[str, Any]] = {}

    @property
    def found(self) -> Adoption | None:
        return self.city.acting().ledger.standing(V1.measure)

    def offered(self, parts: dict[str, dict[str, Any]]) -> MeasureVersion:
        made = tuple(Part(*key.split("/"), {}, parts[key]) for key in KEYS if key in parts)
        return MeasureVersion(V1.measure, f"1.{self.minor}.0", made)

    def step(self, fault: int, work: Callable[[Acting], Outcome]) -> Outcome | None:
        """Do something; where it fails, nothing may have changed."""
        before, was = deepcopy(self.city.store), self.found
        try:
            outcome = work(self.city.acting(1, Faults(fault)))
        except (TandemError, Broken):
            assert self.city.store == before
            return None
        if was is not None and outcome.changed:
            assert outcome.adoption.state in STEPS[was.state].values()
        return outcome

    @precondition(lambda self: self.found is None)
    @rule(parts=PARTS, fault=st.integers(-12, 12))
    def adopt(self, parts, fault):
        self.minor += 1
        if self.step(fault, lambda acting: adopt(acting, self.offered(parts), {})):
            self.taken = parts

    @precondition(lambda self: self.found is not None)
    @rule()
    def adopt_again(self):
        found = self.found
        again = self.step(-1, lambda acting: adopt(acting, replace(V1, version=found.version), {}))
        assert again is not None
        assert (again.adoption, again.changed) == (found, False)

    @precondition(lambda self: self.found is not None)
    @rule(fault=st.integers(-4, 4))
    def sign_all(self, fault):
        for part in self.found.parts:
            self.step(-1, lambda acting: attach_simulation(acting, self.found.id, part.key, RESULT))  # noqa: B023
            second = self.city.acting(2).person
            self.step(
                fault,
                lambda acting: sign_off(replace(acting, person=second), self.found.id, part.key, roles=ROLES),  # noqa: B023
            )

    @precondition(lambda self: self.found is not None)
    @rule(fault=st.integers(-8, 8), all_but_gone=st.booleans())
    def go_live(self, fault, all_but_gone):
        without = KEYS if all_but_gone else []
        self.step(fault, lambda acting: go_live(acting, self.found.id, without=without))

    @precondition(lambda self: self.found is not None and self.found.state in {State.DRAFTS, State.LIVE})
    @rule(parts=PARTS, side=st.sampled_from([None, *Side]), fault=st.integers(-20, 20))
    def update(self, parts, side, fault):
        self.minor += 1
        found, offered = self.found, self.offered(parts)
        planned = plan_update(self.city.acting(), found.id, offered, {})
        choices = {
            each.key: dict.fromkeys(each.undecided, side) for each in planned.parts if side and each.undecided
        }
        seen = planned.seen
        outcome = self.step(
            fault, lambda acting: update(acting, found.id, offered, {}, seen=seen, choices=choices)
        )
        if outcome:
            self.taken = parts

    @precondition(lambda self: self.found is not None)
    @rule()
    def diverge(self):
        self.step(-1, lambda acting: diverge(acting, self.found.id, reason="Our own"))

    @precondition(lambda self: self.found is not None)
    @rule(end=st.sampled_from([retire, undo]), confirm=st.booleans(), fault=st.integers(-10, 10))
    def end(self, end, confirm, fault):
        changed = changed_parts(self.city, self.found.id)
        confirmed = KEYS if confirm else []
        outcome = self.step(fault, lambda acting: end(acting, self.found.id, reason="", confirmed=confirmed))
        assert not (outcome and changed and not confirm)

    @precondition(lambda self: self.things)
    @rule(data=st.data())
    def edit(self, data):
        uri = data.draw(st.sampled_from(sorted(self.things)))
        self.city.edit(uri, **data.draw(PLAIN))

    @precondition(lambda self: self.things)
    @rule(data=st.data())
    def delete(self, data):
        self.city.delete(data.draw(st.sampled_from(sorted(self.things))))

    @property
    def things(self) -> list[str]:
        """What is neither withdrawn nor deleted."""
        return [uri for uri, thing in self.city.store.things.items() if thing.state != "withdrawn"]

    @invariant()
    def nothing_is_orphaned(self):
        parts = self.found.parts if self.found else ()
        known = [part.reference.uri for part in parts if part.state is not PartState.GONE]

        assert set(self.things) <= set(known)
        assert len(set(known)) == len(known)
        assert len([each for each in self.city.store.adoptions.values() if each.state in STANDING]) <= 1

    @invariant()
    def states_are_legal(self):
        for part in self.found.parts if self.found else ():
            thing = self.city.store.things.get(part.reference.uri)
            assert (part.sign_off is not None) == (part.state in {PartState.SIGNED_OFF, PartState.LIVE})
            if part.kind == "signal" and part.sign_off:
                assert part.simulation is not None
                assert part.sign_off.by not in {part.made_by, self.found.begun_by}
            if part.state is PartState.LIVE and thing:
                assert self.found.state in {State.LIVE, State.DIVERGED}
                assert thing.state == "public"
        for each in self.city.store.adoptions.values():
            if each.state not in STANDING:
                assert {part.state for part in each.parts} == {PartState.GONE}

    @invariant()
    def the_base_is_what_was_taken_over_last(self):
        if self.found:
            bases = {part.key: part.base for part in self.found.parts if part.base is not None}
            assert bases == {key: each for key, each in self.taken.items() if key in bases}
            assert bases.keys() | set(self.found.left_out) == self.taken.keys()


def test_whatever_people_do_what_must_hold_holds(keeping):
    most = 60 if keeping == "memory" else 15
    run_state_machine_as_test(
        Adopting, settings=settings(max_examples=most, stateful_step_count=25, deadline=None)
    )

"""An indicator goes from one city to another as a part of a measure; each city enters its own values."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.accounts.models import AuditEntry
from tandem.core.part_values import errors
from tandem.core.parts import Part, Simulates
from tandem.core.references import Reference
from tandem.exchange.domain import indicator_part
from tandem.exchange.domain.card import Indicator
from tandem.exchange.domain.indicator_part import BadPart
from tandem.exchange.domain.inputs import gathered
from tandem.exchange.domain.merge import merge
from tandem.exchange.models import AdoptedIndicator, IndicatorValue, Measure
from tandem.exchange.services import indicators, measures
from tandem.exchange.services.indicator_parts import IndicatorGone, NotOffered
from tests.exchange.indicators import DAY, HANDLER, INPUTS, arezzo, enter, filled_part
from tests.exchange.measures import NOW, draft_measure, published_measure, texts
from tests.failing_writes import Injected, failing_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(settings: Any) -> Any:
    """Return what makes the installation that of Arezzo."""
    return lambda: arezzo(settings)


def uri_of(measure: Measure, key: str = "wait") -> str:
    return f"{measure.iri}#indicator-{key}"


def make(part: Part, inputs: dict[str, Any] = INPUTS) -> str:
    return HANDLER.make(part, inputs, person=None, now=NOW).uri


def update(uri: str, part: Part, values: Any) -> None:
    HANDLER.update(uri, part, values, person=None, now=NOW)


def go_live(uri: str) -> None:
    HANDLER.go_live(uri, person=None, now=NOW)


def undo(uri: str) -> None:
    HANDLER.undo(uri, person=None, now=NOW)


def row_of(uri: str) -> AdoptedIndicator:
    return AdoptedIndicator.objects.get(iri=uri)


def state() -> dict[str, Any]:
    """Return how many rows there are, and how each indicator stands; the trail aside."""
    models = [each for each in apps.get_models() if each is not AuditEntry]
    rows = {each.__name__: each.objects.count() for each in models}
    return {**rows, "indicators": list(AdoptedIndicator.objects.values_list("iri", "state", "fields"))}


# --- pack ---------------------------------------------------------------------------------------
def test_a_part_is_the_definition_without_any_value():
    measure = published_measure()
    part = HANDLER.pack(uri_of(measure))

    assert (part.key, part.files, isinstance(HANDLER, Simulates)) == ("indicator/wait", {}, False)
    assert part.origin == Reference(
        uri_of(measure),
        "indicator",
        texts("Mean wait"),
        "http://localhost:8000/de/measures/intelligent-light-de/",
    )
    assert filled_part(part).fields == {
        "measure": measure.iri,
        "key": "wait",
        "titles": texts("Mean wait"),
        "unit": "s",
        "better": "lower",
        "target": 20,
        "methods": {},
        "interval": "monthly",
        "responsible": "Ufficio mobilità",
    }
    assert "41.5" not in json.dumps(part.fields)
    asked, wrong = gathered((), [part])
    assert (sorted(each.input.key for each in asked), wrong) == (sorted(INPUTS), [])


def test_indicators_of_one_measure_ask_once_who_measures():
    two = (Indicator("wait", texts("Mean wait")), Indicator("stops", texts("Stops")))
    measure = published_measure(indicators=two)
    asked, wrong = gathered((), [HANDLER.pack(uri_of(measure, each.key)) for each in two])

    assert (sorted(each.input.key for each in asked), wrong) == (sorted(INPUTS), [])


def test_what_is_offered_has_all_words_in_its_title_or_its_measures():
    light = draft_measure()
    tram = published_measure("A tram", indicators=(Indicator("riders", texts("Riders of a day")),))

    def found(words: str) -> list[str]:
        return [each.uri for each in HANDLER.offered(words, "en")]

    assert found("") == [uri_of(light), uri_of(tram, "riders")]
    assert (found("LIGHT mean"), found("riders tram"), found("riders light")) == (
        [uri_of(light)],
        [uri_of(tram, "riders")],
        [],
    )
    measures.withdraw(tram, reason=texts("Over"), person=None, now=NOW)
    assert found("riders") == []
    for uri in (uri_of(tram, "riders"), uri_of(light, "other"), light.iri, "urn:nothing"):
        with pytest.raises(NotOffered):
            HANDLER.pack(uri)


def test_a_partners_measure_is_not_ours_to_pack(there: Any):
    measure = published_measure()
    with there():
        assert HANDLER.offered("", "it") == []
        with pytest.raises(NotOffered):
            HANDLER.pack(uri_of(measure))


@pytest.mark.parametrize("count", [1, 30])
def test_packing_and_making_take_as_many_queries_for_many_indicators(
    count: int, there: Any, django_assert_num_queries: Any
):
    many = tuple(Indicator(f"i{number}", texts(f"No. {number}")) for number in range(count))
    measure = published_measure(indicators=many)
    with django_assert_num_queries(1):
        assert len(HANDLER.offered("No.", "en")) == min(count, 20)
    with django_assert_num_queries(1):
        part = HANDLER.pack(uri_of(measure, "i0"))
    with there(), django_assert_num_queries(9):
        make(part)


# --- make ---------------------------------------------------------------------------------------
def test_a_draft_is_made_that_reads_as_what_was_packed_but_for_the_inputs(there: Any):
    part = HANDLER.pack(uri_of(published_measure()))
    with there():
        assert [str(each.says) for each in HANDLER.plan(part, INPUTS).steps] == [
            "A draft of an indicator “Mean wait (it)” is made. You enter this city’s values."
        ]
        reference = HANDLER.make(part, INPUTS, person=None, now=NOW)
        row = row_of(reference.uri)

        assert HANDLER.fields_of(reference.uri) == filled_part(part).fields
        assert (row.state, row.iri.startswith("http://localhost:8001/id/indicator/"), reference.path) == (
            "draft",
            True,
            "indicators/mean-wait-it/",
        )
        assert row.origin["path"] == part.origin.path


def test_where_inputs_are_missing_the_plan_says_so_and_what_would_be_made():
    plan = HANDLER.plan(HANDLER.pack(uri_of(published_measure())), {})

    assert {(each.code, each.path) for each in plan.findings} == {
        ("core.part.missing-input", f"/{name}") for name in ("interval", "responsible")
    }
    assert len(plan.steps) == 1


def test_an_indicator_is_taken_over_once(there: Any):
    part = HANDLER.pack(uri_of(published_measure()))
    with there():
        make(part)
        assert [(each.code, each.path) for each in HANDLER.plan(part, INPUTS).findings] == [
            ("core.part.there-already", "/key")
        ]
        with pytest.raises(BadPart, match="taken over already"):
            make(part)
        row = AdoptedIndicator.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            AdoptedIndicator.objects.create(
                iri="urn:2", slug="x", measure=row.measure, key=row.key, created_at=NOW, changed_at=NOW
            )


# --- update -------------------------------------------------------------------------------------
def test_an_update_merges_what_both_sides_changed_and_leaves_the_values(there: Any):
    measure = published_measure()
    part = filled_part(HANDLER.pack(uri_of(measure)))
    with there():
        uri = make(part, {})
        enter(row_of(uri), DAY, "31.5")
        ours = {"responsible": "Polizia municipale", "titles": {**texts("Mean wait"), "it": "Attesa"}}
        indicators.describe(row_of(uri), ours, person=None, now=NOW)
    card = measures.card_of(measure)
    changed = replace(
        card.indicators[0], target=15, method=texts("By camera"), titles={**texts("Mean wait"), "en": "Wait"}
    )
    measures.describe(measure, replace(card, indicators=(changed,)), person=None, now=NOW)
    newer = filled_part(HANDLER.pack(uri_of(measure)))

    with there():
        merged = merge(part.fields, HANDLER.fields_of(uri), newer.fields)
        assert merged.conflicts == ()
        update(uri, newer, merged.value)
        shown = HANDLER.fields_of(uri)
        assert shown == merged.value
        assert (shown["titles"]["it"], shown["titles"]["en"], shown["target"], shown["responsible"]) == (
            "Attesa",
            "Wait",
            15,
            "Polizia municipale",
        )
        assert IndicatorValue.objects.get().on == DAY
        trail = AuditEntry.objects.count()
        update(uri, newer, shown)
        assert (AuditEntry.objects.count(), HANDLER.fields_of(uri)) == (trail, shown)


def test_what_is_not_filled_in_stays_and_a_target_can_go(there: Any):
    part = filled_part(HANDLER.pack(uri_of(published_measure())))
    with there():
        uri = make(part, {})
        update(uri, part, {**part.fields, "interval": None, "responsible": None, "target": None})
        assert HANDLER.fields_of(uri) == {**part.fields, "target": None}


def test_a_unit_stays_while_there_are_values_in_it(there: Any):
    part = filled_part(HANDLER.pack(uri_of(published_measure())))
    minutes = {**part.fields, "unit": "min"}
    with there():
        uri = make(part, {})
        update(uri, part, minutes)
        update(uri, part, part.fields)
        enter(row_of(uri), DAY, "31.5")
        with pytest.raises(BadPart, match="in “s”; the part has “min”"):
            update(uri, part, minutes)
        undo(uri)
        again = replace(part, fields=minutes)
        assert [each.path for each in errors(HANDLER.plan(again, {}).findings)] == ["/unit"]


@pytest.mark.parametrize(("name", "value"), [("key", "stops"), ("measure", "https://hamm.example/other")])
def test_no_update_makes_it_another_indicator(there: Any, name: str, value: str):
    part = filled_part(HANDLER.pack(uri_of(published_measure())))
    with there():
        uri = make(part, {})
        with pytest.raises(BadPart, match="another indicator"):
            update(uri, part, {**part.fields, name: value})


def test_what_is_gone_cannot_be_changed():
    part = filled_part(HANDLER.pack(uri_of(published_measure())))
    assert HANDLER.fields_of("urn:nothing") is None
    undo("urn:nothing")
    for act in (lambda: go_live("urn:nothing"), lambda: update("urn:nothing", part, part.fields)):
        with pytest.raises(IndicatorGone):
            act()


# --- live and undone ----------------------------------------------------------------------------
def test_it_goes_live_once_and_undoing_withdraws_it_with_its_values(there: Any):
    part = HANDLER.pack(uri_of(published_measure()))
    with there():
        uri = make(part)
        go_live(uri)
        published_at = row_of(uri).published_at
        go_live(uri)
        assert (row_of(uri).state, row_of(uri).published_at) == ("live", published_at)
        enter(row_of(uri), DAY, "31.5")
        undo(uri)
        undo(uri)
        assert (row_of(uri).state, IndicatorValue.objects.count()) == ("withdrawn", 1)

        assert [str(each.says) for each in HANDLER.plan(part, INPUTS).steps] == [
            "The indicator “Mean wait (it)” is taken up again, with the values that it had."
        ]
        assert make(part) == uri
        assert (row_of(uri).state, IndicatorValue.objects.count()) == ("draft", 1)
        undo(uri)
        assert row_of(uri).state == "withdrawn"


def test_undoing_a_draft_leaves_nothing_behind_but_values_that_people_entered(there: Any):
    part = HANDLER.pack(uri_of(published_measure()))
    with there():
        before = state()
        undo(make(part))
        assert state() == before
        uri = make(part)
        enter(row_of(uri), DAY, "31.5")
        undo(uri)
        assert (row_of(uri).state, IndicatorValue.objects.count()) == ("withdrawn", 1)


# --- strangers ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("measure", "javascript:alert(1)"),
        ("measure", None),
        ("key", "../x"),
        ("key", "a" * 61),
        ("titles", {}),
        ("titles", {"de": "<b>x</b>"}),
        ("titles", {"de": "a" * 201}),
        ("unit", "a" * 41),
        ("unit", None),
        ("better", "sideways"),
        ("target", "20"),
        ("target", float("inf")),
        ("methods", {"de": "<script>"}),
        ("interval", "hourly"),
        ("responsible", "a\nb"),
        ("responsible", "a" * 151),
        ("responsible", ""),
    ],
)
def test_what_a_stranger_sends_is_refused_with_its_place(there: Any, path: str, value: Any):
    part = filled_part(HANDLER.pack(uri_of(published_measure())))
    strange = replace(part, fields={**part.fields, path: value})
    with there():
        before = state()
        found = errors(HANDLER.plan(strange, {}).findings)
        assert {each.path.split("/")[1] for each in found} == {path}
        with pytest.raises(BadPart):
            make(strange, {})
        assert state() == before


def test_what_is_not_known_is_told_and_left_out(there: Any):
    part = filled_part(HANDLER.pack(uri_of(published_measure())))
    strange = replace(part, fields={**part.fields, "music": "loud"})
    with there():
        assert [each.path for each in HANDLER.plan(strange, {}).findings] == ["/music"]
        assert HANDLER.fields_of(make(strange, {})) == part.fields


@pytest.mark.parametrize(
    "origin", [None, Reference("urn:x", "x"), Reference("https://a.example/1", "x", {}, "javascript:1")]
)
def test_an_origin_that_cannot_be_linked_is_not_kept(there: Any, origin: Reference | None):
    part = replace(filled_part(HANDLER.pack(uri_of(published_measure()))), origin=origin)
    with there():
        assert row_of(make(part, {})).origin == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON | st.dictionaries(st.sampled_from(list(indicator_part.FIELDS)), JSON))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_is_checked_and_never_raises(values: Any):
    assert all(each.path == "" or each.path.startswith("/") for each in indicator_part.check(values))


# --- nothing half-made --------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["make", "make-again", "update", "go_live", "undo", "withdraw"])
def test_a_failure_after_any_write_leaves_all_as_it_was(there: Any, act: str):
    two = (Indicator("wait", texts("Mean wait"), "s"), Indicator("stops", texts("Stops")))
    measure = published_measure(indicators=two)
    part, other = (filled_part(HANDLER.pack(uri_of(measure, each.key))) for each in two)
    with there():
        uri = make(part, {})
        if act in {"withdraw", "make-again"}:
            enter(row_of(uri), DAY, "31.5")
            go_live(uri)
        if act == "make-again":
            undo(uri)
        acts = {
            "make": lambda: HANDLER.make(other, {}, person=None, now=NOW),
            "make-again": lambda: HANDLER.make(part, {}, person=None, now=NOW),
            "update": lambda: update(uri, part, {**part.fields, "target": 5}),
            "go_live": lambda: go_live(uri),
            "undo": lambda: undo(uri),
            "withdraw": lambda: undo(uri),
        }
        before = state()
        with failing_at(0) as done, transaction.atomic():
            acts[act]()
            transaction.set_rollback(True)
        assert len(done) >= 2
        for number in range(1, len(done) + 1):
            with failing_at(number), pytest.raises(Injected), transaction.atomic():
                acts[act]()
            assert state() == before

"""A process goes from one city to another as a blueprint, and back out again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tandem.accounts.models import AuditEntry
from tandem.core.city import City
from tandem.core.findings import Severity
from tandem.core.part_values import errors, filled
from tandem.core.parts import Part
from tandem.exchange.domain.inputs import gathered
from tandem.exchange.domain.merge import merge
from tandem.kit import search
from tandem.participation.domain import measure_part
from tandem.participation.domain.measure_part import BadPart, PhaseKept, phases_of, schedule
from tandem.participation.domain.phase import PhaseKind, Window
from tandem.participation.domain.phase_settings import SETTINGS
from tandem.participation.models import Contribution, Phase, Process, Project
from tandem.participation.services import plan, processes, projects, surveys
from tandem.participation.services.measure_parts import NotOffered, ParticipationParts, ProcessGone
from tandem.participation.services.measure_processes import InUse, PhasesFixed, SettingsFixed
from tests.failing_writes import Injected, failing_at
from tests.participation.conftest import DAY, NOW

pytestmark = pytest.mark.django_db
HANDLER = ParticipationParts()
ROME, BERLIN = ZoneInfo("Europe/Rome"), ZoneInfo("Europe/Berlin")
FIRST = "2031-03-30"  # clocks go forward on this day
NAME = "dialog-am-platz"
INPUTS = {
    f"{NAME}-title": "Dialogo in piazza",
    f"{NAME}-first-day": FIRST,
    f"{NAME}-project": "new",
    f"{NAME}-contact-mail": "piazza@arezzo.example",
}
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "often",
        "kind": "single",
        "titles": {"de": "Wie oft sind Sie hier?", "it": "Quanto spesso è qui?"},
        "options": [{"id": "1", "titles": {"de": "oft"}}, {"id": "2", "titles": {"de": "nie"}}],
        "required": True,
        "branches": [{"to": "", "options": ["2"]}],
    },
    {"id": "well", "kind": "scale", "titles": {"de": "Wie gut?"}, "least": 1, "most": 5},
]


@pytest.fixture
def arezzo(settings: Any) -> Any:
    """Return what makes the installation that of Arezzo."""
    own = settings.TANDEM
    city = City("arezzo", {"it": "Arezzo"}, "IT", ("it", "en"), 43.46, 11.88, (), "Europe/Rome")
    other = replace(own, city=city, server=replace(own.server, url="http://localhost:8001"))

    @contextmanager
    def there() -> Iterator[None]:
        settings.TANDEM = other
        try:
            yield
        finally:
            settings.TANDEM = own

    return there


@pytest.fixture
def dialogue(project: Project) -> Process:
    """Return a published process of Hamm with a survey, ideas and an opinion map."""
    made = processes.begin(
        project,
        code="dialogue",
        titles={"de": "Dialog am Platz", "it": "Dialogo"},
        texts={"de": "Was soll hier werden?", "it": "Che cosa facciamo qui?"},
        opens_at=datetime(2026, 3, 20, tzinfo=BERLIN),
        person=None,
        now=NOW,
    )
    survey, ideas, _opinions = made.phases.all()
    surveys.set_questions(survey, QUESTIONS, person=None, now=NOW)
    settings = {"categories": [{"key": "green", "titles": {"de": "Grün"}}], "photos": False}
    processes.change_phase(
        ideas, person=None, now=NOW, settings=settings, admitted=["account"], texts={"de": "Schreiben Sie."}
    )
    processes.publish(made, person=None, now=NOW)
    return Process.objects.get(pk=made.pk)


def filled_part(part: Part, inputs: dict[str, Any] = INPUTS) -> Part:
    """Return a part as the exchange hands it over."""
    return replace(part, fields=filled(part.fields, inputs))


def committed() -> Any:
    """Do what waits for the end of the transaction, too."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def make(part: Part, inputs: dict[str, Any] = INPUTS) -> str:
    return HANDLER.make(part, inputs, person=None, now=NOW).uri


def update(uri: str, part: Part, values: Any) -> None:
    HANDLER.update(uri, part, values, person=None, now=NOW)


def go_live(uri: str) -> None:
    HANDLER.go_live(uri, person=None, now=NOW)


def undo(uri: str) -> None:
    with committed():
        HANDLER.undo(uri, person=None, now=NOW)


def state() -> dict[str, Any]:
    """Return how many rows there are, and what is found; trails and the search's tombstones aside."""
    models = [each for each in apps.get_models() if each is not AuditEntry and each.__name__ != "SearchEntry"]
    found = sorted(hit.uri for hit in search.search("", language="de", limit=100).hits)
    return {"rows": {each.__name__: each.objects.count() for each in models}, "found": found}


# --- pack ---------------------------------------------------------------------------------------
def test_a_part_is_a_blueprint_without_dates_people_and_places(dialogue: Process):
    part = HANDLER.pack(dialogue.iri)

    assert (part.key, part.titles["it"], part.origin.uri) == (
        f"participation/{NAME}",
        "Dialogo",
        dialogue.iri,
    )
    assert part.origin.path == "http://localhost:8000/de/take-part/dialog-am-platz/"
    phases = part.fields["phases"]
    assert [(each["key"], each["pause_days"], each["days"]) for each in phases] == [
        ("survey", 0, 14),
        ("ideas", 0, 28),
        ("opinion-map", 7, 21),
    ]
    assert phases[0]["settings"] == {"questions": QUESTIONS, "smallest_count": 5}
    assert (phases[1]["admitted"], phases[1]["texts"]) == (["account"], {"de": "Schreiben Sie."})
    assert phases[1]["settings"]["categories"] == [{"key": "green", "titles": {"de": "Grün"}}]
    written = json.dumps(part.fields)
    assert not any(each in written for each in ("2026", "localhost", "51.68", str(dialogue.pk)))
    asked, wrong = gathered((), [part])
    assert (sorted(each.input.key for each in asked), wrong) == (sorted(INPUTS), [])


def test_only_published_processes_are_offered_and_packed(dialogue: Process):
    assert [each.uri for each in HANDLER.offered("Dialog", "de")] == [dialogue.iri]
    processes.withdraw(dialogue, person=None, now=NOW)
    assert HANDLER.offered("Dialog", "de") == []
    for uri in (dialogue.iri, "urn:nothing"):
        with pytest.raises(NotOffered):
            HANDLER.pack(uri)


def test_what_belongs_to_a_plan_and_an_office_stays(a_phase: Any):
    phase = a_phase(PhaseKind.STATEMENTS)
    settings = plan.settings_of(phase)
    there = replace(settings, announced_on="2026-03-01", region="NW", prefix="HAM", access={"de": "Rathaus"})
    processes.change_phase(phase, person=None, now=NOW, settings=there.as_json())
    [packed] = HANDLER.pack(phase.process.iri).fields["phases"]
    assert packed["settings"] == {
        "rule": "de.baugb-3-2",
        "notice_days": 7,
        "deposit_days": 30,
        "observation_days": 30,
        "basis": "",
    }


@pytest.mark.parametrize("count", [2, 40])
def test_packing_and_making_take_as_many_queries_for_many_questions(
    count: int, dialogue: Process, arezzo: Any, django_assert_num_queries: Any
):
    questions = [{"id": f"q{each}", "kind": "text", "titles": {"de": "?"}} for each in range(count)]
    processes.change_phase(dialogue.phases.first(), person=None, now=NOW, settings={"questions": questions})
    with django_assert_num_queries(2):
        part = HANDLER.pack(dialogue.iri)
    with arezzo(), django_assert_num_queries(11):
        make(part)


# --- make ---------------------------------------------------------------------------------------
def test_a_draft_of_a_process_and_of_its_project_is_made(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        steps = HANDLER.plan(part, INPUTS).steps
        assert [str(each.says) for each in steps] == [
            "A draft of a project “Dialogo in piazza” is made.",
            "A draft of a process “Dialogo in piazza” is made. Its phases: 3.",
        ]
        process = Process.objects.get(iri=make(part))
        assert (process.status, process.slug, process.titles) == (
            "draft",
            "dialogo-in-piazza",
            {"it": "Dialogo in piazza"},
        )
        assert (process.project.status, process.project.contact) == (
            "draft",
            {"mail": "piazza@arezzo.example"},
        )
        windows = [
            (each.opens_at.astimezone(ROME), each.closes_at.astimezone(ROME)) for each in process.phases.all()
        ]
        days = [(str(opens)[:16], str(closes)[:16]) for opens, closes in windows]
        assert days == [
            ("2031-03-30 00:00", "2031-04-13 00:00"),
            ("2031-04-13 00:00", "2031-05-11 00:00"),
            ("2031-05-18 00:00", "2031-06-08 00:00"),
        ]


@pytest.mark.parametrize("named", ["piazza", "http://localhost:8001/it/projects/piazza/"])
def test_a_project_that_there_is_can_be_named(dialogue: Process, arezzo: Any, named: str):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        known = projects.begin(titles={"it": "Piazza"}, person=None, now=NOW)
        inputs = {**INPUTS, f"{NAME}-project": named}
        assert len(HANDLER.plan(part, inputs).steps) == 1
        uri = make(part, inputs)
        assert Process.objects.get(iri=uri).project == known
        undo(uri)
        assert Project.objects.filter(pk=known.pk).exists()


def test_what_was_made_reads_as_what_was_packed_but_for_the_inputs(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        shown = HANDLER.fields_of(make(part))
    assert shown == {**filled_part(part).fields, "project": "dialogo-in-piazza"}


def test_it_goes_live_with_its_project_and_packed_again_is_the_same_part(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        uri = make(part)
        go_live(uri)
        go_live(uri)
        process = Process.objects.get(iri=uri)
        assert (process.status, process.project.status) == ("published", "published")
        again = HANDLER.pack(uri)
    same = {"texts", "phases"}
    assert {name: again.fields[name] for name in same} == {name: part.fields[name] for name in same}


def test_a_process_in_another_project_waits_for_that_to_be_public(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        projects.begin(titles={"it": "Piazza"}, person=None, now=NOW)
        uri = make(part, {**INPUTS, f"{NAME}-project": "piazza"})
        with pytest.raises(processes.ProjectNotPublic):
            go_live(uri)


@pytest.mark.parametrize("kind", list(PhaseKind))
def test_every_kind_of_phase_goes_there_and_back(a_phase: Any, arezzo: Any, kind: PhaseKind):
    part = HANDLER.pack(a_phase(kind).process.iri)
    inputs = {each.key: {"date": FIRST}.get(each.kind, each.default or "a@b.example") for each in part.inputs}
    with arezzo():
        plan_ = HANDLER.plan(part, inputs)
        assert errors(plan_.findings) == []
        law = ["participation.part.foreign-law"] if kind is PhaseKind.STATEMENTS else []
        assert [each.code for each in plan_.findings if each.severity is Severity.WARNING] == law
        assert HANDLER.fields_of(make(part, inputs))["phases"] == part.fields["phases"]


def test_an_open_end_stays_open(dialogue: Process, arezzo: Any):
    last = dialogue.phases.last()
    processes.change_phase(last, person=None, now=NOW, closes_at=None)
    part = HANDLER.pack(dialogue.iri)
    assert part.fields["phases"][2]["days"] is None
    with arezzo():
        uri = make(part)
        assert Phase.objects.get(process__iri=uri, number=3).closes_at is None


# --- update -------------------------------------------------------------------------------------
def test_an_update_merges_what_both_sides_changed(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        uri = make(part)
        process = Process.objects.get(iri=uri)
        processes.change(process, person=None, now=NOW, texts={**process.texts, "it": "Nostro testo"})
        base = {**filled_part(part).fields, "project": "dialogo-in-piazza"}

    survey = dialogue.phases.first()
    more = [*QUESTIONS, {"id": "wish", "kind": "text", "titles": {"de": "Und sonst?"}}]
    processes.change_phase(survey, person=None, now=NOW, settings={"questions": more})
    for each in dialogue.phases.filter(number__gt=1).order_by("-number"):
        times = {"opens_at": each.opens_at + 7 * DAY, "closes_at": each.closes_at + 7 * DAY}
        processes.change_phase(each, person=None, now=NOW, **times)
    processes.change_phase(
        dialogue.phases.first(), person=None, now=NOW, closes_at=survey.closes_at + 7 * DAY
    )
    newer = filled_part(HANDLER.pack(dialogue.iri))

    with arezzo():
        merged = merge(base, HANDLER.fields_of(uri), {**newer.fields, "project": "dialogo-in-piazza"})
        assert merged.conflicts == ()
        update(uri, newer, merged.value)
        shown = HANDLER.fields_of(uri)
        assert shown == merged.value
        assert shown["texts"]["it"] == "Nostro testo"
        assert [each["days"] for each in shown["phases"]] == [21, 28, 21]
        trail = AuditEntry.objects.count()
        update(uri, newer, shown)
        assert (AuditEntry.objects.count(), HANDLER.fields_of(uri)) == (trail, shown)


def test_phases_come_go_and_move_as_long_as_nobody_has_seen_them(dialogue: Process, arezzo: Any):
    part = filled_part(HANDLER.pack(dialogue.iri))
    _survey, ideas, opinions = part.fields["phases"]
    vote = {"key": "budget-vote", "kind": "budget-vote", "pause_days": 3, "days": 10, "settings": {}}
    with arezzo():
        uri = make(part)
        before = {each.kind: each.pk for each in Phase.objects.filter(process__iri=uri)}
        update(uri, part, {**part.fields, "phases": [opinions, vote, ideas]})
        rows = Phase.objects.filter(process__iri=uri)
        assert [(each.number, each.kind) for each in rows] == [
            (1, "opinion-map"),
            (2, "budget-vote"),
            (3, "ideas"),
        ]
        assert {each.pk for each in rows if each.kind != "budget-vote"} == {
            before["opinion-map"],
            before["ideas"],
        }
        processes.require_order(list(rows))

        Phase.objects.filter(process__iri=uri, kind="ideas").get().contributions.create(
            process=rows[2].process, number=1, kind="idea", language="it"
        )
        with pytest.raises(InUse):
            update(uri, part, {**part.fields, "phases": [opinions, vote]})


def test_no_phase_becomes_one_of_another_kind(dialogue: Process, arezzo: Any):
    part = filled_part(HANDLER.pack(dialogue.iri))
    survey, *others = part.fields["phases"]
    disguised = {**survey, "kind": "ideas", "settings": {"questions": [{"id": "<script>"}]}}
    with arezzo():
        uri = make(part)
        with pytest.raises(BadPart, match="begins with its kind"):
            update(uri, part, {**part.fields, "phases": [disguised, *others]})


def test_what_is_not_filled_in_stays_as_it_is(dialogue: Process, arezzo: Any):
    part = filled_part(HANDLER.pack(dialogue.iri))
    with arezzo():
        uri = make(part)
        shown = HANDLER.fields_of(uri)
        update(uri, part, {**shown, **dict.fromkeys(measure_part.INPUTS)})
        assert HANDLER.fields_of(uri) == shown


def test_the_dates_and_phases_of_a_public_process_stay(dialogue: Process, arezzo: Any):
    part = filled_part(HANDLER.pack(dialogue.iri))
    survey, ideas, opinions = part.fields["phases"]
    with arezzo():
        uri = make(part)
        go_live(uri)
        longer = [{**survey, "days": 30, "titles": {"it": "Domande"}}, ideas, opinions]
        update(uri, part, {**part.fields, "phases": longer})
        shown = HANDLER.fields_of(uri)["phases"][0]
        assert (shown["days"], shown["titles"]) == (14, {"it": "Domande"})
        with pytest.raises(PhasesFixed):
            update(uri, part, {**part.fields, "phases": [survey, ideas]})


def test_questions_that_people_answer_stay(dialogue: Process, arezzo: Any):
    part = filled_part(HANDLER.pack(dialogue.iri))
    survey, *others = part.fields["phases"]
    with arezzo():
        uri = make(part)
        go_live(uri)
        Phase.objects.filter(process__iri=uri, number=1).update(opens_at=NOW - DAY)
        fewer = {**survey, "settings": {**survey["settings"], "questions": QUESTIONS[1:]}}
        with pytest.raises(surveys.SurveyFrozen):
            update(uri, part, {**part.fields, "phases": [fewer, *others]})


def test_the_rule_that_people_vote_by_stays(a_phase: Any, arezzo: Any):
    part = HANDLER.pack(a_phase(PhaseKind.BUDGET_VOTE).process.iri)
    inputs = {each.key: {"date": FIRST}.get(each.kind, each.default or "a@b.example") for each in part.inputs}
    part = filled_part(part, inputs)
    richer = changed(part.fields, "phases/2/settings/budget_cents", 5)
    with arezzo():
        uri = make(part)
        update(uri, part, richer)
        assert HANDLER.fields_of(uri)["phases"][2]["settings"]["budget_cents"] == 5
        go_live(uri)
        Phase.objects.filter(process__iri=uri, number=3).update(opens_at=NOW - DAY)
        with pytest.raises(SettingsFixed):
            update(uri, part, part.fields)


def test_a_legal_period_that_was_set_stays(a_phase: Any, arezzo: Any):
    part = HANDLER.pack(a_phase(PhaseKind.STATEMENTS).process.iri)
    inputs = {each.key: {"date": FIRST}.get(each.kind, each.default or "a@b.example") for each in part.inputs}
    part = filled_part(part, inputs)
    with arezzo():
        uri = make(part)
        row = Phase.objects.get(process__iri=uri)
        italian = replace(
            plan.settings_of(row), rule="it.l1150-1942-9", announced_on="2031-04-01", region="AR"
        )
        plan.set_period(row, italian, person=None, now=NOW)
        shown = HANDLER.fields_of(uri)
        update(uri, part, {**shown, "first_day": "2032-01-01", "texts": {"it": "Nuovo"}})
        assert HANDLER.fields_of(uri) == {**shown, "texts": {"it": "Nuovo"}}
        with pytest.raises(SettingsFixed):
            update(uri, part, part.fields)


def test_what_is_gone_cannot_be_changed(dialogue: Process):
    part = HANDLER.pack(dialogue.iri)
    assert HANDLER.fields_of("urn:nothing") is None
    undo("urn:nothing")
    for act in (lambda: go_live("urn:nothing"), lambda: update("urn:nothing", part, part.fields)):
        with pytest.raises(ProcessGone):
            act()


# --- undo ---------------------------------------------------------------------------------------
def test_undoing_a_draft_leaves_nothing_behind(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        before = state()
        uri = make(part)
        phase = Phase.objects.get(process__iri=uri, number=2)
        document = plan.add_document(
            phase,
            kind="plan",
            titles={},
            content=b"%PDF-",
            filename="piano.pdf",
            media_type="application/pdf",
            person=None,
            now=NOW,
        )
        undo(uri)
        assert state() == before
        assert not default_storage.exists(document.stored)


def test_a_project_that_people_have_worked_on_stays(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        uri = make(part)
        project = Process.objects.get(iri=uri).project
        projects.change(project, person=None, now=NOW + timedelta(hours=1), stories={"it": "Storia"})
        undo(uri)
        assert (Project.objects.filter(pk=project.pk).exists(), HANDLER.fields_of(uri)) == (True, None)


def test_undoing_what_was_public_withdraws_it(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        uri = make(part)
        go_live(uri)
        undo(uri)
        undo(uri)
        process = Process.objects.get(iri=uri)
        assert (process.status, process.phases.count()) == ("withdrawn", 3)
        assert uri not in state()["found"]


def test_a_draft_with_contributions_is_not_deleted(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    with arezzo():
        uri = make(part)
        phase = Phase.objects.get(process__iri=uri, number=2)
        Contribution.objects.create(phase=phase, process=phase.process, number=1, kind="idea", language="it")
        with pytest.raises(InUse):
            undo(uri)


# --- strangers ----------------------------------------------------------------------------------
def changed(value: Any, path: str, new: Any) -> Any:
    """Return a JSON value with another one at a place."""
    head, _, rest = path.partition("/")
    copy = list(value) if isinstance(value, list) else dict(value)
    key: Any = int(head) if isinstance(value, list) else head
    copy[key] = changed(copy[key], rest, new) if rest else new
    return copy


Q = "phases/0/settings/questions"
BAD = [
    ("title", "<b>x</b>"),
    ("title", None),
    ("title", "a\nb"),
    ("title", "a" * 121),
    ("first_day", "2031-02-30"),
    ("first_day", 7),
    ("project", None),
    ("contact_mail", "x"),
    ("texts", "x"),
    ("texts/de", "<img src=x onerror=alert(1)>"),
    ("texts/de", "a" * 20_001),
    ("phases", []),
    ("phases", [{}] * 21),
    ("phases/0", "x"),
    ("phases/0/kind", "raffle"),
    ("phases/0/kind", ["survey"]),
    ("phases/0/key", "../x"),
    ("phases/1/key", "survey"),
    ("phases/1/key", "green"),
    ("phases/0/days", 0),
    ("phases/0/days", None),
    ("phases/0/days", True),
    ("phases/0/days", 10**9),
    ("phases/0/pause_days", -1),
    ("phases/0/titles/de", "a" * 121),
    ("phases/1/admitted", []),
    ("phases/1/admitted", ["everybody"]),
    ("phases/1/admitted", ["staff"]),
    ("phases/1/settings", []),
    ("phases/1/settings/longest_text", 0),
    ("phases/1/settings/shapes", ["circle"]),
    ("phases/1/settings/categories/0/key", "a b"),
    ("phases/2/settings/smallest_group", 1),
    ("phases/0/settings/smallest_count", 0),
    (Q, {"a": 1}),
    (f"{Q}/0/kind", "code"),
    (f"{Q}/0/options", [{"id": "1", "titles": {"de": "x"}}]),
    (f"{Q}/0/branches", [{"to": "nowhere", "options": ["1"]}]),
    (f"{Q}/1/id", "often"),
    (f"{Q}/1/most", 10**9),
    (f"{Q}/1/least", 1.5),
    (f"{Q}/1/otherwise", "well"),
]


@pytest.mark.parametrize(("path", "value"), BAD, ids=[f"{path}={str(value)[:15]}" for path, value in BAD])
def test_what_a_stranger_sends_is_refused_with_its_place(
    dialogue: Process, arezzo: Any, path: str, value: Any
):
    part = HANDLER.pack(dialogue.iri)
    strange = replace(part, fields=changed(filled_part(part).fields, path, value))
    with arezzo():
        before = state()["rows"]
        found = errors(HANDLER.plan(strange, {}).findings)
        assert found
        assert all(f"/{path}".startswith(each.path) or each.path.startswith(f"/{path}") for each in found)
        with pytest.raises(BadPart):
            make(strange, {})
        assert state()["rows"] == before


def test_what_is_not_known_is_told_and_left_out(dialogue: Process, arezzo: Any):
    part = HANDLER.pack(dialogue.iri)
    strange = replace(part, fields=changed(part.fields, "phases/1/settings/music", "loud"))
    with arezzo():
        plan_ = HANDLER.plan(strange, INPUTS)
        assert [(each.code, each.path) for each in plan_.findings] == [
            ("core.part.unknown", "/phases/1/settings/music")
        ]
        uri = make(strange)
        assert HANDLER.fields_of(uri)["phases"] == part.fields["phases"]


def test_where_inputs_are_missing_the_plan_says_so_and_what_would_be_made(dialogue: Process):
    plan_ = HANDLER.plan(HANDLER.pack(dialogue.iri), {})
    assert {(each.code, each.path) for each in plan_.findings} == {
        ("core.part.missing-input", f"/{name}") for name in measure_part.INPUTS
    }
    assert len(plan_.steps) == 2


def test_each_kind_of_phase_has_settings_that_there_are():
    for kind in PhaseKind:
        assert set(measure_part.CHECKS[kind]) <= SETTINGS[kind]().as_json().keys()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["title", "texts", "phases", "kind", "settings", "questions", "key", "days", "pause_days"]
)
SHAPED = st.recursive(
    JSON | st.sampled_from(["survey", "ideas"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(SHAPED)
@example({"texts": {}, "phases": [{"key": "a", "kind": "survey", "pause_days": 0, "settings": {}}]})
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_is_checked_and_never_raises(values: Any):
    found = measure_part.check(values, "IT")
    assert all(each.path == "" or each.path.startswith("/") for each in found)


LENGTHS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 400)), min_size=1, max_size=6)


@given(LENGTHS, st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.booleans())
@settings(max_examples=60)
def test_lengths_survive_a_change_of_city_and_season(
    lengths: list[tuple[int, int]], first: date, is_open: bool
):
    phases = [
        {"kind": "ideas", "pause_days": pause if number else 0, "days": days}
        for number, (pause, days) in enumerate(lengths)
    ]
    if is_open:
        phases[-1]["days"] = None
    for zone in (ROME, ZoneInfo("America/Sao_Paulo"), UTC):
        windows = schedule(phases, first, zone)
        kept = [PhaseKept(PhaseKind.IDEAS, {}, {}, each, None, {}) for each in windows]
        found = phases_of(kept, zone)
        assert [(each["pause_days"], each["days"]) for each in found] == [
            (each["pause_days"], each["days"]) for each in phases
        ]
        assert windows[0].opens_at.astimezone(zone).date() == first


def test_a_phase_that_ends_at_noon_counts_that_day_in_full():
    opens = datetime(2026, 5, 1, 9, tzinfo=BERLIN)
    window = Window(opens, datetime(2026, 5, 3, 12, tzinfo=BERLIN))
    [found] = phases_of([PhaseKept(PhaseKind.IDEAS, {}, {}, window, None, {})], BERLIN)
    assert found["days"] == 3


# --- nothing half-made --------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["make", "update", "go_live", "undo"])
def test_a_failure_after_any_write_leaves_all_as_it_was(dialogue: Process, arezzo: Any, act: str):
    part = filled_part(HANDLER.pack(dialogue.iri))
    _survey, ideas, opinions = part.fields["phases"]
    newer = {**part.fields, "texts": {"it": "Nuovo"}, "phases": [opinions, {**ideas, "days": 5}]}
    with arezzo():
        uri = make(part)
        acts = {
            "make": lambda: HANDLER.make(part, {}, person=None, now=NOW),
            "update": lambda: update(uri, part, newer),
            "go_live": lambda: go_live(uri),
            "undo": lambda: HANDLER.undo(uri, person=None, now=NOW),
        }
        before, shown = state(), HANDLER.fields_of(uri)
        with failing_at(0) as done, transaction.atomic():
            acts[act]()
            transaction.set_rollback(True)
        assert len(done) > 3
        for number in range(1, len(done) + 1):
            with failing_at(number), pytest.raises(Injected), transaction.atomic():
                acts[act]()
            assert (state(), HANDLER.fields_of(uri)) == (before, shown)

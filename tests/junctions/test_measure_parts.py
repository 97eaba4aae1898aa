"""A junction goes from one city to another as a part of a measure, for simulation only, and back out again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import TestCase
from django.urls import reverse

from tandem.accounts.models import AuditEntry, Person
from tandem.core.city import City, PartnerCity
from tandem.core.findings import Severity
from tandem.core.part_values import errors, filled
from tandem.core.parts import Part, Simulates
from tandem.core.references import Reference
from tandem.exchange.domain.adoption import SIMULATED
from tandem.exchange.domain.inputs import gathered
from tandem.exchange.domain.merge import merge
from tandem.junctions.domain.approval import Action
from tandem.junctions.domain.measure_part import FILE, POLICY, BadPart
from tandem.junctions.models import FileVersion, Junction
from tandem.junctions.services import evaluations, files, register
from tandem.junctions.services.measure_parts import JunctionGone, NotApproved, NotOffered, SignalParts
from tandem.kit import installation, search
from tests.failing_writes import Injected, failing_at
from tests.junctions.conftest import NOW
from tests.junctions.messages import doubtful_file, file_of, unsafe_file
from tests.junctions.test_evaluations import REPORT, RESULTS

pytestmark = pytest.mark.django_db
HANDLER = SignalParts()
POLICY_TEXT = b"[weights]\nbicycle = 1.5\n"
INPUTS = {
    "market-street-title": "Via Roma / Corso Italia",
    "market-street-latitude": 43.46,
    "market-street-longitude": 11.88,
}


@pytest.fixture
def arezzo(settings: Any) -> Any:
    """Return what makes the installation that of Arezzo, with Hamm as its partner."""
    own = settings.TANDEM
    city = City("arezzo", {"it": "Arezzo"}, "IT", ("it", "en", "de"), 43.46, 11.88, (), "Europe/Rome")
    hamm = PartnerCity("hamm", {"de": "Hamm"}, own.server.url, f"{own.server.url}/catalogue.ttl")
    other = replace(own, city=city, partners=(hamm,), server=replace(own.server, url="http://localhost:8001"))

    @contextmanager
    def there() -> Iterator[None]:
        settings.TANDEM = other
        try:
            yield
        finally:
            settings.TANDEM = own

    return there


@pytest.fixture
def approved(junction: Junction, engineer: Person, colleague: Person) -> Junction:
    """Return a published junction of Hamm with an approved file and policy."""
    bring(junction, engineer, colleague, file_of(), POLICY_TEXT)
    return junction


def bring(
    junction: Junction, proposer: Person, approver: Person, content: bytes, policy: bytes = b""
) -> None:
    version = files.receive(junction, content, policy=policy, note="", person=proposer, now=NOW)
    approve(version, proposer, approver)


def approve(version: FileVersion, proposer: Person, approver: Person) -> None:
    files.decide(version, Action.PROPOSE, person=proposer, reason="It is sound.", now=NOW)
    files.decide(version, Action.APPROVE, person=approver, reason="", now=NOW)


def simulated(junction: Junction, version: FileVersion | None) -> None:
    evaluations.add(
        junction,
        titles={"en": "Before and after"},
        results=RESULTS,
        report=REPORT,
        version=version,
        policy="",
        made_on=date(2026, 5, 3),
        person=None,
        now=NOW,
    )


def filled_part(part: Part, inputs: dict[str, Any] = INPUTS) -> Part:
    """Return a part as the exchange hands it over."""
    return replace(part, fields=filled(part.fields, inputs))


def with_file(part: Part, content: bytes, name: str = FILE) -> Part:
    """Return a part with another file, of which its fields speak."""
    field = {FILE: "file_sha256", POLICY: "policy_sha256"}[name]
    fields = {**part.fields, field: sha256(content).hexdigest()}
    return replace(part, fields=fields, files={**part.files, name: content})


def make(part: Part, inputs: dict[str, Any] = INPUTS) -> str:
    return HANDLER.make(part, inputs, person=None, now=NOW).uri


def update(uri: str, part: Part, values: Any) -> None:
    HANDLER.update(uri, part, values, person=None, now=NOW)


def go_live(uri: str) -> None:
    HANDLER.go_live(uri, person=None, now=NOW)


def undo(uri: str) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        HANDLER.undo(uri, person=None, now=NOW)


def state() -> dict[str, Any]:
    """Return how many rows and files there are, and what is found; trails and the search's tombstones aside."""
    models = [each for each in apps.get_models() if each is not AuditEntry and each.__name__ != "SearchEntry"]
    found = sorted(hit.uri for hit in search.search("", language="de", limit=100).hits)
    folder = installation.config().home / "files"
    stored = sorted(str(each) for each in folder.rglob("*") if each.is_file())
    return {"rows": {each.__name__: each.objects.count() for each in models}, "found": found, "files": stored}


# --- pack ---------------------------------------------------------------------------------------
def test_a_part_is_the_approved_file_and_policy_with_a_sentence_and_no_place(approved: Junction):
    part = HANDLER.pack(approved.iri)

    assert (part.key, part.titles["it"], part.origin) == (
        "signal/market-street",
        "Via del Mercato",
        Reference(
            approved.iri,
            "junction",
            dict(approved.titles),
            "http://localhost:8000/de/junctions/market-street/",
        ),
    )
    assert part.files == {FILE: file_of(), POLICY: POLICY_TEXT}
    assert filled_part(part).fields == {
        "title": "Via Roma / Corso Italia",
        "latitude": 43.46,
        "longitude": 11.88,
        "summaries": {"de": "Eine Kreuzung.", "it": "Un incrocio.", "en": "A junction."},
        "file_sha256": sha256(file_of()).hexdigest(),
        "policy_sha256": sha256(POLICY_TEXT).hexdigest(),
    }
    assert "51.68" not in json.dumps(part.fields)
    asked, wrong = gathered((), [part])
    assert (sorted(each.input.key for each in asked), wrong) == (sorted(INPUTS), [])


def test_what_is_packed_is_the_approved_version_not_the_newest(approved: Junction, engineer: Person):
    files.receive(approved, file_of(name="Not yet"), note="", person=engineer, now=NOW)

    assert HANDLER.pack(approved.iri).files[FILE] == file_of()


def test_only_published_junctions_with_an_approved_file_are_offered(
    approved: Junction, engineer: Person, arezzo: Any
):
    bare = register.begin(titles={"de": "Markt ohne Datei"}, summaries={"de": "x"}, person=None, now=NOW)
    register.publish(bare, person=None, now=NOW)
    assert [each.uri for each in HANDLER.offered("Markt", "de")] == [approved.iri]

    register.withdraw(approved, person=None, now=NOW)
    assert HANDLER.offered("Markt", "de") == []
    for uri in (approved.iri, bare.iri, "urn:nothing"):
        with pytest.raises(NotOffered):
            HANDLER.pack(uri)


def test_a_partners_junction_is_not_ours_to_pack(
    approved: Junction, arezzo: Any, engineer: Person, colleague: Person
):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        uri = make(part)
        approve(FileVersion.objects.get(junction__iri=uri), engineer, colleague)
        go_live(uri)
        assert uri not in {each.uri for each in HANDLER.offered("", "it")}
        with pytest.raises(NotOffered):
            HANDLER.pack(uri)


@pytest.mark.parametrize("groups", [0, 30])
def test_packing_and_making_take_as_many_queries_for_a_long_file(
    junction: Junction,
    engineer: Person,
    colleague: Person,
    arezzo: Any,
    django_assert_num_queries: Any,
    groups: int,
):
    content = file_of(assumptions=[f"No. {number}" for number in range(groups)])
    bring(junction, engineer, colleague, content)
    with django_assert_num_queries(2):
        part = HANDLER.pack(junction.iri)
    with arezzo(), django_assert_num_queries(17):
        make(part)


# --- make ---------------------------------------------------------------------------------------
def test_a_draft_is_made_whose_file_waits_for_two_engineers(approved: Junction, arezzo: Any):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        assert [str(each.says) for each in HANDLER.plan(part, INPUTS).steps] == [
            "A draft of a junction “Via Roma / Corso Italia” is made, for simulation only.",
            "Its junction file waits for two engineers. Signal groups in it: 3.",
            "The policy of the partner’s city comes along; the two are approved as one.",
        ]
        reference = HANDLER.make(part, INPUTS, person=None, now=NOW)

        made = Junction.objects.get(iri=reference.uri)
        assert (reference.path, made.status, made.titles) == (
            "junctions/via-roma-corso-italia/",
            "draft",
            {"it": "Via Roma / Corso Italia"},
        )
        assert (made.latitude, made.longitude, made.origin["uri"]) == (43.46, 11.88, approved.iri)
        [version] = made.versions.all()
        assert (version.state, version.text.encode(), version.policy.encode(), version.number) == (
            "uploaded",
            file_of(),
            POLICY_TEXT,
            1,
        )
        assert version.note.endswith(approved.iri)
        assert reference.uri not in {hit.uri for hit in search.search("", language="it").hits}


def test_what_was_made_reads_as_what_was_packed_but_for_the_inputs(approved: Junction, arezzo: Any):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        assert HANDLER.fields_of(make(part)) == filled_part(part).fields


def test_without_a_policy_it_goes_there_and_back_as_well(
    junction: Junction, engineer: Person, colleague: Person, arezzo: Any
):
    bring(junction, engineer, colleague, file_of())
    part = HANDLER.pack(junction.iri)
    assert (list(part.files), part.fields["policy_sha256"]) == ([FILE], "")
    with arezzo():
        assert len(HANDLER.plan(part, INPUTS).steps) == 2
        assert HANDLER.fields_of(make(part)) == filled_part(part).fields


def test_what_is_in_the_way_and_what_to_know_is_told_in_the_plan(approved: Junction, arezzo: Any):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        make(part)
        found = HANDLER.plan(part, INPUTS).findings
    assert [(each.severity, each.code, each.path) for each in found] == [
        (Severity.INFO, "junctions.part.of-another-city", f"/{FILE}"),
        (Severity.WARNING, "junctions.part.same-name", "/title"),
        (Severity.WARNING, "junctions.part.same-file", f"/{FILE}"),
    ]


def test_findings_of_the_check_are_findings_of_the_part(approved: Junction, arezzo: Any):
    part = filled_part(HANDLER.pack(approved.iri))
    with arezzo():
        before = state()
        unsafe = with_file(part, unsafe_file())
        assert [(each.code, each.path) for each in errors(HANDLER.plan(unsafe, {}).findings)] == [
            ("signals.check.minimum-green-too-short", f"/{FILE}/groups/K1")
        ]
        with pytest.raises(BadPart, match="groups/K1"):
            make(unsafe, {})
        assert state() == before

        doubtful = with_file(part, doubtful_file())
        warned = [each for each in HANDLER.plan(doubtful, {}).findings if each.code.startswith("signals")]
        assert [(each.severity, each.code) for each in warned] == [
            (Severity.WARNING, "signals.check.unused-exit")
        ]
        assert Junction.objects.get(iri=make(doubtful, {})).versions.get().state == "uploaded"


def test_where_inputs_are_missing_the_plan_says_so_and_what_would_be_made(approved: Junction):
    plan = HANDLER.plan(HANDLER.pack(approved.iri), {})

    assert {(each.code, each.path) for each in errors(plan.findings)} == {
        ("core.part.missing-input", f"/{name}") for name in ("title", "latitude", "longitude")
    }
    assert len(plan.steps) == 3


# --- simulate and go live -----------------------------------------------------------------------
def test_only_evaluations_of_exactly_the_newest_file_count(approved: Junction, arezzo: Any):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        uri = make(part)
        made = Junction.objects.get(iri=uri)
        assert (isinstance(HANDLER, Simulates), HANDLER.kind in SIMULATED) == (True, True)
        assert HANDLER.simulations(uri) == []

        simulated(made, made.versions.get())
        simulated(made, None)
        [found] = HANDLER.simulations(uri)
        assert (found.kind, found.titles, found.path) == (
            "evaluation",
            {"en": "Before and after"},
            f"junctions/{made.slug}/evaluations/1/",
        )

        newer = with_file(filled_part(part), file_of(name="Newer"))
        update(uri, newer, newer.fields)
        assert HANDLER.simulations(uri) == []
        simulated(made, made.versions.first())
        simulated(made, made.versions.first())
        assert [each.path[-2] for each in HANDLER.simulations(uri)] == ["4", "3"]
    assert HANDLER.simulations("urn:nothing") == []


def test_it_is_published_only_when_two_have_approved_its_newest_file(
    approved: Junction, arezzo: Any, engineer: Person, colleague: Person
):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        uri = make(part)
        made = Junction.objects.get(iri=uri)
        with pytest.raises(NotApproved, match="Version 1"):
            go_live(uri)
        files.decide(made.versions.get(), Action.PROPOSE, person=engineer, reason="", now=NOW)
        with pytest.raises(NotApproved):
            go_live(uri)
        files.decide(made.versions.get(), Action.APPROVE, person=colleague, reason="", now=NOW)
        go_live(uri)
        go_live(uri)
        made.refresh_from_db()
        assert made.status == "published"

        newer = with_file(filled_part(part), file_of(name="Newer"))
        update(uri, newer, newer.fields)
        assert [(each.number, each.state) for each in made.versions.all()] == [
            (2, "uploaded"),
            (1, "approved"),
        ]
        with pytest.raises(NotApproved, match="Version 2"):
            go_live(uri)


# --- update -------------------------------------------------------------------------------------
def test_an_update_merges_what_both_sides_changed(
    approved: Junction, arezzo: Any, engineer: Person, colleague: Person
):
    part = filled_part(HANDLER.pack(approved.iri))
    with arezzo():
        uri = make(part, {})
        made = Junction.objects.get(iri=uri)
        register.change(
            made, person=None, now=NOW, summaries={**made.summaries, "it": "Nostro"}, latitude=43.5
        )
    bring(approved, engineer, colleague, file_of(name="Newer"), POLICY_TEXT + b"car = 2\n")
    register.change(approved, person=None, now=NOW, summaries={**approved.summaries, "en": "A better one."})
    newer = filled_part(HANDLER.pack(approved.iri))

    with arezzo():
        merged = merge(part.fields, HANDLER.fields_of(uri), newer.fields)
        assert merged.conflicts == ()
        update(uri, newer, merged.value)
        shown = HANDLER.fields_of(uri)
        assert shown == merged.value
        assert (shown["summaries"], shown["latitude"]) == (
            {"de": "Eine Kreuzung.", "it": "Nostro", "en": "A better one."},
            43.5,
        )
        newest = made.versions.first()
        assert (newest.number, newest.state, json.loads(newest.text)["name"]) == (2, "uploaded", "Newer")
        trail = AuditEntry.objects.count()
        update(uri, newer, shown)
        assert (AuditEntry.objects.count(), HANDLER.fields_of(uri)) == (trail, shown)


def test_a_file_of_our_own_stays_where_it_is_chosen(approved: Junction, arezzo: Any, engineer: Person):
    part = filled_part(HANDLER.pack(approved.iri))
    with arezzo():
        uri = make(part, {})
        made = Junction.objects.get(iri=uri)
        files.receive(made, file_of(name="Ours"), note="", person=engineer, now=NOW)
        ours = HANDLER.fields_of(uri)
        assert ours != part.fields

        newer = with_file(part, file_of(name="Newer"))
        update(uri, newer, ours)
        assert (HANDLER.fields_of(uri), made.versions.count()) == (ours, 2)
        update(uri, newer, part.fields)  # back to what came first: kept here, and no longer in what comes
        assert (HANDLER.fields_of(uri), made.versions.count()) == (part.fields, 3)
        with pytest.raises(BadPart, match="no file with this SHA-256"):
            update(uri, newer, {**ours, "file_sha256": "0" * 64})


def test_a_file_with_an_error_is_not_taken_over_by_an_update_either(approved: Junction, arezzo: Any):
    part = filled_part(HANDLER.pack(approved.iri))
    with arezzo():
        uri = make(part, {})
        unsafe = with_file(part, unsafe_file())
        with pytest.raises(BadPart, match="groups/K1"), transaction.atomic():
            update(uri, unsafe, unsafe.fields)
        assert HANDLER.fields_of(uri) == part.fields


def test_what_people_took_out_stays_as_it_is(approved: Junction, arezzo: Any):
    part = filled_part(HANDLER.pack(approved.iri))
    with arezzo():
        uri = make(part, {})
        update(uri, part, {**part.fields, "title": None, "latitude": None, "longitude": None})
        assert HANDLER.fields_of(uri) == part.fields


def test_what_is_gone_cannot_be_changed(approved: Junction):
    part = filled_part(HANDLER.pack(approved.iri))
    assert HANDLER.fields_of("urn:nothing") is None
    undo("urn:nothing")
    for act in (lambda: go_live("urn:nothing"), lambda: update("urn:nothing", part, part.fields)):
        with pytest.raises(JunctionGone):
            act()


# --- undo ---------------------------------------------------------------------------------------
def test_undoing_a_draft_leaves_nothing_behind(approved: Junction, arezzo: Any):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        before = state()
        uri = make(part)
        made = Junction.objects.get(iri=uri)
        simulated(made, made.versions.get())
        stored = made.evaluations.get().original
        assert default_storage.exists(stored)
        undo(uri)
        assert (state(), HANDLER.fields_of(uri)) == (before, None)


def test_undoing_what_was_public_withdraws_it(
    approved: Junction, arezzo: Any, engineer: Person, colleague: Person
):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        uri = make(part)
        approve(FileVersion.objects.get(junction__iri=uri), engineer, colleague)
        go_live(uri)
        undo(uri)
        undo(uri)
        made = Junction.objects.get(iri=uri)
        assert (made.status, made.versions.count()) == ("withdrawn", 1)
        assert uri not in state()["found"]
        with pytest.raises(register.WasPublic):
            register.discard(made, person=None)


# --- strangers ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", "<b>x</b>"),
        ("title", "a\nb"),
        ("title", "a" * 121),
        ("title", 7),
        ("latitude", 91),
        ("latitude", "51"),
        ("latitude", True),
        ("longitude", -181.5),
        ("longitude", float("nan")),
        ("summaries", {}),
        ("summaries", {"de": "<img src=x>"}),
        ("summaries", {"de": "a" * 301}),
        ("file_sha256", ""),
        ("file_sha256", None),
        ("file_sha256", "../x"),
        ("policy_sha256", 7),
    ],
)
def test_what_a_stranger_sends_is_refused_with_its_place(
    approved: Junction, arezzo: Any, path: str, value: Any
):
    part = filled_part(HANDLER.pack(approved.iri))
    strange = replace(part, fields={**part.fields, path: value})
    with arezzo():
        before = state()["rows"]
        found = errors(HANDLER.plan(strange, {}).findings)
        assert {each.path.split("/")[1] for each in found} == {path}
        with pytest.raises(BadPart):
            make(strange, {})
        assert state()["rows"] == before


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        (FILE, None, FILE),
        (FILE, b"{}", FILE),
        (FILE, b"\xff\xfe", FILE),
        (FILE, b" " * 2_000_001, FILE),
        (POLICY, None, POLICY),
        (POLICY, b"[weights]\nlorry = 2", POLICY),
        (POLICY, b"x" * 100_001, POLICY),
    ],
)
def test_files_that_are_none_are_refused(
    approved: Junction, arezzo: Any, name: str, content: bytes | None, place: str
):
    part = filled_part(HANDLER.pack(approved.iri))
    if content is None:
        kept = {each: text for each, text in part.files.items() if each != name}
        strange = replace(part, files=kept)
    else:
        strange = with_file(part, content, name)
    with arezzo():
        found = errors(HANDLER.plan(strange, {}).findings)
        assert {each.path.split("/")[1] for each in found} == {place}
        with pytest.raises(BadPart):
            make(strange, {})


def test_a_file_that_the_fields_do_not_speak_of_is_refused(approved: Junction):
    part = filled_part(HANDLER.pack(approved.iri))
    other = replace(part, files={**part.files, FILE: file_of(name="Exchanged on the way")})

    assert [(each.code, each.path) for each in errors(HANDLER.plan(other, {}).findings)] == [
        ("core.part.other-file", f"/{FILE}")
    ]


@pytest.mark.parametrize(
    "origin",
    [None, Reference("urn:x", "junction", {}, ""), Reference("https://a.example/1", "x", {}, "javascript:1")],
)
def test_without_an_address_of_its_origin_nothing_is_made(approved: Junction, origin: Reference | None):
    part = replace(filled_part(HANDLER.pack(approved.iri)), origin=origin)

    assert [each.path for each in errors(HANDLER.plan(part, {}).findings)] == ["/origin"]


def test_what_is_not_known_is_told_and_left_out(approved: Junction, arezzo: Any):
    part = filled_part(HANDLER.pack(approved.iri))
    strange = replace(part, fields={**part.fields, "music": "loud"})
    with arezzo():
        unknown = [
            each.path for each in HANDLER.plan(strange, {}).findings if each.code == "core.part.unknown"
        ]
        assert (unknown, HANDLER.fields_of(make(strange, {}))) == (["/music"], part.fields)


# --- nothing half-made --------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["make", "update", "go_live", "undo", "withdraw"])
def test_a_failure_after_any_write_leaves_all_as_it_was(
    approved: Junction, arezzo: Any, engineer: Person, colleague: Person, act: str
):
    part = filled_part(HANDLER.pack(approved.iri))
    newer = with_file(part, file_of(name="Newer"))
    newer = replace(newer, fields={**newer.fields, "title": "Piazza"})
    with arezzo():
        uri = make(part, {})
        made = Junction.objects.get(iri=uri)
        simulated(made, made.versions.get())
        if act in {"go_live", "withdraw"}:
            approve(made.versions.get(), engineer, colleague)
        if act == "withdraw":
            go_live(uri)
        acts = {
            "make": lambda: HANDLER.make(part, {}, person=None, now=NOW),
            "update": lambda: update(uri, newer, newer.fields),
            "go_live": lambda: go_live(uri),
            "undo": lambda: HANDLER.undo(uri, person=None, now=NOW),
            "withdraw": lambda: HANDLER.undo(uri, person=None, now=NOW),
        }
        before, shown, status = state(), HANDLER.fields_of(uri), made.status
        with failing_at(0) as done, transaction.atomic():
            acts[act]()
            transaction.set_rollback(True)
        assert len(done) >= 3
        for number in range(1, len(done) + 1):
            with failing_at(number), pytest.raises(Injected), transaction.atomic():
                acts[act]()
            assert (state(), HANDLER.fields_of(uri)) == (before, shown)
            made.refresh_from_db()
        assert made.status in {status, "published"}


# --- pages --------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_its_page_says_that_it_is_for_simulation_and_whose_it_was(
    approved: Junction, arezzo: Any, signed_in: Any, engineer: Person, language: str
):
    part = HANDLER.pack(approved.iri)
    with arezzo():
        made = Junction.objects.get(iri=make(part))
        client = signed_in(engineer)
        page = client.get(f"/{language}/junctions/{made.slug}/").content.decode()
        assert f'href="{part.origin.path}"' in page
        assert "Hamm" in page
        if language == "en":
            assert "For simulation only" in page
            assert "Taken over from a measure of Hamm." in page
        work = client.get(f"/{language}/junctions/work/").content.decode()
        assert ("Hamm" in work, made.slug in work) == (True, True)


def test_a_city_that_is_no_partner_is_named_by_its_address(
    approved: Junction, signed_in: Any, engineer: Person
):
    origin = Reference("https://far.example/id/1", "junction", {}, "https://far.example/j/1/")
    part = replace(filled_part(HANDLER.pack(approved.iri)), origin=origin)
    made = Junction.objects.get(iri=make(part, {}))
    page = signed_in(engineer).get(reverse("junctions:junction", args=[made.slug])).content.decode()

    assert "Taken over from a measure of far.example." in page


def test_an_evaluation_names_the_hash_of_its_file(approved: Junction, signed_in: Any, engineer: Person):
    client = signed_in(engineer)
    digest = approved.versions.get().sha256
    form = client.get(reverse("junctions:evaluation_new", args=[approved.slug])).content.decode()
    assert f'<option value="1" selected>1 · SHA-256 {digest[:12]}…</option>' in form

    simulated(approved, approved.versions.get())
    page = client.get(reverse("junctions:evaluation", args=[approved.slug, 1])).content.decode()
    assert digest in page
    assert digest[:12] in client.get(reverse("junctions:junction", args=[approved.slug])).content.decode()


def test_a_policy_is_uploaded_approved_and_given_away_with_its_file(
    junction: Junction, signed_in: Any, engineer: Person, colleague: Person
):
    client = signed_in(engineer)
    url = reverse("junctions:upload", args=[junction.slug])

    def upload(policy: bytes) -> Any:
        given = {
            "file": SimpleUploadedFile("j.json", file_of()),
            "policy": SimpleUploadedFile("p.toml", policy),
        }
        return client.post(url, given)

    refused = upload(b"[weights]\nlorry = 2")
    assert (refused.status_code, "/weights/lorry" in refused.content.decode()) == (400, True)
    assert FileVersion.objects.count() == 0
    assert upload(POLICY_TEXT).status_code == 302
    assert (
        "bicycle = 1.5" in client.get(reverse("junctions:version", args=[junction.slug, 1])).content.decode()
    )
    assert upload(POLICY_TEXT + b"car = 2").status_code == 302
    assert FileVersion.objects.count() == 2

    version = FileVersion.objects.get(number=2)
    policy_url = reverse("junctions:policy", args=[junction.slug, 2])
    client.logout()
    assert client.get(policy_url).status_code == 404
    approve(version, engineer, colleague)
    served = client.get(policy_url)
    assert (served.content, served["Content-Type"]) == (POLICY_TEXT + b"car = 2", "application/toml")
    assert policy_url in client.get(reverse("junctions:junction", args=[junction.slug])).content.decode()
    files.receive(junction, file_of(), note="", person=engineer, now=NOW)
    client = signed_in(engineer)
    assert client.get(reverse("junctions:policy", args=[junction.slug, 3])).status_code == 404

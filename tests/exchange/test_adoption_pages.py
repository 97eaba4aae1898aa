"""The pages of adoptions: what they say, what they refuse, and that nothing typed is lost."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tandem.core.part_values import MARK
from tandem.core.parts import Input, InputKind, Part
from tandem.exchange.domain.content import Content
from tandem.exchange.forms.adopting import choice_name
from tandem.exchange.models import Adoption, Evidence, Measure, MeasureVersion, OwnEvent, WaitingBundle
from tandem.exchange.services import adoption_personal, adoption_steps, bundles, partner_bundles
from tandem.exchange.services.adoption_steps import iri_of
from tandem.kit import parts
from tests.accounts.people import client_of, somebody
from tests.exchange.adopting import (
    FIELDS,
    RESULT,
    SIGNAL,
    TABLE,
    adopted,
    do,
    go,
    hidden,
    offered,
    sign,
    signal,
    state_of,
    table,
)
from tests.exchange.partners import IRI, KEY, NOW, RELEASED_AT, bundle, card, evidence, pin, taken_in
from tests.exchange.sample_bundle import signed_by
from tests.site.conftest import own_folder

__all__ = ["own_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "rooms")]
SLUG = "trees-that-are-cared-for-de"


@pytest.fixture
def client(officer):
    """Return a client of the officer, which checks every page."""
    return client_of(officer)


@pytest.fixture
def publisher(db):
    return client_of(somebody("catalogue:publisher", armed=False))


@pytest.fixture
def live(officer, client, publisher) -> Adoption:
    """Return an adoption of a table that is in use."""
    row = adopted(officer, offered())
    sign(publisher, row, TABLE)
    do(client, "adoption_go_live", row.pk)
    row.refresh_from_db()
    return row


# --- the list -------------------------------------------------------------------------------------
def several(count: int) -> None:
    for number in range(count):
        measure = Measure.objects.create(
            iri=f"{IRI}/{number}", slug=f"m{number}", city="arezzo", changed_at=NOW
        )
        parts = [{"state": "made"}, {"state": "live"}]
        Adoption.objects.create(
            measure=measure, version="1.0.0", begun_by="", begun_at=NOW, changed_at=NOW, parts=parts
        )


def test_an_empty_list_says_what_would_be_there(client):
    assert "Nothing is adopted yet" in go(client, "adoptions")


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_few_queries_however_long_it_is(client, count):
    several(count)
    go(client, "adoptions")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = go(client, "adoptions")

    assert page.count("being adopted") == count
    assert len(queries) <= 6


# --- planning -------------------------------------------------------------------------------------
def test_the_plan_asks_with_hints_units_and_what_is_known(client):
    offered(signal())
    page = go(client, "adopt_version", SLUG, "1.0.0")

    assert "Speed (km/h)" in page
    assert "As signed." in page
    assert 'name="input-speed" value="30"' in page
    assert "1 thing is still to be filled in" in page
    assert "catalogue/trees is made." in page


def test_nothing_typed_is_lost_and_what_is_wrong_stands_at_its_field(client):
    offered(signal())
    typed = {"input-publisher": "Stadt Hamm", "input-speed": "70", "left_out": SIGNAL}
    page = do(client, "adopt_version", SLUG, "1.0.0", status=400, then="adopt", **typed)

    for kept in ('value="Stadt Hamm"', 'value="70"', 'checked><label for="left-out-2"'):
        assert kept in page
    assert "Ensure this value is less than or equal to 50" in page
    page = do(
        client, "adopt_version", SLUG, "1.0.0", status=400, then="plan", **{**typed, "input-speed": "many"}
    )
    assert 'value="many"' in page
    assert not Adoption.objects.exists()


def test_a_part_can_be_left_out(client, rooms):
    offered(signal())
    do(client, "adopt_version", SLUG, "1.0.0", then="adopt", left_out=TABLE)

    assert (Adoption.objects.get().left_out, list(rooms.store.things)) == ([TABLE], [rooms.uri(SIGNAL)])
    row = Adoption.objects.get()
    assert f"<code>{TABLE}</code>" in go(client, "adoption", row.pk)


def test_what_a_part_that_is_left_out_asks_for_is_no_fault(client):
    offered(signal())
    typed = {"input-publisher": "Stadt Hamm", "input-speed": "30", "left_out": SIGNAL}
    page = do(client, "adopt_version", SLUG, "1.0.0", status=200, then="plan", **typed)

    assert "No part asks for it." not in page
    assert "Nothing is in the way" in page
    assert 'name="input-speed" value="30"' in page


def test_leaving_everything_out_is_said(client):
    offered()
    page = do(client, "adopt_version", SLUG, "1.0.0", status=409, then="adopt", left_out=TABLE)

    assert "There is no part to adopt" in page


def test_what_a_room_has_against_it_is_shown_with_its_place(client, rooms):
    taken_in([table(slug="trees")])
    rooms.catalogue.make(table(slug="trees"), {}, person=None, now=NOW)
    page = do(client, "adopt_version", SLUG, "1.0.0", status=409, then="adopt", **{"input-publisher": "Hamm"})

    assert "There is one of that name." in page
    assert '<span class="finding-path">/slug</span>' in page
    assert 'value="Hamm"' in page


def test_a_kind_that_nobody_knows_is_in_the_way_until_it_is_left_out(client):
    offered(signal())
    del parts._handlers["signal"]
    assert "kind Traffic signal" in do(
        client, "adopt_version", SLUG, "1.0.0", status=409, then="adopt", **{"input-publisher": "Hamm"}
    )
    do(client, "adopt_version", SLUG, "1.0.0", then="adopt", left_out=SIGNAL, **{"input-publisher": "Hamm"})


def test_a_description_only_has_nothing_to_adopt(client):
    taken_in([])

    assert "There is no part to adopt" in go(client, "adopt_version", SLUG, "1.0.0")


def test_a_measure_of_ours_or_without_such_a_version_or_withdrawn_cannot_be_adopted(client, measure):
    offered()
    go(client, "adopt", measure.slug, status=404)
    go(client, "adopt_version", SLUG, "9.0.0", status=404)
    Measure.objects.filter(iri=IRI).update(status="withdrawn")
    go(client, "adopt_version", SLUG, "1.0.0", status=404)

    assert Adoption.objects.count() == 0


def test_a_room_that_fails_changes_nothing_and_is_named(client, rooms):
    offered()
    faults = rooms.catalogue.session.faults
    faults.at = len(faults.calls)
    page = go(client, "adopt_version", SLUG, "1.0.0")

    assert "catalogue/trees: planning did not succeed" in page


# --- the measure's page ---------------------------------------------------------------------------
def test_the_measure_says_whether_it_is_adopted_and_leads_on(client, officer, page_client):
    version = offered()
    assert reverse("exchange:adopt", args=[SLUG]) in go(client, "measure", SLUG)
    row = adopted(officer, version)
    page = go(client, "measure", SLUG)
    assert "This city took version 1.0.0 over." in page
    assert reverse("exchange:adoption", args=[row.pk]) in page
    assert reverse("exchange:adopt", args=[SLUG]) not in page
    assert "took version" not in go(page_client, "measure", SLUG)
    adoption_steps.undo(str(row.pk), person=officer, now=NOW)
    assert reverse("exchange:adopt", args=[SLUG]) in go(client, "measure", SLUG)


# --- signing off ----------------------------------------------------------------------------------
def test_a_sign_off_is_for_what_was_seen(officer, publisher, rooms):
    row = adopted(officer, offered())
    page = go(publisher, "adoption_sign_off", row.pk, *TABLE.split("/"))
    thing = rooms.store.things[rooms.uri(TABLE)]
    thing.fields["publisher"] = "Somebody else"
    refused = do(
        publisher,
        "adoption_sign_off",
        row.pk,
        *TABLE.split("/"),
        seen=hidden(page, "seen"),
        note="Fine",
        status=409,
    )

    assert "was changed since you looked at it" in refused
    assert "Fine" in refused
    assert "Somebody else" in refused
    do(publisher, "adoption_sign_off", row.pk, *TABLE.split("/"), seen=hidden(refused, "seen"), note="Fine")
    assert state_of(row) == {TABLE: "signed-off"}


def test_what_was_changed_after_its_sign_off_is_said(officer, publisher, client, rooms):
    row = adopted(officer, offered())
    sign(publisher, row, TABLE)
    rooms.store.things[rooms.uri(TABLE)].fields["publisher"] = "Other"
    page = go(client, "adoption", row.pk)

    assert "changed since" in page
    assert "People here changed it in 1 place" in page
    assert "changed since it was signed off" in go(client, "adoption_go_live", row.pk)
    assert "Sign it off again" in do(client, "adoption_go_live", row.pk, status=409)


def test_a_signal_is_simulated_and_signed_off_by_a_second_person(rooms):
    both = somebody("exchange:exchange-officer", "junctions:traffic-engineer", armed=False)
    first, second = client_of(both), client_of(somebody("junctions:traffic-engineer", armed=False))
    row = adopted(both, offered(signal()))
    address = ("adoption_simulation", row.pk, *SIGNAL.split("/"))
    rooms.signal.results = ()
    assert "There is no simulation of this part" in go(first, *address)
    rooms.signal.results = (RESULT,)
    assert "It has to be simulated first" in go(second, "adoption_sign_off", row.pk, *SIGNAL.split("/"))
    do(first, *address, status=400)
    do(first, *address, result=RESULT.uri)
    assert "Evaluation of Tuesday" in go(first, "adoption", row.pk)

    seen = hidden(go(first, "adoption_sign_off", row.pk, *SIGNAL.split("/")), "seen")
    own = do(first, "adoption_sign_off", row.pk, *SIGNAL.split("/"), seen=seen, status=409)
    assert "somebody else than who took it over" in own
    sign(second, row, SIGNAL)
    assert state_of(row)[SIGNAL] == "signed-off"


def test_a_part_that_somebody_deleted_is_said_and_may_stay_away(officer, publisher, client, rooms):
    engineer = client_of(somebody("junctions:traffic-engineer", armed=False))
    row = adopted(officer, offered(signal()))
    do(engineer, "adoption_simulation", row.pk, *SIGNAL.split("/"), result=RESULT.uri)
    sign(engineer, row, SIGNAL)
    del rooms.store.things[rooms.uri(TABLE)]

    assert "Somebody deleted it in its room" in go(client, "adoption", row.pk)
    assert "there is nothing to sign" in go(publisher, "adoption_sign_off", row.pk, *TABLE.split("/"))
    assert "They may stay away" in go(client, "adoption_go_live", row.pk)
    assert "is gone" in do(client, "adoption_go_live", row.pk, status=409)
    do(client, "adoption_go_live", row.pk, parts=TABLE)
    assert state_of(row) == {TABLE: "gone", SIGNAL: "live"}


def test_a_room_that_is_gone_is_told_on_the_page(client, live):
    del parts._handlers["catalogue"]
    assert "Nobody here can handle parts of the kind Data" in go(client, "adoption", live.pk)


# --- updates --------------------------------------------------------------------------------------
def test_a_newer_version_is_offered_and_new_parts_can_be_left_out(client, live):
    offered(signal(), number="1.1.0")
    assert "Look at version 1.1.0" in go(client, "adoption", live.pk)
    page = go(client, "adoption_update", live.pk, "1.1.0")
    assert "It stays as it is." in page
    assert "It is new, and is made as a draft." in page
    choice = {choice_name(SIGNAL, ""): "ours"}
    page = do(client, "adoption_update", live.pk, "1.1.0", status=200, then="plan", seen="", **choice)
    assert "It stays away." in page
    do(client, "adoption_update", live.pk, "1.1.0", then="update", seen=hidden(page, "seen"), **choice)

    live.refresh_from_db()
    assert (live.version, live.left_out, state_of(live)) == ("1.1.0", [SIGNAL], {TABLE: "live"})


def test_a_choice_stays_when_it_is_planned_again(client, live, rooms):
    taken_in([table(titles={"de": "Stadtbäume", "en": "Trees"})], "1.1.0")
    rooms.catalogue._change(
        rooms.uri(TABLE), fields={**FIELDS, "publisher": "Stadt Hamm", "titles": {"de": "Unsere"}}
    )
    name = choice_name(TABLE, "/titles/de")
    page = do(client, "adoption_update", live.pk, "1.1.0", status=200, then="plan", seen="", **{name: "ours"})

    assert "checked" in page.partition(f'name="{name}" value="ours"')[2][:120]
    assert "Nothing is in the way" in page
    rooms.catalogue._change(rooms.uri(TABLE), fields={**FIELDS, "titles": {"de": "Anders"}})
    seen = hidden(page, "seen")
    page = do(
        client, "adoption_update", live.pk, "1.1.0", status=409, then="update", seen=seen, **{name: "ours"}
    )
    assert "Something was changed since this was planned" in page
    assert "Anders" in page


def test_an_older_version_is_refused(client, live):
    offered(number="0.9.0")

    assert "is older" in go(client, "adoption_update", live.pk, "0.9.0", status=409)


def test_an_update_asks_for_what_is_new_to_fill_in(client, live):
    more = Part("catalogue", "benches", {"en": "Benches"}, {"mail": {MARK: "mail"}}, {}, (Input("mail"),))
    taken_in([table(), more], "1.1.0")
    address, given = ("adoption_update", live.pk, "1.1.0"), {"input-mail": "a@b.example"}
    seen = hidden(go(client, *address), "seen")
    assert "Fill it in." in do(client, *address, status=400, then="update", seen=seen)
    do(client, *address, then="update", seen=seen, **given)

    live.refresh_from_db()
    assert live.inputs == {"mail": "a@b.example", "publisher": "Stadt Hamm"}


def test_what_others_changed_is_said_whatever_was_typed(client, live, rooms):
    taken_in([table(titles={"de": "Stadtbäume", "en": "Trees"})], "1.1.0")
    address, typed = ("adoption_update", live.pk, "1.1.0"), {"input-publisher": "Hamm"}
    page = go(client, *address)
    rooms.catalogue._change(rooms.uri(TABLE), fields={**FIELDS, "publisher": "Stadt Hamm", "more": "1"})
    page = do(client, *address, status=409, then="update", seen=hidden(page, "seen"), **typed)
    assert "Something was changed since this was planned" in page
    assert "Hamm" in page
    do(client, *address, then="update", seen=hidden(page, "seen"), **typed)

    live.refresh_from_db()
    assert live.inputs == {"publisher": "Hamm"}


def test_what_the_city_says_of_itself_is_part_of_what_was_seen(client, live, settings):
    more = Part(
        "catalogue",
        "benches",
        {"en": "Benches"},
        {"mail": {MARK: "mail"}},
        {},
        (Input("mail", profile="mail"),),
    )
    taken_in([table(), more], "1.1.0")
    address, seen = ("adoption_update", live.pk, "1.1.0"), []
    for mail in ("first@hamm.example", "second@hamm.example"):
        settings.TANDEM = replace(settings.TANDEM, legal=replace(settings.TANDEM.legal, mail=mail))
        seen.append(hidden(go(client, *address), "seen"))

    assert seen[0] != seen[1]
    do(client, *address, status=409, then="update", seen=seen[0])


# --- ends -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", ["diverge", "retire"])
def test_a_reason_is_asked_for(client, live, end):
    assert "This field is required" in do(client, f"adoption_{end}", live.pk, status=400)
    do(client, f"adoption_{end}", live.pk, reason="We have other trees")

    live.refresh_from_db()
    page = go(client, "adoption", live.pk)
    assert (live.state, live.reason) == (
        {"diverge": "diverged", "retire": "retired"}[end],
        "We have other trees",
    )
    assert "We have other trees" in page
    assert "It is not possible in this state" in go(client, f"adoption_{end}", live.pk)
    assert "is not possible with this adoption" in do(
        client, f"adoption_{end}", live.pk, reason="x", status=409
    )
    assert "We have other trees" not in json.dumps(OwnEvent.objects.last().content)


def test_a_city_that_goes_its_own_way_is_offered_no_updates(client, live):
    do(client, "adoption_diverge", live.pk, reason="Ours")
    offered(number="1.1.0")

    assert "Look at version" not in go(client, "adoption", live.pk)
    assert "This city goes its own way" in go(client, "adoption_update", live.pk, "1.1.0", status=409)


def test_ending_says_what_becomes_of_each_part(client, live, rooms):
    assert "It is public, and is withdrawn." in go(client, "adoption_retire", live.pk)
    del rooms.store.things[rooms.uri(TABLE)]
    assert "Somebody deleted it already." in go(client, "adoption_undo", live.pk)


# --- receipts -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("end", "words"), [("undo", 1), ("retire", 1), ("diverge", 0)])
def test_ending_says_that_a_dataset_stays_that_a_harvest_brings(client, live, end, words):
    said = "A dataset of the partner&#x27;s own stays public where a harvest of the partner brings it"

    assert go(client, f"adoption_{end}", live.pk).count(said) == words


def test_the_receipt_is_shown_as_it_was_told_and_can_be_downloaded(client, live):
    answer = client.get(reverse("exchange:adoption_receipt", args=[live.pk]))
    told = OwnEvent.objects.last().content

    assert json.loads(answer.content) == told
    assert answer["Content-Disposition"].startswith("attachment")
    assert (told["to"], told["measure"], told["city"], told["state"]) == ("arezzo", IRI, "hamm", "live")
    assert "&quot;format&quot;: &quot;tandem-adoption-receipt/1&quot;" in go(client, "adoption", live.pk)


def test_the_newest_values_are_told_once(client, live):
    Evidence.objects.create(
        measure=live.measure, indicator="wait", city="hamm", on=date(2026, 3, 1), value=Decimal(7)
    )
    before = OwnEvent.objects.count()
    do(client, "adoption_tell", live.pk)
    do(client, "adoption_tell", live.pk)

    assert OwnEvent.objects.count() == before + 1
    assert OwnEvent.objects.last().content["indicators"] == {"wait": [{"on": "2026-03-01", "value": 7.0}]}
    assert adoption_steps.tell_due(NOW) == 0
    Evidence.objects.all().delete()
    assert adoption_steps.tell_due(NOW) == 1


def test_a_long_series_still_fits_into_a_feed(live):
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(2_000)]
    Evidence.objects.bulk_create(
        Evidence(measure=live.measure, indicator="wait", city="hamm", on=day, value=Decimal("123456.789012"))
        for day in days
    )

    assert adoption_steps.tell_due(NOW) == 1
    told = OwnEvent.objects.last().content["indicators"]["wait"]
    assert (len(told) > 200, told[-1]["on"]) == (True, days[-1].isoformat())


def test_the_name_of_an_adoption_leads_to_its_page(client, live):
    answer = client.get(iri_of(live.pk).removeprefix("http://localhost:8000"))

    assert answer.url.endswith(f"/adoptions/{live.pk}/")


# --- before and after -----------------------------------------------------------------------------
def test_before_and_after_of_both_cities(client, officer, live):
    values = (*evidence(50, 51, 50, 51, 50, 51), *evidence(40, 41, 40, 41, 40, 41, month=3))
    taken_in([table()], "1.1.0", evidence=values[:8])
    for each in values[6:]:  # the feed tells some of them once more, and others alone
        Evidence.objects.create(
            measure=live.measure, indicator="wait", city="arezzo", on=each.on, value=Decimal(str(each.value))
        )
    page = go(client, "adoption_comparison", live.pk)
    assert page.count("Too few values to say anything.") == 2
    assert "Nobody noted since when Arezzo has it" in page
    do(client, "adoption_comparison", live.pk, since_day=31, since_month=2, since_year=2026, status=400)
    do(client, "adoption_comparison", live.pk, since_day=1, since_month=3, since_year=2026)
    page = go(client, "adoption_comparison", live.pk)

    assert "Clearly better than before." in page
    assert "−10" in page
    assert "6 values" in page
    assert "no proof of an effect" in page
    Adoption.objects.update(live_since=datetime(2026, 6, 1, 12, tzinfo=UTC))
    for number in range(12):
        day = date(2026, 5, 25) + timedelta(days=number)
        Evidence.objects.create(
            measure=live.measure, indicator="wait", city="hamm", on=day, value=30 + number % 2
        )
    assert "No clear change" in go(client, "adoption_comparison", live.pk)


# --- bundles --------------------------------------------------------------------------------------
def sent(client, data: bytes, status: int = 302) -> str:
    return do(client, "take_in", file=SimpleUploadedFile("b.zip", data, "application/zip"), status=status)


def test_a_bundle_is_taken_in_by_its_page(client):
    pin()
    assert "Nothing waits" in go(client, "take_in")
    sent(client, bundle([table()]))

    assert MeasureVersion.objects.get().stored
    assert "This field is required" in do(client, "take_in", status=400)


def test_what_is_wrong_with_a_bundle_is_said_with_its_place(client):
    page = sent(client, b"no bundle at all", status=400)

    assert "It was not taken in" in page
    assert "exchange.archive" in page


def test_a_bundle_whose_key_is_unknown_waits_on_the_page(client):
    sent(client, bundle([table()]))
    page = go(client, "take_in")
    row = WaitingBundle.objects.get()
    assert row.fingerprint[:4] in page
    trusted = go(client, "trust_city", "arezzo")
    assert "Bundles that wait" in trusted
    assert f'href="{reverse("exchange:take_in")}#waiting"' in trusted
    assert [each for each in (page, trusted) if row.fingerprint[-4:] in each] == []
    do(client, "take_in", again=row.pk)
    assert row.fingerprint[-4:] not in go(client, "take_in")
    assert WaitingBundle.objects.exists()
    pin()
    do(client, "take_in", again=row.pk)
    assert (WaitingBundle.objects.count(), MeasureVersion.objects.count()) == (0, 1)
    assert "Bundles that wait" not in go(client, "trust_city", "arezzo")
    sent(client, bundle([table()], "1.1.0"))
    pin(state="revoked")
    sent(client, bundle([table()], "1.2.0"), status=400)


def test_a_bundle_that_waits_can_be_thrown_away(client):
    sent(client, bundle([table()]))
    do(client, "take_in", discard=WaitingBundle.objects.get().pk)

    assert not WaitingBundle.objects.exists()
    do(client, "take_in", discard="7", status=404)


def test_a_version_that_is_not_here_is_fetched_first(client):
    offered()
    MeasureVersion.objects.update(stored="", address="http://127.0.0.1:9/b.zip")
    page = go(client, "adopt_version", SLUG, "1.0.0")
    assert "Its bundle is not here yet" in page
    assert "private network" in do(client, "adopt_version", SLUG, "1.0.0", status=503)
    MeasureVersion.objects.update(address="")
    assert "Fetch it" not in go(client, "adopt_version", SLUG, "1.0.0")


def test_a_bundle_whose_file_is_missing_is_said_and_can_be_taken_in_again(client, live):
    offered(signal(), number="1.1.0")
    pages = [("adoption_update", live.pk, "1.1.0"), ("measure_bundle", SLUG, "1.1.0")]
    for each in MeasureVersion.objects.all():
        default_storage.delete(each.stored)

    for page in pages:
        assert "Take its bundle in again, or restore the backup" in go(client, *page, status=503)
    sent(client, bundle([table(), signal()], "1.1.0"))
    assert "It is new, and is made as a draft." in go(client, *pages[0])
    answer = client.get(reverse("exchange:measure_bundle", args=[SLUG, "1.1.0"]))
    assert len(b"".join(answer.streaming_content)) == MeasureVersion.objects.get(number="1.1.0").byte_size
    answer.close()


def test_the_plan_says_that_the_file_of_its_bundle_is_missing(client):
    default_storage.delete(offered().stored)

    page = go(client, "adopt_version", SLUG, "1.0.0", status=503)
    assert "Take its bundle in again, or restore the backup" in page


def test_a_bundle_that_waits_is_kept_again_where_its_file_is_missing(client):
    sent(client, bundle([table()]))
    default_storage.delete(WaitingBundle.objects.get().stored)
    pin()
    page = client.post(reverse("exchange:take_in"), {"again": WaitingBundle.objects.get().pk}, follow=True)
    assert "is missing in the storage" in page.content.decode()
    pin(state="seen")
    sent(client, bundle([table()]))
    pin()
    do(client, "take_in", again=WaitingBundle.objects.get().pk)

    assert (WaitingBundle.objects.count(), MeasureVersion.objects.count()) == (0, 1)


def test_inputs_of_the_whole_measure_are_called_by_their_titles(client, officer):
    choices = {"own": {"en": "Our own"}, "theirs": {"en": "The partner's"}}
    whole = Input("whose", InputKind.CHOICE, {"en": "Whose trees"}, choices=choices)
    pin()
    content = Content(card(version="1.0.0"), [table()], [whole])
    data = bundles.pack(content, sign=signed_by(KEY, "arezzo"), released_at=RELEASED_AT)
    version = partner_bundles.take_in(data, person=None, now=NOW)
    page = go(client, "adoption", adopted(officer, version, whose="own").pk)

    assert all(words in page for words in ("Whose trees", "Our own", "Publisher"))


# --- people ---------------------------------------------------------------------------------------
def test_what_is_known_of_a_person_is_exported_and_forgotten(officer, client, live):
    exported = adoption_personal.export(officer)
    assert [each["measure__iri"] for each in exported["adoptions_begun"]] == [IRI]
    assert exported["adopted_parts"] == [{"measure": IRI, "part": TABLE, "taken_over": True}]
    assert adoption_personal.forget(officer) == 1

    live.refresh_from_db()
    assert (live.begun_by, live.parts[0]["made_by"]) == ("", "")
    assert live.parts[0]["sign_off"]["by"]
    assert adoption_personal.forget(officer) == 0
    go(client, "adoption", live.pk)


def test_a_button_that_names_no_bundle_that_waits_finds_nothing(officer, client):
    for chosen in ("9" * 5_000, "²", "-1"):
        assert client.post(reverse("exchange:take_in"), {"discard": chosen}).status_code == 404

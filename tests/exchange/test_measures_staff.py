"""An officer describes a measure step by step, has it reviewed, publishes it and takes it back."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from tandem.accounts.models import AuditEntry
from tandem.core.errors import TandemError
from tandem.exchange.domain.card import Cost, Status
from tandem.exchange.domain.lifecycle import NeedsReason, Step, WrongStatus
from tandem.exchange.models import Evidence, Measure, MeasureStep
from tandem.exchange.services import measure_parts, measures, releasing
from tandem.kit import search
from tests.accounts.people import client_of, somebody
from tests.exchange.measures import (
    BENCHES,
    LONG,
    NOW,
    TREES,
    draft_measure,
    published_measure,
    texts,
    whole_card,
)

pytestmark = pytest.mark.django_db
OFFICER = "exchange:exchange-officer"
LANGUAGES = ("de", "en", "it")


def url(name, measure, *more):
    return reverse(f"exchange:measure_{name}", args=[measure.slug, *more])


def said(name, text, *, prefix=""):
    """Return a text in the three languages as the form has it."""
    return {f"{prefix}{name}_{code}": f"{text} {code}" for code in LANGUAGES}


def rows(name, *filled, before=0):
    """Return the fields of a list of forms."""
    found = {f"{name}-TOTAL_FORMS": str(len(filled)), f"{name}-INITIAL_FORMS": str(before)}
    for number, each in enumerate(filled):
        found |= {f"{name}-{number}-{key}": value for key, value in each.items()}
    return found


def card_of(measure):
    measure.refresh_from_db()
    return measures.card_of(measure)


def text_of(answer):
    return answer.content.decode()


# --- describing ---------------------------------------------------------------------------------
def test_a_card_without_gaps_is_made_of_five_forms(client_as, room, officer):
    client = client_as(OFFICER)
    answer = client.post(reverse("exchange:measure_new"), said("title", "Ampel für Räder"))
    measure = Measure.objects.get()
    assert (measure.slug, measure.status, measure.city) == ("ampel-fuer-raeder-de", "draft", "hamm")
    assert answer.url == url("edit", measure, "what")

    what = said("title", "Ampel") | said("summary", "Kurz") | said("need", "Not") | said("solution", "Tat")
    what |= {"status": "in-operation", "charter": ["green", "just"], "sdg": ["11", "13"], "then": "next"}
    assert client.post(url("edit", measure, "what"), what).url == url("edit", measure, "means")
    means = {"one_off": "80,000", "yearly": "1200.50", "currency": "EUR"} | said("legal_basis", "StVO")
    means |= rows("staff", said("role", "Ingenieurin") | {"person_days": "20", "fte": "0.25"}, {})
    client.post(url("edit", measure, "means"), means | {"then": "next"})
    lights = rows(
        "indicators",
        said("titles", "Wartezeit") | {"unit": "s", "better": "lower", "target": "20"},
        said("titles", "Wartezeit") | {"better": ""},
    )
    client.post(url("edit", measure, "indicators"), lights)
    grades = {f"{name}_level": "3" for name in ("technical", "data", "market", "acceptance", "regulation")}
    for name in ("technical", "data", "market", "acceptance", "regulation"):
        grades |= said(f"{name}_why", "Darum")
    answer = client.post(
        url("edit", measure, "lessons"),
        grades | rows("lessons", said("text", "Früh reden")) | {"then": "next"},
    )
    assert answer.url == url("parts", measure)
    contact = said("role", "Amt") | {"mail": "amt@hamm.example", "licence": "CC0-1.0"}
    origin = {"id": "https://arezzo.example/id/measure/1", "version": "1.2.0", "city": "arezzo"}
    answer = client.post(url("edit", measure, "contact"), contact | rows("is_based_on", origin))
    assert answer.url == url("edit", measure, "what").removesuffix("edit/what/")

    card = card_of(measure)
    assert [each.path for each in measures.gaps_of(card) if each.severity == "error"] == []
    assert card.cost == Cost("EUR", 8_000_000, 120_050)
    assert [each.key for each in card.indicators] == ["wartezeit-de", "wartezeit-de-2"]
    assert (card.staff[0].person_days, card.staff[0].fte) == (20, 0.25)
    assert (card.is_based_on[0].city, card.is_based_on[0].version) == ("arezzo", "1.2.0")
    assert (card.licence, card.city, card.id) == ("CC0-1.0", "hamm", measure.iri)


def test_the_list_of_gaps_leads_to_the_fields(client_as):
    measure = measures.begin(title={"de": "Ampel"}, person=None, now=NOW)
    client = client_as(OFFICER)
    page = text_of(client.get(url("edit", measure, "what")))
    links = dict.fromkeys(re.findall(r'href="([^"]*#id_[^"]*)"', page))
    pages = {}

    assert len(links) > 10
    for link in links:
        address, _hash, target = link.partition("#")
        pages.setdefault(address, text_of(client.get(address)))
        assert f'id="{target}"' in pages[address], link


def test_the_gaps_follow_what_is_typed_and_nothing_is_saved(client_as):
    measure = measures.begin(title={"de": "Ampel"}, person=None, now=NOW)
    client, address = client_as(OFFICER), url("check", measure, "what")
    before = text_of(client.post(address, {"title_de": "Ampel"}, headers={"HX-Request": "true"}))
    after = text_of(
        client.post(address, {"title_de": "Ampel", "need_de": "Not"}, headers={"HX-Request": "true"})
    )

    assert "#id_need_0" in before
    assert "#id_need_0" not in after
    assert card_of(measure).need == {}
    assert (
        client.post(url("check", measure, "indicators"), {}, headers={"HX-Request": "true"}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("step", "typed", "told"),
    [
        ("what", {"title_de": "", "need_de": LONG}, "Enter a text in at least one language"),
        ("what", {"title_de": LONG * 2}, "at most 300 characters"),
        ("what", {"title_de": "x", "status": "splendid"}, "Select a valid choice"),
        ("means", rows("staff", {}) | {"currency": "EUR", "one_off": "much"}, "Enter a number"),
        ("means", rows("staff", {}) | {"currency": "euro"}, "at most 3 characters"),
        ("means", rows("staff", {"fte": "2"}) | {"currency": "EUR"}, "Enter a text in at least one language"),
        ("lessons", rows("lessons", {}) | {"data_why_de": "Darum"}, "Choose a grade for this reason"),
        ("contact", rows("is_based_on", {}) | {"mail": "nobody"}, "Enter a valid email address"),
        (
            "contact",
            rows("is_based_on", {"id": "x", "version": "1", "city": "Ärger"}),
            "Enter the whole address",
        ),
        ("indicators", {}, "ManagementForm"),
    ],
)
def test_wrong_input_is_told_at_the_field_and_kept(client_as, step, typed, told):
    measure = draft_measure()
    before = card_of(measure)
    answer = client_as(OFFICER).post(url("edit", measure, step), typed | {"then": "next"})

    assert answer.status_code == 400
    assert told in text_of(answer)
    for name, value in typed.items():
        if value and "_FORMS" not in name and name != "status":
            assert value.strip() in text_of(answer)
    assert card_of(measure) == before


def test_rows_are_changed_and_removed(client_as):
    measure = draft_measure(lessons=(texts("First"), {"fr": "Deuxième", "de": "Zweitens"}))
    typed = rows(
        "lessons",
        said("text", "First") | {"DELETE": "on"},
        {"text_de": "Zweitens neu"},
        said("text", "Third"),
        {},
        before=2,
    )
    client_as(OFFICER).post(url("edit", measure, "lessons"), typed)

    assert card_of(measure).lessons == (
        {"fr": "Deuxième", "de": "Zweitens neu"},
        {code: f"Third {code}" for code in LANGUAGES},
    )


def test_texts_in_languages_that_are_not_asked_for_stay(client_as):
    measure = draft_measure(need={"fr": "Besoin", "de": "Not"})
    client_as(OFFICER).post(url("edit", measure, "what"), said("title", "Ampel") | {"need_de": "Neu"})

    assert card_of(measure).need == {"fr": "Besoin", "de": "Neu"}


def test_an_indicator_with_values_stays(client_as):
    measure = draft_measure()
    typed = rows("indicators", said("titles", "Mean wait") | {"DELETE": "on"}, before=1)
    answer = client_as(OFFICER).post(url("edit", measure, "indicators"), typed)

    assert answer.status_code == 400
    assert "There are values of the indicator wait" in text_of(answer)
    assert [each.key for each in card_of(measure).indicators] == ["wait"]


def test_a_step_that_there_is_not(client_as):
    measure = draft_measure()
    client = client_as(OFFICER)
    assert client.get(url("edit", measure, "parts")).status_code == 404
    assert client.post(url("check", measure, "nothing")).status_code == 404


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_every_page_is_there_in_each_language(measure, room, client_as, language):
    draft = draft_measure("Other")
    measures.submit(draft, person=None, now=NOW)
    client = client_as(OFFICER)
    addresses = [
        "measures/new/",
        "measures/work/",
        "measures/watched/",
        *(
            f"measures/{measure.slug}/edit/{step}/"
            for step in ("what", "means", "indicators", "lessons", "contact")
        ),
        *(
            f"measures/{draft.slug}/{page}"
            for page in (
                "",
                "parts/?q=e",
                "evidence/",
                "history/",
                "announce/",
                "submit/",
                "send-back/",
                "publish/",
                "withdraw/",
                "release/",
                "discard/",
            )
        ),
        f"measures/{measure.slug}/release/",
    ]
    found = {address: client.get(f"/{language}/{address}").status_code for address in addresses}
    assert found == dict.fromkeys(addresses, 200)


# --- parts and evidence -------------------------------------------------------------------------
def test_parts_are_found_added_moved_and_removed(room, client_as):
    measure, client = draft_measure(), client_as(OFFICER)
    address = url("parts", measure)
    assert "Trees" in text_of(client.get(address, {"q": "tree"}))
    assert "Nothing was found" in text_of(client.get(address, {"q": "zzz"}))
    client.post(f"{address}?q=e", {"add": f"catalogue {TREES.uri}"})
    client.post(f"{address}?q=e", {"add": f"catalogue {BENCHES.uri}"})
    client.post(f"{address}?q=zzz", {"add": f"catalogue {BENCHES.uri}"})
    client.post(f"{address}?q=e", {"add": "catalogue urn:other"})
    assert [each.reference["uri"] for each in measure.parts.all()] == [TREES.uri, BENCHES.uri]

    client.post(address, {"up": str(measure.parts.last().pk)})
    assert [each.reference["uri"] for each in measure.parts.all()] == [BENCHES.uri, TREES.uri]
    client.post(address, {"up": str(measure.parts.first().pk)})
    assert [each.reference["uri"] for each in measure.parts.all()] == [BENCHES.uri, TREES.uri]
    client.post(address, {"remove": str(measure.parts.first().pk)})
    assert [each.reference["uri"] for each in measure.parts.all()] == [TREES.uri]
    assert "/en/data/trees/" in text_of(client.get(address))
    for wrong in ("999", "9" * 5_000):
        assert client.post(address, {"remove": wrong}).status_code == 404


def test_a_thing_goes_along_once_and_only_if_it_can_be_packed(room):
    measure = draft_measure()
    measure_parts.add_part(measure, "catalogue", TREES, person=None, now=NOW)
    with pytest.raises(measure_parts.PartTwice):
        measure_parts.add_part(measure, "catalogue", TREES, person=None, now=NOW)
    with pytest.raises(measure_parts.UnknownPartKind):
        measure_parts.add_part(measure, "weather", BENCHES, person=None, now=NOW)
    with pytest.raises(TandemError, match="It is gone"):
        measure_parts.add_part(measure, "catalogue", replace(BENCHES, uri="urn:x"), person=None, now=NOW)
    assert measure.parts.count() == 1


def test_evidence_is_added_and_removed(client_as):
    measure, client = draft_measure(), client_as(OFFICER)
    day = {"on_0": "1", "on_1": "2", "on_2": "2025"}
    day |= {"on_day": "1", "on_month": "2", "on_year": "2025"}
    client.post(url("evidence", measure), {"indicator": "wait", "value": "18.5"} | day)
    client.post(url("evidence", measure), said("says", "Gut") | {"address": "hamm.example/report"} | day)
    page = text_of(client.get(url("evidence", measure)))

    assert "18.5" in page
    report = Evidence.objects.get(indicator="")
    assert (report.address, report.value, report.on.isoformat()) == (
        "https://hamm.example/report",
        None,
        "2025-02-01",
    )
    assert "Gut en" in text_of(client.get(reverse("exchange:measure", args=[measure.slug])))
    client.post(url("evidence", measure), {"remove": str(report.pk)})
    assert not Evidence.objects.filter(indicator="").exists()
    for wrong in ("²", "9" * 5_000):
        assert client.post(url("evidence", measure), {"remove": wrong}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"indicator": "wait"}, "Enter the value that was measured"),
        ({"value": "3"}, "A report has no value"),
        ({}, "Say in a sentence what the report found"),
        ({"indicator": "wait", "value": "3", "on_day": "31", "on_month": "2"}, "There is no such date"),
        ({"indicator": "other", "value": "3"}, "Select a valid choice"),
        ({"indicator": "wait", "value": "lots"}, "Enter a number"),
    ],
)
def test_wrong_evidence_is_told(client_as, typed, told):
    measure = draft_measure()
    day = {"on_day": "1", "on_month": "2", "on_year": "2025"}
    answer = client_as(OFFICER).post(url("evidence", measure), day | typed)

    assert (answer.status_code, Evidence.objects.count()) == (400, 2)
    assert told in text_of(answer)


# --- review -------------------------------------------------------------------------------------
def test_one_gives_it_to_review_and_another_publishes(room):
    anna, bruno = somebody(OFFICER, armed=False, name="Anna"), somebody(OFFICER, armed=False, name="Bruno")
    measure, author, colleague = draft_measure(), client_of(anna), client_of(bruno)
    author.post(url("submit", measure), {"note": "Please look"})
    assert "1 measure is waiting" in text_of(colleague.get(reverse("exchange:measure_work")))
    colleague.post(url("send_back", measure), {"note": "Say more of the need"})
    author.post(url("submit", measure), {})
    assert "Why you publish it alone" in text_of(author.get(url("publish", measure)))
    assert "Why you publish it alone" not in text_of(colleague.get(url("publish", measure)))
    colleague.post(url("publish", measure))
    measure.refresh_from_db()

    assert measure.status == "published"
    assert search.search("cyclists", language="en").total == 1
    history = text_of(author.get(url("history", measure)))
    for text in ("Say more of the need", "Please look", "Anna", "Bruno", "the portal itself"):
        assert text in history
    assert list(MeasureStep.objects.values_list("step", flat=True)) == [
        Step.PUBLISH,
        Step.SUBMIT,
        Step.SEND_BACK,
        Step.SUBMIT,
        Step.BEGIN,
    ]
    assert AuditEntry.objects.filter(action="exchange.measure.publish", actor=bruno).count() == 1


def test_who_publishes_alone_says_why(officer):
    measure, client = draft_measure(), client_of(officer)
    assert client.post(url("publish", measure), {"note": " "}).status_code == 400
    with pytest.raises(NeedsReason):
        measures.publish(measure, person=officer, now=NOW)
    client.post(url("publish", measure), {"note": "My colleague is ill"})
    measure.refresh_from_db()

    assert measure.status == "published"
    assert measure.steps.first().note == "My colleague is ill"


def test_what_says_too_little_stays_a_draft_and_is_told_why(officer):
    measure, client = draft_measure(need={}, status=None), client_of(officer)
    page = text_of(client.get(url("publish", measure)))
    assert "This is missing before everybody may see it" in page
    answer = client.post(url("publish", measure), {"note": "Now"}, follow=True)

    assert "this is missing: Need, How far it is" in text_of(answer)
    measure.refresh_from_db()
    assert measure.status == "draft"


def test_a_step_that_is_not_possible_is_told(measure, client_as):
    answer = client_as(OFFICER).post(url("submit", measure), {}, follow=True)
    assert "The measure has moved on" in text_of(answer)


def test_withdrawn_with_a_reason_and_published_again(measure, client_as):
    client = client_as(OFFICER)
    assert client.post(url("withdraw", measure), {}).status_code == 400
    client.post(url("withdraw", measure), said("reason", "Vorbei"))
    measure.refresh_from_db()
    assert measure.withdrawn_because["de"] == "Vorbei de"
    client.post(url("publish", measure), {"note": "It runs again"})
    measure.refresh_from_db()
    assert (measure.status, measure.withdrawn_because) == ("published", {})


def test_only_a_draft_that_was_never_public_vanishes(measure, client_as):
    client, draft = client_as(OFFICER), draft_measure("Other")
    assert client.post(url("discard", draft)).url == reverse("exchange:measure_work")
    answer = client.post(url("discard", measure), follow=True)

    assert "Only a draft that was never public can be discarded" in text_of(answer)
    assert [each.pk for each in Measure.objects.all()] == [measure.pk]


def test_a_partners_measure_is_not_described_here(measure, client_as):
    Measure.objects.update(city="arezzo")
    client = client_as(OFFICER)
    assert client.get(url("edit", measure, "what")).status_code == 404
    assert client.get(url("release", measure)).status_code == 404
    measure.refresh_from_db()
    with pytest.raises(measures.NotOurs):
        measures.describe(measure, measures.card_of(measure), person=None, now=NOW)
    with pytest.raises(measures.NotOurs):
        measures.withdraw(measure, reason=texts("x"), person=None, now=NOW)
    with pytest.raises(measures.NotOurs):
        releasing.release(measure, number="1.0.0", changes={}, person=None, now=NOW)


def test_two_of_one_title_have_two_addresses(db):
    slugs = [measures.begin(title={"de": "Neu: new"}, person=None, now=NOW).slug for _number in range(3)]
    assert slugs == ["neu-new", "neu-new-2", "neu-new-3"]
    assert measures.begin(title={"de": "new"}, person=None, now=NOW).slug == "new-2"
    assert measures.begin(title={"de": "§§§"}, person=None, now=NOW).slug == "measure"


def test_what_no_card_can_hold_is_refused(db):
    measure = draft_measure()
    card = measures.card_of(measure)
    with pytest.raises(measures.BadCard, match="contact/mail"):
        measures.describe(
            measure,
            whole_card(card, contact=replace(card.contact, mail="nobody"), status=Status.IDEA),
            person=None,
            now=NOW,
        )


def test_the_work_list_has_drafts_and_withdrawn_ones_only(client_as):
    published_measure("Public one")
    draft_measure("Hidden one")
    page = text_of(client_as("exchange:reader").get(reverse("exchange:measure_work")))
    assert "Hidden one" in page
    assert "Public one" not in page


# --- two at once ----------------------------------------------------------------------------------
def test_a_step_that_somebody_took_meanwhile_is_not_taken_again(measure):
    stale = Measure.objects.get(pk=measure.pk)
    measures.withdraw(measure, reason=texts("Wrong"), person=None, now=NOW)

    with pytest.raises(WrongStatus):
        measures.withdraw(stale, reason=texts("Other"), person=None, now=NOW)
    assert Measure.objects.get(pk=measure.pk).withdrawn_because == texts("Wrong")

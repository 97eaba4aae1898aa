"""Tandems in the browser: proposed, agreed on, lived through and reported on by an officer, seen by everybody."""

import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from docx import Document
from pypdf import PdfReader

from tandem.accounts.models import AuditEntry
from tandem.exchange.models import Decision, LogEntry, PartnerKey, Tandem, TandemMember, Visit
from tandem.exchange.models.tandems import TandemCost
from tandem.exchange.services import tandem_personal, tandems
from tandem.kit import search
from tests.accounts.people import somebody
from tests.exchange.tandem_making import BY, MAY, MEASURE, a_topic, active, filled, in_state, proposed

pytestmark = pytest.mark.django_db
OFFICER, READER = "exchange:exchange-officer", "exchange:reader"


def url(name: str, tandem: Tandem, *more: Any) -> str:
    with override("en"):  # a page in another language may have been fetched before
        return reverse(f"exchange:{name}", args=[tandem.slug, *more])


def day(name: str, when: date) -> dict[str, int]:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


# --- from the proposal to the end -----------------------------------------------------------------
def test_an_officer_proposes_a_tandem_and_both_cities_agree(client_as):
    client = client_as(OFFICER)
    answer = client.post(
        reverse("exchange:tandem_new"), {"titles_de": "Hamm und Arezzo", "aims_de": "Voneinander lernen."}
    )
    tandem = Tandem.objects.get()
    assert (answer.url, tandem.slug, tandem.state) == (url("tandem", tandem), "hamm-und-arezzo", "proposed")
    assert [each.city for each in tandem.members.all()] == ["hamm"]

    page = client.get(answer.url).content.decode()
    assert "A tandem needs at least 2 cities" in page
    assert "The city “Hamm” has not agreed yet." in page

    client.post(url("tandem_invite", tandem), {"known": "arezzo", **day("joined_on", MAY)})
    hamm, arezzo = tandem.members.order_by("city").reverse()
    TandemMember.objects.filter(pk=hamm.pk).update(joined_on=MAY)
    for row in (hamm, arezzo):
        posted = {"step": "consent", **day("consent-on", MAY)}
        assert client.post(url("tandem_member", tandem, row.pk), posted).status_code == 302
    client.post(url("tandem_step", tandem), {"step": "activate"})
    tandem.refresh_from_db()
    assert (tandem.state, tandem.begins_on) == ("active", timezone.localdate())
    assert AuditEntry.objects.filter(action="exchange.tandem.consent").count() == 2


def test_a_tandem_that_not_every_city_agreed_to_does_not_become_active_and_says_why(client_as):
    tandem = proposed()
    tandems.consent(tandem, "hamm", on=MAY, **BY)
    answer = client_as(OFFICER).post(url("tandem_step", tandem), {"step": "activate"}, follow=True)
    assert "The city “arezzo” has not agreed yet." in answer.content.decode()
    tandem.refresh_from_db()
    assert tandem.state == "proposed"


def test_a_city_without_an_installation_is_named_by_a_short_name_and_codes(client_as):
    tandem, client = active(), client_as(OFFICER)
    posted = {
        "known": "other",
        "city": "venlo",
        "names_de": "Venlo",
        "codes": "LAU 2019 123",
        **day("joined_on", MAY),
    }
    assert client.post(url("tandem_invite", tandem), posted).status_code == 302
    row = tandem.members.get(city="venlo")
    assert (row.names, row.codes) == ({"de": "Venlo"}, [{"scheme": "LAU", "year": 2019, "code": "123"}])

    again = {**posted, "city": "venlo-2", "names_de": "Auch Venlo"}
    page = client.post(url("tandem_invite", tandem), again).content.decode()
    assert "The city “venlo” is in this tandem already." in page
    assert "Auch Venlo" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"city": "Venlo!"}, "Use 2 to 60 lower-case letters"),
        ({"city": "arezzo"}, "This city is in the list above"),
        ({"names_de": ""}, "Enter a text in at least one language"),
        ({"codes": "Venlo"}, "is no code"),
        ({"joined_on_year": 2999}, "still to come"),
    ],
)
def test_what_is_wrong_about_a_city_is_said_at_its_field_and_nothing_is_lost(client_as, wrong, said):
    tandem = active()
    posted = {"known": "other", "city": "venlo", "names_de": "Venlo", "codes": "", "contact_role": "Office 7"}
    answer = client_as(OFFICER).post(
        url("tandem_invite", tandem), {**posted, **day("joined_on", MAY), **wrong}
    )
    page = answer.content.decode()
    assert (answer.status_code, said in page, "Office 7" in page) == (400, True, True)
    assert not tandem.members.filter(city="venlo").exists()


def test_a_city_leaves_with_a_reason_and_the_tandem_waits_and_goes_on_with_another(client_as):
    tandem, client = active(), client_as(OFFICER)
    a_topic(tandem)
    row = tandem.members.get(city="arezzo")
    posted = {"step": "leave", "leave-because_de": "Kein Personal.", **day("leave-on", date(2023, 12, 31))}
    assert client.post(url("tandem_member", tandem, row.pk), posted).status_code == 302
    tandem.refresh_from_db()
    page = client.get(url("tandem", tandem)).content.decode()
    assert tandem.state == "waiting"
    assert all(
        each in page for each in ("waiting for another city", "Kein Personal.", "31/12/2023", "no city leads")
    )

    tandems.invite(tandem, city="venlo", names={"en": "Venlo"}, codes=[], contact_role="", on=MAY, **BY)
    tandems.consent(tandem, "venlo", on=MAY, **BY)
    client.post(url("tandem_step", tandem), {"step": "activate"})
    tandem.refresh_from_db()
    assert (tandem.state, tandem.begins_on) == ("active", MAY)


def test_leaving_without_a_reason_is_refused(client_as):
    tandem = active()
    row = tandem.members.get(city="arezzo")
    answer = client_as(OFFICER).post(
        url("tandem_member", tandem, row.pk), {"step": "leave", **day("leave-on", MAY)}
    )
    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.left_on is None


# --- who sees what --------------------------------------------------------------------------------
def test_everybody_sees_public_tandems_and_no_city_that_has_not_agreed(page_client, client_as):
    tandem = active()
    tandems.invite(tandem, city="venlo", names={"en": "Venlo"}, codes=[], contact_role="", on=MAY, **BY)
    tandems.set_topic(tandem, None, titles={"en": "Heat"}, parts_played={"venlo": "lead"}, **BY)
    names = [reverse("exchange:tandems"), url("tandem", tandem), url("tandem_learning", tandem)]
    assert ["Venlo" in page_client.get(each).content.decode() for each in names] == [False] * 3
    assert ["Venlo" in client_as(READER).get(each).content.decode() for each in names[:2]] == [True, True]


def test_a_tandem_is_found_by_the_search_only_while_it_is_public():
    tandem = active("Lernen mit Arezzo")
    assert [hit.path for hit in search.search("Lernen", language="de").hits] == [f"tandems/{tandem.slug}/"]
    tandems.withdraw(tandem, **BY)
    assert search.search("Lernen", language="de").total == 0


def test_a_proposal_cannot_be_made_public(client_as):
    tandem = proposed()
    answer = client_as(OFFICER).post(url("tandem_step", tandem), {"step": "publish"}, follow=True)
    assert "once every city has agreed" in answer.content.decode()
    tandem.refresh_from_db()
    assert not tandem.is_public


def test_staff_see_fingerprints_in_groups_to_compare_aloud_and_strangers_do_not(page_client, client_as):
    tandem = active()
    PartnerKey.objects.create(city="arezzo", fingerprint="0123456789abcdef" * 4)
    PartnerKey.objects.create(city="venlo", fingerprint="f" * 64, state="pinned")
    page = client_as(READER).get(url("tandem", tandem)).content.decode()
    assert "<li>0123</li><li>4567</li><li>89ab</li>" in page.replace("\n", "")
    assert page.count('class="fingerprint"') == 2  # ours and Arezzo's; Venlo is not in this tandem
    hidden = "<li>••••</li>" * 3
    assert f"<li>0123</li>{hidden}" in page.replace("\n", "").replace(
        "<li>4567</li><li>89ab</li><li>cdef</li>", ""
    )
    assert "not compared yet" in page
    PartnerKey.objects.filter(city="arezzo").update(state="pinned")
    assert "••••" not in client_as(READER).get(url("tandem", tandem)).content.decode()
    assert "fingerprint" not in page_client.get(url("tandem", tandem)).content.decode()


def test_without_a_partners_key_there_is_nothing_about_keys(client_as):
    assert "ingerprint" not in client_as(READER).get(url("tandem", active())).content.decode()


# --- what is learnt -------------------------------------------------------------------------------
def test_a_question_is_answered_with_a_lesson(client_as):
    tandem, client = active(), client_as(OFFICER)
    topic = a_topic(tandem)
    posted = {"questions_de": "Was kostet es?", **day("due_on", date(2026, 4, 1))}
    client.post(url("agenda_new", tandem, topic.pk), posted)
    item = topic.agenda.get()
    answered = {**posted, **day("done_on", MAY)}
    refused = client.post(url("agenda", tandem, topic.pk, item.pk), answered)
    assert "Say what was learnt" in refused.content.decode()
    client.post(url("agenda", tandem, topic.pk, item.pk), {**answered, "lessons_de": "Weniger als gedacht."})
    item.refresh_from_db()
    assert (item.done_on, item.lessons) == (MAY, {"de": "Weniger als gedacht."})
    client.post(url("agenda", tandem, topic.pk, item.pk), {"step": "remove"})
    assert topic.agenda.count() == 0


def test_the_logbook_is_a_timeline_that_says_what_is_missing(client_as, page_client):
    tandem, client = active(), client_as(OFFICER)
    topic = a_topic(tandem)
    base = {"texts_de": "In Arezzo gesehen.", "stage": "look", **day("on", MAY)}
    assert client.post(url("entry_new", tandem, topic.pk), {**base, "refers_to": "other"}).status_code == 400
    elsewhere = {"refers_to": "other", "address": "https://airqino.example/", "address_title": "AirQino"}
    client.post(url("entry_new", tandem, topic.pk), {**base, **elsewhere})
    page = page_client.get(url("tandem_topic", tandem, topic.pk)).content.decode()
    assert '<a href="https://airqino.example/">AirQino</a>' in page
    assert page.count("Nothing is written about this stage") == 2  # need and idea
    assert page.count("Nothing yet.") == 4
    assert "No measure is documented as taken over." in page

    row = LogEntry.objects.get()
    client.post(url("entry", tandem, topic.pk, row.pk), {**base, "stage": "use", "refers_to": ""})
    page = page_client.get(url("tandem_topic", tandem, topic.pk)).content.decode()
    assert "No measure is documented" not in page
    row.refresh_from_db()
    assert (row.stage, row.reference) == ("use", None)


def test_an_entry_refers_to_a_visit_of_the_tandem(client_as, page_client):
    tandem = active()
    topic = filled(tandem)
    visit = tandem.visits.get()
    form = client_as(OFFICER).get(url("entry_new", tandem, topic.pk)).content.decode()
    assert f"/id/visit/{visit.pk}" in form
    posted = {"texts_en": "Seen.", "stage": "look", "refers_to": f"http://localhost:8000/id/visit/{visit.pk}"}
    client_as(OFFICER).post(url("entry_new", tandem, topic.pk), {**posted, **day("on", MAY)})
    page = page_client.get(url("tandem_topic", tandem, topic.pk)).content.decode()
    assert f'href="{url("visit", tandem, visit.pk)}"' in page


def test_a_decision_says_why_and_a_later_one_replaces_it(client_as, page_client):
    tandem, client = active(), client_as(OFFICER)
    topic = a_topic(tandem)
    posted = {
        "city": "hamm", "refers_to": "other", "address": MEASURE.uri, "address_title": "Signal",
        "verdict": "watch", **day("on", MAY),
    }  # fmt: skip
    assert client.post(url("decision_new", tandem, topic.pk), posted).status_code == 400
    client.post(url("decision_new", tandem, topic.pk), {**posted, "reasons_de": "Zu teuer."})
    later = {**posted, "reasons_de": "Geld ist da.", "verdict": "try", **day("on", date(2023, 1, 1))}
    client.post(url("decision_new", tandem, topic.pk), later)
    page = page_client.get(url("tandem_topic", tandem, topic.pk)).content.decode()
    assert (page.count("replaced by a later one"), "Zu teuer." in page, "try it" in page) == (1, True, True)
    assert Decision.objects.first().decided_by is not None


def test_a_topic_that_something_belongs_to_stays(client_as):
    tandem, client = active(), client_as(OFFICER)
    topic = filled(tandem)
    answer = client.post(url("topic_edit", tandem, topic.pk), {"step": "remove"}, follow=True)
    assert "Remove them first" in answer.content.decode()
    empty = a_topic(tandem, "Empty")
    client.post(url("topic_edit", tandem, empty.pk), {"step": "remove"})
    assert list(tandem.topics.all()) == [topic]


def test_who_led_before_it_left_is_not_forgotten(client_as):
    tandem = active(others=("arezzo", "venlo"))
    topic = a_topic(tandem, arezzo="lead", venlo="follow")
    tandems.leave(tandem, "arezzo", on=date(2023, 1, 1), because={"en": "No staff."}, **BY)
    posted = {"titles_en": "Air", "part_venlo": "lead", "part_hamm": "follow"}
    client_as(OFFICER).post(url("topic_edit", tandem, topic.pk), posted)
    topic.refresh_from_db()
    assert topic.parts_played == {"arezzo": "lead", "venlo": "lead", "hamm": "follow"}


def test_what_is_due_is_listed_and_what_is_overdue_is_marked(client_as):
    tandem = active()
    filled(tandem, 2)
    page = client_as(READER).get(reverse("exchange:tandems_due")).content.decode()
    assert page.count("overdue") == 4  # two questions and two reports
    Visit.objects.update(reported_on=MAY)
    tandems.end(tandem, on=MAY, **BY)
    page = client_as(OFFICER).get(reverse("exchange:tandems_due")).content.decode()
    assert "Every visit that is over has its report." in page
    assert "No question waits for an answer" in page


# --- costs and the report -------------------------------------------------------------------------
def test_costs_are_for_staff_and_add_up(client_as, page_client):
    tandem, client = active(), client_as(OFFICER)
    for amount in ("1234.50", "0.50"):
        posted = {"city": "hamm", "titles_de": "Bahn", "amount": amount, **day("on", MAY)}
        assert client.post(url("cost_new", tandem), posted).status_code == 302
    assert list(TandemCost.objects.values_list("cents", flat=True)) == [123_450, 50]
    assert "1,235" in client.get(url("tandem_costs", tandem)).content.decode()
    assert page_client.get(url("tandem_costs", tandem)).status_code == 302


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_the_report_is_handed_over_the_same_twice(client_as, language):
    tandem, client = active(), client_as(READER)
    filled(tandem)
    asked = {
        "language": language,
        **day("first", MAY),
        **day("last", date(2023, 12, 31)),
        **day("as_of", MAY),
    }
    for form in ("docx", "pdf"):
        answers = [client.get(url("tandem_report", tandem), {**asked, "form": form}) for _each in range(2)]
        assert answers[0].content == answers[1].content
        assert f"-{language}.{form}" in answers[0]["Content-Disposition"]
    docx = client.get(url("tandem_report", tandem), {**asked, "form": "docx"}).content
    tables = Document(io.BytesIO(docx)).tables
    pdf = client.get(url("tandem_report", tandem), {**asked, "form": "pdf"}).content
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert len(tables) == 7
    assert "Head of traffic" in said
    assert {"de": "1.234,56", "it": "1.234,56", "en": "1,234.56"}[language] in said


def test_a_report_whose_days_are_wrong_is_refused_at_the_field(client_as):
    tandem = active()
    asked = {"language": "de", **day("first", MAY), **day("last", date(2020, 1, 1)), **day("as_of", MAY)}
    answer = client_as(READER).get(url("tandem_report", tandem), {**asked, "form": "pdf"})
    assert (answer.status_code, "The last day is before the first." in answer.content.decode()) == (400, True)


# --- many ----------------------------------------------------------------------------------------
PAGES = ("tandem", "tandem_learning", "tandem_visits")


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("who", ["stranger", "officer"])
def test_pages_take_few_queries_whatever_there_is(
    page_client, client_as, django_assert_max_num_queries, count, who
):
    others = [f"city-{number}" for number in range(count)]
    tandem = active(others=others)
    topic = filled(tandem, count)
    for number in range(count - 1):
        active(f"Tandem {number}")
    for city in others:
        PartnerKey.objects.create(city=city, fingerprint=city)
    client = page_client if who == "stranger" else client_as(OFFICER)
    addresses = [reverse("exchange:tandems"), url("tandem_topic", tandem, topic.pk)]
    addresses += [url(name, tandem) for name in PAGES]
    addresses += [url("visit", tandem, tandem.visits.first().pk), reverse("exchange:tandem_calendar")]
    if who == "officer":
        staff = ("tandem_costs", "tandem_report", "tandem_edit", "tandem_invite", "topic_new", "visit_new")
        addresses += [url(name, tandem) for name in staff]
        addresses += [url(name, tandem, topic.pk) for name in ("entry_new", "decision_new", "agenda_new")]
        addresses += [
            reverse("exchange:tandems_due"),
            url("tandem_member", tandem, tandem.members.first().pk),
        ]
    for address in addresses:
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize("state", ["proposed", "active", "waiting", "ended"])
def test_the_officers_pages_are_there_in_each_language_and_state(client_as, language, state):
    tandem, client = in_state(state), client_as(OFFICER)
    base = f"/{language}/tandems/"
    pages = [base, f"{base}new/", f"{base}due/"]
    pages += [
        f"{base}{tandem.slug}/{each}"
        for each in (
            "",
            "describe/",
            "cities/new/",
            "learning/",
            "costs/",
            "costs/new/",
            "report/",
            "visits/",
        )
    ]
    pages.append(f"{base}{tandem.slug}/cities/{tandem.members.first().pk}/")
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_an_empty_list_says_how_to_begin(page_client, client_as):
    address = reverse("exchange:tandems")
    assert "as soon as the city makes one public" in page_client.get(address).content.decode()
    assert "Begin with a title" in client_as(OFFICER).get(address).content.decode()


# --- people ---------------------------------------------------------------------------------------
def test_a_person_is_told_what_is_known_and_forgotten_with_their_name():
    ada, other = somebody(OFFICER, name="Ada Rossi", armed=False), somebody(name="Other")
    tandem = active()
    filled(tandem)
    Tandem.objects.update(created_by=ada)
    LogEntry.objects.update(written_by=ada)
    visit = Visit.objects.get()
    named = {"key": "n", "city": "hamm", "role": "Officer", "name": "ada rossi", "agreed_on": "2023-01-01"}
    visit.participants = [*visit.participants, named]
    visit.save()

    told = tandem_personal.export(ada)
    assert [each["name"] for each in told["named_at_visits"]] == ["ada rossi"]
    assert (len(told["tandems_begun"]), len(told["log_entries"])) == (1, 1)
    assert tandem_personal.export(other)["named_at_visits"] == []
    assert tandem_personal.forget(other) == 0
    assert tandem_personal.forget(ada) == 3
    visit.refresh_from_db()
    assert [(each["role"], each["name"]) for each in visit.participants] == [
        ("Head of traffic", ""),
        ("Officer", ""),
    ]
    assert tandem_personal.export(ada) == {
        "tandems_begun": [], "log_entries": [], "decisions": [], "named_at_visits": [],
    }  # fmt: skip


def test_somebody_without_a_name_is_named_nowhere():
    nobody = somebody()
    nobody.name = ""
    filled(active())
    assert tandem_personal.export(nobody)["named_at_visits"] == []

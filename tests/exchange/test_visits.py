"""Visits in the browser: planned, with programme and participants, in calendars, reported on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from icalendar import Calendar

from tandem.exchange.domain.visit import Item, Participant
from tandem.exchange.models import Tandem, Visit
from tandem.exchange.services import visits
from tests.exchange.tandem_making import BY, a_visit, active

pytestmark = pytest.mark.django_db
OFFICER, READER = "exchange:exchange-officer", "exchange:reader"
SUMMER = datetime(2023, 9, 7, 7, 30, tzinfo=UTC)  # 9:30 in Hamm


def url(name: str, tandem: Tandem, *more: Any) -> str:
    with override("en"):  # a page in another language may have been fetched before
        return reverse(f"exchange:{name}", args=[tandem.slug, *more])


def days(begins: date, ends: date) -> dict[str, Any]:
    return {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("begins_on", begins), ("ends_on", ends))
        for part in ("day", "month", "year")
    }


BASE = {
    "titles_de": "Arezzo in Hamm", "host": "hamm", "place": "Rathaus",
    **days(date(2023, 9, 7), date(2023, 9, 8)),
}  # fmt: skip


def test_a_visit_of_whole_days_is_planned_and_shown(client_as, page_client):
    tandem = active()
    asked = {"questions_de": "Was kostet es?\nWer pflegt es?", "questions_it": "Quanto costa?\nChi lo cura?"}
    assert client_as(OFFICER).post(url("visit_new", tandem), {**BASE, **asked}).status_code == 302
    visit = Visit.objects.get()
    assert (visit.begins_at, visit.ends_at) == (
        datetime(2023, 9, 6, 22, tzinfo=UTC),
        datetime(2023, 9, 8, 22, tzinfo=UTC),
    )
    assert visit.questions[0] == {"de": "Was kostet es?", "it": "Quanto costa?"}
    page = page_client.get(f"/it/tandems/{tandem.slug}/visits/{visit.pk}/").content.decode().lower()
    assert all(each in page for each in ("7 settembre 2023 – 8 settembre 2023", "quanto costa?", "rathaus"))


def test_hours_are_those_of_the_city(client_as):
    tandem = active()
    same_day = {**BASE, **days(date(2023, 9, 7), date(2023, 9, 7)), "begins_at": "9.30", "ends_at": "11:30"}
    client_as(OFFICER).post(url("visit_new", tandem), same_day)
    visit = Visit.objects.get()
    assert (visit.begins_at, visit.ends_at) == (SUMMER, datetime(2023, 9, 7, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"begins_at": "9:30"}, "Enter both times, or neither."),
        ({"begins_at": "noon", "ends_at": "13:00"}, "Enter hours and minutes"),
        (days(date(2023, 9, 8), date(2023, 9, 7)), "It ends before it begins."),
        ({"questions_de": "a\nb", "questions_it": "a"}, "the same questions in each language"),
        ({"host": "venlo"}, "Select a valid choice"),
        ({"ends_on_year": "24"}, "There is no such date."),
        (days(date(2023, 9, 7), date(9999, 12, 31)), "There is no such date."),
        (days(date(2023, 9, 7), date(2023, 12, 16)), "A visit lasts 100 days at the most."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client_as, wrong, said):
    answer = client_as(OFFICER).post(url("visit_new", active()), {**BASE, **wrong})
    page = answer.content.decode()
    assert (answer.status_code, said in page, "Rathaus" in page) == (400, True, True)
    assert not Visit.objects.exists()


def test_a_visit_whose_days_are_not_known_may_stand_for_years(client_as):
    long = {**BASE, **days(date(2022, 1, 1), date(2023, 12, 31)), "when_de": "2022 und 2023"}

    assert client_as(OFFICER).post(url("visit_new", active()), long).status_code == 302


def test_a_programme_is_kept_in_order_and_fits_into_the_visit(client_as, page_client):
    tandem, client = active(), client_as(OFFICER)
    visit = a_visit(tandem, SUMMER)
    for title, at in (("Zweitens", "10:30"), ("Erstens", "9:30")):
        posted = {"titles_de": title, "on": "2023-09-07", "at": at, "minutes": "30", "place": "Saal 1"}
        assert client.post(url("visit_item_new", tandem, visit.pk), posted).status_code == 302
    page = page_client.get(f"/de/tandems/{tandem.slug}/visits/{visit.pk}/").content.decode()
    assert page.index("Erstens") < page.index("Zweitens")
    assert "7. September 2023, 09:30, 30" in page

    visit.refresh_from_db()
    key = visit.programme[0]["key"]
    no_day = client.post(url("visit_item", tandem, visit.pk, key), {"titles_de": "x", "at": "9:00"})
    assert "A time needs its day." in no_day.content.decode()
    moved = {**BASE, **days(date(2024, 1, 1), date(2024, 1, 2))}
    outside = client.post(url("visit_edit", tandem, visit.pk), moved)
    assert "when the visit does not take place" in outside.content.decode()
    client.post(url("visit_item", tandem, visit.pk, key), {"step": "remove"})
    visit.refresh_from_db()
    assert [each["titles"]["de"] for each in visit.programme] == ["Zweitens"]
    assert client.get(url("visit_item", tandem, visit.pk, "gone")).status_code == 404


def test_a_name_stands_on_the_page_only_with_the_persons_agreement(client_as, page_client):
    tandem, client = active(), client_as(OFFICER)
    visit = a_visit(tandem, SUMMER)
    address, posted = (
        url("visit_participant_new", tandem, visit.pk),
        {"city": "arezzo", "role": "Head of traffic"},
    )
    refused = client.post(address, {**posted, "name": "Ada Rossi"})
    assert (refused.status_code, "Ask the person first" in refused.content.decode()) == (400, True)
    client.post(address, {**posted, "name": "Ada Rossi", "agreed": "on"})
    client.post(address, {**posted, "role": "Planner"})
    page = page_client.get(url("visit", tandem, visit.pk)).content.decode()
    assert "Arezzo: Head of traffic, Ada Rossi" in page
    assert "Arezzo: Planner" in page

    visit.refresh_from_db()
    key = visit.participants[0]["key"]
    client.post(url("visit_participant", tandem, visit.pk, key), posted)
    assert "Ada Rossi" not in page_client.get(url("visit", tandem, visit.pk)).content.decode()
    visit.refresh_from_db()
    assert (visit.participants[0]["name"], visit.participants[0]["agreed_on"]) == ("", "")


def test_a_draft_of_the_report_is_for_staff_and_the_finished_one_for_all(client_as, page_client):
    tandem, client = active(), client_as(OFFICER)
    visit = a_visit(tandem, SUMMER)
    page = page_client.get(url("visit", tandem, visit.pk)).content.decode()
    assert "The report was due on 7 October 2023 and is missing." in page

    texts = {"report_de": "Viel gesehen.", "report_it": "Visto molto."}
    client.post(url("visit_report", tandem, visit.pk), texts)
    assert (
        "Viel gesehen."
        not in page_client.get(f"/de/tandems/{tandem.slug}/visits/{visit.pk}/").content.decode()
    )
    assert "Viel gesehen." in client.get(f"/de/tandems/{tandem.slug}/visits/{visit.pk}/").content.decode()
    client.post(url("visit_report", tandem, visit.pk), {**texts, "is_done": "on"})
    for language, said in (("de", "Viel gesehen."), ("it", "Visto molto.")):
        page = page_client.get(f"/{language}/tandems/{tandem.slug}/visits/{visit.pk}/").content.decode()
        assert said in page
    assert list(visits.unreported(before=datetime(2026, 1, 1, tzinfo=UTC))) == []


def test_a_visit_that_was_reported_on_cannot_be_removed(client_as):
    tandem, client = active(), client_as(OFFICER)
    visit = a_visit(tandem, SUMMER)
    visits.set_report(visit, report={"en": "Seen."}, done_on=date(2023, 10, 1), **BY)
    client.post(url("visit_edit", tandem, visit.pk), {"step": "remove"})
    assert Visit.objects.count() == 1
    visits.set_report(visit, report={"en": "Seen."}, done_on=None, **BY)
    client.post(url("visit_edit", tandem, visit.pk), {"step": "remove"})
    assert Visit.objects.count() == 0


# --- calendars ------------------------------------------------------------------------------------
def test_a_visit_is_a_calendar_file_whose_id_and_times_stay(page_client):
    tandem = active()
    visit = a_visit(tandem, SUMMER, place="Rathaus, Saal 1")
    answer = page_client.get(url("visit_calendar", tandem, visit.pk))
    event = Calendar.from_ical(answer.content).events[0]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (str(event["uid"]), event.decoded("dtstart"), event.decoded("dtstamp")) == (
        str(visit.pk),
        SUMMER,
        BY["now"],
    )
    assert str(event["url"]) == f"http://localhost:8000{url('visit', tandem, visit.pk)}"
    assert page_client.get(url("visit_calendar", tandem, visit.pk)).content == answer.content


def test_the_feed_has_public_visits_whose_days_are_known(page_client):
    shown, hidden = active("Shown"), active("Hidden", public=False)
    known = a_visit(shown, SUMMER)
    vague = a_visit(shown, SUMMER, when={"en": "autumn 2022"})
    a_visit(hidden, SUMMER)
    feed = Calendar.from_ical(page_client.get(reverse("exchange:tandem_calendar")).content)
    assert [str(each["uid"]) for each in feed.events] == [str(known.pk)]
    assert page_client.get(url("visit_calendar", shown, vague.pk)).status_code == 404
    assert "autumn 2022" in page_client.get(url("visit", shown, vague.pk)).content.decode()


def test_whole_days_are_whole_days_in_the_calendar_on_the_citys_clock(page_client, client_as):
    tandem = active()
    client_as(OFFICER).post(url("visit_new", tandem), BASE)
    feed = Calendar.from_ical(page_client.get(reverse("exchange:tandem_calendar")).content)
    event = feed.events[0]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2023, 9, 7), date(2023, 9, 9))


def test_a_visit_of_another_tandem_is_not_found(page_client):
    one, other = active("One"), active("Other")
    visit = a_visit(one, SUMMER)
    for name in ("visit", "visit_calendar"):
        assert page_client.get(url(name, other, visit.pk)).status_code == 404


# --- two at once ----------------------------------------------------------------------------------
def test_who_changes_the_days_or_the_report_keeps_what_others_changed_meanwhile():
    visit = a_visit(active(), SUMMER)
    [stale, other] = [Visit.objects.get(pk=visit.pk) for _copy in range(2)]
    visits.set_participant(visit, Participant("p", "arezzo", "Mayor"), **BY)
    visits.set_item(visit, Item("i", {"en": "Welcome"}, SUMMER.date()), **BY)

    visits.set_report(stale, report={"en": "It was good."}, done_on=None, **BY)
    visits.set_visit(other.tandem, other, place="Town hall", **BY)
    visit.refresh_from_db()
    assert ([each["key"] for each in visit.programme], len(visit.participants)) == (["i"], 1)
    assert (visit.report, visit.place) == ({"en": "It was good."}, "Town hall")
    with pytest.raises(visits.BadProgramme):
        visits.set_visit(
            stale.tandem,
            stale,
            begins_at=SUMMER - timedelta(days=3),
            ends_at=SUMMER - timedelta(days=2),
            **BY,
        )


def test_a_visit_whose_report_was_done_meanwhile_is_not_removed():
    visit = a_visit(active(), SUMMER)
    visits.set_report(visit, report={"en": "It was good."}, done_on=SUMMER.date(), **BY)

    with pytest.raises(visits.ReportedOn):
        visits.remove_visit(visit, **BY)
    assert Visit.objects.filter(pk=visit.pk).exists()

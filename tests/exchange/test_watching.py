"""Whoever watches a measure hears of its versions by mail, once each."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from tandem.exchange.models import Evidence, MeasureStep, Watch
from tandem.exchange.services import measures, personal, releasing, watching
from tests.accounts.people import client_of, somebody
from tests.exchange.measures import NOW, draft_measure, texts

pytestmark = pytest.mark.django_db


def give_out(measure, number, person=None):
    releasing.release(measure, number=number, changes=texts(f"News of {number}"), person=person, now=NOW)


def test_anybody_signed_in_watches_and_stops(measure, page_client):
    person, page = somebody(), reverse("exchange:measure", args=[measure.slug])
    client, address = client_of(person), reverse("exchange:measure_watch", args=[measure.slug])
    assert "Sign in to watch" in page_client.get(page).content.decode()
    assert page_client.post(address, {"step": "begin"}).url.startswith("/en/account/sign-in/")

    assert client.post(address, {"step": "begin"}).url == page
    client.post(address, {"step": "begin"})
    assert [each.person for each in Watch.objects.all()] == [person]
    assert "Stop watching" in client.get(page).content.decode()
    assert "Intelligent light" in client.get(reverse("exchange:measures_watched")).content.decode()
    client.post(address, {"step": "stop"})
    assert not Watch.objects.exists()
    assert "You watch no measure" in client.get(reverse("exchange:measures_watched")).content.decode()
    assert client.get(address).url == page


def test_what_is_not_ready_can_be_watched_where_it_is_announced(db):
    made, client = draft_measure(), client_of(somebody())
    address = reverse("exchange:measure_watch", args=[made.slug])
    assert client.post(address, {"step": "begin"}).status_code == 404
    measures.announce(made, texts("Soon"), person=None, now=NOW)
    assert client.post(address, {"step": "begin"}).status_code == 302
    measures.publish(made, person=None, now=NOW)
    give_out(made, "1.0.0")
    watching.send_due(NOW)

    assert len(mail.outbox) == 1


def test_a_version_is_told_once_in_the_readers_language(measure):
    give_out(measure, "1.0.0")
    watching.watch(measure, somebody(language="de", email="a@example.org"), now=NOW)
    assert watching.send_due(NOW) == 0  # the version was there before
    give_out(measure, "1.0.1")
    give_out(measure, "1.1.0")

    assert watching.send_due(NOW) == 1
    [sent] = mail.outbox
    assert sent.to == ["a@example.org"]
    assert "1.1.0" in sent.subject
    assert "Intelligent light (de)" in sent.body
    assert "News of 1.1.0 (de)" in sent.body
    assert f"http://localhost:8000/de/measures/{measure.slug}/" in sent.body
    assert watching.send_due(NOW) == 0


def test_a_mail_that_does_not_go_out_waits(measure, settings):
    watching.watch(measure, somebody(), now=NOW)
    give_out(measure, "1.0.0")
    settings.EMAIL_BACKEND = "tests.exchange.broken_mail.Backend"
    assert watching.send_due(NOW) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert watching.send_due(NOW) == 1


def test_addresses_to_which_nothing_goes_out_hold_up_nobody(measure, monkeypatch):
    monkeypatch.setattr(watching, "BATCH", 2)
    for name in ("gone", "full", "well"):
        watching.watch(measure, somebody(email=f"{name}@example.org"), now=NOW)
    give_out(measure, "1.0.0")
    told = []

    def send(_template, address, **_more):
        if address != "well@example.org":
            raise watching.mail.MailNotSent(address)
        told.append(address)

    monkeypatch.setattr(watching.mail, "send", send)

    assert [watching.send_due(NOW + timedelta(minutes=minute)) for minute in range(4)] == [0, 1, 0, 0]
    assert told == ["well@example.org"]


def test_nobody_hears_of_what_is_withdrawn_or_has_left(measure):
    gone = somebody()
    watching.watch(measure, gone, now=NOW)
    give_out(measure, "1.0.0")
    gone.is_active = False
    gone.save()
    assert watching.send_due(NOW) == 0
    watching.watch(measure, somebody(), now=NOW)
    give_out(measure, "1.0.1")
    measures.withdraw(measure, reason=texts("Over"), person=None, now=NOW)
    assert watching.send_due(NOW) == 0
    assert mail.outbox == []


def test_a_person_can_be_told_and_forgotten(measure, officer):
    watching.watch(measure, officer, now=NOW)
    made = measures.begin(title=texts("Mine"), person=officer, now=NOW)
    give_out(measure, "1.0.0", person=officer)
    Evidence.objects.create(
        measure=measure, city="gera", on=NOW.date(), says=texts("Fewer"), added_by=officer
    )
    told = personal.export(officer)
    assert [each["measure__slug"] for each in told["watched_measures"]] == [measure.slug]
    assert [each["slug"] for each in told["begun_as_staff"]] == [made.slug]
    assert [each["step"] for each in told["steps_as_staff"]] == ["release", "begin"]
    assert [each["number"] for each in told["released_as_staff"]] == ["1.0.0"]
    assert [each["says"] for each in told["evidence_as_staff"]] == [texts("Fewer")]

    assert personal.forget(officer) == 6
    assert personal.export(officer) == {key: [] for key in told}
    assert MeasureStep.objects.filter(measure=made).exists()
    assert personal.forget(officer) == 0

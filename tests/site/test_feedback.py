"""Feedback: nobody needs an account, nothing is lost, administrators deal with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.accounts.models import AuditEntry
from tandem.accounts.services import data_protection
from tandem.kit import jobs
from tandem.kit.models import Job
from tandem.site import feedback
from tandem.site.models import Feedback
from tests.accounts.people import client_of, somebody
from tests.pages import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def message(**values: Any) -> Feedback:
    return Feedback.objects.create(**{"message": "Der Kontrast ist zu schwach.", "language": "de", **values})


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_form_knows_the_page_that_it_is_about(page_client: PageClient, language: str):
    page = page_client.get(f"/{language}/feedback/", {"page": "/de/data/?q=a&b=c"})

    assert 'value="/de/data/?q=a&amp;b=c"' in page.content.decode()


def test_message_is_kept_without_anything_about_the_sender(page_client: PageClient):
    answer = page_client.post(
        "/it/feedback/", {"message": "Troppo piccolo", "page": "/it/map/"}, REMOTE_ADDR="203.0.113.7"
    )
    (kept,) = Feedback.objects.values()

    assert (answer.status_code, answer.headers["Location"]) == (302, "/it/feedback/")
    assert (kept["message"], kept["page"], kept["mail"], kept["language"]) == (
        "Troppo piccolo",
        "/it/map/",
        "",
        "it",
    )
    assert "203.0.113.7" not in str(kept)
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"message": ""}, {"message": "a", "mail": "no address"}, {"message": "a", "page": "x" * 501}]
)
def test_form_says_what_is_wrong_and_keeps_what_was_typed(page_client: PageClient, wrong: dict[str, str]):
    page = page_client.post("/en/feedback/", {"page": "/typed/", **wrong})

    assert (page.status_code, Feedback.objects.count()) == (200, 0)
    assert wrong.get("page", "/typed/") in page.content.decode()


def test_what_a_machine_fills_in_is_thanked_for_and_dropped(page_client: PageClient):
    answer = page_client.post("/de/feedback/", {"message": "Buy now", "website": "https://example.org"})

    assert (answer.status_code, Feedback.objects.count()) == (302, 0)


def test_message_is_passed_on_by_mail(page_client: PageClient, change: Any, mailoutbox: Any):
    change("legal", accessibility_mail="barrierefrei@example.org")
    page_client.post("/en/feedback/", {"message": "Too small", "page": "/en/map/", "mail": "ada@example.org"})
    (job,) = Job.objects.all()
    jobs.run_here(job)
    (mail,) = mailoutbox

    assert (mail.to, mail.reply_to) == (["barrierefrei@example.org"], ["ada@example.org"])
    assert all(part in mail.body for part in ("Too small", "/en/map/"))
    assert "ada@example.org" not in str(job.arguments)


def test_a_mail_server_that_is_down_loses_nothing(page_client: PageClient, change: Any, settings: Any):
    settings.EMAIL_BACKEND = "tests.accounts.dead_mail.Backend"
    change("legal", mail="portal@example.org")
    page_client.post("/en/feedback/", {"message": "Too small"})
    (job,) = Job.objects.all()
    jobs.run_here(job)
    job.refresh_from_db()

    assert (job.state, job.error_code) == (Job.FAILED, "site.feedback.mail-not-sent")
    assert Feedback.objects.count() == 1


# --- dealing with it ----------------------------------------------------------------------------
def test_administrators_see_and_close_messages(administrator: PageClient):
    page, mail = "/de/data/", "ada@example.org"
    open_one = message(page=page, mail=mail)
    message(page="javascript:alert(1)", closed_at=timezone.now())
    before = administrator.get("/en/feedback/list/")
    everything = administrator.get("/en/feedback/list/", {"state": "all"})
    answer = administrator.post(f"/en/feedback/{open_one.pk}/close/", follow=True)
    administrator.post(f"/en/feedback/{open_one.pk}/close/")
    shown = before.content.decode()

    assert [list(each.context["page"].object_list) for each in (before, answer)] == [[open_one], []]
    assert everything.context["page"].paginator.count == 2
    assert 'href="javascript:' not in everything.content.decode()
    assert all(f'href="{link}"' in shown for link in (page, f"mailto:{mail}"))
    assert (
        AuditEntry.objects.filter(action="site.feedback.close", subject=f"feedback:{open_one.pk}").count()
        == 1
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_sees_or_closes_messages(method: str):
    address = "/en/feedback/list/" if method == "get" else f"/en/feedback/{message().pk}/close/"
    stranger, officer = Client(), client_of(somebody("catalogue:publisher", armed=False), kind=Client)

    assert getattr(stranger, method)(address).headers["Location"].startswith("/en/account/sign-in/")
    assert getattr(officer, method)(address).status_code == 403
    assert not Feedback.objects.exclude(closed_at=None).exists()


def test_list_takes_as_many_queries_for_thirty_as_for_one(administrator: PageClient):
    counts = []
    for many in (1, 29):
        for _number in range(many):
            message(mail="ada@example.org", page="/de/")
        with CaptureQueriesContext(connection) as queries:
            administrator.get("/de/feedback/list/")
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 6, [query["sql"] for query in queries.captured_queries]


def test_messages_are_forgotten_half_a_year_after_they_were_dealt_with():
    now = timezone.now()
    message(), message(closed_at=now - timedelta(days=179))
    message(closed_at=now - timedelta(days=181))

    assert (feedback.purge(now), Feedback.objects.count()) == (1, 2)


def test_messages_belong_to_what_a_person_can_take_along_and_have_erased():
    person = somebody(email="ada@example.org")
    message(mail="Ada@example.org"), message(mail="other@example.org"), message()
    exported = data_protection.export_person(person)["messages"]["messages"]
    changed = data_protection.erase(person, actor=None, now=timezone.now())

    assert [each["mail"] for each in exported] == ["Ada@example.org"]
    assert changed["messages"] == 1
    assert sorted(Feedback.objects.values_list("mail", flat=True)) == ["", "", "other@example.org"]

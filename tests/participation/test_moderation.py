"""Moderation, notices, appeals; answers; mail; and what is left of somebody who is erased."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.urls import reverse

from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import (
    Comment,
    Contribution,
    Decision,
    Follow,
    Notice,
    Notification,
    Participant,
    QueueItem,
    SurveyResponse,
)
from tandem.participation.services import answers, ideas, moderation, notifying, personal, statements
from tandem.participation.services.ideas import Written
from tandem.participation.services.participants import for_person
from tandem.participation.services.statements import Author
from tests.participation.conftest import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.IDEAS)


@pytest.fixture
def author(by_email):
    return by_email("author@example.org")


@pytest.fixture
def row(phase, author):
    said = Written("Anruf", "Rufen Sie mich an: 02381 123456")
    return ideas.submit(phase, said, participant=author, language="de", now=NOW)


@pytest.fixture
def moderator(person):
    return person("participation:moderator", name="Mo")


@pytest.fixture
def item(row):
    return QueueItem.objects.get(subject_id=row.pk)


def decide(client, item, measure, **values):
    return client.post(reverse("participation:queue_item", args=[item.pk]), {"measure": measure, **values})


# --- the queue ----------------------------------------------------------------------------------
def test_one_step_hides_tells_and_logs(signed_in, moderator, item, row, author):
    client = signed_in(moderator)
    assert (
        "<mark>02381 123456</mark>"
        in client.get(reverse("participation:queue_item", args=[item.pk])).content.decode()
    )
    assert decide(client, item, "hide").status_code == 400
    assert decide(client, item, "hide", ground="personal-data").status_code == 302
    row.refresh_from_db()
    assert row.hidden_at is not None
    made = Decision.objects.get()
    assert "personal data" in made.reasons
    notifying.send_due(NOW)
    assert mail.outbox[-1].to == [author.email]
    assert str(made.pk) in mail.outbox[-1].body
    assert client.get(reverse("participation:moderation_log")).status_code == 200


@pytest.mark.parametrize(
    ("text", "noticed"), [("Buy this at once, it is very good for you. ", True), ("Thank you!", False)]
)
def test_a_text_that_was_sent_before_is_noticed_and_not_refused(phase, by_email, text, noticed):
    sent = [(1, text), (2, text.upper())]
    for number, said in sent:
        someone = by_email(f"sender{number}@example.org")
        ideas.submit(
            phase, Written(f"Title {number}", said.strip()), participant=someone, language="en", now=NOW
        )
    first, second = Contribution.objects.order_by("number")
    noted = QueueItem.objects.filter(subject_id=second.pk)
    assert [each["code"] for item in noted for each in item.hints if each["code"] == "known-text"] == [
        "known-text"
    ] * noticed
    assert not QueueItem.objects.filter(subject_id=first.pk).exists()
    assert second.is_public


def test_the_second_moderator_is_told_that_it_is_decided(signed_in, moderator, item):
    client = signed_in(moderator)
    decide(client, item, "keep")
    answer = client.post(
        reverse("participation:queue_item", args=[item.pk]),
        {"measure": "hide", "ground": "insult"},
        follow=True,
    )
    assert "decided this already" in answer.content.decode()
    assert [each.action for each in Decision.objects.all()] == ["keep"]


def test_hiding_and_blocking_is_one_step(signed_in, moderator, item, row, author):
    decide(signed_in(moderator), item, "block", ground="advertising")
    author.refresh_from_db()
    row.refresh_from_db()
    assert author.blocked_at is not None
    assert row.hidden_at is not None


def test_hidden_comments_are_not_counted_and_restored_ones_are(moderator, row, by_email):
    comment = ideas.comment(
        row, "Mehr unter https://spam.example", participant=by_email("b@example.org"), now=NOW
    )
    item = QueueItem.objects.get(subject_id=comment.pk)
    moderation.decide(item, "hide", ground="advertising", reasons="x", person=moderator, now=NOW)
    assert Contribution.objects.get().comment_count == 0
    again = moderation.report(
        moderation.subject("comment", comment.pk), ground="other", text="", participant=None, now=NOW
    ).item
    moderation.decide(again, "restore", ground="", reasons="", person=moderator, now=NOW)
    assert Contribution.objects.get().comment_count == 1


def test_several_are_hidden_at_once(signed_in, moderator, phase, author):
    for number in range(3):
        said = Written(f"Werbung {number}", f"https://spam.example/{number}")
        ideas.submit(phase, said, participant=author, language="de", now=NOW)
    items = [str(pk) for pk in QueueItem.objects.values_list("pk", flat=True)]
    client = signed_in(moderator)
    client.post(reverse("participation:queue_hide"), {"item": items[:2], "ground": "advertising"})
    assert Contribution.objects.filter(hidden_at=None).count() == 1


@pytest.mark.parametrize("count", [1, 60])
def test_the_queue_takes_few_queries(
    signed_in, moderator, phase, author, count, django_assert_max_num_queries
):
    for number in range(count):
        said = Written(f"Idee {number}", f"https://spam.example/{number}")
        ideas.submit(phase, said, participant=author, language="de", now=NOW)
    client = signed_in(moderator)
    for language in ("de", "it", "en"):
        with django_assert_max_num_queries(8):
            assert client.get(f"/{language}/take-part/moderation/").status_code == 200


@pytest.mark.parametrize("name", ["queue", "moderation_log", "answers_waiting"])
def test_citizens_do_no_office_work(signed_in, person, name):
    assert signed_in(person()).get(reverse(f"participation:{name}")).status_code == 403


# --- notices and appeals ------------------------------------------------------------------------
def test_anybody_reports_and_one_report_each_counts(page_client, row, by_email, as_participant):
    url = reverse("participation:report", args=["contribution", row.pk])
    assert page_client.get(url).status_code == 200
    told = page_client.post(url, {"ground": "insult"}).content.decode()
    assert Notice.objects.get().number in told
    as_participant(page_client, by_email("r@example.org"))
    page_client.post(url, {"ground": "insult"})
    page_client.post(url, {"ground": "insult"})
    assert Notice.objects.count() == 2
    assert [each.cause for each in QueueItem.objects.all()] == ["notice"]
    assert page_client.post(url, {"text": ""}).status_code == 400


def test_a_reporter_hears_of_the_decision(row, by_email, moderator):
    reporter = by_email("r@example.org")
    made = moderation.report(
        moderation.subject("contribution", row.pk), ground="insult", text="", participant=reporter, now=NOW
    )
    moderation.decide(made.item, "keep", ground="", reasons="", person=moderator, now=NOW)
    notifying.send_due(NOW)
    assert [each.to for each in mail.outbox] == [["r@example.org"]]


def test_an_author_appeals_once_and_is_answered(
    page_client, as_participant, item, row, author, moderator, person
):
    made = moderation.decide(item, "hide", ground="insult", reasons="Beleidigung", person=moderator, now=NOW)
    url = reverse("participation:decision", args=[made.pk])
    assert page_client.get(url).status_code == 404
    as_participant(page_client, author)
    assert "Beleidigung" in page_client.get(url).content.decode()
    assert page_client.post(url, {"text": "Das war keine."}).status_code == 302
    again = page_client.post(url, {"text": "Noch mal"}, follow=True).content.decode()
    assert "appealed against this decision already" in again

    open_item = QueueItem.objects.get(closed_at=None)
    assert open_item.cause == "appeal"
    moderation.decide(open_item, "restore", ground="", reasons="Sie haben recht.", person=person(), now=NOW)
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.appeal_outcome, row.hidden_at) == ("reversed", None)


def test_nobody_appeals_after_half_a_year(item, moderator):
    made = moderation.decide(item, "hide", ground="insult", reasons="x", person=moderator, now=NOW)
    with pytest.raises(moderation.Conflict):
        moderation.appeal(made, "x", now=NOW + timedelta(days=184))


# --- answers ------------------------------------------------------------------------------------
def test_many_are_answered_with_one_text_and_hear_of_it(signed_in, person, phase, author, by_email):
    rows = [
        ideas.submit(phase, Written(f"Idee {number}", "x"), participant=author, language="de", now=NOW)
        for number in range(3)
    ]
    supporter = by_email("s@example.org")
    ideas.support(rows[0], participant=supporter, now=NOW, wanted=True)
    client = signed_in(person("participation:planner"))
    url = reverse("participation:answers", args=[phase.process.slug])
    assert client.get(url).status_code == 200
    given = {
        "status": "taken-up",
        "texts_de": "Zu {number}: gute Idee.",
        "office": "Planungsamt",
        "step": "send",
    }
    assert client.post(url, given).status_code == 400
    client.post(url, {**given, "contribution": [str(each.pk) for each in rows[:2]]})

    assert list(Contribution.objects.order_by("number").values_list("status", flat=True)) == [
        "taken-up", "taken-up", "received",
    ]  # fmt: skip
    assert rows[0].answers.get().texts == {"de": "Zu 1: gute Idee."}
    assert (
        "gute Idee"
        in client.get(reverse("participation:idea", args=[phase.process.slug, 1, 1])).content.decode()
    )
    assert client.get(reverse("participation:answers_waiting")).status_code == 200
    notifying.send_due(NOW)
    assert [each.to for each in mail.outbox] == [[author.email]]
    notifying.send_due(NOW + 2 * DAY)
    assert sorted(each.to[0] for each in mail.outbox) == [author.email, "s@example.org"]


def test_an_outcome_reaches_everybody_who_took_part_once(signed_in, person, phase, row, by_email):
    Follow.objects.create(project=phase.process.project, participant=by_email("f@example.org"))
    client = signed_in(person("participation:planner"))
    url = reverse("participation:outcome", args=[phase.process.slug])
    assert client.get(url).status_code == 200
    client.post(url, {"texts_de": "Der Platz wird grün."})
    notifying.send_due(NOW)
    assert sorted(each.to[0] for each in mail.outbox) == ["author@example.org", "f@example.org"]
    assert "Der Platz wird grün." in client.get(f"/de/take-part/{phase.process.slug}/").content.decode()


# --- mail ---------------------------------------------------------------------------------------
def test_digests_are_never_empty_come_once_and_can_be_stopped(by_email, phase, page_client):
    someone = by_email("d@example.org")
    assert notifying.send_due(NOW + 30 * DAY) == 0
    notifying.notify(
        [someone], said=moderation.say("News"), path="x/", project=phase.process.project, now=NOW
    )
    assert notifying.send_due(NOW + timedelta(hours=23)) == 0
    assert (notifying.send_due(NOW + DAY), notifying.send_due(NOW + 2 * DAY)) == (1, 0)
    link = next(word for word in mail.outbox[0].body.split() if "/mail/stop/" in word)
    page_client.post(link.removeprefix("http://localhost:8000"))
    someone.refresh_from_db()
    notifying.notify(
        [someone], said=moderation.say("News"), path="x/", project=phase.process.project, now=NOW
    )
    assert Notification.objects.filter(sent_at=None).count() == 0


# --- what is mine, and erasure ------------------------------------------------------------------
def test_one_sees_what_is_ones_own_takes_it_away_and_leaves(page_client, as_participant, row, author):
    assert page_client.get(reverse("participation:mine")).status_code == 200
    as_participant(page_client, author)
    for language in ("de", "it", "en"):
        assert "Anruf" in page_client.get(f"/{language}/take-part/mine/").content.decode()
    page_client.post(reverse("participation:mine"), {"name": "Ada", "digest": "weekly"})
    told = page_client.post(reverse("participation:mine_export")).json()
    assert told["participant"]["name"] == "Ada"
    assert [each["title"] for each in told["contributions"]] == ["Anruf"]


def test_after_erasure_nothing_in_any_table_names_the_person(
    page_client, as_participant, row, phase, author, person
):
    author.name = "Ada Lovelace"
    author.save()
    pseudonym = author.pseudonym
    ideas.comment(row, "Ja", participant=author, now=NOW)
    statements.receive(
        phase, text="x", uploads=[], received_at=NOW, now=NOW, language="de", participant=author,
        author=Author("Ada Lovelace", "Weg 1", author.email, "Verein Ada"),
    )  # fmt: skip
    SurveyResponse.objects.create(phase=phase, participant=author, language="de", given_on=NOW.date())
    answers.answer([row], status="done", texts={"de": "x"}, office="Amt", person=person(), now=NOW)
    as_participant(page_client, author)
    page_client.post(reverse("participation:mine_erase"))

    kept = [
        str(value)
        for model in apps.get_app_config("participation").get_models()
        for found in model.objects.values()
        for value in found.values()
    ]
    traces = (author.email, "Ada Lovelace", pseudonym, "Verein Ada")
    assert [value for value in kept if any(trace in value for trace in traces)] == []
    assert Contribution.objects.get().title == "Anruf"
    assert Comment.objects.get().text == "Ja"
    assert Participant.objects.filter(erased_at__isnull=False).count() == 1


def test_erasing_an_account_reaches_the_room(person, phase):
    someone = person(name="Ada Lovelace")
    known = for_person(someone)
    ideas.submit(phase, Written("Idee", "x"), participant=known, language="de", now=NOW)
    assert personal.export(someone)["contributions"][0]["title"] == "Idee"
    assert personal.forget(someone) > 0
    assert Contribution.objects.get().author_label == ""


@pytest.mark.parametrize("asked", ["process=%00", "process=nonsense", "cause=%00"])
def test_whatever_is_asked_of_the_queue_has_an_answer(signed_in, person, asked):
    answer = signed_in(person("participation:moderator")).get(f"{reverse('participation:queue')}?{asked}")

    assert answer.status_code == 200

"""Processes and projects on their pages, and taking part with an e-mail address."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Participant
from tandem.participation.services.participants import for_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_a_process_is_found_from_the_list_and_from_its_project(page_client, a_phase, language):
    phase = a_phase(PhaseKind.IDEAS)
    slug = phase.process.slug

    assert f"/take-part/{slug}/" in page_client.get(f"/{language}/take-part/").content.decode()
    assert page_client.get(f"/{language}/take-part/{slug}/").status_code == 200
    assert page_client.get(f"/{language}/projects/").status_code == 200
    assert page_client.get(f"/{language}/projects/{phase.process.project.slug}/").status_code == 200


def test_a_draft_is_for_staff_only(page_client, a_phase, person):
    phase = a_phase(PhaseKind.IDEAS)
    phase.process.status = "draft"
    phase.process.save()
    url = reverse("participation:process", args=[phase.process.slug])

    assert page_client.get(url).status_code == 404
    page_client.force_login(person())
    assert page_client.get(url).status_code == 404
    page_client.force_login(person("participation:reader"))
    assert page_client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("state", "above", "of_process", "of_project"),
    [
        ("published", "published", 303, 303),
        ("withdrawn", "published", 410, 303),
        ("published", "withdrawn", 410, 410),
        ("withdrawn", "withdrawn", 410, 410),
        ("draft", "published", 404, 303),
        ("draft", "withdrawn", 404, 410),
        ("published", "draft", 404, 404),
        ("withdrawn", "draft", 404, 404),
    ],
)
def test_a_persistent_address_tells_whether_it_was_ever_public(
    page_client, a_phase, person, state, above, of_process, of_project
):
    made = a_phase(PhaseKind.IDEAS).process
    made.status, made.project.status = state, above
    made.save()
    made.project.save()
    addresses = [urlsplit(each.iri).path for each in (made, made.project)]
    pages = [
        reverse("participation:process", args=[made.slug]),
        reverse("participation:project", args=[made.project.slug]),
    ]
    phase = reverse("participation:phase", args=[made.slug, 1])

    public = [page_client.get(each, headers={"accept-language": "en"}) for each in addresses]
    assert [each.status_code for each in public] == [of_process, of_project]
    assert [each["Location"] for each in public if each.status_code == 303] == [
        page for page, status in zip(pages, (of_process, of_project), strict=True) if status == 303
    ]
    shown = [200 if status == 303 else status for status in (of_process, of_project)]
    assert [page_client.get(each).status_code for each in pages] == shown
    if of_process != 303:
        assert page_client.get(phase).status_code == of_process
    page_client.force_login(person("participation:reader"))
    assert [page_client.get(each).status_code for each in addresses] == [303, 303]


def test_what_was_withdrawn_says_so_in_every_language_and_to_programs(page_client, a_phase):
    made = a_phase(PhaseKind.IDEAS).process
    made.status = "withdrawn"
    made.save()

    for language in ("de", "it", "en"):
        assert page_client.get(f"/{language}/take-part/{made.slug}/").status_code == 410
    told = page_client.get(urlsplit(made.iri).path, headers={"accept": "application/json"})
    assert (told.status_code, told.json()["error"]["code"]) == (410, "withdrawn")


def test_an_address_counts_once_it_is_confirmed_by_hand(page_client, a_phase):
    """Following the link is not enough: mail programs do that by themselves."""
    back = reverse("participation:process", args=[a_phase(PhaseKind.IDEAS).process.slug])
    page_client.post(reverse("participation:address"), {"email": "Ada@Example.org", "next": back})
    link = re.search(r"http://\S+", mail.outbox[-1].body)[0].removeprefix("http://localhost:8000")

    assert page_client.get(link).status_code == 200
    assert Participant.objects.count() == 0
    assert page_client.post(link).url == back
    assert Participant.objects.get().email == "ada@example.org"
    page_client.post(link)  # twice is once
    assert Participant.objects.count() == 1


def test_a_link_that_was_changed_confirms_nothing(page_client):
    answer = page_client.get(reverse("participation:confirm", args=["eyJlbWFpbCI6ImEifQ:abc:def"]))

    assert answer.status_code == 400
    assert Participant.objects.count() == 0


def test_a_way_back_leads_to_ourselves_only(page_client):
    page_client.post(
        reverse("participation:address"), {"email": "a@example.org", "next": "https://evil.example/"}
    )
    link = re.search(r"http://\S+", mail.outbox[-1].body)[0].removeprefix("http://localhost:8000")

    assert page_client.post(link).url == reverse("participation:processes")


def test_nobody_is_sent_mail_without_end(page_client):
    answers = [
        page_client.post(reverse("participation:address"), {"email": f"a{number}@example.org"}).status_code
        for number in range(6)
    ]

    assert answers == [200, 200, 200, 200, 200, 403]
    assert len(mail.outbox) == 5


def test_one_with_an_account_and_the_same_address_is_one_participant(page_client, person, by_email):
    someone = person()
    before = by_email(someone.email)
    page_client.force_login(someone)

    assert for_person(someone).pk == before.pk
    assert Participant.objects.count() == 1

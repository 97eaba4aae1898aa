"""Imprint, privacy and accessibility say what is configured and what is true, and nothing else."""

import itertools
from typing import Any

import pytest

from tandem.core.config_sections import Legal
from tandem.site.legal import NEEDED, missing
from tests.accounts.people import PASSWORD, somebody
from tests.pages import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
PAGES = ("imprint", "privacy", "accessibility")
FULL = {
    "body": "Stadt Beispiel",
    "address": "Markt 1\n12345 Beispiel",
    "representative": "Ada Beispiel",
    "mail": "portal@example.org",
    "phone": "+49 2381 170",
    "data_protection_mail": "datenschutz@example.org",
    "accessibility_mail": "barrierefrei@example.org",
    "enforcement": "Durchsetzungsstelle\nMarkt 2",
}


def text_of(client: PageClient, page: str, language: str = "en") -> str:
    answer = client.get(f"/{language}/{page}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(("page", "language"), [*itertools.product(PAGES, ("de", "it", "en"))])
def test_pages_are_there_in_every_language_configured_or_not(
    page_client: PageClient, change: Any, page: str, language: str
):
    bare = text_of(page_client, page, language)
    change("legal", **FULL)
    full = text_of(page_client, page, language)

    assert [f'<html lang="{language}"' in each for each in (bare, full)] == [True, True]


def test_imprint_says_who_answers(page_client: PageClient, change: Any):
    change("legal", **FULL)
    text = text_of(page_client, "imprint")

    assert all(
        part in text for part in ("Stadt Beispiel", "Markt 1<br>12345", "Ada Beispiel", "portal@example.org")
    )
    assert all(law in text for law in ("§ 5", "§ 18 (2)"))


@pytest.mark.parametrize(
    ("country", "page", "law"), [("IT", "imprint", "82/2005"), ("IT", "accessibility", "AgID")]
)
def test_law_is_that_of_the_country(page_client: PageClient, change: Any, country: str, page: str, law: str):
    assert law not in text_of(page_client, page)
    change("city", country=country)

    assert law in text_of(page_client, page)
    assert "§ 5" not in text_of(page_client, page)


def test_nothing_is_made_up_where_nothing_is_configured(page_client: PageClient):
    assert "has not entered this yet" in text_of(page_client, "imprint")
    assert "has not been assessed yet" in text_of(page_client, "accessibility")
    assert "mailto:" not in text_of(page_client, "imprint") + text_of(page_client, "privacy")


@pytest.mark.parametrize(
    ("status", "words"),
    [("full", "fully conforms"), ("partial", "partially conforms"), ("none", "does not conform")],
)
def test_accessibility_status_is_the_configured_one(
    page_client: PageClient, change: Any, status: str, words: str
):
    change("legal", accessibility_status=status, accessibility_assessed="2026-10-01, self-assessment")
    text = text_of(page_client, "accessibility")

    assert words in text
    assert "Assessed: 2026-10-01, self-assessment" in text


def test_what_is_missing_is_told_to_administrators_alone(administrator: PageClient, page_client: PageClient):
    assert "legal.body" in text_of(administrator, "imprint")
    assert "legal.body" not in text_of(page_client, "imprint")


def test_missing_lists_each_empty_setting():
    assert [finding.path for finding in missing(Legal())] == [f"legal.{name}" for name in NEEDED]
    assert missing(Legal(**FULL)) == []


@pytest.mark.parametrize("page", PAGES)
def test_an_example_installation_says_so(page_client: PageClient, change: Any, page: str):
    change("legal", example=True)

    assert "This is an example installation" in text_of(page_client, page)


def test_privacy_names_the_host_of_map_tiles(page_client: PageClient, change: Any):
    assert "no third party" in text_of(page_client, "privacy")
    change("map", base_map="https://tiles.example.org/{z}/{x}/{y}.png")
    text = text_of(page_client, "privacy")

    assert "tiles.example.org" in text
    assert "no third party" not in text


# --- what the privacy page promises -------------------------------------------------------------
@pytest.mark.parametrize("page", ["", "search/?q=x", "map/", "data/", "partners/", "imprint/", "privacy/"])
def test_reading_sets_no_cookie(page_client: PageClient, page: str):
    assert dict(page_client.get(f"/de/{page}").cookies) == {}


def test_cookies_end_with_the_browsers_session(page_client: PageClient):
    answers = [page_client.get("/de/feedback/")]
    answers.append(page_client.post("/de/feedback/", {"message": "Hallo"}))
    person = somebody()
    answers.append(page_client.post("/de/account/sign-in/", {"login": person.email, "password": PASSWORD}))
    cookies = [cookie for answer in answers for cookie in answer.cookies.values() if cookie.value]

    assert {cookie.key for cookie in cookies} == {"hamm_csrf", "messages", "hamm_session"}
    assert [cookie.key for cookie in cookies if cookie["max-age"] or cookie["expires"]] == []

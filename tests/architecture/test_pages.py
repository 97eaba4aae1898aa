"""Whatever address is asked for, in whatever language, by whomever: the page passes the page check."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings

from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.services.people import create_person
from tests.architecture.routes import all_routes
from tests.pages import PageClient

LANGUAGES = ("de", "it", "en")


@pytest.fixture
def administrator(settings: Any, db: None) -> PageClient:
    """Return a client signed in as somebody who may everything, a second factor not being asked for."""
    config = settings.TANDEM
    settings.TANDEM = replace(config, accounts=replace(config.accounts, staff_second_factor=False))
    given = (RoomRole.parse("site:administrator"),)
    client = PageClient()
    client.force_login(create_person("admin@example.org", "Ada", None, "de", given))
    return client


def addresses(language: str) -> list[str]:
    """Return an example of every address that has a language, of things that do not exist."""
    first = f"/{django_settings.LANGUAGE_CODE}/"
    examples = [route.example for route in all_routes() if route.example.startswith(first)]
    return [f"/{language}/{example.removeprefix(first)}" for example in examples]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_pass_the_page_check_for_everyone(page_client: PageClient, language: str):
    answers = {address: page_client.get(address).status_code for address in addresses(language)}

    assert {address: status for address, status in answers.items() if status >= 500} == {}
    assert answers[f"/{language}/"] == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_pass_the_page_check_for_the_administrator(administrator: PageClient, language: str):
    answers = {
        address: administrator.get(address).status_code
        for address in addresses(language)
        if "/account/" not in address
    }

    assert {address: status for address, status in answers.items() if status >= 500 or status == 403} == {}
    assert answers[f"/{language}/people/"] == 200


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_exist_has_a_page_too(page_client: PageClient, language: str):
    assert page_client.get(f"/{language}/nothing-of-this-name/").status_code == 404

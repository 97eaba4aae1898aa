"""API tokens: shown once, kept as a digest, worth what their person is."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.accounts.access import has_role, person_of_token
from tandem.accounts.models import ApiToken
from tandem.accounts.services.people import deactivate
from tandem.accounts.services.tokens import TokenUnknown, create_token, revoke_token
from tests.accounts.people import client_of, somebody

pytestmark = pytest.mark.django_db


def asking(header):
    return RequestFactory().get("/api/", headers={"Authorization": header} if header is not None else {})


@pytest.fixture
def person():
    return somebody("catalogue:editor")


@pytest.fixture
def secret(person):
    return create_token(person, "counters", actor=person)[1]


def test_a_token_acts_for_its_person_with_their_roles(person, secret):
    found = person_of_token(asking(f"Bearer {secret}"))

    assert found == person
    assert has_role(found, "catalogue", "editor")
    assert not has_role(found, "catalogue", "publisher")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic {}",
        "{}",
        "Bearer {}x",
        "Bearer x{}",
        "Bearer tandem_",
        "Bearer ü",
    ],
)
def test_anything_else_is_nobody(secret, header):
    assert person_of_token(asking(header and header.format(secret))) is None


def test_the_scheme_is_read_whatever_its_case(person, secret):
    assert person_of_token(asking(f"bearer  {secret} ")) == person


def test_the_secret_is_kept_nowhere(person, secret):
    stored = str(list(ApiToken.objects.values()))

    assert secret not in stored
    assert secret[11:] not in stored
    assert ApiToken.objects.get().hint == secret[:11]


def test_a_revoked_token_is_worthless(person, secret):
    token = ApiToken.objects.get()
    revoke_token(person, token.pk, actor=person)

    assert person_of_token(asking(f"Bearer {secret}")) is None
    with pytest.raises(TokenUnknown):
        revoke_token(person, token.pk, actor=person)


def test_nobody_revokes_the_token_of_somebody_else(person, secret):
    with pytest.raises(TokenUnknown):
        revoke_token(somebody(), ApiToken.objects.get().pk, actor=None)
    assert person_of_token(asking(f"Bearer {secret}")) == person


def test_the_tokens_of_a_shut_account_are_worthless(person, secret):
    deactivate(person, actor=None)

    assert person_of_token(asking(f"Bearer {secret}")) is None


def test_the_last_day_of_use_is_written_once_a_day(person, secret, django_assert_num_queries):
    with django_assert_num_queries(2):
        person_of_token(asking(f"Bearer {secret}"))
    with django_assert_num_queries(1):
        person_of_token(asking(f"Bearer {secret}"))
    assert ApiToken.objects.get().last_used_on == timezone.localdate()

    ApiToken.objects.update(last_used_on=timezone.localdate() - timedelta(days=1))
    with django_assert_num_queries(2):
        person_of_token(asking(f"Bearer {secret}"))
    assert ApiToken.objects.get().last_used_on == timezone.localdate()


def test_the_page_shows_the_secret_once(person):
    client = client_of(person, confirmed=True)
    with override("en"):
        made = client.post(reverse("accounts:tokens"), {"name": "counters"})
        later = client.get(reverse("accounts:tokens"))
        secret = made.context["secret"]
        assert secret in made.content.decode()
        assert secret not in later.content.decode()
        assert "counters" in later.content.decode()
        client.post(reverse("accounts:revoke_token", args=[ApiToken.objects.get().pk]))

    assert person_of_token(asking(f"Bearer {secret}")) is None
    assert "no-store" in made["Cache-Control"]

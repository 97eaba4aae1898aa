"""Setting up TOTP, signing in with it, recovery codes, and giving it up."""

import json

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.models import AuditEntry
from tandem.accounts.services import second_factor
from tests.accounts.people import PASSWORD, arm, client_of, code_of, somebody
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def sign_in(client, person):
    return client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def set_up(client):
    """Set a second factor up as a person does, and return its secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return secret


def test_staff_set_it_up_and_work(django_capture_on_commit_callbacks, mailoutbox):
    person = somebody("catalogue:editor", armed=False)
    client = PageClient()
    assert sign_in(client, person).url == reverse("catalogue:work")
    assert client.get(reverse("accounts:profile")).url == reverse("accounts:second_factor")

    explained = client.get(reverse("accounts:second_factor"))
    assert reverse("mfa_activate_totp") in explained.content.decode()
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)

    assert client.get(reverse("accounts:profile")).status_code == 200
    assert len(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    assert [mail.to for mail in mailoutbox] == [[person.email]]
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_the_page_shows_the_secret_as_picture_and_as_text():
    page = client_of(somebody("catalogue:editor", armed=False), confirmed=True).get(
        reverse("mfa_activate_totp")
    )

    text = page.content.decode()
    assert f"<code>{page.context['form'].secret}</code>" in text
    assert '<svg class="qr" role="img"' in text
    assert "style=" not in text


def test_signing_in_takes_password_and_code():
    person = somebody("catalogue:editor", armed=False)
    secret = arm(person)
    client = PageClient()

    assert sign_in(client, person).url == reverse("mfa_authenticate")
    assert client.get(reverse("accounts:me")).status_code == 302, "the password alone is not enough"
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert list(wrong.context["form"].errors) == ["code"]
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).url == reverse(
        "catalogue:work"
    )
    assert client.get(reverse("accounts:me")).status_code == 200


def test_a_code_works_once():
    person = somebody("catalogue:editor", armed=False)
    code = code_of(arm(person))
    for client, expected in ((PageClient(), 302), (PageClient(), 200)):
        sign_in(client, person)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_a_recovery_code_signs_in_once():
    person = somebody("catalogue:editor")
    code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    for client, expected in ((PageClient(), 302), (PageClient(), 200)):
        sign_in(client, person)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_new_recovery_codes_replace_the_old_ones():
    person = somebody("catalogue:editor")
    client = client_of(person, confirmed=True)
    before = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    client.post(reverse("mfa_generate_recovery_codes"))

    after = client.get(reverse("mfa_download_recovery_codes"))
    assert after["Content-Type"] == "text/plain"
    assert not set(before) & set(after.content.decode().split())


def test_staff_keep_it_and_citizens_may_give_it_up():
    staff, citizen = somebody("catalogue:editor"), somebody()
    arm(citizen)
    for person in (staff, citizen):
        client = client_of(person, confirmed=True)
        assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
        client.post(reverse("mfa_deactivate_totp"))

    assert second_factor.has_second_factor(staff)
    assert not second_factor.has_second_factor(citizen)


def test_an_administrator_resets_it_after_a_lost_phone():
    administrator, person = somebody("site:administrator"), somebody("catalogue:editor")
    client = client_of(administrator, confirmed=True)

    client.post(reverse("accounts:reset_second_factor", args=[person.pk]))

    assert not Authenticator.objects.filter(user=person).exists()
    entry = AuditEntry.objects.filter(action="accounts.second-factor.reset").get()
    assert (entry.actor, entry.subject) == (administrator, person.uri)
    assert second_factor.reset(person, actor=None) is False, "there is nothing left to reset"


def test_another_secret_key_cannot_read_the_secret(settings):
    person = somebody("catalogue:editor", armed=False)
    secret = arm(person)
    authenticator = Authenticator.objects.get(user=person, type="totp")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the installation"

    with pytest.raises(InvalidToken):
        authenticator.wrap().validate_code(code_of(secret))
    settings.SECRET_KEY_FALLBACKS = [former]
    assert authenticator.wrap().validate_code(code_of(secret)) is True

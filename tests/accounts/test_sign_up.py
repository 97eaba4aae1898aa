"""Signing up with double opt-in; what somebody learns of accounts that are not theirs: nothing."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.accounts.models import Person
from tests.accounts.people import PASSWORD, somebody
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
FORM = {
    "email": "New.Person@example.org",
    "name": "Neu",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "website": "",
}


def address(name, language="de", *arguments):
    with override(language):
        return reverse(name, args=arguments)


def sign_up(client, language="de", **changes):
    return client.post(address("account_signup", language), {**FORM, **changes})


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(address("account_login"), {"login": email, "password": password, **extra})


def link_in(mail):
    return re.search(r"http://localhost:8000(/\S+)", mail.body).group(1)


def is_signed_in(client):
    return client.get(address("accounts:me")).status_code == 200


def test_double_opt_in(page_client, mailoutbox):
    answer = sign_up(page_client)

    assert answer.url == address("account_email_verification_sent")
    person = Person.objects.get()
    assert (person.email, person.name, person.language) == ("new.person@example.org", "Neu", "de")
    assert not is_signed_in(page_client)

    link = link_in(mailoutbox[0])
    assert mailoutbox[0].to == ["new.person@example.org"]
    assert link.startswith("/de/account/e-mail/confirm/")
    page_client.get(link)
    assert not EmailAddress.objects.get().verified, "looking at the link must not confirm: mail scanners do"

    page_client.post(link)
    assert EmailAddress.objects.get().verified
    assert sign_in(page_client, "new.person@example.org").url == address("home")
    assert is_signed_in(page_client)


def test_nobody_signs_in_before_the_address_is_confirmed(page_client, mailoutbox):
    sign_up(page_client)

    assert sign_in(page_client, FORM["email"]).url == address("account_email_verification_sent")
    assert not is_signed_in(page_client)


def test_the_link_is_on_the_public_address_whatever_host_the_request_names(mailoutbox):
    sign_up(PageClient(headers={"host": "127.0.0.1"}))

    assert "http://localhost:8000/de/account/e-mail/confirm/" in mailoutbox[0].body
    assert "127.0.0.1" not in mailoutbox[0].body


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_mail_is_in_the_language_of_the_page(page_client, mailoutbox, language):
    sign_up(page_client, language)

    assert Person.objects.get().language == language
    assert link_in(mailoutbox[0]).startswith(f"/{language}/")


def test_the_link_expires(page_client, mailoutbox, monkeypatch):
    sign_up(page_client)
    link = link_in(mailoutbox[0])
    later = (timezone.now() + timedelta(days=7, minutes=1)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert page_client.post(link).status_code == 404
    assert not EmailAddress.objects.get().verified


def test_signing_up_twice_looks_the_same_and_writes_to_the_owner(page_client, mailoutbox):
    somebody(email="taken@example.org")

    taken = sign_up(page_client, email="taken@example.org")
    free = sign_up(PageClient(), email="free@example.org")

    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    assert [mail.to for mail in mailoutbox] == [["taken@example.org"], ["free@example.org"]]
    assert address("account_reset_password", "en") in mailoutbox[0].body
    assert Person.objects.filter(email="taken@example.org").count() == 1


def test_a_wrong_password_and_an_unknown_address_look_the_same():
    somebody(email="known@example.org")

    answers = [
        sign_in(PageClient(), email, "wrong password") for email in ("known@example.org", "x@example.org")
    ]
    shown = [
        answer.content.decode().replace("known@example.org", "…").replace("x@example.org", "…")
        for answer in answers
    ]
    without_token = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", each) for each in shown]

    assert without_token[0] == without_token[1]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_asking_for_a_new_password_looks_the_same_and_always_writes(page_client, mailoutbox):
    somebody(email="known@example.org", language="it")

    known = page_client.post(address("account_reset_password"), {"email": "known@example.org"})
    unknown = page_client.post(address("account_reset_password"), {"email": "x@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in mailoutbox] == [["known@example.org"], ["x@example.org"]]
    assert "/password/new/" in mailoutbox[0].body
    assert "/password/new/" not in mailoutbox[1].body
    assert link_in(mailoutbox[0]).startswith("/it/"), "the mail is in the person's language"


def test_a_forgotten_password_is_set_anew_once(page_client, mailoutbox):
    somebody(email="known@example.org", language="de")
    page_client.post(address("account_reset_password"), {"email": "known@example.org"})
    link = link_in(mailoutbox[0])
    form = page_client.get(link, follow=True).redirect_chain[-1][0]
    new = "a password that is quite new"

    answer = page_client.post(form, {"password1": new, "password2": new}, follow=True)

    assert answer.status_code == 200
    assert sign_in(PageClient(), "known@example.org").status_code == 200, "the old password does not work"
    assert sign_in(PageClient(), "known@example.org", new).status_code == 302
    assert page_client.get(link, follow=True).context["token_fail"] is True
    assert [mail.to for mail in mailoutbox] == [["known@example.org"]] * 2, "the owner is told"


def test_programs_that_fill_in_everything_make_no_account(page_client, mailoutbox):
    answer = sign_up(page_client, website="https://spam.example")

    assert answer.url == address("account_email_verification_sent")
    assert not Person.objects.exists()
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "123456789012345", "password2": "123456789012345"}, "password1"),
        ({"password2": "another long password"}, "password2"),
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"name": "n" * 101}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(page_client, changes, field):
    answer = sign_up(page_client, **changes)

    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.exists()
    assert {**FORM, **changes}["name"] in answer.content.decode()


def test_closed_sign_up(page_client, sign_up_closed):
    assert page_client.get(address("account_signup")).templates[0].name == "account/signup_closed.html"
    sign_up(page_client)
    assert not Person.objects.exists()
    assert address("account_signup") not in page_client.get(address("account_login")).content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "http://localhost/x",
        "/\\evil.example",
        "http://127.0.0.1:9/",
    ],
)
def test_nobody_is_sent_out_of_the_portal(page_client, target):
    somebody(email="known@example.org")

    assert sign_in(page_client, "known@example.org", next=target).url == address("home")
    assert page_client.post(address("account_logout"), {"next": target}).url == address("home")


def test_one_comes_back_to_where_one_was(page_client):
    somebody(email="known@example.org")

    assert sign_in(page_client, "known@example.org", next="/de/me/tokens/").url == "/de/me/tokens/"


def test_guessing_passwords_is_slowed_down(page_client):
    somebody(email="known@example.org")
    for _ in range(5):
        sign_in(page_client, "known@example.org", "wrong password")

    answer = sign_in(page_client, "known@example.org")

    assert answer.status_code == 200
    assert not is_signed_in(page_client)


def test_too_many_sign_ups_get_a_page(page_client):
    answers = [sign_up(page_client, email="no address") for _ in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]


def test_a_shut_account_learns_so_after_the_right_password_only(page_client):
    person = somebody(email="shut@example.org")
    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert sign_in(page_client, "shut@example.org", "wrong password").status_code == 200
    assert sign_in(page_client, "shut@example.org").url == address("account_inactive")


def test_a_new_address_counts_when_it_is_confirmed(mailoutbox):
    from tests.accounts.people import client_of

    person = somebody("catalogue:editor", email="old@example.org", language="de")
    client = client_of(person, confirmed=True)

    client.post(address("account_email"), {"email": "new@example.org", "action_add": "1"})
    person.refresh_from_db()
    assert person.email == "old@example.org"
    assert client.get(address("account_email")).status_code == 200

    client.post(link_in(mailoutbox[-1]))
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert mailoutbox[-1].to == ["old@example.org"], "the old address is told"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("new@example.org", True, True)
    ]


def test_changing_the_address_asks_for_the_password_first():
    from tests.accounts.people import client_of

    client = client_of(somebody())

    answer = client.post(address("account_email"), {"email": "new@example.org", "action_add": "1"})

    assert urlsplit(answer.url).path == address("account_reauthenticate")
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_a_dead_mail_server_is_said_and_nothing_breaks(page_client, settings):
    settings.EMAIL_BACKEND = "tests.accounts.dead_mail.Backend"

    assert sign_up(page_client).status_code == 503

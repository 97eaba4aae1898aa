"""Every page: who may see it, and does it pass the page check in each language."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.accounts.domain.roles import ADMINISTRATOR, RoomRole
from tandem.accounts.services import invitations, tokens
from tests.accounts.people import client_of, somebody
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
IN, SIGN_IN, NO, SET_UP, CONFIRM, NOWHERE = 200, "sign in", 403, "set up a second factor", "confirm", 404

# address, method: what an anonymous person, a citizen, a publisher, an administrator, and an administrator
# without a second factor get
TABLE = {
    ("accounts:me", "get"): (SIGN_IN, IN, IN, IN, IN),
    ("accounts:profile", "get"): (SIGN_IN, IN, IN, IN, SET_UP),
    ("accounts:second_factor", "get"): (SIGN_IN, IN, IN, IN, IN),
    ("accounts:tokens", "get"): (SIGN_IN, IN, IN, IN, SET_UP),
    ("accounts:tokens", "post"): (SIGN_IN, CONFIRM, CONFIRM, CONFIRM, SET_UP),
    ("accounts:data", "get"): (SIGN_IN, IN, IN, IN, SET_UP),
    ("accounts:data", "post"): (SIGN_IN, CONFIRM, CONFIRM, CONFIRM, SET_UP),
    ("accounts:erase_me", "get"): (SIGN_IN, IN, IN, IN, SET_UP),
    ("accounts:people", "get"): (SIGN_IN, NO, NO, IN, SET_UP),
    ("accounts:person", "get"): (SIGN_IN, NO, NO, IN, SET_UP),
    ("accounts:person", "post"): (SIGN_IN, NO, NO, CONFIRM, SET_UP),
    ("accounts:deactivate", "post"): (SIGN_IN, NO, NO, "accounts:person", SET_UP),
    ("accounts:reactivate", "post"): (SIGN_IN, NO, NO, "accounts:person", SET_UP),
    ("accounts:reset_second_factor", "post"): (SIGN_IN, NO, NO, CONFIRM, SET_UP),
    ("accounts:erase_person", "get"): (SIGN_IN, NO, NO, IN, SET_UP),
    ("accounts:erase_person", "post"): (SIGN_IN, NO, NO, CONFIRM, SET_UP),
    ("accounts:invitations", "get"): (SIGN_IN, NO, NO, IN, SET_UP),
    ("accounts:invite", "get"): (SIGN_IN, NO, NO, IN, SET_UP),
    ("accounts:invite", "post"): (SIGN_IN, NO, NO, CONFIRM, SET_UP),
    ("accounts:send_again", "post"): (SIGN_IN, NO, NO, "accounts:invitations", SET_UP),
    ("accounts:withdraw", "post"): (SIGN_IN, NO, NO, "accounts:invitations", SET_UP),
    ("accounts:audit", "get"): (SIGN_IN, NO, NO, IN, SET_UP),
    ("accounts:audit_csv", "get"): (SIGN_IN, NO, NO, IN, SET_UP),
    ("accounts:revoke_token", "post"): (SIGN_IN, NOWHERE, NOWHERE, NOWHERE, SET_UP),
    ("account_email", "get"): (SIGN_IN, IN, IN, IN, IN),
    ("account_change_password", "get"): (SIGN_IN, IN, IN, IN, IN),
    ("account_reauthenticate", "get"): (SIGN_IN, IN, IN, IN, IN),
    ("account_logout", "get"): ("home", IN, IN, IN, IN),
    ("mfa_index", "get"): (SIGN_IN, IN, IN, IN, IN),
    ("mfa_activate_totp", "get"): (CONFIRM, CONFIRM, CONFIRM, CONFIRM, CONFIRM),
    ("mfa_view_recovery_codes", "get"): (SIGN_IN, NOWHERE, CONFIRM, CONFIRM, NOWHERE),
}
WHO = ("nobody", "citizen", "publisher", "administrator", "administrator without second factor")
CASES = [
    pytest.param(name, method, who, expected, id=f"{method} {name} by {who}")
    for (name, method), row in TABLE.items()
    for who, expected in zip(WHO, row, strict=True)
]


@pytest.fixture
def people():
    somebody(str(ADMINISTRATOR), email="another@example.org")  # so that nobody is the last one
    return {
        "citizen": somebody(),
        "publisher": somebody("catalogue:publisher"),
        "administrator": somebody(str(ADMINISTRATOR)),
        "administrator without second factor": somebody(str(ADMINISTRATOR), armed=False),
    }


@pytest.fixture
def objects(mailoutbox):
    """Return arguments for the addresses that want some."""
    other = somebody("catalogue:editor")
    invited = invitations.invite(
        "new@example.org",
        roles=[RoomRole.parse("catalogue:editor")],
        language="de",
        actor=None,
        now=timezone.now(),
    )
    token, _secret = tokens.create_token(other, "of somebody else", actor=None)
    return {
        **dict.fromkeys(
            ("person", "deactivate", "reactivate", "reset_second_factor", "erase_person"), (other.pk,)
        ),
        **dict.fromkeys(("send_again", "withdraw"), (invited.pk,)),
        "revoke_token": (token.pk,),
    }


@pytest.mark.parametrize(("name", "method", "who", "expected"), CASES)
def test_who_may_what(people, objects, name, method, who, expected):
    client = client_of(people[who]) if who in people else PageClient()
    with override("en"):
        address = reverse(name, args=objects.get(name.removeprefix("accounts:"), ()))
        answer = getattr(client, method)(address)
        got = _described(answer, address)

    assert got == expected


def _described(answer, address):
    """Return the status, or where a redirect leads in the words of the table."""
    if answer.status_code != 302:
        return answer.status_code
    target = answer.url.partition("?")[0]
    words = {
        reverse("account_login"): SIGN_IN,
        reverse("accounts:second_factor"): SET_UP,
        reverse("account_reauthenticate"): CONFIRM,
    }
    if target in words:
        # who is anonymous is sent to confirm by way of signing in
        is_confirming = words[target] == SIGN_IN and "set-up" in address
        return CONFIRM if is_confirming else words[target]
    names = ("home", "accounts:invitations")
    return next((name for name in names if reverse(name) == target), "accounts:person")


@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_inactive",
        "account_email_verification_sent",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
    ],
)
def test_open_pages_pass_the_page_check(page_client, name, language):
    with override(language):
        assert page_client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize(
    "name", ["mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"]
)
def test_pages_of_the_second_factor_pass_the_page_check(name, language):
    person = somebody("catalogue:editor", armed=name != "mfa_activate_totp")
    with override(language):
        assert client_of(person, confirmed=True).get(reverse(name)).status_code == 200


def test_a_long_name_and_no_name_show_well():
    administrator = somebody(str(ADMINISTRATOR))
    for name in ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter" * 1, ""):
        shown = somebody(name=name[:100])
        with override("de"):
            answer = client_of(administrator).get(reverse("accounts:person", args=[shown.pk]))
        assert answer.status_code == 200


def test_staff_without_second_factor_can_sign_out():
    client = client_of(somebody(str(ADMINISTRATOR), armed=False))
    with override("en"):
        client.post(reverse("account_logout"))
        assert client.get(reverse("accounts:me")).status_code == 302


def test_programs_are_told_about_the_missing_second_factor_in_json():
    client = client_of(somebody(str(ADMINISTRATOR), armed=False))
    with override("en"):
        answer = client.get(reverse("accounts:people"), headers={"Accept": "application/json"})

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "accounts.second-factor-missing"


def test_without_the_rule_staff_work_without_a_second_factor(second_factor_optional):
    client = client_of(somebody(str(ADMINISTRATOR), armed=False))
    with override("en"):
        assert client.get(reverse("accounts:people")).status_code == 200


def test_what_allauth_offers_besides_is_not_reachable(page_client):
    for path in ("login/code/", "phone/verify/", "3rdparty/", "2fa/", "social/signup/", "login/"):
        assert page_client.get(f"/en/account/{path}").status_code == 404

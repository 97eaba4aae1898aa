"""``tandem person …``"""

import json
import zipfile

import pytest
from click.testing import CliRunner

from tandem.accounts.access import person_of_token
from tandem.accounts.cli import person as command
from tandem.accounts.models import AuditEntry, Invitation, Person
from tandem.accounts.services.roles import roles_of
from tandem.core.errors import TandemError
from tests.accounts.people import PASSWORD, somebody
from tests.accounts.test_tokens import asking

pytestmark = pytest.mark.django_db
EMAIL = "anna@example.org"


def run(*arguments, stdin=""):
    """Return what a command printed, having checked that it succeeded."""
    result = CliRunner().invoke(command, arguments, input=stdin)
    if isinstance(result.exception, TandemError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output.strip()


def only():
    return Person.objects.get(email=EMAIL)


def texts(person):
    return sorted(str(role) for role in roles_of(person))


def test_add_with_password_and_roles():
    run(
        "add",
        EMAIL,
        "--name",
        "Anna",
        "--password-stdin",
        "--role",
        "catalogue:publisher",
        "--role",
        "site:administrator",
        "--language",
        "it",
        stdin=f"{PASSWORD}\n",
    )

    assert (only().name, only().language, texts(only())) == (
        "Anna",
        "it",
        ["catalogue:publisher", "site:administrator"],
    )
    assert only().check_password(PASSWORD)


def test_add_without_a_password():
    run("add", EMAIL)

    assert not only().has_usable_password()
    assert only().language == "de", "the city's first language"


def test_grant_and_revoke():
    somebody("catalogue:editor", email=EMAIL)

    run("grant", EMAIL, "catalogue:publisher", "exchange:reader")
    assert texts(only()) == ["catalogue:editor", "catalogue:publisher", "exchange:reader"]
    run("revoke", EMAIL, "catalogue:editor", "exchange:reader")
    assert texts(only()) == ["catalogue:publisher"]
    assert set(AuditEntry.objects.values_list("actor_label", flat=True)) == {"system"}


def test_list():
    somebody("catalogue:editor", email=EMAIL, name="Anna")
    somebody(name="Bruno")

    rows = json.loads(run("list", "--json"))
    assert [(row["name"], row["roles"]) for row in rows] == [("Anna", ["catalogue:editor"]), ("Bruno", [])]
    assert run("list", "--staff") == f"{EMAIL}  Anna  catalogue:editor"
    assert run("list", "nobody") == ""


def test_invite(mailoutbox):
    run("invite", EMAIL, "--role", "junctions:traffic-engineer", "--language", "en")

    assert Invitation.objects.get().roles == ["junctions:traffic-engineer"]
    assert mailoutbox[0].to == [EMAIL]


def test_token():
    somebody(email=EMAIL)

    assert person_of_token(asking(f"Bearer {run('token', EMAIL, '--name', 'nightly')}")) == only()


def test_shut_and_open():
    somebody(email=EMAIL)

    run("deactivate", EMAIL)
    assert not only().is_active
    run("reactivate", EMAIL)
    assert only().is_active


def test_reset_second_factor():
    somebody("catalogue:editor", email=EMAIL)

    assert "reset" in run("reset-second-factor", EMAIL)
    assert "there was none" in run("reset-second-factor", EMAIL)


def test_export(tmp_path):
    somebody(email=EMAIL)

    run("export", EMAIL, "-o", str(tmp_path / "anna.zip"))
    assert "accounts.json" in zipfile.ZipFile(tmp_path / "anna.zip").namelist()
    assert AuditEntry.objects.filter(action="accounts.person.export").exists()


def test_erase_asks():
    somebody(email=EMAIL)

    result = CliRunner().invoke(command, ["erase", EMAIL], input="n\n")
    assert result.exit_code == 1
    run("erase", EMAIL, "--yes")
    assert not Person.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "exit_code"),
    [
        (["add", "taken@example.org"], "", "accounts.email-taken", 5),
        (["add", EMAIL, "--password-stdin"], "short\n", "accounts.weak-password", 2),
        (["grant", EMAIL, "catalogue:editor"], "", "accounts.person-unknown", 4),
        (["token", EMAIL], "", "accounts.person-unknown", 4),
        (["revoke", "last@example.org", "site:administrator"], "", "accounts.last-administrator", 5),
        (["erase", "last@example.org", "--yes"], "", "accounts.last-administrator", 5),
    ],
)
def test_what_cannot_be_says_why(arguments, stdin, code, exit_code):
    somebody(email="taken@example.org")
    somebody("site:administrator", email="last@example.org")

    with pytest.raises(TandemError) as caught:
        run(*arguments, stdin=stdin)
    assert (caught.value.code, caught.value.exit_code) == (code, exit_code)


def test_an_unknown_role_is_refused_with_the_list():
    result = CliRunner().invoke(command, ["add", EMAIL, "--role", "catalogue:king"])

    assert result.exit_code == 2
    assert "catalogue:publisher" in result.output
    assert not Person.objects.exists()

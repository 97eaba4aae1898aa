"""``tandem person …``: people, roles, invitations, tokens, data-protection requests."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.models import Person
from tandem.accounts.services import data_protection, invitations, people, roles, second_factor, tokens
from tandem.core.errors import InvalidInput
from tandem.core.text import LANGUAGES
from tandem.kit.installation import city


class WeakPassword(InvalidInput):
    """A password that can be guessed."""

    code = "accounts.weak-password"


class RoleType(click.ParamType[RoomRole]):
    """A role, written ``room:role``."""

    name = "room:role"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> RoomRole:
        """Return the role, or fail with the list of those that there are."""
        try:
            return value if isinstance(value, RoomRole) else RoomRole.parse(str(value))
        except InvalidInput as error:
            self.fail(str(error), param, ctx)


ROLE = RoleType()
roles_option = click.option(
    "--role", "given", type=ROLE, multiple=True, help="A role, as room:role; repeatable."
)
language_option = click.option("--language", type=click.Choice(LANGUAGES), help="The person's language.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")


@click.group("person")
def person() -> None:
    """People, roles, invitations."""


@person.command("add")
@click.argument("email")
@click.option("--name", default="", help="What others see.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of stdin.")
@roles_option
@language_option
def add(
    email: str, *, name: str, password_stdin: bool, given: tuple[RoomRole, ...], language: str | None
) -> None:
    """Make an account for EMAIL; without a password it is set by "Forgotten your password?"."""
    password = _read_password(email, name) if password_stdin else None
    made = people.create_person(email, name, password, language or city().languages[0], given)
    click.echo(f"Made an account for {made.email}{_with_roles(given)}.")


def _read_password(email: str, name: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error
    return password


def _with_roles(given: tuple[RoomRole, ...]) -> str:
    return f" with {', '.join(str(role) for role in given)}" if given else ""


@person.command("grant")
@click.argument("email")
@click.argument("given", type=ROLE, nargs=-1, required=True)
def grant(email: str, given: tuple[RoomRole, ...]) -> None:
    """Give the person with EMAIL roles, each as room:role."""
    new = roles.grant(people.person_by_email(email), *given, actor=None)
    click.echo(f"{email}: {len(new)} new: {', '.join(map(str, new)) or 'none, all were there'}")


@person.command("revoke")
@click.argument("email")
@click.argument("taken", type=ROLE, nargs=-1, required=True)
def revoke(email: str, taken: tuple[RoomRole, ...]) -> None:
    """Take roles, each as room:role, from the person with EMAIL."""
    gone = roles.revoke(people.person_by_email(email), *taken, actor=None)
    click.echo(f"{email}: {len(gone)} taken: {', '.join(map(str, gone)) or 'none, none was there'}")


@person.command("list")
@click.argument("words", nargs=-1)
@click.option("--staff", is_flag=True, help="Only people with roles.")
@json_option
def list_people(words: tuple[str, ...], *, staff: bool, as_json: bool) -> None:
    """List people, all of them or those whose name or address holds WORDS."""
    rows = [_row(each) for each in people.find_people(" ".join(words), only_staff=staff)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "" if row["is_active"] else "  (shut)"
        click.echo(f"{row['email']}  {row['name'] or '-'}  {', '.join(row['roles']) or '-'}{state}")


def _row(each: Person) -> dict[str, Any]:
    return {
        "id": str(each.pk),
        "email": each.email,
        "name": each.name,
        "language": each.language,
        "roles": sorted(str(grant) for grant in each.grants.all()),
        "is_active": each.is_active,
        "joined_at": each.joined_at.isoformat(),
        "last_login": each.last_login.isoformat() if each.last_login else None,
    }


@person.command("invite")
@click.argument("email")
@click.option("--name", default="", help="For the greeting in the mail.")
@roles_option
@language_option
def invite(email: str, *, name: str, given: tuple[RoomRole, ...], language: str | None) -> None:
    """Invite EMAIL by mail to take roles; the link works once, for 14 days."""
    invitation = invitations.invite(
        email,
        name=name,
        roles=given,
        language=language or city().languages[0],
        actor=None,
        now=timezone.now(),
    )
    click.echo(f"Invited {invitation.email}{_with_roles(given)}, until {invitation.expires_at:%Y-%m-%d}.")


@person.command("token")
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
def token(email: str, *, name: str) -> None:
    """Make an API token for the person with EMAIL, and print its secret: this once."""
    _token, secret = tokens.create_token(people.person_by_email(email), name, actor=None)
    click.echo(secret)


@person.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Shut the account of EMAIL: no signing in, no tokens; roles are kept."""
    people.deactivate(people.person_by_email(email), actor=None)
    click.echo(f"{email}: shut")


@person.command("reactivate")
@click.argument("email")
def reactivate(email: str) -> None:
    """Open the account of EMAIL again."""
    people.reactivate(people.person_by_email(email), actor=None)
    click.echo(f"{email}: open")


@person.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second factor of EMAIL away, after a lost phone."""
    was_there = second_factor.reset(people.person_by_email(email), actor=None)
    click.echo(f"{email}: {'reset; the next sign-in sets up a new one' if was_there else 'there was none'}")


@person.command("export")
@click.argument("email")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP file."
)
def export(email: str, *, output: Path) -> None:
    """Write everything that the portal knows of EMAIL into a ZIP archive."""
    data_protection.hand_over(people.person_by_email(email), output, now=timezone.localtime())
    click.echo(f"{output}: written")


@person.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(email: str, *, yes: bool) -> None:
    """Erase the person with EMAIL for good; what they did as staff stays under a pseudonym."""
    found = people.person_by_email(email)
    if not yes:
        click.confirm(f"Erase {found.email} ({found.name or 'no name'}) for good?", abort=True)
    changed = data_protection.erase(found, actor=None, now=timezone.now())
    click.echo(f"Erased {found.pseudonym}: {sum(changed.values())} things changed.")

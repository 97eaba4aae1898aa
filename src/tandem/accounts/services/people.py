"""People: making, finding, deactivating."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet

from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.accounts.services.roles import forget, grant, keep_an_administrator
from tandem.core.errors import Conflict, NotFound
from tandem.core.text import say


class EmailTaken(Conflict):
    """Somebody has an account with that address already."""

    code = "accounts.email-taken"

    def __init__(self, email: str) -> None:
        super().__init__(
            say(
                "There is an account for {email} already. To give it roles: tandem person grant {email} …",
                email=email,
            )
        )


class PersonUnknown(NotFound):
    """Nobody has an account with that address."""

    code = "accounts.person-unknown"

    def __init__(self, email: str) -> None:
        super().__init__(
            say("There is no account for {email}. List them all with: tandem person list", email=email)
        )


class OwnAccount(Conflict):
    """An administrator tried to lock themselves out."""

    code = "accounts.own-account"

    def __init__(self) -> None:
        super().__init__(say("You cannot deactivate your own account. Ask another administrator."))


@transaction.atomic
def create_person(
    email: str,
    name: str = "",
    password: str | None = None,
    language: str = "en",
    roles: Iterable[str | RoomRole] = (),
    *,
    actor: Person | None = None,
) -> Person:
    """Make an account whose e-mail address counts as verified.

    Args:
        email: What the person signs in with; kept in lower case.
        name: What others see.
        password: None leaves the account without one; "Forgot your password?" sets the first.
        language: Code of the language that mail to the person is written in.
        roles: Roles or texts of the form ``room:role``.
        actor: Who does it; None for the command line.

    Raises:
        EmailTaken: There is an account for the address.
        UnknownRole: A role does not exist.
    """
    wanted = [RoomRole.parse(str(role)) for role in roles]
    email = email.strip().lower()
    if email_is_taken(email):
        raise EmailTaken(email)
    person = Person.objects.create_user(email, password, name=name, language=language)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    audit.record(actor, "accounts.person.create", person.uri)
    grant(person, *wanted, actor=actor)
    return person


def email_is_taken(email: str) -> bool:
    """Return whether an account uses the address, or has verified it."""
    email = email.strip().lower()
    return (
        Person.objects.filter(email=email).exists()
        or EmailAddress.objects.filter(email=email, verified=True).exists()
    )


def person_by_email(email: str) -> Person:
    """Return the person with that address.

    Raises:
        PersonUnknown: There is none.
    """
    found = Person.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise PersonUnknown(email)
    return found


def find_people(words: str = "", *, only_staff: bool = False) -> QuerySet[Person]:
    """Return the people whose name or address holds ``words``, with their roles, by name.

    Erased people are left out.
    """
    found = Person.objects.filter(erased_at=None).prefetch_related("grants").order_by("name", "email")
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found.filter(pk__in=Person.objects.filter(grants__isnull=False)) if only_staff else found


@transaction.atomic
def deactivate(person: Person, *, actor: Person | None) -> None:
    """Shut an account: its sessions and tokens stop working at once. Changes nothing twice.

    Raises:
        OwnAccount: It is the actor's own.
        LastAdministrator: Nobody else could administer the portal.
    """
    if actor is not None and actor.pk == person.pk:
        raise OwnAccount
    keep_an_administrator(without=person)
    _set_active(person, active=False, actor=actor, action="accounts.person.deactivate")


@transaction.atomic
def reactivate(person: Person, *, actor: Person | None) -> None:
    """Open an account again. Changes nothing twice."""
    _set_active(person, active=True, actor=actor, action="accounts.person.reactivate")


def _set_active(person: Person, *, active: bool, actor: Person | None, action: str) -> None:
    if person.erased_at is None and Person.objects.filter(pk=person.pk, is_active=not active).update(
        is_active=active
    ):
        person.is_active = active
        forget(person)
        audit.record(actor, action, person.uri)


@transaction.atomic
def change_profile(person: Person, *, name: str, language: str) -> None:
    """Keep the name and the language that a person chose for themselves."""
    person.name, person.language = name.strip(), language
    person.save(update_fields=["name", "language"])

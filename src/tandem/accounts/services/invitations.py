"""Invitations: sending, sending again, withdrawing, accepting."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.adapters import mail
from tandem.accounts.domain.invitation import VALID_FOR, InvitationState, invitation_state, may_be_sent_again
from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.labels import roles_by_room
from tandem.accounts.models import Invitation, Person, new_nonce
from tandem.accounts.services import audit, roles
from tandem.core.errors import Conflict, NotAllowed, NotFound
from tandem.core.text import say
from tandem.kit.installation import config

_signer = signing.Signer(salt="tandem.accounts.invitation")


class InvitationUnknown(NotFound):
    """The link is of no invitation: mistyped, cut short, or replaced by a newer one."""

    code = "accounts.invitation-unknown"

    def __init__(self) -> None:
        super().__init__(
            say("This link is of no invitation. A newer mail may have replaced it; look for the latest one.")
        )


class InvitationClosed(Conflict):
    """The invitation was accepted, withdrawn, or has expired."""

    code = "accounts.invitation-closed"

    def __init__(self, state: InvitationState) -> None:
        super().__init__(say("This invitation is {state}. Ask the city for a new one.", state=state))
        self.state = state


class AlreadyInvited(Conflict):
    """There is an open invitation to that address."""

    code = "accounts.already-invited"

    def __init__(self, email: str) -> None:
        super().__init__(
            say("{email} has an open invitation. Send it again, or withdraw it first.", email=email)
        )


class WrongAccount(NotAllowed):
    """Somebody tried to accept an invitation to another address."""

    code = "accounts.invitation-wrong-account"

    def __init__(self) -> None:
        super().__init__(
            say("This invitation is to another e-mail address. Sign in with the account of that address.")
        )


def state_of(invitation: Invitation, *, now: datetime) -> InvitationState:
    """Return the state of an invitation at ``now``."""
    return invitation_state(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
        now=now,
    )


def list_invitations() -> QuerySet[Invitation]:
    """Return all invitations with who invited, the newest first."""
    return Invitation.objects.select_related("invited_by")


def invite(
    email: str,
    *,
    roles: Iterable[RoomRole],
    language: str,
    actor: Person | None,
    now: datetime,
    name: str = "",
) -> Invitation:
    """Invite somebody by mail to take roles here. The link in the mail works once, for 14 days.

    The invitation is stored before the mail is sent: where that fails it can be sent again.

    Args:
        email: Whom to invite.
        roles: What accepting brings; none makes a plain account.
        language: Of the mail, and of the account that it makes.
        actor: Who invites; None for the command line.
        now: The moment that the 14 days begin.
        name: For the greeting in the mail; may be empty.

    Raises:
        AlreadyInvited: There is an open invitation to the address.
        MailNotSent: The mail server did not take the mail.
    """
    invitation = _create(email, roles=roles, language=language, actor=actor, now=now, name=name)
    _send(invitation, now=now)
    return invitation


@transaction.atomic
def _create(
    email: str, *, roles: Iterable[RoomRole], language: str, actor: Person | None, now: datetime, name: str
) -> Invitation:
    email = email.strip().lower()
    if Invitation.objects.filter(
        email=email, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    ).exists():
        raise AlreadyInvited(email)
    invitation = Invitation.objects.create(
        email=email,
        name=name.strip(),
        language=language,
        roles=sorted({str(role) for role in roles}),
        invited_by=actor,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    audit.record(actor, "accounts.invitation.create", invitation.uri, {"roles": invitation.roles})
    return invitation


def send_again(invitation: Invitation, *, actor: Person | None, now: datetime) -> None:
    """Send a new link, valid for 14 days from now; the links sent before stop working.

    Raises:
        InvitationClosed: It was accepted or withdrawn.
        MailNotSent: The mail server did not take the mail.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        state = state_of(locked, now=now)
        if not may_be_sent_again(state):
            raise InvitationClosed(state)
        locked.nonce, locked.expires_at = new_nonce(), now + VALID_FOR
        locked.save(update_fields=["nonce", "expires_at"])
        audit.record(actor, "accounts.invitation.send-again", locked.uri)
    _send(locked, now=now)


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: Person | None, now: datetime) -> None:
    """Make an invitation worthless.

    Raises:
        InvitationClosed: It was accepted or withdrawn before.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    state = state_of(locked, now=now)
    if not may_be_sent_again(state):
        raise InvitationClosed(state)
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    audit.record(actor, "accounts.invitation.withdraw", locked.uri)


def link(invitation: Invitation) -> str:
    """Return the address, on the portal's public host, by which an invitation is accepted."""
    key = _signer.sign_object({"id": invitation.pk.hex, "nonce": invitation.nonce})
    with override(invitation.language):
        return config().server.url + reverse("accounts:invitation", args=[key])


def _send(invitation: Invitation, *, now: datetime) -> None:
    context = {
        "invitation": invitation,
        "invited_by": invitation.invited_by,
        "roles": roles_by_room(RoomRole.parse(text) for text in invitation.roles),
        "link": link(invitation),
    }
    mail.send("accounts/mail/invitation", invitation.email, language=invitation.language, context=context)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)


def find(key: str, *, now: datetime) -> Invitation:
    """Return the open invitation whose link carries ``key``. Looking does not use the link up.

    Raises:
        InvitationUnknown: The key is none of ours, or of a link that a newer one replaced.
        InvitationClosed: The invitation was accepted, withdrawn, or has expired.
    """
    return _open(key, Invitation.objects.select_related("invited_by"), now=now)


def _open(key: str, invitations: QuerySet[Invitation], *, now: datetime) -> Invitation:
    try:
        named = _signer.unsign_object(key)
    except (signing.BadSignature, ValueError) as error:
        raise InvitationUnknown from error
    invitation = invitations.filter(pk=named["id"], nonce=named["nonce"]).first()
    if invitation is None:
        raise InvitationUnknown
    state = state_of(invitation, now=now)
    if state is not InvitationState.OPEN:
        raise InvitationClosed(state)
    return invitation


def account_for(invitation: Invitation) -> Person | None:
    """Return the account that the invitation extends, or None where accepting makes one.

    An account whose address was never verified does not count: anybody can have begun it.
    """
    address = (
        EmailAddress.objects.filter(email=invitation.email, verified=True).select_related("user").first()
    )
    return address.user if address else None


@transaction.atomic
def accept(key: str, person: Person, *, now: datetime) -> Invitation:
    """Take an invitation's roles with the account that one is signed in to.

    Raises:
        InvitationUnknown: The link is of no invitation.
        InvitationClosed: The invitation is not open.
        WrongAccount: The invitation is to another address.
    """
    invitation = _open(key, Invitation.objects.select_for_update(), now=now)
    if account_for(invitation) != person:
        raise WrongAccount
    return _close(invitation, person, now=now)


@transaction.atomic
def accept_as_new(key: str, *, name: str, password: str, now: datetime) -> Person:
    """Take an invitation's roles with a new account, whose address counts as verified.

    A sign-up with the address that was never verified is taken over, and its password replaced.

    Raises:
        InvitationUnknown: The link is of no invitation.
        InvitationClosed: The invitation is not open.
        WrongAccount: There is an account for the address; sign in to it instead.
    """
    invitation = _open(key, Invitation.objects.select_for_update(), now=now)
    if account_for(invitation) is not None:
        raise WrongAccount
    person = Person.objects.filter(email=invitation.email).first() or Person(
        email=invitation.email, joined_at=now
    )
    person.name, person.language, person.is_active = name.strip(), invitation.language, True
    person.set_password(password)
    person.save()
    EmailAddress.objects.filter(email=invitation.email).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    _close(invitation, person, now=now)
    return person


def _close(invitation: Invitation, person: Person, *, now: datetime) -> Invitation:
    invitation.accepted_at, invitation.accepted_by = now, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(person, "accounts.invitation.accept", invitation.uri)
    roles.grant(person, *(RoomRole.parse(text) for text in invitation.roles), actor=invitation.invited_by)
    return invitation

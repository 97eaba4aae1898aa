"""People who take part: known by their account, by a confirmed e-mail address, or as guests of one browser."""

import logging
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from tandem.accounts.adapters import mail
from tandem.accounts.models import Person
from tandem.core.errors import InvalidInput, NotAllowed
from tandem.core.text import say
from tandem.kit.installation import config
from tandem.participation.domain.phase import Who
from tandem.participation.models import Participant, Phase

log = logging.getLogger(__name__)
LINK_VALID = timedelta(hours=24)
_SALT = "tandem.participation.address"


class LinkNotValid(InvalidInput):
    """The link from the mail is cut short, changed or too old."""

    code = "participation.link-not-valid"

    def __init__(self) -> None:
        super().__init__(
            say(
                "This link is not complete, or older than a day. Enter your e-mail address again for a new one."
            )
        )


class Blocked(NotAllowed):
    """Moderation has shut this participant out."""

    code = "participation.blocked"

    def __init__(self) -> None:
        super().__init__(
            say("You cannot take part at the moment; we told you why by mail. You can appeal against it.")
        )


def of_person(person: Person) -> Participant | None:
    """Return the participant of an account, or None where it has not taken part yet."""
    return Participant.objects.select_related("person").filter(person=person).first()


def of_session(kept: str | None) -> Participant | None:
    """Return the participant that a browser's session names, unless erased."""
    try:
        wanted = UUID(kept or "")
    except ValueError:
        return None
    return Participant.objects.filter(pk=wanted, erased_at=None, person=None).first()


@transaction.atomic
def for_person(person: Person) -> Participant:
    """Return the participant of an account, made if need be.

    Who took part with the same address before there was an account goes on as the same participant, so that nobody
    counts twice.
    """
    known = of_person(person)
    if known:
        return known
    before = Participant.objects.filter(email=person.email).first()
    if before:
        before.kind, before.person, before.email = Who.ACCOUNT, person, ""
        before.save(update_fields=["kind", "person", "email"])
        return before
    try:
        with transaction.atomic():
            return Participant.objects.create(
                kind=Who.ACCOUNT, person=person, name=person.name[:60], language=person.language
            )
    except IntegrityError:  # the same person in another tab
        return Participant.objects.get(person=person)


def new_guest(language: str) -> Participant:
    """Return a new guest."""
    return Participant.objects.create(kind=Who.GUEST, language=language)


def refuse_blocked(participant: Participant | None) -> None:
    """Do nothing for somebody who may take part.

    Raises:
        Blocked: Moderation has shut them out.
    """
    if participant is not None and participant.blocked_at is not None:
        raise Blocked


# --- e-mail without an account ------------------------------------------------------------------
def send_link(email: str, *, language: str, back: str) -> None:
    """Mail a link that confirms an address. Nothing is kept until it is followed.

    Args:
        email: The address.
        language: Of the mail, and of those that follow.
        back: Where the link leads in the end: a path of ours.

    Raises:
        MailNotSent: The mail server did not take the mail.
    """
    token = signing.dumps({"email": email.strip().lower(), "language": language, "back": back}, salt=_SALT)
    with override(language):
        link = f"{config().server.url}{reverse('participation:confirm', args=[token])}"
    mail.send("participation/mail/confirm", email, language=language, context={"link": link})


def read_link(token: str) -> tuple[str, str, str]:
    """Return the address, the language and the way back that a link holds.

    Raises:
        LinkNotValid: It is not one of ours, or too old.
    """
    try:
        found = signing.loads(token, salt=_SALT, max_age=LINK_VALID)
    except signing.BadSignature as error:
        raise LinkNotValid from error
    return found["email"], found["language"], found["back"]


@transaction.atomic
def confirm(token: str) -> tuple[Participant, str]:
    """Return the participant whose address a link confirms, made if need be, and the way back.

    The account's participant where there is an account with the address, so that nobody counts twice.

    Raises:
        LinkNotValid: It is not one of ours, or too old.
    """
    email, language, back = read_link(token)
    known = Participant.objects.filter(email=email).first()
    if known is None:
        owner = Person.objects.filter(email=email, is_active=True).first()
        known = for_person(owner) if owner else None
    if known is None:
        known = Participant.objects.create(kind=Who.EMAIL, email=email, language=language)
        log.info("participation.participant.confirm", extra={"participant": str(known.pk)})
    return known, back


# --- counting everybody once --------------------------------------------------------------------
def voter_key(phase: Phase, kind: str, value: object) -> str:
    """Return what stands for a voter in the register of one phase: a keyed hash, another one in each phase.

    The key lies in a file outside the database, so that who has the database alone cannot try out addresses or codes.

    Args:
        kind: ``participant`` or ``code``.
        value: The participant's id, or the code in its plain form.
    """
    return salted_hmac(
        f"tandem.participation.voter.{phase.pk}", f"{kind}:{value}", algorithm="sha256"
    ).hexdigest()

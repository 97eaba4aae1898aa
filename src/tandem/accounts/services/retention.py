"""Forgetting what nobody needs any more."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tandem.accounts.domain.retention import CLOSED_INVITATIONS_FOR, REVOKED_TOKENS_FOR, unverified_since
from tandem.accounts.models import ApiToken, AuditEntry, Invitation, Person


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was forgotten.

    Attributes:
        people: Sign-ups whose address was never verified.
        sessions: Expired sessions.
        invitations: Invitations that were closed long ago.
        tokens: Tokens that were revoked long ago.
    """

    people: int
    sessions: int
    invitations: int
    tokens: int


@transaction.atomic
def purge(now: datetime) -> Purged:
    """Delete what has been kept long enough; safe to call at any time, and as often as one likes."""
    return Purged(
        people=_purge_people(now),
        sessions=_purge_sessions(now),
        invitations=_purge_invitations(now),
        tokens=_purge_tokens(now),
    )


def _purge_people(now: datetime) -> int:
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    acted = AuditEntry.objects.filter(actor=OuterRef("pk"))
    stale = Person.objects.filter(
        ~Exists(verified),
        ~Exists(acted),
        joined_at__lt=unverified_since(now),
        last_login=None,
        erased_at=None,
        grants=None,
    )
    _count, kinds = Person.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).delete()
    return kinds.get(Person._meta.label, 0)


def _purge_sessions(now: datetime) -> int:
    expired = Session.objects.filter(expire_date__lt=now).count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return expired


def _purge_invitations(now: datetime) -> int:
    before = now - CLOSED_INVITATIONS_FOR
    closed = (
        Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(accepted_at=None, expires_at__lt=before)
    )
    return Invitation.objects.filter(closed).delete()[0]


def _purge_tokens(now: datetime) -> int:
    return ApiToken.objects.filter(revoked_at__lt=now - REVOKED_TOKENS_FOR).delete()[0]

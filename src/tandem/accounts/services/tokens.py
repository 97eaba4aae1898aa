"""API tokens: secrets by which programs act for people."""

import hashlib
import secrets
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tandem.accounts.models import ApiToken, Person
from tandem.accounts.services import audit
from tandem.core.errors import NotFound
from tandem.core.text import say

PREFIX = "tandem_"
_HINT = len(PREFIX) + 4


class TokenUnknown(NotFound):
    """The person has no such token in use."""

    code = "accounts.token-unknown"

    def __init__(self, token_id: UUID) -> None:
        super().__init__(
            say("There is no token {token_id} in use. It may have been revoked before.", token_id=token_id)
        )


@transaction.atomic
def create_token(person: Person, name: str, *, actor: Person | None) -> tuple[ApiToken, str]:
    """Make a token that acts with the person's roles.

    Returns:
        The token, and its secret. The secret is shown once and cannot be found again.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person, name=name.strip(), hint=secret[:_HINT], digest=digest_of(secret)
    )
    audit.record(actor, "accounts.token.create", token.uri, {"person": person.uri})
    return token, secret


def digest_of(secret: str) -> str:
    """Return what is stored of a secret. 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def revoke_token(person: Person, token_id: UUID, *, actor: Person | None) -> None:
    """Make a person's token worthless.

    Raises:
        TokenUnknown: The person has no such token in use.
    """
    token = ApiToken.objects.filter(pk=token_id, person=person, revoked_at=None).first()
    if token is None:
        raise TokenUnknown(token_id)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit.record(actor, "accounts.token.revoke", token.uri, {"person": person.uri})


def person_of(secret: str) -> Person | None:
    """Return the active person whose token it is, or None; the token's last day of use is kept."""
    if not secret.startswith(PREFIX):
        return None
    token = (
        ApiToken.objects.select_related("person")
        .filter(digest=digest_of(secret), revoked_at=None, person__is_active=True)
        .first()
    )
    if token is None:
        return None
    _note_use(token, timezone.localdate())
    return token.person


def _note_use(token: ApiToken, today: date) -> None:
    """Keep the day, by one write a day at most."""
    if token.last_used_on != today:
        ApiToken.objects.filter(~Q(last_used_on=today) | Q(last_used_on=None), pk=token.pk).update(
            last_used_on=today
        )

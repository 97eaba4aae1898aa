"""The audit trail: who of the staff did what, and when."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from tandem.accounts.models import ApiToken, AuditEntry, Invitation, Person

SYSTEM = "system"
_URN = "urn:uuid:"
_OURS = re.compile(_URN + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_PEOPLE = 500  # as many as a query may name


def record(
    actor: Person | None, action: str, subject: str = "", detail: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Add an entry to the audit trail, in the transaction of the action itself.

    Args:
        actor: Who acts; None for the command line and for the portal itself.
        action: ``room.thing.verb``: ``catalogue.dataset.publish``.
        subject: URI of what is acted upon.
        detail: JSON values that help to understand it. No names and no addresses of people: the
            trail outlives them.
    """
    known = actor if actor is not None and actor.pk else None
    return AuditEntry.objects.create(
        actor=known,
        actor_label=known.pseudonym if known else SYSTEM,
        action=action,
        subject=subject,
        detail=dict(detail or {}),
    )


def find_entries(
    *, words: str = "", action: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[AuditEntry]:
    """Return the entries that fit, with their actors, the newest first.

    Args:
        words: Part of a name, an e-mail address or a pseudonym, of who acted or of whom it was done to.
        action: The beginning of an action: ``catalogue`` or ``catalogue.dataset.publish``.
        since: First day, in the city's time zone.
        until: Last day, included.
    """
    found = AuditEntry.objects.select_related("actor")
    if words.strip():
        found = found.filter(_about(words.strip()))
    if action:
        found = found.filter(Q(action=action) | Q(action__startswith=f"{action}."))
    if since:
        found = found.filter(at__gte=_midnight(since))
    return found.filter(at__lt=_midnight(until + timedelta(days=1))) if until else found


def entries_about(subject: str) -> QuerySet[AuditEntry]:
    """Return the entries about one thing, with their actors, the newest first."""
    return AuditEntry.objects.select_related("actor").filter(subject=subject)


def _about(words: str) -> Q:
    known = Person.objects.filter(
        Q(name__icontains=words) | Q(email__icontains=words) | Q(pseudonym__iexact=words)
    )
    uris = [person_id.urn for person_id in known.values_list("pk", flat=True)[:_MOST_PEOPLE]]
    return Q(actor__in=known) | Q(actor_label__iexact=words) | Q(subject__in=uris) | Q(subject=words)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def actions() -> list[str]:
    """Return the actions that the trail holds, by name."""
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def names_in(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return what the people, invitations and tokens are called that entries speak of, by URI.

    Takes three queries, however many entries there are.
    """
    spoken = {str(value) for entry in entries for value in (entry.subject, *entry.detail.values())}
    ids = [uri.removeprefix(_URN) for uri in spoken if _OURS.fullmatch(uri)]
    found: list[Person | Invitation | ApiToken] = [
        *Person.objects.filter(pk__in=ids),
        *Invitation.objects.filter(pk__in=ids),
        *ApiToken.objects.filter(pk__in=ids),
    ]
    return {each.uri: str(each) for each in found}


def as_rows(entries: QuerySet[AuditEntry]) -> Iterator[list[str]]:
    """Return entries as rows of text, the heads first, without loading them all at once."""
    yield ["at", "pseudonym", "name", "action", "subject", "detail"]
    for entry in entries.iterator(chunk_size=1_000):
        detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
        who = str(entry.actor) if entry.actor else ""
        yield [entry.at.isoformat(), entry.actor_label, who, entry.action, entry.subject, detail]

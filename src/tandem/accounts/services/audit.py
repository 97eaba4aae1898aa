"""The audit trail: who of the staff did what, and when."""

from collections.abc import Mapping
from typing import Any

from tandem.accounts.models import AuditEntry, Person

SYSTEM = "system"


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

"""Data-protection requests: everything about a person in one file, and erasure.

Every room registers what it knows of a person, and how it forgets them.
"""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q

from tandem.accounts.models import AuditEntry, Invitation, Person
from tandem.accounts.services import audit, roles
from tandem.core.errors import Conflict
from tandem.core.text import say

Exporter = Callable[[Person], dict[str, Any]]
Eraser = Callable[[Person], int]
_exporters: dict[str, Exporter] = {}
_erasers: dict[str, Eraser] = {}


class AlreadyErased(Conflict):
    """The person was erased before."""

    code = "accounts.already-erased"

    def __init__(self) -> None:
        super().__init__(say("This person was erased before; nothing that identifies them is left."))


def register_exporter(room: str, export: Exporter) -> None:
    """Make a room's knowledge of a person part of every export.

    Args:
        room: Name of the file in the export.
        export: Returns JSON values (dates and UUIDs are allowed).
    """
    _exporters[room] = export


def register_eraser(room: str, erase_in_room: Eraser) -> None:
    """Make a room forget people who are erased.

    Args:
        room: ``catalogue``, ``participation`` …
        erase_in_room: Deletes or anonymises in the transaction of the erasure, and returns how many
            things it changed.
    """
    _erasers[room] = erase_in_room


def export_person(person: Person) -> dict[str, dict[str, Any]]:
    """Return everything that the portal knows of a person, by room."""
    return {
        "accounts": _export_account(person),
        **{room: export(person) for room, export in _exporters.items()},
    }


def export_zip(person: Person, *, now: datetime) -> bytes:
    """Return everything that the portal knows of a person as a ZIP archive, one JSON file per room."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for room, values in export_person(person).items():
            entry = zipfile.ZipInfo(f"{room}.json", date_time=now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, json.dumps(values, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))
    return target.getvalue()


def hand_over(person: Person, path: Path, *, now: datetime) -> None:
    """Write a person's export for the operator to pass on; the audit trail says so.

    Raises:
        OSError: The file cannot be written.
    """
    path.write_bytes(export_zip(person, now=now))
    audit.record(None, "accounts.person.export", person.uri)


def _export_account(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk,
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "pseudonym": person.pseudonym,
        "joined_at": person.joined_at,
        "last_login": person.last_login,
        "email_addresses": list(
            EmailAddress.objects.filter(user=person).values("email", "verified", "primary")
        ),
        "roles": [{"role": str(each), "granted_at": each.granted_at} for each in person.grants.all()],
        "second_factors": list(
            Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")
        ),
        "tokens": list(person.tokens.values("name", "hint", "created_at", "last_used_on", "revoked_at")),
        "invitations": list(
            _invitations(person).values("email", "name", "roles", "created_at", "accepted_at")
        ),
        "actions": list(AuditEntry.objects.filter(actor=person).values("at", "action", "subject", "detail")),
        "done_to_the_account": list(
            AuditEntry.objects.filter(subject=person.uri).values("at", "action", "actor_label", "detail")
        ),
    }


def _invitations(person: Person) -> Any:
    return Invitation.objects.filter(Q(email=person.email) | Q(accepted_by=person))


@transaction.atomic
def erase(person: Person, *, actor: Person | None, now: datetime) -> dict[str, int]:
    """Take away everything that identifies a person, for ever.

    The account cannot be signed in to any more. What it did as staff stays in the audit trail under
    a pseudonym; what it contributed is anonymised by the rooms.

    Args:
        person: Who is erased.
        actor: Who asks: the person, an administrator, or None for the command line.
        now: The moment that is kept as that of the erasure.

    Returns:
        How many things each room changed.

    Raises:
        LastAdministrator: Nobody else could administer the portal.
        AlreadyErased: It was done before.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None:
        raise AlreadyErased
    roles.keep_an_administrator(without=person)
    changed = {room: erase_in_room(person) for room, erase_in_room in _erasers.items()}
    changed["accounts"] = _erase_account(person, now=now)
    audit.record(actor, "accounts.person.erase", person.uri, {"changed": changed})
    return changed


def _erase_account(person: Person, *, now: datetime) -> int:
    gone = [
        person.grants.all(),
        person.tokens.all(),
        Authenticator.objects.filter(user=person),
        EmailAddress.objects.filter(user=person),
        _invitations(person),
    ]
    deleted: int = sum(each.delete()[0] for each in gone)
    person.email = f"{person.pseudonym.lower()}@erased.invalid"
    person.name, person.last_login, person.is_active, person.erased_at = "", None, False, now
    person.set_unusable_password()
    person.save()
    roles.forget(person)
    return deleted + 1

"""What adoptions know of a person, and how they forget them: ids only, of whoever adopted and signed off."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from tandem.accounts.models import Person
from tandem.exchange.models import Adoption, WaitingBundle


def export(person: Person) -> dict[str, Any]:
    """Return everything about the person of an account."""
    return {
        "adoptions_begun": list(
            Adoption.objects.filter(begun_by=str(person.pk)).values("measure__iri", "version", "begun_at")
        ),
        "adopted_parts": [
            {"measure": row.measure.iri, "part": part["key"], **_said(part, str(person.pk))}
            for row in _naming(person, Adoption.objects.all())
            for part in row.parts
            if _said(part, str(person.pk))
        ],
        "bundles_brought": list(
            WaitingBundle.objects.filter(brought_by=person).values("measure", "version", "came_at")
        ),
    }


@transaction.atomic
def forget(person: Person) -> int:
    """Take the person of an account from every adoption; return how many named them. What was signed stays signed."""
    changed = WaitingBundle.objects.filter(brought_by=person).update(brought_by=None)
    for row in _naming(person, Adoption.objects.select_for_update(of=("self",))):
        row.begun_by = "" if row.begun_by == str(person.pk) else row.begun_by
        row.parts = [_without(part, str(person.pk)) for part in row.parts]
        row.save(update_fields=["begun_by", "parts"])
        changed += 1
    return changed


def _naming(person: Person, adoptions: QuerySet[Adoption]) -> list[Adoption]:
    rows = adoptions.select_related("measure").exclude(Q(begun_by="") & Q(parts=[]))
    key = str(person.pk)
    return [row for row in rows if row.begun_by == key or any(_said(part, key) for part in row.parts)]


def _said(part: dict[str, Any], key: str) -> dict[str, Any]:
    sign_off = part["sign_off"]
    signed = {"signed_off_at": sign_off["at"], "note": sign_off["note"]} if _signed(part, key) else {}
    return {**({"taken_over": True} if part["made_by"] == key else {}), **signed}


def _signed(part: dict[str, Any], key: str) -> bool:
    return bool(part["sign_off"]) and part["sign_off"]["by"] == key


def _without(part: dict[str, Any], key: str) -> dict[str, Any]:
    made_by = "" if part["made_by"] == key else part["made_by"]
    sign_off = {**part["sign_off"], "by": ""} if _signed(part, key) else part["sign_off"]
    return {**part, "made_by": made_by, "sign_off": sign_off}

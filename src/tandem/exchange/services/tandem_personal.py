"""What tandems know of a person, and how they forget them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tandem.accounts.models import Person
from tandem.exchange.models import Decision, LogEntry, Tandem, Visit


def export(person: Person) -> dict[str, Any]:
    """Return everything about the person of an account.

    Participants of visits have no account, so they are found by their name; another person may have the same one.
    """
    return {
        "tandems_begun": list(Tandem.objects.filter(created_by=person).values("slug")),
        "log_entries": list(LogEntry.objects.filter(written_by=person).values("on", "stage", "texts")),
        "decisions": list(
            Decision.objects.filter(decided_by=person).values("on", "city", "verdict", "reasons")
        ),
        "named_at_visits": [
            {"visit": str(visit.pk), "begins_at": visit.begins_at, **each}
            for visit in _named(person, Visit.objects.all())
            for each in visit.participants
            if _is_named(each, person)
        ],
    }


@transaction.atomic
def forget(person: Person) -> int:
    """Take the person of an account from every tandem; return how many things carried them. Role and city stay."""
    changed = (
        Tandem.objects.filter(created_by=person).update(created_by=None)
        + LogEntry.objects.filter(written_by=person).update(written_by=None)
        + Decision.objects.filter(decided_by=person).update(decided_by=None)
    )
    for visit in _named(person, Visit.objects.select_for_update()):
        visit.participants = [
            {**each, "name": "", "agreed_on": ""} if _is_named(each, person) else each
            for each in visit.participants
        ]
        visit.save(update_fields=["participants"])
        changed += 1
    return changed


def _named(person: Person, visits: QuerySet[Visit]) -> list[Visit]:
    if not person.name.strip():
        return []
    return [each for each in visits if any(_is_named(one, person) for one in each.participants)]


def _is_named(participant: dict[str, Any], person: Person) -> bool:
    return (
        bool(participant["name"]) and participant["name"].casefold().strip() == person.name.casefold().strip()
    )

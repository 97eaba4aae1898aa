"""What the room knows of somebody, and how it forgets them. What they did stays, without them."""

from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.junctions.models import Evaluation, FileStep, FileVersion, Junction


def export(person: Person) -> dict[str, Any]:
    """Return everything about the person of an account; the room knows only what members of staff did."""
    return {
        "registered": list(Junction.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "offered": list(Junction.objects.filter(offered_by=person).values("iri", "slug")),
        "uploaded": list(
            FileVersion.objects.filter(uploaded_by=person).values("junction__slug", "number", "uploaded_at")
        ),
        "decided": list(
            FileStep.objects.filter(by=person).values(
                "version__junction__slug", "version__number", "action", "at", "reason"
            )
        ),
        "evaluations": list(
            Evaluation.objects.filter(added_by=person).values("junction__slug", "number", "added_at")
        ),
    }


@transaction.atomic
def forget(person: Person) -> int:
    """Take the person of an account from everything in this room; return how many things carried them."""
    return (
        Junction.objects.filter(created_by=person).update(created_by=None)
        + Junction.objects.filter(offered_by=person).update(offered_by=None)
        + FileVersion.objects.filter(uploaded_by=person).update(uploaded_by=None)
        + FileVersion.objects.filter(proposed_by=person).update(proposed_by=None)
        + FileStep.objects.filter(by=person).update(by=None)
        + Evaluation.objects.filter(added_by=person).update(added_by=None)
    )

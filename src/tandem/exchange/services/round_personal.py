"""What rounds of matching know of a person, and how they forget them."""

from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.exchange.models import Round, RoundAnswer, RoundResult, RoundStep


def export(person: Person) -> dict[str, Any]:
    """Return everything about the person of an account."""
    return {
        "rounds_begun": list(Round.objects.filter(created_by=person).values("slug", "created_at")),
        "results_made": list(
            RoundResult.objects.filter(made_by=person).values("round__slug", "number", "made_at")
        ),
        "answers_recorded": list(
            RoundAnswer.objects.filter(recorded_by=person).values("city", "recorded_at")
        ),
        "steps": list(RoundStep.objects.filter(person=person).values("what", "at")),
    }


@transaction.atomic
def forget(person: Person) -> int:
    """Take the person of an account from every round; return how many things carried them."""
    return (
        Round.objects.filter(created_by=person).update(created_by=None)
        + RoundResult.objects.filter(made_by=person).update(made_by=None)
        + RoundAnswer.objects.filter(recorded_by=person).update(recorded_by=None)
        + RoundStep.objects.filter(person=person).update(person=None)
    )

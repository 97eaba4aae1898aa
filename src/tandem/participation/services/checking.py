"""The office checks proposals for the budget: what they cost, and whether they can be done."""

from datetime import datetime

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.text import say
from tandem.participation.models import Contribution, Phase
from tandem.participation.services import notifying


@transaction.atomic
def check(
    proposal: Contribution,
    *,
    feasible: bool,
    cost_cents: int | None,
    note: str,
    phase: Phase,
    person: Person,
    now: datetime,
) -> None:
    """Keep what the office found, and tell the author.

    Args:
        cost_cents: Needed where it is feasible.
        note: Published with the proposal.
        phase: The phase of checking.
    """
    proposal.feasible, proposal.cost_cents, proposal.check_note = feasible, cost_cents, note
    proposal.checked_at = proposal.changed_at = now
    proposal.save(update_fields=["feasible", "cost_cents", "check_note", "checked_at", "changed_at"])
    audit.record(
        person,
        "participation.proposal.check",
        phase.process.iri,
        {"proposal": proposal.number, "feasible": feasible, "cost_cents": cost_cents},
    )
    if proposal.participant:
        notifying.notify(
            [proposal.participant],
            said=say("The city has checked your proposal “{title}”.", title=proposal.title),
            path=f"take-part/{phase.process.slug}/{proposal.phase.number}/ideas/{proposal.number}/",
            project=phase.process.project,
            now=now,
            urgent=True,
        )

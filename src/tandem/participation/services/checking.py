"""The office checks proposals for the budget: what they cost, and whether they can be done."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.participation.domain.check_table import Checked, finding_of
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen, PhaseState
from tandem.participation.models import Contribution, Participant, Phase
from tandem.participation.services import notifying


def to_check(phase: Phase) -> QuerySet[Contribution]:
    """Return the proposals of a process that somebody has to check, by number."""
    rows = Contribution.objects.filter(
        process=phase.process_id, kind="proposal", hidden_at=None, withdrawn_at=None
    )
    return rows.select_related("phase").order_by("number")


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

    Raises:
        PhaseNotOpen: It is not open at ``now``: what is voted on does not change any more.
    """
    if phase.phase_kind is not PhaseKind.BUDGET_CHECK or phase.state(now) is not PhaseState.OPEN:
        raise PhaseNotOpen(say("Proposals can be checked while that phase is open."), phase.state(now))
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
        _tell_author(proposal.participant, proposal, phase, now)


def _tell_author(author: Participant, proposal: Contribution, phase: Phase, now: datetime) -> None:
    notifying.notify(
        [author],
        said=say("The city has checked your proposal “{title}”.", title=proposal.title),
        path=f"take-part/{phase.process.slug}/{proposal.phase.number}/ideas/{proposal.number}/",
        project=phase.process.project,
        now=now,
        urgent=True,
    )


@transaction.atomic
def check_many(
    phase: Phase, rows: Sequence[Checked], *, person: Person, now: datetime
) -> tuple[int, list[Finding]]:
    """Keep what a table says of proposals; return how many changed, and the rows that name none of ours.

    Rows that say what is known already change nothing and tell nobody.

    Raises:
        PhaseNotOpen: The phase of checking is not open.
    """
    known = {each.number: each for each in to_check(phase).select_related("phase", "participant__person")}
    changed, found = 0, list[Finding]()
    for row in rows:
        proposal = known.get(row.number)
        if proposal is None:
            found.append(finding_of(row.line, say("There is no proposal {number}.", number=row.number)))
        elif (proposal.feasible, proposal.cost_cents, proposal.check_note) != _values(row):
            feasible, cost_cents, note = _values(row)
            check(
                proposal,
                feasible=feasible,
                cost_cents=cost_cents,
                note=note,
                phase=phase,
                person=person,
                now=now,
            )
            changed += 1
    return changed, found


def _values(row: Checked) -> tuple[bool, int | None, str]:
    return row.feasible, row.cost_cents, row.note

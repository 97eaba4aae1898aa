"""Votes on budgets for tests: four proposals, codes for letters, and addresses of their pages."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse

from tandem.accounts.models import Person
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Contribution, Phase
from tandem.participation.services import voting_codes
from tests.participation.conftest import NOW

SETTINGS = {"budget_cents": 100_000_00, "most_choices": 3}
PROPOSALS = {"Bank": 40_000, "Baum": 30_000, "Bus": 60_000, "Bad": 90_000}


def add_proposal(phase: Phase, number: int, title: str, **columns: Any) -> Contribution:
    """Make a proposal in the process of a phase."""
    first = phase.process.phases.get(number=1)
    values = {"title": title, "text": f"{title}, bitte.", "language": "de", **columns}
    return Contribution.objects.create(
        process=phase.process, phase=first, kind="proposal", number=number, **values
    )


def a_vote(a_phase: Callable[..., Phase], *, state: str = "open", **settings: Any) -> Phase:
    """Return a phase of voting with four checked proposals, that admits codes and, against all advice, accounts."""
    ways = ["account", "code"]
    made = a_phase(PhaseKind.BUDGET_VOTE, state=state, settings={**SETTINGS, **settings}, admitted=ways)
    for number, (title, euros) in enumerate(PROPOSALS.items(), 1):
        add_proposal(made, number, title, feasible=True, cost_cents=euros * 100)
    return made


def codes(phase: Phase, person: Person, count: int = 3, *, batch: str = "north") -> Sequence[str]:
    """Return new codes."""
    return voting_codes.make_codes(phase, count, batch=batch, person=person, now=NOW)


def url(phase: Phase, name: str, *more: Any) -> str:
    """Return the address of a page of a phase."""
    return reverse(f"participation:{name}", args=[phase.process.slug, phase.number, *more])


def send(client: Any, phase: Phase, code: str, *choices: str, step: str = "cast") -> Any:
    """Post a ballot with a code."""
    return client.post(url(phase, "vote_ballot"), {"voting_code": code, "choice": choices, "step": step})

"""Add1 takes many steps at once, also where prices are equal: few voters with much money would wait for minutes."""

from tandem.participation.domain.budget import raising
from tandem.participation.domain.budget.allocation import allocate
from tandem.participation.domain.budget.election import Ballot, Election, Proposal
from tandem.participation.domain.budget.rule import Rule


def test_equal_prices_do_not_make_single_steps(monkeypatch):
    """Twelve voters, one vote each: every price is the same, and shares rise by 111,667 steps of a euro."""
    begun = []

    class Counted(raising.Market):
        def __init__(self, *arguments):
            begun.append(arguments)
            super().__init__(*arguments)

    monkeypatch.setattr(raising, "Market", Counted)
    proposals = tuple(Proposal(f"{number:02}", number * 10_000_00) for number in range(1, 13))
    ballots = tuple(Ballot((each.id,)) for each in proposals)
    found = allocate(Election(100_000_00, proposals, ballots), Rule(add_one=True))

    assert found.winners == ("01", "02", "03", "04")
    assert len(begun) < 200

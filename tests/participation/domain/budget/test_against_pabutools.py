"""Real elections and random ones: the winners of pabutools' exact arithmetic, in the same order. And official results.

pabutools is GPL, so it only judges. ``pip install pabutools`` into an environment with pytest and Hypothesis, and run
this file there with the sources on PYTHONPATH.
"""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.participation.adapters import pabulib
from tandem.participation.domain.budget.allocation import Stage, allocate
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.domain.budget.raising import Stop
from tandem.participation.domain.budget.rule import Method, Rule, Start, Utility
from tests.participation.domain.budget import slow

pytestmark = pytest.mark.conformance
FILES = (
    "Poland_Swiecie_2023",
    "Poland_Warszawa_2026_Mokotow",
    "Poland_Warszawa_2026",
    "Hungary_Budapest_2024",
)


@cache
def read(folder, name):
    return pabulib.read((folder / "pabulib" / f"{name}.pb").read_bytes())


# --- official results -----------------------------------------------------------------------------
@pytest.mark.parametrize("start", Start)
@pytest.mark.parametrize("completion", [False, True])
def test_swiecie_2023_as_it_was_decided(shared_data, start, completion):
    """Its rule is named "equalshares/add1": with the cost as utility; completion finds nothing that still fits."""
    reading = read(shared_data, "Poland_Swiecie_2023")

    allocation = allocate(reading.election, Rule(add_one=True, start=start, completion=completion))

    assert set(allocation.winners) == reading.official
    assert allocation.stop is Stop.EXHAUSTED


@pytest.mark.parametrize(("name", "least_votes"), [(FILES[1], 150), (FILES[2], 3_000)])
def test_warsaw_2026_as_it_was_decided(shared_data, name, least_votes):
    """Its rule is named "greedy-threshold"."""
    reading = read(shared_data, name)

    allocation = allocate(reading.election, Rule(method=Method.MOST_VOTES, least_votes=least_votes))

    assert set(allocation.winners) == reading.official


@pytest.mark.parametrize(
    ("name", "ballots"), [(FILES[0], 695), (FILES[1], 2_580), (FILES[2], 51_202), (FILES[3], 20_132)]
)
def test_all_equal_ballots_are_merged(shared_data, name, ballots):
    election = read(shared_data, name).election

    assert len(election.ballots) == ballots == len({ballot.choices for ballot in election.ballots})


# --- pabutools ------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def judge():
    """Return pabutools' modules, or skip."""
    reason = "pabutools judges and is not installed here"
    return (
        pytest.importorskip("pabutools.election", reason=reason),
        pytest.importorskip("pabutools.rules", reason=reason),
        pytest.importorskip("pabutools.tiebreaking", reason=reason),
    )


def their_election(judge, election, utility):
    """Return instance, profile, measure of satisfaction and order of ties that mean the same to pabutools."""
    theirs, _rules, ties = judge
    projects = {each.id: theirs.Project(each.id, each.cost_cents) for each in election.proposals}
    instance = theirs.Instance(projects.values(), budget_limit=election.budget_cents)
    single = [each for each in election.ballots for _voter in range(each.voters)]
    if utility is Utility.POINTS:
        profile = theirs.CumulativeProfile(
            theirs.CumulativeBallot(
                {
                    projects[name]: Fraction(points)
                    for name, points in zip(each.choices, each.points, strict=True)
                }
            )
            for each in single
        )
    elif utility is Utility.BORDA:
        profile = theirs.OrdinalProfile(
            theirs.OrdinalBallot([projects[name] for name in each.choices]) for each in single
        )
    else:
        profile = theirs.ApprovalProfile(
            theirs.ApprovalBallot(projects[name] for name in each.choices) for each in single
        )
    order = slow.tie_order(election, utility)
    return (
        instance,
        profile,
        measure(theirs, utility),
        ties.TieBreakingRule(lambda _i, _p, each: order[each.name]),
    )


def measure(theirs, utility):
    if utility is Utility.BORDA:  # theirs gives the last one nothing

        class Borda(theirs.AdditiveSatisfaction):
            def __init__(self, instance, profile, ballot):
                super().__init__(instance, profile, ballot, borda)

        return Borda
    return {
        Utility.COST: theirs.Cost_Sat,
        Utility.CARDINALITY: theirs.Cardinality_Sat,
        Utility.POINTS: theirs.Additive_Cardinal_Sat,
    }[utility]


def borda(_instance, _profile, ballot, project, _values):
    return len(ballot) - ballot.position(project) if project in ballot else 0


def ours(election, rule):
    """Return the winners in order, those aside that cost nothing: pabutools takes them in no order."""
    free = {each.id for each in election.proposals if not each.cost_cents}
    return [each for each in allocate(election, rule).winners if each not in free]


def theirs_paid(allocation):
    return [each.name for each in allocation if each.cost > 0]


@pytest.mark.slow
@pytest.mark.parametrize("utility", [Utility.COST, Utility.CARDINALITY])
@pytest.mark.parametrize("name", FILES)
def test_real_elections(shared_data, judge, name, utility):
    election = read(shared_data, name).election
    instance, profile, satisfaction, ties = their_election(judge, election, utility)

    shares = judge[1].method_of_equal_shares(instance, profile, sat_class=satisfaction, tie_breaking=ties)
    greedy = judge[1].greedy_utilitarian_welfare(instance, profile, sat_class=satisfaction, tie_breaking=ties)

    assert ours(election, Rule(utility=utility)) == theirs_paid(shares)
    assert ours(election, Rule(method=Method.GREEDY, utility=utility)) == theirs_paid(greedy)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_the_last_step_of_add_one_and_the_one_after(shared_data, judge, name):
    """All of pabutools' steps take minutes to hours; the share it would end with, and the next one, take seconds."""
    election = read(shared_data, name).election
    rule = Rule(add_one=True, step_cents=100_00 if name == FILES[3] else 100)
    allocation = allocate(election, rule)
    instance, profile, satisfaction, ties = their_election(judge, election, rule.utility)

    def at(share_cents):
        instance.budget_limit = share_cents * election.voters
        return theirs_paid(
            judge[1].method_of_equal_shares(instance, profile, sat_class=satisfaction, tie_breaking=ties)
        )

    assert at(allocation.final_share_cents) == list(allocation.winners)
    if allocation.stop is Stop.OVERSPENDS:
        assert at(allocation.final_share_cents + rule.step_cents) == list(allocation.overspending)


@pytest.mark.slow
@pytest.mark.parametrize("utility", [Utility.COST, Utility.CARDINALITY])
def test_every_step_of_add_one_for_a_small_city(shared_data, judge, utility):
    election = read(shared_data, FILES[0]).election
    instance, profile, satisfaction, ties = their_election(judge, election, utility)

    outcome = judge[1].method_of_equal_shares(
        instance, profile, sat_class=satisfaction, tie_breaking=ties, voter_budget_increment=100
    )

    assert ours(election, Rule(utility=utility, add_one=True)) == theirs_paid(outcome)


@pytest.mark.parametrize(
    ("vote_type", "utility"),
    [
        (VoteType.APPROVAL, Utility.COST),
        (VoteType.APPROVAL, Utility.CARDINALITY),
        (VoteType.CUMULATIVE, Utility.POINTS),
        (VoteType.ORDINAL, Utility.BORDA),
    ],
)
@settings(max_examples=125, deadline=None)
@given(data=st.data())
def test_random_elections(judge, data, vote_type, utility):
    election = data.draw(slow.elections(vote_type))
    step = data.draw(st.sampled_from([None, 50, 100]))
    rule = Rule(utility=utility, add_one=step is not None, step_cents=step or 100)
    instance, profile, satisfaction, ties = their_election(judge, election, utility)

    outcome = judge[1].method_of_equal_shares(
        instance, profile, sat_class=satisfaction, tie_breaking=ties, voter_budget_increment=step
    )
    greedy = judge[1].greedy_utilitarian_welfare(
        instance, profile, sat_class=satisfaction, is_sat_additive=True, tie_breaking=ties
    )
    completed = judge[1].greedy_utilitarian_welfare(
        instance,
        profile,
        sat_class=satisfaction,
        is_sat_additive=True,
        tie_breaking=ties,
        initial_budget_allocation=outcome,
    )

    supported = {name for name, number in slow.votes(election, utility).items() if number}
    assert ours(election, rule) == theirs_paid(outcome)
    assert ours(election, Rule(method=Method.GREEDY, utility=utility)) == [
        each for each in theirs_paid(greedy) if each in supported
    ]
    finished = allocate(
        election, Rule(utility=utility, add_one=step is not None, step_cents=step or 100, completion=True)
    )
    assert [each.proposal_id for each in finished.awards if each.stage is not Stage.FREE] == [
        each for each in theirs_paid(completed) if each in supported
    ]

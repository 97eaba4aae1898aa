"""``tandem budget …``: reckon the result of any election in Pabulib's form, and say why it is so.

Needs no installation: a file is enough, so that anybody can reckon a city's result again.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tandem.core.errors import InvalidInput, NotFound
from tandem.core.findings import Severity, count_by_severity
from tandem.core.text import say
from tandem.participation.adapters import pabulib
from tandem.participation.adapters.pabulib import Reading
from tandem.participation.domain.budget.allocation import Allocation, allocate
from tandem.participation.domain.budget.election import Election, VoteType
from tandem.participation.domain.budget.explanation import Explanation, Lost, Reason, Won, explain
from tandem.participation.domain.budget.raising import Stop
from tandem.participation.domain.budget.rule import Method, Rule, Utility

MOST_FINDINGS = 20
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.pb")


class NoElection(InvalidInput):
    """A file holds no election that can be reckoned."""

    code = "participation.budget.no-election"


class NoSuchProposal(NotFound):
    """The election has no such proposal."""

    code = "participation.budget.no-such-proposal"


def _with_rule(command: Any) -> Any:
    """Give a command the options that make a rule."""
    options = (
        click.option(
            "--method",
            type=click.Choice([each.value for each in Method]),
            default=Method.EQUAL_SHARES.value,
            show_default=True,
            help="How winners are found.",
        ),
        click.option(
            "--utility",
            type=click.Choice([each.value for each in Utility]),
            help="What a winner is worth to who voted for it; by default its points, or else its cost.",
        ),
        click.option(
            "--add-one/--no-add-one",
            default=True,
            show_default=True,
            help="Raise shares while money is left.",
        ),
        click.option(
            "--completion/--no-completion",
            default=True,
            show_default=True,
            help="Spend what is left by the greedy method.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def budget() -> None:
    """Reckon participatory budgets from Pabulib files, and explain the result."""


@budget.command("allocate")
@FILE
@_with_rule
def allocate_file(file: Path, *, as_json: bool, **wishes: Any) -> None:
    """Print what the budget of FILE.pb is spent on."""
    reading, election, allocation = _reckoned(file, wishes)
    if as_json:
        click.echo(json.dumps(_as_dict(election, allocation, reading), ensure_ascii=False))
        return
    for award in allocation.awards:
        name = election.proposal(award.proposal_id).name
        click.echo(f"{award.turn:>4}  {_euros(award.cost_cents):>16}  {award.proposal_id}  {name}")
    click.echo(_summary(election, allocation))
    if reading.official:
        click.echo(_compared(reading.official, set(allocation.winners)))


@budget.command("explain")
@FILE
@_with_rule
@click.option("--proposal", help="Id of one proposal; all of them without it.")
def explain_file(file: Path, *, as_json: bool, proposal: str | None, **wishes: Any) -> None:
    """Print why each proposal of FILE.pb won or lost: who paid, and where its supporters' money went."""
    _reading, election, allocation = _reckoned(file, wishes)
    told = explain(election, allocation)
    entries: list[Won | Lost] = [*told.won, *told.lost]
    if proposal is not None:
        entries = [each for each in entries if each.proposal_id == proposal]
        if not entries:
            raise NoSuchProposal(say("There is no proposal {id} in this election.", id=proposal))
    if as_json:
        click.echo(json.dumps(_explained(told, proposal), ensure_ascii=False))
        return
    names = {each.id: each.name for each in election.proposals}
    for each in entries:
        click.echo(f"{each.proposal_id}  {names[each.proposal_id]}  ({_euros(each.cost_cents)})")
        click.echo(f"      {_won(each) if isinstance(each, Won) else _lost(each)}")
    click.echo(_summary(election, allocation))
    for line in _shares(told):
        click.echo(line)


def _reckoned(file: Path, wishes: Mapping[str, Any]) -> tuple[Reading, Election, Allocation]:
    """Return a file, its election and what its budget is spent on; what is wrong with it goes to stderr."""
    reading = pabulib.read(file.read_bytes())
    for finding in reading.findings[:MOST_FINDINGS]:
        where = f" {finding.path}" if finding.path else ""
        click.echo(f"{finding.severity}{where}: {finding.message}", err=True)
    if reading.election is None:
        raise NoElection(say("{file} holds no election that can be reckoned.", file=file.name))
    rule = _rule(reading.election, wishes)
    return reading, reading.election, allocate(reading.election, rule)


def _rule(election: Election, wishes: Mapping[str, Any]) -> Rule:
    usual = {VoteType.CUMULATIVE: Utility.POINTS, VoteType.ORDINAL: Utility.BORDA}
    return Rule(
        method=Method(wishes["method"]),
        utility=Utility(wishes["utility"] or usual.get(election.vote_type, Utility.COST)),
        add_one=wishes["add_one"],
        completion=wishes["completion"],
    )


# --- in words -----------------------------------------------------------------------------------
def _euros(cents: float) -> str:
    return f"{cents / 100:,.2f}"


def _summary(election: Election, allocation: Allocation) -> str:
    spent, left = allocation.spent_cents, allocation.budget_cents - allocation.spent_cents
    won, known, voters = len(allocation.awards), len(election.proposals), election.voters
    return (
        f"{won} of {known} proposals win, by the votes of {voters} people. "
        f"They cost {_euros(spent)}; {_euros(left)} of {_euros(allocation.budget_cents)} are left."
    )


def _compared(official: frozenset[str], winners: set[str]) -> str:
    if official == winners:
        return "These are the winners that the file names."
    more, fewer = sorted(winners - official), sorted(official - winners)
    return f"The file names others: not {', '.join(more) or 'none'}, but {', '.join(fewer) or 'none'}."


def _won(won: Won) -> str:
    votes = f"won in turn {won.turn} with {float(won.votes):,g} from {won.backers} people"
    paid = won.payment
    if paid is None:
        return f"{votes}; {won.stage}"
    return (
        f"{votes}; {paid.in_full} paid {_euros(float(paid.full_cents))} each, {paid.all_they_had} gave all they had "
        f"left, {paid.nothing} had nothing left"
    )


def _lost(lost: Lost) -> str:
    votes = f"lost with {float(lost.votes):,g} from {lost.backers} people"
    if lost.reason is not Reason.BACKERS_SHORT:
        return f"{votes}; {lost.reason}, {_euros(lost.budget_left_cents)} left of the budget"
    spent = ", ".join(f"{each.proposal_id} ({_euros(each.cents)})" for each in lost.spent_on)
    short = f"{votes}; its supporters had {_euros(lost.money_cents)} left, {_euros(lost.missing_cents)} too little"
    return f"{short}; they had paid for {spent}" if spent else short


def _shares(told: Explanation) -> list[str]:
    if not told.share_cents:
        return []
    first, last = _euros(float(told.share_cents)), _euros(float(told.final_share_cents))
    lines = [f"Everybody's share is {first}, raised to {last}."]
    if told.stop is Stop.OVERSPENDS and told.overspending_cents is not None:
        lines.append(f"One step more would have cost {_euros(told.overspending_cents)}.")
    return lines


# --- as JSON ------------------------------------------------------------------------------------
def _as_dict(election: Election, allocation: Allocation, reading: Reading) -> dict[str, Any]:
    counts = {severity.value: count for severity, count in count_by_severity(reading.findings).items()}
    return {
        "winners": list(allocation.winners),
        "official": sorted(reading.official),
        "voters": election.voters,
        "budget_cents": allocation.budget_cents,
        "spent_cents": allocation.spent_cents,
        "share_cents": float(allocation.share_cents),
        "final_share_cents": float(allocation.final_share_cents),
        "stop": allocation.stop.value,
        "findings": {each.value: counts[each.value] for each in Severity},
    }


def _explained(told: Explanation, proposal: str | None) -> dict[str, Any]:
    plain = told.as_dict()
    if proposal is None:
        return plain
    entries: list[dict[str, Any]] = [*plain["won"], *plain["lost"]]
    return next(each for each in entries if each["proposal_id"] == proposal)

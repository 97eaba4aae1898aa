"""A result of a budget vote in words: who paid for a winner, why a loser lost, how it came about."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from tandem.kit.numbers import euros, figure
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.forms.budget import METHODS, VOTE_TYPES
from tandem.participation.models import Contribution, Phase
from tandem.participation.services import voting

LEAST_SHOWN = 5
"""Groups of fewer people are not counted out."""
STAGES: Mapping[str, str | Promise] = {
    "free": gettext_lazy("costs nothing"),
    "equal-shares": gettext_lazy("paid for by its supporters"),
    "greedy": gettext_lazy("from the money that was left"),
}
BY_VOTES: str | Promise = gettext_lazy("the money was enough when its turn came")
Titles = Mapping[int, Contribution]


def rule_page(vote: Phase) -> dict[str, Any]:
    """Return what ``participation/budget/rule.html`` needs: the rule of a vote, to be said in plain words."""
    chosen = voting.settings_of(vote)
    return {
        "settings": chosen,
        "vote_type": VOTE_TYPES[chosen.vote_type],
        "method": METHODS[chosen.method],
        "by_points": chosen.vote_type == VoteType.CUMULATIVE,
        "choose_one": chosen.vote_type == VoteType.CHOOSE_ONE,
    }


def title_of(proposal_id: str, titles: Titles) -> str:
    """Return what a proposal of an election is called: by its number where it is no longer there."""
    row = titles.get(int(proposal_id))
    return row.title if row else proposal_id.lstrip("0")


def amount(cents: float) -> str:
    """Return an amount that was reckoned exactly, to the cent."""
    return euros(round(cents))


def people(count: int) -> str:
    """Return how many people, in words where they are so few that they might be recognised."""
    return figure(count) if count == 0 or count >= LEAST_SHOWN else gettext("a few")


def who_paid(payment: Mapping[str, Any], *, by_points: bool) -> list[str]:
    """Return, in sentences, who paid for a winner of equal shares."""
    full, count = amount(payment["full_cents"]), payment["in_full"]
    if by_points:
        first = gettext("%(count)s supporters paid %(amount)s for each point that they gave.")
    else:
        first = gettext("%(count)s supporters paid %(amount)s each.")
    said = [first % {"count": people(count), "amount": full}] if count else []
    if payment["all_they_had"]:
        text = gettext("%(count)s had less left and gave all of it.")
        said.append(text % {"count": people(payment["all_they_had"])})
    if payment["nothing"]:
        text = gettext("%(count)s had nothing left: their money had gone to other winners of theirs.")
        said.append(text % {"count": people(payment["nothing"])})
    return [each[:1].upper() + each[1:] for each in said]


def why_lost(entry: Mapping[str, Any], titles: Titles) -> list[str]:
    """Return, in sentences, why a proposal lost."""
    match entry["reason"]:
        case "no-votes":
            return [gettext("Nobody voted for it.")]
        case "too-few-votes":
            return [gettext("It had fewer votes than the rule asks for.")]
        case "does-not-fit":
            left = euros(entry["budget_left_cents"])
            return [
                gettext("When its turn came, %(left)s were left of the budget, less than it costs.")
                % {"left": left}
            ]
    text = gettext("Its supporters had %(money)s left between them, %(missing)s less than it costs.")
    said = [text % {"money": amount(entry["money_cents"]), "missing": amount(entry["missing_cents"])}]
    spent = [title_of(each["proposal_id"], titles) for each in entry["spent_on"]]
    if spent:
        text = gettext("Most of their money had gone to winners that they voted for too: %(spent)s.")
        said.append(text % {"spent": ", ".join(spent)})
    return said


def how_shares_went(told: Mapping[str, Any]) -> list[str]:
    """Return, in sentences, what everybody's share of the money was and why it was not raised further."""
    first, last = amount(told["share_cents"]), amount(told["final_share_cents"])
    said = [gettext("The budget divided by all who voted is %(share)s for each.") % {"share": first}]
    if told["final_share_cents"] > told["share_cents"]:
        text = gettext(
            "Not all of that could be spent, so everybody's share was raised step by step, up to %(share)s."
        )
        said.append(text % {"share": last})
    if told["overspending_cents"] is not None:
        text = gettext("With one step more, the winners would have cost %(cost)s, more than there is.")
        said.append(text % {"cost": euros(told["overspending_cents"])})
    return said


def compared(told: Mapping[str, Any]) -> str:
    """Return, in a sentence, how satisfied people are beside a count of the most votes."""
    text = gettext(
        "If the most votes alone had decided, %(more)s people would have got fewer of the proposals that they "
        "voted for, %(same)s as many and %(fewer)s more."
    )
    return text % {name: figure(told[name]) for name in ("more", "same", "fewer")}


def votes(entry: Mapping[str, Any], *, by_points: bool) -> str:
    """Return how many votes, or points, a proposal got."""
    count = entry["votes"]
    if by_points:
        return gettext("%(count)s points from %(backers)s people") % {
            "count": figure(float(count)),
            "backers": figure(entry["backers"]),
        }
    return ngettext("%(count)s vote", "%(count)s votes", int(count)) % {"count": figure(float(count))}

"""The result of a matching as rows, with every term and every reason, and how to read them again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.core.text import Sentence
from tandem.exchange.domain.matching.changes import Change
from tandem.exchange.domain.matching.comparing import Chosen
from tandem.exchange.domain.matching.eligibility import Obstacle, obstacles
from tandem.exchange.domain.matching.explain import CityReasons, explain_pair
from tandem.exchange.domain.matching.fit import Closeness, Fit, Term, points
from tandem.exchange.domain.matching.market import Market, Pair, market
from tandem.exchange.domain.matching.profiles import Key, Tandem, key, pairs_of, standing
from tandem.exchange.domain.matching.stored import Inputs
from tandem.exchange.models import ResultCity, ResultPair, Round, RoundResult
from tandem.exchange.services.matching import Matching, Rematching, Tell, match, rematch

LONGEST_NAME = 199
"""Of each of two cities, where a pair is found by both."""
MOST_BLOCKING = 300
"""As many pairs that would rather have each other are kept; all are counted."""


# --- from inputs to a matching --------------------------------------------------------------------
def carry_out(inputs: Inputs, *, tell: Tell) -> Rematching:
    """Return the matching of these inputs; without a city that has left there are no changes.

    Raises:
        InvalidProfiles, NotTaking, NoMatchingInTime: As ``services.matching`` has it.
    """
    if inputs.left:
        return rematch(inputs.profiles, inputs.whole_call, inputs.left, let_go=inputs.let_go, tell=tell)
    return Rematching(match(inputs.profiles, inputs.whole_call, tell=tell), ())


# --- to rows --------------------------------------------------------------------------------------
@transaction.atomic
def store(
    row: Round,
    inputs: Inputs,
    found: Rematching,
    *,
    kind: str,
    read_at: datetime,
    now: datetime,
    person: Person | None,
) -> RoundResult:
    """Store a result with all of its rows, or none of it."""
    last = RoundResult.objects.filter(round=row).aggregate(last=Max("number"))["last"]
    result = RoundResult.objects.create(
        round=row,
        number=(last or 0) + 1,
        kind=kind,
        digest=inputs.digest(),
        inputs=inputs.as_json(),
        names={each.id: each.name for each in inputs.profiles},
        summary=summary_of(inputs, found),
        read_at=read_at,
        made_at=now,
        made_by=person,
    )
    ResultPair.objects.bulk_create(_pairs(result, inputs, found.matching), batch_size=500)
    ResultCity.objects.bulk_create(_cities(result, found.matching), batch_size=500)
    return result


def _kinds(inputs: Inputs, matching: Matching) -> dict[Key, str]:
    """Return the pairs that are together, and as what."""
    fixed = {key(*each) for each in inputs.fixed}
    call = {pair for tandem in inputs.call.tandems for pair in pairs_of(tandem)}
    found = dict.fromkeys(matching.outcome.pairs, ResultPair.PROPOSED)
    for tandem in matching.outcome.market.tandems:
        for pair in pairs_of(tandem):
            is_fixed = pair in fixed and pair not in call
            found[pair] = ResultPair.FIXED if is_fixed else ResultPair.STANDING
    return found


def _pairs(result: RoundResult, inputs: Inputs, matching: Matching) -> Iterator[ResultPair]:
    every, kinds = matching.outcome.market, _kinds(inputs, matching)
    chosen = sorted(kinds, key=lambda pair: (-every.pairs[pair].points, pair))
    for rank, pair in enumerate(chosen, start=1):
        yield _pair(result, every, every.pairs[pair], kinds[pair], rank)
    for rank, each in enumerate(matching.blocking[:MOST_BLOCKING], start=1):
        more = {"more": list(each.more)}
        yield _pair(result, every, every.pairs[each.cities], ResultPair.BLOCKING, rank, more)


def _pair(
    result: RoundResult,
    every: Market,
    pair: Pair,
    kind: str,
    rank: int,
    more: Mapping[str, Any] | None = None,
) -> ResultPair:
    one, other = pair.cities
    return ResultPair(
        result=result,
        kind=kind,
        one=one,
        other=other,
        names=f"{every.cities[one].name[:LONGEST_NAME]} {every.cities[other].name[:LONGEST_NAME]}",
        rank=rank,
        points=pair.points,
        terms=terms_of(every, pair, is_fixed=kind == ResultPair.FIXED) | dict(more or {}),
    )


def terms_of(every: Market, pair: Pair, *, is_fixed: bool = False) -> dict[str, Any]:
    """Return every term of a pair's score, and the reasons, as plain JSON.

    Args:
        is_fixed: Whether people put it together: then it is said what would have stood in its way.
    """
    reasons = explain_pair(every, pair.cities)
    against = _would_be_against(every, pair) if is_fixed else pair.obstacles
    return {
        "fits": [
            {"terms": [[each.topic, each.need, each.offer] for each in fit.terms], "most": fit.most}
            for fit in pair.fits
        ],
        "closeness": asdict(pair.closeness),
        "one_sided_percent": every.call.one_sided_percent,
        "gains": list(pair.gains),
        "languages": list(reasons.languages),
        "says": [each.as_json() for each in reasons.says],
        "obstacles": [{"filter": each.filter.value, "says": each.says.as_json()} for each in against],
    }


def _would_be_against(every: Market, pair: Pair) -> tuple[Obstacle, ...]:
    one, other = (every.cities[each] for each in pair.cities)
    gains = bool(pair.fits[0].terms), bool(pair.fits[1].terms)
    return obstacles(one, other, every.call, gains=gains, full=frozenset())


def _cities(result: RoundResult, matching: Matching) -> Iterator[ResultCity]:
    every = matching.outcome.market
    for name, reasons in matching.cities.items():
        together = {each for tandem in every.tandems if name in tandem for each in tandem} - {name}
        yield ResultCity(
            result=result,
            city=name,
            name=every.cities[name].name[:200],
            is_alone=bool(reasons.alone) and every.cities[name].active,
            partners=sorted({*reasons.partners, *together}),
            why=[each.as_json() for each in reasons.alone],
            missed=_missed(every, name, reasons),
        )


def _missed(every: Market, city: str, reasons: CityReasons) -> list[dict[str, Any]]:
    return [
        {
            "city": each.city_id,
            "gain": each.gain,
            "cause": each.cause.value,
            "filters": sorted(every.pair(city, each.city_id).filters),
            "says": [one.as_json() for one in each.says],
        }
        for each in reasons.missed
    ]


def summary_of(inputs: Inputs, found: Rematching) -> dict[str, Any]:
    """Return points, bound, counts, changes and joinings of a matching as plain JSON."""
    matching = found.matching
    kinds = list(_kinds(inputs, matching).values())
    counts = {
        kind: kinds.count(kind) for kind in (ResultPair.PROPOSED, ResultPair.FIXED, ResultPair.STANDING)
    }
    cities = matching.outcome.market.cities
    alone = [name for name, reasons in matching.cities.items() if reasons.alone and cities[name].active]
    return {
        "points": matching.points,
        "bound": matching.points - matching.optimum.points + matching.optimum.bound,
        "is_decided": matching.optimum.decided,
        "fixed": [list(each) for each in inputs.fixed],
        "left": inputs.left,
        "counts": {
            **counts,
            ResultPair.BLOCKING: len(matching.blocking),
            "alone": len(alone),
            "cities": len(matching.cities),
        },
        "groups": [list(each) for each in matching.outcome.groups()],
        "alone": alone,
        "changes": [_change(each) for each in found.changes],
        "joinings": [
            {
                "city": each.city_id,
                "to": list(each.to),
                "gains": each.gains,
                "gives": each.gives,
                "adds": each.adds,
                "languages": list(each.languages),
                "says": each.says.as_json(),
            }
            for each in matching.joinings
        ],
    }


def _change(each: Change) -> dict[str, Any]:
    return {"kind": each.kind.value, "cities": list(each.cities), "says": each.says.as_json()}


# --- from rows ------------------------------------------------------------------------------------
def sentences(stored: Iterable[Mapping[str, Any]]) -> list[Sentence]:
    """Return sentences as they were stored."""
    return [Sentence.from_json(each) for each in stored]


def chosen_of(result: RoundResult) -> Chosen:
    """Return what there is to compare of a result."""
    summary = result.summary
    groups: frozenset[Tandem] = frozenset(tuple(each) for each in summary["groups"])
    return Chosen(summary["points"], groups, frozenset(summary["alone"]))


@dataclass(frozen=True, slots=True)
class Side:
    """What one city gains from the other, term by term.

    Attributes:
        share: Of the most that could be, before size and kind.
        gain: In points, after them.
    """

    fit: Fit
    share: Fraction
    gain: int

    def points_of(self, term: Term) -> int:
        """Return what a term brings, in points, before size and kind."""
        return points(self.fit.contribution(term))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The whole reckoning of a pair's score, from what was stored."""

    sides: tuple[Side, Side]
    closeness: Closeness


def reckoned(terms: Mapping[str, Any]) -> Reckoned:
    """Return the reckoning of a pair, from its stored terms."""
    first, second = (_side(fit, gain) for fit, gain in zip(terms["fits"], terms["gains"], strict=True))
    return Reckoned((first, second), Closeness(**terms["closeness"]))


def _side(stored: Mapping[str, Any], gain: int) -> Side:
    fit = Fit(tuple(Term(*each) for each in stored["terms"]), stored["most"])
    return Side(fit, fit.share, gain)


def any_pair(result: RoundResult, pair: Key) -> tuple[int, dict[str, Any]] | None:
    """Return points and terms of any two cities of a result, from its stored inputs; None where one is not in it."""
    inputs = Inputs.from_json(result.inputs)
    both = [each for each in inputs.profiles if each.id in pair]
    if len(both) < 2:
        return None
    call = inputs.whole_call
    every = market(both, replace(call, tandems=standing(inputs.profiles, call)))
    found = every.pairs[key(*pair)]
    return found.points, terms_of(every, found)

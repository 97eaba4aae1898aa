"""Match cities, and match again when one leaves. Nothing is stored here, and nothing becomes a tandem by it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from tandem.core.text import Sentence, say
from tandem.exchange.adapters.optimise import Optimum, best_pairs
from tandem.exchange.domain.matching.changes import Change, changes, without
from tandem.exchange.domain.matching.checks import require_valid
from tandem.exchange.domain.matching.explain import CityReasons, PairReasons, explain_cities, explain_pair
from tandem.exchange.domain.matching.joining import Joining, joinings
from tandem.exchange.domain.matching.market import market
from tandem.exchange.domain.matching.outcome import Blocking, Outcome, blocking, outcome
from tandem.exchange.domain.matching.profiles import Call, CityProfile, Tandem, pairs_of, standing

Tell = Callable[[float, Sentence], object]
"""Is told how far a matching is, 0 to 1, and what it does; what it raises ends the matching."""


def _nobody(_share: float, _doing: Sentence) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs that are proposed, with everything that explains them.

    Attributes:
        outcome: The pairs, and the market they were chosen from: every term of every pair, every obstacle.
        optimum: How good the proposed pairs are proven to be.
        points: Of the proposed pairs and of those within tandems that stand.
        reasons: Why each proposed pair.
        cities: What became of each city, by id.
        blocking: Cities that would rather have each other.
        joinings: Proposals that a city without a partner join others.
    """

    outcome: Outcome
    optimum: Optimum
    points: int
    reasons: tuple[PairReasons, ...]
    cities: Mapping[str, CityReasons]
    blocking: tuple[Blocking, ...]
    joinings: tuple[Joining, ...]


@dataclass(frozen=True, slots=True)
class Rematching:
    """A matching after a city has left, and what it changes."""

    matching: Matching
    changes: tuple[Change, ...]


def match(profiles: Sequence[CityProfile], call: Call, *, tell: Tell = _nobody) -> Matching:
    """Return the best pairs, explained. Tandems that stand are kept and take up places.

    Args:
        tell: Is told how far it is.

    Raises:
        InvalidProfiles: Profiles or call cannot be used as they are; ``check`` lists why.
        NoMatchingInTime: The call's time was over before there was any result.
    """
    require_valid(profiles, call)
    tell(0.0, say("All pairs are being compared …"))
    every = market(profiles, call)
    tell(0.65, say("The best pairs are being chosen …"))
    optimum = best_pairs(
        every.eligible(),
        every.places(),
        unserved=every.without_tandem(),
        word=call.word,
        time_limit_s=call.time_limit_s,
    )
    tell(0.75, say("The reasons are being written …"))
    chosen = outcome(every, optimum.pairs)
    within = {pair for tandem in every.tandems for pair in pairs_of(tandem)}
    return Matching(
        outcome=chosen,
        optimum=optimum,
        points=optimum.points + sum(every.pairs[each].points for each in within),
        reasons=tuple(explain_pair(every, each) for each in optimum.pairs),
        cities=explain_cities(chosen),
        blocking=blocking(chosen),
        joinings=joinings(chosen),
    )


def rematch(
    profiles: Sequence[CityProfile],
    call: Call,
    left: str,
    *,
    let_go: Collection[Tandem] = (),
    tell: Tell = _nobody,
) -> Rematching:
    """Return the best pairs after a city has left. What remains of the tandems that stand is kept.

    Args:
        call: With the tandems that stood before.
        let_go: Tandems that need not be kept.
        tell: Is told how far it is.

    Raises:
        NotTaking: There is no such city.
        InvalidProfiles: Profiles or call cannot be used as they are.
        NoMatchingInTime: The call's time was over before there was any result.
    """
    before = standing(profiles, call)
    matching = match(*without(profiles, call, left, let_go=let_go), tell=tell)
    return Rematching(matching, changes(before, left, matching.outcome))

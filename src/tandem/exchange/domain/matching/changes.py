"""What a new matching changes once a city has left."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tandem.core.errors import NotFound
from tandem.core.text import Sentence, say
from tandem.exchange.domain.matching.market import Market
from tandem.exchange.domain.matching.outcome import Outcome
from tandem.exchange.domain.matching.profiles import Call, CityProfile, Tandem


class NotTaking(NotFound):
    """A city takes no part in a call."""

    code = "exchange.matching.no-such-city"


class ChangeKind(StrEnum):
    """What became of a tandem, a pair, or a city."""

    ENDED = "ended"  # one city is left of it
    SMALLER = "smaller"
    KEPT = "kept"
    LET_GO = "let-go"  # it was open again, and others are better
    NEW = "new"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is, or is not, as before.

    Attributes:
        cities: That it concerns.
    """

    kind: ChangeKind
    cities: Tandem
    says: Sentence


def without(
    profiles: Iterable[CityProfile], call: Call, left: str, *, let_go: Collection[Tandem] = ()
) -> tuple[tuple[CityProfile, ...], Call]:
    """Return profiles and call after a city has left: it is not active, and what remains of its tandems stands.

    Args:
        left: The city that leaves.
        let_go: Tandems that need not stand: their cities may find others, or each other again.

    Raises:
        NotTaking: There is no such city.
    """
    known = tuple(profiles)
    if left not in {each.id for each in known}:
        raise NotTaking(say("No city {city} takes part. Check its id.", city=left))
    open_again = {frozenset(each) for each in let_go}
    rests = [
        tuple(name for name in each if name != left) for each in call.tandems if set(each) not in open_again
    ]
    after = tuple(_after(each, left, open_again) for each in known)
    return after, replace(call, tandems=tuple(each for each in rests if len(each) > 1))


def changes(before: Sequence[Tandem], left: str, chosen: Outcome) -> tuple[Change, ...]:
    """Return what is different from ``before``, and what not, in the order of the alphabet of each kind.

    Args:
        before: Tandems and pairs that there were.
        left: The city that has left.
        chosen: The new outcome.
    """
    market, now = chosen.market, set(chosen.groups())
    old = [_became(market, tandem, left, now) for tandem in sorted(before)]
    parts = {each.cities for each in old if each.kind in (ChangeKind.KEPT, ChangeKind.SMALLER)}
    new = [_new(market, each) for each in sorted(now - parts)]
    alone = [_alone(market, each) for each in chosen.alone() if any(each in tandem for tandem in before)]
    return (*old, *new, *(each for each in alone if each.cities != (left,)))


def _after(city: CityProfile, left: str, open_again: Collection[frozenset[str]]) -> CityProfile:
    agreed = tuple(each for each in city.agreed_with if frozenset({city.id, each}) not in open_again)
    return replace(city, agreed_with=agreed, active=city.active and city.id != left)


def _names(market: Market, cities: Iterable[str]) -> str:
    return ", ".join(market.cities[each].name for each in cities)


def _became(market: Market, tandem: Tandem, left: str, now: Collection[Tandem]) -> Change:
    rest = tuple(each for each in tandem if each != left)
    gone = market.cities[left].name
    if rest == tandem:
        return _stayed(market, tandem, now)
    if rest in now:
        says = say("{cities} go on without {left}.", cities=_names(market, rest), left=gone)
        return Change(ChangeKind.SMALLER, rest, says)
    says = say("{left} has left, so the tandem with {cities} ends.", cities=_names(market, rest), left=gone)
    return Change(ChangeKind.ENDED, tandem, says)


def _stayed(market: Market, tandem: Tandem, now: Collection[Tandem]) -> Change:
    cities = _names(market, tandem)
    if tandem in now:
        return Change(ChangeKind.KEPT, tandem, say("{cities} stay together.", cities=cities))
    says = say("{cities} were open again; with others all pairs have more points.", cities=cities)
    return Change(ChangeKind.LET_GO, tandem, says)


def _new(market: Market, tandem: Tandem) -> Change:
    says = say("{cities} are proposed to each other.", cities=_names(market, tandem))
    return Change(ChangeKind.NEW, tandem, says)


def _alone(market: Market, city_id: str) -> Change:
    says = say("{city} has no partner now.", city=market.cities[city_id].name)
    return Change(ChangeKind.ALONE, (city_id,), says)

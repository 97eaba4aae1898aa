"""What goes into the matching of a round: profiles, rules, tandems that stand, and what a city that left changes."""

from collections.abc import Iterable

from tandem.core.findings import Finding
from tandem.exchange.domain.matching.checks import check
from tandem.exchange.domain.matching.profiles import Key, Tandem, key
from tandem.exchange.domain.matching.stored import Inputs, read_call, read_tandems
from tandem.exchange.models import Round
from tandem.exchange.services.round_cities import profiles_of


def inputs_of(row: Round, *, pinned: Iterable[Key] = ()) -> Inputs:
    """Return all that a matching of this round depends on; after a city has left, with what stood before.

    Args:
        pinned: Pairs that are fixed for this one matching.

    Raises:
        BadStored: What is stored cannot be read.
    """
    left = row.leaving
    call = read_call(row.rules, _before(row) if left else row.tandems)
    fixed = {key(*each) for each in row.fixed} | {key(*each) for each in pinned}
    return Inputs(
        tuple(profiles_of(row)),
        call,
        tuple(sorted(fixed)),
        left.get("left", ""),
        read_tandems(left.get("let_go", ())),
    )


def _before(row: Round) -> list[Tandem]:
    """Return the tandems that stood before a city left, and those that stand since; none that was dropped since."""
    left, now = row.leaving["left"], read_tandems(row.tandems)
    let_go = read_tandems(row.leaving["let_go"])
    rests = {
        each: tuple(city for city in each if city != left) for each in read_tandems(row.leaving["before"])
    }
    kept = [each for each, rest in rests.items() if each in let_go or len(rest) < 2 or rest in now]
    return [*kept, *(each for each in now if each not in rests.values())]


def check_round(row: Round) -> list[Finding]:
    """Return everything that is wrong with profiles and rules."""
    fixed = tuple(key(*each) for each in row.fixed)
    inputs = Inputs(tuple(profiles_of(row)), read_call(row.rules, row.tandems), fixed)
    return check(inputs.profiles, inputs.whole_call)


def tandems_of(row: Round) -> tuple[Tandem, ...]:
    """Return the tandems of a round that stand."""
    return read_tandems(row.tandems)

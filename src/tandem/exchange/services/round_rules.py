"""By what the cities of a round are compared: its rules, fixed pairs, tandems that stand, no-gos."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.exchange.domain.matching.profiles import Key, key
from tandem.exchange.domain.matching.stored import read_call, read_tandems, rules_as_json
from tandem.exchange.models import Round
from tandem.exchange.services import round_changes, round_cities


class BadPair(InvalidInput):
    """A pair or tandem does not have two or more different cities."""

    code = "exchange.matching.bad-pair"

    def __init__(self) -> None:
        super().__init__(say("Choose two different cities."))


@transaction.atomic
def set_rules(row: Round, *, person: Person | None, now: datetime, **rules: Any) -> None:
    """Change by what cities are compared.

    Raises:
        RoundFinished: It is finished.
    """
    locked = round_changes.require_open(row)
    row.rules = rules_as_json(read_call({**locked.rules, **rules}, ()))
    round_changes.touch(row, now, "rules")
    round_changes.note(row, "rules", person=person, now=now)


@transaction.atomic
def fix_pair(row: Round, pair: Sequence[str], *, person: Person | None, now: datetime) -> None:
    """Have two cities together in every matching to come; both have yet to agree.

    Raises:
        RoundFinished: It is finished.
        NoSuchCity: One is not in the round.
        BadPair: Both are the same.
    """
    locked = round_changes.require_open(row)
    names = round_cities.names_of(row, pair)
    row.fixed = sorted({tuple(each) for each in locked.fixed} | {_pair(pair)})
    round_changes.touch(row, now, "fixed")
    round_changes.note(row, "fix", person=person, now=now, about=names)


@transaction.atomic
def unfix_pair(row: Round, pair: Sequence[str], *, person: Person | None, now: datetime) -> None:
    """Leave it to the matching whether two cities come together.

    Raises:
        RoundFinished: It is finished.
    """
    locked = round_changes.require_open(row)
    row.fixed = [each for each in locked.fixed if set(each) != set(pair)]
    round_changes.touch(row, now, "fixed")
    round_changes.note(row, "unfix", person=person, now=now, about=round_cities.names_of(row, pair))


@transaction.atomic
def add_tandem(row: Round, cities: Sequence[str], *, person: Person | None, now: datetime) -> None:
    """Name a tandem that stands already.

    Raises:
        RoundFinished: It is finished.
        NoSuchCity: One is not in the round.
        BadPair: There are not two or more different cities.
    """
    locked = round_changes.require_open(row)
    names = round_cities.names_of(row, cities)
    if len(set(cities)) < 2:
        raise BadPair
    row.tandems = sorted({*read_tandems(locked.tandems), tuple(sorted(set(cities)))})
    round_changes.touch(row, now, "tandems")
    round_changes.note(row, "tandem", person=person, now=now, about=names)


@transaction.atomic
def drop_tandem(row: Round, cities: Sequence[str], *, person: Person | None, now: datetime) -> None:
    """Let a tandem stand no longer: its cities may find others.

    Raises:
        RoundFinished: It is finished.
    """
    locked = round_changes.require_open(row)
    row.tandems = [each for each in locked.tandems if set(each) != set(cities)]
    round_changes.touch(row, now, "tandems")
    round_changes.note(row, "tandem-drop", person=person, now=now, about=round_cities.names_of(row, cities))


@transaction.atomic
def set_no_go(
    row: Round, city: str, unwanted: str, reason: str, *, person: Person | None, now: datetime
) -> None:
    """Write down that a city does not want another one, and why; without a reason, that it does no longer.

    Raises:
        RoundFinished: It is finished.
        NoSuchCity: One is not in the round.
        BadPair: Both are the same.
    """
    round_changes.require_open(row)
    names = round_cities.names_of(row, (city, unwanted))
    _pair((city, unwanted))
    round_cities.store_no_go(row, city, unwanted, reason, now=now)
    round_changes.touch(row, now)
    round_changes.note(row, "no-go" if reason else "no-go-end", person=person, now=now, about=names)


def _pair(cities: Sequence[str]) -> Key:
    if len(cities) != 2 or cities[0] == cities[1]:
        raise BadPair
    return key(cities[0], cities[1])

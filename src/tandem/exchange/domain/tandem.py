"""Tandems: who is a member and since when, who has agreed, who leads and who follows on which topic."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from tandem.core.errors import Conflict, InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say

LEAST_CITIES = 2


class State(StrEnum):
    """Where a tandem stands."""

    PROPOSED = "proposed"  # not every city has agreed yet
    ACTIVE = "active"
    WAITING = "waiting"  # it was active, and too few cities are left
    ENDED = "ended"


class Step(StrEnum):
    """What is done to a tandem."""

    INVITE = "invite"
    CONSENT = "consent"
    LEAVE = "leave"
    ACTIVATE = "activate"
    END = "end"
    PREPARE = "prepare"  # topics, questions of the agenda, visits to come
    WRITE = "write"  # what was learnt: reports, lessons, logbook, decisions, costs


class PlayedPart(StrEnum):
    """What a city does on a topic."""

    LEAD = "lead"
    FOLLOW = "follow"


_MEMBERSHIP = frozenset({Step.INVITE, Step.CONSENT, Step.LEAVE, Step.END, Step.PREPARE, Step.WRITE})
STEPS: Mapping[State, frozenset[Step]] = {
    State.PROPOSED: _MEMBERSHIP | {Step.ACTIVATE},
    State.ACTIVE: _MEMBERSHIP,
    State.WAITING: _MEMBERSHIP | {Step.ACTIVATE},
    State.ENDED: frozenset({Step.WRITE}),  # effects show when the money has long been spent
}


class WrongTandemState(Conflict):
    """The tandem is not in a state that allows this."""

    code = "exchange.wrong-tandem-state"

    def __init__(self, state: State, step: Step) -> None:
        ended = say("The tandem has ended. What was learnt can still be written down, nothing else.")
        active = say("The tandem is active already.")
        super().__init__(ended if state is State.ENDED else active)
        self.state, self.step = state, step


class NotReady(Conflict):
    """The tandem cannot become active yet."""

    code = "exchange.tandem-not-ready"

    def __init__(self, missing: Sequence[Finding]) -> None:
        first = missing[0].message
        super().__init__(first if isinstance(first, Sentence) else str(first))
        self.missing = tuple(missing)


class MemberAlready(Conflict):
    """The city is in the tandem already."""

    code = "exchange.member-already"

    def __init__(self, city: str) -> None:
        super().__init__(say("The city “{city}” is in this tandem already.", city=city))


class NoMember(Conflict):
    """The city is not in the tandem."""

    code = "exchange.no-member"

    def __init__(self, city: str) -> None:
        super().__init__(say("The city “{city}” is not in this tandem.", city=city))


class AgreedAlready(Conflict):
    """The city has agreed before."""

    code = "exchange.agreed-already"

    def __init__(self, city: str) -> None:
        super().__init__(say("The city “{city}” has agreed already.", city=city))


class WrongDay(InvalidInput):
    """Something would happen before what it depends on, or in the future."""

    code = "exchange.wrong-day"


@dataclass(frozen=True, slots=True)
class Code:
    """One official code of a city.

    Attributes:
        scheme: ``AGS``, ``ISTAT``, ``LAU`` …
        year: Edition of the scheme.
    """

    scheme: str
    year: int
    code: str


@dataclass(frozen=True, slots=True)
class Member:
    """A city in a tandem, for one stay in it.

    Attributes:
        joined_on: When it was named as a member.
        consented_on: When it agreed; None while it has not.
        left_on: First day on which it is no member any more.
    """

    city: str
    joined_on: date
    consented_on: date | None = None
    left_on: date | None = None

    @property
    def is_in(self) -> bool:
        """Whether it has not left."""
        return self.left_on is None

    @property
    def takes_part(self) -> bool:
        """Whether it has agreed and has not left."""
        return self.is_in and self.consented_on is not None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the cities have agreed on: who is in, and whether it holds.

    Attributes:
        members: Every stay of every city, in the order in which they came; at most one of each city lasts.
    """

    state: State = State.PROPOSED
    members: tuple[Member, ...] = ()

    def member(self, city: str) -> Member:
        """Return the stay of a city that lasts.

        Raises:
            NoMember: It is not in the tandem.
        """
        for each in self.members:
            if each.city == city and each.is_in:
                return each
        raise NoMember(city)

    def cities(self) -> tuple[str, ...]:
        """Return the cities that have agreed and have not left."""
        return tuple(each.city for each in self.members if each.takes_part)


def check_step(state: State, step: Step) -> None:
    """Do nothing where a state allows a step.

    Raises:
        WrongTandemState: It does not.
    """
    if step not in STEPS[state]:
        raise WrongTandemState(state, step)


# --- membership ---------------------------------------------------------------------------------
def invite(agreement: Agreement, city: str, *, on: date) -> Agreement:
    """Name a city as a member. It takes part once it has agreed; a tandem that is active goes on meanwhile.

    Raises:
        WrongTandemState: The tandem has ended.
        MemberAlready: The city is in it.
        WrongDay: The city left on a later day.
    """
    check_step(agreement.state, Step.INVITE)
    if any(each.city == city and each.is_in for each in agreement.members):
        raise MemberAlready(city)
    if any(each.city == city and each.left_on and on < each.left_on for each in agreement.members):
        raise WrongDay(say("The city “{city}” cannot come back before the day on which it left.", city=city))
    return replace(agreement, members=(*agreement.members, Member(city, on)))


def consent(agreement: Agreement, city: str, *, on: date) -> Agreement:
    """Record that a city agreed.

    Raises:
        WrongTandemState: The tandem has ended.
        NoMember: Nobody has named the city as a member.
        AgreedAlready: It has agreed before.
        WrongDay: It was named as a member on a later day.
    """
    check_step(agreement.state, Step.CONSENT)
    found = agreement.member(city)
    if found.consented_on is not None:
        raise AgreedAlready(city)
    _check_order(city, found.joined_on, on)
    return _with(agreement, found, replace(found, consented_on=on))


def leave(agreement: Agreement, city: str, *, on: date) -> Agreement:
    """Let a city leave. With too few cities left, an active tandem waits for another one.

    >>> day = date(2022, 5, 17)
    >>> two = Agreement(State.ACTIVE, (Member("krefeld", day, day), Member("sofia", day, day)))
    >>> leave(two, "sofia", on=date(2023, 12, 31)).state.value
    'waiting'

    Raises:
        WrongTandemState: The tandem has ended.
        NoMember: The city is not in it.
        WrongDay: It came, or agreed, on a later day.
    """
    check_step(agreement.state, Step.LEAVE)
    found = agreement.member(city)
    _check_order(city, found.consented_on or found.joined_on, on)
    left = _with(agreement, found, replace(found, left_on=on))
    too_few = left.state is State.ACTIVE and len(left.cities()) < LEAST_CITIES
    return replace(left, state=State.WAITING) if too_few else left


def _check_order(city: str, earlier: date, later: date) -> None:
    if later < earlier:
        said = say(
            "For the city “{city}” something of {day} is recorded already. Give that day or a later one.",
            city=city,
            day=earlier.isoformat(),
        )
        raise WrongDay(said)


def _with(agreement: Agreement, old: Member, new: Member) -> Agreement:
    return replace(agreement, members=tuple(new if each is old else each for each in agreement.members))


# --- the tandem as a whole ----------------------------------------------------------------------
def missing(agreement: Agreement, names: Mapping[str, str] = MappingProxyType({})) -> list[Finding]:
    """Return what keeps a tandem from being active; nothing where all is there, or where it has ended.

    Args:
        names: What cities are called, by id; without one the id stands.

    >>> [each.code for each in missing(Agreement(members=(Member("hamm", date(2022, 3, 1)),)))]
    ['exchange.tandem.too-few', 'exchange.tandem.not-agreed']
    """
    if agreement.state is State.ENDED:
        return []
    found = []
    count = sum(each.is_in for each in agreement.members)
    if count < LEAST_CITIES:
        message = say(
            "A tandem needs at least {least} cities; {count} is in it. Name another one.",
            least=LEAST_CITIES,
            count=count,
        )
        found.append(Finding(Severity.ERROR, "exchange.tandem.too-few", "", message))
    return found + [
        Finding(
            Severity.ERROR,
            "exchange.tandem.not-agreed",
            each.city,
            say("The city “{city}” has not agreed yet.", city=names.get(each.city, each.city)),
        )
        for each in agreement.members
        if each.is_in and not each.takes_part
    ]


def activate(agreement: Agreement) -> Agreement:
    """Make a tandem active, for the first time or again.

    Raises:
        WrongTandemState: It is active, or has ended.
        NotReady: There are too few cities, or one has not agreed.
    """
    check_step(agreement.state, Step.ACTIVATE)
    if lacking := missing(agreement):
        raise NotReady(lacking)
    return replace(agreement, state=State.ACTIVE)


def end(agreement: Agreement) -> Agreement:
    """End a tandem; nobody leaves by that.

    Raises:
        WrongTandemState: It has ended.
    """
    check_step(agreement.state, Step.END)
    return replace(agreement, state=State.ENDED)


# --- topics -------------------------------------------------------------------------------------
def unled(parts_played: Mapping[str, str], cities: Iterable[str]) -> bool:
    """Return whether nobody leads on a topic of those who are in the tandem.

    >>> unled({"sofia": "lead", "krefeld": "follow"}, ["krefeld"])
    True
    """
    return all(parts_played.get(city) != PlayedPart.LEAD for city in cities)


def same_city(codes: Iterable[Code], others: Iterable[Code]) -> bool:
    """Return whether two cities are one, by their codes; names say nothing: there are two places called Hamm.

    >>> same_city([Code("AGS", 2019, "05915000")], [Code("AGS", 2022, "05915000")])
    True
    """
    known = {(each.scheme.upper(), each.code) for each in others}
    return any((each.scheme.upper(), each.code) in known for each in codes)


def read_codes(text: str) -> list[Code]:
    """Return codes that were typed one a line: scheme, year, code.

    Raises:
        BadCode: A line is of another form.

    >>> read_codes("ISTAT 2019 051002")
    [Code(scheme='ISTAT', year=2019, code='051002')]
    """
    return [_read_code(line) for line in text.splitlines() if line.strip()]


class BadCode(InvalidInput):
    """A line does not name a code."""

    code = "exchange.bad-city-code"

    def __init__(self, line: str) -> None:
        super().__init__(
            say("“{line}” is no code. Write scheme, year and code: ISTAT 2019 051002.", line=line)
        )


def _read_code(line: str) -> Code:
    parts = line.split()
    if len(parts) != 3 or not re.fullmatch("[0-9]{4}", parts[1]):
        raise BadCode(line.strip())
    return Code(parts[0], int(parts[1]), parts[2])

"""From a proposed pair to a tandem: only by the consent of every city in it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tandem.core.errors import Conflict, InvalidInput, NotAllowed
from tandem.core.text import say
from tandem.exchange.domain.matching.profiles import Tandem
from tandem.exchange.domain.naming import PROPOSALS, named


class NotConcerned(NotAllowed):
    """A city answers for a pair that it is not in."""

    code = "exchange.consent.not-concerned"


class AlreadyDecided(Conflict):
    """A proposal has been declined, replaced or agreed to by all."""

    code = "exchange.consent.already-decided"


class NoReason(InvalidInput):
    """A city declines and does not say why."""

    code = "exchange.consent.no-reason"


class StillOpen(Conflict):
    """A proposal is to be replaced that nobody has declined."""

    code = "exchange.consent.still-open"


class Answered(Conflict):
    """A proposal is to be withdrawn that a city has answered."""

    code = "exchange.consent.answered"


class State(StrEnum):
    """Where a proposal is."""

    PROPOSED = "proposed"
    AGREED_BY_SOME = "agreed-by-some"
    AGREED = "agreed"  # by all: a tandem
    DECLINED = "declined"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"  # before any city answered


OPEN = frozenset({State.PROPOSED, State.AGREED_BY_SOME})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a city says to a proposal.

    Attributes:
        reason: Why not; empty where it agrees.
        at: With a time zone.
    """

    city_id: str
    agrees: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """Cities that are proposed to each other, and what they answered.

    Attributes:
        cities: Two or more, in the order of the alphabet.
        answers: In the order in which they came.
        replaced_by: The proposal that took its place after it was declined.
        withdrawn: A later matching left it out before any city answered.
    """

    cities: Tandem
    answers: tuple[Answer, ...] = ()
    replaced_by: Tandem = ()
    withdrawn: bool = False

    @property
    def state(self) -> State:
        """Where it is, by the answers alone."""
        if self.withdrawn:
            return State.WITHDRAWN
        if self.replaced_by:
            return State.REPLACED
        if any(not each.agrees for each in self.answers):
            return State.DECLINED
        agreed = {each.city_id for each in self.answers}
        if agreed == set(self.cities):
            return State.AGREED
        return State.AGREED_BY_SOME if agreed else State.PROPOSED

    @property
    def is_tandem(self) -> bool:
        """True once every city has agreed."""
        return self.state is State.AGREED


def agree(proposal: Proposal, city_id: str, *, at: datetime) -> Proposal:
    """Return the proposal with a city's consent; to consent twice changes nothing.

    Raises:
        NotConcerned: The city is not in it.
        AlreadyDecided: It was declined, replaced, or agreed to by all.
    """
    _require_open(proposal, city_id)
    if any(each.city_id == city_id for each in proposal.answers):
        return proposal
    return replace(proposal, answers=(*proposal.answers, Answer(city_id, agrees=True, reason="", at=at)))


def decline(proposal: Proposal, city_id: str, *, reason: str, at: datetime) -> Proposal:
    """Return the proposal as declined; a city may do so after it agreed, until all have.

    Raises:
        NotConcerned: The city is not in it.
        AlreadyDecided: It was declined, replaced, or agreed to by all.
        NoReason: No reason is given.
    """
    _require_open(proposal, city_id)
    if not reason.strip():
        raise NoReason(say("Say why, in one sentence; the other city and the next matching need it."))
    return replace(
        proposal, answers=(*proposal.answers, Answer(city_id, agrees=False, reason=reason.strip(), at=at))
    )


def replace_by(proposal: Proposal, other: Tandem) -> Proposal:
    """Return a declined proposal as replaced by another one.

    Raises:
        StillOpen: Nobody has declined it.
        AlreadyDecided: It was replaced already.
    """
    if proposal.state is State.REPLACED:
        raise AlreadyDecided(say("This proposal has been replaced already."))
    if proposal.state is not State.DECLINED:
        raise StillOpen(say("Only a proposal that was declined can be replaced."))
    return replace(proposal, replaced_by=other)


def withdraw(proposal: Proposal) -> Proposal:
    """Return a proposal as withdrawn; only one that no city has answered.

    Raises:
        Answered: A city has.
        AlreadyDecided: It was withdrawn already.
    """
    if proposal.withdrawn:
        raise AlreadyDecided(
            say("This proposal is decided: {state}.", state=named(proposal.state, PROPOSALS))
        )
    if proposal.answers:
        raise Answered(
            say(
                "{cities}: a city has answered this proposal already. Wait for the others, or fix the pair.",
                cities=", ".join(proposal.cities),
            )
        )
    return replace(proposal, withdrawn=True)


def _require_open(proposal: Proposal, city_id: str) -> None:
    if city_id not in proposal.cities:
        raise NotConcerned(say("{city} is not in this proposal.", city=city_id))
    if proposal.state not in OPEN:
        raise AlreadyDecided(
            say("This proposal is decided: {state}.", state=named(proposal.state, PROPOSALS))
        )

"""An adoption: from drafts over sign-offs to what is live, and what may be done with it at each point.

Everything here is a value. A step returns the adoption after it, or raises with the reason why it is not possible.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from tandem.core.errors import Conflict, NotAllowed, NotFound
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.naming import ACTIONS, named

Fields = Mapping[str, Any]
SIMULATED = frozenset({"signal"})
"""Kinds of parts that somebody else signs off than whoever took them over, and only after a simulation."""


class NotPossible(Conflict):
    """An adoption, or a part of it, is in a state in which this is not done."""

    code = "exchange.adoption.not-possible"


class PartGone(Conflict):
    """What was made of a part is not there any more."""

    code = "exchange.adoption.part-gone"

    def __init__(self, key: str) -> None:
        super().__init__(
            say("{part} is gone; somebody deleted it. Leave it out, or take it over anew.", part=key)
        )
        self.part = key


class NotTheirs(NotAllowed):
    """Somebody without the role, or the person who took the part over, signs a part off."""

    code = "exchange.adoption.not-theirs"


class NoSuchPart(NotFound):
    """An adoption has no part of that name."""

    code = "exchange.adoption.no-such-part"


class State(StrEnum):
    """Where an adoption is."""

    DRAFTS = "drafts"
    LIVE = "live"
    DIVERGED = "diverged"  # live, and no longer what the origin has
    RETIRED = "retired"
    UNDONE = "undone"


class Action(StrEnum):
    """What is done with an adoption."""

    SIMULATE = "simulate"
    SIGN_OFF = "sign-off"
    GO_LIVE = "go-live"
    UPDATE = "update"
    DIVERGE = "diverge"
    RETIRE = "retire"
    UNDO = "undo"


STEPS: Mapping[State, Mapping[Action, State]] = {
    State.DRAFTS: {
        Action.SIMULATE: State.DRAFTS,
        Action.SIGN_OFF: State.DRAFTS,
        Action.GO_LIVE: State.LIVE,
        Action.UPDATE: State.DRAFTS,
        Action.UNDO: State.UNDONE,
    },
    State.LIVE: {  # what an update changed is simulated, signed off and put live again
        Action.SIMULATE: State.LIVE,
        Action.SIGN_OFF: State.LIVE,
        Action.GO_LIVE: State.LIVE,
        Action.UPDATE: State.LIVE,
        Action.DIVERGE: State.DIVERGED,
        Action.RETIRE: State.RETIRED,
        Action.UNDO: State.UNDONE,
    },
    State.DIVERGED: {
        Action.SIMULATE: State.DIVERGED,
        Action.SIGN_OFF: State.DIVERGED,
        Action.GO_LIVE: State.DIVERGED,
        Action.RETIRE: State.RETIRED,
        Action.UNDO: State.UNDONE,
    },
    State.RETIRED: {},
    State.UNDONE: {},
}
"""What is possible in a state, and the state after it."""

STANDING = frozenset({State.DRAFTS, State.LIVE, State.DIVERGED})
"""States in which a city has a measure; of each measure it has one such adoption at most."""


class PartState(StrEnum):
    """Where a part of an adoption is."""

    MADE = "made"
    SIGNED_OFF = "signed-off"
    LIVE = "live"
    GONE = "gone"  # taken away, here or in its room


@dataclass(frozen=True, slots=True)
class SignOff:
    """That somebody answers for a part as it was then.

    Attributes:
        by: Id of a person.
        fields_sha256: Of what was signed.
    """

    by: str
    at: datetime
    fields_sha256: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulation of a part as it was then.

    Attributes:
        result: The evaluation.
        fields_sha256: Of what was simulated.
    """

    result: Reference
    fields_sha256: str


@dataclass(frozen=True, slots=True)
class AdoptedPart:
    """What became of a part.

    Attributes:
        key: Of the part: ``catalogue/baumkataster``.
        reference: What was made of it.
        base: What was last taken over from the origin, as the room shows it, without what people here changed in it;
            None where the origin has no such part any more.
        origin: The same as the origin had it, filled in, whatever form the room gave it; None where that is not known.
        files_sha256: Of the files that were last taken over.
        made_by: Id of whoever took it over, or its last update.
    """

    key: str
    reference: Reference
    base: Fields | None
    files_sha256: str
    made_by: str
    state: PartState = PartState.MADE
    simulation: Simulation | None = None
    sign_off: SignOff | None = None
    origin: Fields | None = None

    @property
    def kind(self) -> str:
        """Whose handler deals with it."""
        return self.key.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Adoption:
    """A measure of another city that this one has taken over.

    Attributes:
        measure: IRI.
        begun_by: Id of a person.
        inputs: What was filled in, defaults included.
        left_out: Keys of the parts that this city does not want.
        reason: Why it was ended, or goes its own way.
    """

    id: str
    measure: str
    version: str
    begun_by: str
    begun_at: datetime
    state: State = State.DRAFTS
    inputs: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[AdoptedPart, ...] = ()
    left_out: tuple[str, ...] = ()
    reason: str = ""

    def part(self, key: str) -> AdoptedPart:
        """Return a part.

        Raises:
            NoSuchPart: There is none of that name.
        """
        for each in self.parts:
            if each.key == key:
                return each
        raise NoSuchPart(say("This adoption has no part {part}.", part=key))

    def with_part(self, changed: AdoptedPart) -> "Adoption":
        """Return the adoption with one part changed."""
        return replace(self, parts=tuple(changed if each.key == changed.key else each for each in self.parts))


_STATES = {
    State.DRAFTS: say("It has drafts that are not live yet."),
    State.LIVE: say("It is live."),
    State.DIVERGED: say("This city goes its own way with it."),
    State.RETIRED: say("It is retired."),
    State.UNDONE: say("It was undone."),
}


def after(adoption: Adoption, action: Action) -> State:
    """Return the state of an adoption after an action.

    Raises:
        NotPossible: It is in a state in which this is not done.
    """
    steps = STEPS[adoption.state]
    if action not in steps:
        state = _STATES[adoption.state]
        raise NotPossible(
            say(
                "{action} is not possible with this adoption. {state}",
                action=named(action, ACTIONS),
                state=state,
            )
        )
    return steps[action]


def check_changed(changed: Collection[str], *, confirmed: Collection[str]) -> None:
    """Do nothing where an adoption can end without anybody's work being lost unsaid.

    Args:
        changed: Keys of the parts that people changed since they were taken over.
        confirmed: Keys of those that may go nevertheless.

    Raises:
        NotPossible: The work of people would be lost without anybody's word.
    """
    if lost := [key for key in changed if key not in confirmed]:
        parts = ", ".join(lost)
        raise NotPossible(say("People here changed {parts}. Confirm that their work goes, too.", parts=parts))

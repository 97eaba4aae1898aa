"""An adoption: from drafts over sign-offs to what is live, and what may be done with it at each point.

Everything here is a value. A step returns the adoption after it, or raises with the reason why it is not possible.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from tandem.core.errors import Conflict, NotAllowed, NotFound
from tandem.core.parts import Part
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.merge import Side, merge
from tandem.exchange.domain.naming import ACTIONS, named, role_named

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


def sha256_of(fields: Fields) -> str:
    """Return the SHA-256 of a part's fields, in hexadecimal, whatever the order of their keys.

    >>> sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})
    True
    """
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def files_sha256(part: Part) -> str:
    """Return the SHA-256 of a part's files, in hexadecimal: of their names and hashes."""
    return sha256_of({name: hashlib.sha256(content).hexdigest() for name, content in part.files.items()})


def base_after(given: Fields, *, shown: Fields, theirs: Fields) -> Fields:
    """Return what a room shows of the origin's fields, less what people here changed in them.

    A room may show what it was given in its own form. Where it shows just what it was given, this is ``theirs``.

    Args:
        given: What the room was given: theirs, merged with ours.
        shown: What it shows of that now.
        theirs: The origin's.

    >>> base_after({"name": "Trees ", "year": 2025}, shown={"name": "Trees", "year": 2025},
    ...            theirs={"name": "Trees ", "year": 2024})
    {'name': 'Trees', 'year': 2024}
    """
    base: Fields = merge(given, shown, theirs).taking(Side.THEIRS)
    return base


def in_the_rooms_form(known: AdoptedPart, theirs: Fields) -> Fields:
    """Return what the origin has now, in the form in which the room here shows what it had before.

    What the origin did not change is as the room shows it: a room may sort words, or leave out what it has no place
    for, and that is nobody's change.

    >>> before, shown = {"words": ["c", "b"]}, {"words": ["b", "c"]}
    >>> known = AdoptedPart("a/b", Reference("urn:1", "x"), shown, "", "1", origin=before)
    >>> in_the_rooms_form(known, {"words": ["c", "b"], "year": 2026})
    {'words': ['b', 'c'], 'year': 2026}
    """
    if known.origin is None or known.base is None:
        return theirs
    shown: Fields = merge(known.origin, known.base, theirs).taking(Side.THEIRS)
    return shown


def with_simulation(adoption: Adoption, key: str, result: Reference, *, fields: Fields) -> Adoption:
    """Return an adoption with a simulation attached to a part; a sign-off from before is void.

    Args:
        fields: The part as it was simulated, and as it is.

    Raises:
        NotPossible: Not in this state of the adoption or the part.
    """
    part = adoption.part(key)
    state = after(adoption, Action.SIMULATE)
    _check_open(part)
    simulated = replace(
        part, state=PartState.MADE, sign_off=None, simulation=Simulation(result, sha256_of(fields))
    )
    return replace(adoption.with_part(simulated), state=state)


def sign_off(
    adoption: Adoption,
    key: str,
    *,
    by: str,
    roles: Collection[str],
    signs: str,
    fields: Fields,
    now: datetime,
    note: str = "",
) -> Adoption:
    """Return an adoption with a part signed off.

    Args:
        by: Id of the person, who has ``roles``.
        signs: The role that is asked for.
        fields: The part as it is; what is changed afterwards has to be signed again.

    Raises:
        NotPossible: Not in this state of the adoption or the part, or before a simulation.
        NotTheirs: The role is missing, or it takes a second person.
    """
    part = adoption.part(key)
    state = after(adoption, Action.SIGN_OFF)
    _check_open(part)
    if signs not in roles:
        raise NotTheirs(say("Signing {part} off takes the role {role}.", part=key, role=role_named(signs)))
    signed = sha256_of(fields)
    if part.kind in SIMULATED:
        _check_simulated(adoption, part, by, signed)
    made = replace(part, state=PartState.SIGNED_OFF, sign_off=SignOff(by, now, signed, note.strip()))
    return replace(adoption.with_part(made), state=state)


def _check_open(part: AdoptedPart) -> None:
    if part.state is PartState.LIVE:
        raise NotPossible(
            say("{part} is live as it was signed off; there is nothing to sign.", part=part.key)
        )
    if part.state is PartState.GONE:
        raise PartGone(part.key)


def _check_simulated(adoption: Adoption, part: AdoptedPart, by: str, signed: str) -> None:
    if by in {adoption.begun_by, part.made_by}:
        raise NotTheirs(say("{part} is signed off by somebody else than who took it over.", part=part.key))
    if part.simulation is None:
        raise NotPossible(say("{part} is simulated first, then signed off.", part=part.key))
    if part.simulation.fields_sha256 != signed:
        raise NotPossible(say("{part} was changed after it was simulated. Simulate it again.", part=part.key))


def check_live(adoption: Adoption, shown: Mapping[str, Fields | None], *, without: Collection[str]) -> State:
    """Return the state of an adoption after it goes live, which it does as a whole.

    Args:
        shown: What the rooms show of the parts that are not live yet.
        without: Keys of parts that are gone, and stay so.

    Raises:
        NotPossible: Not in this state, a part is not signed off as it is, or all is live already.
        PartGone: Somebody deleted a part.
    """
    state = after(adoption, Action.GO_LIVE)
    for key, fields in shown.items():
        part = adoption.part(key)
        if fields is None:
            if key not in without:
                raise PartGone(key)
        elif part.sign_off is None:
            raise NotPossible(say("{part} is not signed off yet.", part=key))
        elif part.sign_off.fields_sha256 != sha256_of(fields):
            raise NotPossible(say("{part} was changed after it was signed off. Sign it off again.", part=key))
    if not any(fields is not None for fields in shown.values()):
        raise NotPossible(say("There is nothing to put live."))
    return state


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

"""What adopting rests on: the ledger, who acts, and what a room is asked to do for one part.

What is kept is reached by a ``Ledger``, what the rooms make by their handlers. Both take part in the ledger's
transaction: what a handler made goes with it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from tandem.core.errors import Conflict, NotFound, TandemError, Unavailable
from tandem.core.findings import Finding
from tandem.core.parts import Handlers, Part, PartHandler, PartPlan, ReadsTogether
from tandem.core.text import Sentence, say
from tandem.exchange.domain.adoption import AdoptedPart, Adoption, Fields, PartGone, PartState
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.conformity import same
from tandem.exchange.domain.filling import check_placeholders, filled_part, needed
from tandem.exchange.domain.inputs import check_values
from tandem.exchange.domain.naming import PART_KINDS, PART_STEPS, named
from tandem.exchange.domain.part_fields import base_after, files_sha256
from tandem.exchange.domain.planning import MeasureVersion
from tandem.exchange.domain.receipt import Receipt, receipt_of

log = logging.getLogger(__name__)


class PartFailed(Unavailable):
    """A room could not do what was asked of it for a part; nothing was changed.

    Attributes:
        part: Its key.
        step: What was asked: ``make``, ``go-live`` …
    """

    code = "exchange.adoption.part-failed"

    def __init__(self, part: str, step: str, reason: Sentence | str) -> None:
        super().__init__(
            say(
                "{part}: {step} did not succeed. {reason} Nothing was changed.",
                part=part,
                step=named(step, PART_STEPS),
                reason=reason,
            )
        )
        self.part, self.step = part, step


class NoHandler(NotFound):
    """No room here can handle parts of a kind."""

    code = "exchange.adoption.no-handler"


class AlreadyAdopted(Conflict):
    """The measure stands adopted; a ledger raises it, in ``add`` or at the end of the transaction."""

    code = "exchange.adoption.already-adopted"


class Ledger(Protocol):
    """Where adoptions are kept."""

    def transaction(self) -> AbstractContextManager[object]:
        """Return a block of which everything stays, or nothing: what the handlers do in it, too."""
        ...

    def new_id(self) -> str:
        """Return an id that no adoption has; it says nothing to others."""
        ...

    def find(self, adoption_id: str) -> Adoption:
        """Return an adoption, which nobody else changes before the transaction ends.

        Raises:
            NotFound: There is none.
        """
        ...

    def standing(self, measure: str) -> Adoption | None:
        """Return the adoption of a measure that is in one of the states ``STANDING``."""
        ...

    def add(self, adoption: Adoption) -> None:
        """Keep a new adoption.

        Raises:
            AlreadyAdopted: Another one of the measure stands.
        """
        ...

    def save(self, adoption: Adoption) -> None:
        """Keep what became of an adoption."""
        ...

    def measured(self, measure: str) -> Mapping[str, Sequence[Measured]]:
        """Return this city's values of a measure's indicators, by key, as far as they may be told."""
        ...


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, when, and on what.

    Attributes:
        city: Id of this city.
        person: Who acts, with an id as ``pk``; handlers get the person as it is.
        now: Timezone-aware.
        profile: What the city says of itself, for inputs.
    """

    ledger: Ledger
    handlers: Handlers
    city: str
    person: Any
    now: datetime
    profile: Mapping[str, Any] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """Id of the person."""
        return str(self.person.pk)

    def handler(self, part: str) -> PartHandler:
        """Return who handles a part.

        Raises:
            NoHandler: Nobody does.
        """
        kind = part.partition("/")[0]
        if kind not in self.handlers:
            raise NoHandler(
                say("Nobody here can handle parts of the kind {kind}.", kind=named(kind, PART_KINDS))
            )
        return self.handlers[kind]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step.

    Attributes:
        receipt: To be sent to the origin.
        changed: False where there was nothing to do, since it had been done.
    """

    adoption: Adoption
    receipt: Receipt
    changed: bool = True


def check_inputs(
    acting: Acting, offered: MeasureVersion, parts: Sequence[Part], inputs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Finding]]:
    """Return what the inputs of some parts come to, and what is missing or wrong."""
    wanted = [*offered.inputs, *needed(parts, offered.declared)]
    values, findings = check_values(wanted, inputs, acting.profile)
    return values, findings + check_placeholders(parts, offered.declared)


def plans_of(acting: Acting, parts: Sequence[Part], values: Mapping[str, Any]) -> dict[str, PartPlan]:
    """Return what the rooms would do with parts, by key; nothing of parts that nobody can handle.

    Raises:
        PartFailed: A room could not say what it would do.
    """
    plans = {}
    for part in parts:
        if part.kind in acting.handlers:
            with at(part.key, "plan"):
                plans[part.key] = acting.handler(part.key).plan(filled_part(part, values), values)
    return plans


def make_part(acting: Acting, part: Part, values: Mapping[str, Any]) -> AdoptedPart:
    """Make a draft of a part that is filled in.

    Raises:
        PartFailed: The room could not.
    """
    handler = acting.handler(part.key)
    with at(part.key, "make"):
        reference = handler.make(part, values, person=acting.person, now=acting.now)
    known = AdoptedPart(part.key, reference, part.fields, files_sha256(part), acting.who)
    return taken_over(acting, known, part, given=part.fields, theirs=part.fields)


def taken_over(
    acting: Acting, known: AdoptedPart, part: Part, *, given: Fields, theirs: Fields
) -> AdoptedPart:
    """Return a part as it is after its room took something over; whatever was signed before is void.

    Args:
        part: As the origin has it, filled in.
        given: What the room was given: the same, merged with ours.
        theirs: What of that is the origin's, in the room's form as far as that is known.

    Raises:
        PartFailed: The room does not show what it took over.
    """
    shown = shown_of(acting, known)
    if shown is None:
        raise PartFailed(part.key, "fields-of", say("What was made is not there."))
    return replace(
        known,
        base=base_after(given, shown=shown, theirs=theirs),
        origin=part.fields,
        files_sha256=files_sha256(part),
        made_by=acting.who,
        state=PartState.MADE,
        simulation=None,
        sign_off=None,
    )


def undo_part(acting: Acting, part: AdoptedPart) -> None:
    """Take away what was made of a part.

    Raises:
        PartFailed: The room could not.
    """
    with at(part.key, "undo"):
        acting.handler(part.key).undo(part.reference.uri, person=acting.person, now=acting.now)


def step_of(acting: Acting, adoption_id: str, event: str, change: Callable[[Adoption], Adoption]) -> Outcome:
    """Change an adoption in one transaction, and log it as ``exchange.adoption.<event>``."""
    with acting.ledger.transaction():
        changed = change(acting.ledger.find(adoption_id))
        acting.ledger.save(changed)
        outcome = outcome_of(acting, changed)
    log_step(event, outcome)
    return outcome


def outcome_of(acting: Acting, adoption: Adoption, *, changed: bool = True) -> Outcome:
    """Return an adoption with the receipt that its origin gets."""
    values = acting.ledger.measured(adoption.measure)
    return Outcome(
        adoption, receipt_of(adoption, city=acting.city, indicators=values, now=acting.now), changed
    )


def log_step(event: str, outcome: Outcome) -> None:
    """Log one event line."""
    adoption = outcome.adoption
    log.info(
        "exchange.adoption.%s",
        event,
        extra={
            "adoption": adoption.id,
            "measure": adoption.measure,
            "version": adoption.version,
            "state": adoption.state.value,
            "changed": outcome.changed,
        },
    )


@contextmanager
def at(part: str, step: str) -> Iterator[None]:
    """Say which part and which step it was if a room fails."""
    try:
        yield
    except TandemError as error:
        raise PartFailed(part, step, error.sentence) from error
    except Exception as error:
        log.exception("exchange.adoption.part-failed", extra={"part": part, "step": step})
        raise PartFailed(part, step, say("Why is in the log.")) from error


def shown_of(acting: Acting, part: AdoptedPart) -> Fields | None:
    """Return the fields of what was made of a part; None where it is gone.

    Raises:
        PartFailed: The room could not say.
    """
    handler = acting.handler(part.key)
    with at(part.key, "fields-of"):
        return handler.fields_of(part.reference.uri)


def all_shown(acting: Acting, found: Adoption) -> dict[str, Fields | None]:
    """Return the fields of what was made of each part, by key, but for those that are known to be gone."""
    there = [part for part in found.parts if part.state is not PartState.GONE]
    read = read_together(acting, there)
    return {part.key: read[part.key] if part.key in read else shown_of(acting, part) for part in there}


def read_together(acting: Acting, parts: Iterable[AdoptedPart]) -> dict[str, Fields | None]:
    """Return the fields of parts whose rooms read several at once, by key; where that fails, each is asked for alone.

    A room that fails says so of each of its parts then, as ``shown_of`` does.
    """
    kinds: dict[str, list[AdoptedPart]] = {}
    for part in parts:
        if part.state is not PartState.GONE:
            kinds.setdefault(part.kind, []).append(part)
    found: dict[str, Fields | None] = {}
    for kind, group in kinds.items():
        handler = acting.handlers.get(kind)
        if isinstance(handler, ReadsTogether):
            with suppress(PartFailed), at(kind, "fields-of"):
                fields = handler.fields_of_all([part.reference.uri for part in group])
                found |= {part.key: fields.get(part.reference.uri) for part in group}
    return found


def changed_by_people(found: Adoption, shown: Mapping[str, Fields | None]) -> list[str]:
    """Return the keys of the parts that people changed since they were taken over."""
    return [
        part.key
        for part in found.parts
        if (fields := shown.get(part.key)) is not None and not same(fields, part.base)
    ]


def fields_of(acting: Acting, part: AdoptedPart) -> Fields:
    """Return the fields of what was made of a part.

    Raises:
        PartGone: It is not there any more.
    """
    fields = None if part.state is PartState.GONE else shown_of(acting, part)
    if fields is None:
        raise PartGone(part.key)
    return fields


def gone(part: AdoptedPart) -> AdoptedPart:
    """Return a part that is taken away."""
    return replace(part, state=PartState.GONE, simulation=None, sign_off=None)

"""The way of a formal statement: received, cut into segments, weighed, decided, replied to.

Everything here is a value. A step returns the statement after it, or raises with the reason why it is not
possible; ``obstacles`` gives all reasons at once, so that a page can show what is still to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tandem.core.errors import Conflict, InvalidInput
from tandem.core.text import Sentence, say
from tandem.participation.domain.segments import Segmentation, Span


class StepNotPossible(Conflict):
    """A statement is not in a state that allows this step.

    Attributes:
        obstacle: Why; stable, for programs and translations.
    """

    code = "participation.statement.step-not-possible"

    def __init__(self, obstacle: "Obstacle", segment: int | None = None) -> None:
        super().__init__(_SENTENCES[obstacle])
        self.obstacle, self.segment = obstacle, segment


class IncompleteStep(InvalidInput):
    """A weighing, a decision or a reply says too little."""

    code = "participation.statement.incomplete-step"


class Outcome(StrEnum):
    """What the weighing of a segment comes to."""

    FOLLOWED = "followed"
    PARTLY_FOLLOWED = "partly-followed"
    NOT_FOLLOWED = "not-followed"
    NOTED = "noted"  # it asks for nothing, or it is met already
    OUTSIDE = "outside"  # not a matter of this plan
    LEFT_OUT_LATE = "left-out-late"


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the administration proposes, and why.

    Attributes:
        by: Who wrote it: an office or a pseudonym of the audit trail.

    Raises:
        IncompleteStep: There are no reasons.
    """

    outcome: Outcome
    reasons: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.reasons.strip():
            raise IncompleteStep(say("A weighing needs its reasons: why is the point followed or not?"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What the council decided about a segment.

    Attributes:
        body: Who decided: ``Council``, ``Rat der Stadt``.
        resolution: The number of the resolution.

    Raises:
        IncompleteStep: Nobody decided it.
    """

    outcome: Outcome
    body: str
    decided_on: date
    resolution: str = ""

    def __post_init__(self) -> None:
        if not self.body.strip():
            raise IncompleteStep(say("A decision needs the body that made it."))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the author was told.

    Attributes:
        public: Whether it was given by making it open to inspection, as for more than 50 equal statements.

    Raises:
        IncompleteStep: It is empty.
    """

    text: str
    at: datetime
    public: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise IncompleteStep(say("A reply needs a text."))


@dataclass(frozen=True, slots=True)
class Segment:
    """One point of a statement, and what came of it."""

    span: Span
    weighing: Weighing | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement on its way.

    Attributes:
        segments: None as long as nobody has cut it; then the whole text, in its order.
        late: Whether it came after the period. It goes the same way; a weighing may leave it out of account.
        withdrawn_at: When its author took it back. It is kept, and nothing more is done with it.
    """

    text: str
    late: bool = False
    segments: tuple[Segment, ...] = ()
    reply: Reply | None = None
    withdrawn_at: datetime | None = None


class State(StrEnum):
    """How far a statement is, which follows from what it has."""

    RECEIVED = "received"
    SEGMENTED = "segmented"
    WEIGHED = "weighed"
    DECIDED = "decided"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done to a statement."""

    SEGMENT = "segment"
    WEIGH = "weigh"
    DECIDE = "decide"
    REOPEN = "reopen"
    REPLY = "reply"
    WITHDRAW = "withdraw"


class Obstacle(StrEnum):
    """Why a step is not possible."""

    WITHDRAWN = "withdrawn"
    REPLIED = "replied"
    NOT_SEGMENTED = "not-segmented"
    NO_SUCH_SEGMENT = "no-such-segment"
    NOT_WEIGHED = "not-weighed"
    DECIDED = "decided"
    NOT_DECIDED = "not-decided"
    IN_TIME = "in-time"
    OTHER_TEXT = "other-text"


_SENTENCES = {
    Obstacle.WITHDRAWN: say("The statement was withdrawn by its author."),
    Obstacle.REPLIED: say("The statement has been replied to."),
    Obstacle.NOT_SEGMENTED: say("The statement is not cut into segments yet."),
    Obstacle.NO_SUCH_SEGMENT: say("The statement has no such segment. Reload the page."),
    Obstacle.NOT_WEIGHED: say("A segment is not weighed yet."),
    Obstacle.DECIDED: say("The segment is decided. Reopen it first, with the council's mandate."),
    Obstacle.NOT_DECIDED: say("A segment is not decided yet."),
    Obstacle.IN_TIME: say("The statement came in time and cannot be left out as late."),
    Obstacle.OTHER_TEXT: say("The segments are those of another text."),
}


def state_of(statement: Statement) -> State:
    """Return how far a statement is."""
    if statement.withdrawn_at is not None:
        return State.WITHDRAWN
    if statement.reply is not None:
        return State.REPLIED
    if not statement.segments:
        return State.RECEIVED
    if all(each.decision is not None for each in statement.segments):
        return State.DECIDED
    if all(each.weighing is not None for each in statement.segments):
        return State.WEIGHED
    return State.SEGMENTED


def obstacles(statement: Statement, step: Step, segment: int | None = None) -> list[Obstacle]:
    """Return every reason why a step is not possible now; empty where it is.

    Args:
        segment: For weighing, deciding and reopening: which one, from 0.
    """
    closed = [
        obstacle
        for obstacle, is_so in (
            (Obstacle.WITHDRAWN, statement.withdrawn_at is not None),
            (Obstacle.REPLIED, statement.reply is not None),
        )
        if is_so
    ]
    if closed or step in {Step.SEGMENT, Step.WITHDRAW}:
        return closed
    if not statement.segments:
        return [Obstacle.NOT_SEGMENTED]
    if step is Step.REPLY:
        return _left_to_do(statement.segments)
    if segment is None or not 0 <= segment < len(statement.segments):
        return [Obstacle.NO_SUCH_SEGMENT]
    return _segment_obstacles(statement.segments[segment], step)


def _left_to_do(segments: Iterable[Segment]) -> list[Obstacle]:
    segments = list(segments)
    unweighed = any(each.weighing is None for each in segments)
    undecided = any(each.decision is None for each in segments)
    return [Obstacle.NOT_WEIGHED] * unweighed + [Obstacle.NOT_DECIDED] * undecided


def _segment_obstacles(segment: Segment, step: Step) -> list[Obstacle]:
    if step is Step.REOPEN:
        return [] if segment.decision else [Obstacle.NOT_DECIDED]
    if segment.decision:
        return [Obstacle.DECIDED]
    return [Obstacle.NOT_WEIGHED] if step is Step.DECIDE and not segment.weighing else []


def check(statement: Statement, step: Step, segment: int | None = None) -> None:
    """Do nothing where a step is possible now.

    Raises:
        StepNotPossible: It is not; the first reason why.
    """
    for obstacle in obstacles(statement, step, segment):
        raise StepNotPossible(obstacle, segment)


def _with(statement: Statement, segment: int, changed: Segment) -> Statement:
    before, after = statement.segments[:segment], statement.segments[segment + 1 :]
    return replace(statement, segments=(*before, changed, *after))


def spans_of(segmentation: Segmentation) -> tuple[Span, ...]:
    """Return where the segments of a statement lie; one without a text, which is all in its files, is one segment."""
    return segmentation.spans or (Span(0, 0),)


def segmented(statement: Statement, segmentation: Segmentation) -> Statement:
    """Return a statement with its text cut, or cut anew. Segments that stay keep their weighing.

    Raises:
        StepNotPossible: It is replied to or withdrawn, a segment that is decided would change, or the cuts
            are those of another text.
    """
    check(statement, Step.SEGMENT)
    if segmentation.text != statement.text:
        raise StepNotPossible(Obstacle.OTHER_TEXT)
    former = {each.span: each for each in statement.segments}
    segments = tuple(former.get(span, Segment(span)) for span in spans_of(segmentation))
    kept = {each.span for each in segments}
    for number, each in enumerate(statement.segments):
        if each.decision and each.span not in kept:
            raise StepNotPossible(Obstacle.DECIDED, number)
    return replace(statement, segments=segments)


def weighed(statement: Statement, segment: int, weighing: Weighing) -> Statement:
    """Return a statement with a proposal for one segment, which replaces a former one.

    Raises:
        StepNotPossible: The segment is decided, or a statement that came in time would be left out as late.
    """
    check(statement, Step.WEIGH, segment)
    _check_outcome(statement, weighing.outcome, segment)
    return _with(statement, segment, replace(statement.segments[segment], weighing=weighing))


def decided(statement: Statement, segment: int, decision: Decision) -> Statement:
    """Return a statement with one segment decided, as proposed or otherwise.

    Raises:
        StepNotPossible: The segment is not weighed, or decided already.
    """
    check(statement, Step.DECIDE, segment)
    _check_outcome(statement, decision.outcome, segment)
    return _with(statement, segment, replace(statement.segments[segment], decision=decision))


def _check_outcome(statement: Statement, outcome: Outcome, segment: int) -> None:
    if outcome is Outcome.LEFT_OUT_LATE and not statement.late:
        raise StepNotPossible(Obstacle.IN_TIME, segment)


def reopened(statement: Statement, segment: int) -> Statement:
    """Return a statement with the decision on one segment taken back; its weighing stays.

    Raises:
        StepNotPossible: The segment is not decided, or the author has been told already.
    """
    check(statement, Step.REOPEN, segment)
    return _with(statement, segment, replace(statement.segments[segment], decision=None))


def replied(statement: Statement, reply: Reply) -> Statement:
    """Return a statement with its author told.

    Raises:
        StepNotPossible: A segment is not weighed or not decided.
    """
    check(statement, Step.REPLY)
    return replace(statement, reply=reply)


def withdrawn(statement: Statement, at: datetime) -> Statement:
    """Return a statement that its author took back.

    Raises:
        StepNotPossible: It was replied to, or withdrawn before.
    """
    check(statement, Step.WITHDRAW)
    return replace(statement, withdrawn_at=at)


def outcome_counts(statements: Iterable[Statement]) -> dict[Outcome, int]:
    """Return how many decided segments came to each outcome, zero included; for the public summary."""
    counts = dict.fromkeys(Outcome, 0)
    for statement in statements:
        for segment in statement.segments:
            if segment.decision:
                counts[segment.decision.outcome] += 1
    return counts


def sentence_of(obstacle: Obstacle) -> Sentence:
    """Return what an obstacle is, for people."""
    return _SENTENCES[obstacle]

"""The approval of a junction file by two people: one engineer proposes it, another one approves it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tandem.core.errors import Conflict, InvalidInput, NotAllowed, TandemError
from tandem.core.findings import Finding, Severity, count_by_severity
from tandem.core.text import say


class FileState(StrEnum):
    """What became of one version of a junction file."""

    UPLOADED = "uploaded"
    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT_BACK = "sent-back"  # a corrected file becomes a version of its own
    WITHDRAWN = "withdrawn"  # it was approved once
    REPLACED = "replaced"  # it was approved, until a later version was


class Who(StrEnum):
    """Who asks."""

    PROPOSER = "proposer"  # the engineer who proposed this version
    ENGINEER = "engineer"  # any other engineer; all of them, as long as nobody has proposed it
    READER = "reader"
    PUBLIC = "public"


class Action(StrEnum):
    """What is done with a version."""

    PROPOSE = "propose"
    TAKE_BACK = "take-back"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    """When and by whom something may be done, and what comes of it."""

    before: FileState
    who: frozenset[Who]
    after: FileState


_ENGINEERS = frozenset({Who.PROPOSER, Who.ENGINEER})
RULES: Mapping[Action, Rule] = {
    Action.PROPOSE: Rule(FileState.UPLOADED, _ENGINEERS, FileState.PROPOSED),
    Action.TAKE_BACK: Rule(FileState.PROPOSED, frozenset({Who.PROPOSER}), FileState.UPLOADED),
    Action.APPROVE: Rule(FileState.PROPOSED, frozenset({Who.ENGINEER}), FileState.APPROVED),
    Action.SEND_BACK: Rule(FileState.PROPOSED, frozenset({Who.ENGINEER}), FileState.SENT_BACK),
    Action.WITHDRAW: Rule(FileState.APPROVED, _ENGINEERS, FileState.WITHDRAWN),
}
NEEDS_REASON = frozenset({Action.SEND_BACK, Action.WITHDRAW})


class NotYours(NotAllowed):
    """Not for this person."""

    code = "junctions.approval.not-yours"

    def __init__(self, action: Action) -> None:
        if action is Action.APPROVE:
            message = say("Another engineer has to approve it than the one who proposed it.")
        else:
            message = say("This is not for you to do with this version.")
        super().__init__(message)


class WrongState(Conflict):
    """The version is in another state."""

    code = "junctions.approval.wrong-state"

    def __init__(self) -> None:
        super().__init__(
            say("The version is in another state than this needs. Reload its page to see it as it is.")
        )


class HasErrors(Conflict):
    """The check finds errors."""

    code = "junctions.approval.has-errors"

    def __init__(self, count: int) -> None:
        super().__init__(
            say(
                "The check finds errors in this version: {count}. Correct the file and upload it again.",
                count=count,
            )
        )


class ReasonMissing(InvalidInput):
    """Something has to be said to it in writing."""

    code = "junctions.approval.reason-missing"

    def __init__(self, *, warnings: int = 0) -> None:
        if warnings:
            message = say(
                "The check has warnings: {count}. Write why the file can be used all the same.",
                count=warnings,
            )
        else:
            message = say("Write down the reason. It is kept with the version.")
        super().__init__(message)


def refusal(
    action: Action, state: FileState, *, who: Who, findings: Iterable[Finding] = (), reason: str | None = None
) -> TandemError | None:
    """Return why somebody may not do something with a version, or None where they may.

    Args:
        findings: Of the check of this version.
        reason: What was written; None where it is not known yet, as when a button is drawn.
    """
    rule = RULES[action]
    if who not in _ENGINEERS:
        return NotYours(action) if action is not Action.APPROVE else NotYours(Action.PROPOSE)
    if state is not rule.before:
        return WrongState()
    if who not in rule.who:
        return NotYours(action)
    counts = count_by_severity(findings)
    if action in {Action.PROPOSE, Action.APPROVE} and counts[Severity.ERROR]:
        return HasErrors(counts[Severity.ERROR])
    if reason is None or reason.strip():
        return None
    if action is Action.PROPOSE and counts[Severity.WARNING]:
        return ReasonMissing(warnings=counts[Severity.WARNING])
    return ReasonMissing() if action in NEEDS_REASON else None


def next_state(
    action: Action, state: FileState, *, who: Who, findings: Iterable[Finding], reason: str
) -> FileState:
    """Return what becomes of a version.

    Raises:
        NotYours: Not for this person.
        WrongState: Not in this state.
        HasErrors: The check finds errors.
        ReasonMissing: Something has to be said in writing: always to send back or to withdraw, and to propose a
            file with warnings.

    >>> next_state(Action.PROPOSE, FileState.UPLOADED, who=Who.ENGINEER, findings=[], reason="").value
    'proposed'
    """
    error = refusal(action, state, who=who, findings=findings, reason=reason)
    if error is not None:
        raise error
    return RULES[action].after

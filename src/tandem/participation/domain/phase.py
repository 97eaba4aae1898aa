"""Phases: time windows of participation, and what may be done in each, by whom.

One rule for every page, service, interface and template: ``refusal`` says why an action is not
possible, and everything else asks it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tandem.core.errors import Conflict, InvalidInput, NotAllowed, TandemError
from tandem.core.text import Sentence, say


class BadWindow(InvalidInput):
    """A window ends before it begins, or its times say no time zone."""

    code = "participation.phase.bad-window"


class PhaseNotOpen(Conflict):
    """The phase is planned or closed, and this is done at another time."""

    code = "participation.phase.not-open"

    def __init__(self, message: Sentence, state: "PhaseState") -> None:
        super().__init__(message)
        self.state = state


class NotAdmitted(NotAllowed):
    """Somebody who takes part in this way may not do this here."""

    code = "participation.phase.not-admitted"


class NotInThisPhase(Conflict):
    """A phase of this kind has no such action at all."""

    code = "participation.phase.no-such-action"


@dataclass(frozen=True, slots=True)
class Window:
    """When a phase is open: ``opens_at <= t < closes_at``.

    Attributes:
        closes_at: None where the end is not fixed yet.

    Raises:
        BadWindow: A time is without a zone, or the end is not after the beginning.
    """

    opens_at: datetime
    closes_at: datetime | None = None

    def __post_init__(self) -> None:
        if any(each is not None and each.utcoffset() is None for each in (self.opens_at, self.closes_at)):
            raise BadWindow(say("The times of a phase need a time zone."))
        if self.closes_at is not None and self.closes_at <= self.opens_at:
            raise BadWindow(say("A phase has to close after it opens. Correct one of the two times."))


class PhaseState(StrEnum):
    """Where a phase is."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


def phase_state(window: Window, *, now: datetime) -> PhaseState:
    """Return the state of a phase at ``now`` (timezone-aware, like the window)."""
    if now < window.opens_at:
        return PhaseState.PLANNED
    if window.closes_at is not None and now >= window.closes_at:
        return PhaseState.CLOSED
    return PhaseState.OPEN


class PhaseKind(StrEnum):
    """What a phase is for."""

    IDEAS = "ideas"
    STATEMENTS = "statements"  # formal ones, on a development plan
    BUDGET_SUBMIT = "budget-submit"
    BUDGET_CHECK = "budget-check"
    BUDGET_VOTE = "budget-vote"
    BUDGET_RESULT = "budget-result"
    OPINION_MAP = "opinion-map"
    SURVEY = "survey"


class Who(StrEnum):
    """In which way somebody takes part."""

    GUEST = "guest"
    EMAIL = "email"  # a confirmed address, and a pseudonym
    ACCOUNT = "account"
    CODE = "code"  # a voting code from a letter
    STAFF = "staff"


class Action(StrEnum):
    """What somebody does in a phase."""

    READ = "read"
    CONTRIBUTE = (
        "contribute"  # an idea, a statement, a budget proposal, a poll statement, answers to a survey
    )
    CONTRIBUTE_LATE = "contribute-late"  # a statement after the period: recorded and marked
    CHANGE_OWN = "change-own"
    WITHDRAW_OWN = "withdraw-own"
    COMMENT = "comment"
    WITHDRAW_COMMENT = "withdraw-comment"
    SUPPORT = "support"
    REPORT = "report"
    VOTE = "vote"  # a ballot, or agreeing and disagreeing
    SEE_RESULTS = "see-results"
    RECORD_PAPER = "record-paper"  # what came on paper or at the counter in time
    MODERATE = "moderate"
    CHECK = "check"  # what a proposal costs and whether it can be done
    WEIGH = "weigh"
    REPLY = "reply"
    SEE_INTERIM_RESULTS = "see-interim-results"
    PUBLISH_RESULTS = "publish-results"


PLANNED, OPEN, CLOSED = PhaseState.PLANNED, PhaseState.OPEN, PhaseState.CLOSED
BEGUN = frozenset({OPEN, CLOSED})
ALWAYS = frozenset(PhaseState)
JUST_OPEN, JUST_CLOSED = frozenset({OPEN}), frozenset({CLOSED})

EVERYBODY = frozenset(Who)
STAFF_ONLY = frozenset({Who.STAFF})
REGISTERED = frozenset({Who.EMAIL, Who.ACCOUNT})
"""Those who can come back to what is theirs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When an action is possible, and for whom at the most.

    Attributes:
        chosen: Whether the phase narrows ``who`` down to those it admits.
    """

    states: frozenset[PhaseState]
    who: frozenset[Who]
    chosen: bool = False


_READ = {Action.READ: Rule(ALWAYS, EVERYBODY)}
_SHARED = _READ | {
    Action.REPORT: Rule(ALWAYS, EVERYBODY),
    Action.MODERATE: Rule(ALWAYS, STAFF_ONLY),
}
_TAKING_PART = EVERYBODY - {Who.CODE, Who.STAFF}
_WRITING = {
    Action.CONTRIBUTE: Rule(JUST_OPEN, _TAKING_PART, chosen=True),
    Action.CHANGE_OWN: Rule(JUST_OPEN, REGISTERED),
    Action.RECORD_PAPER: Rule(BEGUN, STAFF_ONLY),
    Action.REPLY: Rule(BEGUN, STAFF_ONLY),
}
_TALKING = {
    Action.COMMENT: Rule(JUST_OPEN, _TAKING_PART, chosen=True),
    Action.WITHDRAW_COMMENT: Rule(BEGUN, REGISTERED),
    Action.SUPPORT: Rule(JUST_OPEN, REGISTERED, chosen=True),
}
RULES: Mapping[PhaseKind, Mapping[Action, Rule]] = {
    PhaseKind.IDEAS: _SHARED | _WRITING | _TALKING | {Action.WITHDRAW_OWN: Rule(BEGUN, REGISTERED)},
    PhaseKind.STATEMENTS: _READ  # what one person writes to the office is nobody else's to report: the plan is read
    | {
        Action.CONTRIBUTE: Rule(JUST_OPEN, _TAKING_PART, chosen=True),
        Action.CONTRIBUTE_LATE: Rule(JUST_CLOSED, _TAKING_PART | STAFF_ONLY, chosen=True),
        Action.WITHDRAW_OWN: Rule(BEGUN, REGISTERED),
        Action.RECORD_PAPER: Rule(BEGUN, STAFF_ONLY),
        Action.WEIGH: Rule(BEGUN, STAFF_ONLY),
        Action.REPLY: Rule(JUST_CLOSED, STAFF_ONLY),
    },
    # A proposal stays its author's while the office checks it, and no longer: then it is voted on.
    PhaseKind.BUDGET_SUBMIT: _SHARED
    | _WRITING
    | _TALKING
    | {Action.WITHDRAW_OWN: Rule(JUST_OPEN, REGISTERED)},
    PhaseKind.BUDGET_CHECK: _SHARED
    | {
        Action.CHECK: Rule(JUST_OPEN, STAFF_ONLY),
        Action.WITHDRAW_OWN: Rule(JUST_OPEN, REGISTERED),
    },
    PhaseKind.BUDGET_VOTE: _SHARED
    | {
        # No interim results, for nobody: how it stands must not steer those who have not voted.
        Action.SEE_RESULTS: Rule(JUST_CLOSED, EVERYBODY),
        # A guest could vote twice, so no phase can admit one.
        Action.VOTE: Rule(JUST_OPEN, frozenset({Who.CODE, Who.ACCOUNT, Who.EMAIL}), chosen=True),
        Action.RECORD_PAPER: Rule(BEGUN, STAFF_ONLY),
        Action.PUBLISH_RESULTS: Rule(JUST_CLOSED, STAFF_ONLY),
    },
    PhaseKind.BUDGET_RESULT: _SHARED | {Action.SEE_RESULTS: Rule(BEGUN, EVERYBODY)},
    PhaseKind.OPINION_MAP: _SHARED
    | {
        Action.CONTRIBUTE: Rule(JUST_OPEN, _TAKING_PART, chosen=True),
        Action.VOTE: Rule(JUST_OPEN, _TAKING_PART, chosen=True),
        Action.SEE_RESULTS: Rule(BEGUN, EVERYBODY),
        Action.RECORD_PAPER: Rule(BEGUN, STAFF_ONLY),
    },
    PhaseKind.SURVEY: _READ
    | {
        Action.SEE_RESULTS: Rule(JUST_CLOSED, EVERYBODY),
        Action.SEE_INTERIM_RESULTS: Rule(JUST_OPEN, STAFF_ONLY),
        Action.CONTRIBUTE: Rule(JUST_OPEN, _TAKING_PART | {Who.CODE}, chosen=True),
        Action.RECORD_PAPER: Rule(BEGUN, STAFF_ONLY),
    },
}


def admittable(kind: PhaseKind) -> frozenset[Who]:
    """Return whom a phase of this kind can admit; staff may act without being admitted.

    >>> sorted(admittable(PhaseKind.BUDGET_VOTE))
    [<Who.ACCOUNT: 'account'>, <Who.CODE: 'code'>, <Who.EMAIL: 'email'>]
    """
    rules = RULES[kind].values()
    return frozenset().union(*(rule.who for rule in rules if rule.chosen)) - STAFF_ONLY


def usually_admitted(kind: PhaseKind) -> frozenset[Who]:
    """Return whom a new phase of this kind admits as long as nobody chooses otherwise.

    A ballot needs a code: addresses, and accounts with them, can be had as often as one likes. Everything else is
    open to a confirmed address; a formal statement also to guests, since the law asks for no account.
    """
    if kind is PhaseKind.BUDGET_VOTE:
        return frozenset({Who.CODE})
    guests = {Who.GUEST} if kind in {PhaseKind.STATEMENTS, PhaseKind.SURVEY} else set()
    return admittable(kind) & (REGISTERED | guests)


def could_vote_twice(kind: PhaseKind, admitted: Collection[Who]) -> bool:
    """Return whether one person could cast two ballots: with a code, and without one.

    >>> could_vote_twice(PhaseKind.BUDGET_VOTE, {Who.CODE, Who.ACCOUNT})
    True
    >>> could_vote_twice(PhaseKind.BUDGET_VOTE, {Who.EMAIL, Who.ACCOUNT})
    False
    """
    return kind is PhaseKind.BUDGET_VOTE and Who.CODE in admitted and len(set(admitted)) > 1


def refusal(
    action: Action, *, kind: PhaseKind, state: PhaseState, who: Who, admitted: Collection[Who]
) -> TandemError | None:
    """Return why somebody may not do something in a phase, or None where they may.

    Args:
        admitted: Whom this phase admits; ``usually_admitted`` unless somebody chose.
    """
    rule = RULES[kind].get(action)
    if rule is None:
        return NotInThisPhase(
            say("There is no such action in a phase of this kind: {action}.", action=action)
        )
    if who not in rule.who or (rule.chosen and who is not Who.STAFF and who not in admitted):
        return NotAdmitted(_whom(rule, admitted))
    if state not in rule.states:
        return PhaseNotOpen(_WHEN[state], state)
    return None


_WHEN = {
    PLANNED: say("This phase has not begun yet."),
    OPEN: say("This phase is still open; that is done after it has closed."),
    CLOSED: say("This phase is closed."),
}


def _whom(rule: Rule, admitted: Collection[Who]) -> Sentence:
    possible = rule.who & set(admitted) if rule.chosen else rule.who
    if rule.who == STAFF_ONLY:
        return say("Only the city's staff do that.")
    if Who.EMAIL in possible:
        return say("Please confirm an e-mail address or sign in first.")
    if Who.CODE in possible:
        return say("Please enter the code from your letter, or sign in where that is possible.")
    return say("Please sign in first.")


def check_action(
    action: Action, *, kind: PhaseKind, state: PhaseState, who: Who, admitted: Collection[Who]
) -> None:
    """Do nothing where somebody may act in a phase.

    Raises:
        NotInThisPhase: A phase of this kind has no such action.
        NotAdmitted: Not for those who take part in this way.
        PhaseNotOpen: Not now.
    """
    error = refusal(action, kind=kind, state=state, who=who, admitted=admitted)
    if error is not None:
        raise error


def possible_actions(
    *, kind: PhaseKind, state: PhaseState, who: Who, admitted: Collection[Who]
) -> frozenset[Action]:
    """Return everything that somebody may do in a phase now; templates show what is in it."""
    return frozenset(
        action
        for action in RULES[kind]
        if refusal(action, kind=kind, state=state, who=who, admitted=admitted) is None
    )

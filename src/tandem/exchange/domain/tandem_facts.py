"""What a tandem's report is made of: everything that is recorded about the tandem, and the days it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tandem.core.errors import InvalidInput
from tandem.core.parts import Texts
from tandem.core.text import say
from tandem.exchange.domain.logbook import Stage, Verdict
from tandem.exchange.domain.tandem import State


class WrongPeriod(InvalidInput):
    """A report's period ends before it begins."""

    code = "exchange.wrong-period"

    def __init__(self) -> None:
        super().__init__(
            say("The period ends before it begins. Give a last day that is not before the first.")
        )


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report is about, both included.

    Raises:
        WrongPeriod: The last is before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise WrongPeriod

    def has(self, day: date | None) -> bool:
        """Return whether a day lies in it; None never does."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class MemberFact:
    """A city's stay in the tandem."""

    city: str
    joined_on: date
    consented_on: date | None
    left_on: date | None
    left_because: Texts


@dataclass(frozen=True, slots=True)
class AgendaFact:
    """A question of the agenda, and what came of it."""

    question: Texts
    due_on: date | None
    done_on: date | None
    lesson: Texts


@dataclass(frozen=True, slots=True)
class LogFact:
    """An entry of the logbook."""

    on: date
    stage: Stage
    text: Texts
    about: Texts


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A decision of a city about a measure."""

    on: date
    city: str
    measure: Texts
    verdict: Verdict
    reason: Texts


@dataclass(frozen=True, slots=True)
class TopicFact:
    """A topic with everything that belongs to it."""

    title: Texts
    parts_played: Mapping[str, str]
    agenda: Sequence[AgendaFact] = ()
    log: Sequence[LogFact] = ()
    decisions: Sequence[DecisionFact] = ()


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit.

    Attributes:
        when: In words, where the days are not known.
        participants: City and role of each.
        report: Empty while it is a draft.
        due_on: When the report is due.
    """

    title: Texts
    host: str
    is_online: bool
    place: str
    first_day: date
    last_day: date
    when: Texts
    programme: Sequence[Texts]
    participants: Sequence[tuple[str, str]]
    report: Texts
    due_on: date


@dataclass(frozen=True, slots=True)
class CostFact:
    """What something cost a city, in cents of a euro."""

    on: date
    city: str
    title: Texts
    cents: int


@dataclass(frozen=True, slots=True)
class TandemFacts:
    """Everything that a report is made of.

    Attributes:
        names: Of the cities, by id.
        reporter: Id of the city that reports.
        log: Entries that belong to no topic.
    """

    title: Texts
    aims: Texts
    state: State
    is_example: bool
    reporter: str
    names: Mapping[str, Texts]
    members: Sequence[MemberFact] = ()
    topics: Sequence[TopicFact] = ()
    visits: Sequence[VisitFact] = ()
    costs: Sequence[CostFact] = ()
    log: Sequence[LogFact] = ()

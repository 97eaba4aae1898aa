"""What can be set in a phase, by its kind.

Kept as JSON with the phase; read here, with everything that is missing taken from the defaults.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from tandem.participation.domain.phase import PhaseKind

Texts = Mapping[str, str]
SHAPES = ("point", "line", "area")


@dataclass(frozen=True, slots=True)
class Category:
    """What an idea can be about.

    Attributes:
        key: Stable, fit for an address: ``green``.
        titles: By language.
    """

    key: str
    titles: Texts


class _Kept:
    """Reads and writes plain JSON values."""

    __slots__ = ()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the settings; what is unknown is left out, what is missing is as usual."""
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in values.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True, slots=True)
class IdeaSettings(_Kept):
    """Of phases in which ideas or budget proposals are written.

    Attributes:
        categories: What they can be about; empty where nobody has to choose.
        shapes: What can be drawn: of ``SHAPES``; empty where there is no map.
        place_required: Whether a place has to be named, in words or on the map.
        photos: Whether a photo can be added.
        comments: Whether others may comment.
        supports: Whether others may support.
        longest_text: In characters.
    """

    categories: tuple[Category, ...] = ()
    shapes: tuple[str, ...] = SHAPES
    place_required: bool = False
    photos: bool = True
    comments: bool = True
    supports: bool = True
    longest_text: int = 4_000

    def __post_init__(self) -> None:
        made = tuple(each if isinstance(each, Category) else Category(**each) for each in self.categories)
        object.__setattr__(self, "categories", made)
        object.__setattr__(self, "shapes", tuple(self.shapes))


@dataclass(frozen=True, slots=True)
class StatementSettings(_Kept):
    """Of phases in which formal statements on a plan are made.

    Attributes:
        rule: Code of the rule by which the period is reckoned: ``de.baugb-3-2``, ``it.l1150-1942-9``; empty for none.
        announced_on: ISO date on which the period is made known.
        starts_on: ISO date of the first day, where the city chooses a later one; else empty.
        at_least_until: ISO date of a last day that the city promised, for good cause; else empty.
        cause: The good cause.
        notice_days: Days between the announcement and the first day, at the least.
        region: ISO 3166-2 of the place without its country, for the holidays: ``NW``, ``AR``; empty for national ones.
        deposit_days: Of a regional Italian rule; so ``observation_days``.
        basis: Of a regional Italian rule: the law that it comes from.
        access: Where the documents can be seen in another way than on the Internet, by language.
        environment: Which kinds of environmental information there are, by language.
        prefix: What the numbers of receipts begin with.
    """

    rule: str = ""
    announced_on: str = ""
    starts_on: str = ""
    at_least_until: str = ""
    cause: str = ""
    notice_days: int = 7
    region: str = ""
    deposit_days: int = 30
    observation_days: int = 30
    basis: str = ""
    access: Texts = field(default_factory=dict)
    environment: Texts = field(default_factory=dict)
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class VoteSettings(_Kept):
    """Of phases in which a budget is voted on.

    Attributes:
        budget_cents: What there is to spend.
        vote_type: Of ``domain.budget.election.VoteType``: ``approval``, ``cumulative``, ``choose-1``.
        most_choices: How many proposals one ballot may name; 0 for any number.
        points: How many points one ballot gives out, for ``cumulative``.
        method: Of ``domain.budget.rule.Method``.
        add_one: Whether shares are raised until the money is spent.
        completion: Whether the greedy method spends what is left.
        codes_per_hour: How many wrong codes one browser may try within an hour.
    """

    budget_cents: int = 0
    vote_type: str = "approval"
    most_choices: int = 0
    points: int = 10
    method: str = "equal-shares"
    add_one: bool = True
    completion: bool = True
    codes_per_hour: int = 10


@dataclass(frozen=True, slots=True)
class OpinionSettings(_Kept):
    """Of opinion maps.

    Attributes:
        admit_first: Whether a new statement waits until moderation admits it.
        longest_text: In characters.
        smallest_group: No group of fewer people is described.
    """

    admit_first: bool = True
    longest_text: int = 140
    smallest_group: int = 5


@dataclass(frozen=True, slots=True)
class SurveySettings(_Kept):
    """Of surveys.

    Attributes:
        questions: As ``domain.survey`` reads them, with their texts: ``id``, ``kind``, ``titles``, ``hints``,
            ``options`` (each ``id``, ``titles``), ``required``, ``least``, ``most``, ``branches``, ``otherwise``.
        smallest_count: Results of fewer answers are not shown.
    """

    questions: tuple[Mapping[str, Any], ...] = ()
    smallest_count: int = 5

    def __post_init__(self) -> None:
        object.__setattr__(self, "questions", tuple(self.questions))


@dataclass(frozen=True, slots=True)
class NoSettings(_Kept):
    """Of phases in which there is nothing to set."""


PhaseSettings = (
    IdeaSettings | StatementSettings | VoteSettings | OpinionSettings | SurveySettings | NoSettings
)
SETTINGS: Mapping[PhaseKind, type[PhaseSettings]] = {
    PhaseKind.IDEAS: IdeaSettings,
    PhaseKind.STATEMENTS: StatementSettings,
    PhaseKind.BUDGET_SUBMIT: IdeaSettings,
    PhaseKind.BUDGET_CHECK: NoSettings,
    PhaseKind.BUDGET_VOTE: VoteSettings,
    PhaseKind.BUDGET_RESULT: NoSettings,
    PhaseKind.OPINION_MAP: OpinionSettings,
    PhaseKind.SURVEY: SurveySettings,
}


def settings_of(kind: PhaseKind, values: Mapping[str, Any]) -> PhaseSettings:
    """Return the settings of a phase from what was kept.

    >>> settings_of(PhaseKind.OPINION_MAP, {"longest_text": 200}).longest_text
    200
    """
    return SETTINGS[kind].from_json(values)

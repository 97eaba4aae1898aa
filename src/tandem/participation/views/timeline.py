"""Projects on a timeline: bars in per cent of the time that all of them take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tandem.participation.models import Milestone, Project

LEAST_PER_CENT = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """One project on the timeline.

    Attributes:
        start: From the left of the whole, as ``12.5%``; so are ``marks``, its milestones.
        width: Of the whole, in the same form.
        is_open: Whether its end is not known.
    """

    project: Project
    start: str
    width: str
    marks: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """All bars, and the years above them with their places."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[str, str], ...]
    today: str


def timeline(projects: Sequence[Project], *, today: date) -> Timeline | None:
    """Return the projects that have dates on a timeline of whole years, or None where none has.

    Args:
        projects: With their milestones loaded.
    """
    spans = [(each, *_span(each, each.milestones.all(), today)) for each in projects]
    dated = [(project, first, last) for project, first, last in spans if first and last]
    if not dated:
        return None
    begin = date(min(first.year for _project, first, _last in dated), 1, 1)
    end = date(max(last.year for _project, _first, last in dated) + 1, 1, 1)
    whole = (end - begin).days

    def place(day: date) -> float:
        return 100 * (day - begin).days / whole

    bars = tuple(
        Bar(
            project,
            _per_cent(place(first)),
            _per_cent(max(LEAST_PER_CENT, place(last) - place(first))),
            tuple(_per_cent(place(each.on)) for each in project.milestones.all()),
            project.ends_on is None,
        )
        for project, first, last in sorted(dated, key=lambda each: (each[1], each[2]))
    )
    step = max(1, (end.year - begin.year) // 8)
    years = tuple(
        (str(year), _per_cent(place(date(year, 1, 1)))) for year in range(begin.year, end.year, step)
    )
    return Timeline(bars, years, _per_cent(place(min(max(today, begin), end))))


def _per_cent(value: float) -> str:
    return f"{value:.2f}%"


def _span(project: Project, milestones: Iterable[Milestone], today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day that is known of a project; one without an end lasts until today at least."""
    days = [each.on for each in milestones]
    begins = [*([project.begins_on] if project.begins_on else []), *days]
    if not begins:
        return None, None
    first = min(begins)
    last = project.ends_on or max([today, first, *days])
    return first, last

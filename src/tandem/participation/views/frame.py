"""What the pages of a phase share: the way to it, its process's other phases, its state, what may be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from tandem.core.text import pick
from tandem.participation import labels
from tandem.participation.access import Standing, standing
from tandem.participation.domain.phase import PhaseState
from tandem.participation.models import Phase


@dataclass(frozen=True, slots=True)
class PhaseShown:
    """A phase in a list of phases.

    Attributes:
        until: The last minute in which it is open.
    """

    number: int
    title: str
    state: PhaseState
    state_label: str | Promise
    kind_label: str | Promise
    opens_at: datetime
    closes_at: datetime | None
    until: datetime | None
    url: str
    is_current: bool = False


def title_of(phase: Phase, language: str) -> str:
    """Return what a phase is called: its own title, or that of its kind."""
    return pick(phase.titles, language) or str(labels.KIND[phase.kind])


def shown(phase: Phase, slug: str, now: datetime, *, current: int = 0) -> PhaseShown:
    """Return a phase as lists show it.

    Args:
        slug: Its process's.
        current: Number of the phase whose page it is.
    """
    state = phase.state(now)
    return PhaseShown(
        phase.number,
        title_of(phase, get_language() or "en"),
        state,
        labels.STATE[state],
        labels.KIND[phase.kind],
        phase.opens_at,
        phase.closes_at,
        phase.until,
        reverse("participation:phase", args=[slug, phase.number]),
        phase.number == current,
    )


def phase_page(request: HttpRequest, phase: Phase, *, now: datetime | None = None) -> dict[str, Any]:
    """Return what ``participation/phase_base.html`` needs. One query for the phases unless they are loaded.

    The page's own values come on top: ``{**phase_page(request, phase), "ideas": …}``.
    """
    now = now or timezone.now()
    process, language = phase.process, get_language() or "en"
    known = list(process.phases.all()) if phase.siblings is None else phase.siblings
    here: Standing = standing(request, phase, now)
    return {
        "phase": phase,
        "process": process,
        "project": process.project,
        "phase_title": title_of(phase, language),
        "process_title": pick(process.titles, language, default=process.slug),
        "project_title": pick(process.project.titles, language, default=process.project.slug),
        "phase_url": reverse("participation:phase", args=[process.slug, phase.number]),
        "phases": [shown(each, process.slug, now, current=phase.number) for each in known],
        "state": here.state,
        "state_label": labels.STATE[here.state],
        "standing": here,
        "may": here.may,
        "who": [labels.WHO[each] for each in sorted(phase.who_is_admitted)],
        "is_example": process.project.is_example,
    }

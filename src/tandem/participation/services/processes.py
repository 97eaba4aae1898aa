"""Processes: from a blueprint to what the public sees."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.publication import Publication, Step, next_publication
from tandem.core.text import pick, say
from tandem.kit import installation
from tandem.participation.domain.blueprint import blueprint, windows
from tandem.participation.domain.phase import Window
from tandem.participation.models import Phase, Process, Project
from tandem.participation.services import indexing
from tandem.participation.services.projects import NothingSaid, free_slug

log = logging.getLogger(__name__)


class ProjectNotPublic(Conflict):
    """A process cannot be public in a project that is not."""

    code = "participation.project-not-public"

    def __init__(self) -> None:
        super().__init__(say("Publish the project first; its processes can be found on its page only."))


class PhasesOverlap(Conflict):
    """A phase begins before the one before it has ended."""

    code = "participation.phases-overlap"

    def __init__(self, number: int) -> None:
        super().__init__(
            say(
                "Phase {number} begins before the phase before it has ended. Correct one of the dates.",
                number=number,
            )
        )


class HasContributions(Conflict):
    """A phase in which somebody has taken part keeps its beginning."""

    code = "participation.has-contributions"

    def __init__(self) -> None:
        super().__init__(
            say("People have taken part in this phase already; its beginning cannot be changed.")
        )


@transaction.atomic
def begin(
    project: Project,
    *,
    code: str,
    titles: Mapping[str, str],
    opens_at: datetime,
    person: Person | None,
    now: datetime,
    texts: Mapping[str, str] | None = None,
) -> Process:
    """Make a draft of a process with the phases of a blueprint, one after the other from ``opens_at`` on.

    Raises:
        UnknownBlueprint: There is no blueprint of that code.
    """
    chosen = blueprint(code)
    identity = uuid4()
    process = Process.objects.create(
        id=identity,
        iri=f"{installation.config().server.url}/id/process/{identity}",
        slug=free_slug(pick(titles, installation.city().languages[0], default=code), Process),
        project=project,
        blueprint=code,
        titles=dict(titles),
        texts=dict(texts or chosen.summaries),
        created_by=person,
        changed_at=now,
    )
    zone = ZoneInfo(installation.city().timezone)
    for number, (draft, window) in enumerate(
        zip(chosen.phases, windows(chosen.phases, opens_at=opens_at, zone=zone), strict=True), start=1
    ):
        Phase.objects.create(
            process=process,
            number=number,
            kind=draft.kind,
            titles=dict(draft.titles),
            settings=dict(draft.settings),
            opens_at=window.opens_at,
            closes_at=window.closes_at,
        )
    audit.record(person, "participation.process.begin", process.iri, {"blueprint": code})
    return process


@transaction.atomic
def change(process: Process, *, person: Person | None, now: datetime, **values: Any) -> None:
    """Change the texts of a process."""
    for name, value in values.items():
        setattr(process, name, value)
    process.changed_at = now
    process.save(update_fields=[*values, "changed_at"])
    audit.record(person, "participation.process.change", process.iri, {"changed": sorted(values)})
    indexing.index_project(process.project)


@transaction.atomic
def change_phase(phase: Phase, *, person: Person | None, now: datetime, **values: Any) -> None:
    """Change what a phase says, when it is open, whom it admits and what is set in it.

    Raises:
        BadWindow: It would close before it opens.
        PhasesOverlap: It would be open at the same time as another phase of its process.
        HasContributions: It would begin later than people have taken part in it.
    """
    if values.get("opens_at", phase.opens_at) > phase.opens_at and _has_contributions(phase):
        raise HasContributions
    for name, value in values.items():
        setattr(phase, name, value)
    Window(phase.opens_at, phase.closes_at)
    require_order([each if each.pk != phase.pk else phase for each in phase.process.phases.all()])
    phase.save(update_fields=list(values))
    phase.process.changed_at = now
    phase.process.save(update_fields=["changed_at"])
    audit.record(
        person,
        "participation.phase.change",
        phase.process.iri,
        {"phase": phase.number, "changed": sorted(values)},
    )


def _has_contributions(phase: Phase) -> bool:
    made = (phase.contributions, phase.statements, phase.ballots, phase.poll_votes, phase.responses)
    return any(each.exists() for each in made)


def require_order(phases: Sequence[Phase]) -> None:
    """Do nothing where phases follow one another.

    Raises:
        PhasesOverlap: One begins before the one before it has ended.
    """
    for before, after in pairwise(phases):
        if before.closes_at is None or after.opens_at < before.closes_at:
            raise PhasesOverlap(after.number)


@transaction.atomic
def publish(process: Process, *, person: Person | None, now: datetime) -> None:
    """Make a process public.

    Raises:
        WrongPublication: It is published already.
        NothingSaid: It has no title or no text.
        ProjectNotPublic: Its project is not.
    """
    state = next_publication(Publication(process.status), Step.PUBLISH)
    if not (process.titles and process.texts):
        raise NothingSaid
    if process.project.status != Publication.PUBLISHED:
        raise ProjectNotPublic
    process.status, process.changed_at = state, now
    process.published_at = process.published_at or now
    process.save(update_fields=["status", "changed_at", "published_at"])
    audit.record(person, "participation.process.publish", process.iri)
    indexing.index_project(process.project)
    log.info("participation.process.publish", extra={"slug": process.slug})


@transaction.atomic
def withdraw(process: Process, *, person: Person | None, now: datetime) -> None:
    """Take a process from the public pages; what people contributed stays stored.

    Raises:
        WrongPublication: It is not published.
    """
    process.status = next_publication(Publication(process.status), Step.WITHDRAW)
    process.changed_at = now
    process.save(update_fields=["status", "changed_at"])
    audit.record(person, "participation.process.withdraw", process.iri)
    indexing.index_project(process.project)

"""A draft of a process made of another city's blueprint, changed as that changes, and taken away again."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.core.files.storage import default_storage
from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.text import say
from tandem.kit import installation
from tandem.participation.domain import measure_part
from tandem.participation.domain.measure_part import NEW, phase_keys
from tandem.participation.domain.phase import PhaseKind, PhaseState, Window
from tandem.participation.models import Phase, PlanDocument, Process, Project
from tandem.participation.services import indexing, processes, projects, surveys

BLUEPRINT = "measure"


class PhasesFixed(Conflict):
    """The phases of a process that the public has seen are neither more nor fewer by an update."""

    code = "participation.part.phases-fixed"

    def __init__(self) -> None:
        super().__init__(
            say(
                "The process was public already: its phases stay. Take over what is said in them, or keep yours."
            )
        )


class SettingsFixed(Conflict):
    """A vote that people cast goes by the rule that was published, and a legal period by the law it was reckoned by."""

    code = "participation.part.settings-fixed"

    def __init__(self, number: int) -> None:
        super().__init__(
            say(
                "People vote by what is set in phase {number}, or its legal period was reckoned by it.",
                number=number,
            )
        )


class InUse(Conflict):
    """Somebody has taken part in a process, or prepared something in it, so that it cannot vanish."""

    code = "participation.part.in-use"

    def __init__(self) -> None:
        super().__init__(
            say("People have contributed here already, so it cannot be deleted. Leave it as it is.")
        )


def first_day_of(phases: Sequence[Phase]) -> str | None:
    """Return the first day of a process with these phases, as an ISO date."""
    return phases[0].opens_at.astimezone(zone()).date().isoformat() if phases else None


def zone() -> ZoneInfo:
    """Return the city's time zone."""
    return ZoneInfo(installation.city().timezone)


def project_of(wanted: str) -> Project | None:
    """Return the project that somebody named by its address or the last part of it; None for a new one."""
    slug = re.sub(r".*/", "", wanted.rstrip("/"))
    return None if wanted == NEW else Project.objects.filter(slug=slug).first()


# --- make ---------------------------------------------------------------------------------------
def project_for(fields: Mapping[str, Any], person: Person | None, now: datetime) -> Project:
    """Return the project that a part names; a draft of a new one where there is none."""
    wanted: str = fields["project"]
    project = project_of(wanted)
    if project is not None:
        return project
    title = fields["title"] if wanted == NEW else wanted
    return projects.begin(
        titles={installation.city().languages[0]: title},
        person=person,
        now=now,
        summaries=dict(fields["texts"]),
        contact={"mail": fields["contact_mail"]},
        created_at=now,
    )


def begin(project: Project, fields: Mapping[str, Any], *, person: Person | None, now: datetime) -> Process:
    """Make a draft of a process with the phases of a part."""
    identity = uuid4()
    process = Process.objects.create(
        id=identity,
        iri=f"{installation.config().server.url}/id/process/{identity}",
        slug=projects.free_slug(fields["title"], Process),
        project=project,
        blueprint=BLUEPRINT,
        titles={installation.city().languages[0]: fields["title"]},
        texts=dict(fields["texts"]),
        created_by=person,
        created_at=now,
        changed_at=now,
    )
    wanted = zip(fields["phases"], _windows(fields), strict=True)
    Phase.objects.bulk_create(
        _phase(process, number, values, window) for number, (values, window) in enumerate(wanted, start=1)
    )
    audit.record(person, "participation.process.begin", process.iri, {"blueprint": BLUEPRINT})
    return process


def _windows(fields: Mapping[str, Any]) -> list[Window]:
    """Return when the phases are open."""
    return measure_part.schedule(fields["phases"], date.fromisoformat(fields["first_day"]), zone())


def _phase(process: Process, number: int, values: Mapping[str, Any], window: Window) -> Phase:
    kind = PhaseKind(values["kind"])
    return Phase(
        process=process,
        number=number,
        kind=kind,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        **_columns(kind, values, {}),
    )


def _columns(kind: PhaseKind, values: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "titles": dict(values.get("titles", {})),
        "texts": dict(values.get("texts", {})),
        "admitted": values.get("admitted"),
        "settings": measure_part.settings_with(kind, values["settings"], kept),
    }


# --- update -------------------------------------------------------------------------------------
def bring_in_line(
    process: Process, fields: Mapping[str, Any], *, person: Person | None, now: datetime
) -> None:
    """Change the phases that there are; before anybody has seen them, add and remove some, and move them all."""
    rows = list(process.phases.all())
    known = dict(zip(phase_keys(each.phase_kind for each in rows), rows, strict=True))
    wanted = {each["key"]: each for each in fields["phases"]}
    was_public = process.published_at is not None
    if was_public and list(known) != list(wanted):
        raise PhasesFixed
    for key, row in known.items():
        if key in wanted:
            _change(row, wanted[key], person=person, now=now)
    if not was_public:
        first_day = fields.get("first_day") or first_day_of(rows) or now.astimezone(zone()).date().isoformat()
        _rearrange(process, known, {**fields, "first_day": first_day}, person=person, now=now)


def _change(row: Phase, values: Mapping[str, Any], *, person: Person | None, now: datetime) -> None:
    columns = _columns(row.phase_kind, values, row.settings)
    questions = columns["settings"].get("questions")
    if questions is not None and questions != list(row.settings.get("questions", ())):
        surveys.set_questions(row, questions, person=person, now=now)
    before = _columns(row.phase_kind, {**_texts_of(row), "settings": {}}, row.settings)
    changed = {name: value for name, value in columns.items() if before[name] != value}
    if "settings" in changed and _is_settled(row, now):
        raise SettingsFixed(row.number)
    if changed:
        processes.change_phase(row, person=person, now=now, **changed)


def _is_settled(row: Phase, now: datetime) -> bool:
    is_voted_on = row.phase_kind is PhaseKind.BUDGET_VOTE and row.process.published_at is not None
    return bool(row.period) or (is_voted_on and row.state(now) is not PhaseState.PLANNED)


def _texts_of(row: Phase) -> dict[str, Any]:
    return {"titles": row.titles, "texts": row.texts, "admitted": row.admitted}


def _rearrange(
    process: Process,
    known: Mapping[str, Phase],
    fields: Mapping[str, Any],
    *,
    person: Person | None,
    now: datetime,
) -> None:
    wanted = fields["phases"]
    keys = {each["key"] for each in wanted}
    for key, row in known.items():
        if key not in keys:
            _delete_phase(row)
    rows, moved = [], []
    for number, (values, planned) in enumerate(zip(wanted, _windows(fields), strict=True), start=1):
        row = known.get(values["key"]) or _phase(process, number, values, planned)
        window = row.window if row.period else planned  # a legal period is the law's, not the part's
        if values["key"] not in known or (row.number, row.window) != (number, window):
            row.number, row.opens_at, row.closes_at = number, window.opens_at, window.closes_at
            moved.append(row)
        rows.append(row)
    processes.require_order(rows)
    _put(process, moved, person=person, now=now)


def _delete_phase(row: Phase) -> None:
    if _is_used(row):
        raise InUse
    row.delete()


def _is_used(row: Phase) -> bool:
    """Return whether there is something in a phase that would be lost with it."""
    held = (row.contributions, row.statements, row.ballots, row.poll_statements, row.responses)
    return any(each.exists() for each in (*held, row.codes, row.documents))


def _put(process: Process, rows: Sequence[Phase], *, person: Person | None, now: datetime) -> None:
    """Write phases at their new places. Their numbers differ at each moment, as the database wants it."""
    if not rows:
        return
    away = [each for each in rows if not each._state.adding]
    for each in away:
        Phase.objects.filter(pk=each.pk).update(number=each.number + measure_part.MOST_PHASES)
    for each in rows:
        each.save()
    process.changed_at = now
    process.save(update_fields=["changed_at"])
    numbers = [each.number for each in rows]
    audit.record(person, "participation.phase.change", process.iri, {"phases": numbers})


# --- undo ---------------------------------------------------------------------------------------
def made_along(process: Process) -> bool:
    """Return whether the project was made in the same moment, by the same adoption, and for this process alone."""
    project = process.project
    return project.created_at == process.created_at and project.processes.count() == 1


def discard(process: Process, person: Person | None) -> None:
    """Delete a draft with what was prepared in it, and the project that was made along with it.

    Raises:
        InUse: People have contributed.
    """
    rows = list(process.phases.all())
    if any(each.contributions.exists() or each.statements.exists() for each in rows):
        raise InUse
    if any(each.ballots.exists() or each.responses.exists() for each in rows):
        raise InUse
    project, goes_too = process.project, made_along(process) and _is_untouched(process.project)
    stored = PlanDocument.objects.filter(phase__process=process).values_list("stored", flat=True)
    transaction.on_commit(partial(_drop, list(stored)))
    audit.record(person, "participation.process.discard", process.iri)
    process.delete()
    if goes_too:
        audit.record(person, "participation.project.discard", project.iri)
        project.delete()
    else:
        indexing.index_project(project)


def _is_untouched(project: Project) -> bool:
    """Return whether nobody has worked on a project, or shown it, since it was made."""
    return project.changed_at == project.created_at and project.published_at is None


def _drop(stored: Sequence[str]) -> None:
    for name in stored:
        default_storage.delete(name)

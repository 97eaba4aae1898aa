"""Processes as parts of measures: packed as a blueprint for another city, and made of one as a draft."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.core.errors import NotFound
from tandem.core.findings import Finding
from tandem.core.part_values import MARK, errors, filled, is_unusable, name_of
from tandem.core.parts import Input, InputKind, Part, PartPlan, Step
from tandem.core.publication import Publication
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.kit import installation, search
from tandem.participation.domain import measure_part
from tandem.participation.domain.measure_part import NEW, BadPart, PhaseKept
from tandem.participation.domain.permissions import ROOM
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.domain.survey import check_survey
from tandem.participation.models import Phase, Process
from tandem.participation.services import measure_processes, processes, projects, surveys

MOST_OFFERED = 20
_TITLE = {"en": "Title of the process", "de": "Titel des Verfahrens", "it": "Titolo del percorso"}
_FIRST_DAY = {"en": "First day of the process", "de": "Erster Tag", "it": "Primo giorno"}
_PROJECT = {"en": "Project", "de": "Projekt", "it": "Progetto"}
_PROJECT_HINT = {
    "en": "The last part of the address of a project that there is, or the title of a new one. “new”: one with the "
    "title of the process.",
    "de": "Der letzte Teil der Adresse eines vorhandenen Projekts oder der Titel eines neuen. „new“: eines mit dem "
    "Titel des Verfahrens.",
    "it": "L'ultima parte dell'indirizzo di un progetto esistente o il titolo di uno nuovo. “new”: uno con il titolo "
    "del percorso.",
}
_CONTACT = {
    "en": "E-mail address for questions about a new project",
    "de": "E-Mail-Adresse für Fragen zu einem neuen Projekt",
    "it": "Indirizzo e-mail per domande su un nuovo progetto",
}


class NotOffered(NotFound):
    """There is no such process of ours, or it is not public."""

    code = "participation.part.not-offered"

    def __init__(self, uri: str) -> None:
        super().__init__(say("There is no published process {uri} of this city to take along.", uri=uri))


class ProcessGone(NotFound):
    """What was made of a part is no longer there."""

    code = "participation.part.gone"

    def __init__(self, uri: str) -> None:
        super().__init__(say("The process {uri} is gone; somebody deleted it.", uri=uri))


class ParticipationParts:
    """Handles parts of the kind ``participation``."""

    kind = "participation"
    signs = f"{ROOM}:planner"

    def offered(self, query: str, language: str) -> Sequence[Reference]:
        """Return published processes of this city that fit a search."""
        found = search.search(query, language=language, rooms=[ROOM], kinds=["process"], limit=MOST_OFFERED)
        return [Reference(hit.uri, "process", hit.titles, hit.path) for hit in found.hits]

    def pack(self, uri: str) -> Part:
        """Return a published process as a part: without people, places and dates.

        Raises:
            NotOffered: There is none.
        """
        process = _found(uri)
        if process is None or process.status != Publication.PUBLISHED:
            raise NotOffered(uri)
        return _packed(process)

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        """Return what ``make`` would do with a part and what stands in the way."""
        fields, findings = _checked(part, inputs)
        if not is_unusable(findings):
            findings += measure_part.key_faults(fields["phases"])
        return PartPlan([] if is_unusable(findings) else list(_steps(fields)), findings)

    @transaction.atomic
    def make(
        self, part: Part, inputs: Mapping[str, Any], *, person: Person | None, now: datetime
    ) -> Reference:
        """Make a draft of a process with its phases, and of its project where there is none yet.

        Raises:
            BadPart: Something stands in the way.
        """
        if wrong := errors(self.plan(part, inputs).findings):
            raise BadPart(wrong)
        fields = filled(part.fields, inputs)
        process = measure_processes.begin(
            measure_processes.project_for(fields, person, now), fields, person=person, now=now
        )
        return Reference(process.iri, "process", process.titles, f"take-part/{process.slug}/")

    def fields_of(self, uri: str) -> Mapping[str, Any] | None:
        """Return what became of a part, in the form of its fields; None where it is gone."""
        return self.fields_of_all([uri]).get(uri)

    def fields_of_all(self, uris: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return the fields of several processes, by URI, in two queries."""
        return {each.iri: _fields(each) for each in _with_phases(Process.objects.filter(iri__in=uris))}

    @transaction.atomic
    def update(
        self, uri: str, part: Part, fields: Mapping[str, Any], *, person: Person | None, now: datetime
    ) -> None:
        """Bring a process in line with merged fields. Dates that were public stay, as does the project.

        Raises:
            ProcessGone: It is gone.
            BadPart: Something is wrong with the fields.
            PhasesFixed: It was public, and phases would come or go.
            InUse: A phase that would go has been used.
            SurveyFrozen: People answer its survey already, and more than texts would change.
            SettingsFixed: People vote already, or a legal period was set, and the rule would change.
            PhasesOverlap: Beside a legal period that was set there is not enough time for the others.
        """
        process = _found(uri)
        if process is None:
            raise ProcessGone(uri)
        fields, findings = _checked(replace(part, fields=fields), {})
        if is_unusable(findings):  # what people here took out again need not be filled in
            raise BadPart(errors(findings))
        titles = dict(process.titles)
        if fields.get("title"):
            titles[installation.city().languages[0]] = fields["title"]
        changed = {"titles": titles, "texts": dict(fields["texts"])}
        if any(getattr(process, name) != value for name, value in changed.items()):
            processes.change(process, person=person, now=now, **changed)
        measure_processes.bring_in_line(process, fields, person=person, now=now)

    @transaction.atomic
    def go_live(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Publish a process, with the project that was made along with it. What is public stays so.

        Raises:
            ProcessGone: It is gone.
            NothingSaid: It has no title or no text.
            ProjectNotPublic: It is in another project, which is not public.
        """
        process = _found(uri)
        if process is None:
            raise ProcessGone(uri)
        if process.status == Publication.PUBLISHED:
            return
        if process.project.status == Publication.DRAFT and measure_processes.made_along(process):
            projects.publish(process.project, person=person, now=now)
        processes.publish(process, person=person, now=now)

    @transaction.atomic
    def undo(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Delete a draft, and the project that was made along with it; withdraw what was public.

        Raises:
            InUse: A draft has contributions, which nobody may lose.
        """
        process = _found(uri)
        if process is None:
            return
        if process.status == Publication.PUBLISHED:
            processes.withdraw(process, person=person, now=now)
        if process.published_at is None:
            measure_processes.discard(process, person)


def _found(uri: str) -> Process | None:
    return _with_phases(Process.objects.filter(iri=uri)).first()


def _with_phases(rows: QuerySet[Process]) -> QuerySet[Process]:
    return rows.select_related("project").prefetch_related("phases")


def _fields(process: Process) -> dict[str, Any]:
    phases = list(process.phases.all())
    return {
        "title": pick(process.titles, installation.city().languages[0]),
        "first_day": measure_processes.first_day_of(phases),
        "project": process.project.slug,
        "contact_mail": process.project.contact.get("mail"),
        **_general(process, phases),
    }


# --- what travels -------------------------------------------------------------------------------
def _packed(process: Process) -> Part:
    name = name_of(process.slug)
    with override(installation.city().languages[0]):
        page = f"{installation.config().server.url}{reverse('participation:process', args=[process.slug])}"
    inputs = (
        Input(f"{name}-title", titles=_TITLE),
        Input(f"{name}-first-day", InputKind.DATE, titles=_FIRST_DAY),
        Input(f"{name}-project", titles=_PROJECT, hints=_PROJECT_HINT, default=NEW),
        Input(f"{name}-contact-mail", titles=_CONTACT, profile="contact_mail"),
    )
    fields = {
        "title": {MARK: f"{name}-title"},
        "first_day": {MARK: f"{name}-first-day"},
        "project": {MARK: f"{name}-project"},
        "contact_mail": {MARK: f"{name}-contact-mail"},
        **_general(process, list(process.phases.all())),
    }
    origin = Reference(process.iri, "process", dict(process.titles), page)
    return Part(ParticipationParts.kind, name, dict(process.titles), fields, {}, inputs, origin)


def _general(process: Process, phases: Sequence[Phase]) -> dict[str, Any]:
    kept = [
        PhaseKept(each.phase_kind, each.titles, each.texts, each.window, each.admitted, each.settings)
        for each in phases
    ]
    return {"texts": dict(process.texts), "phases": measure_part.phases_of(kept, measure_processes.zone())}


# --- plan ---------------------------------------------------------------------------------------
def _checked(part: Part, inputs: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Finding]]:
    """Return the fields of a part, filled in, and everything that is wrong with them."""
    fields = filled(part.fields, inputs)
    findings = measure_part.check(fields, installation.city().country)
    if not is_unusable(findings):
        findings += _survey_findings(fields)
    return fields, findings


def _survey_findings(fields: Mapping[str, Any]) -> Iterator[Finding]:
    for place, phase in enumerate(fields["phases"]):
        kept = phase["settings"].get("questions", []) if phase["kind"] == PhaseKind.SURVEY else []
        places = {each["id"]: number for number, each in enumerate(kept)}
        for each in check_survey([surveys.question_of(one) for one in kept]):
            path = f"/phases/{place}/settings/questions/{places.get(each.path, 0)}"
            yield replace(each, path=path)


def _steps(fields: Mapping[str, Any]) -> Iterator[Step]:
    title, wanted = fields.get("title") or "…", fields.get("project") or NEW
    project = measure_processes.project_of(wanted)
    if project is None:
        named = title if wanted == NEW else wanted
        yield Step(say("A draft of a project “{title}” is made.", title=named))
    says = say(
        "A draft of a process “{title}” is made. Its phases: {count}.",
        title=title,
        count=len(fields["phases"]),
    )
    yield Step(says)

"""Who asks, in which way they take part, and whether they may.

Staff act in two ways: with one of the room's roles they do the office's work, and everything that citizens do they
do with their account like anybody else.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from tandem.accounts.models import Person
from tandem.accounts.services.roles import has_role
from tandem.core.errors import TandemError
from tandem.core.publication import Publication
from tandem.kit.identifiers import check_public
from tandem.participation.domain.permissions import ALLOWED, DUTIES, ROOM, Duty
from tandem.participation.domain.phase import Action, PhaseState, Who, refusal
from tandem.participation.models import Participant, Phase, Process, Project
from tandem.participation.services import participants

SESSION_KEY = "participation_participant"
_TAKEN, MOST_TAKEN = "participation_taken", 50


def may(request: HttpRequest, duty: Duty) -> bool:
    """Return whether the person who asks has a role for this."""
    person = request.user
    return person.is_authenticated and has_role(person, ROOM, *ALLOWED[duty])


may_see_drafts = partial(may, duty=Duty.SEE_DRAFTS)
may_plan = partial(may, duty=Duty.PLAN)
may_moderate = partial(may, duty=Duty.MODERATE)
may_record = partial(may, duty=Duty.RECORD)
may_answer = partial(may, duty=Duty.ANSWER)
may_decide = partial(may, duty=Duty.DECIDE)
may_export = partial(may, duty=Duty.EXPORT)


def participant(request: HttpRequest) -> Participant | None:
    """Return who takes part, by the account or by what this browser confirmed; None for a newcomer. Asked once."""
    if not hasattr(request, "_participant"):
        request._participant = _known(request)  # type: ignore[attr-defined]
    found: Participant | None = request._participant  # type: ignore[attr-defined]
    return found


def _known(request: HttpRequest) -> Participant | None:
    if isinstance(request.user, Person):
        return participants.of_person(request.user)
    return participants.of_session(request.session.get(SESSION_KEY))


def way_of(request: HttpRequest) -> Who:
    """Return in which way somebody takes part here."""
    if request.user.is_authenticated:
        return Who.ACCOUNT
    known = participant(request)
    return Who(known.kind) if known else Who.GUEST


@dataclass(frozen=True, slots=True)
class Standing:
    """What one asker may do in one phase at one moment. Templates ask ``standing.may``.

    Attributes:
        state: Whether the phase is planned, open or closed.
    """

    request: HttpRequest
    phase: Phase
    now: datetime
    state: PhaseState

    def refusal(self, action: Action) -> TandemError | None:
        """Return why the asker may not do something, or None where they may."""
        duty = DUTIES.get(action)
        is_staff = duty is not None and may(self.request, duty)
        return refusal(
            action,
            kind=self.phase.phase_kind,
            state=self.state,
            who=Who.STAFF if is_staff else way_of(self.request),
            admitted=self.phase.who_is_admitted,
        )

    def check(self, action: Action) -> None:
        """Do nothing where the asker may.

        Raises:
            NotInThisPhase: A phase of this kind has no such action.
            NotAdmitted: Not for those who take part in this way.
            PhaseNotOpen: Not now.
        """
        error = self.refusal(action)
        if error is not None:
            raise error

    @property
    def may(self) -> dict[str, bool]:
        """Every action by its name with ``_`` for ``-``, and whether it is possible now."""
        return {each.value.replace("-", "_"): self.refusal(each) is None for each in Action}


def standing(request: HttpRequest, phase: Phase, now: datetime) -> Standing:
    """Return what the asker may do in a phase."""
    return Standing(request, phase, now, phase.state(now))


# --- what is visible ----------------------------------------------------------------------------
def visible_project(request: HttpRequest, slug: str) -> Project:
    """Return the project with that slug, as far as the asker may see it.

    Raises:
        Http404: There is none, or it never was public and the asker no member of staff.
        Withdrawn: It was public once.
    """
    return _visible_project(request, slug=slug)


def project_named(request: HttpRequest, pk: UUID) -> Project:
    """Return the project with that id, as far as the asker may see it.

    Raises:
        Http404, Withdrawn: As ``visible_project``.
    """
    return _visible_project(request, pk=pk)


def _visible_project(request: HttpRequest, **where: Any) -> Project:
    found = Project.objects.filter(**where).first()
    if found is None:
        raise Http404
    _check_seen(request, found.status)
    return found


def _check_seen(request: HttpRequest, *states: str) -> None:
    if set(states) != {Publication.PUBLISHED} and not may_see_drafts(request):
        check_public(*states)


def visible_process(request: HttpRequest, slug: str) -> Process:
    """Return the process with that slug and its project, as far as the asker may see them.

    Raises:
        Http404: There is none, or one of the two never was public and the asker no member of staff.
        Withdrawn: Both were public once.
    """
    return _visible_process(request, slug=slug)


def process_named(request: HttpRequest, pk: UUID) -> Process:
    """Return the process with that id and its project, as far as the asker may see them.

    Raises:
        Http404, Withdrawn: As ``visible_process``.
    """
    return _visible_process(request, pk=pk)


def _visible_process(request: HttpRequest, **where: Any) -> Process:
    found = Process.objects.filter(**where).select_related("project").first()
    if found is None:
        raise Http404
    _check_seen(request, found.status, found.project.status)
    return found


def visible_phase(request: HttpRequest, slug: str, number: int) -> Phase:
    """Return a phase with its process and project, as far as the asker may see them.

    One query brings the other phases of the process too; ``siblings`` of the phase holds them all, in their order.

    Raises:
        Http404: There is none, or it never was public and the asker no member of staff.
        Withdrawn: It was public once.
    """
    known = list(
        Phase.objects.select_related("process__project").filter(process__slug=slug).order_by("number")
    )
    found = next((each for each in known if each.number == number), None)
    if found is None:
        raise Http404
    found.siblings = known
    _check_seen(request, found.process.status, found.process.project.status)
    return found


# --- who takes part -----------------------------------------------------------------------------
def someone(request: HttpRequest) -> Participant:
    """Return who takes part, made if need be: the account's participant, or a guest of this browser.

    Raises:
        Blocked: Moderation has shut them out.
    """
    found = participant(request)
    if found is None and isinstance(request.user, Person):
        found = request._participant = participants.for_person(request.user)  # type: ignore[attr-defined]
    elif found is None:
        found = participants.new_guest(get_language() or settings.LANGUAGE_CODE)
        remember(request, found)
    participants.refuse_blocked(found)
    return found


def remember(request: HttpRequest, found: Participant) -> None:
    """Let this browser's session know who takes part."""
    request.session[SESSION_KEY] = str(found.pk)
    request._participant = found  # type: ignore[attr-defined]


def forget(request: HttpRequest) -> None:
    """Let this browser's session forget who takes part."""
    request.session.pop(SESSION_KEY, None)
    request._participant = None  # type: ignore[attr-defined]


def form_token() -> str:
    """Return a fresh token for a form, by which it counts once however often it is sent."""
    return secrets.token_urlsafe(12)


def taken(request: HttpRequest, token: str) -> str | None:
    """Return what came of a form with this token, if this browser has sent it before."""
    found: str | None = request.session.get(_TAKEN, {}).get(token)
    return found


def take(request: HttpRequest, token: str, result: str) -> None:
    """Remember what came of a form; the oldest are forgotten."""
    known = {**request.session.get(_TAKEN, {}), token: result}
    request.session[_TAKEN] = dict(list(known.items())[-MOST_TAKEN:])


def address_url() -> str:
    """Return where somebody takes part with an e-mail address."""
    return reverse("participation:address")

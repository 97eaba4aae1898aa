"""Surveys: their questions, one response each, results by question."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.participation.domain.phase import PhaseKind, PhaseNotOpen, PhaseState
from tandem.participation.domain.phase_settings import SurveySettings
from tandem.participation.domain.survey import (
    Answer,
    Answers,
    Branch,
    Question,
    QuestionKind,
    check_answers,
    check_survey,
)
from tandem.participation.domain.survey_results import QuestionResult, survey_results
from tandem.participation.models import Participant, Phase, SurveyResponse
from tandem.participation.services import voting, voting_codes
from tandem.participation.services.participants import voter_key


class AnsweredAlready(Conflict):
    """Somebody has answered before."""

    code = "participation.answered-already"

    def __init__(self) -> None:
        super().__init__(say("Answers were given with this already. They count; nothing was changed."))


class SurveyFrozen(Conflict):
    """Questions cannot be changed once people answer them."""

    code = "participation.survey-frozen"

    def __init__(self) -> None:
        super().__init__(say("The survey has begun. Its questions cannot be changed any more."))


class Unanswered(Conflict):
    """Something is missing or wrong in the answers.

    Attributes:
        findings: What and where.
    """

    code = "participation.unanswered"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(say("Some questions still need an answer."))
        self.findings = findings


def settings_of(phase: Phase) -> SurveySettings:
    """Return what is set in a survey."""
    return SurveySettings.from_json(phase.settings)


def question_of(kept: Mapping[str, Any]) -> Question:
    """Return a question from what was kept."""
    return Question(
        id=kept["id"],
        kind=QuestionKind(kept["kind"]),
        options=tuple(each["id"] for each in kept.get("options", ())),
        required=kept.get("required", False),
        least=kept.get("least"),
        most=kept.get("most"),
        branches=tuple(
            Branch(each["to"], frozenset(each.get("options", ())), each.get("least"), each.get("most"))
            for each in kept.get("branches", ())
        ),
        otherwise=kept.get("otherwise"),
    )


def questions_of(phase: Phase) -> list[Question]:
    """Return the questions of a survey."""
    return [question_of(each) for each in settings_of(phase).questions]


def findings_of(phase: Phase) -> list[Finding]:
    """Return what is wrong with a survey."""
    return check_survey(questions_of(phase))


# --- the editor ---------------------------------------------------------------------------------
@transaction.atomic
def set_questions(
    phase: Phase, questions: Sequence[Mapping[str, Any]], *, person: Person | None, now: datetime
) -> None:
    """Keep the questions of a survey that has not begun.

    Raises:
        SurveyFrozen: It has begun, and somebody may have answered.
    """
    if phase.state(now) is not PhaseState.PLANNED and phase.responses.exists():
        raise SurveyFrozen
    kept = asdict(settings_of(phase))
    phase.settings = {**kept, "questions": [dict(each) for each in questions]}
    phase.save(update_fields=["settings"])
    audit.record(person, "participation.survey.set", phase.process.iri, {"questions": len(questions)})


# --- answering ----------------------------------------------------------------------------------
def plain(answers: Mapping[str, Any]) -> dict[str, Answer]:
    """Return answers from JSON as the rules take them: lists become tuples."""
    return {key: tuple(each) if isinstance(each, list) else each for key, each in answers.items()}


def submit(
    phase: Phase,
    answers: Answers,
    *,
    now: datetime,
    language: str,
    participant: Participant | None = None,
    code: str = "",
) -> SurveyResponse:
    """Take in somebody's answers, once each.

    Raises:
        PhaseNotOpen: They came too early or too late.
        Unanswered: A required answer is missing, or one does not fit.
        AnsweredAlready: The same participant or code has answered.
        CodeUnknown: No letter had the code.
    """
    if phase.phase_kind is not PhaseKind.SURVEY or phase.state(now) is not PhaseState.OPEN:
        raise PhaseNotOpen(say("The survey is not open."), phase.state(now))
    usable = _usable(phase, answers)
    try:
        with transaction.atomic():
            key = voting_codes.use_code(phase, code, now) if code else ""
            if not key and participant is not None:
                key = voter_key(phase, "participant", participant.pk)
            return SurveyResponse.objects.create(
                phase=phase,
                answers=usable,
                language=language,
                participant=participant,
                key=key,
                given_on=timezone.localdate(now),
            )
    except IntegrityError as error:
        raise AnsweredAlready from error


def _usable(phase: Phase, answers: Answers) -> dict[str, Any]:
    checked = check_answers(questions_of(phase), answers)
    wrong = [each for each in checked.findings if each.severity is Severity.ERROR]
    if wrong:
        raise Unanswered(wrong)
    return {key: list(each) if isinstance(each, tuple) else each for key, each in checked.answers.items()}


def record_paper(
    phase: Phase, answers: Answers, *, sheet: str, person: Person, now: datetime, language: str
) -> None:
    """Take in a form that came on paper.

    Raises:
        SheetKnown: A form of that number was entered before.
        Unanswered: A required answer is missing, or one does not fit.
    """
    usable = _usable(phase, answers)
    try:
        with transaction.atomic():
            SurveyResponse.objects.create(
                phase=phase,
                answers=usable,
                language=language,
                channel="paper",
                sheet=sheet,
                given_on=timezone.localdate(now),
                recorded_by=person,
            )
    except IntegrityError as error:
        raise voting.SheetKnown(sheet) from error
    audit.record(person, "participation.survey.record", phase.process.iri, {"sheet": sheet})


# --- results ------------------------------------------------------------------------------------
def results(phase: Phase, *, hide: bool = True) -> tuple[int, list[QuestionResult]]:
    """Return how many answered, and the result of each question.

    Args:
        hide: Whether small numbers are hidden, as for everybody but the staff.
    """
    rows = [plain(each) for each in phase.responses.values_list("answers", flat=True)]
    least = settings_of(phase).smallest_count if hide else 0
    return len(rows), survey_results(questions_of(phase), rows, hide_below=least)

"""Surveys: their questions, one response each, results by question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.findings import Finding, Severity
from tandem.core.publication import Publication
from tandem.core.text import pick, say
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
from tandem.participation.domain.triage import redact
from tandem.participation.models import Participant, Phase, SurveyResponse
from tandem.participation.services import voting_codes
from tandem.participation.services.participants import voter_key

TEXTS_SHOWN = 100
RESULT_COLUMNS = ("question", "title", "asked", "answered", "answer", "people", "share", "median", "mean")
_MISSING = "participation.survey.missing"


class AnsweredAlready(Conflict):
    """Somebody has answered before."""

    code = "participation.answered-already"

    def __init__(self) -> None:
        super().__init__(say("Answers were given with this already. They count; nothing was changed."))


class SurveyFrozen(Conflict):
    """What is asked cannot be changed once people can answer."""

    code = "participation.survey-frozen"

    def __init__(self) -> None:
        super().__init__(say("The survey has begun. Only its texts can still be corrected."))


class FormKnown(Conflict):
    """A paper form was entered before."""

    code = "participation.survey-form-known"

    def __init__(self, sheet: str) -> None:
        super().__init__(say("Form {sheet} has been entered already; nothing was changed.", sheet=sheet))


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
def is_frozen(phase: Phase, now: datetime) -> bool:
    """Return whether people may have answered: the survey has begun, in public."""
    has_begun = phase.state(now) is not PhaseState.PLANNED
    return has_begun and (phase.process.status != Publication.DRAFT or phase.responses.exists())


@transaction.atomic
def set_questions(
    phase: Phase, questions: Sequence[Mapping[str, Any]], *, person: Person | None, now: datetime
) -> None:
    """Keep the questions of a survey; of one that has begun, their corrected texts.

    Raises:
        SurveyFrozen: It has begun, and more than texts would change.
    """
    wanted = [question_of(each) for each in questions]
    if wanted != questions_of(phase) and is_frozen(phase, now):
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
    digest: str = "",
) -> SurveyResponse:
    """Take in somebody's answers, once each. The phase must be open at ``now``, when they arrived.

    Args:
        digest: Of a code from a letter, as ``voting_codes.check_code`` returns it; else ``participant`` answers.

    Raises:
        PhaseNotOpen: They came too early or too late.
        Unanswered: A required answer is missing, or one does not fit.
        AnsweredAlready: The same participant has answered.
        AlreadyVoted: The code was used.
        CodeUnknown: No letter had the code.
    """
    if phase.phase_kind is not PhaseKind.SURVEY or phase.state(now) is not PhaseState.OPEN:
        raise PhaseNotOpen(say("The survey is not open."), phase.state(now))
    usable = _usable(phase, answers)
    try:
        with transaction.atomic():
            key = voting_codes.use_digest(phase, digest, now) if digest else _key_of(phase, participant)
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


def _key_of(phase: Phase, participant: Participant | None) -> str:
    return "" if participant is None else voter_key(phase, "participant", participant.pk)


def has_answered(phase: Phase, participant: Participant | None) -> bool:
    """Return whether a participant has answered; who did so with a code is not known here."""
    return participant is not None and phase.responses.filter(key=_key_of(phase, participant)).exists()


def _usable(phase: Phase, answers: Answers, *, gaps: bool = False) -> dict[str, Any]:
    """Return the answers that count.

    Args:
        gaps: Whether required answers may be missing.

    Raises:
        Unanswered: One is missing, or does not fit.
    """
    checked = check_answers(questions_of(phase), answers)
    wrong = [
        each
        for each in checked.findings
        if each.severity is Severity.ERROR and not (gaps and each.code == _MISSING)
    ]
    if wrong:
        raise Unanswered(wrong)
    return {key: list(each) if isinstance(each, tuple) else each for key, each in checked.answers.items()}


def record_paper(
    phase: Phase, answers: Answers, *, sheet: str, person: Person, now: datetime, language: str
) -> None:
    """Take in a form that came on paper; nobody can be asked again about what was left empty on it.

    Raises:
        FormKnown: A form of that number was entered before.
        PhaseNotOpen: The survey has not begun.
        Unanswered: An answer does not fit.
    """
    if phase.phase_kind is not PhaseKind.SURVEY or phase.state(now) is PhaseState.PLANNED:
        raise PhaseNotOpen(say("The survey is not open."), phase.state(now))
    usable = _usable(phase, answers, gaps=True)
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
            audit.record(person, "participation.survey.record", phase.process.iri, {"sheet": sheet})
    except IntegrityError as error:
        raise FormKnown(sheet) from error


# --- results ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Results:
    """What came out.

    Attributes:
        people: How many answered; None where so few did that the number is hidden.
        questions: One for each question.
        texts: By question, what was written, without personal data; staff alone read it.
    """

    people: int | None
    questions: list[QuestionResult]
    texts: Mapping[str, Sequence[str]]


def results(phase: Phase, *, hide: bool = True, language: str = "en") -> Results:
    """Return what came out of a survey. One query.

    Args:
        hide: Whether small numbers and texts are left out, as for everybody but the staff.
        language: Of the words that stand for what was taken out of texts.
    """
    rows = [plain(each) for each in phase.responses.values_list("answers", flat=True)]
    least = settings_of(phase).smallest_count if hide else 0
    asked = questions_of(phase)
    texts = (
        {}
        if hide
        else {each.id: _texts(rows, each.id, language) for each in asked if each.kind is QuestionKind.TEXT}
    )
    people = None if 0 < len(rows) < least else len(rows)
    return Results(people, survey_results(asked, rows, hide_below=least), texts)


def _texts(rows: Sequence[Answers], key: str, language: str) -> list[str]:
    given = [str(each[key]) for each in rows if each.get(key)]
    return [redact(each, language=language) for each in given[-TEXTS_SHOWN:]]


def result_rows(phase: Phase, found: Results, language: str) -> list[tuple[Any, ...]]:
    """Return results as a table of ``RESULT_COLUMNS``: a row for each answer that can be counted."""
    kept = {each["id"]: each for each in settings_of(phase).questions}
    return [row for each in found.questions for row in _result_rows(kept[each.id], each, language)]


def _result_rows(kept: Mapping[str, Any], result: QuestionResult, language: str) -> Iterator[tuple[Any, ...]]:
    about = result.id, pick(kept["titles"], language), result.asked, result.answered
    names, middle = names_of(kept, language), (_rounded(result.median), _rounded(result.mean))
    for key, count in result.counts.items():
        yield *about, names.get(key, key), count, _rounded(result.shares.get(key)), *middle
    if not result.counts:
        yield *about, "", None, None, *middle


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 4)


def names_of(kept: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return what the options or steps of a question are called."""
    if kept["kind"] == QuestionKind.SCALE:
        return dict(steps(kept, language))
    return {each["id"]: pick(each["titles"], language) for each in kept.get("options", ())}


def steps(kept: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return the steps of a scale; its ends say what they mean."""
    first, last = int(kept["least"]), int(kept["most"])
    said = {
        first: pick(kept.get("least_titles", {}), language),
        last: pick(kept.get("most_titles", {}), language),
    }
    return [
        (str(each), f"{each} – {said[each]}" if said.get(each) else str(each))
        for each in range(first, last + 1)
    ]

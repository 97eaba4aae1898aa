"""The way of one browser through a survey: what it has answered so far, and where it can go."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tandem.core.findings import Finding, Severity
from tandem.participation.domain.survey import check_answers, path
from tandem.participation.models import Phase
from tandem.participation.services import surveys

NO_ANSWER: tuple[Any, ...] = (None, "", [], ())


class Walk:
    """A way through a survey. Answers wait in the session until they are sent; of a trial they are never sent.

    Attributes:
        kept: The questions with their texts, by id, in their order.
        findings: What is wrong with the survey itself.
    """

    def __init__(self, request: HttpRequest, phase: Phase, *, is_trial: bool = False) -> None:
        self.request, self.phase, self.is_trial = request, phase, is_trial
        self.kept: dict[str, Mapping[str, Any]] = {
            each["id"]: each for each in surveys.settings_of(phase).questions
        }
        self.questions = surveys.questions_of(phase)
        self.findings = surveys.findings_of(phase)
        self._name = f"survey{'-trial' if is_trial else ''}:{phase.pk}"

    @property
    def is_ready(self) -> bool:
        """Whether the survey can be asked."""
        return bool(self.kept) and all(each.severity is not Severity.ERROR for each in self.findings)

    @property
    def is_straight(self) -> bool:
        """Whether no answer leads anywhere but to the next question, so that all can stand on one page."""
        return all(not each.branches and each.otherwise is None for each in self.questions)

    @property
    def most(self) -> int:
        """How many questions there are at the most."""
        return len(self.questions)

    # --- what has been answered -----------------------------------------------------------------
    @cached_property
    def _session(self) -> dict[str, Any]:
        found: dict[str, Any] = self.request.session.get(self._name, {})
        return {"answers": {}, "digest": "", **found}

    @property
    def has_begun(self) -> bool:
        """Whether something has been answered."""
        return bool(self._session["answers"])

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as the rules take them, of questions that there still are."""
        return {
            key: each for key, each in surveys.plain(self._session["answers"]).items() if key in self.kept
        }

    @property
    def digest(self) -> str:
        """Of the code with which somebody answers; empty without one."""
        found: str = self._session["digest"]
        return found

    def keep(self, **changed: Any) -> None:
        """Let the session hold new ``answers`` (by question) or a ``digest``."""
        answers = {**self._session["answers"], **changed.pop("answers", {})}
        self._session.update(
            changed, answers={key: each for key, each in answers.items() if each not in NO_ANSWER}
        )
        self.request.session[self._name] = self._session

    def forget(self) -> None:
        """Let the session forget everything."""
        self.request.session.pop(self._name, None)

    # --- where it goes --------------------------------------------------------------------------
    @property
    def path(self) -> list[str]:
        """The questions that the answers lead along."""
        return [each.id for each in path(self.questions, self.answers)]

    def after(self, key: str) -> str | None:
        """Return the question after one; None at the end."""
        walked = self.path
        at = walked.index(key) + 1 if key in walked else 0
        return walked[at] if at < len(walked) else None

    def before(self, key: str) -> str:
        """Return the question before one; the first has itself before it."""
        walked = self.path
        return walked[max(0, walked.index(key) - 1)] if key in walked else walked[0]

    def unanswered(self) -> str | None:
        """Return the first question on the way without an answer; None where each has one."""
        return next((key for key in self.path if key not in self.answers), None)

    def problems(self) -> dict[str, Finding]:
        """Return what is missing or wrong before the answers can be sent, by question."""
        found = check_answers(self.questions, self.answers).findings
        return {each.path: each for each in found if each.severity is Severity.ERROR}

    def url(self, name: str, question: str | None = None) -> str:
        """Return the address of a page of this way: ``answer``, ``together`` or ``review``."""
        place = reverse(
            f"participation:survey_{'trial_' if self.is_trial else ''}{name}",
            args=[self.phase.process.slug, self.phase.number],
        )
        return f"{place}?question={question}" if question else place

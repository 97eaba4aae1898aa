"""Surveys: questions, the path that answers lead along, and what came out.

A question may lead on to another than the next one, depending on its answer. What is off the path is not asked, not
required and not counted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say

END = ""
"""Where a branch leads that ends the survey."""

Answer = str | int | float | tuple[str, ...]
Answers = Mapping[str, Answer]


class BadSurvey(InvalidInput):
    """A survey cannot be asked as it is: it has errors that ``check_survey`` lists."""

    code = "participation.survey.invalid"


class QuestionKind(StrEnum):
    """What kind of answer a question takes."""

    SINGLE = "single"  # one of the options
    MULTIPLE = "multiple"  # some of the options
    SCALE = "scale"  # a whole number from ``least`` to ``most``
    NUMBER = "number"  # any number from ``least`` to ``most``
    TEXT = "text"


CHOOSING = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})
COUNTING = frozenset({QuestionKind.SCALE, QuestionKind.NUMBER})


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a question leads for some of its answers.

    Attributes:
        to: The id of a question, or ``END``.
        options: Of a question with options: any of these was chosen.
        least: Of a scale or a number: the answer is this at least.
        most: And this at the most.
    """

    to: str
    options: frozenset[str] = frozenset()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        options: Ids of what can be chosen; their texts are kept elsewhere, in each language.
        least: Smallest number; of a text or of several options, how many characters or options there must be.
        most: Largest number; of a text or of several options, how many at the most.
        branches: The first that fits is taken; the next question where none does, or where nothing was answered.
        otherwise: Where it leads then; None for the next question.
    """

    id: str
    kind: QuestionKind
    options: tuple[str, ...] = ()
    required: bool = False
    least: float | None = None
    most: float | None = None
    branches: tuple[Branch, ...] = ()
    otherwise: str | None = None


def check_survey(questions: Sequence[Question]) -> list[Finding]:
    """Return what is wrong with a survey. With an error among it, it cannot be opened.

    Errors: an id twice, a question without its options or with a scale that has no ends, a branch to nowhere, a
    circle. Warnings: a question that no answer leads to, a branch that no answer takes.
    """
    findings = [finding for question in questions for finding in _question_findings(question)]
    ids = [question.id for question in questions]
    findings += [
        _error("duplicate-id", twice, say("There are two questions with the id {id}.", id=twice))
        for twice in sorted({each for each in ids if ids.count(each) > 1 or each == END})
    ]
    lost = [
        _error(
            "no-such-question",
            question.id,
            say("Question {id} leads to {to}, which is none.", id=question.id, to=to),
        )
        for question in questions
        for to in _targets(question)
        if to != END and to not in ids
    ]
    findings += lost
    if any(finding.code in _BREAKING for finding in findings):
        return findings
    return findings + _path_findings(questions)


_BREAKING = {"participation.survey.duplicate-id", "participation.survey.no-such-question"}


def _error(code: str, path: str, message: Sentence) -> Finding:
    return Finding(Severity.ERROR, f"participation.survey.{code}", path, message)


def _targets(question: Question) -> Iterator[str]:
    yield from (branch.to for branch in question.branches)
    if question.otherwise is not None:
        yield question.otherwise


def _question_findings(question: Question) -> Iterator[Finding]:
    path = question.id
    if question.kind in CHOOSING and len(set(question.options)) < 2:
        yield _error("too-few-options", path, say("Question {id} needs two different options.", id=path))
    if len(set(question.options)) < len(question.options):
        yield _error("duplicate-option", path, say("Question {id} has an option twice.", id=path))
    if question.kind is QuestionKind.SCALE and (question.least is None or question.most is None):
        yield _error("open-scale", path, say("The scale of question {id} needs two ends.", id=path))
    if question.least is not None and question.most is not None and question.least > question.most:
        yield _error("empty-range", path, say("Question {id} has no possible answer.", id=path))
    for branch in question.branches:
        if not _can_be_taken(question, branch):
            message = say(
                "No answer to question {id} leads to {to}.", id=path, to=branch.to or say("the end")
            )
            yield Finding(Severity.WARNING, "participation.survey.idle-branch", path, message)


def _can_be_taken(question: Question, branch: Branch) -> bool:
    if question.kind in CHOOSING:
        return bool(branch.options & set(question.options))
    if question.kind not in COUNTING:
        return False
    lows = [each for each in (question.least, branch.least) if each is not None]
    highs = [each for each in (question.most, branch.most) if each is not None]
    return not lows or not highs or max(lows) <= min(highs)


def _followers(questions: Sequence[Question]) -> dict[str, list[str]]:
    """Return where each question can lead."""
    following = [*(question.id for question in questions[1:]), END]
    return {
        question.id: [
            *(branch.to for branch in question.branches if _can_be_taken(question, branch)),
            question.otherwise if question.otherwise is not None else after,
        ]
        for question, after in zip(questions, following, strict=True)
    }


def _path_findings(questions: Sequence[Question]) -> list[Finding]:
    """Return circles and what cannot be reached. There is a question for every id."""
    if not questions:
        return []
    followers = _followers(questions)
    reached, circle = _walk(questions[0].id, followers)
    findings = [
        _error("circle", each, say("After question {id} one would come back to it again and again.", id=each))
        for each in circle
    ]
    for question in questions:
        if question.id not in reached:
            message = say("No answer leads to question {id}.", id=question.id)
            findings.append(
                Finding(Severity.WARNING, "participation.survey.unreachable", question.id, message)
            )
    return findings


def _walk(first: str, followers: Mapping[str, Sequence[str]]) -> tuple[set[str], list[str]]:
    """Return what can be reached, and each question that one comes back to."""
    reached, open_path, circle = {first}, {first}, []
    stack = [(first, iter(followers[first]))]
    while stack:
        here, left = stack[-1]
        after = next(left, None)
        if after is None:
            stack.pop()
            open_path.discard(here)
        elif after in open_path:
            circle.append(after)
        elif after != END and after not in reached:
            reached.add(after)
            open_path.add(after)
            stack.append((after, iter(followers[after])))
    return reached, list(dict.fromkeys(circle))


def path(questions: Sequence[Question], answers: Answers) -> tuple[Question, ...]:
    """Return the questions that these answers lead along, in their order.

    Raises:
        BadSurvey: The survey leads in a circle, or to a question that does not exist.
    """
    if not questions:
        return ()
    by_id = {question.id: question for question in questions}
    after = dict(zip(by_id, [*list(by_id)[1:], END], strict=True))
    walked: dict[str, Question] = {}
    here = questions[0].id
    while here != END:
        if here in walked or here not in by_id:
            raise BadSurvey(say("The survey leads nowhere at question {id}. Check it first.", id=here))
        question = walked[here] = by_id[here]
        otherwise = question.otherwise if question.otherwise is not None else after[here]
        here = _leads_to(question, answers.get(here), otherwise)
    return tuple(walked.values())


def _leads_to(question: Question, answer: Answer | None, otherwise: str) -> str:
    if answer is None:
        return otherwise
    fitting = (branch.to for branch in question.branches if _fits(branch, answer))
    return next(fitting, otherwise)


def _fits(branch: Branch, answer: Answer) -> bool:
    if isinstance(answer, tuple):
        return not branch.options.isdisjoint(answer)
    if isinstance(answer, str):
        return answer in branch.options
    if branch.options:
        return False
    above = branch.least is None or answer >= branch.least
    return above and (branch.most is None or answer <= branch.most)


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers after they were looked at.

    Attributes:
        answers: Those on the path that can be used.
        findings: By question; an error means that the form has to be shown again.
    """

    answers: dict[str, Answer]
    findings: list[Finding]


def check_answers(questions: Sequence[Question], answers: Answers) -> Checked:
    """Return the usable answers along the path that they lead, and what is wrong or missing.

    An answer to a question off the path, such as one that was filled in before a former answer was changed, is left
    out, with a note. Empty texts and choices count as not answered.

    Raises:
        BadSurvey: The survey cannot be asked.
    """
    given = {key: answer for key, answer in answers.items() if answer not in ("", ())}
    walked = path(questions, given)
    findings, kept = [], {}
    for question in walked:
        answer = given.get(question.id)
        problem = _problem(question, answer)
        if problem:
            findings.append(_error(*problem))
        elif answer is not None:
            kept[question.id] = answer
    for key in sorted(set(given) - {question.id for question in walked}):
        message = say("Question {id} was not asked on this way; its answer is left out.", id=key)
        findings.append(Finding(Severity.INFO, "participation.survey.not-asked", key, message))
    return Checked(kept, findings)


def _problem(question: Question, answer: Answer | None) -> tuple[str, str, Sentence] | None:
    if answer is None:
        return ("missing", question.id, say("Please answer this question.")) if question.required else None
    if not _is_of_kind(question, answer):
        return (
            "wrong-kind",
            question.id,
            say("This answer does not fit the question. Please answer it again."),
        )
    size = len(answer) if isinstance(answer, (str, tuple)) else answer
    if question.kind is not QuestionKind.SINGLE:
        if question.least is not None and size < question.least:
            return "too-little", question.id, _LESS[question.kind](question.least)
        if question.most is not None and size > question.most:
            return "too-much", question.id, _MORE[question.kind](question.most)
    return None


_LESS: dict[QuestionKind, Callable[[float], Sentence]] = {
    QuestionKind.TEXT: lambda least: say("Please write {least} characters or more.", least=f"{least:g}"),
    QuestionKind.MULTIPLE: lambda least: say("Please choose {least} or more.", least=f"{least:g}"),
    **dict.fromkeys(COUNTING, lambda least: say("Please give {least} or more.", least=f"{least:g}")),
}
_MORE: dict[QuestionKind, Callable[[float], Sentence]] = {
    QuestionKind.TEXT: lambda most: say("Please write {most} characters or fewer.", most=f"{most:g}"),
    QuestionKind.MULTIPLE: lambda most: say("Please choose {most} or fewer.", most=f"{most:g}"),
    **dict.fromkeys(COUNTING, lambda most: say("Please give {most} or less.", most=f"{most:g}")),
}


def _is_of_kind(question: Question, answer: Answer) -> bool:
    match question.kind:
        case QuestionKind.SINGLE:
            return answer in question.options
        case QuestionKind.MULTIPLE:
            return isinstance(answer, tuple) and len(set(answer)) == len(answer) <= len(
                set(answer) & set(question.options)
            )
        case QuestionKind.SCALE:
            return isinstance(answer, int) and not isinstance(answer, bool)
        case QuestionKind.NUMBER:
            is_number = isinstance(answer, (int, float)) and not isinstance(answer, bool)
            return is_number and abs(float(answer)) < float("inf")  # type: ignore[arg-type]
        case QuestionKind.TEXT:
            return isinstance(answer, str)


def ask_again(checked: Checked) -> bool:
    """Return whether a form has to be shown again."""
    return any(finding.severity is Severity.ERROR for finding in checked.findings)

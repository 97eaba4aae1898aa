"""What came out of a survey, question by question; small numbers can be hidden, so that nobody is recognised."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median
from typing import cast

from tandem.participation.domain.survey import (
    CHOOSING,
    COUNTING,
    Answer,
    Answers,
    Question,
    QuestionKind,
    check_answers,
    path,
)

Count = int | None
"""None where it is hidden."""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was answered to a question.

    Attributes:
        asked: How many were led to it.
        answered: How many of them gave a usable answer.
        counts: By option, or by step of a scale, those that nobody chose included; empty for texts and numbers.
        shares: Of those who answered; several options can be chosen by one person, so they may sum to more than 1.
        median: Of scales and numbers; of an even number of answers, the middle of the two.
        mean: Of scales and numbers.
        hidden: Whether something was hidden because too few people stand behind it.
    """

    id: str
    kind: QuestionKind
    asked: Count
    answered: Count
    counts: Mapping[str, Count] = field(default_factory=dict)
    shares: Mapping[str, Fraction | None] = field(default_factory=dict)
    median: Fraction | None = None
    mean: Fraction | None = None
    hidden: bool = False


def survey_results(
    questions: Sequence[Question], responses: Iterable[Answers], *, hide_below: int = 0
) -> list[QuestionResult]:
    """Return the result of each question, in their order.

    With ``hide_below``, every number of people from 1 to one less is hidden, and so is every number from which it
    could be reckoned by subtraction: of a single choice, the next smallest; of all who took part, those who were
    not asked. Combining many questions can still tell something: publish results, not single responses.

    Args:
        hide_below: 0 hides nothing; 5 is usual.

    Raises:
        BadSurvey: The survey cannot be asked.
    """
    asked: Counter[str] = Counter()
    given: dict[str, list[Answer]] = {question.id: [] for question in questions}
    people = 0
    for response in responses:
        people += 1
        usable = check_answers(questions, response).answers
        asked.update(question.id for question in path(questions, usable))
        for key, answer in usable.items():
            given[key].append(answer)
    return [
        _hide(_result(question, asked[question.id], given[question.id]), people, hide_below)
        for question in questions
    ]


def _result(question: Question, asked: int, answers: Sequence[Answer]) -> QuestionResult:
    counts = _counts(question, answers)
    numbers = [Fraction(cast(float, each)) for each in answers] if question.kind in COUNTING else []
    return QuestionResult(
        id=question.id,
        kind=question.kind,
        asked=asked,
        answered=len(answers),
        counts=counts,
        shares={key: Fraction(count, len(answers)) for key, count in counts.items()} if answers else {},
        median=Fraction(median(numbers)) if numbers else None,
        mean=sum(numbers, Fraction(0)) / len(numbers) if numbers else None,
    )


def _counts(question: Question, answers: Sequence[Answer]) -> dict[str, int]:
    if question.kind in CHOOSING:
        chosen = Counter(
            option
            for answer in answers
            for option in (answer if isinstance(answer, tuple) else (str(answer),))
        )
        return {option: chosen[option] for option in question.options}
    if question.kind is QuestionKind.SCALE and question.least is not None and question.most is not None:
        steps = Counter(answers)
        return {str(step): steps[step] for step in range(int(question.least), int(question.most) + 1)}
    return {}


def _hide(result: QuestionResult, people: int, hide_below: int) -> QuestionResult:
    asked, answered = cast(int, result.asked), cast(int, result.answered)
    few_asked = _few(asked, hide_below) or _few(people - asked, hide_below)
    if _few(asked, hide_below) or _few(answered, hide_below):
        nothing = dict.fromkeys(result.counts)
        return QuestionResult(
            result.id, result.kind, None if few_asked else asked, None, nothing, dict(nothing), hidden=True
        )
    hidden = _hidden_cells(result, answered, hide_below)
    return QuestionResult(
        id=result.id,
        kind=result.kind,
        asked=None if few_asked else asked,
        answered=None if few_asked else answered,
        counts={key: None if key in hidden else count for key, count in result.counts.items()},
        shares={key: None if key in hidden else share for key, share in result.shares.items()},
        # The mean of a scale tells one hidden step: sum and number of the others are known.
        median=None if hidden else result.median,
        mean=None if hidden else result.mean,
        hidden=bool(hidden) or few_asked,
    )


def _few(count: int, hide_below: int) -> bool:
    return 0 < count < hide_below


def _hidden_cells(result: QuestionResult, answered: int, hide_below: int) -> set[str]:
    counts = cast(Mapping[str, int], result.counts)
    hidden = {key for key, count in counts.items() if _few(count, hide_below)}
    if result.kind is QuestionKind.MULTIPLE:
        return hidden | {key for key, count in counts.items() if _few(answered - count, hide_below)}
    if hidden and sum(counts[key] for key in hidden) < hide_below:
        left = [key for key, count in counts.items() if count and key not in hidden]
        hidden |= set(sorted(left, key=lambda key: counts[key])[:1])
    return hidden

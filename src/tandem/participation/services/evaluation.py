"""What came of a process in figures: how many took part, how, and whether they were answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Min

from tandem.participation.models import (
    CastBallot,
    Comment,
    Contribution,
    Decision,
    PlanStatement,
    PollVote,
    Process,
    Support,
    SurveyResponse,
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A process in figures.

    Attributes:
        by_week: Monday of each week, and contributions in it.
        answered_share: Of contributions; None where there are none.
        days_to_answer: Median days until the first answer; None where nothing is answered.
    """

    contributions: int
    comments: int
    supports: int
    statements: int
    ballots: int
    poll_votes: int
    responses: int
    decisions: int
    by_week: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    by_category: tuple[tuple[str, int], ...]
    answered_share: float | None
    days_to_answer: float | None


def evaluate(process: Process) -> Evaluation:
    """Return a process in figures."""
    rows = list(
        Contribution.objects.filter(process=process, withdrawn_at=None)
        .annotate(answered_at=Min("answers__at"))
        .values_list("received_at", "channel", "category", "answered_at")
    )
    waits = [
        (answered - received).total_seconds() / 86_400 for received, _c, _k, answered in rows if answered
    ]
    return Evaluation(
        contributions=len(rows),
        comments=Comment.objects.filter(contribution__process=process).count(),
        supports=Support.objects.filter(contribution__process=process).count(),
        statements=PlanStatement.objects.filter(phase__process=process).count(),
        ballots=CastBallot.objects.filter(phase__process=process).count(),
        poll_votes=PollVote.objects.filter(phase__process=process).count(),
        responses=SurveyResponse.objects.filter(phase__process=process).count(),
        decisions=Decision.objects.filter(item__process=process).count(),
        by_week=_weeks([received for received, *_rest in rows]),
        by_channel=_counted([channel for _received, channel, *_rest in rows]),
        by_category=_counted([category for _received, _channel, category, _answered in rows if category]),
        answered_share=len(waits) / len(rows) if rows else None,
        days_to_answer=median(waits) if waits else None,
    )


def _weeks(moments: Sequence[datetime]) -> tuple[tuple[str, int], ...]:
    counts = Counter(each.date().isocalendar()[:2] for each in moments)
    weeks = sorted(counts)
    return tuple(
        (datetime.fromisocalendar(year, week, 1).date().isoformat(), counts[year, week])
        for year, week in weeks
    )


def _counted(values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(values).most_common())

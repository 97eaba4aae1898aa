"""How many passed: kept by class and quarter of an hour, given away by class and hour."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count as Number
from django.db.models import Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from tandem.junctions.domain.decision import KINDS
from tandem.junctions.domain.live import State
from tandem.junctions.models import Count, Junction
from tandem.junctions.services.gates import Gate

log = logging.getLogger(__name__)
SAME_WITHIN = timedelta(seconds=90)
REMEMBERED_S = 3_600
COLUMNS = ("hour", "road_users", "count", "quarters_counted")


def note(gate: Gate, state: State, *, now: datetime) -> None:
    """Keep the quarter of an hour that a message brings, unless it is kept already."""
    quarter, junction = state.quarter, gate.junction_id
    if quarter is None or junction is None:
        return
    name, mark = f"junctions.quarter:{gate.slug}", (quarter.from_s, quarter.until_s)
    if cache.get(name) == mark:
        return
    began_at = (now - timedelta(seconds=state.at_s - quarter.from_s)).replace(microsecond=0)
    _keep(junction, began_at, dict(quarter.by_kind))
    cache.set(name, mark, REMEMBERED_S)


@transaction.atomic
def _keep(junction: UUID, began_at: datetime, by_kind: dict[str, int]) -> None:
    near = (began_at - SAME_WITHIN, began_at + SAME_WITHIN)
    if Count.objects.filter(junction=junction, began_at__range=near).exists():
        return
    rows = [
        Count(junction_id=junction, began_at=began_at, kind=kind, number=by_kind.get(kind, 0))
        for kind in KINDS
    ]
    Count.objects.bulk_create(rows)
    log.info("junctions.count.keep", extra={"junction": str(junction), "counted": sum(by_kind.values())})


def hours(junction: Junction) -> Iterator[tuple[str, str, int, int]]:
    """Yield (hour in the city's time, class, how many passed, how many quarters were counted) of what passed at all.

    A quarter belongs to the hour in which it began.
    """
    seen = {row["kind"] for row in junction.counts.filter(number__gt=0).values("kind").distinct()}
    rows = (
        junction.counts.filter(kind__in=seen)
        .annotate(hour=TruncHour("began_at"))
        .values("hour", "kind")
        .annotate(passed=Sum("number"), quarters=Number("id"))
        .order_by("hour", "kind")
    )
    for row in rows:
        yield timezone.localtime(row["hour"]).isoformat(), row["kind"], row["passed"], row["quarters"]


def of_last_day(junction: Junction, *, now: datetime) -> dict[str, int]:
    """Return how many of each class passed in the last 24 hours, without classes of which nobody did."""
    rows = (
        junction.counts.filter(began_at__gt=now - timedelta(hours=24))
        .values("kind")
        .annotate(passed=Sum("number"))
    )
    return {row["kind"]: row["passed"] for row in rows if row["passed"]}

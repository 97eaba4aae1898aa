"""This city's own values of a measure's indicators."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.indicator_state import State
from tandem.exchange.models import Evidence, IndicatorValue
from tandem.kit import installation


def measured(measure_iri: str) -> Mapping[str, Sequence[Measured]]:
    """Return this city's values of the indicators of a measure, by key, each by day, as far as they may be told.

    They are the evidence that people added to the measure, and the values of its indicators that were adopted and are
    live. Where a day has both, the adopted indicator's value counts. Two queries.
    """
    found: dict[str, list[Measured]] = {}
    adopted = _adopted(measure_iri)
    for key, by_day in adopted.items():
        found[key] = [Measured(on, float(value)) for on, value in by_day.items()]
    for key, on, value in _evidence(measure_iri):
        if on not in adopted.get(key, {}):
            found.setdefault(key, []).append(Measured(on, float(value)))
    return {key: tuple(sorted(values, key=lambda each: each.on)) for key, values in sorted(found.items())}


def _adopted(measure_iri: str) -> dict[str, dict[date, Decimal]]:
    rows = IndicatorValue.objects.filter(indicator__measure=measure_iri, indicator__state=State.LIVE)
    found: dict[str, dict[date, Decimal]] = {}
    for key, on, value in rows.order_by("on").values_list("indicator__key", "on", "value"):
        found.setdefault(key, {})[on] = value
    return found


def _evidence(measure_iri: str) -> list[tuple[str, date, Decimal]]:
    rows = Evidence.objects.filter(measure__iri=measure_iri, city=installation.city().id)
    rows = rows.exclude(indicator="").order_by("indicator", "on", "id")
    kept = rows.values_list("indicator", "on", "value")
    return [(key, on, value) for key, on, value in kept if value is not None]

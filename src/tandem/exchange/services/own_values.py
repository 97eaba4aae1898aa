"""This city's own values of a measure's indicators."""

from collections.abc import Mapping, Sequence

from tandem.exchange.domain.comparison import Measured
from tandem.exchange.models import Evidence
from tandem.kit import installation


def measured(measure_iri: str) -> Mapping[str, Sequence[Measured]]:
    """Return this city's values of the indicators of a measure, by key, each by day.

    They are what people entered or what a room counted for all to see, so all of them may be told.
    """
    rows = Evidence.objects.filter(measure__iri=measure_iri, city=installation.city().id)
    rows = rows.exclude(indicator="").exclude(value=None).order_by("indicator", "on", "id")
    found: dict[str, list[Measured]] = {}
    for key, on, value in rows.values_list("indicator", "on", "value"):
        if value is not None:
            found.setdefault(key, []).append(Measured(on, float(value)))
    return found

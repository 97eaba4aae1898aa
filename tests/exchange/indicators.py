"""Adopted indicators for tests, and a city that adopts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tandem.core.city import City, PartnerCity
from tandem.core.part_values import filled
from tandem.core.parts import Part
from tandem.exchange.models import AdoptedIndicator
from tandem.exchange.services import indicators
from tandem.exchange.services.indicator_parts import IndicatorParts
from tests.exchange.measures import NOW

HANDLER = IndicatorParts()
INPUTS = {"indicator-responsible": "Ufficio mobilità", "indicator-interval": "monthly"}
DAY = date(2026, 5, 31)


@contextmanager
def arezzo(settings: Any) -> Iterator[None]:
    """Make the installation that of Arezzo, with Hamm as its partner, for a while."""
    own = settings.TANDEM
    city = City("arezzo", {"it": "Arezzo"}, "IT", ("it", "en", "de"), 43.46, 11.88, (), "Europe/Rome")
    hamm = PartnerCity("hamm", {"de": "Hamm"}, own.server.url, f"{own.server.url}/catalogue.ttl")
    server = replace(own.server, url="http://localhost:8001")
    settings.TANDEM = replace(own, city=city, partners=(hamm,), server=server)
    try:
        yield
    finally:
        settings.TANDEM = own


def filled_part(part: Part, inputs: dict[str, Any] = INPUTS) -> Part:
    """Return a part as the exchange hands it over."""
    return replace(part, fields=filled(part.fields, inputs))


def adopted(
    measure: str = "https://arezzo.example/id/measure/1", key: str = "wait", **fields: Any
) -> AdoptedIndicator:
    """Return a draft of an adopted indicator."""
    said = {
        "titles": {"en": "Mean wait", "de": "Mittlere Wartezeit", "it": "Attesa media"},
        "unit": "s",
        "better": "lower",
        "target": 20,
        "methods": {"en": "With a stopwatch."},
        "interval": "monthly",
        "responsible": "Traffic office",
    }
    origin = {"uri": f"{measure}#indicator-{key}", "kind": "indicator", "titles": {}, "path": measure}
    return indicators.begin(
        measure=measure, key=key, fields=said | fields, origin=origin, person=None, now=NOW
    )


def live(**named: Any) -> AdoptedIndicator:
    """Return a live indicator."""
    made = adopted(**named)
    indicators.publish(made, person=None, now=NOW)
    return made


def enter(row: AdoptedIndicator, on: date, value: str, note: str = "") -> Any:
    """Enter a value."""
    return indicators.enter(row, on=on, value=Decimal(value), note=note, person=None, now=NOW)

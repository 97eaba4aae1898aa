"""What everybody may have of the adopted indicators: their definitions and this city's values, as one dataset."""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.exchange.domain.indicator_state import State
from tandem.exchange.domain.indicator_values import plain
from tandem.exchange.models import AdoptedIndicator, IndicatorData, IndicatorValue
from tandem.exchange.services.indicators import title_of
from tandem.kit import installation, opendata
from tandem.kit.spoken import in_language

log = logging.getLogger(__name__)
PATH = "/indicators/"
_TITLE = _("Indicators of adopted measures")
_ABOUT = _(
    "What %(city)s measures of the measures that it took over from partner cities: what each indicator means, and its "
    "values by day. The same indicator is measured alike in the city that the measure comes from."
)
_WORDS = (_("indicators"), _("smart city"), _("learning from partner cities"))
TITLES: dict[str, str | Promise] = {
    "indicators": _("What is measured, and how"),
    "values": _("Values by day"),
}
INDICATOR_COLUMNS = (
    *("measure", "indicator", "title", "unit", "better", "target", "how_measured", "interval", "responsible"),
)
VALUE_COLUMNS = ("measure", "indicator", "title", "date", "value", "unit", "note")


class NothingToOffer(Conflict):
    """No live indicator has a value."""

    code = "exchange.indicators.nothing-to-offer"

    def __init__(self) -> None:
        super().__init__(
            say("There is nothing to offer as open data yet: an indicator has to be live, with a value.")
        )


class NobodyTakes(Conflict):
    """The installation has no catalogue."""

    code = "exchange.indicators.no-catalogue"

    def __init__(self) -> None:
        super().__init__(say("There is no catalogue here that takes open data."))


def tables() -> dict[str, bytes]:
    """Return the tables as CSV files by name; none where no live indicator has a value."""
    values = list(_values())
    if not values:
        return {}
    return {
        "indicators": opendata.csv_table(INDICATOR_COLUMNS, _definitions()),
        "values": opendata.csv_table(VALUE_COLUMNS, values),
    }


def _definitions() -> Iterator[tuple[Any, ...]]:
    for row in AdoptedIndicator.objects.filter(state=State.LIVE).order_by("measure", "key"):
        said = row.fields
        target = said["target"]
        yield (
            row.measure,
            row.key,
            title_of(row, settings.LANGUAGE_CODE),
            said["unit"],
            said["better"],
            "" if target is None else target,
            pick(said["methods"], settings.LANGUAGE_CODE),
            said["interval"],
            said["responsible"],
        )


def _values() -> Iterator[tuple[Any, ...]]:
    rows = IndicatorValue.objects.filter(indicator__state=State.LIVE).select_related("indicator")
    for each in rows.order_by("indicator__measure", "indicator__key", "on"):
        row = each.indicator
        title = title_of(row, settings.LANGUAGE_CODE)
        yield (
            row.measure,
            row.key,
            title,
            each.on.isoformat(),
            plain(each.value),
            row.fields["unit"],
            each.note,
        )


@transaction.atomic
def offer(*, person: Person, now: datetime) -> Reference:
    """Offer the values to the catalogue: a draft there at first, later new versions of its files.

    Raises:
        NothingToOffer: No live indicator has a value.
        NobodyTakes: There is no catalogue.
    """
    files = tables()
    if not files:
        raise NothingToOffer
    kept = IndicatorData.objects.select_for_update().first() or IndicatorData()
    made = opendata.offer(_offer(files), known=kept.dataset.get("uri", ""), person=person, now=now)
    if made is None:
        raise NobodyTakes
    kept.dataset, kept.offered_by = {**asdict(made), "titles": dict(made.titles)}, person
    kept.save()
    audit.record(person, "exchange.indicators.offer", made.uri)
    log.info("exchange.indicators.offer", extra={"dataset": made.uri})
    return made


def offer_due(now: datetime) -> None:
    """Bring what was offered once up to date, in the name of who offered it; not what was withdrawn since."""
    kept = IndicatorData.objects.select_related("offered_by").first()
    if kept is None or kept.offered_by is None or not opendata.is_kept(kept.dataset.get("uri", "")):
        return
    if tables():
        offer(person=kept.offered_by, now=now)


def dataset() -> Reference | None:
    """Return what the values became in the catalogue, None where they were never offered."""
    kept = IndicatorData.objects.first()
    return Reference(**kept.dataset) if kept and kept.dataset else None


def _offer(files: dict[str, bytes]) -> opendata.Offer:
    languages = installation.city().languages
    days = IndicatorValue.objects.filter(indicator__state=State.LIVE).aggregate(
        first=Min("on"), last=Max("on")
    )
    return opendata.Offer(
        titles={code: in_language(code, _TITLE) for code in languages},
        descriptions={
            code: in_language(code, _ABOUT) % {"city": installation.city().name(code)} for code in languages
        },
        keywords={code: tuple(in_language(code, word) for word in _WORDS) for code in languages},
        path=PATH,
        files=[
            opendata.OfferedFile(
                f"{name}.csv", {code: in_language(code, TITLES[name]) for code in languages}, content
            )
            for name, content in files.items()
        ],
        first_day=days["first"],
        last_day=days["last"],
    )

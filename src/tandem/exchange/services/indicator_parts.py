"""Indicators as parts of measures: the definition goes to another city, which enters values of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.core.errors import NotFound
from tandem.core.findings import Finding
from tandem.core.part_values import MARK, errors, filled, iri, is_unusable, name_of
from tandem.core.parts import Input, InputKind, Part, PartPlan, Step
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.exchange.domain import indicator_part
from tandem.exchange.domain.card import Card, Indicator
from tandem.exchange.domain.indicator_part import IDENTITY, BadPart, Interval
from tandem.exchange.domain.indicator_state import State
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.domain.permissions import ROOM
from tandem.exchange.models import AdoptedIndicator, Measure
from tandem.exchange.services import indicators
from tandem.exchange.services.measures import card_of
from tandem.kit import installation

MOST_OFFERED = 20
_MARK = "#indicator-"
_RESPONSIBLE = {
    "en": "Who measures the indicators here",
    "de": "Wer die Indikatoren hier erhebt",
    "it": "Chi rileva qui gli indicatori",
}
_ROLE = {
    "en": "An office or a role, never a person. It is shown to everybody.",
    "de": "Ein Amt oder eine Rolle, nie eine Person. Alle sehen es.",
    "it": "Un ufficio o un ruolo, mai una persona. Lo vedono tutti.",
}
_INTERVAL = {
    "en": "How often are the indicators measured?",
    "de": "Wie oft werden die Indikatoren erhoben?",
    "it": "Con quale frequenza si rilevano gli indicatori?",
}
_INTERVALS: Mapping[str, Mapping[str, str]] = {
    Interval.DAILY: {"en": "every day", "de": "jeden Tag", "it": "ogni giorno"},
    Interval.WEEKLY: {"en": "every week", "de": "jede Woche", "it": "ogni settimana"},
    Interval.MONTHLY: {"en": "every month", "de": "jeden Monat", "it": "ogni mese"},
    Interval.QUARTERLY: {"en": "every quarter", "de": "jedes Quartal", "it": "ogni trimestre"},
    Interval.YEARLY: {"en": "every year", "de": "jedes Jahr", "it": "ogni anno"},
    Interval.IRREGULAR: {"en": "now and then", "de": "von Zeit zu Zeit", "it": "di tanto in tanto"},
}
INPUTS = (
    Input("indicator-responsible", titles=_RESPONSIBLE, hints=_ROLE),
    Input(
        "indicator-interval",
        InputKind.CHOICE,
        titles=_INTERVAL,
        default=Interval.MONTHLY.value,
        choices=_INTERVALS,
    ),
)


class NotOffered(NotFound):
    """There is no such indicator of a measure of ours."""

    code = "exchange.indicator-part.not-offered"

    def __init__(self, uri: str) -> None:
        super().__init__(say("No measure of this city has an indicator {uri} to take along.", uri=uri))


class IndicatorGone(NotFound):
    """What was made of a part is no longer there."""

    code = "exchange.indicator-part.gone"

    def __init__(self, uri: str) -> None:
        super().__init__(say("The indicator {uri} is gone; somebody deleted it.", uri=uri))


class IndicatorParts:
    """Handles parts of the kind ``indicator``."""

    kind = "indicator"
    signs = f"{ROOM}:exchange-officer"

    def offered(self, query: str, language: str) -> Sequence[Reference]:
        """Return indicators of our measures, drafts included, that have all words of a search in a title."""
        words = query.casefold().split()
        found = [
            (measure, indicator)
            for measure in _measures()
            for card in [card_of(measure)]
            for indicator in card.indicators
            if all(word in _text(card, indicator) for word in words)
        ]
        found.sort(key=lambda each: pick(each[1].titles, language).casefold())
        return [_reference(measure, indicator) for measure, indicator in found[:MOST_OFFERED]]

    def pack(self, uri: str) -> Part:
        """Return an indicator of a measure of ours as a part: its definition, and no value.

        Raises:
            NotOffered: There is none.
        """
        measure_iri, _mark, key = uri.partition(_MARK)
        measure = _measures().filter(iri=measure_iri).first()
        card = card_of(measure) if measure else None
        indicator = next((each for each in card.indicators if each.key == key), None) if card else None
        if measure is None or indicator is None:
            raise NotOffered(uri)
        fields = {
            **indicator_part.definition_of(measure.iri, indicator),
            "responsible": {MARK: INPUTS[0].key},
            "interval": {MARK: INPUTS[1].key},
        }
        origin = _reference(measure, indicator, page=_page(measure))
        name = name_of(indicator.key)
        return Part(IndicatorParts.kind, name, dict(indicator.titles), fields, {}, INPUTS, origin)

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        """Return what ``make`` would do with a part and what stands in the way."""
        fields = filled(part.fields, inputs)
        findings = indicator_part.check(fields)
        if is_unusable(findings):
            return PartPlan((), findings)
        known = _known(fields)
        findings += _conflicts(known, fields)
        return PartPlan([] if is_unusable(findings) else list(_steps(known, fields)), findings)

    @transaction.atomic
    def make(
        self, part: Part, inputs: Mapping[str, Any], *, person: Person | None, now: datetime
    ) -> Reference:
        """Make a draft of an indicator; one that was withdrawn is taken up again, with the values that it had.

        Raises:
            BadPart: Something stands in the way.
        """
        if wrong := errors(self.plan(part, inputs).findings):
            raise BadPart(wrong)
        fields = filled(part.fields, inputs)
        row = indicators.begin(
            measure=fields["measure"],
            key=fields["key"],
            fields=indicator_part.known(fields),
            origin=_origin_of(part),
            person=person,
            now=now,
        )
        return Reference(row.iri, "indicator", dict(fields["titles"]), f"indicators/{row.slug}/")

    def fields_of(self, uri: str) -> Mapping[str, Any] | None:
        """Return what became of a part, in the form of its fields; None where it is gone. Values are none of them."""
        return self.fields_of_all([uri]).get(uri)

    def fields_of_all(self, uris: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return the fields of several indicators, by URI, in one query."""
        rows = AdoptedIndicator.objects.filter(iri__in=uris)
        return {row.iri: {"measure": row.measure, "key": row.key, **row.fields} for row in rows}

    @transaction.atomic
    def update(
        self,
        uri: str,
        part: Part,  # noqa: ARG002 - all that matters of it is in the fields
        fields: Mapping[str, Any],
        *,
        person: Person | None,
        now: datetime,
    ) -> None:
        """Bring an indicator in line with merged fields. Its values stay.

        Raises:
            IndicatorGone: It is gone.
            BadPart: Something is wrong with the fields, they are about another indicator, or its unit would change
                under values that are there.
        """
        row = _found(uri)
        if row is None:
            raise IndicatorGone(uri)
        findings = indicator_part.check(fields)
        if is_unusable(findings):  # what people here took out again need not be filled in
            raise BadPart(errors(findings))
        if any(fields[name] != getattr(row, name) for name in IDENTITY):
            raise BadPart([indicator_part.other_indicator()])
        if wrong := _unit_findings(row, fields):
            raise BadPart(wrong)
        given = {
            name: value
            for name, value in indicator_part.known(fields).items()
            if value is not None or name not in indicator_part.INPUTS
        }
        indicators.describe(row, given, person=person, now=now)

    @transaction.atomic
    def go_live(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Show an indicator with its values to everybody. What is live stays so.

        Raises:
            IndicatorGone: It is gone.
        """
        row = _found(uri)
        if row is None:
            raise IndicatorGone(uri)
        indicators.publish(row, person=person, now=now)

    @transaction.atomic
    def undo(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Delete a draft; withdraw what was public, and a draft that has values."""
        row = _found(uri)
        if row is not None:
            indicators.take_away(row, person=person, now=now)


def _measures() -> Any:
    """Return the measures of ours that were not withdrawn, as it is for their officers to say what goes along."""
    return Measure.objects.filter(city=installation.city().id).exclude(status=Status.WITHDRAWN)


def _text(card: Card, indicator: Indicator) -> str:
    return " ".join([*indicator.titles.values(), *card.title.values()]).casefold()


def _reference(measure: Measure, indicator: Indicator, *, page: str = "") -> Reference:
    path = page or f"measures/{measure.slug}/"
    return Reference(f"{measure.iri}{_MARK}{indicator.key}", "indicator", dict(indicator.titles), path)


def _page(measure: Measure) -> str:
    with override(installation.city().languages[0]):
        return f"{installation.config().server.url}{reverse('exchange:measure', args=[measure.slug])}"


def _found(uri: str) -> AdoptedIndicator | None:
    return AdoptedIndicator.objects.filter(iri=uri).first()


def _origin_of(part: Part) -> dict[str, Any]:
    """Return where a part came from; nothing where that is no address that can be linked."""
    origin = part.origin
    if origin is None or any(errors(iri(each, "")) for each in (origin.uri, origin.path)):
        return {}
    return {**asdict(origin), "titles": dict(origin.titles)}


# --- plan ---------------------------------------------------------------------------------------
def _known(fields: Mapping[str, Any]) -> AdoptedIndicator | None:
    return AdoptedIndicator.objects.filter(measure=fields["measure"], key=fields["key"]).first()


def _conflicts(known: AdoptedIndicator | None, fields: Mapping[str, Any]) -> list[Finding]:
    if known is None:
        return []
    return [indicator_part.is_there()] if known.state != State.WITHDRAWN else _unit_findings(known, fields)


def _unit_findings(row: AdoptedIndicator, fields: Mapping[str, Any]) -> list[Finding]:
    before, after = row.fields.get("unit", ""), fields["unit"]
    return [indicator_part.unit_fixed(before, after)] if before != after and row.values.exists() else []


def _steps(known: AdoptedIndicator | None, fields: Mapping[str, Any]) -> Sequence[Step]:
    title = pick(fields["titles"], installation.city().languages[0])
    if known is None:
        says = say("A draft of an indicator “{title}” is made. You enter this city’s values.", title=title)
    else:
        says = say("The indicator “{title}” is taken up again, with the values that it had.", title=title)
    return [Step(says)]

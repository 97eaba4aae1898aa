"""What the partners are told of our measures: versions that were given out, evidence, what was withdrawn."""

import logging
from collections.abc import Iterable
from datetime import datetime

from tandem.exchange.domain.card import Card
from tandem.exchange.domain.feeds.event import Action, Kind
from tandem.exchange.domain.feeds.told import (
    ToldEvidence,
    ToldPart,
    ToldVersion,
    evidence_content,
    version_content,
    version_iri,
)
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.domain.receipt import Receipt, as_json, fitted
from tandem.exchange.models import Evidence, Measure, MeasureVersion, OwnEvent
from tandem.exchange.services.telling import tell
from tandem.exchange.services.trusting import prefixes
from tandem.kit import installation

log = logging.getLogger(__name__)


def tell_version(version: MeasureVersion, card: Card, *, now: datetime) -> None:
    """Tell of a version that is given out now, and of the evidence that nobody was told of yet."""
    measure = version.measure
    if not _is_told_of(measure):
        return
    told = ToldVersion(
        measure=measure.iri,
        number=version.number,
        released_at=version.released_at,
        bundle=f"{measure.iri}/{version.number}.zip",
        sha256=version.sha256,
        byte_size=version.byte_size,
        card=card,
        changes=version.changes,
        parts=[ToldPart(each["key"], each["titles"], each["asks"]) for each in version.parts],
        is_example=measure.is_example,
    )
    iri = version_iri(measure.iri, version.number)
    tell(Action.CREATE, iri, Kind.MEASURE, version_content(told), now=now)
    _tell_evidence(measure, measure.evidence.all(), now)


def tell_withdrawn(measure: Measure, *, now: datetime) -> None:
    """Tell that all versions of a measure are withdrawn; what was adopted of them stays where it is."""
    if not _is_told_of(measure):
        return
    gone = [version_iri(measure.iri, each) for each in measure.versions.values_list("number", flat=True)]
    said = OwnEvent.objects.filter(iri__in=gone).order_by("id").values_list("iri", "action")
    for iri, action in dict(said).items():
        if action != Action.DELETE:
            tell(Action.DELETE, iri, Kind.MEASURE, {}, now=now)


def tell_evidence(row: Evidence, *, now: datetime) -> None:
    """Tell of a value or report that was added, if partners know the measure."""
    measure = row.measure
    if measure.status == Status.PUBLISHED and measure.versions.exists() and _is_told_of(measure):
        _tell_evidence(measure, [row], now)


def tell_evidence_gone(measure: Measure, pk: int, *, now: datetime) -> None:
    """Tell that a value or report was taken away, if partners were told of it."""
    iri = evidence_iri(measure, pk)
    if _is_told_of(measure) and OwnEvent.objects.filter(iri=iri).exists():
        tell(Action.DELETE, iri, Kind.EVIDENCE, {}, now=now)


def _tell_evidence(measure: Measure, rows: Iterable[Evidence], now: datetime) -> None:
    by_iri = {evidence_iri(measure, row.pk): row for row in rows}
    told = set(OwnEvent.objects.filter(iri__in=list(by_iri)).values_list("iri", flat=True))
    for iri, row in by_iri.items():
        if iri not in told:
            tell(Action.CREATE, iri, Kind.EVIDENCE, evidence_content(_evidence(measure, row)), now=now)


def _is_told_of(measure: Measure) -> bool:
    """Return whether partners believe what we say of a measure: its IRI must begin with the portal's address."""
    is_ours = measure.iri.startswith(prefixes()[installation.city().id])
    if not is_ours:
        log.warning("exchange.feed.other-address", extra={"measure": measure.iri})
    return is_ours


def _evidence(measure: Measure, row: Evidence) -> ToldEvidence:
    value = None if row.value is None else float(row.value)
    return ToldEvidence(measure.iri, row.indicator, row.on, value, row.says, row.address)


def evidence_iri(measure: Measure, pk: int) -> str:
    """Return what a value or report of a measure is called."""
    return f"{measure.iri}/evidence/{pk}"


def tell_receipt(receipt: Receipt, *, to: str, now: datetime) -> None:
    """Tell the city that a measure is from how its adoption stands; the newest receipt of an adoption counts.

    Args:
        to: Id of that city.

    Raises:
        NobodyWouldBelieve: The measure is not that city's.
    """
    iri = f"{installation.config().server.url}/id/adoption/{receipt.adoption}"
    action = Action.UPDATE if OwnEvent.objects.filter(iri=iri).exists() else Action.CREATE
    tell(action, iri, Kind.RECEIPT, {**as_json(fitted(receipt)), "to": to}, now=now)

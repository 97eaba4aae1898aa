"""Give out a version of a measure: a signed bundle that never changes."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, TandemError
from tandem.core.findings import Finding, Severity
from tandem.core.parts import Part
from tandem.core.text import pick, say
from tandem.exchange.domain import card as cards
from tandem.exchange.domain.card import Card
from tandem.exchange.domain.content import Content
from tandem.exchange.domain.lifecycle import Status, Step, next_status
from tandem.exchange.domain.release import change_between, check_number, outline, proposed
from tandem.exchange.domain.semver import Version
from tandem.exchange.models import Evidence, Measure, MeasureStep, MeasureVersion
from tandem.exchange.services import announcing, bundles, indexing, keys, measure_parts, part_outlines
from tandem.exchange.services.measures import NotOurs, card_of, lock
from tandem.kit import installation
from tandem.kit.stored import stored

log = logging.getLogger(__name__)
FOLDER = "measures"
EVIDENCE_FILE = "values.json"


class HasGaps(Conflict):
    """Other cities would miss something.

    Attributes:
        gaps: What.
    """

    code = "exchange.has-gaps"

    def __init__(self, gaps: Sequence[Finding]) -> None:
        super().__init__(
            say(
                "{number} things are missing that other cities look for. Fill them in first.",
                number=len(gaps),
            )
        )
        self.gaps = gaps


class PartCannotBePacked(Conflict):
    """A part of the measure cannot go along as it is."""

    code = "exchange.part-cannot-be-packed"

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(
            say("“{title}” cannot go along: {reason} Mend it, or take it away.", title=title, reason=reason)
        )


# --- look ---------------------------------------------------------------------------------------
def packed_parts(measure: Measure) -> list[Part]:
    """Return the parts of a measure of ours as they would travel now.

    Raises:
        PartCannotBePacked: The thing is gone, its room cannot pack it, or two have one name.
    """
    found: dict[str, Part] = {}
    for row in measure.parts.all():
        title = measure_parts.reference_of(row).title(installation.city().languages[0])
        try:
            part = measure_parts.packed(row)
        except TandemError as error:
            raise PartCannotBePacked(title, error.sentence) from error
        if part.key in found:
            raise PartCannotBePacked(title, say("Another part is called {key} too.", key=part.key))
        found[part.key] = part
    return [found[key] for key in sorted(found)]


def next_number(measure: Measure, parts: Sequence[Part]) -> Version:
    """Return the number that the next version should have, by what changed since the one before."""
    versions = list(measure.versions.all())
    if not versions:
        return proposed([], change_between([], [], indicators={}))
    before = versions[0]
    change = change_between(
        part_outlines.outlines(before.parts),
        [outline(part) for part in parts],
        indicators={
            "before": [each["key"] for each in before.card.get("indicators", ())],
            "after": [each.key for each in card_of(measure).indicators],
        },
    )
    return proposed([each.number for each in versions], change)


def blocking_gaps(card: Card) -> list[Finding]:
    """Return what has to be filled in before a version can be given out."""
    return [each for each in cards.gaps(card) if each.severity is Severity.ERROR]


# --- release ------------------------------------------------------------------------------------
def release(
    measure: Measure, *, number: str, changes: Mapping[str, str], person: Person | None, now: datetime
) -> MeasureVersion:
    """Pack a measure of ours as it is now, sign it, store it, and let everybody have it.

    Args:
        number: By Semantic Versioning.
        changes: What is new, by language.

    Raises:
        NotOurs: It is a partner's.
        WrongStatus: It is not published, or was withdrawn while it was packed.
        BadVersion: The number is none.
        NotNewer: It does not come after those that were given out.
        HasGaps: Something is missing that has to be there.
        PartCannotBePacked: A part cannot go along.
        BundleRefused: What was put together cannot be in a bundle.
    """
    if measure.city != installation.city().id:
        raise NotOurs
    version = _checked(measure, number)
    evidence, parts = list(measure.evidence.all()), packed_parts(measure)
    card = replace(card_of(measure, evidence), version=str(version))
    if missing := blocking_gaps(card):
        raise HasGaps(missing)
    content = Content(card, parts, evidence=_evidence_files(evidence))
    packed = bundles.pack(content, sign=keys.sign, released_at=now)
    with stored(f"{FOLDER}/{measure.pk}/{version}.zip", packed) as kept, transaction.atomic():
        lock(measure)
        _checked(measure, number)  # once more: packing takes time, and others may have been faster
        row = MeasureVersion.objects.create(
            measure=measure,
            number=str(version),
            card=cards.as_json(card),
            changes=dict(changes),
            parts=part_outlines.written(parts),
            sha256=hashlib.sha256(packed).hexdigest(),
            byte_size=len(packed),
            stored=kept,
            released_at=now,
            released_by=person,
        )
        announcing.tell_version(row, card, now=now)
        _took_place(measure, str(version), changes, person, now)
    log.info("exchange.measure.release", extra={"measure": measure.slug, "version": str(version)})
    return row


def _checked(measure: Measure, number: str) -> Version:
    next_status(Status(measure.status), Step.RELEASE)
    return check_number(number, measure.versions.values_list("number", flat=True))


def _took_place(
    measure: Measure, number: str, changes: Mapping[str, str], person: Person | None, now: datetime
) -> None:
    measure.card, measure.changed_at = {**measure.card, "version": number}, now
    measure.save(update_fields=["card", "changed_at"])
    note = f"{number}: {pick(changes, installation.city().languages[0])}"
    MeasureStep.objects.create(measure=measure, step=Step.RELEASE, person=person, at=now, note=note)
    audit.record(person, "exchange.measure.release", measure.iri, {"version": number})
    indexing.index_measure(measure)


def _evidence_files(rows: Sequence[Evidence]) -> dict[str, bytes]:
    if not rows:
        return {}
    values = [
        {
            "indicator": row.indicator,
            "city": row.city,
            "on": row.on.isoformat(),
            "value": None if row.value is None else float(row.value),
            "says": row.says,
            "address": row.address,
        }
        for row in rows
    ]
    text = json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True)
    return {EVIDENCE_FILE: f"{text}\n".encode()}

"""Measures of ours: begin, describe, announce, review, publish, withdraw, discard."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.findings import Finding
from tandem.core.text import pick, say
from tandem.exchange.domain import card as cards
from tandem.exchange.domain.card import Card
from tandem.exchange.domain.lifecycle import (
    Status,
    Step,
    check_publisher,
    is_second_person,
    lacking,
    may_discard,
    next_status,
)
from tandem.exchange.models import Evidence, Measure, MeasureStep
from tandem.exchange.services import announcing, indexing
from tandem.kit import installation, row_slugs

log = logging.getLogger(__name__)
UNRELEASED = "0.0.0"
RESERVED = frozenset({"new", "work", "watched", "take-in"})


class NotOurs(Conflict):
    """The measure is a partner's, and described there."""

    code = "exchange.not-ours"

    def __init__(self) -> None:
        super().__init__(say("A partner city describes this measure. Ask its contact to change it."))


class BadCard(InvalidInput):
    """What is said of a measure cannot stand on a card."""

    code = "exchange.bad-card"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(say("{place}: {problem}", place=findings[0].path, problem=findings[0].message))
        self.findings = findings


class IndicatorHasValues(Conflict):
    """An indicator that has values cannot be taken away."""

    code = "exchange.indicator-has-values"

    def __init__(self, key: str) -> None:
        super().__init__(
            say("There are values of the indicator {key}. Remove them first, under evidence.", key=key)
        )


class Incomplete(Conflict):
    """The measure says too little of itself to be public.

    Attributes:
        lacking: Names of the card's fields.
    """

    code = "exchange.incomplete"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            say("Before everybody may see it, this is missing: {names}.", names=", ".join(names))
        )
        self.lacking = names


class CannotDiscard(Conflict):
    """Everybody has seen the measure, so it cannot vanish."""

    code = "exchange.cannot-discard"

    def __init__(self) -> None:
        super().__init__(say("Only a draft that was never public can be discarded. Withdraw it instead."))


# --- look ---------------------------------------------------------------------------------------
def card_of(measure: Measure, evidence: Iterable[Evidence] = ()) -> Card:
    """Return what a measure says of itself.

    Args:
        measure: One of ours, or a partner's.
        evidence: Values of ours, which no draft of a card carries; those of its indicators come with it.

    Raises:
        BadCard: What is stored is no card.
    """
    card, findings = cards.read_card(measure.card)
    if card is None:
        raise BadCard(findings)
    known = {each.key for each in card.indicators}
    values = tuple(
        cards.Evidence(each.indicator, each.on, float(each.value), each.city)
        for each in evidence
        if each.value is not None and each.indicator in known
    )
    return replace(card, evidence=(*card.evidence, *values))


def gaps_of(card: Card) -> list[Finding]:
    """Return what other cities will miss on a card."""
    return cards.gaps(card)


def submitted_by(measure: Measure) -> MeasureStep | None:
    """Return who gave a measure to be reviewed last."""
    return measure.steps.filter(step=Step.SUBMIT).order_by("-at", "-id").first()


def publishes_alone(measure: Measure, person: Person) -> bool:
    """Return whether this person would publish what nobody else has worked on."""
    submitted = submitted_by(measure)
    by = submitted.person_id if submitted else None
    return not is_second_person(Status(measure.status), submitted_by=by, publisher=person.pk)


# --- change -------------------------------------------------------------------------------------
@transaction.atomic
def begin(
    *, title: Mapping[str, str], person: Person | None, now: datetime, is_example: bool = False
) -> Measure:
    """Make a draft with what the installation knows.

    Args:
        title: By language.
    """
    config, identity = installation.config(), uuid4()
    language = config.city.languages[0]
    iri = f"{config.server.url}/id/measure/{identity}"
    contact = cards.Contact(mail=config.legal.mail) if config.legal.mail else None
    card = Card(iri, UNRELEASED, config.city.id, dict(title), contact=contact, licence="CC-BY-4.0")
    measure = Measure.objects.create(
        id=identity,
        iri=iri,
        slug=free_slug(pick(title, language, default="measure")),
        city=config.city.id,
        card=cards.as_json(card),
        is_example=is_example,
        created_by=person,
        changed_at=now,
    )
    _note(measure, Step.BEGIN, person, now, about={"title": pick(title, language)})
    return measure


@transaction.atomic
def describe(measure: Measure, card: Card, *, person: Person | None, now: datetime) -> None:
    """Replace what a measure of ours says of itself. Its identity, city and version stay as they are.

    Raises:
        NotOurs: It is a partner's.
        BadCard: It cannot stand on a card.
        IndicatorHasValues: An indicator would go that has values.
    """
    lock(measure)
    _refuse_foreign(measure)
    before = card_of(measure)
    kept = replace(card, id=before.id, city=before.city, version=before.version, evidence=())
    values = cards.as_json(kept)
    findings = cards.read_card(values)[1]
    if findings:
        raise BadCard(findings)
    _keep_indicators(measure, before, kept)
    measure.card, measure.changed_at = values, now
    measure.save(update_fields=["card", "changed_at"])
    audit.record(person, "exchange.measure.describe", measure.iri)
    indexing.index_measure(measure)


def _keep_indicators(measure: Measure, before: Card, after: Card) -> None:
    gone = {each.key for each in before.indicators} - {each.key for each in after.indicators}
    used = measure.evidence.filter(indicator__in=gone).values_list("indicator", flat=True).first()
    if used:
        raise IndicatorHasValues(used)


@transaction.atomic
def announce(measure: Measure, text: Mapping[str, str], *, person: Person | None, now: datetime) -> None:
    """Say to everybody that a measure is being prepared; with an empty text no longer.

    Raises:
        NotOurs: It is a partner's.
    """
    _refuse_foreign(measure)
    measure.announcement, measure.changed_at = dict(text), now
    measure.save(update_fields=["announcement", "changed_at"])
    audit.record(person, "exchange.measure.announce", measure.iri, {"announced": bool(text)})


@transaction.atomic
def submit(measure: Measure, *, note: str = "", person: Person | None, now: datetime) -> None:
    """Give a measure to be reviewed.

    Raises:
        NotOurs: It is a partner's.
        WrongStatus: It is in review or published.
        Incomplete: It says too little of itself.
    """
    lock(measure)
    _refuse_incomplete(measure)
    _step(measure, Step.SUBMIT, person=person, now=now, note=note)


@transaction.atomic
def send_back(measure: Measure, *, note: str, person: Person | None, now: datetime) -> None:
    """Give a measure back to its authors, with what is to be changed.

    Raises:
        NotOurs: It is a partner's.
        WrongStatus: It is not in review.
    """
    lock(measure)
    _step(measure, Step.SEND_BACK, person=person, now=now, note=note)


@transaction.atomic
def publish(measure: Measure, *, reason: str = "", person: Person | None, now: datetime) -> None:
    """Let everybody see a measure.

    Args:
        reason: Why one person publishes alone.

    Raises:
        NotOurs: It is a partner's.
        WrongStatus: It is published already.
        Incomplete: It says too little of itself.
        NeedsReason: One person publishes alone, without a reason.
    """
    lock(measure)
    next_status(Status(measure.status), Step.PUBLISH)
    submitted = submitted_by(measure)
    check_publisher(
        Status(measure.status),
        submitted_by=submitted.person_id if submitted else None,
        publisher=person.pk if person else None,
        reason=reason,
    )
    _refuse_incomplete(measure)
    measure.published_at = measure.published_at or now
    measure.withdrawn_because, measure.announcement = {}, {}
    measure.save(update_fields=["published_at", "withdrawn_because", "announcement"])
    _step(measure, Step.PUBLISH, person=person, now=now, note=reason)
    log.info("exchange.measure.publish", extra={"measure": measure.slug})


@transaction.atomic
def withdraw(measure: Measure, *, reason: Mapping[str, str], person: Person | None, now: datetime) -> None:
    """Take a measure back; its address goes on to say that, and why.

    Args:
        reason: By language.

    Raises:
        NotOurs: It is a partner's.
        WrongStatus: It is not published.
    """
    lock(measure)
    next_status(Status(measure.status), Step.WITHDRAW)
    measure.withdrawn_because = dict(reason)
    measure.save(update_fields=["withdrawn_because"])
    announcing.tell_withdrawn(measure, now=now)
    _step(measure, Step.WITHDRAW, person=person, now=now, note=pick(reason, installation.city().languages[0]))
    log.info("exchange.measure.withdraw", extra={"measure": measure.slug})


@transaction.atomic
def discard(measure: Measure, *, person: Person | None) -> None:
    """Delete a draft that was never public.

    Raises:
        NotOurs: It is a partner's.
        CannotDiscard: It was public once, or is in review.
    """
    lock(measure)
    _refuse_foreign(measure)
    if not may_discard(Status(measure.status), was_published=measure.published_at is not None):
        raise CannotDiscard
    audit.record(person, "exchange.measure.discard", measure.iri, {"slug": measure.slug})
    measure.delete()


# --- inside -------------------------------------------------------------------------------------
def lock(measure: Measure) -> None:
    """Read status and card anew, and let nobody else change the measure before the transaction ends."""
    measure.refresh_from_db(
        fields=["status", "card", "published_at"], from_queryset=Measure.objects.select_for_update()
    )


def _step(measure: Measure, step: Step, *, person: Person | None, now: datetime, note: str = "") -> None:
    """Change a measure's status, and let its history, the audit trail and the search know."""
    _refuse_foreign(measure)
    measure.status, measure.changed_at = next_status(Status(measure.status), step), now
    measure.save(update_fields=["status", "changed_at"])
    _note(measure, step, person, now, note=note, about={"reason": note} if note else {})
    indexing.index_measure(measure)


def _note(
    measure: Measure,
    step: Step,
    person: Person | None,
    now: datetime,
    *,
    note: str = "",
    about: Mapping[str, str],
) -> None:
    MeasureStep.objects.create(measure=measure, step=step, person=person, at=now, note=note)
    audit.record(person, f"exchange.measure.{step}", measure.iri, about)


def _refuse_foreign(measure: Measure) -> None:
    if measure.city != installation.city().id:
        raise NotOurs


def _refuse_incomplete(measure: Measure) -> None:
    _refuse_foreign(measure)
    if names := lacking(card_of(measure)):
        raise Incomplete(names)


def free_slug(title: str) -> str:
    """Return a slug for a title that no measure has yet."""
    return row_slugs.free_slug(title, Measure.objects.all(), reserved=RESERVED, otherwise="measure")

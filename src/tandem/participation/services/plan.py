"""A development plan that is laid out: its documents and its period."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import get_valid_filename, slugify

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.kit import installation
from tandem.participation.adapters.public_holidays import public_holidays
from tandem.participation.domain.period import (
    BAUGB_3_2,
    ITALY_1150_9,
    Announcement,
    Period,
    PeriodRule,
    italian_rule,
    legal_period,
)
from tandem.participation.domain.phase_settings import StatementSettings
from tandem.participation.domain.plan import land_of, set_hash
from tandem.participation.models import Phase, PlanDocument

RULES = {rule.code: rule for rule in (BAUGB_3_2, ITALY_1150_9)}
REGIONAL = "it.regional"


class NoRule(InvalidInput):
    """A period is to be reckoned by a rule that there is not."""

    code = "participation.no-such-rule"


def settings_of(phase: Phase) -> StatementSettings:
    """Return what is set in a phase of statements."""
    return StatementSettings.from_json(phase.settings)


# --- the period ---------------------------------------------------------------------------------
def rule_of(settings: StatementSettings) -> PeriodRule:
    """Return the rule by which a period is reckoned.

    Raises:
        NoRule: There is none of that code.
    """
    if settings.rule == REGIONAL:
        return italian_rule(
            REGIONAL,
            deposit_days=settings.deposit_days,
            observation_days=settings.observation_days,
            basis=settings.basis,
        )
    if settings.rule not in RULES:
        raise NoRule(say("There is no rule {rule} for a legal period.", rule=repr(settings.rule)))
    return RULES[settings.rule]


def region_of(settings: StatementSettings) -> str:
    """Return the region whose holidays count: what is set, else what follows from the city's key."""
    return settings.region or land_of(installation.city().code("AGS"))


def period_of(settings: StatementSettings) -> Period:
    """Return the period that settings give.

    Raises:
        NoRule: There is no such rule.
        BadPeriod: It would begin too early, be lengthened without a cause, or be too long.
        UnknownRegion: There is no such region.
    """
    announced = date.fromisoformat(settings.announced_on)
    known = public_holidays(
        installation.city().country, region_of(settings), range(announced.year, announced.year + 3)
    )
    announcement = Announcement(
        announced_on=announced,
        starts_on=date.fromisoformat(settings.starts_on) if settings.starts_on else None,
        notice_days=settings.notice_days,
        at_least_until=date.fromisoformat(settings.at_least_until) if settings.at_least_until else None,
        cause=settings.cause,
        holidays=known,
    )
    return legal_period(rule_of(settings), announcement)


@transaction.atomic
def set_period(phase: Phase, settings: StatementSettings, *, person: Person | None, now: datetime) -> Period:
    """Keep the settings of a phase and open it for the period that they give.

    Raises:
        NoRule: There is no such rule.
        BadPeriod: The period would not be lawful.
    """
    period = period_of(settings)
    phase.settings = settings.as_json()
    phase.opens_at, phase.closes_at = period.window.opens_at, period.window.closes_at
    phase.period = _period_json(period)
    phase.save(update_fields=["settings", "opens_at", "closes_at", "period"])
    phase.process.changed_at = now
    phase.process.save(update_fields=["changed_at"])
    audit.record(
        person,
        "participation.period.set",
        phase.process.iri,
        {"phase": phase.number, "starts_on": str(period.starts_on), "last_day": str(period.last_day)},
    )
    return period


def _period_json(period: Period) -> dict[str, Any]:
    return {
        "rule": period.rule,
        "starts_on": period.starts_on.isoformat(),
        "last_day": period.last_day.isoformat(),
        "days": period.days,
        "steps": [
            {**asdict(each), "code": each.code.value, "day": each.day.isoformat()} for each in period.steps
        ],
    }


# --- documents ----------------------------------------------------------------------------------
@transaction.atomic
def add_document(
    phase: Phase,
    *,
    kind: str,
    titles: Mapping[str, str],
    content: bytes,
    filename: str,
    media_type: str,
    person: Person | None,
    now: datetime,
    key: str = "",
) -> PlanDocument:
    """Lay a document out, or a new version of one. Nothing is ever overwritten.

    Args:
        kind: ``plan``, ``reasons``, ``environment`` or ``other``.
        key: Of the document that this is a new version of; empty for a new one.
    """
    known = phase.documents.filter(key=key).order_by("-version").first() if key else None
    name = get_valid_filename(filename)[-200:]
    digest = hashlib.sha256(content).hexdigest()
    row = PlanDocument(
        phase=phase,
        key=key if known else _free_key(phase, name),
        version=known.version + 1 if known else 1,
        kind=kind,
        titles=dict(titles),
        filename=name,
        media_type=media_type,
        byte_size=len(content),
        sha256=digest,
        added_at=now,
    )
    row.stored = default_storage.save(f"participation/plans/{phase.pk}/{row.pk}", ContentFile(content))
    phase.documents.filter(key=row.key, replaced_at=None).update(replaced_at=now)
    row.save()
    audit.record(person, "participation.document.add", phase.process.iri, {"file": name, "sha256": digest})
    return row


def _free_key(phase: Phase, name: str) -> str:
    stem = slugify(name.rpartition(".")[0] or name)[:50] or "document"
    taken = set(phase.documents.values_list("key", flat=True))
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def current_documents(phase: Phase) -> list[PlanDocument]:
    """Return the documents that are laid out now."""
    return list(phase.documents.filter(replaced_at=None))


def plan_hash(documents: list[PlanDocument]) -> str:
    """Return the hash of the set of documents, as receipts name it."""
    return set_hash((each.sha256, each.filename) for each in documents)


def with_region(settings: StatementSettings) -> StatementSettings:
    """Return settings whose region is filled in, as far as it follows from the city."""
    return replace(settings, region=region_of(settings))

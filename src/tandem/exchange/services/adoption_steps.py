"""The steps of an adoption as people take them: each with its audit row, and the receipt for the origin, as one."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import TandemError
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.adoption import STANDING
from tandem.exchange.domain.part_fields import sha256_of
from tandem.exchange.domain.planning import MeasureVersion
from tandem.exchange.domain.receipt import Receipt, as_json, fitted
from tandem.exchange.domain.updating import Choices
from tandem.exchange.models import Adoption as Row
from tandem.exchange.services import acting_here, adopting, announcing, updating
from tandem.exchange.services.acting import Acting, Outcome, fields_of
from tandem.exchange.services.updating import ChangedMeanwhile
from tandem.kit import installation

log = logging.getLogger(__name__)
Work = Callable[[Acting], Outcome]


def iri_of(adoption_id: object) -> str:
    """Return what an adoption of this city is called for others."""
    return f"{installation.config().server.url}/id/adoption/{adoption_id}"


def adopt(
    offered: MeasureVersion,
    inputs: Mapping[str, Any],
    *,
    left_out: Collection[str] = (),
    person: Person,
    now: datetime,
) -> Outcome:
    """Make drafts of all parts of a measure. Raises as ``adopting.adopt``."""
    return _step(
        "adopt",
        lambda acting: adopting.adopt(acting, offered, inputs, left_out=left_out),
        person=person,
        now=now,
        detail={"left_out": sorted(left_out)} if left_out else {},
    )


def update(
    adoption_id: str,
    offered: MeasureVersion,
    inputs: Mapping[str, Any],
    *,
    seen: str,
    choices: Choices,
    person: Person,
    now: datetime,
) -> Outcome:
    """Take another version over. Raises as ``updating.update``."""
    return _step(
        "update",
        lambda acting: updating.update(acting, adoption_id, offered, inputs, seen=seen, choices=choices),
        person=person,
        now=now,
    )


def attach_simulation(
    adoption_id: str, key: str, result: Reference, *, person: Person, now: datetime
) -> Outcome:
    """Attach the result of a simulation to a part. Raises as ``adopting.attach_simulation``."""
    return _step(
        "simulate",
        lambda acting: adopting.attach_simulation(acting, adoption_id, key, result),
        person=person,
        now=now,
        detail={"part": key, "result": result.uri},
    )


def sign_off(
    adoption_id: str, key: str, *, seen: str, note: str = "", person: Person, now: datetime
) -> Outcome:
    """Sign a part off, as it was seen.

    Args:
        seen: SHA-256 of the fields that the person looked at.

    Raises:
        ChangedMeanwhile: It is not what was seen any more.
        NotPossible, NotTheirs, PartGone: As ``adopting.sign_off``.
    """

    def work(acting: Acting) -> Outcome:
        part = acting.ledger.find(adoption_id).part(key)
        if sha256_of(fields_of(acting, part)) != seen:
            raise ChangedMeanwhile(
                say("{part} was changed since you looked at it. Look at it again, then sign.", part=key)
            )
        return adopting.sign_off(acting, adoption_id, key, roles=acting_here.roles(person), note=note)

    return _step("sign-off", work, person=person, now=now, detail={"part": key})


def go_live(adoption_id: str, *, without: Collection[str] = (), person: Person, now: datetime) -> Outcome:
    """Put live what is not live yet. Raises as ``adopting.go_live``."""
    return _step(
        "go-live",
        lambda acting: adopting.go_live(acting, adoption_id, without=without),
        person=person,
        now=now,
    )


def diverge(adoption_id: str, *, reason: str, person: Person, now: datetime) -> Outcome:
    """Go this city's own way. Raises as ``adopting.diverge``."""
    return _step(
        "diverge",
        lambda acting: adopting.diverge(acting, adoption_id, reason=reason),
        person=person,
        now=now,
    )


def retire(
    adoption_id: str, *, reason: str, confirmed: Collection[str] = (), person: Person, now: datetime
) -> Outcome:
    """End a measure that was live. Raises as ``adopting.retire``."""
    return _step(
        "retire",
        lambda acting: adopting.retire(acting, adoption_id, reason=reason, confirmed=confirmed),
        person=person,
        now=now,
    )


def undo(
    adoption_id: str, *, reason: str = "", confirmed: Collection[str] = (), person: Person, now: datetime
) -> Outcome:
    """Take an adoption back as one. Raises as ``adopting.undo``."""
    return _step(
        "undo",
        lambda acting: adopting.undo(acting, adoption_id, reason=reason, confirmed=confirmed),
        person=person,
        now=now,
    )


@transaction.atomic
def tell_again(adoption_id: str, *, person: Person | None, now: datetime) -> bool:
    """Tell the origin the newest values of the indicators; return False where it knows them."""
    receipt = adopting.tell(acting_here.acting(person, now=now), adoption_id)
    row = Row.objects.select_related("measure").get(pk=adoption_id)
    if _without_time(_content(row, receipt)) == _without_time(row.told):
        return False
    _told(row, receipt, now)
    audit.record(person, "exchange.adoption.tell", iri_of(row.pk), {"measure": row.measure.iri})
    return True


def tell_due(now: datetime) -> int:
    """Tell the origins of all that stands here what they do not know yet; return how many were told."""
    rows = Row.objects.filter(state__in=sorted(STANDING)).order_by("pk").values_list("pk", flat=True)
    return sum(_told_one(str(pk), now) for pk in rows)


def _told_one(adoption_id: str, now: datetime) -> bool:
    try:
        return tell_again(adoption_id, person=None, now=now)
    except TandemError:
        log.exception("exchange.adoption.not-told", extra={"adoption": adoption_id})
        return False


@transaction.atomic
def note_origin_since(row: Row, since: date | None, *, person: Person) -> None:
    """Keep from which day on the origin has the measure, for comparisons."""
    row.origin_since = since
    row.save(update_fields=["origin_since"])
    about = {"since": since.isoformat() if since else ""}
    audit.record(person, "exchange.adoption.compare", iri_of(row.pk), about)


def _step(
    verb: str, work: Work, *, person: Person, now: datetime, detail: Mapping[str, Any] | None = None
) -> Outcome:
    with transaction.atomic():
        outcome = work(acting_here.acting(person, now=now))
        if outcome.changed:
            adoption = outcome.adoption
            row = Row.objects.select_related("measure").get(pk=adoption.id)
            _told(row, outcome.receipt, now)
            about = {"measure": adoption.measure, "version": adoption.version, **(detail or {})}
            audit.record(person, f"exchange.adoption.{verb}", iri_of(adoption.id), about)
    return outcome


def _told(row: Row, receipt: Receipt, now: datetime) -> None:
    """Let the origin know, by this city's feed, and remember what it was told."""
    announcing.tell_receipt(receipt, to=row.measure.city, now=now)
    row.told = _content(row, receipt)
    row.save(update_fields=["told"])


def _content(row: Row, receipt: Receipt) -> dict[str, Any]:
    return {"to": row.measure.city, **as_json(fitted(receipt))}


def _without_time(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "told_at"}

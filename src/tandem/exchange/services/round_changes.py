"""What every change of a round has: the round is open and locked, and its history and the audit trail know of it."""

import logging
from datetime import datetime

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.text import say
from tandem.exchange.models import Round, RoundStep
from tandem.kit import installation

log = logging.getLogger(__name__)


class RoundFinished(Conflict):
    """A round that is finished does not change."""

    code = "exchange.matching.finished"

    def __init__(self) -> None:
        super().__init__(say("This round is finished. Open it again before you change anything."))


def iri_of(row: Round) -> str:
    """Return what a round is called for ever."""
    return f"{installation.config().server.url}/id/matching/{row.pk}"


def note(
    row: Round, what: str, *, person: Person | None, now: datetime, about: str = "", reason: str = ""
) -> None:
    """Write down in the round's history, and in the audit trail, what was done."""
    RoundStep.objects.create(
        round=row, what=what, about=about[:1_000], reason=reason, at=now, person=known_person(person)
    )
    audit.record(person, f"exchange.matching.{what}", iri_of(row), {"about": about[:200]} if about else {})
    log.info("exchange.matching.%s", what, extra={"round": row.slug})


def known_person(person: Person | None) -> Person | None:
    """Return a person that a row can name; None for nobody, and for one that is not stored."""
    return person if person is not None and person.pk else None


def require_open(row: Round) -> Round:
    """Return the round, locked until the transaction ends.

    Raises:
        RoundFinished: It is finished.
    """
    locked = Round.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.finished_at is not None:
        raise RoundFinished
    return locked


def touch(row: Round, now: datetime, *columns: str) -> None:
    """Save columns of a round, and note that what goes into a matching has changed; in the caller's transaction."""
    row.changed_at = row.inputs_changed_at = now
    row.save(update_fields=[*columns, "changed_at", "inputs_changed_at"])

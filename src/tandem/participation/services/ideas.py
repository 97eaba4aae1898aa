"""Ideas and budget proposals: write, change, withdraw, support, comment."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import NotAllowed
from tandem.core.text import say
from tandem.participation.adapters.photo_store import drop_photo, keep_photo
from tandem.participation.domain.paper import PaperContribution
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Comment, Contribution, Participant, Phase, Process, Support
from tandem.participation.services import moderation, similar

log = logging.getLogger(__name__)
KIND = {PhaseKind.IDEAS: "idea"}
ATTEMPTS = 20
CHANNELS = frozenset({"paper", "phone", "counter"})


class NotYours(NotAllowed):
    """Somebody tried to change what another wrote."""

    code = "participation.not-yours"

    def __init__(self) -> None:
        super().__init__(
            say("Only the author can do that, in the browser or with the account that it was written with.")
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes.

    Attributes:
        geometry: As ``domain.geometry.read_shape`` returns it, or None.
        photo: The bytes of an uploaded photo, or None.
    """

    title: str
    text: str
    category: str = ""
    place: str = ""
    geometry: Mapping[str, Any] | None = None
    latitude: float | None = None
    longitude: float | None = None
    photo: bytes | None = None
    photo_alternative: str = ""

    def columns(self) -> dict[str, Any]:
        """Return the columns of ``Contribution``, without the photo."""
        names = ("title", "text", "category", "place", "geometry", "latitude", "longitude")
        return {name: getattr(self, name) for name in names}


def kind_of(phase: Phase) -> str:
    """Return what is written in a phase: ``idea`` or ``proposal``."""
    return KIND.get(phase.phase_kind, "proposal")


def public(process: Process, kind: str) -> QuerySet[Contribution]:
    """Return what everybody may read."""
    return Contribution.objects.filter(process=process, kind=kind, hidden_at=None, withdrawn_at=None)


# --- write --------------------------------------------------------------------------------------
def submit(
    phase: Phase, written: Written, *, participant: Participant, language: str, now: datetime
) -> Contribution:
    """Take an idea or a proposal in.

    Raises:
        BadPhoto: The photo cannot be used.
        PhotoTooLarge: It is too large.
    """
    photo = keep_photo(written.photo) if written.photo else ""
    made = _create(
        phase,
        {**written.columns(), "photo": photo, "photo_alternative": written.photo_alternative},
        participant=participant,
        author_label=str(participant),
        language=language,
        received_at=now,
        changed_at=now,
    )
    log.info("participation.contribution.submit", extra={"contribution": str(made.pk)})
    return made


def _create(phase: Phase, columns: Mapping[str, Any], **more: Any) -> Contribution:
    """Make a row with the next number; somebody who takes that number first makes us try the one after it."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _create_once(phase, {**columns, **more})
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _create_once(phase: Phase, columns: Mapping[str, Any]) -> Contribution:
    kind = kind_of(phase)
    known = Contribution.objects.filter(process=phase.process_id, kind=kind)
    number = (known.aggregate(last=Max("number"))["last"] or 0) + 1
    row = Contribution.objects.create(
        process_id=phase.process_id, phase=phase, kind=kind, number=number, **columns
    )
    text = f"{row.title}\n{row.text}\n{row.place}"
    moderation.look_at(phase.process, "contribution", row.pk, text=text, body=row.text, now=row.received_at)
    return row


@transaction.atomic
def change(
    contribution: Contribution, written: Written, *, participant: Participant | None, now: datetime
) -> None:
    """Replace what an idea says; its number, its comments and its support stay.

    Raises:
        NotYours: Somebody else wrote it.
        BadPhoto: The photo cannot be used.
    """
    require_author(contribution, participant)
    for name, value in written.columns().items():
        setattr(contribution, name, value)
    before = contribution.photo
    if written.photo:
        contribution.photo = keep_photo(written.photo)
        transaction.on_commit(lambda: drop_photo(before) if before else None)
    contribution.photo_alternative = written.photo_alternative
    contribution.changed_at = now
    contribution.save()
    text = f"{contribution.title}\n{contribution.text}\n{contribution.place}"
    moderation.look_at(
        contribution.process, "contribution", contribution.pk, text=text, body=contribution.text, now=now
    )


@transaction.atomic
def withdraw(contribution: Contribution, *, participant: Participant | None, now: datetime) -> None:
    """Take an idea back: it is no longer public. Changes nothing twice.

    Raises:
        NotYours: Somebody else wrote it.
    """
    require_author(contribution, participant)
    mine = Contribution.objects.filter(pk=contribution.pk, withdrawn_at=None)
    mine.update(withdrawn_at=now, changed_at=now)


def require_author(contribution: Contribution | Comment, participant: Participant | None) -> None:
    """Do nothing for the author.

    Raises:
        NotYours: Somebody else wrote it.
    """
    if participant is None or contribution.participant_id != participant.pk:
        raise NotYours


# --- support and comments -----------------------------------------------------------------------
@transaction.atomic
def support(contribution: Contribution, *, participant: Participant, now: datetime, wanted: bool) -> None:
    """Support an idea, or no longer; said twice it counts once."""
    rows = Contribution.objects.filter(pk=contribution.pk)
    if not wanted:
        gone, _each = Support.objects.filter(contribution=contribution, participant=participant).delete()
        if gone:
            rows.update(support_count=F("support_count") - 1)
        return
    try:
        with transaction.atomic():
            Support.objects.create(contribution=contribution, participant=participant, at=now)
    except IntegrityError:
        return
    rows.update(support_count=F("support_count") + 1)


@transaction.atomic
def comment(contribution: Contribution, text: str, *, participant: Participant, now: datetime) -> Comment:
    """Say something about an idea. The same words of the same person on the same idea count once."""
    same = Comment.objects.filter(
        contribution=contribution, participant=participant, text=text, withdrawn_at=None
    )
    known = same.first()
    if known:
        return known
    row = Comment.objects.create(
        contribution=contribution, participant=participant, author_label=str(participant), text=text, at=now
    )
    Contribution.objects.filter(pk=contribution.pk).update(comment_count=F("comment_count") + 1)
    moderation.look_at(contribution.process, "comment", row.pk, text=text, body=text, now=now)
    return row


@transaction.atomic
def withdraw_comment(found: Comment, *, participant: Participant | None, now: datetime) -> None:
    """Take a comment back. Changes nothing twice.

    Raises:
        NotYours: Somebody else wrote it.
    """
    require_author(found, participant)
    was_public = found.hidden_at is None
    if Comment.objects.filter(pk=found.pk, withdrawn_at=None).update(withdrawn_at=now) and was_public:
        Contribution.objects.filter(pk=found.contribution_id).update(comment_count=F("comment_count") - 1)


# --- paper --------------------------------------------------------------------------------------
@transaction.atomic
def record(
    phase: Phase, rows: Iterable[PaperContribution], *, person: Person, language: str, now: datetime
) -> list[Contribution]:
    """Take in what came on paper, by telephone or at the counter. It counts like everything else."""
    made = [_create(phase, _paper_columns(each, now), language=language) for each in rows]
    audit.record(person, "participation.paper.record", phase.process.iri, {"count": len(made)})
    return made


def _paper_columns(row: PaperContribution, now: datetime) -> dict[str, Any]:
    point = None
    if row.latitude is not None and row.longitude is not None:
        point = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
    received = now.replace(year=row.received_on.year, month=row.received_on.month, day=row.received_on.day)
    return {
        "title": (row.title or row.text.strip().partition("\n")[0])[:150],
        "text": row.text,
        "category": row.category,
        "geometry": point,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "channel": row.channel if row.channel in CHANNELS else "paper",
        "received_at": min(received, now),
        "changed_at": now,
    }


# --- similar ------------------------------------------------------------------------------------
def similar_to(phase: Phase, title: str, text: str, *, but: UUID | None = None) -> list[Contribution]:
    """Return public ideas of the process that are like what is being written, the most alike first."""
    keys = similar.similar(phase.process_id, kind_of(phase), title, text, but=str(but) if but else None)
    rows = {str(each.pk): each for each in public(phase.process, kind_of(phase)).filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows]

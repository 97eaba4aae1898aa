"""Formal statements: received with an immutable receipt, from the web, on paper, at the counter."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import override

from tandem.accounts.adapters import mail
from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import InvalidInput, NotFound
from tandem.core.findings import Finding
from tandem.core.text import pick, say
from tandem.kit.installation import config
from tandem.participation.domain import receipt as receipts
from tandem.participation.domain.phase import PhaseNotOpen, PhaseState
from tandem.participation.domain.receipt import Receipt, make_receipt, receipt_number
from tandem.participation.models import Attachment, Participant, Phase, PlanStatement
from tandem.participation.services import plan
from tandem.participation.services.ideas import NotYours

log = logging.getLogger(__name__)
ATTEMPTS = 50
MOST_FILES, LARGEST_FILE = 10, 20_000_000
TYPES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"PK\x03\x04": "application/zip",  # DOCX, ODT and ZIP
}


class NothingWritten(InvalidInput):
    """A statement without a text and without a file."""

    code = "participation.nothing-written"

    def __init__(self) -> None:
        super().__init__(say("Write your statement, or attach it as a file."))


class BadAttachment(InvalidInput):
    """A file is too large, of another kind, or one too many."""

    code = "participation.bad-attachment"


class StatementUnknown(NotFound):
    """There is no statement of that number."""

    code = "participation.statement-unknown"

    def __init__(self) -> None:
        super().__init__(say("There is no statement of this number. Compare it with your receipt."))


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a statement; everything may be empty.

    Attributes:
        address: To which a reply on paper goes.
    """

    name: str = ""
    address: str = ""
    email: str = ""
    organisation: str = ""
    is_public_body: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with a statement."""

    name: str
    content: bytes = field(repr=False)


def media_type_of(upload: Upload) -> str:
    """Return the media type of a file by its first bytes.

    Raises:
        BadAttachment: It is of no kind that is taken.
    """
    for head, media_type in TYPES.items():
        if upload.content.startswith(head):
            return media_type
    raise BadAttachment(
        say("{name} is neither a PDF, a JPEG or PNG picture, a DOCX nor a ZIP file.", name=upload.name)
    )


def check_uploads(uploads: Sequence[Upload]) -> None:
    """Do nothing where all files can be taken.

    Raises:
        BadAttachment: There are too many, one is too large, or of another kind.
    """
    if len(uploads) > MOST_FILES:
        raise BadAttachment(say("{most} files can be attached; put more into one ZIP file.", most=MOST_FILES))
    for each in uploads:
        if len(each.content) > LARGEST_FILE:
            raise BadAttachment(
                say("{name} is larger than {most} MB.", name=each.name, most=LARGEST_FILE // 10**6)
            )
        media_type_of(each)


# --- receive ------------------------------------------------------------------------------------
def receive(
    phase: Phase,
    *,
    text: str,
    uploads: Sequence[Upload],
    author: Author,
    received_at: datetime,
    now: datetime,
    language: str,
    channel: str = "web",
    participant: Participant | None = None,
    person: Person | None = None,
) -> PlanStatement:
    """Take a statement in, and make its receipt. One that comes after the period is taken and marked as late.

    Args:
        text: Exactly as it was sent.
        received_at: When it arrived: for paper, the day of the stamp.
        now: When it is recorded.
        channel: ``web``, ``paper``, ``phone``, ``counter`` or ``mail``.
        participant: Who sent it here, where known.
        person: The member of staff who records it; None for one that was sent here.

    Raises:
        PhaseNotOpen: The period has not begun.
        NothingWritten: There is neither a text nor a file.
        BadAttachment: A file cannot be taken.
    """
    if phase.state(received_at) is PhaseState.PLANNED:
        raise PhaseNotOpen(say("The period has not begun yet."), PhaseState.PLANNED)
    if not text.strip() and not uploads:
        raise NothingWritten
    check_uploads(uploads)
    columns = {
        "text": text,
        "language": language,
        "received_at": received_at,
        "recorded_at": now,
        "channel": channel,
        "is_late": phase.state(received_at) is PhaseState.CLOSED,
        "participant": participant,
        "author_name": author.name,
        "author_address": author.address,
        "author_email": author.email,
        "organisation": author.organisation,
        "is_public_body": author.is_public_body,
    }
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                row = _create(phase, columns, uploads)
                if person is not None:
                    audit.record(
                        person, "participation.statement.record", phase.process.iri, {"number": row.number}
                    )
                return row
        except IntegrityError:  # somebody took the number first
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _create(phase: Phase, columns: dict[str, object], uploads: Sequence[Upload]) -> PlanStatement:
    sequence = (phase.statements.aggregate(last=Max("sequence"))["last"] or 0) + 1
    row = PlanStatement(phase=phase, sequence=sequence, **columns)
    row.number = receipt_number(_prefix(phase), row.received_at.year, sequence)
    made = make_receipt(
        number=row.number,
        received_at=row.received_at,
        channel=row.channel,
        about=phase.process.iri,
        plan_sha256=plan.plan_hash(plan.current_documents(phase)),
        text=row.text,
        attachments=[(each.name, each.content) for each in uploads],
        late=row.is_late,
    )
    row.receipt, row.receipt_sha256 = made.canonical, made.sha256
    row.save()
    for position, each in enumerate(uploads):
        _attach(row, position, each)
    log.info("participation.statement.receive", extra={"number": row.number, "late": row.is_late})
    return row


def _prefix(phase: Phase) -> str:
    """Return what the numbers of a phase begin with, and those of no other phase."""
    named = plan.settings_of(phase).prefix or phase.process.slug.replace("-", "").replace("_", "").upper()[:8]
    others = PlanStatement.objects.exclude(phase=phase)
    first = f"{named}{phase.number}"
    candidates = chain([first], (f"{first}X{number}" for number in count(2)))
    return next(each for each in candidates if not others.filter(number__startswith=f"{each}-").exists())


def _attach(row: PlanStatement, position: int, upload: Upload) -> None:
    stored = default_storage.save(
        f"participation/statements/{row.pk}/{position}", ContentFile(upload.content)
    )
    Attachment.objects.create(
        statement=row,
        position=position,
        filename=get_valid_filename(upload.name)[-200:],
        media_type=media_type_of(upload),
        byte_size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        stored=stored,
    )


def send_receipt(row: PlanStatement) -> None:
    """Mail the receipt to the author, where an address was given.

    Raises:
        MailNotSent: The mail server did not take it.
    """
    if not row.author_email:
        return
    process = row.phase.process
    with override(row.language):
        path = reverse("participation:receipt_verify", args=[process.slug, row.phase.number])
    context = {
        "number": row.number,
        "received_at": row.received_at,
        "sha256": row.receipt_sha256,
        "title": pick(process.titles, row.language),
        "late": row.is_late,
        "link": f"{config().server.url}{path}",
    }
    mail.send("participation/mail/receipt", row.author_email, language=row.language, context=context)


# --- afterwards ---------------------------------------------------------------------------------
def receipt_of(row: PlanStatement) -> Receipt:
    """Return the receipt that was made when the statement came."""
    return receipts.read_receipt(bytes(row.receipt))


def by_number(phase: Phase, number: str) -> PlanStatement:
    """Return the statement with that number.

    Raises:
        StatementUnknown: There is none in this phase.
    """
    found = PlanStatement.objects.filter(phase=phase, number=number.strip().upper()).first()
    if found is None:
        raise StatementUnknown
    found.phase = phase
    return found


def verify(row: PlanStatement, *, text: str, uploads: Sequence[Upload]) -> list[Finding]:
    """Return in what a text and files differ from what was received; nothing where they are the same."""
    return receipts.verify(
        receipt_of(row), text=text, attachments=[(each.name, each.content) for each in uploads]
    )


@transaction.atomic
def withdraw(row: PlanStatement, *, participant: Participant | None, now: datetime) -> None:
    """Take one's own statement back. It is kept, and nothing more is done with it. Changes nothing twice.

    Raises:
        NotYours: Somebody else made it.
    """
    if participant is None or row.participant_id != participant.pk:
        raise NotYours
    PlanStatement.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=now)

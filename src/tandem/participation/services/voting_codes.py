"""Codes for letters: made, printed once, checked, used, revoked. What is kept of one cannot be turned back into it."""

import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.text import say
from tandem.kit import installation
from tandem.participation.domain.phase import PhaseNotOpen, PhaseState
from tandem.participation.domain.voting_code import keyed_hash, new_batch
from tandem.participation.models import Phase, VotingCode
from tandem.participation.services.participants import voter_key

KEY_FILE, KEY_BYTES = "voting-codes", 32
ROWS = 2_000
MOST_CODES = 200_000


class CodeUnknown(NotFound):
    """No letter had this code."""

    code = "participation.code-unknown"

    def __init__(self) -> None:
        super().__init__(say("This code is not of this vote. Please compare it with your letter."))


class AlreadyVoted(Conflict):
    """Somebody has voted before."""

    code = "participation.already-voted"

    def __init__(self) -> None:
        super().__init__(say("A vote has been cast with this already. It counts; nothing was changed."))


class BadCount(InvalidInput):
    """So many codes cannot be made at a time."""

    code = "participation.codes-count"

    def __init__(self) -> None:
        super().__init__(say("Between 1 and {most} codes can be made at a time.", most=MOST_CODES))


class BatchKnown(Conflict):
    """Codes were made for letters of this name before."""

    code = "participation.codes-batch-known"

    def __init__(self, batch: str) -> None:
        super().__init__(
            say(
                "There are codes for “{batch}” already. If their file was lost, revoke them and make new ones under "
                "another name.",
                batch=batch,
            )
        )


# --- made and revoked ---------------------------------------------------------------------------
def make_codes(phase: Phase, count: int, *, batch: str, person: Person, now: datetime) -> Sequence[str]:
    """Return new codes for letters. They are kept as hashes only: nobody can ask for them again.

    Args:
        count: At most ``MOST_CODES``.
        batch: Which letters they are printed for. Each name serves once, so that a form sent twice makes no codes
            that nobody has.

    Raises:
        BadCount: The count is not between 1 and ``MOST_CODES``.
        BatchKnown: There are codes of that batch.
        PhaseNotOpen: The vote is over.
    """
    if not 1 <= count <= MOST_CODES:
        raise BadCount
    if phase.state(now) is PhaseState.CLOSED:
        raise PhaseNotOpen(say("This phase is closed."), PhaseState.CLOSED)
    # before the transaction: others vote meanwhile
    made = new_batch(count, random_bytes=secrets.token_bytes, key=_key(), vote=str(phase.pk))
    with transaction.atomic():
        Phase.objects.select_for_update().get(pk=phase.pk)  # one at a time, so that a name serves once
        if VotingCode.objects.filter(phase=phase, batch=batch).exists():
            raise BatchKnown(batch)
        rows = [VotingCode(phase=phase, digest=digest, batch=batch) for digest in made.stored]
        VotingCode.objects.bulk_create(rows, ROWS)
        audit.record(person, "participation.codes.make", phase.process.iri, {"count": count, "batch": batch})
    return made.codes


@transaction.atomic
def revoke_codes(phase: Phase, batch: str, *, person: Person, now: datetime) -> int:
    """Make the unused codes of a batch worthless; return how many there were."""
    rows = VotingCode.objects.filter(phase=phase, batch=batch, used_on=None, revoked_at=None)
    gone = rows.update(revoked_at=now)
    audit.record(person, "participation.codes.revoke", phase.process.iri, {"count": gone, "batch": batch})
    return gone


def counts(phase: Phase) -> Sequence[Mapping[str, Any]]:
    """Return how many codes of each batch were made, were used, were revoked and can still be used. One query."""
    rows = VotingCode.objects.filter(phase=phase).values("batch").order_by("batch")
    found = rows.annotate(
        made=Count("pk"),
        used=Count("pk", filter=Q(used_on__isnull=False)),
        revoked=Count("pk", filter=Q(revoked_at__isnull=False)),
        unused=Count("pk", filter=Q(used_on=None, revoked_at=None)),
    )
    return list(found)


# --- checked and used ---------------------------------------------------------------------------
def check_code(phase: Phase, typed: str) -> str:
    """Return the digest of a code that can still be used: what a session may hold of it meanwhile.

    Raises:
        UnreadableCode: There is a slip in it.
        CodeUnknown: No letter of this vote had it, or it was revoked.
        AlreadyVoted: It was used.
    """
    digest = keyed_hash(typed, key=_key(), vote=str(phase.pk))
    _require_usable(phase, digest)
    return digest


def _require_usable(phase: Phase, digest: str) -> None:
    row = VotingCode.objects.filter(phase=phase, digest=digest).first()
    if row is None or row.revoked_at is not None:
        raise CodeUnknown
    if row.used_on is not None:
        raise AlreadyVoted


def use_code(phase: Phase, typed: str, now: datetime) -> str:
    """Use a code up, in the caller's transaction; return what the register calls its voter.

    Raises:
        UnreadableCode: There is a slip in it.
        CodeUnknown: No letter of this vote had it, or it was revoked.
        AlreadyVoted: It was used.
    """
    return use_digest(phase, keyed_hash(typed, key=_key(), vote=str(phase.pk)), now)


def use_digest(phase: Phase, digest: str, now: datetime) -> str:
    """Use the code of a digest up, as ``use_code`` does.

    Raises:
        CodeUnknown: No letter of this vote had it, or it was revoked.
        AlreadyVoted: It was used.
    """
    unused = VotingCode.objects.filter(phase=phase, digest=digest, used_on=None, revoked_at=None)
    if not unused.update(used_on=timezone.localdate(now)):
        _require_usable(phase, digest)  # says why
        raise AlreadyVoted
    return voter_key(phase, "code", digest)


def _key() -> bytes:
    """Return the key of all codes: a file beside the other keys, so that the database alone tells no code."""
    file = installation.folder("keys") / KEY_FILE
    try:
        return file.read_bytes()
    except FileNotFoundError:
        _write_key(file)
        return file.read_bytes()


def _write_key(file: Path) -> None:
    """Write a new key, whole or not at all; who comes second keeps the first one's."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(secrets.token_bytes(KEY_BYTES))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

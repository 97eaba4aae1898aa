"""Junction files: receive a version, and decide about it by two people."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.findings import Finding, count_by_severity
from tandem.core.text import say
from tandem.junctions.domain.approval import Action, FileState, Who, next_state
from tandem.junctions.domain.difference import Change, differences
from tandem.junctions.domain.policy_file import check_policy
from tandem.junctions.models import FileStep, FileVersion, Junction
from tandem.junctions.services import gates
from tandem.signals.domain.check import check
from tandem.signals.domain.junction import Junction as Described
from tandem.signals.domain.notation import NotAJunction, read_junction

log = logging.getLogger(__name__)
LARGEST_BYTES, LARGEST_POLICY_BYTES = 2_000_000, 100_000


class NotText(InvalidInput):
    """A file is no text, or too large."""

    code = "junctions.file.not-text"

    def __init__(self) -> None:
        super().__init__(say("A junction file is a text in JSON (UTF-8) of at most 2 MB. Nothing was kept."))


class NotAPolicy(InvalidInput):
    """A file is no policy.

    Attributes:
        findings: Everything that is wrong with it.
    """

    code = "junctions.file.not-a-policy"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(
            say("The policy is wrong at {path}: {problem}", path=first.path or "/", problem=first.message)
        )
        self.findings = tuple(findings)


class SameFile(Conflict):
    """The file is the newest version already."""

    code = "junctions.file.same"

    def __init__(self, number: int) -> None:
        super().__init__(say("This file is version {number} already.", number=number))


def state_of(version: FileVersion) -> FileState:
    """Return the state of a version."""
    return FileState(version.state)


def who_of(version: FileVersion, engineer: Person) -> Who:
    """Return as whom an engineer stands before a version."""
    return Who.PROPOSER if version.proposed_by_id == engineer.pk else Who.ENGINEER


def read(content: bytes) -> tuple[str, list[Finding]]:
    """Return a file's text, and what the check finds in it. A file that describes no junction has errors, too.

    Raises:
        NotText: It is no text in UTF-8, or too large.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotText from error
    if len(content) > LARGEST_BYTES or "\0" in text:
        raise NotText
    try:
        return text, check(read_junction(text))
    except NotAJunction as error:
        return text, list(error.findings)


def read_policy(content: bytes) -> str:
    """Return a policy's text.

    Raises:
        NotAPolicy: It is none, or too large.
    """
    found = check_policy(content, LARGEST_POLICY_BYTES)
    if found:
        raise NotAPolicy(found)
    return content.decode()


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a file in hexadecimal; an empty text for no file.

    >>> sha256_of(b"")
    ''
    """
    return hashlib.sha256(content).hexdigest() if content else ""


@transaction.atomic
def receive(
    junction: Junction,
    content: bytes,
    *,
    policy: bytes = b"",
    note: str,
    person: Person | None,
    now: datetime,
) -> FileVersion:
    """Keep a file as the junction's newest version, with what the check finds.

    Args:
        policy: What the planner is to go by with it; nothing where there is none.

    Raises:
        NotText: It is no text in UTF-8, or too large.
        NotAPolicy: The policy is none.
        SameFile: It is the newest version already.
    """
    text, findings = read(content)
    policy_text = read_policy(policy) if policy else ""
    Junction.objects.select_for_update().get(pk=junction.pk)
    newest = junction.versions.first()
    hashes = (hashlib.sha256(content).hexdigest(), sha256_of(policy))
    if newest is not None and (newest.sha256, newest.policy_sha256) == hashes:
        raise SameFile(newest.number)
    number = (junction.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    version = FileVersion.objects.create(
        junction=junction,
        number=number,
        text=text,
        sha256=hashes[0],
        policy=policy_text,
        policy_sha256=hashes[1],
        note=note,
        findings=[each.as_dict() for each in findings],
        uploaded_by=person,
        uploaded_at=now,
    )
    FileStep.objects.create(version=version, action="upload", by=person, at=now, reason=note)
    counts = {severity.value: count for severity, count in count_by_severity(findings).items()}
    audit.record(person, "junctions.file.upload", junction.iri, {"version": number, **counts})
    log.info("junctions.file.upload", extra={"junction": junction.slug, "version": number})
    return version


@transaction.atomic
def decide(version: FileVersion, action: Action, *, person: Person, reason: str, now: datetime) -> None:
    """Propose, approve, send back, take back or withdraw a version.

    Approving a version replaces the one that was approved before.

    Raises:
        NotYours: The person may not: above all, nobody approves what they proposed.
        WrongState: Not in this state.
        HasErrors: The check finds errors.
        ReasonMissing: Something has to be said in writing.
    """
    locked = FileVersion.objects.select_for_update(of=("self",)).select_related("junction").get(pk=version.pk)
    state = next_state(
        action, state_of(locked), who=who_of(locked, person), findings=locked.found, reason=reason
    )
    if action is Action.APPROVE:
        _replace(locked.junction, person, now)
    locked.state = state
    if action is Action.PROPOSE:
        locked.proposed_by = person
    if action is Action.TAKE_BACK:
        locked.proposed_by = None
    locked.save(update_fields=["state", "proposed_by"])
    FileStep.objects.create(version=locked, action=action, by=person, at=now, reason=reason.strip())
    audit.record(person, f"junctions.file.{action}", locked.junction.iri, {"version": locked.number})
    gates.forget(locked.junction.slug)
    version.refresh_from_db()
    said = {"junction": locked.junction.slug, "version": locked.number, "action": action.value}
    log.info("junctions.file.decide", extra=said)


def _replace(junction: Junction, person: Person, now: datetime) -> None:
    for before in junction.versions.filter(state=FileState.APPROVED):
        before.state = FileState.REPLACED
        before.save(update_fields=["state"])
        FileStep.objects.create(version=before, action="replace", by=person, at=now)


def approved(junction: Junction) -> FileVersion | None:
    """Return the version that is approved now, if there is one."""
    return junction.versions.filter(state=FileState.APPROVED).first()


def described(version: FileVersion | None) -> Described | None:
    """Return the junction that a version describes, or None where it describes none."""
    return None if version is None else described_text(version.text)


def described_text(text: str) -> Described | None:
    """Return the junction that a text describes, or None where it describes none."""
    try:
        return read_junction(text)
    except NotAJunction:
        return None


def changes(version: FileVersion) -> list[Change] | None:
    """Return what a version changes against the one before; None where one of the two describes no junction."""
    earlier = FileVersion.objects.filter(junction=version.junction_id, number__lt=version.number).first()
    before, after = described(earlier), described(version)
    return differences(before, after) if before is not None and after is not None else None


def version_of(junction_id: UUID, number: int) -> FileVersion | None:
    """Return a version by its number, or None where there is none."""
    return FileVersion.objects.filter(junction=junction_id, number=number).first()

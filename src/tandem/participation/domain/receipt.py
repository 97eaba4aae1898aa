"""Receipts: proof of what a citizen sent, when, on which version of a plan. Once made, never changed.

A receipt holds hashes, not texts, so that it can be kept and shown after the statement itself is erased. Its bytes
are canonical: whoever has the parts can make them again and compare.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.participation.domain.check_digits import check_digits, mod_97

FORMAT = "tandem-receipt-1"
_NUMBER_DIGITS = 6
_NUMBER = re.compile(r"[A-Z0-9]+-\d{4}-\d{6,}-\d{2}", re.ASCII)


class BadReceipt(InvalidInput):
    """These bytes are no receipt, or one that is not in its canonical form."""

    code = "participation.receipt.invalid"


@dataclass(frozen=True, slots=True)
class AttachmentHash:
    """What a file was.

    Attributes:
        sha256: Of its bytes, in hexadecimal.
    """

    name: str
    size_bytes: int
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "AttachmentHash":
        """Return the name, size and hash of a file."""
        return cls(name, len(content), sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received.

    Attributes:
        number: As ``receipt_number`` makes it; unique in a city.
        received_at: Timezone-aware; kept to the microsecond.
        channel: ``web``, ``letter``, ``e-mail``, ``counter``, ``interface`` …
        about: URI of the plan and its phase.
        plan_sha256: Of the version of the plan's documents that was published at that moment.
        text_sha256: Of the statement in UTF-8, as it was sent.
        attachments: In the order in which they were sent.
        late: Whether it came after the period.

    Raises:
        BadReceipt: The time says no zone.
    """

    number: str
    received_at: datetime
    channel: str
    about: str
    plan_sha256: str
    text_sha256: str
    attachments: tuple[AttachmentHash, ...] = ()
    late: bool = False

    def __post_init__(self) -> None:
        if self.received_at.utcoffset() is None:
            raise BadReceipt(say("The time of a receipt needs a time zone."))

    @property
    def canonical(self) -> bytes:
        """The receipt as bytes: JSON, members sorted, no white space, UTF-8, time in UTC.

        Source: RFC 8785 (JSON Canonicalization Scheme), of which only texts, whole numbers and booleans occur.
        """
        return json.dumps(
            _members(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        ).encode()

    @property
    def sha256(self) -> str:
        """The hash of the canonical bytes: what the citizen keeps."""
        return sha256(self.canonical).hexdigest()


def _members(receipt: Receipt) -> dict[str, object]:
    moment = receipt.received_at.astimezone(UTC)
    return {
        "about": receipt.about,
        "attachments": [
            {"name": each.name, "sha256": each.sha256, "size_bytes": each.size_bytes}
            for each in receipt.attachments
        ],
        "channel": receipt.channel,
        "format": FORMAT,
        "late": receipt.late,
        "number": receipt.number,
        "plan_sha256": receipt.plan_sha256,
        "received_at": moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "text_sha256": receipt.text_sha256,
    }


def make_receipt(
    *,
    number: str,
    received_at: datetime,
    channel: str,
    about: str,
    plan_sha256: str,
    text: str,
    attachments: Iterable[tuple[str, bytes]] = (),
    late: bool = False,
) -> Receipt:
    """Return the receipt of a statement.

    Args:
        text: Exactly as it was sent, before anything is trimmed or normalised.
        attachments: Names and contents.

    Raises:
        BadReceipt: The time says no zone, or the text cannot be written in UTF-8.
    """
    return Receipt(
        number=number,
        received_at=received_at,
        channel=channel,
        about=about,
        plan_sha256=plan_sha256,
        text_sha256=text_hash(text),
        attachments=tuple(AttachmentHash.of(name, content) for name, content in attachments),
        late=late,
    )


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal.

    Raises:
        BadReceipt: It holds half a character, which no UTF-8 can carry.

    >>> text_hash("")[:16]
    'e3b0c44298fc1c14'
    """
    try:
        return sha256(text.encode()).hexdigest()
    except UnicodeEncodeError:
        raise BadReceipt(say("The text holds characters that are none. Please write it again.")) from None


def read_receipt(stored: bytes) -> Receipt:
    """Return the receipt whose canonical bytes these are.

    Raises:
        BadReceipt: They are not, to the last byte.
    """
    try:
        members = json.loads(stored)
        receipt = _from_members(members)
        same = receipt.canonical == stored
    except (ValueError, TypeError, KeyError, AttributeError, BadReceipt):
        same = False
    if not same:
        raise BadReceipt(say("This is not a receipt as it was issued; something in it was changed."))
    return receipt


def _from_members(members: Mapping[str, object]) -> Receipt:
    values = dict(members)
    values.pop("format")
    attachments = values.pop("attachments")
    moment = datetime.fromisoformat(str(values.pop("received_at")))
    files = tuple(AttachmentHash(**each) for each in attachments)  # type: ignore[attr-defined]
    return Receipt(received_at=moment, attachments=files, **values)  # type: ignore[arg-type]


def verify(
    receipt: Receipt,
    *,
    text: str,
    attachments: Iterable[tuple[str, bytes]] = (),
    plan_sha256: str | None = None,
) -> list[Finding]:
    """Return in what a statement differs from its receipt; nothing where it is the one that was received.

    Args:
        text: What is kept, or what the citizen says was sent.
        attachments: All files, in any order.
        plan_sha256: Of the version of the plan it shall have been about; None where that is not asked.
    """
    findings = []
    if sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != receipt.text_sha256:
        findings.append(_differs("text", "text", say("The text is not the one that was received.")))
    if plan_sha256 is not None and plan_sha256 != receipt.plan_sha256:
        findings.append(_differs("plan", "plan", say("The receipt is about another version of the plan.")))
    return [*findings, *_file_findings(receipt, attachments)]


def _file_findings(receipt: Receipt, attachments: Iterable[tuple[str, bytes]]) -> list[Finding]:
    left = [AttachmentHash.of(name, content) for name, content in attachments]
    findings = []
    for each in receipt.attachments:
        if each in left:
            left.remove(each)
        else:
            sentence = say("The file {name} is missing, or not as it was received.", name=each.name)
            findings.append(_differs("attachment", each.name, sentence))
    return findings + [
        _differs(
            "extra-attachment", each.name, say("The file {name} was not received with it.", name=each.name)
        )
        for each in left
    ]


def _differs(what: str, path: str, message: str) -> Finding:
    return Finding(Severity.ERROR, f"participation.receipt.{what}-differs", path, message)


def receipt_number(prefix: str, year: int, sequence: int) -> str:
    """Return a number that can be read out on the telephone; a slip of one character is noticed.

    Args:
        prefix: Of the city or the procedure, capitals and digits.
        sequence: Counted from 1 in each year.

    >>> receipt_number("HAM", 2026, 417)
    'HAM-2026-000417-61'
    """
    body = f"{prefix}-{year}-{sequence:0{_NUMBER_DIGITS}d}"
    return f"{body}-{check_digits(body)}"


def is_receipt_number(number: str) -> bool:
    """Return whether a number is of the form that ``receipt_number`` makes, and has no slip in it."""
    return bool(_NUMBER.fullmatch(number)) and mod_97(number) == 1

"""Measure bundles: pack, open, verify. Without a database: folders and bytes in, bytes and verdicts out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from tandem.core.findings import Finding
from tandem.core.parts import Input, Part
from tandem.core.text import say
from tandem.exchange.adapters import archive, crate, signing
from tandem.exchange.adapters.signing import Signer
from tandem.exchange.domain.bundle import (
    CRATE,
    FORM,
    MANIFEST,
    SIGNATURES,
    BundleRefused,
    check_manifest,
    manifest_of,
    name_faults,
    require,
)
from tandem.exchange.domain.card import Card
from tandem.exchange.domain.conformity import error
from tandem.exchange.domain.content import INPUTS_FILE, Content, check_content, files_of, parse, read_content
from tandem.exchange.domain.trust import Sign, Standing, TrustList


@dataclass(frozen=True, slots=True)
class Bundle:
    """What an archive holds, once it is known to be whole.

    Attributes:
        files: By name, as they travel.
        released_at: As it says of itself, in UTC.
        digest: SHA-256 of its manifest, in hexadecimal: two bundles of the same content have the same.
        findings: Warnings.
    """

    content: Content
    files: Mapping[str, bytes]
    released_at: datetime
    digest: str
    findings: Sequence[Finding] = ()

    @property
    def card(self) -> Card:
        """The measure in words and figures."""
        return self.content.card

    @property
    def parts(self) -> Sequence[Part]:
        """Its executable parts, by key."""
        return self.content.parts

    @property
    def inputs(self) -> list[Input]:
        """Everything that an adopting city fills in, by key."""
        return self.content.all_inputs


class State(StrEnum):
    """What becomes of a bundle."""

    VALID = "valid"
    UNKNOWN_KEY = "unknown-key"  # to quarantine, until people have compared the key
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a bundle is what it says, and from whom.

    Attributes:
        reason: Why it is not valid; None where it is.
        signers: Who signed it, with signatures that hold.
        bundle: None where it is refused.
        findings: Everything that was noticed, the reason among it.
    """

    state: State
    reason: Finding | None = None
    signers: Sequence[Signer] = ()
    bundle: Bundle | None = None
    findings: Sequence[Finding] = ()


# --- pack -----------------------------------------------------------------------------------------
def content_of(folder: Path) -> tuple[Content, list[Finding]]:
    """Return what a folder describes, to be packed, and warnings.

    Files that ``pack`` makes (an unpacked bundle has them) are passed over.

    Raises:
        BundleRefused: The folder holds what a bundle cannot hold, or what it describes is wrong.
    """
    files = archive.files_in(folder)
    made = {name for name in files if name in {CRATE, MANIFEST} or name.startswith(SIGNATURES)}
    files = {name: content for name, content in files.items() if name not in made}
    require(fault for name in files if name != INPUTS_FILE for fault in name_faults(name))
    content, findings = read_content(files)
    if content is None:
        raise BundleRefused(findings)
    return content, findings


def pack(content: Content, *, sign: Sign | None, released_at: datetime) -> bytes:
    """Return the bundle of a content: the same bytes for the same content, key and time, everywhere.

    Args:
        content: What the bundle is about.
        sign: Returns the signature of some bytes; None for a bundle that nobody has signed.
        released_at: With a time zone; kept to the second.

    Raises:
        BundleRefused: The content cannot be in a bundle.
    """
    require(check_content(content))
    files = files_of(content)
    require(fault for name in files for fault in name_faults(name))
    require(read_content(files)[1])
    files[CRATE] = crate.metadata(content.card, files, released_at=released_at.replace(microsecond=0))
    files[MANIFEST] = manifest_of(files)
    if sign:
        signature = sign(files[MANIFEST])
        signer = signing.read_signature(files[MANIFEST], signature)
        files[f"{SIGNATURES}{signer.fingerprint}.jws"] = signature.encode()
    return archive.write(files)


# --- open and verify ------------------------------------------------------------------------------
def open_bundle(source: bytes | Path) -> Bundle:
    """Return what a bundle holds. Whole it is, whoever signed it.

    Raises:
        BundleRefused: Something of it is wrong; its findings say what, and where.
    """
    files = archive.read(source)
    require(check_manifest(files))
    return _opened(files)


def verify(source: bytes | Path, trust: TrustList) -> Verdict:
    """Return whether a bundle is whole, whose it is, and whether its measure can be read, in this order.

    A bundle is valid when the city of its measure has signed it with a pinned key. The key that a bundle carries
    counts for nothing by itself.
    """
    try:
        files = archive.read(source)
        require(check_manifest(files))
        signers = _signers(files)
        require(_broken_trust(signers, trust))
        bundle = _opened(files)
        require(_of_another_city(bundle.card, signers, trust))
    except BundleRefused as refusal:
        return Verdict(State.REFUSED, refusal.findings[0], findings=refusal.findings)
    own = [signer for signer in signers if signer.city == bundle.card.city]
    if any(trust.standing(signer.fingerprint) is Standing.PINNED for signer in own):
        return Verdict(State.VALID, None, signers, bundle, bundle.findings)
    reason = _unknown(own[0], trust)
    return Verdict(State.UNKNOWN_KEY, reason, signers, bundle, [reason, *bundle.findings])


def _opened(files: Mapping[str, bytes]) -> Bundle:
    require(error("missing", name, say("It is missing.")) for name in (CRATE, FORM) if name not in files)
    content, findings = read_content(files)
    if content is None:
        raise BundleRefused(findings)
    digest = hashlib.sha256(files[MANIFEST]).hexdigest()
    return Bundle(content, files, _released_at(files), digest, findings)


def _released_at(files: Mapping[str, bytes]) -> datetime:
    found: list[Finding] = []
    values = parse(files, CRATE, found)
    require(found)
    try:
        [root] = [each for each in values["@graph"] if each["@id"] == "./"]
        moment = datetime.fromisoformat(root["datePublished"])
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        pass
    raise BundleRefused([error("crate", CRATE, say("It does not say when the bundle was released."))])


# --- signatures -----------------------------------------------------------------------------------
def _signers(files: Mapping[str, bytes]) -> list[Signer]:
    names = sorted(name for name in files if name.startswith(SIGNATURES))
    if not names:
        require([error("signature.missing", SIGNATURES, say("Nobody has signed it."))])
    return [_signer(name, files) for name in names]


def _signer(name: str, files: Mapping[str, bytes]) -> Signer:
    try:
        signer = signing.read_signature(files[MANIFEST], files[name].decode("ascii"))
    except (signing.BadSignature, UnicodeDecodeError):
        raise BundleRefused([error("signature.bad", name, say("The signature does not hold."))]) from None
    except signing.WrongKid as fault:
        raise BundleRefused([error("signature.wrong-kid", name, fault.args[0])]) from None
    if name != _place(signer):
        message = say("It was made with another key than its name says.")
        raise BundleRefused([error("signature.wrong-kid", name, message)])
    return signer


def _place(signer: Signer) -> str:
    return f"{SIGNATURES}{signer.fingerprint}.jws"


def _unknown(signer: Signer, trust: TrustList) -> Finding:
    if trust.standing(signer.fingerprint) is Standing.RETIRED:
        message = say(
            "{city} has replaced this key since. Ask whether the bundle is its own.", city=signer.city
        )
        return error("signature.retired", _place(signer), message)
    message = say(
        "Nobody has compared this key yet. Compare its fingerprint with the city {city}.", city=signer.city
    )
    return error("signature.unknown-key", _place(signer), message)


def _broken_trust(signers: Iterable[Signer], trust: TrustList) -> Iterable[Finding]:
    for signer in signers:
        key = trust.keys.get(signer.fingerprint)
        if key and key.standing is Standing.REVOKED:
            yield error(
                "signature.revoked", _place(signer), say("The key was revoked. What it signs does not count.")
            )
        elif key and key.standing is not Standing.SEEN and key.city != signer.city:
            message = say("It says to be of {city}, with a key of {owner}.", city=signer.city, owner=key.city)
            yield error("signature.wrong-city", _place(signer), message)


def _of_another_city(card: Card, signers: Sequence[Signer], trust: TrustList) -> Iterable[Finding]:
    if card.city not in {signer.city for signer in signers}:
        message = say("The measure is of {city}, which has not signed it.", city=card.city)
        yield error("signature.wrong-city", "measure.json#/city", message)
    elif card.city in trust.prefixes and not trust.owns(card.city, card.id):
        message = say("{iri} is no name that {city} gives.", iri=card.id, city=card.city)
        yield error("signature.wrong-city", "measure.json#/id", message)

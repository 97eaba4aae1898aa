"""Take in bundles of partner cities: brought as a file, or fetched from where the partner says that they are."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.text import pick, say
from tandem.exchange.domain import card as cards
from tandem.exchange.domain import planning, semver
from tandem.exchange.domain.bundle import LIMITS, BundleRefused
from tandem.exchange.domain.card import Card
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.domain.trust import Standing, TrustList
from tandem.exchange.models import Measure, MeasureVersion, PartnerKey, WaitingBundle
from tandem.exchange.services import bundles, indexing, part_outlines
from tandem.exchange.services.bundles import Bundle, State, Verdict
from tandem.exchange.services.measures import free_slug
from tandem.exchange.services.stored import content_of, is_kept
from tandem.exchange.services.trusting import trust_list
from tandem.kit import installation
from tandem.kit.fetch import Fetcher, host_and_port
from tandem.kit.stored import stored

log = logging.getLogger(__name__)
FOLDER = "partner-measures"
WAITING = f"{FOLDER}/waiting"
FETCH_SECONDS = 120


class OwnBundle(Conflict):
    """The bundle is one of this city's own."""

    code = "exchange.bundle.own"

    def __init__(self) -> None:
        super().__init__(say("This is a bundle of this city. Only those of partners are taken in."))


class KeyNotCompared(Conflict):
    """The bundle is kept, and waits until people have compared the key that it was signed with.

    Attributes:
        city: Who says to have signed it.
        fingerprint: Of the key.
    """

    code = "exchange.bundle.key-not-compared"

    def __init__(self, city: str, fingerprint: str) -> None:
        super().__init__(
            say(
                "The bundle waits: nobody has compared the key {start} … with {city} yet. Call the city, compare "
                "it, pin it, then take the bundle in again.",
                start=fingerprint[:4],
                city=city,
            )
        )
        self.city, self.fingerprint = city, fingerprint


class OtherContent(Conflict):
    """A version never changes, and this bundle of it is another than the one that is known."""

    code = "exchange.bundle.other-content"

    def __init__(self, number: str) -> None:
        super().__init__(
            say(
                "Version {number} is known here with another content. A version never changes: ask the city that it "
                "comes from.",
                number=number,
            )
        )


class MeasureOfAnother(Conflict):
    """A measure of this name belongs to another city."""

    code = "exchange.bundle.measure-of-another"

    def __init__(self, iri: str, city: str) -> None:
        super().__init__(say("The measure {iri} is one of {city}. It was not taken in.", iri=iri, city=city))


class NotAsTold(InvalidInput):
    """What was fetched is not what the partner told of."""

    code = "exchange.bundle.not-as-told"

    def __init__(self, address: str) -> None:
        super().__init__(
            say(
                "What lies at {address} is not the bundle that the city told of. It was not taken in.",
                address=address,
            )
        )


class NowhereToFetch(NotFound):
    """Nobody has said where a version's bundle can be had."""

    code = "exchange.bundle.nowhere-to-fetch"

    def __init__(self, number: str) -> None:
        super().__init__(
            say("Nobody has said where version {number} can be had. Take its file in instead.", number=number)
        )


# --- look -----------------------------------------------------------------------------------------
def offered(version: MeasureVersion) -> planning.MeasureVersion:
    """Return a partner's version, which was taken in, as something that can be adopted.

    What was valid when it was taken in stays so when its key hands over to another; not when the key is revoked.

    Raises:
        BundleRefused: It does not count any more.
        FileMissing: Its file is not in the storage.
    """
    verdict = bundles.verify(content_of(version.stored), trust_list())
    bundle = _held(verdict)
    content = bundle.content
    return planning.MeasureVersion(
        version.measure.iri, version.number, tuple(content.parts), tuple(content.inputs)
    )


def newest(versions: Sequence[MeasureVersion]) -> MeasureVersion | None:
    """Return the newest of some versions, by their numbers."""
    return max(versions, key=lambda each: semver.parse(each.number), default=None)


def _held(verdict: Verdict) -> Bundle:
    if verdict.bundle is None:
        raise BundleRefused(verdict.findings)
    return verdict.bundle


# --- take in --------------------------------------------------------------------------------------
def take_in(data: bytes, *, person: Person | None, now: datetime, address: str = "") -> MeasureVersion:
    """Take in a bundle that somebody brought; one that is here already stays as it is, unless its file is missing.

    Args:
        address: Where it comes from, if from anywhere.

    Raises:
        BundleRefused: Something of it is wrong; its findings say what, and where.
        OwnBundle: It is one of ours.
        KeyNotCompared: Its key is unknown. It is kept, and nothing is adopted from it.
        OtherContent: The version is known with another content.
        MeasureOfAnother: Its measure belongs to another city.
    """
    return _take_in(data, None, person=person, now=now, address=address)


def fetched(version: MeasureVersion, *, person: Person | None, now: datetime) -> MeasureVersion:
    """Fetch the bundle of a version that a partner told of, and take it in; nothing where it is here.

    Raises:
        NowhereToFetch: No address is known.
        NotAsTold: Another file lies there.
        Unavailable: It cannot be fetched; one of the errors of ``kit.fetch``.
        BundleRefused, OwnBundle, KeyNotCompared, OtherContent, MeasureOfAnother: As ``take_in``.
    """
    if version.stored:
        return version
    if not version.address:
        raise NowhereToFetch(version.number)
    data = _fetcher().fetch(version.address, accept="application/zip").content
    if version.sha256 and hashlib.sha256(data).hexdigest() != version.sha256:
        raise NotAsTold(version.address)
    return _take_in(data, version, person=person, now=now, address=version.address)


def _fetcher() -> Fetcher:
    partners = (each for each in installation.config().partners if each.may_be_local)
    return Fetcher(
        allowed=frozenset(host_and_port(each.url) for each in partners),
        max_bytes=LIMITS.archive_bytes,
        seconds=FETCH_SECONDS,
    )


def _take_in(
    data: bytes, told: MeasureVersion | None, *, person: Person | None, now: datetime, address: str
) -> MeasureVersion:
    trust = trust_list()
    verdict = bundles.verify(data, trust)
    bundle, sha256 = _held(verdict), hashlib.sha256(data).hexdigest()
    if bundle.card.city == installation.city().id:
        raise OwnBundle
    if told and (bundle.card.id, bundle.card.version) != (told.measure.iri, told.number):
        raise NotAsTold(address)
    vouched = bool(told and told.sha256) and _is_retired(verdict, trust)
    if verdict.state is State.UNKNOWN_KEY and not vouched:
        raise _waits(data, sha256, verdict, person=person, now=now, address=address)
    try:
        version = _keep(data, sha256, bundle, person=person, now=now, address=address)
    except _Faster as faster:
        version = faster.version
    WaitingBundle.objects.filter(sha256=sha256).delete()
    log.info("exchange.bundle.take-in", extra={"measure": bundle.card.id, "version": bundle.card.version})
    return version


def _is_retired(verdict: Verdict, trust: TrustList) -> bool:
    """Return whether the bundle's key was the city's own once, so that the city's word for the file is enough."""
    own = [
        each.fingerprint
        for each in verdict.signers
        if verdict.bundle and each.city == verdict.bundle.card.city
    ]
    return any(trust.standing(each) is Standing.RETIRED for each in own)


# --- rows -----------------------------------------------------------------------------------------
class _Faster(Exception):
    """Somebody else took the same bundle in."""

    def __init__(self, version: MeasureVersion) -> None:
        super().__init__()
        self.version = version


def _keep(
    data: bytes, sha256: str, bundle: Bundle, *, person: Person | None, now: datetime, address: str
) -> MeasureVersion:
    card, values = bundle.card, cards.as_json(bundle.card)
    released_at = min(bundle.released_at, now)  # who dates a bundle ahead does not stand first for ever
    known = MeasureVersion.objects.filter(measure__iri=card.id, number=card.version).first()
    if known:
        _check_known(known, sha256)
    with stored(f"{FOLDER}/{sha256}.zip", data) as name, transaction.atomic():
        measure = _measure_of(card, released_at, now)
        version = MeasureVersion.objects.filter(measure=measure, number=card.version).first()
        if version is None:
            version = MeasureVersion(measure=measure, number=card.version, released_at=released_at)
        else:
            _check_known(version, sha256, just_kept=name)
        version.card, version.parts = values, part_outlines.written(bundle.parts)
        version.inputs = part_outlines.words_of(bundle.content.inputs)
        version.sha256, version.byte_size, version.stored = sha256, len(data), name
        version.address = version.address or address
        version.save()
        _refresh(measure, version)
        about = {"version": card.version, "city": card.city}
        audit.record(person, "exchange.bundle.take-in", measure.iri, about)
        indexing.index_measure(measure)
    return version


def _check_known(version: MeasureVersion, sha256: str, *, just_kept: str = "") -> None:
    if version.sha256 and version.sha256 != sha256:
        raise OtherContent(version.number)
    if version.stored != just_kept and is_kept(version.stored):
        raise _Faster(version)


def _measure_of(card: Card, released_at: datetime, now: datetime) -> Measure:
    """Return the row of a partner's measure, locked; made where there is none."""
    language = installation.city().languages[0]
    identity = uuid4()
    measure, _is_new = Measure.objects.select_for_update().get_or_create(
        iri=card.id,
        defaults={
            "id": identity,
            "slug": free_slug(pick(card.title, language, default=str(identity))),
            "city": card.city,
            "status": Status.PUBLISHED,
            "card": cards.as_json(card),
            "created_at": now,
            "changed_at": released_at,
            "published_at": released_at,
        },
    )
    if measure.city != card.city:
        raise MeasureOfAnother(card.id, measure.city)
    return measure


def _refresh(measure: Measure, version: MeasureVersion) -> None:
    """Let a measure say what its newest version says."""
    last = newest(list(measure.versions.all()))
    if last is not None and last.pk == version.pk:
        measure.card, measure.changed_at = version.card, max(measure.changed_at, version.released_at)
        measure.save(update_fields=["card", "changed_at"])


# --- quarantine -----------------------------------------------------------------------------------
def _waits(
    data: bytes, sha256: str, verdict: Verdict, *, person: Person | None, now: datetime, address: str
) -> KeyNotCompared:
    """Keep a bundle until its key was compared, and return what is said of it."""
    card = _held(verdict).card
    fingerprint = next(each.fingerprint for each in verdict.signers if each.city == card.city)
    known = WaitingBundle.objects.filter(sha256=sha256).first()
    if known and not is_kept(known.stored):
        with stored(known.stored, data) as name:
            known.stored = name
            known.save(update_fields=["stored"])
    elif known is None:
        with stored(f"{WAITING}/{sha256}.zip", data) as name, transaction.atomic():
            PartnerKey.objects.get_or_create(
                fingerprint=fingerprint,
                defaults={"city": card.city, "since": now, "first_seen_at": now},
            )
            WaitingBundle.objects.create(
                sha256=sha256,
                city=card.city,
                fingerprint=fingerprint,
                measure=card.id,
                version=card.version,
                titles=dict(card.title),
                stored=name,
                byte_size=len(data),
                address=address,
                came_at=now,
                brought_by=person,
            )
            about = {"city": card.city, "fingerprint": fingerprint}
            audit.record(person, "exchange.bundle.wait", card.id, about)
    log.info("exchange.bundle.wait", extra={"measure": card.id, "fingerprint": fingerprint})
    return KeyNotCompared(card.city, fingerprint)


def try_again(waiting: WaitingBundle, *, person: Person, now: datetime) -> MeasureVersion:
    """Take in a bundle that waited, now that its key was compared.

    Raises:
        KeyNotCompared: It was not.
        FileMissing: Its file is not in the storage.
        BundleRefused, OtherContent, MeasureOfAnother: As ``take_in``.
    """
    version = take_in(content_of(waiting.stored), person=person, now=now, address=waiting.address)
    default_storage.delete(waiting.stored)
    return version


def discard(waiting: WaitingBundle, *, person: Person) -> None:
    """Throw away a bundle that waits."""
    with transaction.atomic():
        waiting.delete()
        about = {"city": waiting.city, "fingerprint": waiting.fingerprint}
        audit.record(person, "exchange.bundle.discard", waiting.measure, about)
    default_storage.delete(waiting.stored)

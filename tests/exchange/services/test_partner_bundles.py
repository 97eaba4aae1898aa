"""Bundles of partners: only genuine ones count, unknown keys wait, a version never changes, twice is once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.storage import default_storage

from tandem.accounts.models import AuditEntry
from tandem.core.parts import Input, Part
from tandem.exchange.adapters.signing import fingerprint_of
from tandem.exchange.domain.bundle import BundleRefused
from tandem.exchange.domain.feeds.event import START, Action, Event, Kind
from tandem.exchange.domain.feeds.told import ToldPart, ToldVersion, version_content
from tandem.exchange.models import Measure, MeasureVersion, PartnerKey, WaitingBundle
from tandem.exchange.services import applying, part_outlines, partner_bundles
from tandem.exchange.services.partner_bundles import (
    KeyNotCompared,
    MeasureOfAnother,
    NotAsTold,
    NowhereToFetch,
    OtherContent,
    OwnBundle,
)
from tandem.kit import search
from tandem.kit.fetch import BadStatus, PrivateAddress
from tests.catalogue.harvest_servers import Answer, serving
from tests.exchange.measures import texts
from tests.exchange.partners import FINGERPRINT, IRI, KEY, NOW, RELEASED_AT, bundle, card, evidence, pin
from tests.site.conftest import own_folder

__all__ = ["own_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "own_files")]
PART = Part("catalogue", "trees", {"en": "Trees"}, {"columns": []}, {"a.csv": b"a\n"}, (Input("publisher"),))
OTHER = Ed25519PrivateKey.from_private_bytes(b"x" * 32)


@pytest.fixture
def own_files(settings: Any, tmp_path: Path) -> None:
    """Give a test a storage of files of its own."""
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "kept"}},
    }


def take_in(data: bytes, **named: Any) -> MeasureVersion:
    return partner_bundles.take_in(data, person=None, now=NOW, **named)


def kept() -> list[str]:
    """Return the files that are kept of bundles."""
    found = []
    for folder in (partner_bundles.FOLDER, partner_bundles.WAITING):
        if default_storage.exists(folder):
            found += default_storage.listdir(folder)[1]
    return sorted(found)


def test_a_genuine_bundle_makes_the_measure_and_its_version_and_is_found():
    pin()
    data = bundle([PART])
    version = take_in(data, address="http://localhost:8001/b.zip")
    measure = version.measure

    assert (measure.iri, measure.city, measure.status) == (IRI, "arezzo", "published")
    assert (version.number, version.byte_size, version.released_at) == ("1.0.0", len(data), RELEASED_AT)
    assert version.sha256 == hashlib.sha256(data).hexdigest()
    assert [each["key"] for each in version.parts] == [PART.key]
    with default_storage.open(version.stored) as file:
        assert file.read() == data
    assert [hit.uri for hit in search.search("Trees", language="en", kinds=["measure"]).hits] == [IRI]
    assert partner_bundles.offered(version).parts == (PART,)
    assert AuditEntry.objects.get().action == "exchange.bundle.take-in"


def test_taking_in_twice_is_once():
    pin()
    first = take_in(bundle([PART]))

    assert take_in(bundle([PART])).pk == first.pk
    assert (MeasureVersion.objects.count(), len(kept()), AuditEntry.objects.count()) == (1, 1, 1)


def test_a_bundle_that_is_wrong_leaves_nothing():
    pin()
    data = bundle([PART])
    broken = data.replace(b"a\n", b"b\n", 1)
    with pytest.raises(BundleRefused) as caught:
        take_in(broken)

    assert caught.value.findings
    assert (Measure.objects.count(), WaitingBundle.objects.count(), kept()) == (0, 0, [])


@pytest.mark.parametrize("state", ["revoked"])
def test_what_a_revoked_key_signed_is_refused(state):
    pin(state=state)

    with pytest.raises(BundleRefused, match="revoked"):
        take_in(bundle([PART]))


def test_an_unknown_key_waits_until_people_have_compared_it(officer):
    for _again in range(2):
        with pytest.raises(KeyNotCompared, match=rf"the key {FINGERPRINT[:4]} …") as waits:
            take_in(bundle([PART]))
        assert (waits.value.fingerprint, FINGERPRINT[-4:] in str(waits.value)) == (FINGERPRINT, False)
    waiting = WaitingBundle.objects.get()

    assert (waiting.city, waiting.fingerprint, waiting.measure, waiting.version) == (
        "arezzo",
        FINGERPRINT,
        IRI,
        "1.0.0",
    )
    assert (Measure.objects.count(), PartnerKey.objects.get().state, len(kept())) == (0, "seen", 1)
    with pytest.raises(KeyNotCompared):
        partner_bundles.try_again(waiting, person=officer, now=NOW)
    pin()
    version = partner_bundles.try_again(waiting, person=officer, now=NOW)
    assert (version.number, WaitingBundle.objects.count(), kept()) == (
        "1.0.0",
        0,
        [version.stored.rpartition("/")[2]],
    )


def test_a_bundle_that_waits_can_be_thrown_away(officer):
    with pytest.raises(KeyNotCompared):
        take_in(bundle([PART]))
    partner_bundles.discard(WaitingBundle.objects.get(), person=officer)

    assert (WaitingBundle.objects.count(), kept()) == (0, [])


def test_a_version_never_changes():
    pin()
    take_in(bundle([PART]))

    with pytest.raises(OtherContent, match=r"Version 1\.0\.0"):
        take_in(bundle([replace(PART, fields={"columns": ["more"]})]))
    assert (MeasureVersion.objects.count(), len(kept())) == (1, 1)


def test_the_measure_says_what_its_newest_version_says_in_whatever_order_they_come():
    pin()
    take_in(bundle([PART], "1.10.0", title=texts("Newest")))
    take_in(bundle([PART], "1.9.0", title=texts("Older")))

    measure = Measure.objects.get()
    assert (measure.card["title"]["en"], measure.card["version"]) == ("Newest", "1.10.0")
    newest = partner_bundles.newest(list(measure.versions.all()))
    assert newest is not None
    assert newest.number == "1.10.0"


def test_a_measure_that_was_withdrawn_is_not_published_by_a_bundle():
    pin()
    take_in(bundle([PART]))
    Measure.objects.update(status="withdrawn")
    take_in(bundle([PART], "1.1.0"))

    assert Measure.objects.get().status == "withdrawn"


def test_our_own_bundle_is_none_of_a_partner():
    own = "http://localhost:8000/id/measure/trees"

    with pytest.raises((OwnBundle, BundleRefused)):
        take_in(bundle([PART], city="hamm", id=own))
    assert (Measure.objects.count(), WaitingBundle.objects.count()) == (0, 0)


def test_a_measure_of_another_city_stays_that_citys():
    pin()
    pin(OTHER, "utrecht")
    iri = "https://utrecht.example/m/1"
    Measure.objects.create(iri=iri, slug="theirs", city="delft", changed_at=NOW)

    with pytest.raises(MeasureOfAnother, match="delft"):
        take_in(bundle([PART], key=OTHER, city="utrecht", id=iri))
    assert kept() == []


def test_a_revoked_key_takes_effect_on_what_was_taken_in():
    pin()
    version = take_in(bundle([PART]))
    pin(state="revoked")

    with pytest.raises(BundleRefused):
        partner_bundles.offered(version)


def test_a_key_that_handed_over_leaves_what_was_taken_in_valid():
    pin()
    version = take_in(bundle([PART]))
    pin(state="retired")

    assert partner_bundles.offered(version).version == "1.0.0"


def test_what_the_feed_tells_afterwards_leaves_what_the_bundle_said():
    pin()
    version = take_in(bundle([PART], evidence=evidence(1, 2)))
    said = told_of(version)
    event = Event("arezzo", 1, Action.CREATE, f"{IRI}/1.0.0", Kind.MEASURE, version_content(said), NOW, START)
    assert applying.apply([event], gone=(), before=lambda _iri: None, now=NOW) == {}

    version.refresh_from_db()
    assert version.changes == {"en": "First"}
    assert version.address == "http://localhost:8001/b.zip"
    assert part_outlines.input_words(version.parts).keys() == {"publisher"}
    assert len(version.card["evidence"]) == 2
    assert partner_bundles.offered(version).parts == (PART,)


def told_of(version: MeasureVersion) -> ToldVersion:
    """Return what a feed says of a version: less than its bundle."""
    return ToldVersion(
        measure=IRI,
        number=version.number,
        released_at=RELEASED_AT,
        bundle="http://localhost:8001/b.zip",
        sha256=version.sha256,
        byte_size=version.byte_size,
        card=card(),
        changes={"en": "First"},
        parts=(ToldPart(PART.key, PART.titles),),
    )


# --- fetched on demand ----------------------------------------------------------------------------
def told(data: bytes, url: str, sha256: str | None = None) -> MeasureVersion:
    """Return a version of which a feed told, and whose bundle is not here."""
    known = hashlib.sha256(data).hexdigest() if sha256 is None else sha256
    measure = Measure.objects.create(
        iri=f"{url}/id/measure/trees", slug="trees", city="arezzo", status="published", changed_at=NOW
    )
    return MeasureVersion.objects.create(
        measure=measure, number="1.0.0", sha256=known, address=f"{url}/b.zip", released_at=RELEASED_AT
    )


@dataclass
class Portal:
    """Arezzo's portal on this machine: what lies at every address of it."""

    url: str = ""
    answer: Answer = field(default_factory=Answer)

    def offer(self) -> bytes:
        """Lay a bundle there, and return it."""
        data = bundle([PART], id=f"{self.url}/id/measure/trees")
        self.answer = Answer(data, "application/zip")
        return data


@pytest.fixture
def portal(settings: Any) -> Iterator[Portal]:
    """Serve Arezzo's portal, which may lie on this machine."""
    made = Portal()
    with serving(lambda _path, _query, _headers: made.answer) as url:
        made.url = url
        config = settings.TANDEM
        [partner] = [each for each in config.partners if each.id == "arezzo"]
        settings.TANDEM = replace(config, partners=(replace(partner, url=url),))
        yield made


def fetch(version: MeasureVersion) -> MeasureVersion:
    return partner_bundles.fetched(version, person=None, now=NOW)


def test_what_a_feed_told_of_is_fetched_checked_and_taken_in(portal):
    pin()
    data = portal.offer()
    version = fetch(told(data, portal.url))
    assert fetch(version).pk == version.pk

    assert (version.stored != "", version.byte_size, Measure.objects.count()) == (True, len(data), 1)


def test_another_file_than_was_told_of_is_not_taken_in(portal):
    pin()
    data = portal.offer()
    version = told(data, portal.url, sha256="0" * 64)
    with pytest.raises(NotAsTold, match="not the bundle that the city told of"):
        fetch(version)
    MeasureVersion.objects.update(sha256="", number="9.0.0")
    with pytest.raises(NotAsTold):
        fetch(MeasureVersion.objects.get())
    assert kept() == []


def test_the_word_of_the_city_is_enough_for_a_key_that_it_replaced_and_not_for_one_that_it_never_had(portal):
    version = told(portal.offer(), portal.url)
    with pytest.raises(KeyNotCompared):
        fetch(version)
    pin(state="retired")
    assert fetch(version).stored
    assert WaitingBundle.objects.count() == 0


def test_what_cannot_be_fetched_is_said(portal, settings):
    portal.answer = Answer(status=404)
    version = told(b"x", portal.url)
    with pytest.raises(BadStatus):
        fetch(version)
    settings.TANDEM = replace(settings.TANDEM, partners=())
    with pytest.raises(PrivateAddress):
        fetch(version)
    version.address = ""
    with pytest.raises(NowhereToFetch):
        fetch(version)


def test_the_key_of_the_tests_is_what_it_says():
    assert fingerprint_of(KEY.public_key()) == FINGERPRINT


# --- dates that cannot be ---------------------------------------------------------------------------
def test_a_bundle_that_is_dated_ahead_counts_as_released_when_it_came():
    pin()
    version = take_in(bundle([PART], released_at=NOW + timedelta(days=400)))

    assert (version.released_at, version.measure.changed_at, version.measure.published_at) == (NOW, NOW, NOW)


def test_a_bundle_that_is_older_than_the_calendar_is_refused():
    pin()
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))

    with pytest.raises(BundleRefused) as refused:
        take_in(bundle([PART], released_at=early))
    assert refused.value.reason == "exchange.crate"

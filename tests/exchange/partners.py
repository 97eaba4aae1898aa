"""A partner city for tests: Arezzo with its key, and bundles of its with parts that our real rooms packed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets, imports, tables
from tandem.core.parts import Part
from tandem.exchange.adapters.signing import fingerprint_of
from tandem.exchange.domain.card import Card, Evidence, Indicator
from tandem.exchange.domain.content import Content
from tandem.exchange.models import MeasureVersion, PartnerKey
from tandem.exchange.services import bundles, partner_bundles
from tandem.kit.parts import handlers
from tandem.participation.services import processes, projects
from tests.catalogue import published
from tests.exchange.measures import texts
from tests.exchange.sample_bundle import signed_by

NOW = datetime.now(UTC).replace(microsecond=0)
RELEASED_AT = NOW - timedelta(days=60)
KEY = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
FINGERPRINT = fingerprint_of(KEY.public_key())
IRI = "http://localhost:8001/id/measure/trees"
TABLE, WALK = "catalogue/baeume", "participation/spaziergang"
INPUTS = {
    "input-baeume-way": "own",
    "input-catalogue-publisher": "Stadt Hamm",
    "input-catalogue-contact-mail": "daten@hamm.example",
    "input-catalogue-place": "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05915000",
    "input-spaziergang-title": "Rundgang zu den Bäumen",
    "input-spaziergang-first-day_day": "1",
    "input-spaziergang-first-day_month": "3",
    "input-spaziergang-first-day_year": "2031",
    "input-spaziergang-project": "new",
    "input-spaziergang-contact-mail": "dialog@hamm.example",
}


def pin(key: Ed25519PrivateKey = KEY, city: str = "arezzo", state: str = "pinned") -> None:
    """Let a key have been compared by people."""
    fingerprint = fingerprint_of(key.public_key())
    PartnerKey.objects.update_or_create(fingerprint=fingerprint, defaults={"city": city, "state": state})


def real_parts() -> list[Part]:
    """Return a dataset and a process, packed by the real rooms, with nothing of them left here but the rows."""
    dataset = _trees()
    said = {"titles": {"de": "Platz", "en": "Square"}, "summaries": {"de": "Ein Platz.", "en": "A square."}}
    project = projects.begin(person=None, now=NOW, **said)
    process = processes.begin(
        project,
        code="ideas",
        titles={"de": "Spaziergang", "en": "Walk"},
        texts={"de": "Wir gehen.", "en": "We walk."},
        opens_at=NOW,
        person=None,
        now=NOW,
    )
    projects.publish(project, person=None, now=NOW)
    processes.publish(process, person=None, now=NOW)
    known = handlers()
    return [known["catalogue"].pack(dataset.iri), known["participation"].pack(process.iri)]


def _trees() -> Dataset:
    made = published.dataset(title="Bäume")
    described = datasets.description_of(made)
    [file] = described.distributions
    said = replace(
        described,
        descriptions={"de": "Alle Bäume.", "en": "All trees."},
        keywords={"de": ("Baum",)},
        themes=("http://publications.europa.eu/resource/authority/data-theme/ENVI",),
        distributions=(
            replace(file, licence="http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"),
        ),
    )
    datasets.describe(made, said, person=None, now=NOW)
    return Dataset.objects.get(pk=made.pk)


def card(**changes: Any) -> Card:
    """Return a card of Arezzo's."""
    made = Card(
        IRI,
        "1.0.0",
        "arezzo",
        texts("Trees that are cared for"),
        summary=texts("Every tree is known"),
        indicators=(Indicator("wait", texts("Waiting"), "s", "lower"),),
        licence="CC-BY-4.0",
    )
    return replace(made, **changes)


def bundle(
    parts: Sequence[Part],
    version: str = "1.0.0",
    key: Ed25519PrivateKey | None = KEY,
    city: str = "arezzo",
    released_at: datetime = RELEASED_AT,
    **changes: Any,
) -> bytes:
    """Return a bundle of a city's with parts, signed by a key."""
    content = Content(card(version=version, city=city, **changes), sorted(parts, key=lambda each: each.key))
    sign = signed_by(key, city) if key else None
    return bundles.pack(content, sign=sign, released_at=released_at)


def taken_in(parts: Sequence[Part], version: str = "1.0.0", **changes: Any) -> MeasureVersion:
    """Return a version of Arezzo's measure that was taken in, its key being pinned."""
    pin()
    return partner_bundles.take_in(bundle(parts, version, **changes), person=None, now=NOW)


def bring_own_file(iri: str) -> None:
    """Put a file of our own into the table of a draft that waits for one."""
    row = Distribution.objects.get(dataset__iri=iri, position=0)
    kept = tables.receive([published.TREES.encode()], filename="own.csv", media_type="text/csv")
    imports.start_import(row, kept, person=None, at_once=True)


def evidence(*values: float, city: str = "arezzo", month: int = 1) -> tuple[Evidence, ...]:
    """Return values of the card's indicator, one a day."""
    days = (datetime(2026, month, day + 1, tzinfo=UTC).date() for day in range(len(values)))
    return tuple(Evidence("wait", day, value, city) for day, value in zip(days, values, strict=True))

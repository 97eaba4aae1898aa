"""A measure to try things with: an intelligent junction, made up, with a part of each kind."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tandem.core.parts import Input, InputKind, Part
from tandem.core.references import Reference
from tandem.exchange.adapters.signing import fingerprint_of, sign
from tandem.exchange.domain.card import Card, read_card
from tandem.exchange.domain.content import Content, Trial
from tandem.exchange.domain.trust import Sign, TrustList
from tandem.exchange.services import bundles

RELEASED_AT = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
HAMM_KEY = Ed25519PrivateKey.from_private_bytes(b"h" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
HAMM = fingerprint_of(HAMM_KEY.public_key())
OTHER = fingerprint_of(OTHER_KEY.public_key())
TRUST = TrustList().pinned("hamm", HAMM, now=RELEASED_AT)


def card_values() -> dict[str, Any]:
    """Return a full card as JSON values."""
    return {
        "format": "tandem-measure/1",
        "id": "https://hamm.example/measures/junction",
        "version": "1.0.0",
        "city": "hamm",
        "title": {"de": "Kluge Ampel", "en": "Intelligent junction"},
        "summary": {"de": "Sieht Räder.", "en": "Sees cyclists."},
        "need": {"de": "Kinder warten lange.", "en": "Children wait long."},
        "solution": {"de": "Eine Ampel, die schaut.", "en": "A signal that looks."},
        "status": "in-operation",
        "cost": {
            "one_off_cents": 8_000_000,
            "yearly_cents": 120_000,
            "currency": "EUR",
            "covers": {"en": "Cameras."},
        },
        "staff": [{"role": {"en": "Traffic engineer"}, "person_days": 20, "fte": 0.1}],
        "legal_basis": {"de": "StVO", "en": "Road traffic regulations"},
        "indicators": [
            {
                "key": "waiting",
                "titles": {"en": "Waiting of cyclists"},
                "unit": "s",
                "better": "lower",
                "target": 20,
                "method": {"en": "Detectors."},
            }
        ],
        "evidence": [{"indicator": "waiting", "on": "2026-05-01", "value": 23.5, "city": "hamm"}],
        "lessons": [{"en": "Talk to the school first."}],
        "replicability": {
            name: {"level": 3, "why": {"en": "Like this."}}
            for name in ("technical", "data", "market", "acceptance", "regulation")
        },
        "tags": {"charter": ["green", "digital"], "sdg": [9, 11]},
        "contact": {"role": {"en": "Traffic office"}, "mail": "traffic@hamm.example"},
        "licence": "CC-BY-4.0",
        "isBasedOn": [{"id": "urn:example:lights", "version": "0.9.0", "city": "utrecht"}],
        "software": {"publiccodeYmlVersion": "0.7", "name": "Lights", "url": "https://code.example/lights"},
        "note": {"kept": [1, 2.5, None]},
    }


def card() -> Card:
    """Return a full card."""
    read, findings = read_card(card_values())
    assert findings == []
    assert read is not None
    return read


def parts() -> list[Part]:
    """Return a part of each kind, sorted by key."""
    publisher = Input("publisher", titles={"en": "Publisher"}, profile="publisher")
    return [
        Part(
            "catalogue",
            "counts",
            {"de": "Zählungen", "en": "Counts"},
            {"columns": ["on", "cyclists"]},
            {"sample.csv": b"on,cyclists\n2026-05-01,12\n", "räder und wege.csv": b"a\n"},
            (publisher,),
            Reference("https://hamm.example/dataset/counts", "dataset", {"en": "Counts"}, "dataset/counts"),
        ),
        Part("indicator", "waiting", {"en": "Waiting"}, {"unit": "s"}),
        Part("participation", "walk", {"en": "Walk around"}, {"days": 28}, {}, (publisher,)),
        Part(
            "signal",
            "junction",
            {"en": "Junction"},
            {"speed": {"$input": "speed"}},
            {"junction.json": b"{}"},
            (Input("speed", InputKind.INTEGER, unit="km/h", default=30, least=10, most=50),),
        ),
    ]


def content() -> Content:
    """Return a content with everything in it that there can be."""
    return Content(
        card(),
        parts(),
        [Input("start", InputKind.DATE, {"en": "First day"})],
        {"before-after.csv": b"when,s\nbefore,31\nafter,23.5\n", "reports/2026.md": "# Größer\n".encode()},
        {"signal/junction": Trial({"speed": 40}, {"speed": 40})},
        {"en": {"measure/title": {"text": "Intelligent junction", "origin": "machine", "provider": "PO"}}},
    )


def signed_by(key: Ed25519PrivateKey, city: str = "hamm") -> Sign:
    """Return what signs for a city with a key."""
    return partial(sign, key=key, city=city)


def bundle(**changes: Any) -> bytes:
    """Return the bundle of the content, signed by Hamm."""
    return bundles.pack(replace(content(), **changes), sign=signed_by(HAMM_KEY), released_at=RELEASED_AT)

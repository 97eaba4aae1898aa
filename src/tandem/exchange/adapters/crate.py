"""The description of a bundle that every reader of RO-Crates understands.

Source:
    RO-Crate Metadata Specification 1.3: root data entity, data entities, contextual entities, profiles.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from tandem.core.text import pick
from tandem.exchange.domain.bundle import CRATE, MANIFEST, MEDIA_TYPES, SIGNATURES
from tandem.exchange.domain.card import Card
from tandem.exchange.domain.content import to_json

PROFILE = "urn:tandem:measure-bundle:1"
_CRATE_1_3 = "https://w3id.org/ro/crate/1.3"


def metadata(card: Card, files: Mapping[str, bytes], *, released_at: datetime) -> bytes:
    """Return ``ro-crate-metadata.json`` for files, the same for the same.

    Args:
        card: Of the measure.
        files: By name; what describes and signs them is passed over.
        released_at: With a time zone.
    """
    described = sorted(
        name for name in files if name not in {CRATE, MANIFEST} and not name.startswith(SIGNATURES)
    )
    graph = [_descriptor(), _root(card, described, released_at), *_context(card)]
    graph += [_file(name, files[name]) for name in described]
    return to_json({"@context": f"{_CRATE_1_3}/context", "@graph": graph})


def _descriptor() -> dict[str, Any]:
    return {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": _CRATE_1_3}}


def _root(card: Card, names: list[str], released_at: datetime) -> dict[str, Any]:
    title = pick(card.title, "en")
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": card.id,
        "name": title,
        "description": pick(card.summary, "en", default=title),
        "version": card.version,
        "datePublished": released_at.isoformat(),
        "conformsTo": {"@id": PROFILE},
        "author": {"@id": f"#{card.city}"},
        "hasPart": [{"@id": quote(name)} for name in names],
        "inLanguage": sorted(card.title),
    }
    if card.licence:
        root["license"] = {"@id": _licence(card)}
    if card.is_based_on:
        root["isBasedOn"] = [{"@id": each.id} for each in card.is_based_on]
    return root


def _context(card: Card) -> list[dict[str, Any]]:
    entities: list[dict[str, Any]] = [
        {
            "@id": PROFILE,
            "@type": ["CreativeWork", "Profile"],
            "name": "Tandem measure bundle",
            "version": "1",
        },
        {"@id": f"#{card.city}", "@type": "Organization", "name": card.city},
    ]
    if card.licence:
        entities.append({"@id": _licence(card), "@type": "CreativeWork", "name": card.licence})
    origins = {each.id: each for each in card.is_based_on}
    return entities + [
        {"@id": each.id, "@type": "CreativeWork", "name": each.id, "version": each.version}
        for each in origins.values()
    ]


def _licence(card: Card) -> str:
    return f"https://spdx.org/licenses/{card.licence}"


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@id": quote(name),
        "@type": "File",
        "name": PurePosixPath(name).name,
        "contentSize": str(len(content)),
        "encodingFormat": MEDIA_TYPES[PurePosixPath(name).suffix.lower()],
    }

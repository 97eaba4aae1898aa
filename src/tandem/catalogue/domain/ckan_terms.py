"""What the search keeps of a dataset for the queries of CKAN's clients."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tandem.catalogue.domain import ckan_kept, vocabulary
from tandem.catalogue.domain.ckan_names import is_open, licence_id, organization_id, organization_name
from tandem.catalogue.domain.description import DatasetDescription
from tandem.core.text import pick

BETWEEN = "\x1f"  # stands between an organization's name and its title
LONGEST = 200  # characters of a value that can be asked for
EXTRA_KEY = re.compile(r"[\w\-]{1,60}\Z")
# Fields that are asked for by their very value; extras beside them are ``extras_KEY``
EXACT = (
    *("id", "name", "organization", "owner_org", "groups", "tags", "license_id", "license_title"),
    *("res_format", "author", "maintainer", "isopen", "num_resources", "source"),
)


def terms_of(
    described: DatasetDescription, *, key: str, slug: str, source: str, language: str
) -> dict[str, list[str]]:
    """Return the values by which a dataset is found, by CKAN's names of fields.

    Args:
        described: The dataset with its distributions.
        key: Its id.
        slug: Its name.
        source: Key of the source that it was harvested from; empty for ours.
        language: Of what is shown where CKAN has one text alone.
    """
    found: dict[str, list[str]] = {}
    for name, value in _terms(described, key, slug, source, language):
        if value and len(value) <= LONGEST and "\x00" not in value:
            found.setdefault(name, []).append(value)
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def _terms(
    described: DatasetDescription, key: str, slug: str, source: str, language: str
) -> Iterator[tuple[str, str]]:
    yield from (("id", key), ("name", slug), ("source", source))
    yield "num_resources", str(len(described.distributions))
    yield from (("tags", word) for words in described.keywords.values() for word in words)
    for term in filter(None, map(vocabulary.THEMES.by_iri, described.themes)):
        yield "groups", term.code.lower()
    if described.publisher:
        title = pick(described.publisher.names, language)
        name = organization_name(described.publisher, language)
        yield from (("organization", name), ("owner_org", organization_id(name)), ("author", title))
        yield "organization_named", f"{name}{BETWEEN}{title}"
    yield from (("maintainer", contact.name) for contact in described.contacts[:1])
    yield from _licences(described)
    yield from _formats(described)
    yield from _extras(described, source)


def _licences(described: DatasetDescription) -> Iterator[tuple[str, str]]:
    kept = ckan_kept.kept(described.extra, ckan_kept.FIELD).get("license_id", "")
    iri = next((each.licence for each in described.distributions if each.licence), "")
    licence = vocabulary.LICENCES.by_iri(iri) if iri else None
    yield "license_id", str(kept) or (licence_id(licence) if licence else iri)
    yield "license_title", licence.names["en"] if licence else iri
    yield "isopen", "true" if licence and is_open(licence) else "false"


def _formats(described: DatasetDescription) -> Iterator[tuple[str, str]]:
    for each in described.distributions:
        term = vocabulary.FILE_TYPES.by_iri(each.format) if each.format else None
        yield "res_format", term.names["en"] if term else each.format
        if any("urn:tandem:ckan:" in line for line in each.extra):
            yield "res_format", str(ckan_kept.kept(each.extra, ckan_kept.FIELD).get("format", ""))


def _extras(described: DatasetDescription, source: str) -> Iterator[tuple[str, str]]:
    said: dict[str, Iterable[str]] = {
        "uri": [described.iri],
        "guid": [described.iri] if source else [],
        "identifier": described.identifiers[:1],
        "frequency": [described.frequency],
        "access_rights": [described.access_rights],
        "theme": described.themes,
        "language": described.languages,
        "hvd_category": described.hvd_categories,
        "publisher_name": [pick(described.publisher.names, "")] if described.publisher else [],
        "publisher_uri": [described.publisher.iri] if described.publisher else [],
    }
    kept: dict[str, Any] = ckan_kept.kept(described.extra, ckan_kept.EXTRA)
    said |= {key: [str(value)] for key, value in kept.items() if EXTRA_KEY.match(key)}
    yield from ((f"extras_{key}", value) for key, values in said.items() for value in values)

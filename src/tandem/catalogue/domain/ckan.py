"""A dataset as CKAN's package.

A package is what CKAN's own clients know; its extras are those of CKAN's extension for DCAT. Reading a package into a
description and writing it again gives the same package, and the other way about: what no key of CKAN's holds stands in
extras whose names begin with ``tandem_``, and what no field holds is kept with the dataset.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from tandem.catalogue.domain import ckan_kept, vocabulary
from tandem.catalogue.domain.ckan_fields import (
    PREFIX,
    SELF,
    Key,
    as_json_list,
    list_key,
    part_key,
    shown,
    text_key,
    unheld,
)
from tandem.catalogue.domain.ckan_names import (
    group,
    licence_entry,
    licence_id,
    organization,
    organization_id,
    organization_name,
)
from tandem.catalogue.domain.ckan_values import (
    as_text,
    write_keys,
)
from tandem.catalogue.domain.description import (
    AgentDescription,
    ContactDescription,
    DatasetDescription,
    PeriodOfTime,
    Words,
)

# What the portal says of a package by itself, or says again elsewhere; nothing of it is taken from a client
OURS = frozenset(
    {
        "id",
        "name",
        "type",
        "state",
        "private",
        "isopen",
        "license_title",
        "license_url",
        "organization",
        "owner_org",
        "creator_user_id",
        "metadata_created",
        "metadata_modified",
        "num_resources",
        "num_tags",
        "relationships_as_object",
        "relationships_as_subject",
        "revision_id",
        "revision_timestamp",
        "tracking_summary",
        "save",
        "tag_string",
        "_ckan_phase",
        "pkg_name",
    }
)


def _identifier(described: DatasetDescription) -> str:
    return described.identifiers[0] if described.identifiers else ""


def _with_identifier(described: DatasetDescription, value: str) -> DatasetDescription:
    rest = tuple(each for each in described.identifiers[1:] if each != value)
    return replace(described, identifiers=(value, *rest) if value else rest)


def _box(described: DatasetDescription) -> str:
    if len(described.bounds) != 4:
        return ""
    west, south, east, north = described.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _with_box(described: DatasetDescription, value: str) -> DatasetDescription:
    """Take a GeoJSON geometry that is a box; another one is left as it was said."""
    try:
        geometry = json.loads(value) if value else {}
        ring = geometry["coordinates"][0] if geometry else []
        bounds = tuple(
            f(float(p[axis]) for p in ring) for f, axis in ((min, 0), (min, 1), (max, 0), (max, 1))
        )
    except (ValueError, TypeError, KeyError, IndexError):
        return described
    within = not bounds or (-180 <= bounds[0] <= bounds[2] <= 180 and -90 <= bounds[1] <= bounds[3] <= 90)
    boxed = replace(described, bounds=bounds)
    return boxed if within and (not value or _box(boxed) == value or _same(_box(boxed), value)) else described


def _same(one: str, other: str) -> bool:
    return bool(json.loads(one) == json.loads(other))


def _without_box(described: DatasetDescription, value: str) -> DatasetDescription:
    return _with_box(described, value) if value else replace(described, bounds=())


EXTRAS: tuple[Key[DatasetDescription], ...] = (
    Key("identifier", _identifier, _with_identifier, f"{PREFIX}identifiers"),
    text_key("issued", "issued"),
    text_key("modified", "modified"),
    text_key("frequency", "frequency", iri=True),
    text_key("access_rights", "access_rights", iri=True),
    list_key("theme", "themes"),
    list_key("language", "languages"),
    list_key("hvd_category", "hvd_categories"),
    list_key("applicable_legislation", "legislation"),
    list_key("spatial_uri", "spatial", plain_one=True),
    Key("spatial", _box, _without_box, f"{PREFIX}bounds"),
    part_key("temporal_start", "temporal", "start", PeriodOfTime),
    part_key("temporal_end", "temporal", "end", PeriodOfTime),
    part_key("publisher_uri", "publisher", "iri", AgentDescription, iri=True),
    part_key("publisher_email", "publisher", "mail", AgentDescription),
    part_key("publisher_url", "publisher", "homepage", AgentDescription, iri=True),
    part_key("publisher_type", "publisher", "kind", AgentDescription, iri=True),
    part_key("publisher_identifier", "publisher", "identifier", AgentDescription),
    part_key("contact_name", "contacts", "name", ContactDescription),
    part_key("contact_email", "contacts", "mail", ContactDescription),
    part_key("contact_phone", "contacts", "phone", ContactDescription),
    part_key("contact_url", "contacts", "url", ContactDescription, iri=True),
    part_key("contact_uri", "contacts", "iri", ContactDescription, iri=True),
    text_key("politicalGeocodingLevelURI", "geocoding_level", iri=True),
    text_key("plannedAvailability", "availability", iri=True),
)
TOP: tuple[Key[DatasetDescription], ...] = (text_key("url", "landing_page", iri=True),)
_HELD = ("iri", "titles", "descriptions", "keywords", "distributions", "extra")
NAMED = frozenset(key.name for key in EXTRAS) | {"publisher_name", "uri", "guid"}
TOP_NAMED = frozenset(
    {
        *(f"{name}{more}" for name in ("title", "notes", "tags") for more in ("", "_translated")),
        *("url", "groups", "extras", "resources", "license_id"),
        *("author", "author_email", "maintainer", "maintainer_email"),
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the portal knows of a dataset beside its description.

    Attributes:
        state: ``active``, ``draft`` or ``deleted``.
        created: UTC without offset, as CKAN writes it; so is ``modified``.
        guid: What a harvest knew it by; empty for a dataset of ours.
    """

    id: str
    name: str
    state: str
    created: str
    modified: str
    guid: str = ""


# --- a dataset as a package ---------------------------------------------------------------------
def package_of(
    described: DatasetDescription, facts: Facts, resources: list[dict[str, Any]], language: str
) -> dict[str, Any]:
    """Return a dataset as a package.

    Args:
        described: What it says.
        facts: What the portal knows of it.
        resources: Its distributions, as ``ckan_resource`` makes them.
        language: Of what is shown where CKAN has one text alone.
    """
    held = {
        "id": facts.id,
        "name": facts.name,
        "type": "dataset",
        "state": facts.state,
        "private": facts.state == "draft",
        "version": None,
        "creator_user_id": None,
        "metadata_created": facts.created,
        "metadata_modified": facts.modified,
        "resources": resources,
        "num_resources": len(resources),
        "relationships_as_object": [],
        "relationships_as_subject": [],
        **said_of(described, language),
        **licence_of_all(described),
    }
    tags = tags_of(described.keywords)
    held |= {"tags": tags, "num_tags": len(tags), "extras": _extras(described, facts, language)}
    kept = ckan_kept.kept(described.extra, ckan_kept.FIELD)
    return held | {name: value for name, value in kept.items() if name not in OURS}


def said_of(described: DatasetDescription, language: str) -> dict[str, Any]:
    """Return what a package says in keys of its own, but for licence, tags and extras."""
    contact = described.contacts[0] if described.contacts else ContactDescription()
    publisher = described.publisher
    name = organization_name(publisher, language) if publisher else None
    title = shown(publisher.names, language) if publisher else ""
    return {
        "title": shown(described.titles, language),
        "title_translated": dict(described.titles),
        "notes": shown(described.descriptions, language),
        "notes_translated": dict(described.descriptions),
        "tags_translated": {each: list(words) for each, words in described.keywords.items()},
        "url": described.landing_page,
        "author": title,
        "author_email": publisher.mail if publisher else "",
        "maintainer": contact.name,
        "maintainer_email": contact.mail,
        "owner_org": organization_id(name) if name else None,
        "organization": organization(name, title) if name else None,
        "groups": [group(term, language) for term in map(vocabulary.THEMES.by_iri, described.themes) if term],
    }


def tags_of(keywords: Words) -> list[dict[str, Any]]:
    """Return keywords of all languages as tags, each once."""
    words = dict.fromkeys(word for some in keywords.values() for word in some)
    return [{"name": w, "display_name": w, "state": "active", "vocabulary_id": None} for w in words]


def licence_of_all(described: DatasetDescription) -> dict[str, Any]:
    """Return the licence of a dataset: the first that a distribution has."""
    iri = next((each.licence for each in described.distributions if each.licence), "")
    known = vocabulary.LICENCES.by_iri(iri) if iri else None
    entry = licence_entry(known) if known else {}
    return {
        "license_id": licence_id(known) if known else iri,
        "license_title": entry.get("title", iri),
        "license_url": entry.get("url", iri),
        "isopen": bool(entry.get("domain_data")),
    }


def _extras(described: DatasetDescription, facts: Facts, language: str) -> list[dict[str, str]]:
    found = _extras_of(described, language)
    found = {"uri": described.iri, "guid": facts.guid, **found}
    found |= {
        key: as_text(key, value) for key, value in ckan_kept.kept(described.extra, ckan_kept.EXTRA).items()
    }
    return [{"key": key, "value": value} for key, value in sorted(found.items()) if value]


def _extras_of(described: DatasetDescription, language: str) -> dict[str, str]:
    found = {key.name: key.read(described) for key in (*TOP, *EXTRAS)}
    if described.publisher:
        found["publisher_name"] = shown(described.publisher.names, language)
    rebuilt = write_keys(DatasetDescription(described.iri), (*TOP, *EXTRAS), found, {})
    del found["url"]
    found |= unheld(described, rebuilt, leave=_HELD)
    if plain := ckan_kept.others(described.extra):
        found[f"{PREFIX}extra"] = as_json_list([line.replace(f"<{described.iri}>", SELF) for line in plain])
    return found

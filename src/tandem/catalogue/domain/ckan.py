"""A dataset as CKAN's package, and back.

A package is what CKAN's own clients know; its extras are those of CKAN's extension for DCAT. Reading a package into a
description and writing it again gives the same package, and the other way about: what no key of CKAN's holds stands in
extras whose names begin with ``tandem_``, and what no field holds is kept with the dataset.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tandem.catalogue.domain import ckan_kept, vocabulary
from tandem.catalogue.domain.ckan_fields import (
    PREFIX,
    SELF,
    Key,
    as_json_list,
    holds,
    is_iri,
    list_key,
    part_key,
    shown,
    text_key,
    unheld,
    with_part,
    with_unheld,
)
from tandem.catalogue.domain.ckan_names import (
    group,
    licence_entry,
    licence_id,
    licence_of,
    organization,
    organization_id,
    organization_name,
    theme_of,
)
from tandem.catalogue.domain.ckan_values import (
    BadPackage,
    Values,
    as_text,
    entries,
    is_stale,
    plain_text,
    texts_of,
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
_TOP: tuple[Key[DatasetDescription], ...] = (text_key("url", "landing_page", iri=True),)
_HELD = ("iri", "titles", "descriptions", "keywords", "distributions", "extra")
_NAMED = frozenset(key.name for key in EXTRAS) | {"publisher_name", "uri", "guid"}
_TOP_NAMED = frozenset(
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
        **_said(described, language),
        **_licence(described),
    }
    tags = tags_of(described.keywords)
    held |= {"tags": tags, "num_tags": len(tags), "extras": _extras(described, facts, language)}
    kept = ckan_kept.kept(described.extra, ckan_kept.FIELD)
    return held | {name: value for name, value in kept.items() if name not in OURS}


def _said(described: DatasetDescription, language: str) -> dict[str, Any]:
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


def _licence(described: DatasetDescription) -> dict[str, Any]:
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
    found = {key.name: key.read(described) for key in (*_TOP, *EXTRAS)}
    if described.publisher:
        found["publisher_name"] = shown(described.publisher.names, language)
    rebuilt = write_keys(DatasetDescription(described.iri), (*_TOP, *EXTRAS), found, {})
    del found["url"]
    found |= unheld(described, rebuilt, leave=_HELD)
    if plain := ckan_kept.others(described.extra):
        found[f"{PREFIX}extra"] = as_json_list([line.replace(f"<{described.iri}>", SELF) for line in plain])
    return found


# --- a package as a dataset ---------------------------------------------------------------------
def described_by(
    package: Values, base: DatasetDescription, *, language: str, before: Values
) -> DatasetDescription:
    """Return what a package says as a dataset, without its resources.

    Args:
        package: As a client sent it.
        base: What holds where the package says nothing; its IRI stays.
        language: Of texts that say none.
        before: The package as it was shown; nothing for a new one. Of two keys that say the same, the one
            that differs from before counts.

    Raises:
        BadPackage: A value is of the wrong kind; the error says which.
    """
    values, former = flat(package), flat(before)
    try:
        made = with_unheld(base, values)
    except ValueError as error:
        raise BadPackage({"extras": [f"{error.args[0]}: {error.args[-1]}"]}) from error
    made = replace(made, extra=tuple(line.replace(SELF, f"<{base.iri}>") for line in made.extra))
    made = replace(
        made,
        titles=texts_of(package, before, "title", made.titles, language),
        descriptions=texts_of(package, before, "notes", made.descriptions, language),
        keywords=_keywords(package, before, made.keywords, language),
    )
    made = write_keys(made, (*_TOP, *EXTRAS), values, former)
    made = _with_publisher(made, values, former, language)
    made = _with_maintainer(made, package, values)
    made = _with_groups(made, package, before)
    return _keep(made, package, values, language)


def flat(package: Values) -> dict[str, Any]:
    """Return a package's keys and its extras as one; where both say something, the extras count.

    Raises:
        BadPackage: The extras are no list of keys and values.
    """
    extras = {}
    for each in entries(package, "extras"):
        if not isinstance(each.get("key"), str) or not each["key"].strip():
            raise BadPackage({"extras": ["Each must have a key and a value"]})
        if each.get("deleted") is not True and each.get("state") != "deleted":
            extras[each["key"].strip()] = as_text(each["key"], each.get("value"))
    top = {key: as_text(key, value) for key, value in package.items() if key in _NAMED or key == "url"}
    return {**top, **extras}


def _keywords(package: Values, before: Values, base: Words, language: str) -> dict[str, tuple[str, ...]]:
    finer = package.get("tags_translated")
    words = {each: tuple(some) for each, some in base.items()}
    if finer not in (None, "", {}):
        if not isinstance(finer, dict) or not all(_is_words(some) for some in finer.values()):
            raise BadPackage({"tags_translated": ["Must be an object of lists of words by language"]})
        words = {each: tuple(some) for each, some in finer.items() if some}
    if "tags" not in package and "tag_string" not in package:
        return words
    if "tags" in package and is_stale(package, before, "tags", "tags_translated"):
        return words
    names = tag_names(package)
    left = {each: tuple(word for word in some if word in names) for each, some in words.items()}
    known = {word for some in left.values() for word in some}
    new = tuple(dict.fromkeys(name for name in names if name not in known))
    left[language] = (*left.get(language, ()), *new)
    return {each: some for each, some in left.items() if some}


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def tag_names(package: Values) -> list[str]:
    """Return the names of a package's tags.

    Raises:
        BadPackage: One has none, or is too long.
    """
    said = [each.get("name") for each in entries(package, "tags")]
    if not package.get("tags") and isinstance(package.get("tag_string"), str):
        said = [each for each in package["tag_string"].split(",") if each.strip()]
    names = [each.strip() if isinstance(each, str) else "" for each in said]
    if not all(0 < len(each) <= 200 for each in names):
        raise BadPackage({"tags": ["Each must have a name of 1 to 200 characters"]})
    return names


def _with_publisher(
    made: DatasetDescription, values: Values, before: Values, language: str
) -> DatasetDescription:
    """Write the publisher's name, which stands for its names in all languages."""
    if "publisher_name" not in values or is_stale(values, before, "publisher_name", f"{PREFIX}publisher"):
        return made
    agent = made.publisher or AgentDescription()
    name = as_text("publisher_name", values["publisher_name"])
    if name in agent.names.values() or name == shown(agent.names, language):
        return made
    names = {language: name} if name else {}
    return with_part(made, "publisher", replace(agent, names=names))


def _with_maintainer(made: DatasetDescription, package: Values, values: Values) -> DatasetDescription:
    """Take the maintainer for the contact, where a package says nothing better."""
    if any(key in values for key in ("contact_name", "contact_email", f"{PREFIX}contacts")):
        return made
    name, mail = plain_text(package, "maintainer"), plain_text(package, "maintainer_email")
    if not name and not mail:
        return made
    return replace(made, contacts=(ContactDescription(name=name or mail, mail=mail),))


def _with_groups(made: DatasetDescription, package: Values, before: Values) -> DatasetDescription:
    if "groups" not in package:
        return made
    wanted = [term.iri for term in map(theme_of, entries(package, "groups")) if term]
    known = {iri: term.iri for iri in made.themes if (term := vocabulary.THEMES.by_iri(iri))}
    unchanged = before and _group_names(package) == _group_names(before)
    if set(known.values()) == set(wanted) or unchanged:
        return made
    kept = [iri for iri in made.themes if iri not in known or known[iri] in wanted]
    new = [iri for iri in dict.fromkeys(wanted) if iri not in known.values()]
    return replace(made, themes=(*kept, *new))


def _group_names(package: Values) -> set[str]:
    return {str(each.get("name")) for each in entries(package, "groups")}


def _keep(made: DatasetDescription, package: Values, values: Values, language: str) -> DatasetDescription:
    """Keep what no field holds, or not as it was said."""
    empty, keys = DatasetDescription(""), {key.name: key for key in EXTRAS}
    extras = {
        name: said
        for name, said in values.items()
        if said
        and name not in {"url", "publisher_name"}
        and not name.startswith(PREFIX)
        and (name != "uri" or said != made.iri)
        and not (name in keys and holds(keys[name], said, empty))
    }
    shown_now = {**_said(made, language), **_licence(made)}
    fields = {
        key: value
        for key, value in package.items()
        if key not in OURS and key not in _TOP_NAMED and key not in _NAMED and value not in (None, "", [], {})
    }
    for key in ("url", "author", "author_email", "maintainer", "maintainer_email"):
        names = made.publisher.names.values() if key == "author" and made.publisher else ()
        if (said := plain_text(package, key)) and said != shown_now[key] and said not in names:
            fields[key] = said
    unknown = [each for each in entries(package, "groups") if theme_of(each) is None]
    if unknown:
        fields["tandem_groups"] = unknown
    return replace(made, extra=ckan_kept.with_kept(made.iri, made.extra, fields=fields, extras=extras))


# --- licences -----------------------------------------------------------------------------------
def with_licence(made: DatasetDescription, package: Values, own: Mapping[str, bool]) -> DatasetDescription:
    """Write a package's licence into its distributions; keep it as it was said where that cannot be.

    Args:
        made: The dataset with its distributions.
        package: As a client sent it.
        own: For the IRI of each distribution whether its resource says a licence of its own.
    """
    said = plain_text(package, "license_id")
    known = licence_of(said) if said else None
    iri = known.iri if known else said if is_iri(said) else ""
    if iri:
        others = said != _licence(made)["license_id"]
        parts = (
            replace(each, licence=iri) if not own.get(each.iri) and (others or not each.licence) else each
            for each in made.distributions
        )
        made = replace(made, distributions=tuple(parts))
    kept = ckan_kept.kept(made.extra, ckan_kept.FIELD)
    kept.pop("license_id", None)
    shown_as = str(_licence(made)["license_id"])
    if said and said != shown_as and (known is None or licence_of(shown_as) is not known):
        kept["license_id"] = said
    extras = ckan_kept.kept(made.extra, ckan_kept.EXTRA)
    return replace(made, extra=ckan_kept.with_kept(made.iri, made.extra, fields=kept, extras=extras))

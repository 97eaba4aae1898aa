"""A distribution as CKAN's resource, and back: what was read and written again is the same."""

from collections.abc import Mapping
from dataclasses import replace
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
    shown,
    text_key,
    unheld,
    with_unheld,
)
from tandem.catalogue.domain.ckan_values import BadPackage, as_text, texts_of, write_keys
from tandem.catalogue.domain.description import DistributionDescription

Resource = Mapping[str, Any]
# What the portal says of a resource by itself; nothing of it is taken from a client
OURS = frozenset(
    {
        "id",
        "package_id",
        "position",
        "url_type",
        "state",
        "resource_type",
        "datastore_active",
        "datastore_contains_all_records_of_source_file",
        "created",
        "metadata_modified",
        "last_modified",
        "cache_url",
        "cache_last_updated",
        "mimetype_inner",
        "tracking_summary",
        "upload",
        "clear_upload",
        "hash_algorithm",
        "original_url",
        "revision_id",
        "revision_timestamp",
        "ckan_url",
        "on_same_domain",
        "resource_group_id",
        "webstore_url",
        "webstore_last_updated",
    }
)


def _url(described: DistributionDescription) -> str:
    return described.download_url or described.access_url


def _with_url(described: DistributionDescription, value: str) -> DistributionDescription:
    if value and not is_iri(value):
        return described
    if described.download_url:
        same = described.access_url in ("", described.download_url)
        return replace(described, download_url=value, access_url=value if same else described.access_url)
    return replace(described, access_url=value)


def _format(described: DistributionDescription) -> str:
    term = vocabulary.FILE_TYPES.by_iri(described.format)
    return term.names["en"] if term else described.format


def _with_format(described: DistributionDescription, value: str) -> DistributionDescription:
    term = vocabulary.FILE_TYPES.by_text(value.lstrip(".")) if value else None
    if term is None and value and not is_iri(value):
        return described
    return replace(described, format=term.iri if term else value)


def _media_type(described: DistributionDescription) -> str:
    return described.media_type.removeprefix(f"{vocabulary.IANA}/")


def _with_media_type(described: DistributionDescription, value: str) -> DistributionDescription:
    plain = value.count("/") == 1 and is_iri(f"{vocabulary.IANA}/{value}")
    if value and not plain and not is_iri(value):
        return described
    return replace(described, media_type=vocabulary.media_type_iri(value) if plain else value)


def _size(described: DistributionDescription) -> str:
    return "" if described.byte_size is None else str(described.byte_size)


def _with_size(described: DistributionDescription, value: str) -> DistributionDescription:
    if value and not (value.isascii() and value.isdigit() and len(value) < 19):
        return described
    return replace(described, byte_size=int(value) if value else None)


KEYS: tuple[Key[DistributionDescription], ...] = (
    text_key("access_url", "access_url", iri=True),
    text_key("download_url", "download_url", iri=True),
    Key("url", _url, _with_url),
    Key("format", _format, _with_format, f"{PREFIX}format"),
    Key("mimetype", _media_type, _with_media_type, f"{PREFIX}media_type"),
    Key("size", _size, _with_size),
    text_key("hash", "checksum"),
    text_key("license", "licence", iri=True),
    text_key("licenseAttributionByText", "attribution"),
    text_key("plannedAvailability", "availability", iri=True),
    text_key("rights", "rights", iri=True),
    text_key("issued", "issued"),
    text_key("modified", "modified"),
    list_key("language", "languages"),
    list_key("applicable_legislation", "legislation"),
)
_KNOWN = frozenset(each.name for each in KEYS) | {
    "name",
    "description",
    "name_translated",
    "description_translated",
    "uri",
}
_HELD = ("iri", "titles", "descriptions", "extra")


def resource_of(described: DistributionDescription, language: str) -> dict[str, Any]:
    """Return what a distribution says as a resource, without what only the portal knows (``OURS``)."""
    found: dict[str, Any] = {
        "name": shown(described.titles, language),
        "description": shown(described.descriptions, language),
        "uri": described.iri,
        "name_translated": dict(described.titles),
        "description_translated": dict(described.descriptions),
        **{key.name: key.read(described) for key in KEYS},
    }
    found["size"] = described.byte_size
    found["hash_algorithm"] = (
        "http://spdx.org/rdf/terms#checksumAlgorithm_sha256" if described.checksum else ""
    )
    rebuilt = write_keys(DistributionDescription(described.iri), KEYS, found, {})
    found |= unheld(described, rebuilt, leave=_HELD)
    if plain := ckan_kept.others(described.extra):
        found[f"{PREFIX}extra"] = as_json_list([line.replace(f"<{described.iri}>", SELF) for line in plain])
    return found | ckan_kept.kept(described.extra, ckan_kept.FIELD)


def described_by(
    resource: Resource, base: DistributionDescription, *, language: str, before: Resource
) -> DistributionDescription:
    """Return what a resource says as a distribution.

    Args:
        resource: As a client sent it.
        base: What holds where the resource says nothing; its IRI stays.
        language: Of texts that say none.
        before: The resource as it was shown; nothing for a new one. Of two keys that say the same, the one
            that differs from before counts.

    Raises:
        BadPackage: A value is of the wrong kind; the error says which.
    """
    try:
        made = with_unheld(base, {k: as_text(k, v) for k, v in resource.items() if k.startswith(PREFIX)})
    except ValueError as error:
        raise BadPackage({str(error.args[0]): [str(error.args[-1])]}) from error
    made = replace(made, extra=tuple(line.replace(SELF, f"<{base.iri}>") for line in made.extra))
    made = replace(
        made,
        titles=texts_of(resource, before, "name", made.titles, language),
        descriptions=texts_of(resource, before, "description", made.descriptions, language),
    )
    made = write_keys(made, KEYS, resource, before)
    return replace(
        made, extra=ckan_kept.with_kept(made.iri, made.extra, fields=_to_keep(made, resource), extras={})
    )


def _to_keep(made: DistributionDescription, resource: Resource) -> dict[str, Any]:
    """Return what no field holds, or not as it was said."""
    unknown = {
        key: value
        for key, value in resource.items()
        if key not in _KNOWN and key not in OURS and not key.startswith(PREFIX) and value not in (None, "")
    }
    empty, said = (
        DistributionDescription(""),
        {key.name: as_text(key.name, resource.get(key.name)) for key in KEYS},
    )
    unheld_keys = {k.name: said[k.name] for k in KEYS if said[k.name] and not holds(k, said[k.name], empty)}
    uri = {"uri": resource["uri"]} if resource.get("uri") not in (None, "", made.iri) else {}
    return {**unknown, **unheld_keys, **uri}

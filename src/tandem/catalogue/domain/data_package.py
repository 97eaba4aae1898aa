"""A dataset as a Data Package: its tables with the types of their columns.

Source: Data Package 2.0 and Table Schema 2.0, https://datapackage.org/standard/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription
from tandem.catalogue.domain.report import ColumnReport, LoadReport
from tandem.core.text import pick

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
TYPES = {
    "integer": "integer",
    "decimal": "number",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "boolean": "boolean",
    "text": "string",
    "geometry": "geojson",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A distribution, and what is known of its table.

    Attributes:
        table_url: Where the table can be had as plain CSV; empty where the file is no table.
        report: None where the file is no table.
    """

    description: DistributionDescription
    name: str
    table_url: str = ""
    report: LoadReport | None = None


def data_package(
    dataset: DatasetDescription, resources: Sequence[Resource], *, name: str, language: str, created: str
) -> dict[str, Any]:
    """Return the ``datapackage.json`` of a dataset.

    A table is given as CSV in UTF-8 with commas, decimal points and ISO dates, whatever its original looks like;
    the original is named as its source.

    Args:
        name: Of the package; lower-case letters, digits, ``-``.
        language: In which title and description are, where there are several.
        created: ISO date-time.
    """
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": name,
        "id": dataset.iri,
        "title": pick(dataset.titles, language),
        "description": pick(dataset.descriptions, language),
        "homepage": dataset.landing_page or dataset.iri,
        "created": created,
        "keywords": sorted({word for words in dataset.keywords.values() for word in words}),
        "licenses": _licences(dataset.distributions),
        "contributors": _contributors(dataset, language),
        "resources": [_resource(each, language) for each in resources],
    }
    return {key: value for key, value in package.items() if value not in ("", [], None)}


def _licences(distributions: Sequence[DistributionDescription]) -> list[dict[str, str]]:
    found = []
    for iri in dict.fromkeys(each.licence for each in distributions if each.licence):
        known = vocabulary.LICENCES.by_iri(iri)
        found.append({"path": iri, "title": pick(known.names, "en")} if known else {"path": iri})
    return found


def _contributors(dataset: DatasetDescription, language: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if dataset.publisher:
        agent = {"title": pick(dataset.publisher.names, language), "path": dataset.publisher.homepage}
        found.append({**{key: value for key, value in agent.items() if value}, "roles": ["publisher"]})
    for contact in dataset.contacts:
        values = {"title": contact.name, "email": contact.mail}
        found.append({**{key: value for key, value in values.items() if value}, "roles": ["contact"]})
    return [each for each in found if len(each) > 1]


def _resource(resource: Resource, language: str) -> dict[str, Any]:
    described = resource.description
    common = {
        "$schema": RESOURCE_PROFILE,
        "name": resource.name,
        "title": pick(described.titles, language),
        "description": pick(described.descriptions, language),
        "licenses": _licences([described]),
    }
    original = described.download_url or described.access_url
    if resource.report is None:
        file_type = vocabulary.FILE_TYPES.by_iri(described.format)
        own: dict[str, Any] = {
            "path": original,
            "format": file_type.code.lower() if file_type else "",
            "mediatype": file_type.media_type if file_type else "",
            "bytes": described.byte_size,
            "hash": f"sha256:{described.checksum}" if described.checksum else "",
        }
    else:
        own = {
            "path": resource.table_url,
            "type": "table",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": table_schema(resource.report.columns),
            "sources": [{"title": "original", "path": original}] if original else [],
        }
    return {key: value for key, value in (common | own).items() if value not in ("", [], None)}


def table_schema(columns: Sequence[ColumnReport]) -> dict[str, Any]:
    """Return the Table Schema of a table's columns, as its CSV names them."""
    return {"$schema": SCHEMA_PROFILE, "fields": [_field(each) for each in columns], "missingValues": [""]}


def _field(column: ColumnReport) -> Mapping[str, Any]:
    described = f"{column.name} ({column.unit_beside})" if column.unit_beside else column.name
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.kind], "title": described}
    if column.kind in {"datetime", "time"}:
        field["format"] = "any"
    if column.rows and not column.nulls:
        field["constraints"] = {"required": True}
    return field

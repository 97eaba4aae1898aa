"""A dataset in the words of schema.org, as search engines for data read it.

Source: https://schema.org/Dataset; Google, Dataset structured data.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import (
    AgentDescription,
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
)
from tandem.core.text import pick


def schema_org(
    dataset: DatasetDescription, *, url: str, catalogue: str, language: str, columns: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the JSON-LD of a dataset.

    Args:
        url: Of its page.
        catalogue: Name of the catalogue that it is in.
        language: Of names and descriptions, where there are several.
        columns: Names of the columns of its tables.
    """
    licences = list(dict.fromkeys(each.licence for each in dataset.distributions if each.licence))
    said = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset.iri,
        "url": url,
        "name": pick(dataset.titles, language),
        "description": pick(dataset.descriptions, language),
        "identifier": [dataset.iri, *dataset.identifiers],
        "keywords": sorted({word for words in dataset.keywords.values() for word in words}),
        "license": licences[0] if len(licences) == 1 else licences,
        "isAccessibleForFree": True,
        "creator": _agent(dataset.publisher, language),
        "publisher": _agent(dataset.publisher, language),
        "datePublished": dataset.issued,
        "dateModified": dataset.modified,
        "temporalCoverage": [_interval(each) for each in dataset.temporal],
        "spatialCoverage": _place(dataset),
        "variableMeasured": list(columns),
        "includedInDataCatalog": {"@type": "DataCatalog", "name": catalogue},
        "distribution": [_download(each) for each in dataset.distributions],
    }
    return _filled(said)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", [], None, {})}


def _agent(agent: AgentDescription | None, language: str) -> dict[str, Any] | None:
    if agent is None:
        return None
    name = pick(agent.names, language)
    return _filled({"@type": "Organization", "@id": agent.iri, "name": name, "url": agent.homepage})


def _interval(period: PeriodOfTime) -> str:
    return f"{period.start or '..'}/{period.end or '..'}"


def _place(dataset: DatasetDescription) -> dict[str, Any] | None:
    if not dataset.bounds:
        return {"@type": "Place", "@id": dataset.spatial[0]} if dataset.spatial else None
    west, south, east, north = dataset.bounds
    return {"@type": "Place", "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}}


def _download(distribution: DistributionDescription) -> dict[str, Any]:
    file_type = vocabulary.FILE_TYPES.by_iri(distribution.format)
    size = distribution.byte_size
    return _filled(
        {
            "@type": "DataDownload",
            "contentUrl": distribution.download_url or distribution.access_url,
            "encodingFormat": file_type.media_type if file_type else "",
            "contentSize": f"{size} B" if size is not None else "",
            "sha256": distribution.checksum,
            "dateModified": distribution.modified,
        }
    )

"""A dataset for other programs: as a Data Package, and in the words of schema.org."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override

from tandem.catalogue.domain import data_package, schema_org
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets, own_catalogue, tables
from tandem.core.text import pick
from tandem.kit import installation


def data_package_of(dataset: Dataset) -> dict[str, Any]:
    """Return the ``datapackage.json`` of a dataset of ours, with the schema of each table."""
    language = installation.city().languages[0]
    rows = list(dataset.distributions.select_related("current"))
    return data_package.data_package(
        datasets.description_of(dataset),
        [_resource(row) for row in rows],
        name=dataset.slug,
        language=language,
        created=(dataset.published_at or dataset.created_at).isoformat(timespec="seconds"),
    )


def _resource(row: Distribution) -> data_package.Resource:
    described = datasets.distribution_description(row)
    name = f"part-{row.position + 1}"
    if row.current is None or not row.current.report:
        return data_package.Resource(described, name)
    url = f"{installation.config().server.url}{reverse('table-csv', args=[row.pk, row.current.number])}"
    return data_package.Resource(described, name, url, tables.report_of(row.current))


def schema_org_of(
    dataset: Dataset, described: DatasetDescription, *, language: str, columns: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a dataset in the words of schema.org.

    Args:
        columns: Names of the columns of its tables, where they are known.
    """
    with override(language):
        url = f"{installation.config().server.url}{reverse('catalogue:dataset', args=[dataset.slug])}"
    catalogue = pick(own_catalogue.our_catalogue().titles, language)
    return schema_org.schema_org(described, url=url, catalogue=catalogue, language=language, columns=columns)

"""How good the description of a dataset is, by what the installation knows of its addresses."""

from collections.abc import Mapping

from tandem.catalogue.domain import completeness
from tandem.catalogue.domain.completeness import Assessment, Need
from tandem.catalogue.domain.description import DatasetDescription
from tandem.kit import installation


def assessment_of(
    description: DatasetDescription, *, answers: Mapping[str, bool] | None = None
) -> Assessment:
    """Return the MQA points of a dataset.

    Args:
        answers: For addresses elsewhere, whether they answered when they were last asked; one that was never
            asked counts as if it did not. Addresses of ours answer.
    """
    ours = f"{installation.config().server.url}/"
    addresses = {
        url for each in description.distributions for url in (each.access_url, each.download_url) if url
    }
    known = answers or {}
    reachable = {url: url.startswith(ours) or known.get(url, False) for url in addresses}
    lacking = completeness.missing(description, profile="eu")
    return completeness.assess(description, reachable=reachable, valid=Need.MANDATORY not in lacking.values())

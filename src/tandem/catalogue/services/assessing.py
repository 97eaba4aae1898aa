"""How good the description of a dataset is, by what the installation knows of its addresses."""

from collections.abc import Iterable, Mapping

from tandem.catalogue.domain import completeness
from tandem.catalogue.domain.completeness import Assessment, Need
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.models import LinkCheck
from tandem.kit import installation


def known_answers(descriptions: Iterable[DatasetDescription]) -> dict[str, bool]:
    """Return which addresses elsewhere have answered when they were last asked, in one query."""
    ours = f"{installation.config().server.url}/"
    urls = {
        url
        for each in descriptions
        for part in each.distributions
        for url in (part.access_url, part.download_url)
        if url and not url.startswith(ours)
    }
    if not urls:
        return {}
    rows = LinkCheck.objects.filter(url__in=urls, answers__isnull=False)
    return {url: bool(answers) for url, answers in rows.values_list("url", "answers")}


def assessment_of(
    description: DatasetDescription, *, answers: Mapping[str, bool] | None = None, unasked: bool = False
) -> Assessment:
    """Return the MQA points of a dataset.

    Args:
        answers: For addresses elsewhere, whether they answered when they were last asked; None to look it up.
            Addresses of ours answer.
        unasked: What counts for an address elsewhere that was never asked: False as the European portal reckons;
            True for what was harvested, whose addresses its origin asks.
    """
    ours = f"{installation.config().server.url}/"
    addresses = {
        url for each in description.distributions for url in (each.access_url, each.download_url) if url
    }
    known = known_answers([description]) if answers is None else answers
    reachable = {url: url.startswith(ours) or known.get(url, unasked) for url in addresses}
    lacking = completeness.missing(description, profile="eu")
    return completeness.assess(description, reachable=reachable, valid=Need.MANDATORY not in lacking.values())

"""Slugs of datasets: free, and never the address of another page."""

from tandem.catalogue.models import Dataset
from tandem.kit import row_slugs

# What stands in addresses of other pages where a dataset's slug stands
RESERVED = frozenset({"new", "drafts", "service", "series", "agents", "sparql", "quality"})


def free_slug(title: str) -> str:
    """Return a slug for a title that no dataset has yet."""
    return row_slugs.free_slug(title, Dataset.objects.all(), otherwise="dataset", reserved=RESERVED)


def is_free(slug: str) -> bool:
    """Return whether a dataset may be called so."""
    return slug not in RESERVED and not Dataset.objects.filter(slug=slug).exists()

"""Slugs of datasets: free, and never the address of another page."""

from tandem.catalogue.models import Dataset
from tandem.kit.slugs import first_free, slug_of

# What stands in addresses of other pages where a dataset's slug stands
RESERVED = frozenset({"new", "drafts", "service", "series", "agents", "sparql", "quality"})


def free_slug(title: str) -> str:
    """Return a slug for a title that no dataset has yet."""
    stem = slug_of(title, otherwise="dataset")
    return first_free(stem, RESERVED.union(slugs_that_begin(stem)))


def slugs_that_begin(stem: str = "") -> set[str]:
    """Return the slugs of datasets that begin so."""
    return set(Dataset.objects.filter(slug__startswith=stem).values_list("slug", flat=True))


def is_free(slug: str) -> bool:
    """Return whether a dataset may be called so."""
    return slug not in RESERVED and not Dataset.objects.filter(slug=slug).exists()

"""The last part of a page's address, made from a title."""

from django.utils.text import slugify

from tandem.catalogue.models import Dataset

RESERVED = ("new", "drafts", "service", "series", "agents")  # addresses of other pages beside datasets
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}


def free_slug(title: str) -> str:
    """Return a slug for a title that no dataset has yet."""
    base = slugify(without_umlauts(title))[:100].strip("-") or "dataset"
    taken = {*RESERVED, *Dataset.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in candidates if each not in taken)


def without_umlauts(text: str) -> str:
    """Return a text with umlauts spelt out, as German addresses have them."""
    for umlaut, plain in _UMLAUTS.items():
        text = text.replace(umlaut, plain)
    return text

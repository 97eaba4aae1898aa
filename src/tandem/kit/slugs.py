"""Slugs: the part of an address that is made from a title."""

from collections.abc import Container
from itertools import count

from django.utils.text import slugify

LONGEST = 100
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def slug_of(title: str, *, otherwise: str) -> str:
    """Return a title as part of an address, umlauts spelt out; ``otherwise`` where nothing of it can stand there.

    >>> slug_of("Grünflächen & Straßen", otherwise="dataset"), slug_of("…", otherwise="dataset")
    ('gruenflaechen-strassen', 'dataset')
    """
    return slugify(title.translate(_UMLAUTS))[:LONGEST].strip("-") or otherwise


def first_free(slug: str, taken: Container[str]) -> str:
    """Return a slug, with the first number behind it that makes it free where it is taken.

    >>> first_free("trees", {"trees", "trees-2"})
    'trees-3'
    """
    candidates = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return next(each for each in candidates if each not in taken)

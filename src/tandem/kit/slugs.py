"""Slugs: a title as a part of an address."""

from collections.abc import Collection

from django.db.models import Model, QuerySet
from django.utils.text import slugify

LONGEST = 100
"""Of one that is made of a title; a column has room for a number behind it."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def slug_of(title: str, *, otherwise: str = "") -> str:
    """Return the slug that a title has by itself.

    Args:
        otherwise: For a title of which nothing is left.

    >>> slug_of("Größere Bäume, überall"), slug_of("…", otherwise="measure")
    ('groessere-baeume-ueberall', 'measure')
    """
    return slugify(title.translate(_UMLAUTS))[:LONGEST].strip("-") or otherwise


def free_slug(
    title: str, rows: "QuerySet[Model]", *, otherwise: str, reserved: Collection[str] = frozenset()
) -> str:
    """Return a slug for a title that none of the rows has yet.

    Args:
        rows: With a column ``slug``.
        otherwise: As of ``slug_of``.
        reserved: What addresses beside theirs are called.
    """
    stem = slug_of(title, otherwise=otherwise)
    taken = {*reserved, *rows.filter(slug__startswith=stem).values_list("slug", flat=True)}
    candidates = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in candidates if each not in taken)

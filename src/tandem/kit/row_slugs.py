"""Slugs of rows: made of a title, and of no other row yet."""

from collections.abc import Collection

from django.db.models import Model, QuerySet

from tandem.kit.slugs import first_free, slug_of


def free_slug(
    title: str, rows: QuerySet[Model], *, otherwise: str, reserved: Collection[str] = frozenset()
) -> str:
    """Return a slug for a title that none of the rows has yet.

    Args:
        rows: With a column ``slug``.
        otherwise: For a title of which nothing can stand in an address.
        reserved: What addresses beside theirs are called.
    """
    stem = slug_of(title, otherwise=otherwise)
    taken = rows.filter(slug__startswith=stem).values_list("slug", flat=True)
    return first_free(stem, {*reserved, *taken})

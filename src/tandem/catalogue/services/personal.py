"""What the catalogue knows of a person on its staff, and how it forgets them."""

from typing import Any

from tandem.accounts.models import Person
from tandem.catalogue.models import Dataset, FollowedAddress, TableVersion


def export(person: Person) -> dict[str, Any]:
    """Return the datasets that a person began, the files that they brought in and the addresses to follow."""
    files = TableVersion.objects.filter(created_by=person)
    return {
        "datasets": list(Dataset.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "addresses": list(FollowedAddress.objects.filter(added_by=person).values("url", "every")),
        "files": list(files.values("filename", "number", "created_at", "distribution__dataset__iri")),
    }


def forget(person: Person) -> int:
    """Take a person's name from what they began and brought in; return how many things carried it."""
    mine = (Dataset.objects.filter(created_by=person), TableVersion.objects.filter(created_by=person))
    addresses = FollowedAddress.objects.filter(added_by=person).update(added_by=None)
    return sum(rows.update(created_by=None) for rows in mine) + addresses

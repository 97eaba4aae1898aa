"""What the catalogue knows of a person, for data-protection requests: which work carries their name."""

from typing import Any

from tandem.accounts.models import Person
from tandem.catalogue.models import (
    DataService,
    Dataset,
    DatasetSeries,
    FollowedAddress,
    StatusChange,
    TableVersion,
)


def export(person: Person) -> dict[str, Any]:
    """Return the records that a person began, the files they brought in, what they follow, the steps they took."""
    files = TableVersion.objects.filter(created_by=person)
    steps = StatusChange.objects.filter(person=person)
    return {
        "datasets": list(Dataset.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "addresses": list(FollowedAddress.objects.filter(added_by=person).values("url", "every")),
        "services": list(DataService.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "series": list(DatasetSeries.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "steps": list(steps.values("iri", "step", "at", "note")),
        "files": list(files.values("filename", "number", "created_at", "distribution__dataset__iri")),
    }


def forget(person: Person) -> int:
    """Take a person's name from what they began and brought in; return how many things carried it."""
    models = (Dataset, DataService, DatasetSeries, TableVersion)
    begun = sum(model.objects.filter(created_by=person).update(created_by=None) for model in models)
    followed = FollowedAddress.objects.filter(added_by=person).update(added_by=None)
    return begun + followed + StatusChange.objects.filter(person=person).update(person=None)

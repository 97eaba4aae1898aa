"""What the catalogue knows of a person on its staff, and how it forgets them."""

from typing import Any

from tandem.accounts.models import Person
from tandem.catalogue.models import DataService, Dataset, DatasetSeries, StatusChange, TableVersion


def export(person: Person) -> dict[str, Any]:
    """Return the records that a person began, the files that they brought in, and the steps that they took."""
    files = TableVersion.objects.filter(created_by=person)
    steps = StatusChange.objects.filter(person=person)
    return {
        "datasets": list(Dataset.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "services": list(DataService.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "series": list(DatasetSeries.objects.filter(created_by=person).values("iri", "slug", "created_at")),
        "steps": list(steps.values("iri", "step", "at", "note")),
        "files": list(files.values("filename", "number", "created_at", "distribution__dataset__iri")),
    }


def forget(person: Person) -> int:
    """Take a person's name from what they began and brought in; return how many things carried it."""
    models = (Dataset, DataService, DatasetSeries, TableVersion)
    begun = sum(model.objects.filter(created_by=person).update(created_by=None) for model in models)
    return begun + StatusChange.objects.filter(person=person).update(person=None)

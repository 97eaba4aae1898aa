"""Content for tests of the portal's own pages: datasets of ours and of a partner, with and without places."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from tandem.catalogue.models import Dataset, Distribution, HarvestSource, TableVersion
from tandem.catalogue.services import datasets, imports, tables
from tandem.catalogue.services.indexing import index_dataset

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLACES = "Name;Breite;Länge\nBrunnen am Markt;51,68;7,82\nBrunnen im Park;51,69;7,83\n".encode()
_numbers = itertools.count(1)


def dataset(
    title: str = "Straßenbäume", *, source: HarvestSource | None = None, **description: Any
) -> Dataset:
    """Return a new published dataset that the search knows."""
    number = next(_numbers)
    made = Dataset.objects.create(
        iri=f"https://example.org/{number}",
        slug=f"dataset-{number}",
        status="published",
        description={"titles": {"de": title}, "descriptions": {"de": "Alle Bäume."}, **description},
        sort_title=title,
        source=source,
        changed_at=NOW + timedelta(minutes=number),
        published_at=NOW,
    )
    index_dataset(made)
    return made


def partner() -> HarvestSource:
    """Return the partner's catalogue as a source."""
    made, _new = HarvestSource.objects.get_or_create(
        key="arezzo",
        defaults={"titles": {"de": "Arezzo"}, "url": "http://localhost:8001/catalog.ttl", "city": "arezzo"},
    )
    return made


def table_with_places(title: str = "Brunnen") -> Dataset:
    """Return a published dataset with a table whose rows have places."""
    made = datasets.begin(titles={"de": title}, person=None, now=NOW)
    upload = tables.receive([PLACES], filename="brunnen.csv", media_type="text/csv")
    imports.add_file(made, upload, titles={"de": title}, person=None, now=NOW, at_once=True)
    Dataset.objects.filter(pk=made.pk).update(status="published", published_at=NOW)
    made.refresh_from_db()
    return made


def another_like(first: Dataset) -> Dataset:
    """Return a further dataset with the same table."""
    made = dataset("Noch ein Brunnen")
    version = TableVersion.objects.get(distribution__dataset=first)
    part = Distribution.objects.create(dataset=made, description={})
    version.pk, version.distribution, version._state.adding = None, part, True
    version.id = TableVersion._meta.pk.get_default()
    version.save()
    part.current = version
    part.save()
    return made

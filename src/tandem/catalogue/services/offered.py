"""Open data that another room offers: a draft at first, then new versions of its files."""

from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from tandem.accounts.models import Person
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import PeriodOfTime
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import datasets, imports, tables
from tandem.core.references import Reference
from tandem.kit import installation
from tandem.kit.opendata import Offer

GOVERNMENT = f"{vocabulary.AUTHORITY}/data-theme/GOVE"


def take(offered: Offer, known: str, person: Person, now: datetime) -> Reference:
    """Make a draft of an offer; or bring what has changed in it into the dataset that it became before.

    What people have written in the description since stays.
    """
    dataset = _kept(known).first()
    if dataset is None:
        dataset = datasets.begin(titles=dict(offered.titles), person=person, now=now)
        described = replace(
            datasets.description_of(dataset),
            descriptions=dict(offered.descriptions),
            keywords=dict(offered.keywords),
            themes=(GOVERNMENT,),
            landing_page=f"{installation.config().server.url}{offered.path}",
            temporal=_period(offered),
        )
        datasets.describe(dataset, described, person=person, now=now)
        dataset.refresh_from_db()
    _bring_files(dataset, offered, person, now)
    return Reference(dataset.iri, "dataset", dict(offered.titles), f"data/{dataset.slug}/")


def keeps(iri: str) -> bool:
    """Return whether a dataset of ours is there and was not withdrawn."""
    return _kept(iri).exists()


def _kept(iri: str) -> QuerySet[Dataset]:
    return Dataset.objects.filter(iri=iri, source=None).exclude(status=Status.WITHDRAWN)


def _period(offered: Offer) -> tuple[PeriodOfTime, ...]:
    first, last = offered.first_day, offered.last_day
    return (PeriodOfTime(first.isoformat(), last.isoformat() if last else ""),) if first else ()


def _bring_files(dataset: Dataset, offered: Offer, person: Person, now: datetime) -> None:
    kept = {
        each.current.filename: (each, each.current.sha256)
        for each in dataset.distributions.select_related("current")
        if each.current is not None
    }
    for file in offered.files:
        upload = tables.receive([file.content], filename=file.filename, media_type="text/csv")
        there, digest = kept.get(file.filename, (None, ""))
        if there is None:
            imports.add_file(dataset, upload, titles=dict(file.titles), person=person, now=now, at_once=True)
        elif digest != upload.original.sha256:
            imports.start_import(there, upload, person=person, at_once=True)

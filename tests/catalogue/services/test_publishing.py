"""The life of a dataset, a service or a series where two people act at once: the second meets what the first left."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tandem.catalogue.domain.lifecycle import Step, WrongStatus
from tandem.catalogue.domain.vocabulary import LICENCES
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import datasets, publishing, records
from tests.catalogue import published

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_draft_that_somebody_published_is_not_discarded():
    mine = datasets.begin(titles={"de": "Bäume"}, person=None, now=NOW)
    published.set_status(Dataset.objects.get(), "published")

    with pytest.raises(publishing.CannotDiscard):
        publishing.discard(mine, person=None)
    assert Dataset.objects.get().status == "published"


def test_a_step_is_taken_from_where_the_dataset_is_by_now():
    mine = published.dataset(status="published")
    theirs = Dataset.objects.get()
    publishing.withdraw(theirs, reason="Doppelt", person=None, now=NOW)

    with pytest.raises(WrongStatus):
        publishing.withdraw(mine, reason="Falsch", person=None, now=NOW)
    kept = Dataset.objects.get()
    assert (kept.status, kept.withdrawal_reason) == ("withdrawn", "Doppelt")


def test_what_was_described_meanwhile_is_what_is_published():
    mine = published.dataset(status="withdrawn")
    described = datasets.description_of(Dataset.objects.get())
    parts = tuple(replace(part, licence=LICENCES.by_code("CC0").iri) for part in described.distributions)
    whole = replace(
        described, titles={"de": "Alle Bäume"}, descriptions={"de": "Von A bis Z"}, distributions=parts
    )
    datasets.describe(Dataset.objects.get(), whole, person=None, now=NOW)

    publishing.publish(mine, person=None, now=NOW)

    assert Dataset.objects.get().description["titles"] == {"de": "Alle Bäume"}


def test_a_dataset_that_is_gone_is_not_found():
    mine = datasets.begin(titles={"de": "Bäume"}, person=None, now=NOW)
    publishing.discard(Dataset.objects.get(), person=None)

    with pytest.raises(datasets.DatasetNotFound):
        publishing.submit(mine, note="", person=None, now=NOW)


@pytest.mark.parametrize("kind", records.KINDS.values(), ids=records.KINDS)
def test_a_record_that_somebody_published_is_not_discarded_and_takes_no_step_back(kind: records.Kind):
    mine = records.begin(kind, titles={"de": "Karten"}, person=None, now=NOW)
    kind.model.objects.update(status="published", published_at=NOW)

    with pytest.raises(records.StillUsed):
        records.discard(mine, person=None)
    with pytest.raises(WrongStatus):
        records.take_step(mine, Step.SEND_BACK, person=None, now=NOW)
    assert kind.model.objects.get().status == "published"

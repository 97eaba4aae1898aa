"""Files of a dataset: what people change while a file is read stays."""

from datetime import UTC, datetime

import pytest

from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets, keeping, tables
from tests.catalogue import published

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("filename", ["plan.pdf", "baeume.csv"])
def test_what_was_said_while_a_file_was_read_stays(filename: str):
    made = published.dataset()
    stale = Distribution.objects.select_related("dataset").get(dataset=made)
    said = datasets.description_of(made)
    part = {**stale.description, "rights": "Nur mit Quelle"}
    Dataset.objects.update(description={**made.description, "titles": {"de": "Stadtbäume"}})
    Distribution.objects.update(description=part)
    upload = tables.receive([b"a;b\n1;2\n"], filename=filename, media_type="")

    version = keeping.take(
        stale,
        upload,
        person=None,
        now=NOW,
        provenance=tables.PLAIN,
        progress=lambda share, what: None,
        cancelled=lambda: False,
    )

    now = datasets.description_of(Dataset.objects.get())
    assert (now.titles, now.distributions[0].rights) == ({"de": "Stadtbäume"}, "Nur mit Quelle")
    assert said.titles != now.titles
    assert (version.number, Distribution.objects.get().current_id) == (2, version.pk)

"""A dataset that was withdrawn: nobody outside gets its data any more, at none of its addresses."""

from contextlib import closing

import pytest
from django.utils import timezone

from tandem.catalogue.models import Dataset
from tandem.catalogue.services import publishing
from tests.accounts.people import client_of, somebody
from tests.catalogue import published

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESSES = (
    "",
    "news.atom",
    "0/",
    "0/?view=statistics",
    "0/embed/",
    "0/chart.svg",
    "0/features.geojson",
    "0/groups/csv",
    "0/download/csv",
    "0/download/original",
    "0/versions/",
    "0/versions/1/csv",
    "0/versions/1/original",
    "0/changes/",
)


@pytest.fixture
def trees() -> Dataset:
    made = published.dataset()
    publishing.withdraw(made, reason="Ein Versehen", person=None, now=timezone.now())
    return made


@pytest.mark.parametrize("below", ADDRESSES)
def test_its_data_are_gone_for_everybody_outside(page_client, trees: Dataset, below: str):
    answer = page_client.get(f"/en/data/{trees.slug}/{below}")

    assert answer.status_code == 410
    assert b"Linde" not in answer.content


@pytest.mark.parametrize("below", [each for each in ADDRESSES if each != "news.atom"])
def test_the_office_still_sees_them(trees: Dataset, below: str):
    reader = client_of(somebody("catalogue:reader", language="en"))

    with closing(reader.get(f"/en/data/{trees.slug}/{below}")) as answer:
        assert answer.status_code == 200

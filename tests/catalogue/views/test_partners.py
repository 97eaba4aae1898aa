"""The page of the partner cities."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tandem.catalogue.models import Dataset, HarvestSource
from tests.pages import PageClient
from tests.site.content import dataset, partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def test_each_partner_shows_its_newest_however_many_another_has_just_sent(page_client: PageClient):
    quiet = HarvestSource.objects.create(
        key="pisa",
        city="pisa",
        titles={"de": "Pisa"},
        url="https://p.example/c.ttl",
        homepage="https://p.example/",
    )
    old = dataset("Alt", source=quiet)
    Dataset.objects.update(changed_at=timezone.now() - timedelta(days=400))
    HarvestSource.objects.filter(pk=partner().pk).update(homepage="http://localhost:8001/")
    for number in range(61):
        dataset(f"Neu {number}", source=partner())

    shown = {each["key"]: each for each in page_client.get("/de/partners/").context["partners"]}

    assert [each["url"] for each in shown["pisa"]["newest"]] == [f"/de/data/{old.slug}/"]
    assert [each["title"] for each in shown["arezzo"]["newest"]] == [
        f"Neu {number}" for number in range(60, 55, -1)
    ]

"""Slugs: free, short, and never the address of another page."""

import pytest
from django.urls import URLPattern

from tandem.catalogue import urls
from tandem.catalogue.services import slugs
from tandem.catalogue.services.records import KINDS
from tests.catalogue import published
from tests.catalogue.views.ckan import COMPLETE, error, token_of

pytestmark = pytest.mark.django_db


def pages_beside_datasets() -> set[str]:
    """Return the words that stand in addresses where a dataset's slug stands in others."""
    routes = [str(each.pattern) for each in urls.urlpatterns if isinstance(each, URLPattern)]
    words = {route.split("/")[1] for route in routes if route.startswith("data/") and route.count("/") > 1}
    return {each for each in words if "<" not in each} | set(KINDS)


def test_no_dataset_takes_the_address_of_a_page():
    assert slugs.RESERVED >= pages_beside_datasets() > {"new", "sparql", "quality"}


@pytest.mark.parametrize("word", sorted(pages_beside_datasets()))
def test_a_dataset_that_is_called_like_a_page_has_a_page_of_its_own(page_client, word: str):
    made = published.dataset(title=word.title())

    answer = page_client.get(f"/en/data/{made.slug}/")

    assert (answer.status_code, answer.context["dataset"]) == (200, made)


@pytest.mark.parametrize("word", sorted(pages_beside_datasets()))
def test_no_package_takes_the_address_of_a_page(word: str):
    refused = error("package_create", token_of("publisher"), name=word, **COMPLETE)

    assert refused[0] == 409

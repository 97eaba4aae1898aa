"""The example measures of both cities: loaded once, without gaps that stop a version, labelled, with facts only."""

from dataclasses import replace

import pytest
from django.urls import reverse

from tandem.exchange import example, offers
from tandem.exchange.models import Measure
from tandem.exchange.services import measures
from tests.exchange.measures import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_city(settings):
    """Return a function that lets the portal be that of another city."""

    def move(city_id):
        settings.TANDEM = replace(settings.TANDEM, city=replace(settings.TANDEM.city, id=city_id))

    return move


def load() -> int:
    return example.load(now=NOW, tell=lambda _share, _what: None)


@pytest.mark.parametrize(("city_id", "count", "drafts"), [("hamm", 3, 1), ("arezzo", 1, 0), ("other", 0, 0)])
def test_the_examples_of_a_city_are_made_once(in_city, page_client, city_id, count, drafts):
    in_city(city_id)
    assert load() == count
    assert load() == 0
    assert Measure.objects.filter(is_example=True).count() == count
    assert Measure.objects.filter(status="draft").exclude(announcement={}).count() == drafts
    for made in Measure.objects.filter(status="published"):
        assert [each.number for each in made.versions.all()] == ["1.0.0"]
        page = page_client.get(reverse("exchange:measure", args=[made.slug])).content.decode()
        assert "This is an example" in page
        assert "not measured yet" in page
        assert not made.evidence.exists()
        assert [each.kind for each in made.parts.all()].count("indicator") == 1


def test_every_text_is_there_in_three_languages(in_city):
    for city_id in ("hamm", "arezzo"):
        in_city(city_id)
        load()
    for made in Measure.objects.filter(status="published"):
        gaps = measures.gaps_of(measures.card_of(made))
        assert [each.code for each in gaps] in (["exchange.card.no-evidence"], [])


def test_what_is_no_fact_says_that_it_is_an_example(in_city):
    facts = {"title", "summary", "need", "solution", "cost", "status", "tags", "contact", "licence"}
    facts |= {"format", "id", "version", "city"}
    for city_id in ("hamm", "arezzo"):
        in_city(city_id)
        load()
    for made in Measure.objects.filter(is_example=True):
        is_all_example = made.card["title"]["en"].startswith("Example: ")
        for name, value in made.card.items():
            if name not in facts or (is_all_example and name in {"title", "summary", "need", "solution"}):
                for text in english_of(value):
                    assert text.startswith("Example: "), (made.slug, name, text)


def english_of(value):
    if isinstance(value, dict):
        return [value["en"]] if "en" in value else [t for each in value.values() for t in english_of(each)]
    return [t for each in value for t in english_of(each)] if isinstance(value, list) else []


def test_the_home_page_and_the_sitemap_know_them(in_city):
    assert offers.home_blocks("en") == []
    load()
    [block] = offers.home_blocks("de")
    assert {each.title for each in block.items} == {
        "Intelligente Ampel Heßlerstraße / Marker Allee",
        "Beispiel: Ideen für einen Ort sammeln",
    }
    assert len(offers.public_measures()) == 2

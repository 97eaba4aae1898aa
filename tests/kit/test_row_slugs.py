"""Slugs that no row has yet."""

from typing import Any

import pytest

from tandem.exchange.models import Tandem
from tandem.kit.row_slugs import free_slug

pytestmark = pytest.mark.django_db


def tandem(slug: str) -> Tandem:
    return Tandem.objects.create(slug=slug, changed_at="2026-03-02T10:00:00Z")


def free(title: str, **named: Any) -> str:
    return free_slug(title, Tandem.objects.all(), otherwise="tandem", **named)


def test_a_title_that_is_taken_gets_the_next_number():
    assert free("Hamm – Arezzo") == "hamm-arezzo"
    tandem("hamm-arezzo")
    assert free("Hamm – Arezzo") == "hamm-arezzo-2"
    tandem("hamm-arezzo-2")
    assert free("Hamm – Arezzo") == "hamm-arezzo-3"


def test_a_reserved_word_and_a_title_without_letters_are_no_slugs():
    assert free("New", reserved={"new"}) == "new-2"
    assert free("…") == "tandem"

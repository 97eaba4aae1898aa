"""What the pages of an adoption with four parts ask the database. How long it takes: benchmarks/measure_adoption.py."""

from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.core.parts import Part
from tandem.exchange.models import Adoption
from tests.accounts.people import client_of, somebody
from tests.exchange.adopting import do, go, hidden
from tests.exchange.partners import INPUTS, real_parts, taken_in
from tests.site.conftest import own_folder

__all__ = ["own_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def four_parts() -> list[Part]:
    """Return two datasets and two processes, as the real rooms pack them."""
    table, walk = real_parts()
    return [table, replace(table, name="second"), walk, replace(walk, name="second")]


def test_the_whole_way_with_four_parts_asks_the_database_little(client_as):
    version = taken_in(four_parts())
    officer = client_of(
        somebody("exchange:exchange-officer", "catalogue:publisher", "participation:planner", armed=False)
    )
    slug = version.measure.slug
    queries = {}

    def counted(name: str, work):
        with CaptureQueriesContext(connection) as captured:
            page = work()
        queries[name] = len(captured)
        return page

    counted("plan", lambda: go(officer, "adopt_version", slug, "1.0.0"))
    counted("adopt", lambda: do(officer, "adopt_version", slug, "1.0.0", then="adopt", **INPUTS))
    row = Adoption.objects.get()
    counted("page", lambda: go(officer, "adoption", row.pk))
    for part in row.parts:
        address = ("adoption_sign_off", row.pk, *part["key"].split("/"))
        page = counted("look", partial(go, officer, *address))
        counted("sign", partial(do, officer, *address, seen=hidden(page, "seen")))
    counted("undo", lambda: do(officer, "adoption_undo", row.pk))

    assert queries["plan"] <= 10
    assert queries["page"] <= 11  # each of the two rooms reads its parts together
    assert Adoption.objects.get().state == "undone"

"""Rooms read what became of many parts with as many queries as of one."""

from typing import Any

import pytest

from tandem.core.parts import ReadsTogether
from tandem.core.references import Reference
from tandem.exchange.domain.adoption import AdoptedPart
from tandem.exchange.services.acting import Acting, read_together
from tandem.kit.parts import handlers
from tests.exchange import partners
from tests.exchange.indicators import adopted
from tests.exchange.partners import real_parts
from tests.site.conftest import own_folder

__all__ = ["own_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def test_every_room_reads_together():
    assert {kind for kind, each in handlers().items() if isinstance(each, ReadsTogether)} == {*handlers()}


@pytest.mark.parametrize("count", [1, 30])
def test_many_indicators_are_read_with_one_query(count: int, django_assert_num_queries: Any):
    rows = [adopted(key=f"key-{number}") for number in range(count)]
    parts = [
        AdoptedPart(f"indicator/{row.key}", Reference(row.iri, "indicator", {}), {}, "", "") for row in rows
    ]
    acting = Acting(None, handlers(), "hamm", None, partners.NOW)  # type: ignore[arg-type]
    with django_assert_num_queries(1):
        read = read_together(acting, parts)

    known = handlers()["indicator"]
    assert read == {f"indicator/{row.key}": known.fields_of(row.iri) for row in rows}


def test_what_is_read_together_is_what_is_read_alone_and_what_is_gone_is_left_out(
    django_assert_num_queries: Any,
):
    for part in real_parts():
        handler, uri = handlers()[part.kind], part.origin.uri
        with django_assert_num_queries(2):
            together = handler.fields_of_all([uri, "urn:gone"])
        assert together == {uri: handler.fields_of(uri)}
        assert handler.fields_of("urn:gone") is None

"""Where a page of the room leads to things of other rooms and cities."""

import pytest
from django.utils.translation import override

from tandem.core.references import Reference
from tandem.exchange.views.addresses import page_address


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("datasets/trees/", "/de/datasets/trees/"),
        ("/id/measure/light/", "/id/measure/light/"),
        ("https://arezzo.example/light", "https://arezzo.example/light"),
        ("http://arezzo.example/light", "http://arezzo.example/light"),
        ("", ""),
    ],
)
def test_a_page_is_found_in_the_readers_language_or_under_its_whole_address(path: str, address: str):
    with override("de"):
        assert page_address(Reference("https://hamm.example/id/x", "measure", path=path)) == address

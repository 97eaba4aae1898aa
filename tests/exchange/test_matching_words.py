"""Words on the pages of matching."""

import pytest
from django.utils.translation import override

from tandem.exchange.views.matching_frame import language_name


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("de", ["Deutsch", "Französisch", "xx"]),
        ("it", ["tedesco", "francese", "xx"]),
        ("en", ["German", "French", "xx"]),
    ],
)
def test_languages_are_called_as_within_a_sentence(page: str, names: list[str]):
    with override(page):
        assert [language_name(code) for code in ("de", "fr", "xx")] == names

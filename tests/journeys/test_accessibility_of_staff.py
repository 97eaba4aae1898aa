"""Every page that the staff sees, found as a person finds it, has no barrier that axe-core knows."""

import pytest

from tests.browsers import Visitor
from tests.journeys.installations import RunningCity
from tests.journeys.walking import EXAMPLES, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SEEN = {"home", "map", "search", "imprint", "privacy", "accessibility", "feedback"} | {
    *("catalogue:list", "catalogue:dataset", "catalogue:table", "catalogue:sql", "catalogue:partners"),
    *("catalogue:work", "catalogue:new", "catalogue:harvest"),
    *("accounts:me", "accounts:people", "accounts:audit"),
}


@pytest.mark.parametrize("language", EXAMPLES)
def test_pages_of_the_staff_have_no_barriers(cities: dict[str, RunningCity], visitor: Visitor, language: str):
    page = visitor.new_page()
    cities["hamm"].sign_in(page, "site-administrator")
    kinds, faults = walk(page, cities["hamm"], language)

    assert faults == {}
    assert SEEN - kinds == set()

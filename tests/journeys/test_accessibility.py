"""Every page that everybody sees, found as a person finds it, has no barrier that axe-core knows.

The walk begins at the home page and follows links; of each kind of page it opens a few. Each is looked at on
a desk in light colours, and on a phone in dark ones. A file has to be there.
"""

import pytest

from tests.browsers import Visitor
from tests.journeys.installations import RunningCity
from tests.journeys.walking import EXAMPLES, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PUBLIC = {"home", "map", "search", "imprint", "privacy", "accessibility", "feedback", "account_login"} | {
    *("catalogue:list", "catalogue:dataset", "catalogue:table", "catalogue:sql", "catalogue:partners"),
}


@pytest.mark.parametrize("language", EXAMPLES)
def test_public_pages_have_no_barriers(cities: dict[str, RunningCity], visitor: Visitor, language: str):
    kinds, faults = walk(visitor.new_page(), cities["hamm"], language)

    assert faults == {}
    assert PUBLIC - kinds == set()


def test_partner_city_has_no_barriers(cities: dict[str, RunningCity], visitor: Visitor):
    _kinds, faults = walk(visitor.new_page(), cities["arezzo"], "it")

    assert faults == {}

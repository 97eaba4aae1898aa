"""Which pairs are out of the question: each filter by itself, and all of them together."""

import pytest

from tandem.core.city import CityCode
from tandem.exchange.domain.matching.eligibility import Filter
from tandem.exchange.domain.matching.market import market
from tandem.exchange.domain.matching.profiles import Call, NoGo
from tests.exchange.domain.matching import slow

HAMM = {"country": "DE", "needs": {"air": 5}, "offers": {"traffic": 5}}
AREZZO = {"country": "IT", "needs": {"traffic": 5}, "offers": {"air": 5}}
CODE = (CityCode("LAU", 2019, "051002"),)


def found(hamm, arezzo, call=None, more=()):
    cities = [slow.city("hamm", **{**HAMM, **hamm}), slow.city("arezzo", **{**AREZZO, **arezzo}), *more]
    pair = market(cities, call or Call()).pair("hamm", "arezzo")
    return [(each.filter, str(each.says)) for each in pair.obstacles]


def test_two_cities_that_learn_from_each_other_may_be_a_pair():
    assert found({}, {}) == []


@pytest.mark.parametrize(
    ("hamm", "arezzo", "filter_", "says"),
    [
        ({"codes": CODE}, {"codes": CODE}, Filter.SAME_CITY, "Both are the same city."),
        ({"active": False}, {}, Filter.NOT_ACTIVE, "Hamm takes no part any more."),
        ({"capacity": 0}, {}, Filter.NO_PLACE, "Hamm has no place for a tandem."),
        (
            {},
            {
                "no_gos": (
                    NoGo(
                        "hamm",
                        "We know them well.",
                    ),
                )
            },
            Filter.NO_GO,
            "Arezzo does not want Hamm: We know them well.",
        ),
        (
            {"languages": ("de",)},
            {"languages": ("it", "en")},
            Filter.LANGUAGE,
            "They have no working language in common.",
        ),
        ({"country": "IT"}, {}, Filter.COUNTRY, "Both are in IT; the call asks for two."),
        (
            {"needs": {"heat": 5}},
            {"needs": {"buses": 1}},
            Filter.NOTHING_TO_LEARN,
            "Neither offers anything that the other needs.",
        ),
        (
            {"offers": {}},
            {},
            Filter.ONE_SIDED,
            "Hamm offers nothing that Arezzo needs; only one of the two would gain.",
        ),
    ],
)
def test_each_filter_gives_its_reason(hamm, arezzo, filter_, says):
    assert found(hamm, arezzo) == [(filter_, says)]


def test_every_reason_is_kept():
    worst = {"active": False, "languages": ("de",), "country": "IT", "needs": {}, "offers": {}}

    assert [each for each, _says in found(worst, {"capacity": 0})] == [
        Filter.NO_PLACE,
        Filter.NOT_ACTIVE,
        Filter.LANGUAGE,
        Filter.COUNTRY,
        Filter.NOTHING_TO_LEARN,
    ]


def test_the_call_may_admit_one_country_and_one_sided_pairs():
    call = Call(different_countries=False, one_sided_percent=50)

    assert found({"country": "IT", "offers": {}}, {}, call) == []


def test_a_tandem_that_stands_takes_a_place_and_is_not_proposed():
    sofia = slow.city("sofia", country="BG")
    assert found({}, {}, Call(tandems=(("hamm", "sofia"),)), [sofia]) == [
        (Filter.NO_PLACE, "All places of Hamm are taken by tandems that stand.")
    ]
    assert found({}, {}, Call(tandems=(("arezzo", "hamm"),))) == [
        (Filter.TOGETHER, "They are in a tandem together already.")
    ]

"""Who would rather have each other, who could join whom, and what is said of it."""

from dataclasses import replace

from hypothesis import given

from tandem.exchange.domain.matching.explain import Cause, explain_cities, explain_pair
from tandem.exchange.domain.matching.joining import joinings
from tandem.exchange.domain.matching.market import market
from tandem.exchange.domain.matching.outcome import Blocking, blocking, outcome
from tandem.exchange.domain.matching.profiles import Call, NoGo
from tandem.exchange.examples.tandems import UPPER_RHINE
from tests.exchange.domain.matching import slow

# bb and cc gain most from each other, but aa-bb and cc-dd together are more than bb-cc alone
CHAIN = (
    slow.city("aa", country="DE", needs={"air": 5}, offers={"data": 4}),
    slow.city("bb", country="IT", needs={"data": 5}, offers={"air": 4, "heat": 4}),
    slow.city("cc", country="FR", needs={"heat": 5}, offers={"data": 5, "snow": 4}),
    slow.city("dd", country="RO", needs={"snow": 5}, offers={"heat": 3}),
)
BETTER_FOR_ALL = outcome(market(CHAIN, Call()), [("aa", "bb"), ("cc", "dd")])


def test_cities_that_would_rather_have_each_other_are_listed_with_what_they_would_gain():
    assert blocking(BETTER_FOR_ALL) == (Blocking(("bb", "cc"), (2_000, 2_000)),)
    assert blocking(outcome(BETTER_FOR_ALL.market, [("bb", "cc")])) == ()


def test_the_next_best_pair_says_why_it_did_not_come_about():
    cities = explain_cities(BETTER_FOR_ALL)

    assert [(each.city_id, each.gain, each.cause) for each in cities["bb"].missed] == [
        ("cc", 10_000, Cause.TOTAL)
    ]
    assert cities["aa"].missed == ()


def test_the_other_city_gains_more_elsewhere():
    cities = explain_cities(outcome(BETTER_FOR_ALL.market, [("bb", "cc")]))

    assert [(each.city_id, each.cause) for each in cities["aa"].missed] == [("bb", Cause.OTHER_GAINS_MORE)]
    assert [(each.city_id, each.cause) for each in cities["bb"].missed] == [("aa", Cause.OWN_GAINS_MORE)]
    assert [str(each) for each in cities["aa"].alone] == [
        "Of the cities that fit (1), all are in pairs with more points."
    ]


def test_a_pair_that_was_not_tried_in_time_is_said_to_be_so():
    cities = explain_cities(outcome(BETTER_FOR_ALL.market, [("aa", "bb")]))

    assert [(each.city_id, each.cause) for each in cities["dd"].missed] == [("cc", Cause.TIME)]


def test_a_city_that_nobody_fits_is_told_what_rules_out_how_many():
    silent = slow.city("zz", country="IT", needs={"music": 3}, languages=("it",))

    cities = explain_cities(outcome(market((*CHAIN, silent), Call()), []))

    assert [str(each) for each in cities["zz"].alone] == [
        "No city fits.",
        "Ruled out: 4, since they have no working language in common.",
        "Ruled out: 4, since neither offers what the other needs.",
        "Ruled out: 1, since both are in one country.",
    ]


def test_a_city_that_has_left_or_has_no_place_is_told_so():
    left, full = replace(CHAIN[0], active=False), replace(CHAIN[1], capacity=0)

    cities = explain_cities(outcome(market((left, full, *CHAIN[2:]), Call()), []))

    assert [str(each) for each in cities["aa"].alone] == ["Aa takes no part any more."]
    assert [str(each) for each in cities["bb"].alone] == ["Bb has no place for a tandem."]


def test_mulhouse_may_join_freiburg_and_basel():
    rhine = outcome(market(UPPER_RHINE, Call()), [("basel", "freiburg")])

    (joining,) = joinings(rhine)

    assert (joining.city_id, joining.to) == ("mulhouse", ("basel", "freiburg"))
    assert joining.adds == 2 * joining.gains * joining.gives // (joining.gains + joining.gives)
    assert joining.languages == ("fr", "de")


def test_nobody_joins_a_city_that_does_not_want_them_or_a_tandem_that_is_full():
    unwilling = (replace(UPPER_RHINE[0], no_gos=(NoGo("mulhouse", "Not now."),)), *UPPER_RHINE[1:])
    pair = [("basel", "freiburg")]

    assert joinings(outcome(market(unwilling, Call()), pair)) == ()
    assert joinings(outcome(market(UPPER_RHINE, Call(largest=2)), pair)) == ()


def test_three_may_learn_in_a_circle():
    # cc learns from aa and teaches bb; with neither alone would it be a pair
    cities = (
        slow.city("aa", country="DE", needs={"x": 5}, offers={"y": 5, "z": 5}),
        slow.city("bb", country="IT", needs={"y": 5, "w": 5}, offers={"x": 5}),
        slow.city("cc", country="FR", needs={"z": 5}, offers={"w": 5}),
    )

    (joining,) = joinings(outcome(market(cities, Call()), [("aa", "bb")]))

    assert (joining.city_id, joining.gains, joining.gives) == ("cc", 10_000, 5_000)


def test_a_fourth_city_joins_only_where_the_call_admits_four():
    more = (
        *UPPER_RHINE,
        slow.city("colmar", country="FR", languages=("fr",), needs={"solar": 1}, offers={"housing": 5}),
    )
    pair = [("basel", "freiburg")]
    three, four = (joinings(outcome(market(more, Call(largest=each)), pair)) for each in (3, 4))

    assert [(each.city_id, each.to) for each in three] == [("mulhouse", ("basel", "freiburg"))]
    assert [(each.city_id, each.to) for each in four] == [
        ("mulhouse", ("basel", "freiburg")),
        ("colmar", ("basel", "freiburg", "mulhouse")),
    ]


@given(slow.profiles())
def test_every_pair_can_be_explained(profiles):
    every = market(profiles, Call())

    for cities, points in every.eligible().items():
        reasons = explain_pair(every, cities)
        assert points > 0
        assert reasons.languages
        assert len(reasons.says) >= 3  # a need of each, and the languages

"""The order in which somebody is asked: by chance, by weight, always the same for one person."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.poll_order import in_order

IDS = st.lists(st.text("0123456789", min_size=1, max_size=3), unique=True, max_size=30)


@given(IDS, st.dictionaries(st.text("0123456789", min_size=1, max_size=3), st.floats(0, 100)), st.text())
def test_every_statement_comes_once_and_in_the_same_order_again(ids, weights, who):
    order = in_order(ids, weights, who=who)
    assert sorted(order) == sorted(ids)
    assert order == in_order(reversed(ids), weights, who=who)


def test_first_places_are_as_frequent_as_weights_are_heavy():
    weights = {"1": 1.0, "2": 3.0, "3": 6.0}
    first = Counter(in_order(weights, weights, who=str(who))[0] for who in range(4_000))
    assert [round(first[each] / 4_000, 1) for each in ("1", "2", "3")] == [0.1, 0.3, 0.6]


def test_a_new_statement_comes_as_soon_as_the_weightiest():
    weights = {"1": 1.0, "2": 9.0}
    order = [in_order(["1", "2", "new"], weights, who=str(who)) for who in range(500)]
    assert Counter(each[-1] for each in order)["1"] > 400

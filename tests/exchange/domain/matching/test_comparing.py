"""What one result has that another has not."""

from tandem.exchange.domain.matching.comparing import Chosen, Compared, compare

BEFORE = Chosen(100, frozenset({("a", "b"), ("c", "d")}), frozenset({"e"}))
AFTER = Chosen(90, frozenset({("a", "b"), ("d", "e")}), frozenset({"c"}))


def test_pairs_points_and_cities_alone():
    assert compare(BEFORE, AFTER) == Compared(
        points=-10,
        kept=(("a", "b"),),
        gone=(("c", "d"),),
        new=(("d", "e"),),
        lonely=("c",),
        served=("e",),
    )


def test_nothing_differs_from_itself():
    assert compare(BEFORE, BEFORE).is_same
    assert not compare(BEFORE, AFTER).is_same

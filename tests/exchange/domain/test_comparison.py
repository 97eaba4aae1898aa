"""Indicators side by side: honest about few values and about scatter."""

from datetime import date, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.card import Card, Evidence, Indicator
from tandem.exchange.domain.comparison import Comparison, Level, Measured, Verdict, change_of, compare

BEGAN = date(2026, 3, 1)
NUMBERS = st.lists(st.integers(-1000, 1000).map(float), max_size=12)


def series(before, after):
    return [Measured(BEGAN - timedelta(days=day), value) for day, value in enumerate(before, start=1)] + [
        Measured(BEGAN + timedelta(days=day), value) for day, value in enumerate(after)
    ]


def test_levels_difference_and_share():
    found = change_of(series([40.0, 44.0], [21.0]), began_on=BEGAN, better="lower")

    assert (found.before, found.after) == (Level(2, 42.0, 2.0), Level(1, 21.0, None))
    assert (found.difference, found.share, found.verdict) == (-21.0, -0.5, Verdict.TOO_FEW)


@pytest.mark.parametrize(
    ("after", "better", "verdict"),
    [
        ([30, 31, 30, 31, 30], "lower", Verdict.BETTER),
        ([30, 31, 30, 31, 30], "higher", Verdict.WORSE),
        ([30, 31, 30, 31, 30], "", Verdict.CHANGED),
        ([50, 51, 50, 51, 50], "higher", Verdict.BETTER),
        ([50, 51, 50, 51, 50], "lower", Verdict.WORSE),
        ([40, 41, 40, 41, 40], "lower", Verdict.NO_CLEAR_CHANGE),
        ([20, 60, 25, 50, 30], "lower", Verdict.NO_CLEAR_CHANGE),  # it scatters more than it falls
        ([30, 31, 30, 31], "lower", Verdict.TOO_FEW),
        ([], "lower", Verdict.TOO_FEW),
    ],
)
def test_verdicts(after, better, verdict):
    assert change_of(series([40, 41, 40, 41, 40], after), began_on=BEGAN, better=better).verdict is verdict


def test_values_without_any_scatter_are_clear_where_they_differ():
    assert change_of(series([4] * 5, [5] * 5), began_on=BEGAN, better="higher").verdict is Verdict.BETTER
    assert (
        change_of(series([4] * 5, [4] * 5), began_on=BEGAN, better="higher").verdict
        is Verdict.NO_CLEAR_CHANGE
    )


def test_the_day_it_began_is_after_and_without_one_all_is_before():
    values = [Measured(BEGAN, 1.0), Measured(BEGAN - timedelta(days=1), 2.0)]

    assert change_of(values, began_on=BEGAN, better="").after == Level(1, 1.0)
    assert change_of(values, began_on=None, better="").before.count == 2
    assert change_of(values, began_on=None, better="").difference is None
    assert change_of(series([0.0], [3.0]), began_on=BEGAN, better="").share is None


@given(NUMBERS, NUMBERS, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_sign_of_values_matters(before, after, random):
    values = series(before, after)
    shuffled = random.sample(values, len(values))
    found = change_of(values, began_on=BEGAN, better="higher")
    mirrored = [Measured(each.on, -each.value) for each in values]
    turned = change_of(mirrored, began_on=BEGAN, better="lower")

    assert change_of(shuffled, began_on=BEGAN, better="higher") == found
    assert (found.before.count, found.after.count) == (len(before), len(after))
    assert turned.verdict is found.verdict
    if found.difference is not None and turned.difference is not None:
        assert isclose(turned.difference, -found.difference, abs_tol=1e-9)


def test_each_indicator_of_the_card_with_the_origins_own_values_beside_ours():
    wait, counts = (
        Indicator("wait", {"en": "Waiting"}, "s", better="lower"),
        Indicator("counts", {"en": "Cyclists"}),
    )
    evidence = [
        Evidence("wait", BEGAN - timedelta(days=1), 40.0, "hamm"),
        Evidence("wait", BEGAN, 30.0, "hamm"),
        Evidence("wait", BEGAN, 99.0, "elsewhere"),
    ]
    card = Card("urn:m", "1.0.0", "hamm", {"en": "A measure"}, indicators=[wait, counts], evidence=evidence)
    ours = {"wait": series([50.0], [20.0]), "unknown": series([1.0], [])}

    found = compare(card, ours, origin_began_on=BEGAN, we_began_on=BEGAN)

    nothing = change_of([], began_on=BEGAN, better="")
    assert found == [
        Comparison(
            wait,
            origin=change_of(series([40.0], [30.0]), began_on=BEGAN, better="lower"),
            ours=change_of(series([50.0], [20.0]), began_on=BEGAN, better="lower"),
        ),
        Comparison(counts, origin=nothing, ours=nothing),
    ]
    assert (found[0].origin.difference, found[0].ours.difference) == (-10.0, -30.0)

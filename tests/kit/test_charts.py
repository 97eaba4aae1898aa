"""Charts: their axes, their marks, and how they are written."""

import math
import re
from itertools import pairwise

import pytest
from django.template import engines
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tandem.kit.charts import Chart, Plot, nice_step, scale

VALUES = st.floats(-1e9, 1e9).map(lambda value: round(value, 3))


def render(chart: Chart, language: str = "de") -> str:
    with override(language):
        return engines["django"].from_string("{% chart chart %}").render({"chart": chart})


@given(st.lists(VALUES, min_size=1, max_size=30), st.booleans())
def test_axis_holds_every_value_and_few_ticks(values, from_zero):
    low, high, ticks = scale(values, from_zero=from_zero)

    margin = 1e-6 * max(1, abs(low), abs(high))
    assert low - margin <= min(values)
    assert max(values) <= high + margin
    assert 2 <= len(ticks) <= 8
    if from_zero:
        assert low <= 0 <= high
        assert 0 in ticks


@pytest.mark.parametrize(("span", "step"), [(1, 0.2), (8, 2), (10, 2), (930, 200), (0.04, 0.01), (7e6, 2e6)])
def test_step_is_one_two_or_five(span, step):
    assert nice_step(span) == pytest.approx(step)


def test_lengths_of_bars_are_in_proportion_from_zero():
    marks = Plot(Chart("t", [("a", 50), ("b", 25), ("c", -25)])).marks

    assert [mark.size for mark in marks] == [
        pytest.approx(marks[0].size * share, abs=0.02) for share in (1, 0.5, 0.5)
    ]
    assert marks[0].start == marks[1].start == pytest.approx(marks[2].start + marks[2].size, abs=0.02)


def test_columns_below_zero_hang_from_the_zero_line():
    plot = Plot(Chart("t", [("a", 10), ("b", -10)], kind="column"))

    assert plot.zero == 50
    assert [(mark.y, mark.size) for mark in plot.marks] == [(0, 50), (50, 50)]


def test_line_far_from_zero_is_not_flattened():
    near = Plot(Chart("t", [("a", 1000), ("b", 1010)], kind="line"))
    wide = Plot(Chart("t", [("a", 10), ("b", 100)], kind="line"))

    assert (near.zero, wide.zero) == (None, 100)


def test_gap_breaks_the_line_and_a_lonely_point_is_a_dot():
    values = [1, 2, None, 3, None, 4, 5]
    plot = Plot(Chart("t", [(str(index), value) for index, value in enumerate(values)], kind="line"))

    assert [len(points.split()) for points in plot.lines] == [2, 2]
    assert "3" in [mark.label for mark in plot.dots]


@given(st.lists(st.one_of(st.none(), VALUES), max_size=60), st.sampled_from(["bar", "column", "line"]))
def test_any_values_can_be_drawn(values, kind):
    html = render(Chart("t", [(f"label {index}", value) for index, value in enumerate(values)], kind=kind))

    numbers = [float(text) for text in re.findall(r' (?:x|y|width|height|x1|y1)="(-?[\d.e+-]+)%?"', html)]
    assert all(math.isfinite(number) and -60 <= number <= 300 for number in numbers)
    assert html.count("<tr") == (1 + len(values) if any(value is not None for value in values) else 0)


def test_not_a_number_is_a_gap():
    assert Plot(Chart("t", [("a", math.nan), ("b", math.inf), ("c", 1)])).values == [None, None, 1.0]


@pytest.mark.parametrize(("language", "text"), [("de", "1.234,5"), ("it", "1.234,5"), ("en", "1,234.5")])
def test_numbers_are_written_in_the_language_and_drawn_with_points(language, text):
    html = render(Chart("t", [("a", 1234.5), ("b", 617.25)], kind="column", unit="m"), language)

    assert f'<td class="number">{text}' in html
    assert 'height="82.3%"' in html  # 1234.5 of 1500
    assert "(m)" in html


def test_drawing_names_and_describes_itself_once_for_each_chart():
    source = engines["django"].from_string("{% chart chart %}{% chart chart %}")
    with override("en"):
        html = source.render({"chart": Chart("Wie viele <Räder>?", [("Mo", 3), ("Di", 7)], kind="line")})

    assert '<title id="chart-1-title">Wie viele &lt;Räder&gt;?</title>' in html
    assert 'aria-labelledby="chart-2-title chart-2-desc"' in html
    assert "2 values. The smallest is 3 (Mo), the largest 7 (Di)." in html
    assert "style=" not in html


@pytest.mark.parametrize("count", [1, 2, 12, 37, 400])
@pytest.mark.parametrize("kind", ["column", "line"])
@pytest.mark.parametrize("label", ["{}", "{:04}", "{:04}-01-01", "Kalenderwoche {}"])
def test_labels_do_not_touch_on_a_phone(count, kind, label):
    plot = Plot(Chart("t", [(label.format(number), number) for number in range(count)], kind=kind))

    shown = [tick for tick in plot.label_ticks if not tick.wide_only]
    edges = [_edges(tick, width_px=300) for tick in shown]
    assert shown
    assert all(left[1] < right[0] for left, right in pairwise(edges))


def _edges(tick, *, width_px: float) -> tuple[float, float]:
    centre, size = tick.at / 100 * width_px, len(tick.text) * 8.2
    return (centre - size, centre) if tick.anchor == "end" else (centre - size / 2, centre + size / 2)


def test_last_label_of_a_line_is_always_there():
    plot = Plot(Chart("t", [(str(year), year) for year in range(1990, 2027)], kind="line"))

    assert [tick.text for tick in plot.label_ticks if not tick.wide_only][-1] == "2026"

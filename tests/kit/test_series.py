"""Charts of several series and of points: where things are placed, and that a file of them stands alone."""

import math
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tandem.kit import drawing
from tandem.kit.charts import Chart
from tandem.kit.numbers import figure
from tandem.kit.series import Box, ScatterChart, ScatterPlot, Series, SeriesChart, SeriesPlot

VALUES = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False), st.integers(-1000, 1000))


@st.composite
def charts(draw):
    labels = draw(st.integers(1, 6))
    rows = draw(st.lists(st.lists(VALUES, min_size=labels, max_size=labels), min_size=1, max_size=5))
    return SeriesChart(
        "Titel",
        [f"L{number}" for number in range(labels)],
        [Series(f"S{number}", row) for number, row in enumerate(rows)],
        kind=draw(st.sampled_from(["bar", "column", "line"])),
        layout=draw(st.sampled_from(["grouped", "stacked"])),
    )


@given(charts())
def test_everything_lies_within_the_drawing(chart):
    plot = SeriesPlot(chart)

    boxes = [*plot.boxes, *(box for row in plot.rows for box in row.boxes)]
    for box in boxes:
        assert -0.02 <= box.x <= box.x + box.width <= 100.03
        assert -0.02 <= box.y <= box.y + box.height <= 100.03
    for line in plot.lines:
        for point in line.points.split():
            assert all(-0.1 <= float(number) <= 1000.1 for number in point.split(","))
    assert 0 <= plot.zero <= 100


@given(charts())
def test_stacked_lengths_are_in_proportion_to_the_values(chart):
    plot = SeriesPlot(chart)
    if not plot.is_stacked or plot.is_empty:
        return
    span = plot.high - plot.low

    for index, row in enumerate(plot.rows):
        for box in row.boxes:
            assert box.width == pytest.approx(100 * abs(plot.values[box.hue][index]) / span, abs=0.02)


def test_columns_of_a_group_stand_beside_each_other():
    plot = SeriesPlot(SeriesChart("T", ["a", "b"], [Series("x", [10, 5]), Series("y", [5, None])]))

    assert plot.boxes == [
        Box(5.5, 0.0, 18.33, 100.0, 0),
        Box(25.0, 50.0, 18.33, 50.0, 1),
        Box(55.5, 50.0, 18.33, 50.0, 0),
    ]


def test_stacked_values_stand_upon_each_other_on_both_sides_of_zero():
    chart = SeriesChart(
        "T", ["a"], [Series("x", [6]), Series("y", [-2]), Series("z", [4])], kind="bar", layout="stacked"
    )
    plot = SeriesPlot(chart)

    placed = [(box.hue, box.x, box.width) for box in plot.rows[0].boxes]

    zero = plot.zero
    assert [hue for hue, _x, _width in placed] == [0, 1, 2]
    assert placed[0][1] == pytest.approx(zero, abs=0.02)
    assert placed[1][1] + placed[1][2] == pytest.approx(zero, abs=0.02)
    assert placed[2][1] == pytest.approx(placed[0][1] + placed[0][2], abs=0.02)


def test_a_gap_begins_another_line_and_a_single_point_is_seen():
    plot = SeriesPlot(SeriesChart("T", list("abcd"), [Series("x", [1, None, 3, 4])], kind="line"))

    assert len(plot.lines) == 2
    assert len(plot.lines[0].points.split()) == 2


def test_points_of_one_place_are_drawn_once_and_the_table_is_short():
    plot = ScatterPlot(ScatterChart("T", [(1, 2)] * 200 + [(3, 4)], listed=3))

    assert len(plot.dots) == 2
    assert len(plot.rows) == 3


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=20))
def test_points_lie_within_the_drawing(points):
    plot = ScatterPlot(ScatterChart("T", points))

    assert all(-0.01 <= number <= 100.01 for dot in plot.dots for number in dot)


@given(charts())
def test_every_chart_is_a_file(chart):
    tree = ElementTree.fromstring(drawing.svg(chart, source="Stadt & Land"))

    height = float(tree.get("height"))
    for each in tree.iter("{http://www.w3.org/2000/svg}rect"):
        if each.get("y"):
            assert 0 <= float(each.get("y")) <= float(each.get("y")) + float(each.get("height")) <= height + 1
    assert "Stadt & Land" in [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("kind", ["bar", "column", "line"])
def test_a_plain_chart_is_a_file_in_the_readers_language(kind):
    chart = Chart("<Titel> & mehr", [("a", 1234.5), ("b", None), ("c", -2)], kind=kind, value_heading="Wert")

    with override("de"):
        written = drawing.svg(chart)

    tree = ElementTree.fromstring(written)
    assert tree.find("{http://www.w3.org/2000/svg}title").text == "<Titel> & mehr"
    assert not math.isnan(float(tree.get("height")))
    if kind == "bar":
        assert "1.234,5" in written


@pytest.mark.parametrize("value", [1e40, -1e-40, 1e300, 123456789012345678901234567890123])
def test_numbers_of_any_size_are_written(value):
    assert figure(value)
    assert figure(value, decimals=12)
    assert drawing.svg(Chart("T", [("a", value), ("b", 0)], kind="column"))

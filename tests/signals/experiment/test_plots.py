import re
from importlib.resources import files
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.signals.experiment.plots import (
    COLOURS,
    LINES_PX,
    Line,
    Row,
    Signal,
    key,
    lines,
    mark,
    nice_ticks,
    per_cent,
    rows,
    sign,
    signal_key,
    timeline,
)

STYLE = files("tandem.signals.experiment.report").joinpath("page.css").read_text("utf-8")
TEXTS = {"title": "Delay", "about": "Mean delay."}
ANY = st.floats(allow_nan=True, allow_infinity=True)


def _rows(values, low=None, high=None, label="planner", **more):
    return rows([("Cars", [Row(label, 0, values, low, high, "25.0 s")])], unit="s", **TEXTS, **more)


def _lines(points, **more):
    return lines([Line("planner", 0, points)], units=("s", "percent"), **TEXTS, **more)


def _timeline(*spans, end_s=10.0):
    return timeline([Signal("K1", spans)], end_s=end_s, unit="s", **TEXTS)


def _parsed(svg):
    return ElementTree.fromstring(svg)


def _texts(svg, kind):
    return [each.text for each in _parsed(svg).iter("text") if kind in each.get("class", "").split()]


def test_ticks_are_round_and_reach_the_greatest_value():
    assert nice_ticks(43.4) == (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    assert nice_ticks(50) == (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    assert nice_ticks(0.3) == (0.0, 0.1, 0.2, 0.3)
    assert nice_ticks(12.0, count=5) == (0.0, 2.5, 5.0, 7.5, 10.0, 12.5)


@pytest.mark.parametrize("most", [0.0, -3.0, float("nan"), float("inf")])
def test_ticks_of_nothing_go_from_nought_to_one(most):
    assert nice_ticks(most) == (0.0, 1.0)


@given(st.floats(1e-6, 1e15), st.integers(2, 8))
def test_ticks_are_even_few_and_just_enough(most, count):
    ticks = nice_ticks(most, count=count)
    steps = [second - first for first, second in pairwise(ticks)]

    assert ticks[0] == 0
    assert ticks[-1] >= most * (1 - 1e-8)
    assert ticks[-2] < most
    assert max(steps) - min(steps) <= 1e-9 * ticks[-1]
    assert len(ticks) <= count + 1


def test_a_mark_and_its_bar_stand_where_the_numbers_say():
    svg = _parsed(_rows((25.0,), low=20.0, high=45.0))

    assert [each.get("x") for each in svg.iter("svg") if each.get("class") == "at"] == ["50.00%"]
    bar = next(each for each in svg.iter("line") if each.get("class") == "bar")
    assert (bar.get("x1"), bar.get("x2")) == ("40.00%", "90.00%")


def test_every_value_of_a_row_gets_a_mark():
    svg = _parsed(_rows((0.0, 10.0, 40.0)))

    assert [each.get("x") for each in svg.iter("svg") if each.get("class") == "at"] == [
        "0.00%",
        "25.00%",
        "100.00%",
    ]
    assert not [each for each in svg.iter("line") if each.get("class") == "bar"]


def test_rows_of_several_pictures_can_have_one_scale():
    assert _texts(_rows((3.0,), most=50.0), "tick") == ["0", "10", "20", "30", "40", "50", "s"]


def test_a_bar_that_begins_below_zero_begins_at_the_axis():
    bar = next(
        each
        for each in _parsed(_rows((5.0,), low=-5.0, high=10.0)).iter("line")
        if each.get("class") == "bar"
    )

    assert (bar.get("x1"), bar.get("x2")) == ("0.00%", "100.00%")


def test_rows_stand_below_each_other_and_the_axis_below_all():
    groups = [("Cars", [Row("a", 0, (1.0,)), Row("b", 1, (1.0,))]), ("Cyclists", [Row("a", 0, (1.0,))])]
    svg = _parsed(rows(groups, unit="s", **TEXTS))
    heights = [float(each.get("y")) for each in svg.iter("svg") if each.get("class") == "at"]
    axis = min(float(each.get("y")) for each in svg.iter("text") if "tick" in each.get("class", ""))

    assert heights == [65.0, 107.0, 185.0]
    assert heights[-1] < axis < float(svg.get("height"))


def test_a_line_runs_through_its_points():
    svg = _parsed(_lines(((0.0, 100.0), (50.0, 25.0), (100.0, 0.0))))

    assert next(svg.iter("polyline")).get("points") == "0.00,0.00 50.00,75.00 100.00,100.00"


def test_marks_of_a_line_lie_on_it():
    points = tuple((float(x), float(x)) for x in range(101))
    marks = [each for each in _parsed(_lines(points)).iter("svg") if each.get("class") == "at"]
    xs = [float(each.get("x").rstrip("%")) for each in marks]

    assert xs == [12.0, 37.0, 63.0, 88.0]
    assert [float(each.get("y")) for each in marks] == pytest.approx(
        [26 + LINES_PX * (1 - x / 100) for x in xs]
    )


def test_axes_of_lines_name_their_units():
    svg = _lines(((0.0, 3.0), (20.0, 7.0)))

    assert _texts(svg, "tick") == ["0", "5", "10", "15", "20", "s", "0", "2", "4", "6", "8 percent"]


def test_one_point_and_no_line_at_all_can_be_drawn():
    assert next(_parsed(_lines(((0.0, 0.0),))).iter("polyline")).get("points") == "0.00,100.00"
    assert list(_parsed(lines([], units=("s", "veh"), **TEXTS)).iter("polyline")) == []


def test_signals_are_as_long_as_they_were_shown():
    svg = _parsed(_timeline((0.0, 4.0, "r"), (4.0, 9.0, "G"), (9.0, 10.0, "y")))
    shown = [(each.get("class"), each.get("x"), each.get("width")) for each in svg.iter("rect")]

    assert shown == [("sr", "0.00%", "40.00%"), ("sG", "40.00%", "50.00%"), ("sy", "90.00%", "10.00%")]


def test_signals_are_told_apart_without_colour():
    svg = _parsed(_timeline(*((float(place), place + 1.0, letter) for place, letter in enumerate("Ggyur"))))
    heights = [each.get("height") for each in svg.iter("rect")]

    assert len(set(heights)) == 5
    assert ".sg { fill: var(--ground)" in STYLE  # green that gives way is hollow


def test_what_lies_past_the_end_of_the_axis_is_cut_off():
    shown = [
        (each.get("x"), each.get("width"))
        for each in _parsed(_timeline((5.0, 99.0, "G"), end_s=10.0)).iter("rect")
    ]

    assert shown == [("50.00%", "50.00%")]
    assert not list(_parsed(_timeline((11.0, 12.0, "G"))).iter("rect"))


def test_names_are_escaped_and_long_ones_shortened():
    name = '<script>"&' + "x" * 40
    svg = _rows((1.0,), label=name)

    assert "<script" not in svg
    assert f"{name[:21]}…" in [each.text for each in _parsed(svg).iter("text")]
    assert f"{name} 25.0 s" in [each.text for each in _parsed(svg).iter("title")]
    for drawn in (sign(0, name), key(0, name)):
        assert "<script" not in drawn


@pytest.mark.parametrize(
    "draw", [lambda: _rows((1.0,)), lambda: _lines(((0.0, 1.0),)), lambda: _timeline((0.0, 1.0, "G"))]
)
def test_pictures_say_what_they_are(draw):
    svg = _parsed(draw())

    assert (svg.get("role"), svg[0].tag, svg[0].text, svg[1].tag, svg[1].text) == (
        *("img", "title", "Delay", "desc", "Mean delay."),
    )
    assert draw() == draw()


@given(st.lists(ANY, max_size=4), ANY, ANY)
def test_rows_never_draw_what_is_no_number(values, low, high):
    svg = _rows(tuple(values), low, high)

    _parsed(svg)
    assert not re.search(r"\b(nan|inf)\b", svg)


@given(st.lists(st.tuples(ANY, ANY), max_size=5))
def test_lines_never_draw_what_is_no_number(points):
    svg = _lines(tuple(points))

    _parsed(svg)
    assert not re.search(r"\b(nan|inf)\b", svg)


@given(ANY, st.floats(1e-9, 1e300))
def test_places_lie_within_the_picture(value, most):
    if value == value:
        assert 0 <= per_cent(value, most) <= 100


def test_sixteen_controllers_differ_in_their_marks():
    assert len({mark(series, 50, 0) for series in range(2 * COLOURS)}) == 2 * COLOURS
    assert len({key(series, "") for series in range(COLOURS)}) == COLOURS


def _tokens(block):
    return dict(re.findall(r"--(\w[\w-]*): (#[0-9a-f]{3,6})", block))


def _luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_colours_can_be_seen_in_light_and_dark(scheme):
    tokens = _tokens(re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[scheme])
    drawn = [f"c{number}" for number in range(COLOURS)] + ["green", "yellow", "red"]

    assert {name for name in drawn if _contrast(tokens[name], tokens["ground"]) < 3} == set()
    for name in ("ink", "muted", "accent", "good", "bad"):
        assert _contrast(tokens[name], tokens["ground"]) >= 4.5
    assert len({tokens[f"c{number}"] for number in range(COLOURS)}) == COLOURS


def test_every_class_of_a_picture_has_a_style():
    drawn = _rows((1.0,), 0.0, 2.0) + _lines(((0.0, 1.0),)) + _timeline((0.0, 1.0, "G")) + mark(8, 0, 0)
    drawn += "".join(signal_key(letter, "") for letter in "Ggyur") + "".join(
        key(n, "") for n in range(COLOURS)
    )
    used = {name for names in re.findall(r'class="([^"]+)"', drawn) for name in names.split()}

    assert {name for name in used if not re.search(rf"\.{name}\b", STYLE)} == set()

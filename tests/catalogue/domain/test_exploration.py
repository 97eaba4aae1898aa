from dataclasses import dataclass
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.catalogue.domain.exploration import (
    CHART_KINDS,
    FUNCTIONS,
    LAYOUTS,
    VIEWS,
    BadQuery,
    Condition,
    Drawing,
    Exploration,
    Group,
    Measure,
    write_exploration,
)
from tandem.catalogue.domain.exploration_parse import parse_exploration
from tandem.catalogue.domain.periods import Period, parse_period


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    kind: str


COLUMNS = [
    Column("art", "Art", "text"),
    Column("hoehe_m", "Höhe (m)", "decimal"),
    Column("am", "am", "date"),
    Column("um", "um", "datetime"),
    Column("nr", "Nr", "integer"),
    Column("krank", "krank", "boolean"),
]


def parse(**parameters):
    return parse_exploration(
        {name.replace("__", "."): values for name, values in parameters.items()}, COLUMNS
    )


def test_nothing_asked_is_the_first_page():
    assert parse() == Exploration()


def test_conditions_take_the_columns_kind():
    found = parse(f__am__max=["2024-05-31"], f__art=["Linde"], f__hoehe_m__min=["3,5"]).conditions

    assert found == (
        Condition("art", "eq", "Linde"),
        Condition("hoehe_m", "gte", 3.5),
        Condition("am", "lte", date(2024, 5, 31)),
    )


def test_several_values_of_one_column_are_alternatives():
    (found,) = parse(f__art=["Linde", "Eiche"]).conditions

    assert (found.op, found.value) == ("in", ("Eiche", "Linde"))
    assert parse(f__art__not=["Linde", "Eiche"]).conditions == (
        Condition("art", "not_in", ("Eiche", "Linde")),
    )


@pytest.mark.parametrize(
    ("parameters", "condition"),
    [
        ({"f__art__not": ["Linde"]}, Condition("art", "ne", "Linde")),
        ({"f__art__like": ["ind"]}, Condition("art", "contains", "ind")),
        ({"f__art__unlike": ["ind"]}, Condition("art", "excludes", "ind")),
        ({"f__art__starts": ["Li"]}, Condition("art", "starts", "Li")),
        ({"f__art__empty": ["1"]}, Condition("art", "is_null", True)),
        ({"f__art__empty": ["0"]}, Condition("art", "is_null", False)),
        ({"f__am__in": ["2024"]}, Condition("am", "within", Period(2024))),
        ({"f__um__in": ["5/2024"]}, Condition("um", "within", Period(2024, 5))),
        ({"f__art": ["Li"], "f__art__how": ["starts"]}, Condition("art", "starts", "Li")),
        ({"f__krank": ["true"]}, Condition("krank", "eq", True)),
        ({"f__nr__max": ["7"]}, Condition("nr", "lte", 7)),
    ],
)
def test_every_comparison_is_read(parameters, condition):
    assert parse(**parameters).conditions == (condition,)


def test_empty_fields_of_a_form_ask_for_nothing():
    assert (
        parse(f__art=[""], f__hoehe_m__min=["  "], f__art__how=["like"], show=[""], by=["", ""])
        == Exploration()
    )


def test_sort_page_and_group():
    found = parse(
        sort=["-hoehe_m,art", "art"], page=["3"], by=["art", "am.month"], show=["avg.hoehe_m", "count"]
    )

    assert (found.sort, found.offset) == ((("hoehe_m", True), ("art", False)), 100)
    assert found.by == (Group("art"), Group("am", "month"))
    assert found.measures == (Measure("avg", "hoehe_m"), Measure())


def test_the_earlier_way_to_ask_for_a_measure_still_works():
    assert parse(by=["art"], measure=["hoehe_m"], function=["avg"]).measures == (Measure("avg", "hoehe_m"),)
    assert parse(by=["art"], measure=["hoehe_m"]).measures == (Measure("sum", "hoehe_m"),)
    assert parse(by=["art"], function=["count"]).measures == (Measure(),)


def test_all_columns_in_their_order_are_no_choice():
    assert parse(columns=[column.key for column in COLUMNS]).columns == ()
    assert parse(columns=["am,art"]).columns == ("am", "art")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"f.hoehe": ["3"]}, "no column 'hoehe'"),
        ({"f.hoehe_m.near": ["3"]}, "near is not known"),
        ({"f.art.how": ["near"], "f.art": ["x"]}, "near is not known"),
        ({"f.hoehe_m.min": ["high"]}, "f.hoehe_m.min=high"),
        ({"f.hoehe_m.min": ["nan"]}, "f.hoehe_m.min=nan"),
        ({"f.hoehe_m.min": ["1e999"]}, "3.5"),
        ({"f.nr": ["9" * 38]}, "42"),
        ({"f.nr": ["9" * 9000]}, "42"),
        ({"f.am": ["31.5.2024"]}, "2024-05-31"),
        ({"f.am.in": ["2024-13"]}, "2024-05"),
        ({"f.am.in": ["0/2024"]}, "2024-05"),
        ({"f.art.in": ["2024"]}, "no dates"),
        ({"sort": ["-wuchs"]}, "no column 'wuchs'"),
        ({"page": ["0"]}, "page=0"),
        ({"page": ["²"]}, "whole number"),
        ({"per_page": ["100000"]}, "1 to 1000"),
        ({"by": ["am.decade"]}, "decade"),
        ({"by": ["art.year"]}, "no such dates"),
        ({"by": ["am.hour"]}, "no such dates"),
        ({"by": ["art,am,nr"]}, "2 columns"),
        ({"show": ["mode.art"]}, "mode"),
        ({"show": ["sum.art"]}, "nothing that this can be taken of"),
        ({"show": ["count,sum.nr,avg.nr,median.nr,min.nr,max.nr,distinct.nr"]}, "At most 6"),
        ({"by": ["art"], "order": ["am"]}, "order=am"),
        ({"view": ["cube"]}, "cube"),
        ({"kind": ["pie"]}, "pie"),
        ({"x": ["art"]}, "no numbers"),
        ({"columns": ["wuchs"]}, "no column 'wuchs'"),
    ],
)
def test_the_impossible_is_told_by_name(parameters, said):
    with pytest.raises(BadQuery, match=said):
        parse_exploration(parameters, COLUMNS)


def test_an_address_has_one_order_and_nothing_that_goes_without_saying():
    asked = parse(
        page=["1"],
        per_page=["50"],
        view=["rows"],
        f__am__in=["5/2024"],
        f__art=["Linde", "Eiche"],
        q=["  am  Weg "],
    )

    assert write_exploration(asked) == [
        ("q", "am Weg"),
        ("f.art", "Eiche"),
        ("f.art", "Linde"),
        ("f.am.in", "2024-05"),
    ]


# --- read what was written ----------------------------------------------------------------------
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).map(str.strip).filter(bool)
VALUES = {
    "text": TEXTS,
    "decimal": st.floats(allow_nan=False, allow_infinity=False),
    "integer": st.integers(-(10**36), 10**36),
    "date": st.dates(),
    "datetime": st.datetimes(),
    "boolean": st.booleans(),
}
PERIODS = st.builds(Period, st.integers(1, 9998), st.integers(0, 12))


@st.composite
def parameters(draw):
    """Return parameters as a person may send them, in any order."""
    found = {}
    for column in draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=4)):
        suffix = draw(
            st.sampled_from(["", ".not", ".like", ".starts", ".unlike", ".min", ".max", ".empty", ".in"])
        )
        if suffix == ".in":
            if column.kind in {"date", "datetime"}:
                found[f"f.{column.key}.in"] = [str(draw(PERIODS))]
            continue
        values = VALUES["text" if suffix in {".like", ".starts", ".unlike", ".empty"} else column.kind]
        written = [
            Condition("x", "eq", value).texts[0] for value in draw(st.lists(values, min_size=1, max_size=3))
        ]
        found[f"f.{column.key}{suffix}"] = written
    numbers, keys = st.sampled_from(["hoehe_m", "nr"]), st.sampled_from([column.key for column in COLUMNS])
    by = draw(st.lists(st.sampled_from(["art", "am", "am.month", "um.hour", "nr"]), unique=True, max_size=2))
    show = draw(
        st.lists(
            st.one_of(
                st.just("count"),
                st.builds("distinct.{}".format, keys),
                st.builds("{}.{}".format, st.sampled_from(sorted(FUNCTIONS)), numbers),
            ),
            max_size=3,
            unique=True,
        )
    )
    found |= {
        "q": [draw(st.one_of(st.just(""), TEXTS))],
        "sort": draw(st.lists(st.builds("{}{}".format, st.sampled_from(["", "-"]), keys), max_size=3)),
        "columns": draw(st.lists(keys, max_size=4)),
        "by": by,
        "show": show,
        "order": [draw(st.sampled_from(["", *by, *(f"-{each}" for each in (show or ["count"]))]))],
        "view": [draw(st.sampled_from(["", *VIEWS]))],
        "kind": [draw(st.sampled_from(["", *CHART_KINDS]))],
        "layout": [draw(st.sampled_from(["", *LAYOUTS]))],
        "x": [draw(st.one_of(st.just(""), numbers))],
        "title": [draw(st.one_of(st.just(""), TEXTS))],
        "page": [str(draw(st.integers(1, 10**7)))],
        "per_page": [str(draw(st.integers(1, 1000)))],
    }
    return dict(draw(st.permutations(list(found.items()))))


def as_parameters(written):
    found = {}
    for name, value in written:
        found.setdefault(name, []).append(value)
    return found


@given(parameters())
def test_what_is_written_is_read_as_the_same(given_parameters):
    asked = parse_exploration(given_parameters, COLUMNS)

    written = write_exploration(asked)

    assert parse_exploration(as_parameters(written), COLUMNS) == asked
    assert write_exploration(parse_exploration(as_parameters(written), COLUMNS)) == written


@given(
    st.dictionaries(st.text(max_size=12).map(lambda t: f"f.{t}"), st.lists(st.text(max_size=12), max_size=2))
)
def test_whatever_is_sent_is_read_or_refused(sent):
    try:
        asked = parse_exploration(sent, COLUMNS)
    except BadQuery as error:
        asked = error
    assert (
        isinstance(asked, BadQuery)
        or parse_exploration(as_parameters(write_exploration(asked)), COLUMNS) == asked
    )


@given(PERIODS)
def test_a_period_is_read_as_it_is_written_and_begins_before_it_ends(period):
    assert parse_period(str(period)) == period
    assert period.bounds[0] < period.bounds[1]


def test_drawings_are_read():
    found = parse(kind=["scatter"], x=["nr"], y=["hoehe_m"], title=["  Wie   hoch? "], layout=["stacked"])

    assert found.drawing == Drawing("scatter", "stacked", "nr", "hoehe_m", "Wie hoch?")


def test_moments_are_read():
    assert parse(f__um=["2024-05-31T08:00"]).conditions == (
        Condition("um", "eq", datetime(2024, 5, 31, 8, 0)),
    )

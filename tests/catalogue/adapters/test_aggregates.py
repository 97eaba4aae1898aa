"""Groups and statistics, against a reckoning in plain Python."""

import math
import statistics
from collections import Counter
from datetime import date, datetime

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.catalogue.adapters import aggregates, query
from tandem.catalogue.adapters.query import Filter

ROW = st.tuples(
    st.one_of(st.none(), st.sampled_from(["Linde", "Eiche", "ahorn", "Ahorn", ""])),
    st.one_of(st.none(), st.integers(-1000, 1000)),
    st.one_of(st.none(), st.integers(-400, 400).map(lambda n: n / 4)),
    st.one_of(
        st.none(),
        st.datetimes(datetime(2020, 1, 1), datetime(2025, 12, 31)).map(lambda t: t.replace(microsecond=0)),
    ),
)
NAMES = ("art", "nr", "hoehe", "um")
PARTS = {
    "": lambda value: value,
    "year": lambda value: value.year,
    "month": lambda value: f"{value:%Y-%m}",
    "day": lambda value: value.date(),
    "weekday": lambda value: value.isoweekday(),
    "hour": lambda value: value.hour,
}
FUNCTIONS = {
    "count": len,
    "distinct": lambda values: len(set(values)),
    "sum": lambda values: math.fsum(values) if values else None,
    "avg": lambda values: statistics.fmean(values) if values else None,
    "median": lambda values: statistics.median(values) if values else None,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
}
GROUPS = st.lists(
    st.sampled_from([("art", ""), ("nr", ""), *(("um", part) for part in PARTS)]),
    max_size=2,
    unique=True,
)
MEASURES = st.lists(
    st.one_of(
        st.just(("count", "")),
        st.tuples(st.sampled_from(["count", "distinct"]), st.sampled_from(NAMES)),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.sampled_from(["nr", "hoehe"])),
    ),
    min_size=1,
    max_size=3,
)
FILTERS = st.lists(
    st.sampled_from(
        [
            Filter("art", "eq", "Linde"),
            Filter("art", "ne", "Linde"),
            Filter("art", "in", ["Linde", "Eiche"]),
            Filter("art", "not_in", ["Linde", "Eiche"]),
            Filter("art", "contains", "AHO"),
            Filter("art", "excludes", "ahorn"),
            Filter("art", "starts", "a"),
            Filter("nr", "gte", 0),
            Filter("hoehe", "lte", 10.5),
            Filter("um", "within", [date(2021, 1, 1), date(2023, 1, 1)]),
            Filter("nr", "is_null", True),
            Filter("nr", "is_null", False),
            Filter("", "search", ["l", "in"], ("art",)),
        ]
    ),
    max_size=2,
)


def fits(row, each):
    """Return whether a row fits a condition, as a person would say it."""
    value = dict(zip(NAMES, row, strict=True)).get(each.key)
    if each.op == "search":
        return all(word in (row[0] or "").lower() for word in each.value)
    if each.op == "is_null":
        return (value is None) == each.value
    if value is None:
        return each.op in {"ne", "not_in", "excludes"}
    return {
        "eq": lambda: value == each.value,
        "ne": lambda: value != each.value,
        "in": lambda: value in each.value,
        "not_in": lambda: value not in each.value,
        "contains": lambda: each.value.lower() in value.lower(),
        "excludes": lambda: each.value.lower() not in value.lower(),
        "starts": lambda: value.lower().startswith(each.value.lower()),
        "gte": lambda: value >= each.value,
        "lte": lambda: value <= each.value,
        "within": lambda: each.value[0] <= value.date() < each.value[1],
    }[each.op]()


def naive(rows, by, measures):
    """Return the groups with their measures, by plain Python."""
    groups = {} if by else {(): []}
    for row in rows:
        cells = dict(zip(NAMES, row, strict=True))
        key = tuple(None if cells[k] is None else PARTS[part](cells[k]) for k, part in by)
        groups.setdefault(key, []).append(cells)
    found = {}
    for key, members in groups.items():
        found[key] = [
            FUNCTIONS[function]([cells[column] for cells in members if cells[column] is not None])
            if column
            else len(members)
            for function, column in measures
        ]
    return found


def same(left, right):
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return left == right


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    path = tmp_path_factory.mktemp("aggregates") / "rows.parquet"
    connection = duckdb.connect()
    numbers = iter(range(10**9))

    def written(rows):
        target = path.with_stem(f"rows-{next(numbers)}")
        connection.execute("CREATE OR REPLACE TABLE t (art VARCHAR, nr BIGINT, hoehe DOUBLE, um TIMESTAMP)")
        if rows:
            connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
        connection.execute(f"COPY t TO '{target}' (FORMAT parquet)")
        return target

    yield written
    connection.close()


SLOWLY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOWLY
@given(st.lists(ROW, max_size=25), GROUPS, MEASURES, FILTERS)
def test_groups_are_those_of_plain_python(write, rows, by, measures, filters):
    fitting = [row for row in rows if all(fits(row, each) for each in filters)]
    expected = naive(fitting, by, measures)

    found = aggregates.groups(write(rows), by=by, measures=measures, filters=filters)

    assert found.total == len(expected) == len(found.rows)
    for row in found.rows:
        key, values = tuple(row[: len(by)]), row[len(by) :]
        assert all(same(a, b) for a, b in zip(values, expected[key], strict=True)), (
            key,
            values,
            expected[key],
        )


@SLOWLY
@given(st.lists(ROW, min_size=1, max_size=25), FILTERS)
def test_statistics_are_those_of_plain_python(write, rows, filters):
    fitting = [row for row in rows if all(fits(row, each) for each in filters)]

    found = aggregates.statistics(
        write(rows),
        [("art", "text"), ("nr", "integer"), ("hoehe", "decimal"), ("um", "datetime")],
        filters=filters,
        rows=len(rows),
        top=100,
    )

    for number, each in enumerate(found):
        values = [row[number] for row in fitting if row[number] is not None]
        assert (each.count, each.missing, each.distinct) == (
            len(values),
            len(fitting) - len(values),
            len(set(values)),
        )
        assert dict(each.top) == (Counter(values) if each.distinct < each.count else {})
        if number and values:
            assert (each.least, each.most) == (min(values), max(values))
        if number in {1, 2} and values:
            assert same(each.mean, statistics.fmean(values))
            assert same(each.quartiles[1], statistics.median(values))
            assert each.least <= each.quartiles[0] <= each.quartiles[1] <= each.quartiles[2] <= each.most


def test_groups_come_in_pages_and_any_order(write):
    path = write([("b", 2, None, None), ("a", 1, None, None), ("b", 5, None, None), (None, 9, None, None)])
    ask = {"by": [("art", "")], "measures": [("count", ""), ("sum", "nr")]}

    assert aggregates.groups(path, **ask, order=[(1, True)], limit=2).rows == [("b", 2, 7), ("a", 1, 1)]
    assert aggregates.groups(path, **ask, order=[(1, True)], limit=2, offset=2).rows == [(None, 1, 9)]
    assert aggregates.groups(path, **ask, order=[(2, False)]).rows == [("a", 1, 1), ("b", 2, 7), (None, 1, 9)]
    assert aggregates.groups(path, **ask, limit=1).total == 3


def test_bars_of_numbers_and_dates(write):
    rows = [(None, nr, None, datetime(2024, month, 1)) for nr, month in ((0, 1), (4, 1), (5, 2), (-1, 12))]
    path = write(rows)

    assert aggregates.number_bars(path, "nr", start=-5, width=5) == {0: 1, 1: 2, 2: 1}
    assert aggregates.date_bars(path, "um", step="month") == [
        (date(2024, 1, 1), 2),
        (date(2024, 2, 1), 1),
        (date(2024, 12, 1), 1),
    ]


def test_points_are_chosen_the_same_way_each_time(write):
    path = write([(None, nr, nr / 2, None) for nr in range(100)] + [(None, 1, None, None)])

    points, total = aggregates.pairs(path, "nr", "hoehe", limit=10)

    assert (len(points), total) == (10, 100)
    assert all(y == x / 2 for x, y in points)
    assert aggregates.pairs(path, "nr", "hoehe", limit=10)[0] == points


def test_a_search_with_nowhere_to_look_finds_nothing(write):
    path = write([("Linde", 1, None, None)])

    assert query.count(path, filters=[Filter("", "search", ["x"], ())]) == 0
    assert query.count(path, filters=[Filter("", "search", ["lin", "DE"], ("art",))]) == 1

"""CQL2 filters choose what a naive evaluation in Python chooses; hostile ones are refused or harmless."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.catalogue.adapters import features, places
from tandem.catalogue.adapters.cql2_text import UnreadableFilter, read_filter
from tandem.catalogue.domain.cql2 import TEMPORAL, BadFilter, Names, condition_of
from tandem.catalogue.domain.cql2_geometry import BadGeometry
from tandem.catalogue.domain.report import ColumnReport
from tests.catalogue.features import naive

KINDS = {
    "name": "text",
    "girth": "integer",
    "height": "decimal",
    "day": "date",
    "seen": "datetime",
    "sound": "boolean",
}
NAMES = Names(KINDS, places.GEOMETRY, places.BOX)
COLUMNS = [ColumnReport(key, key, kind, 0, 0) for key, kind in KINDS.items()]
WORDS = ("Linde", "linde", "Öl", "ol", "100%", "a_b", "O'Hara", "", "\\", "Weiß")
DAYS = [date(2024, 1, 1) + timedelta(days=30 * number) for number in range(4)]


def rows() -> list[dict[str, Any]]:
    """Return rows with every combination that matters, unknown values among them."""
    made = []
    for number in range(120):
        day = DAYS[number % 4]
        made.append(
            {
                "name": None if number % 11 == 0 else WORDS[number % len(WORDS)],
                "girth": None if number % 13 == 0 else number % 9 - 2,
                "height": None if number % 7 == 0 else (number % 5) / 2,
                "day": None if number % 17 == 0 else day,
                "seen": None if number % 19 == 0 else datetime(2024, day.month, day.day, number % 3 * 6),
                "sound": None if number % 23 == 0 else number % 2 == 0,
                "lon": 7.7 + number % 12 * 0.01,
                "lat": 51.6 + number // 12 * 0.01,
            }
        )
    return made


ROWS = rows()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the places of a table of those rows."""
    parquet = tmp_path_factory.mktemp("cql2") / "rows.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t (name VARCHAR, girth BIGINT, height DOUBLE, day DATE, seen TIMESTAMP, sound BOOLEAN, "
            "lon DOUBLE, lat DOUBLE)"
        )
        connection.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [list(row.values()) for row in ROWS]
        )
        connection.execute(f"COPY t TO '{parquet}' (FORMAT parquet)")
    return places.ready(parquet, places.Located(longitude="lon", latitude="lat"))


def chosen(file: Path, expression: Any) -> list[int]:
    """Return the numbers of the rows that Tandem chooses, from 0."""
    found = features.page(file, COLUMNS, [condition_of(expression, NAMES)], limit=1_000)
    return [number - 1 for number in found.numbers]


def prop(name: str) -> dict[str, str]:
    return {"property": name}


def op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
WORD = st.sampled_from(WORDS)
NUMBER = st.integers(-3, 8) | st.sampled_from([0.5, 1.5, -0.25])
GIRTH = st.sampled_from([prop("girth"), prop("height")])
SUM = st.builds(op, st.sampled_from(["+", "-", "*"]), GIRTH, NUMBER | GIRTH)
DAY = st.sampled_from([{"date": day.isoformat()} for day in DAYS])
MOMENT = DAY | st.sampled_from([{"timestamp": f"{day}T06:00:00Z"} for day in DAYS])
TIME = st.sampled_from([prop("day"), prop("seen")])
PATTERN = st.text(alphabet="Lindeöol%_\\1", max_size=6)
FOLD = st.sampled_from(["casei", "accenti"])
SIMPLE = st.one_of(
    st.builds(op, SIGNS, st.just(prop("name")), WORD),
    st.builds(op, SIGNS, GIRTH | SUM, NUMBER | GIRTH),
    st.builds(op, SIGNS, TIME, MOMENT),
    st.builds(op, st.sampled_from(["=", "<>"]), st.just(prop("sound")), st.booleans()),
    st.just(prop("sound")),
    st.builds(op, st.just("like"), st.just(prop("name")), PATTERN),
    st.builds(lambda fold, word: op("=", op(fold, prop("name")), op(fold, word)), FOLD, WORD),
    st.builds(op, st.just("between"), GIRTH, NUMBER, NUMBER),
    st.builds(op, st.just("in"), st.just(prop("name")), st.lists(WORD, min_size=1, max_size=3)),
    st.builds(op, st.just("in"), GIRTH, st.lists(NUMBER, min_size=1, max_size=3)),
    st.builds(op, st.just("isNull"), st.sampled_from([prop(name) for name in KINDS])),
    st.builds(op, st.sampled_from(["t_after", "t_before", "t_equals"]), TIME, MOMENT),
)
FILTERS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(op, st.just("not"), inner),
        st.builds(
            lambda name, parts: op(name, *parts),
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS)
def test_filters_choose_what_a_naive_evaluation_chooses(file: Path, expression: Any):
    assert chosen(file, expression) == [
        n for n, row in enumerate(ROWS) if naive.holds(expression, row) is True
    ]


@pytest.mark.parametrize("relation", sorted(TEMPORAL))
def test_relations_of_intervals_are_those_of_the_standard(file: Path, relation: str):
    """Each pair of different relations of Allen's excludes the other; the meaning is checked at the ends."""
    first, last = "2024-01-31", "2024-03-01"
    named = {
        "finishedby": "finishedBy",
        "metby": "metBy",
        "overlappedby": "overlappedBy",
        "startedby": "startedBy",
    }
    own = {"interval": [prop("day"), {"date": "2024-03-01"}]}
    expression = op(
        f"t_{named.get(relation, relation)}", own, {"interval": [{"date": first}, {"date": last}]}
    )

    a, b, end, other_end = "day", date(2024, 1, 31), date(2024, 3, 1), date(2024, 3, 1)
    decided = {
        "after": lambda d: d > other_end,
        "before": lambda d: end < b,
        "contains": lambda d: d < b and end > other_end,
        "disjoint": lambda d: end < b or d > other_end,
        "during": lambda d: d > b and end < other_end,
        "equals": lambda d: d == b and end == other_end,
        "finishedby": lambda d: d < b and end == other_end,
        "finishes": lambda d: d > b and end == other_end,
        "intersects": lambda d: d <= other_end and end >= b,
        "meets": lambda d: end == b,
        "metby": lambda d: d == other_end,
        "overlappedby": lambda d: b < d < other_end < end,
        "overlaps": lambda d: d < b < end < other_end,
        "startedby": lambda d: d == b and end > other_end,
        "starts": lambda d: d == b and end < other_end,
    }[relation]
    assert chosen(file, expression) == [n for n, row in enumerate(ROWS) if row[a] and decided(row[a])]


BOX = [7.715, 51.615, 7.755, 51.655]


def inside(row: dict[str, Any]) -> bool:
    return BOX[0] <= row["lon"] <= BOX[2] and BOX[1] <= row["lat"] <= BOX[3]


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        (f"S_INTERSECTS(geometry, BBOX({','.join(map(str, BOX))}))", inside),
        (f"S_WITHIN(geometry, BBOX({','.join(map(str, BOX))}))", inside),
        (f"NOT S_INTERSECTS(geometry, BBOX({','.join(map(str, BOX))}))", lambda row: not inside(row)),
        (f"S_DISJOINT(geometry, BBOX({','.join(map(str, BOX))}))", lambda row: not inside(row)),
        ("S_EQUALS(geometry, POINT(7.7 51.6))", lambda row: row is ROWS[0]),
        ("S_INTERSECTS(geometry, LINESTRING(7.7 51.6, 7.7 51.9))", lambda row: row["lon"] == 7.7),
    ],
)
def test_spatial_functions(file: Path, text: str, decided: Any):
    assert chosen(file, read_filter(text, "cql2-text")) == [n for n, row in enumerate(ROWS) if decided(row)]


HOSTILE = [
    "name = 'x'; DROP TABLE places",
    "name = 'x'') OR 1=1 --'",
    '"name"" = 1" = 1',
    "read_csv('/etc/passwd') = 1",
    "name = getenv('HOME')",
    "(" * 5_000 + "girth = 1" + ")" * 5_000,
    "NOT " * 5_000 + "girth = 1",
    "girth = " + "-" * 5_000 + "1",
    " AND ".join(["girth = 1"] * 2_000),
    "name LIKE '" + "%a" * 200 + "'",
    "girth = 1e999",
    "girth = 'x'",
    "name = 1",
    "nothing = 1",
    "1",
    "name",
    "S_INTERSECTS(geometry, POINT(1 1e300))",
    "S_INTERSECTS(name, POINT(1 1))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 5 5)))",
    "T_AFTER(name, DATE('2024-01-01'))",
    "day > DATE('2024-13-45')",
    "a_contains(name, ('x'))",
    "pg_sleep(10) = 1",
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_filters_choose_nothing_or_say_why(file: Path, text: str):
    said, found = "", []
    try:
        found = chosen(file, read_filter(text, "cql2-text"))
    except (UnreadableFilter, BadFilter, BadGeometry) as error:
        said = str(error)

    assert found == []
    assert said == "" or len(said) > 20


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{",
        "[]",
        "3",
        '{"op": "and", "args": []}',
        '{"op": "and", "args": "girth"}',
        '{"op": ["and"], "args": [true]}',
        '{"op": "=", "args": [{"property": ["girth"]}, 1]}',
        '{"op": "=", "args": [{"property": "girth"}, null]}',
        '{"op": "=", "args": [{"property": "girth"}, NaN]}',
        '{"op": "=", "args": [{"property": "name"}, "\\u0000"]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point"}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "GeometryCollection", "geometries": [1]}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2, "3", 4]}]}',
        '{"op": "t_during", "args": [{"property": "day"}, {"interval": "2024"}]}',
        '{"op": "like", "args": [{"property": "name"}, {"property": "name"}]}',
        json.dumps(op("and", *[op("=", 1, 1)] * 600)),
    ],
    ids=range(17),
)
def test_hostile_json_filters_say_why(file: Path, text: str):
    with pytest.raises((UnreadableFilter, BadFilter, BadGeometry)) as caught:
        chosen(file, read_filter(text, "cql2-json"))

    assert len(str(caught.value)) > 20


def test_values_are_never_part_of_the_sql():
    marker = "xyz'); DROP TABLE places; --"
    term = condition_of(op("or", op("=", prop("name"), marker), op("like", prop("name"), marker)), NAMES)

    assert "xyz" not in term.sql
    assert term.values == (marker, marker)

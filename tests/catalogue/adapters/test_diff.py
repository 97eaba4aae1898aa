"""What changed between two tables is what a plain comparison in Python finds."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.catalogue.adapters.diff import EXAMPLES, Side, compare
from tandem.catalogue.domain.changes import Changes, TableColumn

Row = tuple[int | None, str | None, float | None]
COLUMNS = ("nr", "name", "wert")
KINDS = ("integer", "text", "decimal")
TYPES = ("BIGINT", "VARCHAR", "DOUBLE")


def table(path: Path, rows: list[Any], names=COLUMNS, kinds=KINDS, types=TYPES) -> Side:
    with duckdb.connect() as connection:
        shape = ", ".join(f"{name} {kind}" for name, kind in zip(names, types, strict=True))
        connection.execute(f"CREATE TABLE t ({shape})")
        if rows:
            connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    unique = [len({row[n] for row in rows}) == len(rows) for n in range(len(names))]
    columns = [TableColumn(k, k, kind, u) for k, kind, u in zip(names, kinds, unique, strict=True)]
    return Side(path, columns, len(rows))


def plainly(old: list[Row], new: list[Row], *, by_key: bool) -> tuple[int, int, int, dict[str, int]]:
    """Return added, removed, changed, and changed by column: the slow and obvious way."""
    if not by_key:
        before, after = Counter(old), Counter(new)
        return (after - before).total(), (before - after).total(), 0, {}
    before_by, after_by = {row[0]: row for row in old}, {row[0]: row for row in new}
    both = [(before_by[key], after_by[key]) for key in before_by if key in after_by]
    by_column = {COLUMNS[n]: sum(1 for b, a in both if b[n] != a[n]) for n in (1, 2)}
    return (
        sum(1 for key in after_by if key not in before_by),
        sum(1 for key in before_by if key not in after_by),
        sum(1 for b, a in both if b != a),
        {name: count for name, count in by_column.items() if count},
    )


def found(old: list[Any], new: list[Any], key: tuple[str, ...] = ()) -> Changes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return compare(table(folder / "a", old), table(folder / "b", new), key=key, work_dir=folder)


names = st.one_of(st.none(), st.sampled_from(["Ahorn", "Buche", "", "ä"]))
values = st.one_of(st.none(), st.sampled_from([0.0, 1.5, -2.0]))
few = st.one_of(st.none(), st.integers(0, 3))
some_rows = st.lists(st.tuples(few, names, values), max_size=12)
keyed_rows = st.lists(st.tuples(st.integers(0, 9), names, values), max_size=10, unique_by=lambda row: row[0])


@settings(deadline=None, max_examples=30)
@given(keyed_rows, keyed_rows)
def test_with_a_key_it_finds_what_a_plain_comparison_finds(old: list[Row], new: list[Row]):
    changes = found(old, new, ("nr",))

    assert (changes.added, changes.removed, changes.changed, dict(changes.by_column)) == plainly(
        old, new, by_key=True
    )
    assert changes.key == ["nr"]
    assert changes.unchanged == len(set(old) & set(new))
    assert {row.new[0] for row in changes.added_examples} == {r[0] for r in new} - {r[0] for r in old}
    assert {(tuple(row.old), tuple(row.new)) for row in changes.changed_examples} == {
        (b, a) for b in old for a in new if b[0] == a[0] and b != a
    }


@settings(deadline=None, max_examples=30)
@given(some_rows, some_rows)
def test_without_a_key_equal_rows_are_counted(old: list[Row], new: list[Row]):
    twice = [*old, (7, "x", 1.0), (7, "x", 1.0), (8, "x", None), (8, None, 1.0), (9, "x", 1.0)]
    again = [*new, (7, "x", 1.0), (7, "x", 1.0), (8, "x", None), (8, None, 1.0)]

    changes = found(twice, again)

    assert changes.key == []
    assert (changes.added, changes.removed, changes.changed, dict(changes.by_column)) == plainly(
        twice, again, by_key=False
    )
    assert changes.unchanged == (Counter(twice) & Counter(again)).total()


def test_an_empty_key_is_the_same_as_an_empty_key():
    changes = found([(None, "a", 1.0), (1, "b", 2.0)], [(None, "a", 9.0), (1, "b", 2.0)], ("nr",))

    assert (changes.added, changes.removed, changes.changed) == (0, 0, 1)


def test_a_key_that_does_not_tell_rows_apart_is_not_used_and_another_is_found():
    old, new = [(1, "a", 1.0), (1, "b", 2.0)], [(1, "a", 1.0), (1, "b", 3.0)]

    changes = found(old, new, ("nr",))

    assert (changes.key, changes.changed) == (["name"], 1)


def test_several_columns_may_be_the_key():
    old = [(1, "a", 1.0), (1, "b", 2.0), (2, "a", 3.0)]

    changes = found(old, [*old[:2], (2, "a", 4.0), (2, "b", 5.0)], ("nr", "name"))

    assert (changes.key, changes.added, changes.changed) == (["nr", "name"], 1, 1)


def test_columns_that_came_went_were_renamed_or_read_otherwise(tmp_path: Path):
    old = table(
        tmp_path / "a",
        [(1, "x", 1, "r", "egal"), (2, "y", 2, "s", "egal")],
        ("nr", "strasse", "wert", "weg", "hausnummer"),
        ("integer", "text", "integer", "text", "text"),
        ("BIGINT", "VARCHAR", "BIGINT", "VARCHAR", "VARCHAR"),
    )
    new = table(
        tmp_path / "b",
        [(1, "x", 1.0, 5, "anders"), (2, "y", 2.5, 6, "anders")],
        ("nr", "strassenname", "wert", "neu", "haus_nummer"),
        ("integer", "text", "decimal", "integer", "text"),
        ("BIGINT", "VARCHAR", "DOUBLE", "BIGINT", "VARCHAR"),
    )

    changes = compare(old, new, work_dir=tmp_path)

    assert changes.renamed == [("strasse", "strassenname"), ("hausnummer", "haus_nummer")]
    assert (changes.added_columns, changes.removed_columns) == (["neu"], ["weg"])
    assert changes.retyped == [("wert", "integer", "decimal")]
    assert dict(changes.by_column) == {"wert": 1, "haus_nummer": 2}


def test_examples_are_the_first_and_their_number_is_bounded():
    changes = found([], [(number, "a", 1.0) for number in range(100)], ("nr",))

    assert [row.new[0] for row in changes.added_examples] == list(range(EXAMPLES))
    assert changes.added == 100


def test_the_outcome_survives_being_written_down():
    changes = found([(1, "a", 1.0), (3, "c", 1.0)], [(1, "b", 1.0), (2, "c", None)], ("nr",))

    assert Changes.from_dict(changes.as_dict()) == changes
    assert not changes.same


@pytest.mark.slow
def test_a_million_rows_are_compared_in_bounded_memory(tmp_path: Path):
    sql = (
        "SELECT i + {0} * 1000 AS nr, 'Straße ' || (i % 5000) AS name, i / 7.0 + (i % 10 = 0)::INT * {0} AS wert "
        "FROM range(1000000) t(i)"
    )
    sides = []
    for number in (0, 1):
        path = tmp_path / f"{number}.parquet"
        duckdb.execute(f"COPY ({sql.format(number)}) TO '{path}' (FORMAT parquet)")
        columns = [TableColumn(k, k, kind, k == "nr") for k, kind in zip(COLUMNS, KINDS, strict=True)]
        sides.append(Side(path, columns, 1_000_000))

    changes = compare(*sides, work_dir=tmp_path)

    assert (changes.key, changes.added, changes.removed) == (["nr"], 1_000, 1_000)
    assert changes.changed == 999_000

"""The file of a table's places: whole, fresh, shared by threads, and no question lasts for ever."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tandem.catalogue.adapters import places
from tandem.catalogue.adapters.places import Located, TooSlow, ask, file_of, ready

BY_COORDINATES = Located(longitude="lon", latitude="lat")


def write(parquet: Path, count: int) -> Path:
    """Write a table of so many points."""
    partial = parquet.with_suffix(".partial")
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT i AS n, 51.6 + i / 1e6 AS lat, 7.7 AS lon FROM range({count}) r(i)) "
            f"TO '{partial}' (FORMAT parquet)"
        )
    partial.replace(parquet)
    return parquet


def count(file: Path) -> int:
    return int(ask(file, "SELECT count(*) FROM {places}")[0][0])


def test_the_file_follows_the_table(tmp_path: Path):
    parquet = write(tmp_path / "table.parquet", 10)
    first = ready(parquet, BY_COORDINATES)
    before = (first.stat().st_ino, count(first))

    again = ready(parquet, BY_COORDINATES)
    same = again.stat().st_ino
    write(parquet, 20)
    os.utime(parquet, ns=(again.stat().st_mtime_ns + 1, again.stat().st_mtime_ns + 1))
    newer = ready(parquet, BY_COORDINATES)

    assert before == (same, 10)
    assert count(newer) == 20
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".duckdb"] == [file_of(parquet).name]


def test_a_failure_leaves_nothing_behind(tmp_path: Path):
    parquet = write(tmp_path / "table.parquet", 10)

    with pytest.raises(duckdb.Error):
        ready(parquet, Located(longitude="nothing", latitude="lat"))

    assert [each.name for each in tmp_path.iterdir()] == ["table.parquet"]


def test_many_threads_may_ask_for_it_first(tmp_path: Path):
    parquet = write(tmp_path / "table.parquet", 5_000)

    with ThreadPoolExecutor(8) as at_once:
        found = list(at_once.map(lambda _number: count(ready(parquet, BY_COORDINATES)), range(24)))

    assert found == [5_000] * 24


def test_tables_beyond_those_kept_open_can_still_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "MOST_ATTACHED", 2)
    files = [ready(write(tmp_path / f"{number}.parquet", number + 1), BY_COORDINATES) for number in range(5)]

    with ThreadPoolExecutor(4) as at_once:
        found = list(at_once.map(count, files * 6))

    assert found == [1, 2, 3, 4, 5] * 6


def test_a_question_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "LONGEST_S", 0.2)
    file = ready(write(tmp_path / "table.parquet", 3_000), BY_COORDINATES)
    slow = "SELECT count(*) FROM {places} a, {places} b, {places} c WHERE a.n * b.n % 7 = c.n % 5"

    with pytest.raises(TooSlow):
        ask(file, slow, limited=True)

    assert count(file) == 3_000


def test_the_outside_cannot_be_reached_by_it(tmp_path: Path):
    file = ready(write(tmp_path / "table.parquet", 10), BY_COORDINATES)

    with pytest.raises(duckdb.Error):
        ask(file, "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')")
    with pytest.raises(duckdb.Error):
        ask(file, "INSTALL httpfs")
    with pytest.raises(duckdb.Error):
        ask(file, "DELETE FROM {places}")
    with pytest.raises(duckdb.Error):
        ask(file, "SET memory_limit='10GB'")

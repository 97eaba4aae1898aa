"""Compare two tables: by a key, or as multisets of whole rows. Memory stays bounded; what is large goes to disk.

With a key, a row of the later table is *added* where its key is new, *changed* where a compared cell differs
(empty and empty are the same), *removed* where the key is gone. Without one, equal rows are counted: a row that
stands three times where it stood once was added twice.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.catalogue.domain.changes import (
    Changes,
    ColumnChanges,
    Pair,
    RowChange,
    TableColumn,
    key_candidates,
    match_columns,
)

EXAMPLES = 20
_LONGEST_VALUE = 2_000


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two tables."""

    parquet: Path
    columns: Sequence[TableColumn]
    rows: int


@dataclass(frozen=True, slots=True)
class _Work:
    connection: duckdb.DuckDBPyConnection
    old: Side
    new: Side
    pairs: Sequence[Pair]

    def relation(self, side: Side) -> str:
        return f"read_parquet({text(side.parquet)}, file_row_number=true)"


def compare(old: Side, new: Side, *, key: Sequence[str] = (), work_dir: Path) -> Changes:
    """Return what changed from one table to another.

    Args:
        key: Keys of the columns that tell rows apart, as the later table calls them. Where they do not in one of
            the two, and where there are none, a single column that does is looked for; else whole rows count.
        work_dir: Folder for what does not fit into memory.
    """
    with tempfile.TemporaryDirectory(dir=work_dir, prefix="diff-") as name, loading(Path(name)) as connection:
        columns = match_columns(old.columns, new.columns, _same_values(connection, old, new))
        work = _Work(connection, old, new, columns.pairs)
        chosen = _key(work, key)
        if chosen:
            return _by_key(work, columns, chosen)
        return _as_multisets(work, columns)


def _same_values(connection: duckdb.DuckDBPyConnection, old: Side, new: Side) -> Callable[[str, str], bool]:
    def fingerprint(side: Side, key: str) -> tuple[Any, ...]:
        name = quoted(key)
        return (
            connection.execute(
                f"SELECT count(*), count({name}), sum(CAST(hash({name}) AS HUGEINT)), bit_xor(hash({name})) "
                f"FROM read_parquet({text(side.parquet)})"
            ).fetchone()
            or ()
        )

    return lambda before, after: fingerprint(old, before) == fingerprint(new, after)


# --- the key ------------------------------------------------------------------------------------
def _key(work: _Work, wanted: Sequence[str]) -> list[Pair]:
    """Return the columns that tell rows apart in both tables; none where there are none."""
    by_key = {pair.new.key: pair for pair in work.pairs}
    if wanted and all(each in by_key for each in wanted):
        chosen = [by_key[each] for each in wanted]
        if _tells_apart(work, chosen):
            return chosen
    return next(([pair] for pair in key_candidates(work.pairs) if _tells_apart(work, [pair])), [])


def _tells_apart(work: _Work, chosen: Sequence[Pair]) -> bool:
    sides = ((work.old, [pair.old.key for pair in chosen]), (work.new, [pair.new.key for pair in chosen]))
    return all(_is_unique(work, side, keys) for side, keys in sides)


def _is_unique(work: _Work, side: Side, keys: Sequence[str]) -> bool:
    names = ", ".join(quoted(key) for key in keys)
    row = work.connection.execute(
        f"SELECT count(*) FROM (SELECT {names} FROM {work.relation(side)} GROUP BY ALL)"
    ).fetchone()
    return row is not None and int(row[0]) == side.rows


# --- with a key ---------------------------------------------------------------------------------
def _differs(pair: Pair) -> str:
    old, new = f"o.{quoted(pair.old.key)}", f"n.{quoted(pair.new.key)}"
    if pair.retyped:
        kind = "DOUBLE" if pair.as_number else "VARCHAR"
        old, new = f"CAST({old} AS {kind})", f"CAST({new} AS {kind})"
    return f"{old} IS DISTINCT FROM {new}"


def _by_key(work: _Work, columns: ColumnChanges, chosen: Sequence[Pair]) -> Changes:
    compared = [pair for pair in work.pairs if pair not in chosen]
    on = " AND ".join(
        f"o.{quoted(pair.old.key)} IS NOT DISTINCT FROM n.{quoted(pair.new.key)}" for pair in chosen
    )
    tests = [_differs(pair) for pair in compared]
    both = "o.file_row_number IS NOT NULL AND n.file_row_number IS NOT NULL"
    any_test = f"({' OR '.join(tests)})" if tests else "false"
    counts = "".join(f", count(*) FILTER ({both} AND {test})" for test in tests)
    [found] = work.connection.execute(
        f"SELECT count(*) FILTER (o.file_row_number IS NULL), count(*) FILTER (n.file_row_number IS NULL), "
        f"count(*) FILTER ({both} AND {any_test}), "
        f"min(n.file_row_number, {EXAMPLES}) FILTER (o.file_row_number IS NULL), "
        f"min(o.file_row_number, {EXAMPLES}) FILTER (n.file_row_number IS NULL), "
        f"min({{'n': n.file_row_number, 'o': o.file_row_number}}, {EXAMPLES}) FILTER ({both} AND {any_test})"
        f"{counts} FROM {work.relation(work.old)} o FULL JOIN {work.relation(work.new)} n ON {on}"
    ).fetchall()
    added, removed, changed, added_rows, removed_rows, changed_rows, *by_column = found
    pairs = [(each["o"], each["n"]) for each in changed_rows or ()]
    return _changes(
        work,
        columns,
        [pair.new.key for pair in chosen],
        (int(added), int(removed), int(changed)),
        {pair.new.key: int(count) for pair, count in zip(compared, by_column, strict=True) if count},
        (added_rows or [], removed_rows or [], pairs),
    )


# --- without ------------------------------------------------------------------------------------
def _as_multisets(work: _Work, columns: ColumnChanges) -> Changes:
    """Count equal rows on both sides. Rows are told apart by two hashes of 64 bits each."""

    def hashes(side: str) -> str:
        cells = [_cell(pair, side) for pair in work.pairs]
        listed, turned = ", ".join(["0", *cells]), ", ".join([*reversed(cells), "1"])
        return f"hash({listed}) AS a, hash({turned}) AS b"

    work.connection.execute(
        "CREATE OR REPLACE TEMP TABLE differences AS SELECT sum(s) AS n, min(o) AS o, min(w) AS w FROM ("
        f"SELECT {hashes('new')}, 1 AS s, NULL AS o, file_row_number AS w FROM {work.relation(work.new)} "
        f"UNION ALL SELECT {hashes('old')}, -1, file_row_number, NULL FROM {work.relation(work.old)}"
        ") GROUP BY a, b HAVING sum(s) <> 0"
    )
    [found] = work.connection.execute(
        "SELECT coalesce(sum(n) FILTER (n > 0), 0), coalesce(-sum(n) FILTER (n < 0), 0), "
        f"min(w, {EXAMPLES}) FILTER (n > 0), min(o, {EXAMPLES}) FILTER (n < 0) FROM differences"
    ).fetchall()
    added, removed, added_rows, removed_rows = found
    return _changes(
        work, columns, [], (int(added), int(removed), 0), {}, (added_rows or [], removed_rows or [], [])
    )


def _cell(pair: Pair, side: str) -> str:
    name = quoted(pair.old.key if side == "old" else pair.new.key)
    if pair.retyped:
        return f"CAST({name} AS {'DOUBLE' if pair.as_number else 'VARCHAR'})"
    return name


# --- examples -----------------------------------------------------------------------------------
def _changes(
    work: _Work,
    columns: ColumnChanges,
    key: list[str],
    counts: tuple[int, int, int],
    by_column: dict[str, int],
    rows: tuple[list[int], list[int], list[tuple[int, int]]],
) -> Changes:
    added, removed, changed = rows
    old = _rows(work, work.old, [*removed, *(before for before, _after in changed)])
    new = _rows(work, work.new, [*added, *(after for _before, after in changed)])
    return Changes(
        key=key,
        columns=[(pair.new.key, pair.old.key) for pair in work.pairs],
        added_columns=[column.key for column in columns.added],
        removed_columns=[column.key for column in columns.removed],
        retyped=[(p.new.key, p.old.kind, p.new.kind) for p in work.pairs if p.retyped],
        old_rows=work.old.rows,
        new_rows=work.new.rows,
        added=counts[0],
        removed=counts[1],
        changed=counts[2],
        by_column=by_column,
        added_examples=[RowChange(new=new[row]) for row in added],
        removed_examples=[RowChange(old=old[row]) for row in removed],
        changed_examples=[RowChange(old=old[before], new=new[after]) for before, after in changed],
    )


def _rows(work: _Work, side: Side, numbers: Sequence[int]) -> dict[int, list[Any]]:
    """Return rows by their number, with the compared columns' values."""
    if not numbers or not work.pairs:
        return {number: [] for number in numbers}
    names = ", ".join(quoted(pair.old.key if side is work.old else pair.new.key) for pair in work.pairs)
    listed = ", ".join(str(int(number)) for number in numbers)
    found = work.connection.execute(
        f"SELECT file_row_number, {names} FROM {work.relation(side)} WHERE file_row_number IN ({listed})"
    ).fetchall()
    return {int(number): [_plain(value) for value in values] for number, *values in found}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value[:_LONGEST_VALUE] if isinstance(value, str) else value

"""The SQL that reads cells: how it is carried out."""

import duckdb
import pytest

from tandem.catalogue.adapters.reading.cells import present_sql, typed_sql
from tandem.catalogue.domain import types
from tandem.catalogue.domain.types import ColumnType

KINDS = [
    ColumnType("text"),
    ColumnType("boolean"),
    ColumnType("time"),
    *(ColumnType("date", style) for style in types.DATES),
    *(ColumnType("datetime", style) for style in types.DATETIMES),
    *(ColumnType("decimal", style) for style in types.NUMBERS),
    ColumnType("decimal", "comma", "€"),
]


@pytest.mark.parametrize("found", KINDS, ids=str)
def test_a_typed_column_is_written_by_all_threads_in_order(found: ColumnType, tmp_path):
    """A join in its place would make one thread write everything, which takes twice as long."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE staged AS SELECT CAST(range AS VARCHAR) AS c FROM range(10)")

    plan = connection.execute(
        f"EXPLAIN COPY (SELECT {typed_sql('c', found)} AS c, {present_sql('c', found.kind)} AS present "
        f"FROM staged) TO '{tmp_path}/written.parquet' (FORMAT parquet, PRESERVE_ORDER true)"
    ).fetchall()[0][1]

    assert "BATCH_COPY_TO_FILE" in plan
    assert "JOIN" not in plan

"""Claim: the sandbox for strangers' SQL costs less than 150 ms a query; a group-by stays 5 times faster than in SQLite.

Measured: an empty query through the sandbox, and in a Python that is started for it; a group-by over 1,000,000 rows
through the sandbox, in the process itself, and in SQLite as Datasette runs it, all without HTTP.

Usage: python benchmarks/sql_sandbox.py [ROWS]
"""

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb
import peers

from tandem.catalogue.adapters import sandbox, sql_files
from tandem.catalogue.adapters.sandbox import Limits

TIMES = 15
GROUP = 'SELECT Bezirk, count(*), avg("Umfang (cm)") FROM trees GROUP BY Bezirk'


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median time of some work, after one run that is not counted."""
    work()
    spent = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - begun))
    return median(spent)


def started(table: Path) -> None:
    """Answer the empty query in a new Python."""
    attach = f"ATTACH '{table}' AS t (READ_ONLY)"
    script = f"import duckdb; c = duckdb.connect(); c.execute({attach!r}); c.execute('SELECT 1')"
    subprocess.run([sys.executable, "-I", "-c", script], check=True)


def sqlite(source: Path, folder: Path) -> sqlite3.Connection:
    """Return the rows in SQLite, as Datasette holds them."""
    database = folder / "trees.db"
    command = [
        peers.peer("sqlite-utils"),
        "insert",
        str(database),
        "trees",
        str(source),
        "--csv",
        "--delimiter",
        ";",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return sqlite3.connect(database)


def main(rows: int) -> None:
    """Measure all and print the ratios."""
    source = peers.table(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parquet = folder / "trees.parquet"
        with duckdb.connect() as connection:
            read = f"read_csv('{source}', delim=';', decimal_separator=',', header=true)"
            connection.execute(f"COPY (FROM {read}) TO '{parquet}' (FORMAT parquet)")
        begun = time.perf_counter()
        table = sql_files.made(parquet, folder)
        print(
            f"Making the file: {time.perf_counter() - begun:.2f} s, {table.stat().st_size / 1e6:.1f} MB "
            f"beside {parquet.stat().st_size / 1e6:.1f} MB of Parquet"
        )

        def ask(sql: str) -> object:
            return sandbox.ask(sql, {table: ["trees"]}, Limits())

        empty = [
            ("A Python started for it", {"ms": milliseconds(lambda: started(table))}),
            ("Tandem's sandbox", {"ms": milliseconds(lambda: ask("SELECT 1"))}),
        ]
        peer = sqlite(source, folder)
        with duckdb.connect(str(table), read_only=True, config={"threads": "1"}) as inside:
            plain = GROUP.replace("FROM trees", "FROM rows")
            groups = [
                ("SQLite, as in Datasette", {"ms": milliseconds(lambda: peer.execute(GROUP).fetchall())}),
                ("DuckDB without a sandbox", {"ms": milliseconds(lambda: inside.execute(plain).fetchall())}),
                ("Tandem's sandbox", {"ms": milliseconds(lambda: ask(GROUP))}),
            ]
        peer.close()
    peers.show("An empty query", empty, by="ms")
    peers.show(f"Group-by over {rows:,} rows", groups, by="ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

"""Claim: what changed between two versions of 1,000,000 rows is known within 3 s and 500 MB.

Both find rows added, removed and changed by their number. The peer is the plain way, as small tools have it: read
both CSV files into dictionaries and compare. Tandem compares the Parquet tables that it keeps, counts by column
and gives examples; reading the files into tables is measured by tables_import.py.

Usage: python benchmarks/version_changes.py [ROWS]
"""

import sys
import tempfile
from pathlib import Path

import duckdb
import peers

ROWS = (
    "SELECT i + {0} * 1000 AS nr, 'Straße ' || (i % 5000) AS strasse, (i * 7919 % 1000003) / 100.0 + "
    "CASE WHEN {0} = 1 AND i % 10 = 0 THEN 1 ELSE 0 END AS wert, DATE '2020-01-01' + CAST(i % 3000 AS INT) AS tag, "
    "i % 17 AS klasse, 'Bemerkung ' || (i % 977) AS text FROM range({1}) t(i)"
)
PLAIN = """
import csv, sys
def rows(path):
    with open(path, encoding="utf-8", newline="") as source:
        return {row["nr"]: row for row in csv.DictReader(source)}
old, new = rows(sys.argv[1] + ".csv"), rows(sys.argv[2] + ".csv")
added, removed = new.keys() - old.keys(), old.keys() - new.keys()
changed = [key for key in old.keys() & new.keys() if old[key] != new[key]]
assert (len(added), len(removed)) == (1000, 1000)
"""
TANDEM = """
import sys, tempfile
from pathlib import Path
from tandem.catalogue.adapters.diff import Side, compare
from tandem.catalogue.domain.changes import TableColumn
kinds = {"nr": "integer", "strasse": "text", "wert": "decimal", "tag": "date", "klasse": "integer", "text": "text"}
columns = [TableColumn(name, name, kind, name == "nr") for name, kind in kinds.items()]
sides = [Side(Path(each + ".parquet"), columns, int(sys.argv[3])) for each in sys.argv[1:3]]
with tempfile.TemporaryDirectory() as folder:
    found = compare(*sides, work_dir=Path(folder))
assert (found.key, found.added, found.removed) == (["nr"], 1000, 1000)
"""


def main(rows: int) -> None:
    """Measure both and print the ratio."""
    with tempfile.TemporaryDirectory() as name:
        sides = [str(Path(name) / side) for side in ("old", "new")]
        for number, side in enumerate(sides):
            sql = ROWS.format(number, rows)
            duckdb.execute(f"COPY ({sql}) TO '{side}.csv' (HEADER)")
            duckdb.execute(f"COPY ({sql}) TO '{side}.parquet' (FORMAT parquet, COMPRESSION zstd)")
        plain = peers.run([sys.executable, "-c", PLAIN, *sides])
        ours = peers.repeated(lambda: peers.run([sys.executable, "-c", TANDEM, *sides, str(rows)]), 3)
        figures = [("plain Python", plain), ("Tandem", ours)]
        peers.show(f"What changed between two versions of {rows:,} rows", figures, by="wall_s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

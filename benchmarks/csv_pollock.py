"""Claim: text tables are recognised without help better than by every published tool: over 9.9 of 10 on Pollock.

Pollock pollutes one table in 2,290 ways found in open data and asks how much of it a tool gives back. Each system
finds out the dialect by itself; nothing of a file's name or parameters is given to it. Of Tandem the rows are taken as
recognised, before columns get types; of DuckDB as its reader gives them, with the options of the benchmark's authors.

The authors' figures: CleverCSV 0.7.4 simple 9.193, weighted 9.453; DuckDB 1.2 automatic 9.075 and 8.439. From the
authors' own output of CleverCSV, Python's csv and pandas this score gives the published figures to the third decimal.

Usage: python benchmarks/csv_pollock.py [--data FOLDER] [--every N] [--show]
The data (csv/pollock-polluted.tar.xz) is not part of the project: its folder is named by --data or TANDEM_SHARED_DATA.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import peers
import pollock_score

from tandem.catalogue.adapters.reading.delimited import rows_as_written
from tandem.core.errors import TandemError

Rows = list[list[str]]
CLEVERCSV = """
import json, sys
import clevercsv
for path in sys.stdin.read().splitlines():
    try:
        with open(path, newline="", encoding="ascii") as opened:
            dialect = clevercsv.Sniffer().sniff(opened.read())
            opened.seek(0)
            print(json.dumps(list(clevercsv.reader(opened, dialect))), flush=True)
    except Exception:
        print("null", flush=True)
"""


def tandem(paths: Sequence[Path]) -> list[Rows | None]:
    """Return the rows that Tandem recognises in each file."""

    def one(path: Path) -> Rows | None:
        with tempfile.TemporaryDirectory() as folder:
            try:
                return rows_as_written(path, Path(folder))
            except TandemError:
                return None

    return [one(path) for path in paths]


def duckdb_sniffer(paths: Sequence[Path]) -> list[Rows | None]:
    """Return the rows that DuckDB's reader gives of each file."""

    def one(path: Path) -> Rows | None:
        try:
            found = duckdb.connect().read_csv(
                str(path), strict_mode=False, ignore_errors=True, null_padding=True
            )
            return [found.columns, *([_as_pandas_writes(cell) for cell in row] for row in found.fetchall())]
        except duckdb.Error:
            return None

    return [one(path) for path in paths]


def _as_pandas_writes(cell: object) -> str:
    return "" if cell is None else str(cell)


def clevercsv(paths: Sequence[Path]) -> list[Rows | None]:
    """Return the rows that CleverCSV gives of each file."""
    python = str(Path(peers.peer("clevercsv")).with_name("python"))
    names = "\n".join(map(str, paths))
    done = subprocess.run([python, "-c", CLEVERCSV], input=names, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


SYSTEMS: dict[str, Callable[[Sequence[Path]], list[Rows | None]]] = {
    "DuckDB, automatic": duckdb_sniffer,
    "CleverCSV": clevercsv,
    "Tandem": tandem,
}


def chosen(folder: Path, every: int) -> list[Path]:
    """Return the polluted files: those that differ as a whole, and of those with one odd row every so many-th."""
    paths = sorted((folder / "csv").glob("*.csv"))
    return [
        path for number, path in enumerate(paths) if not path.name.startswith("row") or number % every == 0
    ]


def main(data: Path, every: int, show: bool) -> None:
    """Score all systems on the same files, and print the ratio of what each of them gets wrong."""
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(data / "csv" / "pollock-polluted.tar.xz") as packed:
            packed.extractall(name, filter="data")
        weights = json.loads((Path(name) / "pollock_weights.json").read_text())
        folder = Path(name) / "polluted_files"
        paths = chosen(folder, every)
        clean = {path.name: pollock_score.clean_rows(folder / "clean" / path.name) for path in paths}
        rows = []
        for system, read in SYSTEMS.items():
            begun = time.perf_counter()
            loaded = dict(zip(clean, read(paths), strict=True))
            seconds = time.perf_counter() - begun
            figures = {file: pollock_score.measures(clean[file], loaded[file]) for file in clean}
            simple, weighted = pollock_score.scores(figures, weights)
            rows.append(
                (
                    system,
                    {"simple": simple, "weighted": weighted, "wrong_of_10": 10 - simple, "wall_s": seconds},
                )
            )
            if show:
                by_kind(system, figures)
        peers.show(f"Pollock, {len(paths)} polluted files, automatic mode, of 10", rows, by="wrong_of_10")


def by_kind(system: str, figures: dict[str, list[float]]) -> None:
    """Print the simple score of each kind of pollution."""
    kinds = defaultdict(list)
    for name, each in figures.items():
        kinds[re.sub(r"\d+", "N", name) if name.startswith("row") else name].append(sum(each))
    for kind, each in sorted(kinds.items(), key=lambda item: sum(item[1]) / len(item[1])):
        print(f"  {system:<20} {sum(each) / len(each):7.3f}  {kind} ({len(each)})")


if __name__ == "__main__":
    default = os.environ.get("TANDEM_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--data", type=Path, default=default)
    arguments.add_argument(
        "--every", type=int, default=1, help="of the files with one odd row take every N-th"
    )
    arguments.add_argument("--show", action="store_true", help="print the score of each kind of pollution")
    given = arguments.parse_args()
    if not (Path(given.data) / "csv" / "pollock-polluted.tar.xz").exists():
        sys.exit(
            f"{given.data} has no csv/pollock-polluted.tar.xz; name its folder by --data or TANDEM_SHARED_DATA."
        )
    main(Path(given.data), given.every, given.show)

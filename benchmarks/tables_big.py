"""Claim: a CSV of gigabytes is read in at most 500 MB of memory, with progress, and stops within 2 seconds when asked.

The made-up table of street trees, repeated until it has the size; once as it is, once with a quote that nobody closes
in its middle, so that every line is looked at. Each reading runs in a process of its own.

Usage: python benchmarks/tables_big.py [GIGABYTES …]
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import peers

LOAD = """
import json, resource, sys, tempfile, time
from pathlib import Path
from tandem.catalogue.adapters.tables import Cancelled, load_table
source, stop_at = Path(sys.argv[1]), float(sys.argv[2])
begun = time.perf_counter()
told, stopped = [(begun, 0.0)], []
def cancelled():
    if told[-1][1] >= stop_at:
        stopped.append(time.perf_counter())
    return bool(stopped)
with tempfile.TemporaryDirectory() as folder:
    target = Path(folder) / "t.parquet"
    rows = 0
    try:
        rows = load_table(
            source, filename=source.name, target=target, work_dir=Path(folder), cancelled=cancelled,
            progress=lambda share, _message: told.append((time.perf_counter(), share)),
        ).rows
    except Cancelled:
        pass
    ended = time.perf_counter()
    left = target.exists() or target.with_suffix(".partial").exists()
print(json.dumps({
    "rows": rows,
    "wall_s": ended - begun,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "told": len(told),
    "longest_silence_s": max(after - before for (before, _), (after, _) in zip(told, told[1:])),
    "stop_s": ended - stopped[0] if stopped else 0.0,
    "left_behind": int(left and bool(stopped)),
}))
"""


def big(gigabytes: float, slip: bytes, path: Path) -> Path:
    """Write the table, repeated until it has the size."""
    header, _, body = peers.table(1_000_000).read_bytes().partition(b"\n")
    with path.open("wb") as sink:
        sink.write(header + b"\n")
        while sink.tell() < gigabytes * 1e9:
            sink.write(body)
            if slip and sink.tell() > gigabytes * 5e8:
                sink.write(slip)
                slip = b""
    return path


def measured(source: Path, stop_at: float) -> dict[str, float]:
    """Return the figures of one reading, stopped when so much of it is done."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(source), str(stop_at)], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def main(sizes: list[float]) -> None:
    """Measure each size, whole and stopped."""
    slip = b'1;"Linde;Nord;09325;13.05.2018;27,5;379;51,606397;7,770353;990,71\n'
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            for name, odd in (("regular", b""), ("with a slip", slip)):
                source = big(size, odd, Path(folder) / "big.csv")
                rows = [
                    (f"{name}, stopped at 20 %", measured(source, 0.2)),
                    (f"{name}, stopped at 70 %", measured(source, 0.7)),
                    (f"{name}, whole", measured(source, 2)),
                ]
                peers.show(f"CSV of {source.stat().st_size / 1e9:.1f} GB", rows, by="peak_mb")


if __name__ == "__main__":
    main([float(each) for each in sys.argv[1:]] or [1, 3])

"""What every benchmark needs: an environment with the peers, tables to work on, a table of figures."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import make_table

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchmarks" / "data"
PEERS = DATA / "peers"


def peer(program: str) -> str:
    """Return the path of a peer's program; the environment is made the first time."""
    path = PEERS / "bin" / program
    if not path.exists():
        print("Making an environment for the peers …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "-q", "--require-hashes"]
        subprocess.run([*pip, "-r", str(ROOT / "requirements-bench.lock")], check=True)
    return str(path)


def table(rows: int) -> Path:
    """Return the made-up table of that length; it is made the first time."""
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / f"trees-{rows}.csv"
    if not path.exists():
        make_table.write(rows, path)
    return path


def run(command: Sequence[str], **environment: str) -> dict[str, float]:
    """Run a command, and return its wall and CPU seconds and its peak memory in MB."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **environment}
    )
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(
            f"{' '.join(command)} failed: {process.stderr.read().decode()[-800:] if process.stderr else ''}"
        )
    return {
        "wall_s": time.perf_counter() - begun,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }


def repeated(measure: Callable[[], dict[str, float]], times: int) -> dict[str, float]:
    """Return the median of each figure over several runs."""
    runs = [measure() for _ in range(times)]
    return {name: median(each[name] for each in runs) for name in runs[0]}


def show(title: str, rows: Sequence[tuple[str, dict[str, float]]], *, by: str) -> None:
    """Print the figures, and how many times less of ``by`` Tandem (the last row) takes than each peer."""
    print(f"\n{title}")
    ours = rows[-1][1][by]
    for name, figures in rows:
        shown = "  ".join(f"{key} {value:10.3f}" for key, value in figures.items())
        print(f"  {name:<28} {shown}  {by} ratio to Tandem {figures[by] / ours:8.1f}")
    print(json.dumps({"title": title, "by": by, "rows": dict(rows)}))


def own_peak_mb() -> float:
    """Return this process's peak memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

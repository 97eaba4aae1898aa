"""Tables as files that DuckDB opens by itself: what SQL of strangers reads, since it may not open Parquet.

They are a cache beside the Parquet files, made when somebody first asks, and can be thrown away at any time.
"""

import fcntl
import tempfile
from collections.abc import Collection
from pathlib import Path

from tandem.catalogue.adapters.duck import loading, text

SUFFIX = ".duckdb"


def made(parquet: Path, folder: Path) -> Path:
    """Return the file for a table; make it where it is missing or older than the table.

    Args:
        parquet: The table. Its name is the file's.
        folder: Where such files are kept.
    """
    target = folder / f"{parquet.stem}{SUFFIX}"
    if _is_current(target, parquet):
        return target
    with (folder / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one at a time: it takes memory
        if not _is_current(target, parquet):
            _make(parquet, target)
    return target


def _is_current(target: Path, parquet: Path) -> bool:
    try:
        return target.stat().st_mtime >= parquet.stat().st_mtime
    except FileNotFoundError:
        return False


def _make(parquet: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="making-") as name:
        new = Path(name) / target.name
        with loading(Path(name)) as connection:
            connection.execute(f"ATTACH {text(new)} AS made")
            connection.execute(f"CREATE TABLE made.rows AS FROM read_parquet({text(parquet)})")
            connection.execute("DETACH made")
        new.chmod(0o400)
        new.replace(target)


def prune(folder: Path, keep: Collection[str]) -> None:
    """Remove the files of tables that nobody may ask any more.

    Args:
        keep: Names of the tables that stay, without suffix.
    """
    for path in folder.glob(f"*{SUFFIX}"):
        if path.stem not in keep:
            path.unlink(missing_ok=True)

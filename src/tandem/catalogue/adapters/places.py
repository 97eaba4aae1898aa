"""Tables with a place, in a form that answers by place and page at once: one DuckDB file beside each Parquet table.

``places`` has the table's rows in the order of the file, with a number, the geometry (longitude and latitude, WGS 84)
and its bounds; pages are cut from it without sorting. ``shapes`` has what maps draw, in Web Mercator and along a
Hilbert curve. The file is derived: it is made from the table when it is first needed, and again when it is gone.
"""

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters import spatial
from tandem.catalogue.adapters.duck import MEMORY, THREADS, loading, quoted, text
from tandem.core.errors import Conflict
from tandem.core.text import say

FORM = 1  # counted up when the file's form changes, so that older ones are made again
FID, BOX, GEOMETRY = '"@fid"', ('"@xmin"', '"@ymin"', '"@xmax"', '"@ymax"'), '"@geometry"'
ROW_GROUP = 16_384
MOST_ATTACHED = 64
LONGEST_S = 10.0
EARTH_M, WORLD_M = 6_378_137.0, 20_037_508.35
MOST_NORTH = 85.05112878


class TooSlow(Conflict):
    """The question was given up after some seconds."""

    code = "catalogue.features.too-slow"

    def __init__(self) -> None:
        super().__init__(
            say(
                "The question took longer than {seconds} seconds and was given up. Ask for a smaller area, or "
                "write a simpler filter.",
                seconds=int(LONGEST_S),
            )
        )


@dataclass(frozen=True, slots=True)
class Located:
    """Which columns of a table say where a row is.

    Attributes:
        geometry: Column of GeoJSON texts in WGS 84; empty where there are coordinates.
        longitude: Column of degrees east.
        latitude: Column of degrees north.
    """

    geometry: str = ""
    longitude: str = ""
    latitude: str = ""


# --- the file -----------------------------------------------------------------------------------
_making: dict[Path, threading.Lock] = {}
_guard = threading.Lock()


def file_of(parquet: Path) -> Path:
    """Return where the places of a table are kept."""
    return parquet.with_suffix(f".places{FORM}.duckdb")


def ready(parquet: Path, located: Located) -> Path:
    """Return the file of a table's places, made where it is missing or older than the table."""
    target = file_of(parquet)
    if _is_fresh(target, parquet):
        return target
    with _guard:
        lock = _making.setdefault(target, threading.Lock())
    with lock:
        if not _is_fresh(target, parquet):
            _make(parquet, located, target)
    return target


def _is_fresh(target: Path, parquet: Path) -> bool:
    try:
        return target.stat().st_mtime_ns >= parquet.stat().st_mtime_ns
    except FileNotFoundError:
        return False


def discard(parquet: Path) -> None:
    """Remove what was derived from a table for its places."""
    for old in parquet.parent.glob(f"{parquet.stem}.places*.duckdb"):
        old.unlink(missing_ok=True)


def _make(parquet: Path, located: Located, target: Path) -> None:
    """Write the file beside the table; it appears whole or not at all."""
    with tempfile.TemporaryDirectory(dir=parquet.parent, prefix="places-") as folder:
        partial = Path(folder) / "places.duckdb"
        with loading(Path(folder)) as connection:
            spatial.load(connection)
            connection.execute(f"ATTACH {text(partial)} AS made (ROW_GROUP_SIZE {ROW_GROUP})")
            connection.execute(f"CREATE TABLE made.places AS {_places(parquet, located)}")
            connection.execute(f"CREATE TABLE made.shapes AS {_shapes(located)}")
            connection.execute("DETACH made")
        discard(parquet)
        partial.replace(target)


def _places(parquet: Path, located: Located) -> str:
    """Return the SQL of the rows with their places. What is no geometry, or empty, or has open rings, has no place."""
    if located.geometry:
        read = f"TRY(ST_GeomFromGeoJSON({quoted(located.geometry)}))"
        sound = f"(ST_IsValid({GEOMETRY}) OR TRY(ST_Normalize({GEOMETRY})) IS NOT NULL)"
        can_be = f"NOT ST_IsEmpty({GEOMETRY}) AND {sound}"
        geometry = f"CASE WHEN {can_be} THEN {GEOMETRY} END"
        others = f"* EXCLUDE (file_row_number, {quoted(located.geometry)})"
    else:
        x, y = quoted(located.longitude), quoted(located.latitude)
        read = f"CASE WHEN {x} BETWEEN -180 AND 180 AND {y} BETWEEN -90 AND 90 THEN ST_Point({x}, {y}) END"
        geometry = GEOMETRY
        others = "* EXCLUDE (file_row_number)"
    source = f"read_parquet({text(parquet)}, file_row_number=true)"
    bounds = ", ".join(
        f"{function}({GEOMETRY}) AS {name}"
        for function, name in zip(("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"), BOX, strict=True)
    )
    rows = f"SELECT file_row_number + 1 AS {FID}, {read} AS {GEOMETRY}, {others} FROM {source}"
    sound = f"SELECT * REPLACE ({geometry} AS {GEOMETRY}) FROM ({rows})"
    return f"SELECT {FID}, {bounds}, * EXCLUDE ({FID}) FROM ({sound})"


def _shapes(located: Located) -> str:
    """Return the SQL of what maps draw: middle and size in metres of Web Mercator, and lines and areas themselves."""
    west, south, east, north = BOX
    x = f"({EARTH_M} * radians({{}}))"
    y = f"({EARTH_M} * ln(tan(pi() / 4 + radians(least(greatest({{}}, -{MOST_NORTH}), {MOST_NORTH})) / 2)))"
    flat = f"ST_Force2D({GEOMETRY})"
    sound = f"CASE WHEN ST_IsValid({flat}) THEN {flat} ELSE TRY(ST_MakeValid({flat})) END"
    drawn = f"ST_Transform({sound}, 'OGC:CRS84', 'EPSG:3857')"
    is_point = f"ST_GeometryType({GEOMETRY})::VARCHAR = 'POINT'"
    shape = f"CASE WHEN {is_point} THEN NULL ELSE {drawn} END" if located.geometry else "NULL::GEOMETRY"
    ends = ", ".join(
        f"{form.format(value)} AS {name}"
        for form, value, name in ((x, west, "x1"), (y, south, "y1"), (x, east, "x2"), (y, north, "y2"))
    )
    world = f"{{'min_x': -{WORLD_M}, 'min_y': -{WORLD_M}, 'max_x': {WORLD_M}, 'max_y': {WORLD_M}}}"
    rows = (
        f"SELECT {FID} AS fid, {ends}, {shape} AS shape FROM made.places "
        f"WHERE {GEOMETRY} IS NOT NULL AND {south} <= {MOST_NORTH} AND {north} >= -{MOST_NORTH}"
    )
    middle = "(x1 + x2) / 2 AS x, (y1 + y2) / 2 AS y, greatest(x2 - x1, y2 - y1) AS size"
    return (
        f"SELECT fid, {middle}, x1, y1, x2, y2, shape FROM ({rows}) "
        f"ORDER BY ST_Hilbert(ST_Point((x1 + x2) / 2, (y1 + y2) / 2), {world}::BOX_2D), fid"
    )


# --- asking -------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Attached:
    """A file that the instance has open.

    Attributes:
        signature: Which file it is, so that one that was put in its place is noticed.
        users: How many questions are being answered from it.
    """

    name: str
    signature: tuple[int, int]
    users: int = 0


class _Reader:
    """One DuckDB instance for the whole process; threads have cursors of it, tables are attached as they are asked."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.instance: duckdb.DuckDBPyConnection | None = None
        self.attached: OrderedDict[Path, _Attached] = OrderedDict()
        self.count = 0
        self.local = threading.local()

    def _started(self) -> duckdb.DuckDBPyConnection:
        if self.instance is None:
            made = duckdb.connect(
                config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
            )
            spatial.load(made)
            made.execute(f"SET memory_limit='{MEMORY}'; SET threads={THREADS}; SET temp_directory=''")
            made.execute("SET preserve_insertion_order=true")  # pages are cut without sorting
            made.execute("SET enable_progress_bar=false; SET lock_configuration=true")
            self.instance = made
        return self.instance

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return this thread's cursor."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self.local, "cursor", None)
        if cursor is None:
            with self.lock:
                cursor = self.local.cursor = self._started().cursor()
        return cursor

    @contextmanager
    def using(self, file: Path) -> Iterator[str]:
        """Give the name under which a file is attached; it stays attached until the block ends."""
        with self.lock:
            held = self._held(file)
            held.users += 1
        try:
            yield held.name
        finally:
            with self.lock:
                held.users -= 1

    def _held(self, file: Path) -> _Attached:
        """Return the file, attached anew where it was replaced; those not asked for longest make room.

        A file that was replaced while it is being read is read on: DuckDB opens no path twice, and what is
        derived from the same version of a table is the same.
        """
        found = file.stat()
        signature = (found.st_ino, found.st_mtime_ns)
        held = self.attached.get(file)
        if held and (held.signature == signature or held.users):
            self.attached.move_to_end(file)
            return held
        idle = [path for path, each in self.attached.items() if not each.users]
        for path in {file, *idle[: max(0, len(self.attached) + 1 - MOST_ATTACHED)]} & set(self.attached):
            self._started().execute(f"DETACH {self.attached.pop(path).name}")
        self.count += 1
        made = _Attached(f"places_{self.count}", signature)
        self._started().execute(f"ATTACH {text(file)} AS {made.name} (READ_ONLY)")
        self.attached[file] = made
        return made


_reader = _Reader()


@contextmanager
def _limited(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt what the cursor does when it takes too long."""
    timer = threading.Timer(LONGEST_S, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise TooSlow from error
    finally:
        timer.cancel()


def ask(file: Path, sql: str, values: Sequence[Any] = (), *, limited: bool = False) -> list[tuple[Any, ...]]:
    """Return the answer to a question about a table's places.

    Args:
        file: As ``ready`` returned it.
        sql: With ``{places}`` and ``{shapes}`` where the tables' names go, and question marks for values.
        limited: True where a stranger wrote part of the question, so that it may take long.

    Raises:
        TooSlow: It took longer than ``LONGEST_S``.
    """
    with _reader.using(file) as name:
        asked = sql.replace("{places}", f"{name}.places").replace("{shapes}", f"{name}.shapes")
        cursor = _reader.cursor()
        with _limited(cursor) if limited else nullcontext():
            return cursor.execute(asked, list(values)).fetchall()

"""Read a file as a table: bytes → dialect → text columns → typed columns in Parquet, and a report of it all.

A bad cell never fails a file: it becomes empty in the table and is listed. The target appears in one step, whole.
"""

import codecs
import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters import geojson
from tandem.catalogue.adapters.duck import loading, quoted, text
from tandem.catalogue.domain import types
from tandem.catalogue.domain.dialect import Dialect, detect_dialect, detect_encoding, footer_reason, is_binary
from tandem.catalogue.domain.report import (
    BAD_CELLS_KEPT,
    BadCell,
    ColumnProfile,
    ColumnReport,
    DroppedLine,
    LoadReport,
)
from tandem.catalogue.domain.types import ColumnType, column_keys, detect_type, mixed
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

Progress = Callable[[float, str], None]
HEAD_BYTES, TAIL_BYTES, CHUNK_BYTES = 262_144, 65_536, 4_194_304
SAMPLE_CELLS = 2_000
MOST_BAD_SHARE = 0.1
MOST_COLUMNS = 2_000
TOP_VALUES = 40
LONGEST_MARK = max(len(mark.encode()) for mark in types.MISSING)
_KINDS = {
    "integer": say("whole numbers"),
    "decimal": say("decimal numbers"),
    "date": say("dates"),
    "datetime": say("dates with a time"),
    "time": say("times"),
}
_PACKED = {b"PK\x03\x04": "ZIP", b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"BZh": "bzip2"}
_OTHERS = {
    b"%PDF": say("a PDF"),
    b"\xd0\xcf\x11\xe0": say("an old Office file"),
    b"SQLite format 3": say("an SQLite database"),
    b"\x89PNG": say("a picture"),
}


class NotATable(InvalidInput):
    """The file cannot be read as a table."""

    code = "catalogue.table.not-a-table"


class BinaryFile(NotATable):
    """The file is no text, whatever its name says."""

    code = "catalogue.table.binary"

    def __init__(self, filename: str, what: str) -> None:
        super().__init__(
            say(
                "{filename} is {what}, not a text table. Save it as CSV in the program that made it.",
                filename=filename,
                what=what,
            )
        )


class PackedFile(NotATable):
    """The file is an archive."""

    code = "catalogue.table.packed"

    def __init__(self, filename: str, kind: str) -> None:
        super().__init__(
            say(
                "{filename} is packed ({kind}) and was not unpacked, as what is inside could be of any "
                "size. Unpack it and upload the table itself.",
                filename=filename,
                kind=kind,
            )
        )


class NoRows(NotATable):
    """There is no row of data in the file."""

    code = "catalogue.table.no-rows"

    def __init__(self, filename: str) -> None:
        super().__init__(
            say(
                "{filename} has no rows of data. Is it the right file, and was it saved with its content?",
                filename=filename,
            )
        )


class TooManyColumns(NotATable):
    """The file has more columns than a table can have."""

    code = "catalogue.table.too-many-columns"

    def __init__(self, filename: str, columns: int) -> None:
        super().__init__(
            say(
                "{filename} has {columns} columns; at most {most_columns} can be read. Turn rows and "
                "columns.",
                filename=filename,
                columns=columns,
                most_columns=MOST_COLUMNS,
            )
        )


class Unreadable(NotATable):
    """The file looks like a table and breaks off."""

    code = "catalogue.table.unreadable"

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(say("{filename} could not be read: {problem}", filename=filename, problem=problem))


class Cancelled(Conflict):
    """Somebody asked to stop."""

    code = "catalogue.table.cancelled"

    def __init__(self, filename: str) -> None:
        super().__init__(say("Reading {filename} was stopped. Nothing was changed.", filename=filename))


def load_table(
    source: Path,
    *,
    filename: str,
    target: Path,
    work_dir: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> LoadReport:
    """Read a file into a Parquet table.

    Args:
        source: The file. Its content decides what it is; its name does not.
        filename: What people call it.
        target: Where the table goes; it appears whole or not at all.
        work_dir: Folder for what is needed on the way.
        progress: Called with the share done (0 to 1) and a sentence.
        cancelled: Asked between steps whether to stop.

    Raises:
        NotATable: Binary, packed, empty of rows, or broken; each kind has a code of its own.
        Cancelled: ``cancelled`` said so.
    """
    tell = progress or (lambda _share, _message: None)

    def step(share: float, message: str) -> None:
        if cancelled and cancelled():
            raise Cancelled(filename)
        tell(share, message)

    head = _head(source)
    _refuse_others(head, filename)
    step(0.02, say("Looking at the file"))
    plain = _utf8(source, head, work_dir)
    partial = target.with_suffix(".partial")
    try:
        if geojson.is_json(head):
            report = _load_json(plain, filename, partial, work_dir, step)
        else:
            report = _load_text(plain, detect_encoding(head), filename, partial, work_dir, step)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    tell(1.0, f"{report.rows} rows read")
    return report


# --- bytes --------------------------------------------------------------------------------------
def _head(source: Path) -> bytes:
    with source.open("rb") as opened:
        return opened.read(HEAD_BYTES)


def _refuse_others(head: bytes, filename: str) -> None:
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NoRows(filename)
    for magic, kind in _PACKED.items():
        if head.startswith(magic):
            raise PackedFile(filename, kind)
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise BinaryFile(filename, what)
    if is_binary(head):
        raise BinaryFile(filename, say("a binary file"))


def _utf8(source: Path, head: bytes, work_dir: Path) -> Path:
    """Return the file as UTF-8 with line feeds: itself where it is so already, else a copy."""
    encoding = detect_encoding(head)
    if encoding == "utf-8" and b"\r" not in head.replace(b"\r\n", b"") and _is_utf8(source):
        return source
    if encoding == "utf-8" and not _is_utf8(source):
        encoding = "cp1252"
    target = work_dir / "utf-8"
    with source.open("rb") as opened, target.open("w", encoding="utf-8", newline="") as sink:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        lone = b"\r" in head and b"\n" not in head
        while chunk := opened.read(CHUNK_BYTES):
            piece = decoder.decode(chunk)
            sink.write(piece.replace("\r", "\n") if lone else piece)
        sink.write(decoder.decode(b"", final=True))
    return target


def _is_utf8(source: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open("rb") as opened:
        try:
            while chunk := opened.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


# --- text tables --------------------------------------------------------------------------------
def _load_text(
    plain: Path, encoding: str, filename: str, partial: Path, work_dir: Path, step: Progress
) -> LoadReport:
    head, tail, whole = _ends(plain)
    dialect = detect_dialect(head, tail, encoding=encoding, whole=whole)
    if dialect.columns > MOST_COLUMNS:
        raise TooManyColumns(filename, dialect.columns)
    preamble, header = _above(head, dialect)
    names = header or [f"Spalte {number}" for number in range(1, dialect.columns + 1)]
    names = [name.strip() or f"Spalte {number}" for number, name in enumerate(names, start=1)]
    keys = column_keys(names)
    staged = work_dir / "staged.parquet"
    with loading(work_dir) as connection:
        step(0.1, say("Reading rows"))
        skip = dialect.preamble_lines + (1 if dialect.has_header else 0)
        findings = _stage(connection, plain, dialect, keys, skip, staged, filename)
        step(0.5, say("Recognising columns"))
        read = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(staged)]).fetchone()
        total = int(read[0]) if read else 0
        rows = max(0, total - dialect.footer_rows)
        if not rows:
            raise NoRows(filename)
        first_line = skip + 1 if _lines_are_rows(head, dialect) else 0
        dropped = preamble + _below(connection, staged, keys, rows, total, first_line)
        columns = _type_columns(connection, staged, partial, names, keys, rows, first_line, step)
        findings += _mixed_columns(connection, columns, rows)
        step(0.9, say("Describing columns"))
        columns = _with_profiles(connection, partial, columns)
    return LoadReport(columns=columns, rows=rows, dialect=dialect, dropped_lines=dropped, findings=findings)


def _ends(plain: Path) -> tuple[str, str, bool]:
    size = plain.stat().st_size
    with plain.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
        opened.seek(max(0, size - TAIL_BYTES))
        tail = opened.read()
    whole = size <= HEAD_BYTES
    end = tail.decode("utf-8", errors="ignore")
    if size > TAIL_BYTES:
        end = end.partition("\n")[2]
    return head.decode("utf-8", errors="ignore").lstrip("\ufeff"), end, whole


def _above(head: str, dialect: Dialect) -> tuple[list[DroppedLine], list[str]]:
    lines = head.splitlines()
    above = [
        DroppedLine(number, line[:300], "preamble" if line.strip(dialect.delimiter + " ") else "blank")
        for number, line in enumerate(lines[: dialect.preamble_lines], start=1)
    ]
    if not dialect.has_header:
        return above, []
    reader = csv.reader(
        lines[dialect.preamble_lines :], delimiter=dialect.delimiter, quotechar=dialect.quote or None
    )
    header = next(reader, [])
    return above, (header + [""] * dialect.columns)[: dialect.columns]


def _lines_are_rows(head: str, dialect: Dialect) -> bool:
    return not dialect.quote or head.count(dialect.quote) % 2 == 0


def _stage(
    connection: duckdb.DuckDBPyConnection,
    plain: Path,
    dialect: Dialect,
    keys: Sequence[str],
    skip: int,
    staged: Path,
    filename: str,
) -> list[Finding]:
    columns = ", ".join(f"{text(key)}: 'VARCHAR'" for key in keys)
    options = (
        f"auto_detect=false, header=false, skip={skip}, columns={{{columns}}}, delim={text(dialect.delimiter)}, "
        f"quote={text(dialect.quote)}, escape={text(dialect.escape)}, null_padding=true, strict_mode=false, "
        f"ignore_errors=true, store_rejects=true, max_line_size=10000000, nullstr='\\x01'"
    )
    copy = "COPY (SELECT * FROM read_csv({}, {}, parallel={})) TO {} (FORMAT parquet, COMPRESSION snappy)"
    problem: duckdb.Error | None = None
    for parallel in ("true", "false"):
        try:
            connection.execute(copy.format(text(plain), options, parallel, text(staged)))
        except duckdb.Error as error:
            problem = error
            connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
            continue
        return _rejected(connection)
    raise Unreadable(filename, str(problem).partition("\n")[0])


def _rejected(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    rows = connection.execute(
        "SELECT line, error_type, csv_line FROM reject_errors ORDER BY line LIMIT 100"
    ).fetchall()
    return [
        Finding(
            Severity.WARNING,
            "catalogue.table.bad-row",
            f"line {line}",
            say(
                "This row was left out ({kind}): {content}",
                kind=str(kind).lower(),
                content=str(content)[:200],
            ),
        )
        for line, kind, content in rows
    ]


def _below(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    keys: Sequence[str],
    rows: int,
    total: int,
    first_line: int,
) -> list[DroppedLine]:
    if rows == total:
        return []
    names = ", ".join(quoted(key) for key in keys)
    found = connection.execute(
        f"SELECT file_row_number, {names} FROM read_parquet(?, file_row_number=true) "
        "WHERE file_row_number >= ? ORDER BY file_row_number",
        [str(staged), rows],
    ).fetchall()
    return [
        DroppedLine(
            line=first_line + number if first_line else 0,
            text="; ".join(cell for cell in cells if cell)[:300],
            reason=footer_reason([cell or "" for cell in cells]),
        )
        for number, *cells in found
    ]


# --- types --------------------------------------------------------------------------------------
def _type_columns(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    partial: Path,
    names: Sequence[str],
    keys: Sequence[str],
    rows: int,
    first_line: int,
    step: Progress,
) -> list[ColumnReport]:
    connection.execute(
        "CREATE OR REPLACE VIEW staged AS SELECT * FROM "
        f"read_parquet({text(staged)}, file_row_number=true) WHERE file_row_number < {rows}"
    )
    found = _detect(connection, names, keys, rows)
    step(0.6, say("Writing the table"))
    while True:
        _write(connection, keys, found, partial)
        present, kept = _counts(connection, keys, partial, rows)
        bad = [int(present[number] - kept[number]) for number in range(len(keys))]
        worse = [
            n for n in range(len(keys)) if bad[n] > MOST_BAD_SHARE * present[n] and found[n].kind != "text"
        ]
        if not worse:
            break
        found = [ColumnType("text") if number in worse else each for number, each in enumerate(found)]
    step(0.85, say("Looking for cells that do not fit"))
    return [
        ColumnReport(
            key=keys[number],
            name=names[number],
            kind=found[number].kind,
            unit=found[number].unit,
            rows=rows,
            nulls=int(rows - kept[number]),
            bad_count=bad[number],
            bad_cells=_bad_cells(connection, keys[number], found[number], first_line) if bad[number] else [],
        )
        for number in range(len(keys))
    ]


def _sample(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], rows: int) -> list[tuple[Any, ...]]:
    """Return the first rows and some from all over the table, as written."""
    columns = ", ".join(quoted(key) for key in keys)
    stride = max(1, rows // (SAMPLE_CELLS // 2))
    return connection.execute(
        f"SELECT {columns} FROM staged WHERE file_row_number < {SAMPLE_CELLS // 2} "
        f"OR file_row_number % {stride} = 0 LIMIT {SAMPLE_CELLS * 2}"
    ).fetchall()


def _mixed_columns(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[ColumnReport], rows: int
) -> list[Finding]:
    """Return a finding for each text column that is mostly numbers or dates, so that somebody can mend it."""
    texts = [column for column in columns if column.kind == "text"]
    sample = _sample(connection, [column.key for column in texts], rows) if texts else []
    found = [
        (column, mixed(column.name, (row[number] or "" for row in sample)))
        for number, column in enumerate(texts)
    ]
    return [
        Finding(
            Severity.WARNING,
            "catalogue.table.mixed-column",
            column.name,
            say(
                "Read as text: {fit} of {cells} cells looked at are {kind}, too few for the rest to be "
                "mistakes. What does not fit: {others}. Correct these cells and upload the file again to "
                "have numbers and dates sorted, filtered and drawn as such.",
                fit=near.fit,
                cells=near.cells,
                kind=_KINDS[near.kind],
                others=", ".join(near.others)[:200],
            ),
        )
        for column, near in found
        if near
    ]


def _detect(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], keys: Sequence[str], rows: int
) -> list[ColumnType]:
    sample = _sample(connection, keys, rows)
    found = [detect_type(name, (row[number] or "" for row in sample)) for number, name in enumerate(names)]
    whole = [number for number, each in enumerate(found) if each.kind == "integer"]
    if whole:
        tests = ", ".join(f"bool_or(regexp_matches(trim({quoted(keys[n])}), '^0[0-9]+$'))" for n in whole)
        codes = connection.execute(f"SELECT {tests} FROM staged").fetchone() or ()
        for number, is_code in zip(whole, codes, strict=True):
            if is_code:
                found[number] = ColumnType("text")
    return found


def _write(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str], found: Sequence[ColumnType], partial: Path
) -> None:
    typed = ", ".join(f"{_typed(key, each)} AS {quoted(key)}" for key, each in zip(keys, found, strict=True))
    connection.execute(
        f"COPY (SELECT {typed} FROM staged) TO {text(partial)} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


def _present(key: str) -> str:
    marks = ", ".join(text(mark) for mark in sorted(types.MISSING))
    return f"(lower(trim({quoted(key)})) NOT IN ({marks}))"


def _typed(key: str, found: ColumnType) -> str:
    """Return the SQL that reads a cell, or gives NULL where it is missing or does not fit."""
    cell = f"trim({quoted(key)})"
    if found.kind == "text":
        long = f"strlen({quoted(key)}) > {LONGEST_MARK}"
        return f"CASE WHEN {long} THEN nullif({cell}, '') WHEN {_present(key)} THEN {cell} END"
    if found.kind == "boolean":
        true, false = (", ".join(text(word) for word in sorted(words)) for words in types.boolean_words())
        return f"CASE WHEN lower({cell}) IN ({true}) THEN true WHEN lower({cell}) IN ({false}) THEN false END"
    if found.kind == "time":
        seconds = f"CASE WHEN length({cell}) < 6 THEN ':00' ELSE '' END"
        return f"CASE WHEN regexp_full_match({cell}, {text(types.TIME)}) THEN TRY_CAST({cell} || {seconds} AS TIME) END"
    if found.kind == "date":
        pattern, form = types.DATES[found.style]
        day = f"TRY_CAST(try_strptime({cell}, {text(form)}) AS DATE)"
        return f"CASE WHEN regexp_full_match({cell}, {text(pattern)}) THEN {day} END"
    if found.kind == "datetime":
        return _typed_datetime(cell, found)
    return _typed_number(cell, found)


def _typed_datetime(cell: str, found: ColumnType) -> str:
    pattern, forms = types.DATETIMES[found.style]
    if found.style == "iso":
        zoned = f"CAST(TRY_CAST({cell} AS TIMESTAMPTZ) AS TIMESTAMP)"
        moment = f"coalesce(TRY_CAST({cell} AS TIMESTAMP), {zoned})"
        return f"CASE WHEN regexp_full_match({cell}, {text(pattern)}) THEN {moment} END"
    tries = ", ".join(text(form) for form in forms)
    return f"try_strptime(replace({cell}, ',', ''), [{tries}])"


def _typed_number(cell: str, found: ColumnType) -> str:
    pattern, thousands, point = types.NUMBERS[found.style]
    if found.unit:
        cell = f"trim(regexp_replace({cell}, '(%|‰|€|EUR|Euro|[$£])', '', 'g'))"
    kind = "BIGINT" if found.kind == "integer" else "DOUBLE"
    number = cell
    if thousands:
        gone = "[   ]" if thousands == " " else "['’]" if thousands == "'" else ""
        number = (
            f"regexp_replace({number}, {text(gone)}, '', 'g')"
            if gone
            else f"replace({number}, {text(thousands)}, '')"
        )
    if point == ",":
        number = f"replace({number}, ',', '.')"
    return f"CASE WHEN regexp_full_match({cell}, {text(pattern)}) THEN TRY_CAST({number} AS {kind}) END"


def _counts(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str], partial: Path, rows: int
) -> tuple[Sequence[int], Sequence[int]]:
    """Return how many cells of each column say something, and how many were read."""
    kept = ", ".join(f"count({quoted(key)})" for key in keys)
    after = connection.execute(f"SELECT {kept} FROM read_parquet({text(partial)})").fetchone() or ()
    doubtful = [number for number in range(len(keys)) if after[number] < rows]
    before = list(after)
    if doubtful:
        present = ", ".join(f"count(*) FILTER ({_present(keys[number])})" for number in doubtful)
        counts = connection.execute(f"SELECT {present} FROM staged").fetchone() or ()
        for number, count in zip(doubtful, counts, strict=True):
            before[number] = count
    return before, after


def _bad_cells(
    connection: duckdb.DuckDBPyConnection, key: str, found: ColumnType, first_line: int
) -> list[BadCell]:
    rows = connection.execute(
        f"SELECT file_row_number, {quoted(key)} FROM staged WHERE {_present(key)} "
        f"AND ({_typed(key, found)}) IS NULL ORDER BY file_row_number LIMIT {BAD_CELLS_KEPT}"
    ).fetchall()
    return [BadCell(first_line + row if first_line else 0, row + 1, raw[:200]) for row, raw in rows]


# --- what the columns hold ----------------------------------------------------------------------
def _with_profiles(
    connection: duckdb.DuckDBPyConnection, partial: Path, columns: Sequence[ColumnReport]
) -> list[ColumnReport]:
    aggregates = ", ".join(_aggregates(column) for column in columns)
    values = list(
        connection.execute(f"SELECT {aggregates} FROM read_parquet({text(partial)})").fetchone() or ()
    )
    profiled = []
    for number, column in enumerate(columns):
        distinct, least, most, mean = values[4 * number : 4 * number + 4]
        few = column.kind in {"text", "boolean"} and 0 < distinct <= TOP_VALUES
        top = _top(connection, partial, column.key) if few else []
        profile = ColumnProfile(
            distinct=len(top) or min(int(distinct), column.rows - column.nulls),
            min=_plain(least),
            max=_plain(most),
            mean=mean,
            top=top,
            role=role_of(column.name, column.kind, least, most),
        )
        profiled.append(replace(column, profile=profile))
    latitudes = [column for column in profiled if column.profile.role == "latitude"]
    longitudes = [column for column in profiled if column.profile.role == "longitude"]
    return profiled if bool(latitudes) == bool(longitudes) else [_without_role(column) for column in profiled]


def _without_role(column: ColumnReport) -> ColumnReport:
    if column.profile.role not in {"latitude", "longitude"}:
        return column
    return replace(column, profile=replace(column.profile, role=""))


def _aggregates(column: ColumnReport) -> str:
    name = quoted(column.key)
    if column.kind == "geometry":
        return "0, NULL, NULL, NULL"
    mean = f"avg({name})" if column.kind in {"integer", "decimal"} else "NULL"
    ends = "NULL, NULL" if column.kind == "text" else f"min({name}), max({name})"
    return f"approx_count_distinct({name}), {ends}, {mean}"


def _top(connection: duckdb.DuckDBPyConnection, partial: Path, key: str) -> list[tuple[Any, int]]:
    name = quoted(key)
    rows = connection.execute(
        f"SELECT {name}, count(*) AS n FROM read_parquet({text(partial)}) WHERE {name} IS NOT NULL "
        f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT {TOP_VALUES + 20}"
    ).fetchall()
    return [(value, int(count)) for value, count in rows]


def _plain(value: Any) -> Any:
    return (
        value
        if value is None or isinstance(value, int | float | bool)
        else str(value)
        if not hasattr(value, "isoformat")
        else value.isoformat()
    )


_LATITUDES = {
    "lat",
    "latitude",
    "breite",
    "breitengrad",
    "geo_breite",
    "latitudine",
    "y",
    "geogr_breite",
    "lat_wgs84",
    "wgs84_lat",
    "breite_wgs84",
    "nord",
}
_LONGITUDES = {
    "lon",
    "lng",
    "long",
    "longitude",
    "laenge",
    "laengengrad",
    "geo_laenge",
    "longitudine",
    "x",
    "geogr_laenge",
    "lon_wgs84",
    "wgs84_lon",
    "laenge_wgs84",
    "ost",
    "est",
}


def role_of(name: str, kind: str, least: Any, most: Any) -> str:
    """Return whether a column holds coordinates: by its name, and only where its values can be degrees."""
    if kind == "geometry":
        return "geometry"
    if kind not in {"decimal", "integer"} or least is None:
        return ""
    key = column_keys([name])[0]
    words = {key, *key.split("_")}
    if words & _LATITUDES and least >= -90 and most <= 90:
        return "latitude"
    if words & _LONGITUDES and least >= -180 and most <= 180:
        return "longitude"
    return ""


# --- JSON ---------------------------------------------------------------------------------------
def _load_json(plain: Path, filename: str, partial: Path, work_dir: Path, step: Progress) -> LoadReport:
    try:
        found = geojson.read(plain)
    except (ValueError, RecursionError) as error:
        raise Unreadable(filename, f"it begins like JSON and is none ({error}).") from error
    if not found.rows:
        raise NoRows(filename)
    keys = column_keys(found.names)
    lines = work_dir / "rows.json"
    longest = 0
    with lines.open("wb") as sink:
        for row in found.rows:
            line = json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False).encode() + b"\n"
            longest = max(longest, len(line))
            sink.write(line)
    step(0.5, say("Recognising columns"))
    kinds = [found.kind(number) for number in range(len(keys))]
    with loading(work_dir) as connection:
        columns = ", ".join(
            f"{text(key)}: {text(_JSON_TYPES[kind])}" for key, kind in zip(keys, kinds, strict=True)
        )
        connection.execute(
            f"COPY (SELECT * FROM read_json({text(lines)}, format='newline_delimited', columns={{{columns}}}, "
            f"maximum_object_size={longest + 1_000})) TO {text(partial)} (FORMAT parquet, COMPRESSION zstd)"
        )
        kept = _kept(connection, keys, partial)
        reports = [
            ColumnReport(
                key=key, name=name, kind=kind, rows=len(found.rows), nulls=int(len(found.rows) - count)
            )
            for key, name, kind, count in zip(keys, found.names, kinds, kept, strict=True)
        ]
        step(0.9, say("Describing columns"))
        return LoadReport(columns=_with_profiles(connection, partial, reports), rows=len(found.rows))


_JSON_TYPES = {
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "text": "VARCHAR",
    "geometry": "VARCHAR",
}


def _kept(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], partial: Path) -> Sequence[int]:
    kept = ", ".join(f"count({quoted(key)})" for key in keys)
    return connection.execute(f"SELECT {kept} FROM read_parquet({text(partial)})").fetchone() or ()

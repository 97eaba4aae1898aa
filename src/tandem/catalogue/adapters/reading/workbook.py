"""Workbooks as tables: one sheet of an XLSX, XLSB, XLS or ODS file."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tandem.catalogue.adapters import apart
from tandem.catalogue.adapters.duck import loading, text
from tandem.catalogue.adapters.reading import archive
from tandem.catalogue.adapters.reading.cells import one_of_sql
from tandem.catalogue.adapters.reading.landing import Incoming, land
from tandem.catalogue.adapters.reading.refusals import NoRows, NoSuchPart, Unreadable
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.report import ColumnReport, DroppedLine, LoadReport, Origin, Part
from tandem.catalogue.domain.types import MISSING, detect_type
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_OLE = b"\xd0\xcf\x11\xe0"
_FORMATS = {"xl/workbook.xml": "XLSX", "xl/workbook.bin": "XLSB"}
_LINE_BYTES = 2_000_000
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"


def kind_of(source: Path, head: bytes) -> str:
    """Return what kind of workbook a file is by its content: ``XLSX``, ``XLSB``, ``XLS``, ``ODS``; or empty."""
    if head.startswith(_OLE):
        return "XLS" if "Workbook".encode("utf-16-le") in head or "Book".encode("utf-16-le") in head else ""
    if not head.startswith(archive.MAGIC):
        return ""
    if _ODS in head[:200]:
        return "ODS"
    inside = set(archive.names(source))
    return next((kind for name, kind in _FORMATS.items() if name in inside), "")


def read(task: Task, kind: str) -> LoadReport:
    """Read a sheet: the wanted one, else the first that is shown.

    Raises:
        NotATable: Damaged, a bomb, locked, without such a sheet, or empty.
    """
    task.step(0.05, say("Looking at the sheets"))
    parts = parts_of(task.source, task.filename, task.work_dir, tell=_tell(task, 0.05, 0.1))
    name = _chosen(parts, task)
    staged = task.work_dir / "sheet.csv"
    found = _apart(
        "workbook.sheet",
        {"path": str(task.source.resolve()), "name": name, "out": str(staged.resolve())},
        task.filename,
        task.work_dir,
        _tell(task, 0.1, 0.4),
    )
    incoming = [Incoming(each["name"], _kind(each)) for each in found["columns"]]
    if not found["rows"]:
        raise NoRows(task.filename)
    with loading(task.work_dir) as connection:
        parquet = _stage(connection, staged, incoming, found["longest"], task)
        columns, findings = land(connection, parquet, incoming, found["rows"], task)
    return LoadReport(
        columns,
        found["rows"],
        dropped_lines=[DroppedLine(*each) for each in (*found["above"], *found["below"])],
        findings=[*_notes(found), *_empty(columns), *findings],
        origin=Origin(kind, part=name, parts=parts),
    )


def _kind(column: Mapping[str, str]) -> str:
    """Return a column's kind; a postcode and the like is no number although it is stored as one."""
    is_number = column["kind"] in {"integer", "decimal"}
    return "text" if is_number and detect_type(column["name"], ["1"]).kind == "text" else column["kind"]


def parts_of(source: Path, filename: str, work_dir: Path, *, tell: Callable[[float], None]) -> list[Part]:
    """Return the sheets of a workbook.

    Raises:
        Unreadable: It is damaged or locked.
    """
    if zipfile.is_zipfile(source):
        archive.opened(source, filename).close()
    found = _apart("workbook.sheets", {"path": str(source.resolve())}, filename, work_dir, tell)
    return [Part(each["name"], each["note"]) for each in found["parts"]]


def _apart(
    what: str, arguments: Mapping[str, Any], filename: str, work_dir: Path, tell: Callable[[float], None]
) -> dict[str, Any]:
    try:
        return apart.run(what, arguments, work_dir=work_dir, tell=tell)
    except apart.Failed as error:
        raise Unreadable(filename, error.problem) from error


def _tell(task: Task, begin: float, end: float) -> Callable[[float], None]:
    return lambda share: task.step(begin + share * (end - begin), say("Reading the sheet"))


def _chosen(parts: Sequence[Part], task: Task) -> str:
    names = [each.name for each in parts if each.note != "chart"]
    if task.part:
        if task.part not in names:
            raise NoSuchPart(task.filename, task.part, names)
        return task.part
    shown = [each.name for each in parts if not each.note]
    if not names:
        raise NoRows(task.filename)
    return (shown or names)[0]


def _stage(
    connection: duckdb.DuckDBPyConnection, csv: Path, incoming: Sequence[Incoming], longest: int, task: Task
) -> Path:
    """Bring the sheet's texts into Parquet; marks for missing values are none in columns of numbers and dates."""
    target = task.work_dir / "staged.parquet"
    names = ["line", *(f"c{number}" for number in range(len(incoming)))]
    shape = ", ".join(f"{text(name)}: 'VARCHAR'" for name in names)
    listed = [
        f"nullif({name}, '') AS {name}"
        if name == "line" or not incoming[number - 1].kind
        else f"CASE WHEN NOT {one_of_sql(MISSING, f'lower(trim({name}))')} THEN nullif({name}, '') END AS {name}"
        for number, name in enumerate(names)
    ]
    try:
        connection.execute(
            f"COPY (SELECT {', '.join(listed)} FROM read_csv({text(csv)}, header=false, auto_detect=false, "
            f"delim=',', quote='\"', escape='\"', columns={{{shape}}}, parallel=false, null_padding=true, "
            f"max_line_size={max(_LINE_BYTES, 4 * longest + 4 * len(names))})) TO {text(target)} "
            "(FORMAT parquet, PRESERVE_ORDER true)"
        )
    except duckdb.OutOfMemoryException as error:
        raise Unreadable(task.filename, apart.too_large()) from error
    return target


def _empty(columns: Sequence[ColumnReport]) -> list[Finding]:
    empty = [column.name for column in columns if column.nulls == column.rows]
    if not empty:
        return []
    return [
        Finding(
            Severity.WARNING,
            "catalogue.table.empty-column",
            ", ".join(empty)[:200],
            say(
                "There is no value in these columns. If they hold formulas, open the file in your office program "
                "and save it, so that the results are stored with them."
            ),
        )
    ]


def _notes(found: Mapping[str, Any]) -> list[Finding]:
    notes = []
    if found["filled_down"]:
        notes.append(
            Finding(
                Severity.INFO,
                "catalogue.table.filled-down",
                ", ".join(found["filled_down"])[:200],
                say("Cells that are merged over several rows stand in each of these rows."),
            )
        )
    if found["blank"]:
        notes.append(
            Finding(
                Severity.INFO,
                "catalogue.table.blank-rows",
                "",
                say("{number} empty rows between the others were left out.", number=found["blank"]),
            )
        )
    return notes

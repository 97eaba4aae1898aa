"""Read a file as a table: what it is decides which reader takes it; the table appears in one step, whole.

A bad cell never fails a file: it becomes empty in the table and is listed.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tandem.catalogue.adapters.reading import (
    archive,
    content,
    delimited,
    json_table,
    layers,
    packed,
    workbook,
)
from tandem.catalogue.adapters.reading.refusals import Cancelled, NotATable
from tandem.catalogue.adapters.reading.task import Progress, Task
from tandem.catalogue.domain.report import LoadReport, Part
from tandem.core.text import say

__all__ = ["Cancelled", "NotATable", "list_parts", "load_table"]


def load_table(
    source: Path,
    *,
    filename: str,
    target: Path,
    work_dir: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    part: str = "",
) -> LoadReport:
    """Read a file into a Parquet table.

    Args:
        source: The file. Its content decides what it is; its name does not.
        filename: What people call it.
        target: Where the table goes; it appears whole or not at all.
        work_dir: Folder for what is needed on the way.
        progress: Called with the share done (0 to 1) and a sentence.
        cancelled: Asked between steps whether to stop.
        part: The sheet, layer or file inside that is wanted; empty for the first that fits.

    Raises:
        NotATable: Binary, packed, empty of rows, or broken; each kind has a code of its own.
        Cancelled: ``cancelled`` said so.
    """
    task = Task(
        source=source,
        head=content.head_of(source),
        filename=filename,
        partial=target.with_suffix(".partial"),
        work_dir=work_dir,
        progress=progress or (lambda _share, _message: None),
        cancelled=cancelled or (lambda: False),
        part=part,
    )
    try:
        report = _read(task)
        task.partial.replace(target)
    finally:
        task.partial.unlink(missing_ok=True)
    task.progress(1.0, f"{report.rows} rows read")
    return report


def list_parts(source: Path, *, filename: str, work_dir: Path) -> list[Part]:
    """Return the sheets, layers or tables inside of a file; none where it is one table.

    Raises:
        NotATable: It is damaged, or made to do harm.
    """
    head = content.head_of(source)
    if workbook.kind_of(source, head):
        return workbook.parts_of(source, filename, work_dir, tell=lambda _share: None)
    kind = layers.kind_of(source, head)
    if kind in {"GPKG", "SHP"}:
        return layers.parts_of(source, kind, filename, work_dir)
    return packed.parts_of(source, filename) if head.startswith(archive.MAGIC) else []


def _read(task: Task, *, inside: bool = False) -> LoadReport:
    """Let the reader take the file that knows its content; what was unpacked is not unpacked again."""
    task.step(0.02, say("Looking at the file"))
    if kind := workbook.kind_of(task.source, task.head):
        return workbook.read(task, kind)
    if kind := layers.kind_of(task.source, task.head):
        return layers.read(task, kind)
    if packed.recognises(task.head) and not inside:
        return packed.read(task, partial(_read, inside=True))
    if json_table.recognises(task.head):
        return json_table.read(task)
    content.refuse_others(task.head, task.filename)
    return delimited.read(task)

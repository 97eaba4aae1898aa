"""Spatial files as tables: a layer of a GeoPackage, a Shapefile in a ZIP archive; and Parquet."""

import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tandem.catalogue.adapters import apart
from tandem.catalogue.adapters.apart.layers import SPACE_BYTES
from tandem.catalogue.adapters.duck import loading
from tandem.catalogue.adapters.reading import archive
from tandem.catalogue.adapters.reading.landing import Incoming, land
from tandem.catalogue.adapters.reading.places import place_findings
from tandem.catalogue.adapters.reading.refusals import BadArchive, NoRows, NoSuchPart, Unreadable
from tandem.catalogue.adapters.reading.task import Task
from tandem.catalogue.domain.report import LoadReport, Origin, Part
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_SQLITE, _PARQUET = b"SQLite format 3\0", b"PAR1"
_SHP_MAGIC = b"\x00\x00\x27\x0a"
_BESIDE = ("shp", "shx", "dbf", "prj", "cpg")
_MOST_SMALL_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer that lies ready in a folder of its own."""

    path: Path
    name: str
    driver: str
    crs: str = ""


def kind_of(source: Path, head: bytes) -> str:
    """Return ``GPKG``, ``SHP``, ``PARQUET`` or empty, by the file's content."""
    if head.startswith(_SQLITE):
        return "GPKG"
    if head.startswith(_PARQUET):
        return "PARQUET"
    if head.startswith(archive.MAGIC) and _shapes(archive.names(source)):
        return "SHP"
    return ""


def _shapes(names: list[str]) -> list[str]:
    return [name for name in names if name.lower().endswith(".shp") and "__MACOSX" not in name]


def read(task: Task, kind: str) -> LoadReport:
    """Read a layer: the wanted one, else the first with a geometry.

    Raises:
        NotATable: Damaged, without such a layer, or empty.
    """
    task.step(0.05, say("Looking at the layers"))
    if kind == "PARQUET":
        inside = _folder(task.work_dir) / "table.parquet"
        _lay(task.source, inside)
        return _land(task, "layers.parquet", {"path": str(inside.resolve())}, Origin(kind))
    parts = parts_of(task.source, kind, task.filename, task.work_dir)
    chosen = _chosen(parts, task)
    layer = _ready(task, kind, chosen)
    arguments = {
        "path": str(layer.path.resolve()),
        "driver": layer.driver,
        "name": layer.name,
        "crs": layer.crs,
    }
    return _land(task, "layers.layer", arguments, Origin(kind, part=chosen, parts=parts))


def parts_of(source: Path, kind: str, filename: str, work_dir: Path) -> list[Part]:
    """Return the layers of a spatial file.

    Raises:
        NotATable: It is damaged.
    """
    if kind == "SHP":
        with archive.opened(source, filename) as opened:
            return [Part(name) for name in _shapes(opened.namelist())]
    folder = _folder(work_dir)
    inside = folder / "looked-at.gpkg"
    _lay(source, inside)
    found = _apart(
        "layers.layers", {"path": str(inside.resolve()), "driver": kind}, filename, folder, _nobody
    )
    return [Part(each["name"], each["note"]) for each in found["parts"]]


def _lay(source: Path, target: Path) -> None:
    """Let a file be found in the confined folder too, without copying it where the disk allows."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _nobody(_share: float) -> None:
    """Tell nobody."""


def _folder(work_dir: Path) -> Path:
    folder = work_dir / "apart"
    folder.mkdir(exist_ok=True)
    return folder


def _chosen(parts: list[Part], task: Task) -> str:
    names = [each.name for each in parts]
    if task.part:
        if task.part not in names:
            raise NoSuchPart(task.filename, task.part, names)
        return task.part
    if not names:
        raise NoRows(task.filename)
    return next((each.name for each in parts if not each.note), names[0])


def _ready(task: Task, kind: str, name: str) -> _Layer:
    folder = _folder(task.work_dir)
    if kind == "GPKG":
        path = folder / "layers.gpkg"
        _lay(task.source, path)
        return _Layer(path, name, kind)
    with archive.opened(task.source, task.filename) as opened:
        _unpack_shape(opened, name, folder, task)
    return _Layer(folder / "layer.shp", "layer", kind)


def _unpack_shape(opened: zipfile.ZipFile, name: str, folder: Path, task: Task) -> None:
    """Unpack the files of a Shapefile under names of our own."""
    stem = PurePosixPath(name).with_suffix("")
    wanted = {f"{stem}.{suffix}".lower(): suffix for suffix in _BESIDE}
    found = {wanted[m.filename.lower()]: m for m in opened.infolist() if m.filename.lower() in wanted}
    if "shx" not in found:
        raise BadArchive(
            task.filename, say("the file {name} is missing beside the .shp.", name=f"{stem}.shx")
        )
    for suffix, member in found.items():
        if suffix in {"prj", "cpg"} and member.file_size > _MOST_SMALL_BYTES:
            raise BadArchive(task.filename, say("{name} in it is damaged.", name=repr(member.filename[:80])))
        target = folder / f"layer.{suffix}"
        archive.unpack(
            opened, member, target, filename=task.filename, tick=lambda _n: task.step(0.1, say("Unpacking"))
        )
    with (folder / "layer.shp").open("rb") as shapes:
        magic = shapes.read(len(_SHP_MAGIC))
    if magic != _SHP_MAGIC:
        raise BadArchive(task.filename, say("{name} in it is damaged.", name=repr(name[:80])))


def _apart(
    what: str, arguments: Mapping[str, Any], filename: str, work_dir: Path, tell: Callable[[float], None]
) -> dict[str, Any]:
    try:
        return apart.run(what, arguments, work_dir=work_dir, tell=tell, memory_bytes=SPACE_BYTES)
    except apart.Failed as error:
        raise Unreadable(filename, error.problem) from error


def _land(task: Task, what: str, arguments: Mapping[str, Any], origin: Origin) -> LoadReport:
    folder = _folder(task.work_dir)
    staged = folder / "staged.parquet"
    found = _apart(
        what,
        {**arguments, "out": str(staged.resolve())},
        task.filename,
        folder,
        lambda share: task.step(0.1 + 0.3 * share, say("Reading the layer")),
    )
    incoming = [Incoming(each["name"], each["kind"]) for each in found["columns"]]
    with loading(task.work_dir) as connection:
        columns, findings = land(connection, staged, incoming, found["rows"], task)
    findings = [*place_findings(found["crs"], found["lost"]), *_left_out(found["left_out"]), *findings]
    origin = Origin(origin.format, origin.part, origin.parts, crs=found["crs"])
    return LoadReport(columns, found["rows"], findings=findings, origin=origin)


def _left_out(names: list[str]) -> list[Finding]:
    if not names:
        return []
    return [
        Finding(
            Severity.WARNING,
            "catalogue.table.second-geometry",
            ", ".join(names)[:200],
            say("A table has one geometry; these further ones are in the original only."),
        )
    ]

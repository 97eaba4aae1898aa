"""Files of many formats, made for tests."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pyogrio


def workbook(
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    *,
    hidden: Sequence[str] = (),
    merged: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Return an XLSX file with these rows on these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def packed(members: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def points(count: int, x: float = 400_000, y: float = 5_720_000) -> Any:
    """Return points as WKB, a metre apart."""
    return np.array([struct.pack("<BIdd", 1, 1, x + n, y + n) for n in range(count)], dtype=object)


def layer(
    path: Path, *, name: str, driver: str, crs: str | None, count: int = 3, append: bool = False
) -> None:
    """Write a layer of points with a number and a name."""
    numbers, names = np.arange(count), np.array([f"Bäume {n}" for n in range(count)], dtype=object)
    pyogrio.raw.write(
        path,
        points(count),
        [numbers, names],
        ["nr", "name"],
        layer=name,
        driver=driver,
        geometry_type="Point",
        crs=crs,
        append=append,
    )


def shapefile(folder: Path, *, crs: str | None = "EPSG:25832", without: Sequence[str] = ()) -> bytes:
    """Return a zipped Shapefile."""
    layer(folder / "baeume.shp", name="baeume", driver="ESRI Shapefile", crs=crs)
    files = sorted(each for each in folder.glob("baeume.*") if each.suffix not in without)
    return packed({f"daten/{each.name}": each.read_bytes() for each in files})


def parquet(path: Path, sql: str) -> bytes:
    """Return the answer to a query as a Parquet file."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def bomb(name: str = "daten.csv", megabytes: int = 20) -> bytes:
    """Return a ZIP archive that unpacks to many times its size."""
    return packed({name: b"0" * megabytes * 1_000_000})


def linked() -> bytes:
    """Return a ZIP archive with a symbolic link in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        info = zipfile.ZipInfo("daten.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return content.getvalue()


def many_sheets(count: int) -> bytes:
    """Return an XLSX file with very many sheets of one row below a header, written by hand as it is quicker."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    cells = [["a", "b"], ["1", "2"]]
    rows = "".join(
        "<row>" + "".join(f'<c t="{kind}">{_cell(kind, value)}</c>' for value in row) + "</row>"
        for kind, row in zip(("inlineStr", "n"), cells, strict=True)
    )
    listed = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(count))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(count)
    )
    document = f'<Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">{document}</Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
            **{f"xl/worksheets/s{n}.xml": sheet for n in range(count)},
        }
    )


def _cell(kind: str, value: str) -> str:
    return f"<is><t>{value}</t></is>" if kind == "inlineStr" else f"<v>{value}</v>"

"""Every format lands as the same kind of table and report; what is hostile is refused with a reason."""

import gzip
import io
import json
import sqlite3
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tandem.catalogue.adapters.tables import Cancelled, NotATable, list_parts, load_table
from tandem.catalogue.domain.report import LoadReport
from tests.catalogue import files


@pytest.fixture
def load(tmp_path: Path):
    """Return what reads bytes as a table: its report and its rows."""

    def read(
        content: bytes, filename: str = "datei", **wanted: Any
    ) -> tuple[LoadReport, list[tuple[Any, ...]]]:
        source, work = tmp_path / "source", Path(tempfile.mkdtemp(dir=tmp_path))
        source.write_bytes(content)
        target = tmp_path / "table.parquet"
        report = load_table(source, filename=filename, target=target, work_dir=work, **wanted)
        with duckdb.connect() as connection:
            return report, connection.execute(f"SELECT * FROM read_parquet('{target}')").fetchall()

    return read


def refusal(load: Any, content: bytes, **wanted: Any) -> NotATable:
    with pytest.raises(NotATable) as caught:
        load(content, "datei.bin", **wanted)
    assert len(str(caught.value)) > 30
    return caught.value


def kinds(report: LoadReport) -> dict[str, str]:
    return {column.name: column.kind for column in report.columns}


def codes(report: LoadReport) -> set[str]:
    return {finding.code for finding in report.findings}


# --- workbooks ----------------------------------------------------------------------------------
TREES = [
    ["Straßenbäume der Stadt Hamm", None, None, None, None],
    [],
    ["Nr", "PLZ", "Gepflanzt", "Höhe (m)", "Geschützt"],
    [1, 59065, date(2020, 3, 1), 4.5, True],
    [2, 59063, date(2020, 3, 2), 5, False],
    [3, 59065, "unbekannt", "k.A.", True],
    *([4 + n, 59065, date(2021, 1, 1), 1.234, True] for n in range(20)),
    ["Summe", None, None, 99, None],
]


def test_a_sheet_with_a_title_dates_a_total_and_an_odd_cell(load):
    report, rows = load(files.workbook({"Bäume": TREES}, merged={"Bäume": ["A1:E1"]}), "baeume.xlsx")

    assert kinds(report) == {
        "Nr": "integer",
        "PLZ": "text",
        "Gepflanzt": "date",
        "Höhe (m)": "decimal",
        "Geschützt": "boolean",
    }
    assert rows[0] == (1, "59065", date(2020, 3, 1), 4.5, True)
    assert rows[2] == (3, "59065", None, None, True)
    assert rows[3][3] == 1.234
    assert (report.rows, len(rows)) == (23, 23)
    assert [(cell.line, cell.row, cell.raw) for cell in report.columns[2].bad_cells] == [(6, 3, "unbekannt")]
    assert report.columns[3].bad_count == 0
    assert [(line.line, line.reason) for line in report.dropped_lines] == [
        (1, "preamble"),
        (2, "blank"),
        (27, "total"),
    ]


def test_all_sheets_are_listed_and_one_is_chosen(load, tmp_path: Path):
    rows = [["Jahr", "Wert"], [2024, 1], [2025, 2]]
    content = files.workbook(
        {"Deckblatt": [["geheim"]], "A": rows, "B": [*rows, [2026, 3]]}, hidden=["Deckblatt"]
    )

    first, _rows = load(content)
    second, _rows = load(content, part="B")
    wrong = refusal(load, content, part="C")

    assert first.origin.part == "A"
    assert [(part.name, part.note) for part in first.origin.parts] == [
        ("Deckblatt", "hidden"),
        ("A", ""),
        ("B", ""),
    ]
    assert (second.origin.part, second.rows) == ("B", 3)
    assert (wrong.code, "B" in str(wrong)) == ("catalogue.table.no-such-part", True)


def test_ten_thousand_sheets_are_listed_as_far_as_makes_sense_and_the_first_is_read(load):
    report, rows = load(files.many_sheets(10_000))

    assert (report.origin.part, len(report.origin.parts), rows) == ("S0", 1_000, [(1, 2)])


def test_two_header_rows_become_one_and_merged_groups_stand_in_every_row(load):
    rows = [
        ["Bezirk", "Einwohner", None, "Fläche"],
        [None, "Frauen", "Männer", None],
        ["Mitte", 10, 11, 1.5],
        [None, 12, 13, 2.5],
        ["Süd", 14, 15, 3.5],
    ]
    merged = {"T": ["B1:C1", "A1:A2", "D1:D2", "A3:A4"]}

    report, found = load(files.workbook({"T": rows}, merged=merged))

    assert list(kinds(report)) == ["Bezirk", "Einwohner – Frauen", "Einwohner – Männer", "Fläche"]
    assert [row[0] for row in found] == ["Mitte", "Mitte", "Süd"]
    assert "catalogue.table.filled-down" in codes(report)


def test_formulas_give_their_stored_values_and_those_without_one_are_said(load):
    content = files.workbook({"T": [["a", "b"], [1, "=A2*2"], [2, "=A3*2"]]})

    report, rows = load(content)

    assert rows == [(1, None), (2, None)]
    assert "catalogue.table.empty-column" in codes(report)


def test_numbers_kept_as_text_are_recognised_as_in_csv(load):
    report, rows = load(files.workbook({"T": [["Nr", "Betrag"], ["001", "1.234,50"], ["002", "7,25"]]}))

    assert kinds(report) == {"Nr": "text", "Betrag": "decimal"}
    assert rows == [("001", 1234.5), ("002", 7.25)]


@pytest.mark.slow
def test_a_large_sheet_keeps_its_order(load):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("T")
    sheet.append(["nr", "name"])
    for number in range(130_000):
        sheet.append([number, f"Baum {number}"])
    content = io.BytesIO()
    book.save(content)

    _report, rows = load(content.getvalue())

    assert rows == [(number, f"Baum {number}") for number in range(130_000)]


def test_a_time_of_day_and_a_moment(load):
    rows = [
        ["um", "am"],
        [time(8, 30), datetime(2025, 1, 1, 8, 30)],
        [time(9, 0), datetime(2025, 1, 2, 9, 0)],
    ]

    report, found = load(files.workbook({"T": rows}))

    assert kinds(report) == {"um": "time", "am": "datetime"}
    assert found[0] == (time(8, 30), datetime(2025, 1, 1, 8, 30))


# --- layers -------------------------------------------------------------------------------------
def test_a_geopackage_lists_its_layers_and_comes_in_wgs_84(load, tmp_path: Path):
    path = tmp_path / "a.gpkg"
    files.layer(path, name="bäume", driver="GPKG", crs="EPSG:25832")
    files.layer(path, name="zwei", driver="GPKG", crs="EPSG:32632", count=5, append=True)

    report, rows = load(path.read_bytes())
    second, _rows = load(path.read_bytes(), part="zwei")

    assert kinds(report) == {"fid": "integer", "nr": "integer", "name": "text", "geometry": "geometry"}
    assert rows[0][:3] == (1, 0, "Bäume 0")
    longitude, latitude = json.loads(rows[0][3])["coordinates"]
    assert (round(longitude, 4), round(latitude, 4)) == (7.5554, 51.6221)
    assert [part.name for part in report.origin.parts] == ["bäume", "zwei"]
    assert "25832" in report.origin.crs
    assert "catalogue.table.reprojected" in codes(report)
    assert (second.rows, second.origin.part) == (5, "zwei")


def test_a_zipped_shapefile_with_its_projection_and_encoding(load, tmp_path: Path):
    report, rows = load(files.shapefile(tmp_path))

    assert kinds(report) == {"nr": "integer", "name": "text", "geometry": "geometry"}
    assert rows[2][:2] == (2, "Bäume 2")
    assert json.loads(rows[0][2])["coordinates"][0] == pytest.approx(7.55544, abs=1e-4)
    assert report.origin.format == "SHP"


def test_a_shapefile_that_does_not_say_where_it_is_has_no_places(load, tmp_path: Path):
    report, rows = load(files.shapefile(tmp_path, without=[".prj"]))

    assert [row[2] for row in rows] == [None] * 3
    assert "catalogue.table.no-place" in codes(report)


def test_a_shapefile_without_its_index_is_refused(load, tmp_path: Path):
    assert ".shx" in str(refusal(load, files.shapefile(tmp_path, without=[".shx"])))


def test_a_geopackage_with_a_view_is_refused_as_views_are_programs(load, tmp_path: Path):
    path = tmp_path / "a.gpkg"
    files.layer(path, name="punkte", driver="GPKG", crs="EPSG:4326")
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW endless AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t"
        )

    assert "endless" in str(refusal(load, path.read_bytes()))


def test_a_virtual_format_inside_an_archive_is_never_opened(load):
    inner = '<OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    trick = f"<OGRVRTDataSource>{inner}</OGRVRTDataSource>"

    for name in ("a.shp", "a.vrt", "a.csv.vrt"):
        members = {name: trick, "a.shx": b"x", "a.dbf": b"x"}
        assert refusal(load, files.packed(members)).code in {
            "catalogue.table.bad-archive",
            "catalogue.table.no-table-inside",
        }


def test_parquet_comes_with_its_types(load, tmp_path: Path):
    sql = (
        "SELECT 1::UTINYINT AS a, 1.5::DECIMAL(5,2) AS b, DATE '2025-01-01' AS c, {'x': 1} AS d, [1, 2] AS e, "
        "'00:30'::TIME AS f, TIMESTAMP '2025-01-01 10:00' AS g, true AS h, 'ä' AS i, '0049'::BLOB AS j"
    )

    report, rows = load(files.parquet(tmp_path / "x.parquet", sql))

    assert list(kinds(report).values()) == [
        *("integer", "decimal", "date", "text", "text", "time", "datetime", "boolean", "text", "text"),
    ]
    assert rows[0][:5] == (1, 1.5, date(2025, 1, 1), '{"x":1}', "[1,2]")
    assert rows[0][9] == "(4 bytes)"


# --- JSON ---------------------------------------------------------------------------------------
def test_objects_inside_rows_are_spread_one_level_and_the_rest_is_kept(load):
    content = [{"a": 1, "ort": {"plz": "01234", "lage": {"x": 1}}, "l": [1]}, {"a": 2.5, "neu": True}]

    report, rows = load(json.dumps(content).encode())

    assert kinds(report) == {
        "a": "decimal",
        "ort.plz": "text",
        "ort.lage": "text",
        "l": "text",
        "neu": "boolean",
    }
    assert rows == [(1.0, "01234", '{"x": 1}', "[1]", None), (2.5, None, None, None, True)]
    assert {"catalogue.table.spread", "catalogue.table.nested"} <= codes(report)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b'{"a":1}\n{"a":2}\n', [(1,), (2,)]),
        (b'\x1e{"a":1}\n\x1e{"a":2}\n', [(1,), (2,)]),
        (b'{"a": [1]}\n{"a": [2]}', [("[1]",), ("[2]",)]),
        (b'{\n"a": 1}\n{\n"a": 2}', [(1,), (2,)]),
        (b'{"success": true, "result": {"total": 2, "records": [{"a": 1}, {"a": 2}]}}', [(1,), (2,)]),
        (b'{"kurz": [{"b": 1}], "lang": [{"a": 1}, {"a": 2}]}', [(1,), (2,)]),
        (b'[{"a": "\\ud800x\\u0000"}]', [("?x",)]),
        (b'[{"a": 9223372036854775808}, {"a": 1}]', [("9223372036854775808",), ("1",)]),
        (b'[{"a": NaN}, {"a": 1.5}]', [(None,), (1.5,)]),
        (b'[{"a": 1}, {"a": "x"}]', [("1",), ("x",)]),
        ('[{"a": "ä"}]'.encode("utf-16"), [("ä",)]),
    ],
)
def test_json_of_many_shapes(load, content: bytes, rows: list[tuple[Any, ...]]):
    assert load(content)[1] == rows


def test_old_geojson_in_another_system_comes_in_wgs_84(load):
    point = {"type": "Point", "coordinates": [400_000, 5_720_000]}
    feature = {"type": "Feature", "id": 7, "properties": {"a": 1}, "geometry": point}
    name = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}

    report, rows = load(
        json.dumps({"type": "FeatureCollection", "crs": name, "features": [feature]}).encode()
    )

    assert rows[0][:2] == (7, 1)
    assert json.loads(rows[0][2])["coordinates"][1] == pytest.approx(51.6221, abs=1e-4)
    assert report.origin.crs == "EPSG:25832"


@pytest.mark.slow
def test_large_json_is_read_in_bounded_memory(load):
    line = b'{"a": %d, "text": "' + b"x" * 200 + b'"},\n'
    content = b"[" + b"".join(line % n for n in range(60_000)) + b'{"a": -1}]'
    tracemalloc.start()

    report, _rows = load(content, "gross.json", progress=lambda _share, _message: None)
    held = tracemalloc.get_traced_memory()[1] - len(content)
    tracemalloc.stop()

    assert report.rows == 60_001
    assert held < 45_000_000  # rows fetched by the test are part of it


# --- packed -------------------------------------------------------------------------------------
CSV = b"a;b\n1;rot\n2;blau\n"


def test_gzip_and_a_zip_with_exactly_one_table(load):
    unpacked, rows = load(gzip.compress(CSV), "daten.csv.gz")
    zipped, again = load(files.packed({"liesmich.txt": "x", "__MACOSX/._d.csv": "x", "ordner/d.csv": CSV}))

    assert rows == again == [(1, "rot"), (2, "blau")]
    assert (unpacked.origin.format, unpacked.origin.member) == ("GZIP", "daten.csv")
    assert (zipped.origin.format, zipped.origin.member) == ("ZIP", "ordner/d.csv")


def test_a_zip_with_several_tables_wants_a_choice(load):
    content = files.packed({"a.csv": CSV, "b.csv": b"c;d\n3;4\n"})

    assert refusal(load, content).code == "catalogue.table.several-tables"
    report, rows = load(content, part="b.csv")
    assert (rows, report.origin.part) == ([(3, 4)], "b.csv")


def test_a_workbook_inside_a_zip_may_be_asked_for_a_sheet(load):
    inner = files.workbook({"A": [["a", "b"], [1, 2]], "B": [["a", "b"], [3, 4]]})

    report, rows = load(files.packed({"mappe.xlsx": inner}), part="B")

    assert (rows, report.origin.part, report.origin.member) == ([(3, 4)], "B", "mappe.xlsx")


def document() -> bytes:
    return files.packed({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: files.bomb(), "catalogue.table.bad-archive"),
    "workbook bomb": (lambda: files.bomb("xl/workbook.xml"), "catalogue.table.bad-archive"),
    "shape bomb": (lambda: files.bomb("a.shp"), "catalogue.table.bad-archive"),
    "gzip bomb": (lambda: gzip.compress(b"0" * 20_000_000), "catalogue.table.bad-archive"),
    "cut gzip": (lambda: gzip.compress(CSV)[:-9], "catalogue.table.bad-archive"),
    "leads out": (lambda: files.packed({"../daten.csv": CSV}), "catalogue.table.bad-archive"),
    "absolute": (lambda: files.packed({"/etc/daten.csv": CSV}), "catalogue.table.bad-archive"),
    "drive": (lambda: files.packed({"C:\\daten.csv": CSV}), "catalogue.table.bad-archive"),
    "link": (lambda: files.linked(), "catalogue.table.bad-archive"),
    "too many files": (
        lambda: files.packed({f"{n}.csv": b"" for n in range(20_001)}),
        "catalogue.table.bad-archive",
    ),
    "cut zip": (lambda: files.packed({"d.csv": CSV})[:-30], "catalogue.table.bad-archive"),
    "zip in zip": (
        lambda: files.packed({"d.zip": files.packed({"d.csv": CSV})}),
        "catalogue.table.no-table-inside",
    ),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(CSV)), "catalogue.table.packed"),
    "picture inside": (lambda: files.packed({"bild.png": b"\x89PNG"}), "catalogue.table.no-table-inside"),
    "document": (lambda: document(), "catalogue.table.binary"),
    "no zip": (lambda: b"PK\x03\x04 und sonst nichts", "catalogue.table.bad-archive"),
    "damaged parquet": (lambda: b"PAR1" + bytes(200) + b"PAR1", "catalogue.table.unreadable"),
    "damaged database": (lambda: b"SQLite format 3\x00" + bytes(2_000), "catalogue.table.unreadable"),
    "damaged old workbook": (
        lambda: b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le") + bytes(600),
        "catalogue.table.unreadable",
    ),
    "empty sheet": (lambda: files.workbook({"T": []}), "catalogue.table.no-rows"),
    "header only": (lambda: files.workbook({"T": [["nur", "Kopf"]]}), "catalogue.table.no-rows"),
    "empty list": (lambda: b"[]", "catalogue.table.no-rows"),
    "empty collection": (lambda: b'{"type": "FeatureCollection", "features": []}', "catalogue.table.no-rows"),
    "no objects": (lambda: b'[{"a": 1}, 2]', "catalogue.table.unreadable"),
    "cut json": (lambda: b'[{"a": 1}', "catalogue.table.unreadable"),
    "no comma": (lambda: b'[{"a": 1} {"a": 2}]', "catalogue.table.unreadable"),
    "endless nesting": (lambda: b'{"a": ' + b"[" * 200_000, "catalogue.table.unreadable"),
    "endless number": (lambda: b'[{"a": 1' + b"0" * 5_000 + b"}]", "catalogue.table.unreadable"),
    "many columns": (
        lambda: json.dumps([{f"spalte {n}": n} for n in range(2_500)]).encode(),
        "catalogue.table.too-many-columns",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_damaged_or_empty_is_refused_with_a_reason(load, name: str):
    content, code = HOSTILE[name]

    assert refusal(load, content()).code == code


def test_a_workbook_that_claims_a_cell_at_the_end_of_the_world_takes_only_its_own_process(load):
    content = files.workbook({"T": [["a", "b"], [1, 2]]})
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            member = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                member = member.replace(b"</sheetData>", far)
            after.writestr(name, member)

    assert refusal(load, changed.getvalue()).code == "catalogue.table.unreadable"


def test_huge_texts_in_cells_come_in_whole(load):
    text = "ä" * 32_000

    _report, rows = load(files.workbook({"T": [["a", "b"], [text, 1], ["kurz", 2]]}))

    assert rows == [(text, 1), ("kurz", 2)]


def test_reading_apart_can_be_stopped(load):
    asked = iter([False] * 3)

    with pytest.raises(Cancelled):
        load(files.workbook({"T": TREES}), cancelled=lambda: next(asked, True))


def test_parts_are_listed_without_reading(tmp_path: Path):
    cases = {
        "mappe": (files.workbook({"A": [[1]], "B": [[2]]}), ["A", "B"]),
        "archiv": (files.packed({"a.csv": CSV, "b.csv": CSV}), ["a.csv", "b.csv"]),
        "karte": (files.shapefile(tmp_path), ["daten/baeume.shp"]),
        "text": (CSV, []),
    }
    found = {}
    for name, (content, _parts) in cases.items():
        source = tmp_path / name
        source.write_bytes(content)
        found[name] = [part.name for part in list_parts(source, filename=name, work_dir=tmp_path)]

    assert found == {name: parts for name, (_content, parts) in cases.items()}

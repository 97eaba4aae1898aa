"""Lists out to spreadsheets and JSON, and in from them."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tandem.participation.adapters import sheets
from tandem.participation.adapters.sheets import SheetRow, UnreadableSheet, export, read_sheet

COLUMNS = ("id", "Text", "amount", "on", "open")
ROWS = [
    (1, "Größe; „x“, 🌳\nzweite Zeile", Fraction(1, 4), date(2026, 6, 1), True),
    (2, '=HYPERLINK("http://evil.example")', Decimal("2.50"), datetime(2026, 6, 1, 9, 30, tzinfo=UTC), None),
]


def whole(wanted: str, rows=ROWS, columns=COLUMNS) -> bytes:
    return b"".join(export(wanted, columns, rows))


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_is_utf_8_with_iso_dates_and_runs_no_formula():
    assert whole("csv").startswith(b"\xef\xbb\xbfid,")
    assert csv_rows(whole("csv")) == [
        list(COLUMNS),
        ["1", "Größe; „x“, 🌳\nzweite Zeile", "0.25", "2026-06-01", "true"],
        ["2", '\'=HYPERLINK("http://evil.example")', "2.5", "2026-06-01T09:30:00+00:00", ""],
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "＝1"])
def test_texts_that_spreadsheets_would_run_begin_with_an_apostrophe(text):
    assert csv_rows(whole("csv", [(text,)], ("a",)))[1] == [f"'{text}"]
    assert csv_rows(whole("csv", [(-1,)], (text,))) == [[f"'{text}"], ["-1"]]


def test_json_is_an_array_of_objects():
    assert json.loads(whole("json")) == [
        dict(zip(COLUMNS, (1, ROWS[0][1], 0.25, "2026-06-01", True), strict=True)),
        dict(zip(COLUMNS, (2, ROWS[1][1], 2.5, "2026-06-01T09:30:00+00:00", None), strict=True)),
    ]
    assert json.loads(whole("json", [])) == []


def test_xlsx_keeps_types_and_takes_a_formula_for_a_text():
    sheet = load_workbook(io.BytesIO(whole("xlsx"))).worksheets[0]

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        list(COLUMNS),
        [1, ROWS[0][1], 0.25, datetime(2026, 6, 1), True],
        [2, ROWS[1][1], 2.5, datetime(2026, 6, 1, 9, 30), None],
    ]
    assert (sheet["B3"].data_type, sheet["A1"].font.bold, sheet.freeze_panes) == ("s", True, "A2")


def test_xlsx_takes_what_excel_cannot_hold():
    rows = [("a\x00\ud800b",), ("x" * 40_000,)]

    cells = load_workbook(io.BytesIO(whole("xlsx", rows, ("t",)))).worksheets[0]

    assert cells["A2"].value == "a\ufffd\ufffdb"
    assert (len(cells["A3"].value), cells["A3"].value[-5:]) == (32_767, "x […]")


@pytest.mark.parametrize("wanted", ["csv", "json", "xlsx"])
def test_large_lists_come_in_pieces(wanted):
    asked = iter(range(1, 5_001))
    pieces = list(export(wanted, ("n", "text"), ((n, f"text {n} " * 6) for n in asked)))

    assert len(pieces) > 1
    assert max(map(len, pieces)) < 200_000


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2)))
def test_what_csv_writes_it_reads_but_for_the_apostrophe_and_white_space(rows):
    read = [row.cells for row in read_sheet(whole("csv", rows, ("a", "b")))]

    kept = [{key: cell.strip() for key, cell in zip("ab", row, strict=True) if cell.strip()} for row in rows]
    assert [{key: str(cell).removeprefix("'") for key, cell in row.items()} for row in read] == [
        {key: cell.removeprefix("'") for key, cell in row.items()} for row in kept if row
    ]


def xlsx(*rows) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def test_an_xlsx_is_read_by_its_heads():
    content = xlsx(
        ("Datum", " Text ", None), (date(2026, 6, 1), " Bäume ", "x"), (None, "  ", None), (None, 7, None)
    )

    assert list(read_sheet(content)) == [
        SheetRow(2, {"Datum": datetime(2026, 6, 1), "Text": "Bäume"}),
        SheetRow(4, {"Text": 7}),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_whatever_program_wrote_it(encoding, delimiter):
    text = '\r\nDatum;Text\r\n1.6.2026;"Bäume\r\nund ""Bänke"""\r\n\r\n2.6.2026;Ort\r\n'.replace(
        ";", delimiter
    )
    content = text.lstrip().encode(encoding)

    assert list(read_sheet(content)) == [
        SheetRow(2, {"Datum": "1.6.2026", "Text": 'Bäume\r\nund "Bänke"'}),
        SheetRow(5, {"Datum": "2.6.2026", "Text": "Ort"}),
    ]


def packed(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", bytes(size))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\x00\x01\x02", "no table"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (packed(10), "cannot be read"),
        (b"a\n" + b'"' + b"x" * 200_000, "Line 2 cannot be read"),
    ],
)
def test_what_is_no_table_is_told(content, said):
    with pytest.raises(UnreadableSheet, match=said):
        list(read_sheet(content))


def test_limits_of_bytes_and_rows(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS_IN", 2)
    monkeypatch.setattr(sheets, "MOST_BYTES_IN", 1_000)
    monkeypatch.setattr(sheets, "MOST_UNPACKED_BYTES", 10_000)

    assert len(list(read_sheet(b"a\n1\n2\n"))) == 2
    for content, said in (
        (b"a\n1\n2\n3\n", "2 rows"),
        (b"a\n" * 501, "MB"),
        (packed(20_000), "too large when unpacked"),
    ):
        with pytest.raises(UnreadableSheet, match=said):
            list(read_sheet(content))

import io
from datetime import UTC, date, datetime

import openpyxl

from tandem.catalogue.adapters.workbook import workbook


def sheet_of(batches, names):
    return openpyxl.load_workbook(io.BytesIO(b"".join(workbook(batches, names)))).active


def test_values_keep_their_types_and_heads_stay_in_sight():
    moment = datetime(2024, 5, 31, 8, 0, tzinfo=UTC)
    sheet = sheet_of(
        [[("x", 1, 2.5, True, date(2024, 5, 31), moment, None)], [("y", 2**60, 0, False, None, None, None)]],
        list("abcdefg"),
    )

    assert [cell.value for cell in sheet[2]] == [
        "x", 1, 2.5, True, datetime(2024, 5, 31), datetime(2024, 5, 31, 8, 0), None,
    ]  # fmt: skip
    assert sheet["B3"].value == str(2**60)
    assert (sheet.freeze_panes, sheet["A1"].font.bold) == ("A2", True)


def test_texts_are_never_formulas_and_never_break_the_file():
    sheet = sheet_of([[("=HYPERLINK(1)", "#REF!", "a\x0bb\x00", "x" * 40_000)]], ["=1+1", "b", "c\x01", "d"])

    assert [(cell.value, cell.data_type) for cell in sheet[1][:3]] == [("=1+1", "s"), ("b", "s"), ("c", "s")]
    assert [(cell.value[:13], cell.data_type) for cell in sheet[2]] == [
        ("=HYPERLINK(1)", "s"), ("#REF!", "s"), ("ab", "s"), ("x" * 13, "s"),
    ]  # fmt: skip
    assert len(sheet["D2"].value) == 32_767


def test_no_rows_make_a_workbook_of_heads():
    assert [cell.value for cell in sheet_of([], ["a"])[1]] == ["a"]

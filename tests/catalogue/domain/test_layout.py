"""Where a table begins and ends, and what its columns are called."""

import pytest

from tandem.catalogue.domain import layout
from tandem.catalogue.domain.fitting import fitted, otherwise_delimited
from tandem.catalogue.domain.types import ColumnType

BODY = [[str(year), str(year * 7 % 900), f"{year % 9},5", "Nord"] for year in range(2001, 2021)]
KINDS = [
    ColumnType("integer", "plain"),
    ColumnType("text"),
    ColumnType("decimal", "comma"),
    ColumnType("date", "dotted"),
]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ([["Jahr", "Zahl", "Anteil", "Bezirk"]], 1),
        ([["Jahr", "Zahl", "Anteil", "Bezirk"], ["", "Personen", "Prozent", ""]], 2),
        ([["Einwohner", "", "", "Ort"], ["Jahr", "Zahl", "Anteil", "Bezirk"], ["a", "b", "c", "d"]], 3),
        ([["Bezirk", "2019", "2020", "2021"]], 1),
        ([], 0),
    ],
)
def test_rows_that_name_the_columns(header: list[list[str]], rows: int):
    assert layout.header_rows([*header, *BODY]) == rows


def test_a_first_row_of_data_with_marks_for_missing_is_no_name():
    assert (
        layout.header_rows([["Jahr", "Zahl", "Anteil", "Ort"], ["k.A.", "k.A.", "k.A.", "Süd"], *BODY]) == 1
    )


def test_words_that_come_again_are_no_names():
    assert layout.header_rows([["Linde", "Nord"], ["Ahorn", "Nord"], ["Linde", "Süd"]]) == 0


@pytest.mark.parametrize(
    ("last", "count"),
    [
        ([["Summe", "", "12", ""]], 1),
        ([["Gesamtschule", "3", "1,5", "Nord"]], 0),
        ([["Media", "", "12", ""]], 1),
        ([["Media Markt", "3", "1,5", "Nord"]], 0),
        ([["Totale complessivo", "3", "1,5", ""], ["", "", "", ""], ["Fonte: Comune"]], 3),
        ([["Quelle: Amt", " Stand 2024"]], 1),
        ([["Stand", "2024"]], 1),
        ([["2021", "3"]], 0),
    ],
)
def test_rows_at_the_end_that_are_no_data(last: list[list[str]], count: int):
    assert layout.footer_rows([*BODY, *last], 4) == count


@pytest.mark.parametrize(
    ("rows", "is_other"),
    [
        ([["Bezirk", "Fläche"], ["Nord", "3,5"], ["Süd", "4"]], True),
        ([["Art", "Zahl", "Ort", "Name"], ["Linde", "3", "x", "y"], ["Ahorn", "4", "x", "y"]], True),
        ([["2021", "3", "1,5", "Nord"], ["2022", "3", "1,5", "Süd"], ["2023", "3", "1,5", "Ost"]], False),
        ([["k.A.", "-", "", "Nord"], ["2022", "3", "1,5", "Süd"], ["2023", "3", "1,5", "Ost"]], False),
        ([["Bezirk", "Fläche"], ["Nord", "3,5"]], False),
    ],
)
def test_another_table(rows: list[list[str]], is_other: bool):
    assert layout.begins_another_table(rows, 4, [0, 1, 2]) is is_other


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        (["7", "Linde", "3,5", "01.02.2020", ""], ["7", "Linde", "3,5", "01.02.2020"]),
        (["7", "", "Linde", "3,5", "01.02.2020"], ["7", "Linde", "3,5", "01.02.2020"]),
        (["7", "Linde", "alt", "3,5", "01.02.2020"], ["7", "Linde;alt", "3,5", "01.02.2020"]),
        (["7", "3,5", "01.02.2020"], ["7", "", "3,5", "01.02.2020"]),
        (["7"], ["7", "", "", ""]),
        (["7", *"abcdefghij"], ["7", "a", "b", "c;d;e;f;g;h;i;j"]),
    ],
)
def test_a_row_of_another_length_is_fitted_where_it_fits_best(cells: list[str], row: list[str]):
    assert fitted(cells, KINDS, ";") == row


def test_a_row_with_another_delimiter_is_parted_by_it_only_where_it_then_fits():
    row = ["7", "Linde", "3,5", "01.02.2020"]

    assert (
        otherwise_delimited("7\tLinde\t3,5\t01.02.2020", ["7\tLinde\t3,5\t01.02.2020"], KINDS, (",", "\t"))
        == row
    )
    assert otherwise_delimited("a\tb\tc\td", ["a\tb\tc\td", "", "", ""], KINDS, (",", "\t")) is None

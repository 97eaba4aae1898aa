from datetime import date

from tandem.catalogue.domain.sheet import Merged, frame


def test_a_title_and_a_note_are_no_data():
    rows = [["Titel", "", ""], ["a", "b", "c"], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0], ["Quelle: Stadt", "", ""]]

    found = frame(rows, rows, [])

    assert (found.first_row, found.names) == (2, ["a", "b", "c"])
    assert found.above == [(0, "Titel", "preamble")]
    assert found.below == ["footer"]


def test_years_may_be_headers():
    rows = [["Bezirk", 2023.0, 2024.0], ["Mitte", 1.0, 2.0], ["Süd", 3.0, 4.0]]

    assert frame(rows, rows, []).names == ["Bezirk", "2023", "2024"]


def test_rows_of_numbers_have_no_header():
    rows = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]

    found = frame(rows, rows, [])

    assert (found.first_row, found.names) == (0, ["", ""])


def test_texts_only_have_a_header_where_nothing_of_it_comes_again():
    with_header = [["Name", "Ort"], ["Ada", "Hamm"], ["Bea", "Hamm"]]
    without = [["Ada", "Hamm"], ["Bea", "Hamm"], ["Ada", "Soest"]]

    assert frame(with_header, with_header, []).names == ["Name", "Ort"]
    assert frame(without, without, []).names == ["", ""]


def test_a_merged_group_over_columns_joins_both_header_rows():
    rows = [["", "2024", ""], ["Tag", "warm", "kalt"], [date(2024, 1, 1), 1.0, 2.0]]

    found = frame(rows, rows, [Merged(0, 1, 0, 2)])

    assert found.names == ["Tag", "2024 – warm", "2024 – kalt"]


def test_nothing_is_nowhere():
    assert frame([], [], []).names == []

"""Records: split as written where the rules are kept, read with sense where they are not."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.catalogue.domain.records import Form, Reader

SEMICOLON = Form(";")
CELLS = st.text(alphabet=st.sampled_from('aB1 ,;|\t"\n.-ß'), max_size=12)


def read(text: str, columns: int, form: Form = SEMICOLON) -> list[list[str]]:
    return [record.cells for record in Reader(form, columns).records(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('Linde;"Nord; Mitte";3', ["Linde", "Nord; Mitte", "3"]),
        ('"Am ""Alten"" Markt";x;3', ['Am "Alten" Markt', "x", "3"]),
        ('Rohr 5";12;3', ['Rohr 5"', "12", "3"]),
        ('Linde; "Nord; Mitte";3', ["Linde", "Nord; Mitte", "3"]),
        ('"Linde;Nord;3', ['"Linde', "Nord", "3"]),
        ('Linde;"Nord;3', ["Linde", '"Nord', "3"]),
        ('Linde;Nord;"', ["Linde", "Nord", '"']),
        ('Linde;""Nord; Mitte";3', ["Linde", '"Nord; Mitte', "3"]),
        ('Linde;"Zum "Alten" Fritz; Nord";3', ["Linde", 'Zum "Alten" Fritz; Nord', "3"]),
        ('Rohr 5"";"breit; kurz";3', ['Rohr 5""', "breit; kurz", "3"]),
        ('"Rohr 5"";"breit; kurz";3', ['Rohr 5"', "breit; kurz", "3"]),
    ],
)
def test_a_record_is_read_in_the_way_that_breaks_the_fewest_rules(text: str, cells: list[str]):
    assert read(text, 3) == [cells]


def test_a_cell_over_several_lines_is_one_cell():
    text = 'Linde;"erst\n\ndann; und\nzuletzt";3\nEiche;x;4'

    found = Reader(SEMICOLON, 3).records(text.split("\n"), first_line=5)

    assert [(record.cells[1], record.line, record.lines, record.is_odd) for record in found] == [
        ("erst\n\ndann; und\nzuletzt", 5, 4, False),
        ("x", 9, 1, False),
    ]


def test_a_quote_that_nobody_closes_takes_no_other_row_with_it():
    rows = read('Linde;"Nord;3\nEiche;"Mitte";4\nUlme;Süd;5', 3)

    assert rows == [["Linde", '"Nord', "3"], ["Eiche", "Mitte", "4"], ["Ulme", "Süd", "5"]]


def test_a_backslash_can_stand_before_a_quote():
    assert read(r'Linde;"Am \"Alten\"; Markt";3', 3, Form(";", '"', "\\")) == [
        ["Linde", 'Am "Alten"; Markt', "3"]
    ]


@given(st.lists(CELLS, min_size=2, max_size=6))
def test_what_python_writes_is_read_back(cells: list[str]):
    sink = io.StringIO()
    csv.writer(sink, delimiter=";", lineterminator="").writerow(cells)

    assert SEMICOLON.cells(sink.getvalue()) == cells


@given(
    st.lists(CELLS, min_size=2, max_size=6),
    st.sampled_from([";", ",", "\t", "; "]),
    st.sampled_from(['"', "\\"]),
)
def test_a_form_reads_what_it_writes(cells: list[str], delimiter: str, escape: str):
    form = Form(delimiter, '"', escape)

    assert form.cells(delimiter.join(map(form.written, cells))) == cells


@given(st.text(alphabet=st.sampled_from('a1;"\\\n '), max_size=60), st.integers(1, 5))
def test_anything_is_read_somehow_and_no_line_is_lost(text: str, columns: int):
    found = Reader(SEMICOLON, columns).records(text.split("\n"))

    lines = [line for record in found for line in range(record.line, record.line + record.lines)]
    assert lines == sorted(set(lines))
    assert {n for n, line in enumerate(text.split("\n"), start=1) if line.strip()} <= set(lines)

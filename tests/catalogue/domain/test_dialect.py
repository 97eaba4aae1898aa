"""Dialects: found by consistency, never by a name."""

import pytest

from tandem.catalogue.domain.dialect import detect_dialect

ROWS = [
    ("Linde", "12,5", "01.02.2020"),
    ("Ahorn, alt", "3,25", "02.03.2021"),
    ("Esche", "7,0", "31.12.2019"),
] * 5


def found(content: str):
    return detect_dialect(content, content, encoding="utf-8", whole=True)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", "; "])
def test_decimal_commas_do_not_part_cells(delimiter: str):
    content = "\n".join(delimiter.join(row) for row in [("Art", "Höhe", "Tag"), *ROWS])

    dialect = found(content)

    assert (dialect.delimiter, dialect.columns, dialect.header_rows) == (delimiter, 3, 1)


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("Zeit,Wert\n" + "10:30,1.5\n11:45,2.5\n" * 5, ","),
        ("Adresse,Nr\n" + "https://hamm.example/a,1\nhttps://hamm.example/b,2\n" * 5, ","),
        ('"Name, Vorname";"Ort"\n' + '"Muster, Max";"Hamm"\n"Rossi, Anna";"Arezzo"\n' * 5, ";"),
        ("'Art','Ort'\n" + "'Linde, alt','Nord'\n'Ahorn','Süd'\n" * 5, ","),
        ("Straße\n" + "Am Alten Markt\nOstring\nNordwall 5\n" * 5, "\x1f"),
        ("Satz\n" + "Kurz, aber gut.\nOhne Komma.\nMit, vielen, davon.\n" * 5, "\x1f"),
    ],
)
def test_what_stands_inside_cells_does_not_part_them(content: str, delimiter: str):
    assert found(content).delimiter == delimiter


def test_a_backslash_before_quotes_is_found():
    rows = "".join(f'{number};"Am \\"Alten\\" Markt; {number}";x\n' for number in range(20))

    dialect = found(f"Nr;Ort;Art\n{rows}")

    assert (dialect.escape, dialect.columns) == ("\\", 3)


def test_quotes_that_are_not_doubled_hide_no_columns():
    rows = "".join(f'{number};"Zum "Alten" Fritz; {number}";x\n' for number in range(20))

    assert found(f"Nr;Ort;Art\n{rows}").columns == 3


def test_names_with_a_delimiter_too_many_are_names():
    rows = "".join(f"{number};Linde;{number},5;x\n" for number in range(20))

    dialect = found(f"Nr;;Art;Höhe;Ort\n{rows}")

    assert (dialect.preamble_lines, dialect.header_rows, dialect.columns) == (0, 1, 4)


def test_stored_dialects_of_earlier_versions_can_still_be_read():
    values = found("a;b\n1;2\n").as_dict()
    del values["header_rows"], values["header_lines"]

    assert type(found("a;b\n1;2\n"))(**values).header_rows == 1

"""Text tables as cities have them: what is recognised, what is read, what is told."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tandem.catalogue.adapters.duck import reading
from tandem.catalogue.adapters.reading.delimited import rows_as_written
from tandem.catalogue.adapters.tables import load_table
from tandem.catalogue.domain.report import LoadReport


def load(folder: Path, content: str | bytes) -> tuple[LoadReport, list[tuple]]:
    source, target = folder / "source", folder / "table.parquet"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    report = load_table(source, filename="daten.csv", target=target, work_dir=folder)
    return report, reading().execute("SELECT * FROM read_parquet(?)", [str(target)]).fetchall()


def written(folder: Path, content: str | bytes) -> list[list[str]]:
    source = folder / "source"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    return rows_as_written(source, folder)


TREES = "Nummer;Art;Höhe (m);Gepflanzt\n" + "".join(
    f"{number};{('Linde', 'Ahorn', 'Esche')[number % 3]};{number},5;{number % 27 + 1:02}.03.2019\n"
    for number in range(1, 41)
)


# --- what municipal files look like -------------------------------------------------------------
def test_lines_above_and_below_the_table_are_told_and_left_out(tmp_path: Path):
    above, below = (
        "Baumkataster der Stadt\nStand: 01.02.2024; vorläufig\n\n",
        "\nQuelle: Grünflächenamt; 2024\n",
    )
    content = f"{above}{TREES}Summe;;820,0;\n{below}"

    report, rows = load(tmp_path, content)

    assert (len(rows), report.columns[2].kind, report.columns[2].unit) == (40, "decimal", "m")
    assert [(line.line, line.reason) for line in report.dropped_lines] == [
        (1, "preamble"),
        (2, "preamble"),
        (3, "blank"),
        (45, "total"),
        (47, "footer"),
    ]


def test_two_rows_of_names_become_one_name_each(tmp_path: Path):
    rows = "".join(f"{year};{year * 7 % 900};{year * 5 % 800};{year % 9},5\n" for year in range(2001, 2021))

    found = written(tmp_path, f"Jahr;Einwohner;;Fläche\n;männlich;weiblich;km²\n{rows}")

    assert found[0] == ["Jahr", "Einwohner männlich", "Einwohner weiblich", "Fläche km²"]
    assert len(found) == 21


def test_another_table_below_is_left_out_and_told(tmp_path: Path):
    report, rows = load(tmp_path, f"{TREES}\nBezirk;Fläche\nNord;3,5\nSüd;4,25\nMitte;1,5\n")

    assert len(rows) == 40
    assert [(each.code, each.path) for each in report.findings] == [
        ("catalogue.table.other-table", "line 43")
    ]


def test_names_repeated_on_every_printed_page_are_left_out(tmp_path: Path):
    header, body = TREES.split("\n", 1)

    report, rows = load(tmp_path, f"{header}\n{body}{header}\n{body}")

    assert len(rows) == 80
    assert [(line.line, line.reason) for line in report.dropped_lines] == [(42, "header")]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("50;Linde;3,5", (50, "Linde", 3.5, None)),
        ("50;Linde;3,5;01.03.2019;", (50, "Linde", 3.5, "2019-03-01")),
        ("50;Linde;;3,5;01.03.2019", (50, "Linde", 3.5, "2019-03-01")),
        ("50;Linde; jung;3,5;01.03.2019", (50, "Linde; jung", 3.5, "2019-03-01")),
        ("50;3,5;01.03.2019", (50, None, 3.5, "2019-03-01")),
        ('50;"Linde;3,5;01.03.2019', (50, '"Linde', 3.5, "2019-03-01")),
        ('50;"Linde "alt"";3,5;01.03.2019', (50, 'Linde "alt"', 3.5, "2019-03-01")),
        ("50\tLinde\t3,5\t01.03.2019", (50, "Linde", 3.5, "2019-03-01")),
    ],
)
def test_a_row_with_a_slip_is_read_told_and_takes_no_other_with_it(tmp_path: Path, line: str, read: tuple):
    more = TREES.split("\n", 1)[1]

    report, rows = load(tmp_path, f"{TREES}{line}\n{more}")

    assert len(rows) == 81
    assert tuple(str(value) if hasattr(value, "year") else value for value in rows[40]) == read
    assert [(each.code, each.path) for each in report.findings] == [
        ("catalogue.table.row-with-a-slip", "line 42")
    ]


def test_a_bad_cell_is_listed_with_its_line_though_rows_before_it_span_lines(tmp_path: Path):
    more = TREES.split("\n", 1)[1].replace("7,5;08.03.2019", "viel;08.03.2019")

    report, _rows = load(tmp_path, f'{TREES}50;"Linde\nalt";3,5;01.03.2019\n\n{more}')

    assert [(cell.line, cell.raw) for cell in report.columns[2].bad_cells] == [(51, "viel")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\r\r\n", "\n\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, newline: str):
    rows = written(tmp_path, TREES.replace("\n", newline).encode(encoding))

    assert rows == [line.split(";") for line in TREES.splitlines()]


def test_line_ends_of_both_kinds_in_one_file(tmp_path: Path):
    first, *others = TREES.splitlines()

    rows = written(tmp_path, first + "\r\n" + "\r\n".join(others[:20]) + "\r\n" + "\n".join(others[20:]))

    assert rows == [line.split(";") for line in TREES.splitlines()]


def test_stray_zeros_do_not_make_a_text_binary(tmp_path: Path):
    assert written(tmp_path, TREES.replace("Linde", "Linde\0", 1)) == [
        line.split(";") for line in TREES.splitlines()
    ]


def test_a_very_long_cell(tmp_path: Path):
    long = "x" * 3_000_000

    rows = written(tmp_path, f"{TREES}50;{long};3,5;01.03.2019\n51;Ulme;1,0;02.03.2019\n")

    assert (len(rows), len(rows[41][1]), rows[42][1]) == (43, 3_000_000, "Ulme")


def test_one_column(tmp_path: Path):
    assert written(tmp_path, "Straße\nAm Markt\nOstring 5\nNordwall\n") == [
        ["Straße"],
        ["Am Markt"],
        ["Ostring 5"],
        ["Nordwall"],
    ]


def test_a_table_without_names_invents_none_before_its_columns_are_typed(tmp_path: Path):
    body = TREES.split("\n", 1)[1]

    report, rows = load(tmp_path, body)

    assert (report.dialect.has_header, len(rows)) == (False, 40)
    assert [column.name for column in report.columns] == ["Spalte 1", "Spalte 2", "Spalte 3", "Spalte 4"]


def test_names_twice_and_missing_ones_get_keys_of_their_own(tmp_path: Path):
    rows = "".join(f"{number};{number * 2};{number * 3};x\n" for number in range(1, 9))

    report, _rows = load(tmp_path, f"Wert;Wert;;Art\n{rows}")

    assert [column.key for column in report.columns] == ["wert", "wert_2", "spalte_3", "art"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", ", ", "; ", " ", "^"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_delimiters(tmp_path: Path, delimiter: str, quoting: int):
    table = [["Nr", "Ort", "Tag", "Wert"]] + [
        [str(number), f"Halle, {number} (Saale); Ost", f"{number:02}.04.2021", f"{number}.25"]
        for number in range(1, 25)
    ]
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter[0], quoting=quoting, lineterminator="\n").writerows(table)
    content = sink.getvalue()
    if len(delimiter) > 1:
        content = "".join(
            delimiter.join(f'"{c}"' if quoting == csv.QUOTE_ALL or ";" in c else c for c in row) + "\n"
            for row in table
        )

    assert written(tmp_path, content) == table


# --- any table in any dialect -------------------------------------------------------------------
WORDS = st.sampled_from(["Linde", "Ahorn", "Bahnhof", "Straße", "Nord", "Mitte", "Größe", "Città"])
FREE = st.lists(
    st.sampled_from(["Linde", "am Markt", "und", 'der "Alte"', "Nr. 5", "a;b", "c, d", "e\tf", "g|h", "\n"])
).map(" ".join)
KINDS = {
    "text": WORDS,
    "free": FREE.map(str.strip),
    "whole": st.integers(0, 99_999).map(str),
    "comma": st.decimals(0, 9_999, places=2).map(lambda value: str(value).replace(".", ",")),
    "day": st.dates().map(lambda day: f"{day.day:02}.{day.month:02}.{day.year:04}"),
}


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    kinds = [*draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5)), "whole", "day"]
    rows = draw(st.lists(st.tuples(*(KINDS[kind] for kind in kinds)), min_size=6, max_size=25))
    return [[f"{kind} {number}" for number, kind in enumerate(kinds)], *map(list, rows)]


@settings(
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    table=tables(),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    backslash=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    preamble=st.sampled_from(["", "Baumkataster\n\n", "Stand: heute\n"]),
)
def test_what_is_written_in_any_dialect_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[list[str]],
    delimiter: str,
    quoting: int,
    backslash: bool,
    newline: str,
    encoding: str,
    preamble: str,
):
    sink = io.StringIO()
    all_quoted = quoting == csv.QUOTE_ALL
    escaped = {"doublequote": False, "escapechar": "\\"} if backslash and all_quoted else {}
    csv.writer(sink, delimiter=delimiter, quoting=quoting, lineterminator=newline, **escaped).writerows(table)

    found = written(tmp_path_factory.mktemp("any"), (preamble + sink.getvalue()).encode(encoding))

    assert found == table


# --- values -------------------------------------------------------------------------------------
def test_values_are_read_as_people_write_them_and_codes_stay_as_they_are(tmp_path: Path):
    names = "PLZ;Betrag;Anteil;Tag;Uhrzeit;offen;Kreuz;Bemerkung;Kennzahl"
    first = "09157;1.234,56 €;12,5 %;01.02.2024;08:30 Uhr;ja;x;.;12345678901234567890"
    second = "59065;k.A.;3 %;29.02.2024;17:45 Uhr;nein;;na ja;22345678901234567890"
    content = f"{names}\n" + f"{first}\n{second}\n" * 6

    report, rows = load(tmp_path, content)

    kinds = [column.kind for column in report.columns]
    assert kinds == ["text", "decimal", "decimal", "date", "time", "boolean", "text", "text", "text"]
    assert [str(value) for value in rows[0]] == [
        *("09157", "1234.56", "12.5", "2024-02-01", "08:30:00"),
        *("True", "x", ".", "12345678901234567890"),
    ]
    assert (rows[1][1], rows[1][5:]) == (None, (False, None, "na ja", "22345678901234567890"))
    assert [(column.nulls, column.bad_count) for column in report.columns][1] == (6, 0)


def test_a_column_of_two_kinds_stays_text_and_its_odd_cells_are_told(tmp_path: Path):
    rows = "".join(
        f"{number};{number},5\n" if number % 4 else f"{number};ca. {number}\n" for number in range(1, 41)
    )

    report, _rows = load(tmp_path, f"Nr;Wert\n{rows}")

    (finding,) = report.findings
    assert (report.columns[1].kind, finding.code) == ("text", "catalogue.table.mixed-column")
    assert "ca. 4, ca. 8, ca. 12" in finding.message

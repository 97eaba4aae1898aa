import duckdb
import pytest

from tandem.catalogue.domain.sql import Place, place_of, problem_of, table_name, unique_names, words, written


def test_two_tables_never_share_a_name():
    wanted = [
        ("aaaa-1", table_name("a-b", 0)),
        ("bbbbbbbb-2", table_name("a_b", 0)),
        ("c", table_name("a-b", 1)),
    ]

    assert unique_names(wanted) == {"aaaa-1": "a_b", "bbbbbbbb-2": "a_b_bbbbbbbb", "c": "a_b_1"}


@pytest.mark.parametrize("name", ["trees", "_x1", "order", "2024", "a-b", 'a"b', "Größe", "select"])
def test_a_written_name_is_one_name_for_duckdb(name):
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE {written(name)} (x INT)")
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [(name,)]


def test_names_are_found_however_they_are_written():
    found = words('SELECT * FROM "Street-Trees" JOIN baeume b USING (nr) -- "Nicht"')

    assert {"street-trees", "baeume", "nicht"} <= found


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("SELEC 1", Place(1, 1)),
        ("SELECT nope\nFROM range(3)", Place(1, 8)),
        ("SELECT 1,\n  2,\n  frm range(3) x y z", Place(3, 7)),
        ("SELECT " + "1, " * 100 + "nope\nFROM range(3)", Place(1, 308)),
        ("SELECT range,\n" + " " * 200 + "nope" + " " * 200 + "\nFROM range(3)", Place(2, 201)),
        ("SELECT 'ä', 'öüß', nope FROM range(3)", None),
    ],
)
def test_a_mistake_is_found_where_it_is(sql, place):
    with duckdb.connect() as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute(sql)

    found = place_of(str(caught.value), sql)

    if place is None:  # DuckDB counts bytes there; the line is right, and the column near
        assert found is not None
        assert found.line == 1
    else:
        assert found == place


def test_no_mark_no_place():
    assert place_of("Out of Memory Error: x", "SELECT 1") is None
    assert place_of("x\n\nLINE 9: y\n        ^", "SELECT 1") is None


def test_the_problem_is_told_without_duckdbs_frame():
    message = 'Binder Error: Referenced column "x" not found!\nCandidate bindings: "a"\n\nLINE 1: SELECT x\n        ^'

    assert problem_of(message) == 'Referenced column "x" not found!\nCandidate bindings: "a"'

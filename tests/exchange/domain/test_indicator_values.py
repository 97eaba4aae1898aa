"""A table of values: every form that a spreadsheet writes, every fault with its line, and back again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.findings import Severity
from tandem.exchange.domain import indicator_values
from tandem.exchange.domain.indicator_values import (
    Changes,
    Entry,
    changes_of,
    date_of,
    number_of,
    read_table,
    written,
)

TODAY = date(2026, 5, 31)


def read(text: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Return what a table says, and the lines and codes of what is wrong with it."""
    entries, findings = read_table(text.encode(), today=TODAY)
    rows = [(each.on.isoformat(), str(each.value), each.note) for each in entries]
    return rows, [(each.path, each.code.rpartition(".")[2]) for each in findings]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01;12.5;warm\n2026-04-01;13;\n",
        "date,value,note\n2026-03-01,12.5,warm\n2026-04-01,13,\n",
        "\ufeffDatum;Wert;Notiz\r\n1.3.2026;12,5;warm\r\n\r\n01.04.2026;13;\r\n",
        "Valore\tNota\tData\n12,5\twarm\t1/3/2026\n13\t\t1/4/2026\n",
        '"2026-03-01","12,5","warm"\n"2026-04-01","13",""\n',
    ],
)
def test_tables_of_every_usual_form_say_the_same(text: str):
    assert read(text) == ([("2026-03-01", "12.5", "warm"), ("2026-04-01", "13", "")], [])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("", "no-rows")]),
        ("date;value\n", [("", "no-rows")]),
        ("when;what\n2026-03-01;1\n", [("1", "no-names")]),
        ("date;note\n2026-03-01;1\n", [("1", "no-names")]),
        ("2026-03-01;1\n2026-02-30;2\n", [("2", "no-date")]),
        ("2026-03-01;1\n2026-06-01;2\n", [("2", "not-yet")]),
        ("2026-03-01;1\n1.3.2026;2\n", [("2", "twice")]),
        ("2026-03-01;1.234,5\n", [("1", "no-number")]),
        ("2026-03-01;\n", [("1", "no-number")]),
        ("2026-03-01;1e5\n", [("1", "no-number")]),
        ("2026-03-01;NaN\n", [("1", "no-number")]),
        ("2026-03-01;123456789012345\n", [("1", "no-number")]),
        ("2026-03-01;1.1234567\n", [("1", "no-number")]),
        (f"2026-03-01;1;{'a' * 301}\n", [("1", "bad-note")]),
        ("2026-03-01;1;a\x07b\n", [("1", "bad-note")]),
        ("2026-03-01,12,5\n", [("1", "comma")]),
        ("date;value\nyesterday;much\n", [("2", "no-date"), ("2", "no-number")]),
        ('2026-03-01;"1\n', [("", "no-table")]),
    ],
)
def test_every_row_that_is_wrong_is_told_with_its_line_and_nothing_is_taken(
    text: str, faults: list[tuple[str, str]]
):
    assert read(text) == ([], faults)


def test_a_column_that_is_not_known_is_told_and_left_out():
    entries, findings = read_table(b"date;value;colour\n2026-03-01;1;red\n", today=TODAY)

    assert [(each.value, each.note) for each in entries] == [(Decimal(1), "")]
    assert [(each.severity, each.message.values["name"]) for each in findings] == [
        (Severity.WARNING, "colour")
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe1", "no-table"),
        (b"#" * (indicator_values.LARGEST_BYTES + 1), "too-large"),
        (b"2026-03-01;1\n" * (indicator_values.MOST_ROWS + 1), "too-many"),
    ],
)
def test_what_is_no_table_or_too_much_is_refused(content: bytes, code: str):
    assert [each.code.rpartition(".")[2] for each in read_table(content, today=TODAY)[1]] == [code]


VALUES = st.decimals(-(10**13), 10**13, places=6)
DAYS = st.dates(date(1950, 1, 1), TODAY)
NOTES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40).map(str.strip)


@given(st.dictionaries(DAYS, st.tuples(VALUES, NOTES), min_size=1, max_size=12))
def test_what_is_written_is_read_again(kept: dict[date, tuple[Decimal, str]]):
    entries = [Entry(on, value, note) for on, (value, note) in sorted(kept.items())]
    found, findings = read_table(written(entries), today=TODAY)

    assert findings == []
    assert [(each.on, each.value, each.note) for each in found] == [
        (each.on, each.value, each.note) for each in entries
    ]


@given(DAYS)
def test_a_day_is_read_in_each_of_its_forms(day: date):
    forms = (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year:04}",
        day.strftime("%d/%m/") + f"{day.year:04}",
    )

    assert {date_of(form) for form in forms} == {day}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_never_raises_and_gives_values_only_without_errors(content: bytes):
    entries, findings = read_table(content, today=TODAY)

    assert bool(entries) == all(each.severity is not Severity.ERROR for each in findings)


@pytest.mark.parametrize("text", ["", "-", "1.2.3", "1 000", "1'000", "0x1", "١٢", "1,", ".5", "inf"])
def test_what_is_no_plain_number_is_none(text: str):
    assert number_of(text) is None


def test_a_minus_is_one_however_it_is_typed():
    assert (number_of("-1,5"), number_of("−1.5"), number_of("+2")) == (
        Decimal("-1.5"),
        Decimal("-1.5"),
        Decimal(2),
    )


def test_a_table_corrects_only_where_it_is_said():
    first = TODAY - timedelta(days=2)
    known = {first: (Decimal("12.500000"), ""), TODAY: (Decimal(3), "late")}
    same, other, new = (
        Entry(first, Decimal("12.5"), "", 1),
        Entry(TODAY, Decimal(4), "", 2),
        Entry(TODAY - timedelta(days=1), Decimal(1), "", 3),
    )

    changes, findings = changes_of([same, other, new], known, replace=False)
    assert [(each.path, each.code) for each in findings] == [("2", "exchange.indicator-value.other-value")]
    assert changes_of([same, other, new], known, replace=True) == (Changes([new], [other], 1), [])
    assert changes == Changes([new], [other], 1)

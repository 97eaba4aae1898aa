"""What the office found, out of a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.check_table import MOST_CENTS, Checked, read_checked


@pytest.mark.parametrize(
    "row",
    [
        {"Nr.": "7", "Machbar": "ja", "Kosten in €": "1.250,50", "Hinweis": "gut"},
        {"Numero": 7, "Fattibile": "sì", "Costo": "1.250,50 €", "Nota": "gut"},
        {"Number": 7.0, "Feasible": "Yes", "Cost": 1250.5, "Note": " gut "},
        {"No.": "7", "feasible": "x", "cost": "EUR 1,250.50", "reason": "gut"},
    ],
)
def test_a_table_in_three_languages(row):
    assert read_checked([(2, row)]).rows == [Checked(2, 7, True, 125_050, "gut")]


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("100", 10_000),
        ("1 000 000", 100_000_000),
        ("1'000", 100_000),
        ("12.000", 1_200_000),
        ("12,000", 1_200_000),
        ("1.000.000,5", 100_000_050),
        ("0,05", 5),
        (19.99, 1_999),
        (0.1 + 0.2, 30),
    ],
)
def test_amounts_as_people_write_them(typed, cents):
    done = read_checked([(2, {"number": 1, "feasible": "yes", "cost": typed})])
    assert [each.cost_cents for each in done.rows] == [cents]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"number": 1, "feasible": "yes"}, "The cost is missing."),
        ({"number": 1, "feasible": "yes", "cost": "0"}, "The cost is missing."),
        ({"number": 1, "feasible": "yes", "cost": "viel"}, "“viel” is no amount of euros."),
        ({"number": 1, "feasible": "yes", "cost": "-5"}, "“-5” is no amount of euros."),
        ({"number": 1, "feasible": "yes", "cost": "nan"}, "“nan” is no amount of euros."),
        ({"number": 1, "feasible": "yes", "cost": "1e30"}, "“1e30” is no amount of euros."),
        ({"number": 1, "feasible": "no"}, "The reason why it cannot be done is missing."),
        ({"number": 1, "feasible": "maybe"}, "“maybe” is neither yes nor no."),
        ({"number": "A", "feasible": "no", "note": "x"}, "The number of the proposal is missing."),
        ({"feasible": "no", "note": "x"}, "The number of the proposal is missing."),
        ({"number": 1, "feasible": "no", "note": "x" * 4_001}, "A note has 4000 characters at the most."),
    ],
)
def test_what_cannot_be_used_is_told(row, message):
    done = read_checked([(2, row)])
    assert (done.rows, [(each.path, str(each.message)) for each in done.findings]) == (
        [],
        [("line 2", message)],
    )


def test_what_is_not_checked_yet_is_left_out_and_what_cannot_be_done_has_no_cost():
    rows = [(2, {"number": 1}), (3, {"number": 2, "feasible": "no", "cost": 5, "note": "x"})]
    done = read_checked(rows)
    assert (done.rows, done.findings) == ([Checked(3, 2, False, None, "x")], [])


def test_a_proposal_that_stands_there_twice_counts_as_it_stands_first():
    row = {"number": 1, "feasible": "yes", "cost": 5}
    done = read_checked([(2, row), (4, row | {"cost": 6})])
    assert [each.cost_cents for each in done.rows] == [500]
    assert str(done.findings[0].message) == "Proposal 1 stands in line 2 already."


CELLS = st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.none())


@given(st.lists(st.dictionaries(st.sampled_from(["number", "feasible", "cost", "note"]), CELLS)))
def test_whatever_is_in_a_table_amounts_are_amounts(rows):
    done = read_checked(enumerate(rows, 2))
    assert all(each.cost_cents is None or 0 < each.cost_cents <= MOST_CENTS for each in done.rows)
    assert len({each.number for each in done.rows}) == len(done.rows)
    assert len(done.rows) + len(done.findings) == sum("feasible" in each for each in rows)

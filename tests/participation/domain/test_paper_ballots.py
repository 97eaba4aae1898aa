"""Paper ballots out of a table, and what is wrong with those that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.paper_ballots import (
    PaperBallot,
    UnreadableChoices,
    read_ballots,
    read_choices,
)


@pytest.mark.parametrize(
    "heads",
    [
        ("Nr. des Stimmzettels", "Vorschläge", "Abstimmungscode"),
        ("Scheda", "Proposte", "Codice"),
        ("Ballot", "Proposals", "Code"),
        ("sheet", "votes", "code"),
    ],
)
def test_the_heads_of_a_table_are_known_in_three_languages(heads):
    done = read_ballots([(2, dict(zip(heads, ("A-1", "3 8", "2345-6789-ABC3"), strict=True)))])
    assert done.ballots == [PaperBallot(2, "A-1", ("3", "8"), (), "2345-6789-ABC3")]
    assert done.findings == []


@pytest.mark.parametrize(
    ("typed", "choices", "points"),
    [
        ("3", ("3",), ()),
        (" 3,8;12 ", ("3", "8", "12"), ()),
        ("03 8", ("3", "8"), ()),
        ("3:5 8:2", ("3", "8"), (5, 2)),
    ],
)
def test_choices_as_they_are_typed(typed, choices, points):
    assert read_choices(typed) == (choices, points)


@pytest.mark.parametrize("typed", ["x", "3 x", "3:", "3:5 8", "3.5", "-3", "³", "0"])
def test_what_says_no_choices(typed):
    with pytest.raises(UnreadableChoices):
        read_choices(typed)


def test_spreadsheets_give_numbers():
    done = read_ballots([(2, {"sheet": 7.0, "votes": 12}), (3, {"sheet": 8, "votes": 3.0})])
    assert done.ballots == [PaperBallot(2, "7", ("12",)), PaperBallot(3, "8", ("3",))]


def test_each_row_that_is_no_ballot_is_told_with_its_line():
    rows = [
        (2, {"sheet": "A", "votes": "1", "remark": "late"}),
        (3, {"votes": "1"}),
        (4, {"sheet": "B"}),
        (5, {"sheet": "C", "votes": "1:"}),
        (6, {"sheet": "A", "votes": "2"}),
        (7, {"sheet": "x" * 41, "votes": "2"}),
    ]
    done = read_ballots(rows)
    assert [each.sheet for each in done.ballots] == ["A"]
    assert [(each.path, str(each.message)) for each in done.findings] == [
        ("line 3", "The number of the ballot is missing."),
        ("line 4", "Ballot B names no proposal."),
        ("line 5", "These are no numbers of proposals: 1:. Write 3 8 12, with points 3:5 8:5."),
        ("line 6", "Ballot A stands in line 2 already."),
        ("line 7", "The number of a ballot has 40 characters at the most."),
        ("remark", "The column remark is not read."),
    ]


CELLS = st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.none(), st.dates())


@given(st.lists(st.dictionaries(st.sampled_from(["sheet", "votes", "code", "remark"]), CELLS)))
def test_whatever_is_in_a_table_each_row_is_a_ballot_or_told(rows):
    done = read_ballots(enumerate(rows, 2))
    told = [each for each in done.findings if each.path.startswith("line ")]
    assert len(done.ballots) + len(told) == len(rows)
    assert len({each.sheet for each in done.ballots}) == len(done.ballots)

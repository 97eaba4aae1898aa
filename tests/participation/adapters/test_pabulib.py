"""Pabulib's files: all kinds of votes, what is wrong with a file, and that nothing is lost on the way out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.adapters import pabulib
from tandem.participation.domain.budget.election import (
    Ballot,
    Election,
    InvalidElection,
    Proposal,
    VoteType,
    with_merged_ballots,
)
from tests.participation.domain.budget import slow

SMALL = """META
key;value
description;"Hamm; the budget"
num_projects;2
num_votes;3
budget;1 000 000,50
vote_type;approval
PROJECTS
project_id;cost;votes;name;category;target;selected;latitude
1;12.5;2;Bänke;public space, green;adults,children;1;51.68
2;700;1;"A ""pond""; with ducks";;;0;
VOTES
voter_id;vote;age
a;1,2;42
b;1;
c;;7
"""
PROPOSALS = (
    Proposal("1", 1_250, "Bänke", ("public space", "green"), ("adults", "children"), 2),
    Proposal("2", 70_000, 'A "pond"; with ducks', votes=1),
)


def changed(*pairs):
    text = SMALL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return pabulib.read(text.encode())


def told(reading):
    return [(each.severity.value, each.code.rpartition(".")[2], each.path) for each in reading.findings]


# --- in -------------------------------------------------------------------------------------------
def test_a_small_file():
    reading = pabulib.read(SMALL.encode())

    assert reading.election == Election(
        100_000_050, PROPOSALS, (Ballot(()), Ballot(("1",)), Ballot(("1", "2")))
    )
    assert (reading.official, reading.findings) == ({"1"}, [])
    assert reading.file.about("description") == "Hamm; the budget"


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_byte_order_marks_and_line_ends_make_no_difference(change):
    assert pabulib.read(change(SMALL).encode()) == pabulib.read(SMALL.encode())


@pytest.mark.parametrize(
    ("vote_type", "votes", "ballots"),
    [
        ("choose-1", "voter_id;vote\n1;2\n2;2\n", (Ballot(("2",), (), 2),)),
        ("ordinal", "voter_id;vote\n1;2,1\n2;1,2\n", (Ballot(("1", "2")), Ballot(("2", "1")))),
        (
            "cumulative",
            "voter_id;vote;points\n1;2,1;3,1.5\n2;1,2;3,0\n3;;\n",
            (Ballot(()), Ballot(("1",), (3,)), Ballot(("1", "2"), (Fraction(3, 2), 3))),
        ),
        ("approval", "voter_id;vote\n1; 2 , 1\n2;None\n", (Ballot(()), Ballot(("1", "2")))),
    ],
)
def test_all_kinds_of_votes(vote_type, votes, ballots):
    before, _section, _votes = SMALL.partition("VOTES\n")
    text = before.replace("vote_type;approval", f"vote_type;{vote_type}") + "VOTES\n" + votes

    election = pabulib.read(text.encode()).election

    assert (election.vote_type, election.ballots) == (VoteType(vote_type), ballots)


@pytest.mark.parametrize(
    ("pairs", "findings"),
    [
        (
            [(";12.5;", ";12.505;")],
            [("error", "bad-cost", "line 10"), ("warning", "unknown-project", "line 14")],
        ),
        ([(";12.5;", ";-5;")], [("error", "bad-cost", "line 10"), ("warning", "unknown-project", "line 14")]),
        (
            [("\n2;700", "\n1;700")],
            [("error", "bad-id", "line 11"), ("warning", "unknown-project", "line 14")],
        ),
        (
            [("a;1,2;42", "a;1,3;42")],
            [("warning", "unknown-project", "line 14"), ("info", "votes", "line 11")],
        ),
        ([("b;1;", "b;1,1;")], [("warning", "choice-twice", "line 15")]),
        ([("b;1;\n", "b;1\n")], [("warning", "cells", "line 15")]),
        ([("b;1;\n", "b;1;;;\n")], [("warning", "cells", "line 15")]),
        ([("b;1;", "a;1;")], [("warning", "voter-twice", "line 15")]),
        ([("num_votes;3", "num_votes;4")], [("warning", "number", "")]),
        ([("budget;", "money;")], [("error", "bad-budget", "")]),
        ([("approval", "scoring")], [("error", "vote-type", "")]),
        ([("META\n", "\nMETA\n")], []),
        ([("META\n", "hello\nMETA\n")], [("error", "outside", "line 1")]),
        ([("VOTES\n", "VOTERS\n")], [("warning", "cells", "line 12")]),
        ([("voter_id;vote;", "voter_id;votes;")], [("error", "no-column", "")]),
        ([("budget;1", "max_length;1\nbudget;1")], [("warning", "too-long", "line 15")]),
        ([("budget;1", "min_length;1\nbudget;1")], [("warning", "too-short", "line 17")]),
        ([("c;;7\n", "c;;7\nMETA\nkey;value\n")], [("error", "section-twice", "line 17")]),
        ([("c;;7", 'c;"1\n;7')], [("warning", "long-cell", "line 16"), ("warning", "cells", "line 17")]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(pairs, findings):
    assert told(changed(*pairs))[: len(findings)] == findings
    if not findings:
        assert changed(*pairs) == pabulib.read(SMALL.encode())


def test_what_cannot_be_used_is_left_out_and_the_rest_is_used():
    election = changed((";12.5;", ";much;")).election

    assert [each.id for each in election.proposals] == ["2"]
    assert election.ballots == (Ballot((), (), 2), Ballot(("2",)))


@pytest.mark.parametrize(
    ("vote_type", "line", "code"),
    [
        ("choose-1", "a;1,2;42", "too-many"),
        ("cumulative", "a;1,2;1", "bad-points"),
        ("cumulative", "a;1,2;1,-2", "bad-points"),
        ("cumulative", "a;1,2;9,2", "sum-of-points"),
    ],
)
def test_ballots_that_do_not_fit_their_kind(vote_type, line, code):
    reading = changed(
        ("vote_type;approval", f"vote_type;{vote_type}\nmax_sum_points;10"),
        ("vote;age", "vote;points"),
        ("a;1,2;42\nb;1;\n", f"{line}\nb;;\n"),
    )

    assert told(reading)[0][1:] == (code, "line 15")
    assert reading.election.voters == (3 if code == "sum-of-points" else 2)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"META", b"META\nkey;value\nPROJECTS\nVOTES\n", b"\x00\xff;;"]
)
def test_what_is_no_election_is_told(content):
    reading = pabulib.read(content)

    assert reading.election is None
    assert any(each.severity.value == "error" for each in reading.findings)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SMALL)), st.integers(0, 9), st.text(';,"\n\r0123.-METAVOTES\0é', max_size=6)
        )
    ),
)
def test_whatever_is_in_a_file_it_is_read(edits):
    text = SMALL
    for place, cut, put in edits:
        text = text[:place] + put + text[place + cut :]

    reading = pabulib.read(text.encode())

    assert reading.election is not None or reading.findings
    assert pabulib.write(reading.file)


def test_other_encodings_lose_letters_and_say_so():
    reading = pabulib.read(SMALL.encode("latin-1"))

    assert told(reading) == [("warning", "not-utf-8", "line 10")]
    assert reading.election.proposals[0].name == "B\ufffdnke"


def test_a_missing_quotation_mark_does_not_go_unnoticed():
    votes = "".join(f"{number};1;\n" for number in range(40_000))
    reading = pabulib.read((SMALL.replace("c;;7", 'c;"1;7') + votes).encode())

    assert [each for each in told(reading) if each[1] == "unreadable"] != []


def test_findings_come_to_an_end():
    votes = "".join(f"v{number};9;\n" for number in range(1_000))
    reading = pabulib.read((SMALL + votes).encode())

    assert len(reading.findings) == pabulib.MOST_FINDINGS + 1
    assert str(reading.findings[-1].message) == "There are 801 more findings like these."
    assert reading.election.voters == 1_003


@pytest.mark.parametrize(
    ("limit", "what"), [("MOST_BYTES", "bytes"), ("MOST_PROJECTS", "projects"), ("MOST_VOTES", "votes")]
)
def test_what_is_too_large_is_refused(monkeypatch, limit, what):
    monkeypatch.setattr(pabulib, limit, 1)

    with pytest.raises(pabulib.FileTooLarge, match=f"{what}; 1 can be read"):
        pabulib.read(SMALL.encode())


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("0", 0),
        ("1\u00a0000\u202f000", 100_000_000),
        ("0.05", 5),
        ("7,5", 750),
        ("1,000", None),
        ("1.000.000", None),
        ("1e6", None),
        ("", None),
        ("١", None),
    ],
)
def test_amounts(cell, cents):
    assert pabulib.cents_of(cell) == cents


@given(st.integers(0, 10**15))
def test_amounts_come_back(cents):
    assert pabulib.cents_of(pabulib.amount_of(cents)) == cents


# --- out ------------------------------------------------------------------------------------------
def test_a_file_is_written_as_it_was_read():
    assert pabulib.write(pabulib.read(SMALL.encode()).file).decode() == SMALL


def test_an_election_as_a_file():
    election = Election(1_000, PROPOSALS, (Ballot(("1", "2")), Ballot(("1",), (), 2)))

    file = pabulib.file_of(
        election, about={"country": "Germany", "rule": "equalshares", "comment": "a\nb"}, winners=["2"]
    )

    assert pabulib.write(file).decode() == (
        "META\nkey;value\ncountry;Germany\nnum_projects;2\nnum_votes;3\nbudget;10\nvote_type;approval\n"
        "rule;equalshares\ncomment;a b\n"
        "PROJECTS\nproject_id;cost;votes;name;category;target;selected\n"
        "1;12.50;3;Bänke;public space,green;adults,children;0\n"
        '2;700;1;"A ""pond""; with ducks";;;1\n'
        "VOTES\nvoter_id;vote\n1;1\n2;1\n3;1,2\n"
    )


@pytest.mark.parametrize("odd", ["a,b", " a"])
def test_ids_that_the_format_cannot_say(odd):
    with pytest.raises(InvalidElection, match="no way to write the id"):
        pabulib.file_of(Election(0, (Proposal(odd, 1),), ()), about={})


@pytest.mark.parametrize("vote_type", VoteType)
@given(data=st.data())
def test_elections_come_back(vote_type, data):
    election = data.draw(slow.elections(vote_type))

    reading = pabulib.read(pabulib.write(pabulib.file_of(election, about={})))

    back = reading.election
    assert (back.budget_cents, back.vote_type) == (election.budget_cents, vote_type)
    assert [(each.id, each.cost_cents) for each in back.proposals] == [
        (each.id, each.cost_cents) for each in election.proposals
    ]
    assert back.voters == election.voters
    if vote_type is not VoteType.CUMULATIVE:  # thirds of points are rounded
        assert back.ballots == with_merged_ballots(election).ballots


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=5).filter(
    lambda text: text.strip().upper() not in {"META", "PROJECTS", "VOTES"}
)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=3), st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=3))
def test_any_cells_come_back(about, rows):
    def kept(cells):
        return [each for each in cells if any(each)]

    file = pabulib.PabulibFile(
        pabulib.Table(("key", "value"), tuple(kept(about))),
        pabulib.Table(("project_id", "cost", "colour"), tuple(kept(rows))),
        pabulib.Table(("voter_id", "vote", "mood"), tuple(kept(rows))),
    )

    assert pabulib.read(pabulib.write(file)).file == file


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("name", "voters", "winners"),
    [
        ("Hungary_Budapest_2024", 28_943, 13),
        ("Poland_Swiecie_2023", 2_553, 17),
        ("Poland_Warszawa_2026", 61_668, 17),
        ("Poland_Warszawa_2026_Mokotow", 6_902, 9),
    ],
)
def test_real_files_are_read_without_a_finding_and_written_alike(shared_data, name, voters, winners):
    content = (shared_data / "pabulib" / f"{name}.pb").read_bytes()

    reading = pabulib.read(content)

    assert (reading.election.voters, len(reading.official), reading.findings) == (voters, winners, [])
    assert pabulib.write(reading.file).splitlines() == content.splitlines()

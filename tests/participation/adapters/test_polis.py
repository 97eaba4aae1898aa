"""Polis' files: read, written, read again; bad lines are told."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.adapters import polis

LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
RISKY = st.sampled_from(["=1+1", "'=1+1", "''-2", "+49", "-3 Grad", "@all", "'s ist gut", "'"])
TEXTS = st.text(LETTERS, min_size=1).filter(lambda text: text.strip() == text) | RISKY
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
)
VOTES = st.sampled_from([-1, 0, 1])
EXPORTS = ("canadian-electoral-reform", "vtaiwan.uberx", "austria-climate.2vkxcncppn.2022-07-07")


@given(st.lists(st.tuples(TEXTS, TIMES, VOTES), max_size=8))
def test_statements_survive_the_way_out_and_in(rows):
    made = [polis.PolisStatement(str(n), text, "a", at, state) for n, (text, at, state) in enumerate(rows)]
    assert polis.read_comments(polis.write_comments(made)) == polis.PolisRows(made)


@given(st.lists(st.tuples(TIMES, VOTES), max_size=8, unique_by=lambda each: each[0]))
def test_votes_survive_the_way_out_and_in(rows):
    made = [polis.PolisVote(str(n), "1", value, at) for n, (at, value) in enumerate(sorted(rows))]
    assert polis.read_votes(polis.write_votes(made)) == polis.PolisRows(made)


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 4), st.dictionaries(st.sampled_from("012"), VOTES))), TEXTS
)
def test_people_survive_the_way_out_and_in_both_layouts(rows, xid):
    for name in (None, xid):
        made = [
            polis.PolisPerson(str(number), votes, group, number, name)
            for number, (group, votes) in enumerate(rows)
        ]
        assert polis.read_participants(polis.write_people(made, ["0", "1", "2"])) == polis.PolisRows(made)


@given(st.dictionaries(st.text(st.characters(categories=["Ll"]), min_size=1), TEXTS, min_size=1))
def test_a_summary_survives_the_way_out_and_in(values):
    assert polis.read_summary(polis.write_summary(values)) == values


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "'=1"])
def test_no_spreadsheet_takes_a_text_for_a_formula(text):
    written = polis.write_comments([polis.PolisStatement("1", text)]).decode()
    assert written.splitlines()[1].endswith(f",0,0,0,'{text}")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,3,5,", "vote is 5 instead of 1, 0 or -1"),
        ("1,3,yes,", "vote is yes, which is no whole number"),
        ("1,3,,", "vote is empty"),
        ("1,,1,", "voter-id is empty"),
        ("1,3", "it has 2 cells instead of 4"),
        ("1,3,1,soon", "timestamp is soon, which is no whole number"),
        ("1,3,1,999999999999999", "timestamp is no time"),
    ],
)
def test_a_bad_line_is_left_out_and_told_with_its_number(line, reason):
    found = polis.read_votes(f"comment-id,voter-id,vote,timestamp\n1,2,1,\n{line}\n".encode())

    assert found.rows == [polis.PolisVote("2", "1", 1)]
    assert [(each.code, each.path, str(each.message)) for each in found.findings] == [
        ("participation.polis.bad-line", "3", f"Line 3 is left out: {reason}.")
    ]


def test_lines_are_counted_where_a_text_goes_over_several():
    found = polis.read_comments(b'comment-id,comment-body\n1,"two\nlines"\n2,\n,x\n')
    assert [each.text for each in found.rows] == ["two\nlines"]
    assert [each.path for each in found.findings] == ["4", "5"]


def test_votes_are_put_in_the_order_of_time():
    found = polis.read_votes(b"comment-id,voter-id,vote,timestamp\n1,2,1,2000\n1,3,-1,1000\n")
    assert [(each.voter, each.value) for each in found.rows] == [("3", -1), ("2", 1)]


def test_a_matrix_is_written_as_polis_does():
    values = np.array([[1, np.nan], [-1, 0]])
    written = polis.write_participants(["a", "b"], ["7", "8"], values, [0, -1])
    assert written.decode().splitlines() == [
        "participant,group-id,n-comments,n-votes,n-agree,n-disagree,7,8",
        "a,0,0,1,1,0,1,",
        "b,,0,2,0,1,-1,0",
    ]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a,b\n1,2\n", b"", b'comment-id,comment-body\n1,"\0' + b"x" * 140_000]
)
def test_another_file_is_refused(content):
    with pytest.raises(polis.NoPolisFile):
        polis.read_comments(content)


@pytest.mark.parametrize("content", [b"", b"topic\n", b"a,b,c\n"])
def test_another_file_is_no_summary(content):
    with pytest.raises(polis.NoPolisFile):
        polis.read_summary(content)


@pytest.mark.conformance
@pytest.mark.parametrize("name", EXPORTS)
def test_a_real_export_is_read_without_findings_and_written_again_as_it_was(shared_data, name):
    folder = shared_data / "polis" / name
    comments = polis.read_comments((folder / "comments.csv").read_bytes())
    matrix, summary = ((folder / file).read_bytes() for file in ("participants-votes.csv", "summary.csv"))
    people, told = polis.read_participants(matrix), polis.read_summary(summary)
    statements = [each for each in matrix.decode().splitlines()[0].split(",") if each.isdecimal()]

    assert (comments.findings, people.findings) == ([], [])
    assert (len(comments.rows), len(people.rows)) == (int(told["comments"]), int(told["voters"]))
    assert polis.read_comments(polis.write_comments(comments.rows)) == comments
    assert polis.write_people(people.rows, statements) == matrix
    assert polis.write_summary(told) == summary


@pytest.mark.conformance
@pytest.mark.parametrize(("name", "count"), [(EXPORTS[0], 12_018), (EXPORTS[1], 49_997)])
def test_real_votes_survive_the_way_out_and_in(shared_data, name, count):
    votes = polis.read_votes((shared_data / "polis" / name / "votes.csv").read_bytes())
    assert (len(votes.rows), votes.findings) == (count, [])
    assert polis.read_votes(polis.write_votes(votes.rows)) == votes

"""Polis' files: read, written, read again; bad lines are told."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.adapters import polis

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text.strip() == text
)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
)


@given(st.lists(st.tuples(TEXTS, TIMES, st.sampled_from([-1, 0, 1])), max_size=8))
def test_statements_survive_the_way_out_and_in(rows):
    made = [polis.PolisStatement(str(n), text, "a", at, state) for n, (text, at, state) in enumerate(rows)]
    assert polis.read_comments(polis.write_comments(made)).rows == made


@given(st.lists(st.tuples(TIMES, st.sampled_from([-1, 0, 1])), max_size=8, unique_by=lambda each: each[0]))
def test_votes_survive_the_way_out_and_in(rows):
    made = [polis.PolisVote(str(n), "1", value, at) for n, (at, value) in enumerate(sorted(rows))]
    assert polis.read_votes(polis.write_votes(made)).rows == made


def test_a_bad_line_is_told_and_left_out():
    content = b"comment-id,voter-id,vote\n1,2,1\n1,3,5\n1,,1\n"
    found = polis.read_votes(content)
    assert [(each.voter, each.value) for each in found.rows] == [("2", 1)]
    assert [each.path for each in found.findings] == ["3", "4"]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n1,2\n", b""])
def test_another_file_is_refused(content):
    with pytest.raises(polis.NoPolisFile):
        polis.read_comments(content)

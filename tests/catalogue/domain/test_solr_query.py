"""Queries of CKAN's clients: what they mean, and that nothing that they hold does harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.catalogue.domain.solr_query import (
    LONGEST,
    All,
    Any,
    BadSolrQuery,
    Everything,
    Node,
    Not,
    Pattern,
    Range,
    Term,
    parse,
)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", Everything()),
        ("*:*", Everything()),
        ("organization:hamm", Term("organization", "hamm")),
        ('tags:"Baum und Strauch"^2.5', Term("tags", "Baum und Strauch")),
        ("-groups:envi", Not(Term("groups", "envi"))),
        ("+state:active", Term("state", "active")),
        ("!a:b", Not(Term("a", "b"))),
        ("a:b AND NOT c:d", All((Term("a", "b"), Not(Term("c", "d"))))),
        ("a:b && c:d || e:f", Any((All((Term("a", "b"), Term("c", "d"))), Term("e", "f")))),
        ("res_format:(CSV OR JSON)", Any((Term("res_format", "CSV"), Term("res_format", "JSON")))),
        ("title:Bau*", Pattern("title", "Bau*")),
        (r"title:Ba\*u", Term("title", "Ba*u")),
        ("extras_uri:http://a.example/b", Term("extras_uri", "http://a.example/b")),
        ("Baum Strauch", All((Term("", "Baum"), Term("", "Strauch")))),
        ("size:{1 TO 5]", Range("size", "1", "5", with_low=False)),
    ],
)
def test_meaning(text: str, meaning: Node):
    assert parse(text) == meaning


def test_filters_beside_each_other_must_all_fit_as_the_harvester_writes_them():
    found = parse("organization:a OR organization:b metadata_modified:[2024-05-01T10:00:00.123456Z TO *]")

    either = Any((Term("organization", "a"), Term("organization", "b")))
    assert found == All((either, Range("metadata_modified", "2024-05-01T10:00:00.123456Z", None)))


@pytest.mark.parametrize(
    "text",
    [
        "(",
        "a:",
        "a:b)",
        '"x',
        "a:[1 TO",
        "a:[1 2]",
        "AND",
        "a OR",
        "!",
        "{!x}a",
        "*:b",
        "a~2",
        "x\\",
        "-" * 99,
        "(" * 5_000,
        "a " * 2_000,
        "a" * (LONGEST + 1),
    ],
)
def test_what_cannot_be_understood_is_said(text: str):
    with pytest.raises(BadSolrQuery) as caught:
        parse(text)

    assert len(str(caught.value)) < 200


FIELD = st.sampled_from(["tags", "title", "extras_x-y", "a.b"])
TEXT = st.text(max_size=12)
PIECE = st.sampled_from(["*", "?", "a", "b ", r"\*", r"\\", ":", "-", "ä", '"', "(", "^2", "~", "AND"])
LEAVES = st.one_of(
    st.just(Everything()),
    st.builds(Term, st.just("") | FIELD, TEXT),
    st.builds(Range, FIELD, st.none() | TEXT, st.none() | TEXT, st.booleans(), st.booleans()),
    st.builds(
        lambda field, pieces: Pattern(field, "".join(pieces)),
        FIELD,
        st.lists(PIECE, min_size=1, max_size=6).filter(lambda pieces: "*" in pieces or "?" in pieces),
    ),
)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: Any(tuple(parts))),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(NODES)
def test_a_tree_is_read_again_from_its_text(node: Node):
    assert parse(str(node)) == node


MARKS = st.sampled_from(
    ["(", ")", "a", "tags:", "AND", "OR", "NOT", "-", "+", "[", "]", "TO", "*", '"', "\\"]
)
PIECES = st.lists(MARKS | st.sampled_from(["^2", "~", " ", "{", "}", "&&", "||", "!", ":"]))


@settings(deadline=None)
@given(st.text() | PIECES.map("".join) | PIECES.map(" ".join))
def test_any_text_is_understood_or_refused(text: str):
    try:
        found = parse(text)
    except BadSolrQuery:
        return

    assert parse(str(found)) == found

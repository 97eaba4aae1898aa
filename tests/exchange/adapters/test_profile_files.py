"""CSV files of profiles: whatever a file holds, it is read or refused with a reason; no cell becomes a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.adapters.profile_files import MOST_BYTES, MOST_CELL, UnreadableFile, read_lines, write

TEXTS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), min_size=1, max_size=12
)


@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=5))
def test_what_is_written_is_read_again(cells):
    heads = [f"h{number}" for number in range(len(cells))]
    found, (line,) = read_lines(write(heads, [dict(zip(heads, cells, strict=True))]))
    assert (found, [line.cells[each] for each in heads]) == (heads, cells)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    try:
        heads, lines = read_lines(content)
    except UnreadableFile:
        return
    assert heads
    assert all(set(each.cells) <= set(heads) for each in lines)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "'"])
def test_no_cell_is_taken_for_a_formula(start):
    text = f"{start}cmd|' /C calc'!A0"
    content = write(["id"], [{"id": text}]).decode("utf-8-sig")
    assert content.splitlines()[1].strip('"').startswith("'")
    assert read_lines(content.encode())[1][0].cells == {"id": text}


@pytest.mark.parametrize(
    "content",
    [
        "id;name:de\nmuenster;Münster\n".encode(),
        "id;name:de\nmuenster;Münster\n".encode("utf-8-sig"),
        "id,name:de\r\nmuenster,Münster\r\n".encode("cp1252"),
        "id\tname:de\nmuenster\tMünster\n".encode("utf-16"),
        '\n\nid;name:de\n;\n"muenster";"Münster"\n'.encode(),
    ],
)
def test_encodings_and_delimiters(content):
    heads, lines = read_lines(content)
    assert (heads, [dict(each.cells) for each in lines]) == (
        ["id", "name:de"],
        [{"id": "muenster", "name:de": "Münster"}],
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\n;\n", "The file is empty"),
        (b"x" * (MOST_BYTES + 1), "4 MB at the most"),
        (b"id;\x00\n", "no text"),
        (b"\xff\xfe\x00", "no text"),
        (b"PK\x03\x04" + bytes(40), "no text"),
        (b"id;a\nx;1;2\n", "Line 2 has more cells"),
        (b"id\n" + b"x" * (MOST_CELL + 1), "Line 2 has a cell with more than 2000"),
        (b'id;a\n"x;1\n', "is no CSV"),
        (b";".join([b"h"] * 3_000) + b"\n", "2000 columns at the most"),
        (b"id\n" + b"x\n" * 5_001, "5000 lines at the most"),
    ],
)
def test_hostile_files_are_refused_with_a_reason(content, said):
    with pytest.raises(UnreadableFile, match=said):
        read_lines(content)

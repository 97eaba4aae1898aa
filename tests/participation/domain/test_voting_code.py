"""Voting codes: fair, readable, with slips found, and nothing kept that one could vote with."""

import random
from collections import Counter
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.voting_code import (
    ALPHABET,
    UnreadableCode,
    WeakKey,
    is_code,
    keyed_hash,
    new_batch,
    new_code,
    read_code,
    spaced,
)

KEY = sha256(b"a key for tests").digest()
CODES = st.integers(0, 2**64).map(lambda seed: new_code(random.Random(seed).randbytes))


def readable(typed: str) -> bool:
    try:
        read_code(typed)
    except UnreadableCode:
        return False
    return True


@given(CODES)
def test_a_code_reads_as_itself_however_it_is_typed(code):
    plain = code.replace("-", "")

    assert read_code(code) == plain
    assert read_code(f"  {code.lower().replace('-', ' ')}\n") == plain
    assert spaced(plain) == code


@given(CODES, st.data())
def test_every_single_wrong_character_is_noticed(code, data):
    plain = read_code(code)
    place = data.draw(st.integers(0, len(plain) - 1))

    assert [
        other
        for other in ALPHABET
        if other != plain[place] and readable(plain[:place] + other + plain[place + 1 :])
    ] == []


@given(CODES)
def test_every_two_characters_that_change_places_are_noticed(code):
    plain = read_code(code)
    for one, other in combinations(range(len(plain)), 2):
        swapped = list(plain)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert readable("".join(swapped)) == (plain[one] == plain[other])


def test_look_alikes_are_read_as_what_was_printed():
    code = next(
        code
        for seed in range(10_000)
        if {"Q", "L", "V"} <= set(code := new_code(random.Random(seed).randbytes))
    )

    for printed, typed in (("Q", "0"), ("Q", "o"), ("L", "1"), ("L", "i"), ("V", "u")):
        assert read_code(code.replace(printed, typed)) == read_code(code)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "12 characters; these are 0"),
        ("2345-6789-ABC", "these are 11"),
        ("2345-6789-ABC33", "these are 13"),
        ("2345-6789-ABÄ3", "No code has the character Ä"),
        ("2345-6789-ABC4", "a slip in this code"),
    ],
)
def test_what_is_no_code_is_told(typed, said):
    with pytest.raises(UnreadableCode, match=said):
        read_code(typed)


def test_all_characters_are_equally_likely():
    chance = random.Random(1)
    counts = Counter(each for _ in range(3_000) for each in read_code(new_code(chance.randbytes))[:-1])

    expected = 3_000 * 11 / 31
    chi_square = sum((counts[each] - expected) ** 2 / expected for each in ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert chi_square < 59.7  # 30 degrees of freedom, one in a thousand


def test_bytes_that_would_make_some_characters_likelier_are_left_out():
    answers = iter([bytes([255] * 10 + [0]), bytes([248, *range(9)]), bytes([5])])

    assert read_code(new_code(lambda count: next(answers)))[:-1] == "22345678" + "9A" + "7"


def test_the_hash_depends_on_code_key_and_vote_and_not_on_how_it_is_typed():
    code, other = (new_code(random.Random(seed).randbytes) for seed in (1, 2))
    stored = keyed_hash(code, key=KEY, vote="budget-2026")

    assert is_code(code.lower().replace("-", ""), stored=stored, key=KEY, vote="budget-2026")
    assert not is_code(other, stored=stored, key=KEY, vote="budget-2026")
    assert not is_code(code, stored=stored, key=KEY[::-1], vote="budget-2026")
    assert not is_code(code, stored=stored, key=KEY, vote="budget-2027")
    assert len(stored) == 64


def test_a_weak_key_is_refused():
    with pytest.raises(WeakKey):
        keyed_hash("2345-6789-ABC3", key=KEY[:31], vote="v")


def test_a_batch_has_different_codes_and_keeps_their_hashes_in_another_order():
    batch = new_batch(500, random_bytes=random.Random(3).randbytes, key=KEY, vote="v")
    hashes = [keyed_hash(code, key=KEY, vote="v") for code in batch.codes]

    assert len(set(batch.codes)) == 500
    assert list(batch.stored) == sorted(hashes) != hashes
    assert batch.codes[0] not in repr(batch)


def test_a_code_that_comes_twice_is_drawn_again():
    first, second = bytes(range(11)), bytes(range(1, 12))
    drawn = iter([first, first, second])

    batch = new_batch(2, random_bytes=lambda count: next(drawn), key=KEY, vote="v")

    assert [code[:4] for code in batch.codes] == ["2345", "3456"]

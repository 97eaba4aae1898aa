"""The page on measure bundles says what the code does."""

import json
import re
from pathlib import Path

from tandem.exchange.domain.bundle import LIMITS, MEDIA_TYPES, name_faults
from tandem.exchange.domain.card import gaps, read_card
from tandem.exchange.domain.schemas import CHARTER, DIMENSIONS, PART_KINDS, STATUSES
from tandem.exchange.services.bundles import State

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "measure-bundle.md").read_text("utf-8")


def test_the_example_is_a_card_without_gaps():
    [text] = re.findall(r"^```json\n(.*?)^```", PAGE, re.M | re.S)
    card, findings = read_card(json.loads(text))

    assert findings == []
    assert card is not None
    assert [gap.path for gap in gaps(card)] == [
        f"measure.json#/{name}/de" for name in ("summary", "need", "solution", "legal_basis")
    ]


def test_the_limits_are_those_of_the_code():
    found = re.findall(r"^\| [a-z ]+ \| ([0-9,]+)(?: bytes)? \|$", PAGE, re.M)

    assert [int(each.replace(",", "")) for each in found] == [
        LIMITS.files,
        LIMITS.file_bytes,
        LIMITS.total_bytes,
        LIMITS.ratio,
        LIMITS.path_bytes,
        LIMITS.depth,
    ]


def test_the_kinds_of_files_are_those_of_the_code():
    lines = [line for line in PAGE.splitlines() if re.fullmatch(r"(`[a-z]+` ?)+", line)]

    assert re.findall(r"[a-z]+", " ".join(lines)) == [ending.removeprefix(".") for ending in MEDIA_TYPES]


def test_every_place_on_the_page_is_one():
    table = PAGE.partition("## What is in it")[2].partition("\n\nA folder")[0]
    names = [
        re.sub(r"<kind>", PART_KINDS[0], name)
        .replace("<name>", "trees")
        .replace("<file>", "a.csv")
        .replace("<language>", "de")
        .replace("<fingerprint>", "0f" * 32)
        .replace("…", "a.csv")
        for name in re.findall(r"^\| `([^`]+)` \|", table, re.M)
    ]

    assert len(names) == 10
    assert {name: list(name_faults(name)) for name in names} == {name: [] for name in names}


def test_the_words_of_the_card_are_on_the_page():
    words = [*STATUSES, *DIMENSIONS, *PART_KINDS, *(state.value for state in State)]

    assert [word for word in words if f"`{word}`" not in PAGE and f'"{word}"' not in PAGE] == []
    assert set(re.search(r'"charter": \[(.*?)\]', PAGE)[1].replace('"', "").split(", ")) <= set(CHARTER)

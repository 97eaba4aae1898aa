"""German and Italian are complete: every text of every room is translated, and compiled."""

import re
from collections import defaultdict

import polib
import pytest

from tests.messages import LANGUAGES, catalogue_path, collect, rooms

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
CATALOGUES = [(room, language) for room in rooms() for language in LANGUAGES if collect(room)]
every_catalogue = pytest.mark.parametrize(("room", "language"), CATALOGUES)
HINT = "make messages collects and compiles"


def held(room: str, language: str) -> polib.POFile:
    path = catalogue_path(room, language)
    assert path.exists(), f"there is no {path.name} of {room} in {language}; {HINT}"
    return polib.pofile(str(path))


def strings(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Return (text, translation) of an entry, for each form that it has."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return list(zip((entry.msgid, entry.msgid_plural), entry.msgstr_plural.values(), strict=True))


@every_catalogue
def test_catalogue_holds_every_text_of_its_room_and_no_other(room: str, language: str):
    wanted = {(*key, text.plural) for key, text in collect(room).items()}
    there = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in held(room, language)}

    assert (sorted(wanted - there), sorted(there - wanted)) == ([], []), HINT


@every_catalogue
def test_every_text_is_translated(room: str, language: str):
    catalogue = held(room, language)

    assert [entry.msgid for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]] == []


@every_catalogue
def test_translations_keep_the_placeholders(room: str, language: str):
    changed = [
        (text, translation)
        for entry in held(room, language)
        for text, translation in strings(entry)
        if translation
        and not set(PLACEHOLDER.findall(translation)) <= set(PLACEHOLDER.findall(entry.msgid + text))
    ]
    lost = [
        (text, translation)
        for entry in held(room, language)
        for text, translation in strings(entry)
        if translation
        and not entry.msgid_plural
        and set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(translation))
    ]

    assert (changed, lost) == ([], [])


@every_catalogue
def test_compiled_catalogue_is_that_of_the_text(room: str, language: str):
    compiled = catalogue_path(room, language).with_suffix(".mo")

    assert compiled.exists(), HINT
    assert compiled.read_bytes() == held(room, language).to_binary(), HINT


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_translated_alike_in_every_room(language: str):
    """Django merges the rooms' catalogues; two translations of one text would depend on their order."""
    said = defaultdict(set)
    for room, its_language in CATALOGUES:
        if its_language == language:
            for entry in held(room, language):
                said[entry.msgctxt, entry.msgid].add((entry.msgstr, *entry.msgstr_plural.values()))

    assert {text: found for (_context, text), found in said.items() if len(found) > 1} == {}

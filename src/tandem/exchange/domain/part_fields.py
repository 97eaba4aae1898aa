"""The fields of a part: by what they are known, and what of them is the origin's in the form of the room here."""

import hashlib
import json

from tandem.core.parts import Part
from tandem.exchange.domain.adoption import AdoptedPart, Fields
from tandem.exchange.domain.merge import Side, merge


def sha256_of(fields: Fields) -> str:
    """Return the SHA-256 of a part's fields, in hexadecimal, whatever the order of their keys.

    >>> sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})
    True
    """
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def files_sha256(part: Part) -> str:
    """Return the SHA-256 of a part's files, in hexadecimal: of their names and hashes."""
    return sha256_of({name: hashlib.sha256(content).hexdigest() for name, content in part.files.items()})


def base_after(given: Fields, *, shown: Fields, theirs: Fields) -> Fields:
    """Return what a room shows of the origin's fields, less what people here changed in them.

    A room may show what it was given in its own form. Where it shows just what it was given, this is ``theirs``.

    Args:
        given: What the room was given: theirs, merged with ours.
        shown: What it shows of that now.
        theirs: The origin's.

    >>> base_after({"name": "Trees ", "year": 2025}, shown={"name": "Trees", "year": 2025},
    ...            theirs={"name": "Trees ", "year": 2024})
    {'name': 'Trees', 'year': 2024}
    """
    base: Fields = merge(given, shown, theirs).taking(Side.THEIRS)
    return base


def in_the_rooms_form(known: AdoptedPart, theirs: Fields) -> Fields:
    """Return what the origin has now, in the form in which the room here shows what it had before.

    What the origin did not change is as the room shows it: a room may sort words, or leave out what it has no place
    for, and that is nobody's change.

    >>> before, shown = {"words": ["c", "b"]}, {"words": ["b", "c"]}
    >>> known = AdoptedPart("a/b", Reference("urn:1", "x"), shown, "", "1", origin=before)
    >>> in_the_rooms_form(known, {"words": ["c", "b"], "year": 2026})
    {'words': ['b', 'c'], 'year': 2026}
    """
    if known.origin is None or known.base is None:
        return theirs
    shown: Fields = merge(known.origin, known.base, theirs).taking(Side.THEIRS)
    return shown

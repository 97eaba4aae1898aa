"""The part of a text that fits a search, with the words marked."""

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from tandem.core.text import LANGUAGES
from tandem.kit.folding import SHORTEST_HEAD, SHORTEST_PART, fold
from tandem.kit.search.index import stem

LENGTH = 220  # characters
LOOKED_AT = 20_000  # characters; what comes later in a text is found, but not shown


def snippet(text: str, asked: Sequence[str], *, length: int = LENGTH) -> SafeString:
    """Return the part of a text around the first word that was asked for, as safe HTML with the words marked.

    Args:
        text: Plain text; whatever looks like HTML in it is shown as it stands.
        asked: Folded words.
        length: Of the part, in characters, about.
    """
    tidy = " ".join(text[:LOOKED_AT].split())
    pieces = re.split(r"([^\W_]+)", tidy)
    fits = _Fits(asked)
    marked = [number % 2 == 1 and fits(piece) for number, piece in enumerate(pieces)]
    first = marked.index(True) if any(marked) else 0
    begin = _begin(pieces, first, length // 3)
    shown, used = [], 0
    for piece, is_marked in zip(pieces[begin:], marked[begin:], strict=True):
        if used >= length:
            break
        shown.append(f"<mark>{escape(piece)}</mark>" if is_marked else escape(piece[: max(length, 100)]))
        used += len(piece)
    ends = begin + len(shown) >= len(pieces) and len(text) <= LOOKED_AT
    return SafeString(f"{'… ' if begin else ''}{''.join(shown).strip()}{'' if ends else ' …'}")


def _begin(pieces: Sequence[str], first: int, before: int) -> int:
    """Return where to begin so that about ``before`` characters stand before the piece ``first``."""
    if sum(map(len, pieces[:first])) <= before:
        return 0
    begin, used = first, 0
    while begin > 0 and used + len(pieces[begin - 1]) <= before:
        begin -= 1
        used += len(pieces[begin])
    return begin


class _Fits:
    """Says of words of a text whether they were asked for: by beginning, by stem, or inside of a compound."""

    def __init__(self, asked: Sequence[str]) -> None:
        self.beginnings = tuple(word for word in asked if len(word) >= SHORTEST_HEAD)
        self.exactly = set(asked)
        self.stems = {stem(word, language) for word in asked for language in LANGUAGES}
        self.inside = tuple(word for word in asked if len(word) >= SHORTEST_PART)

    def __call__(self, piece: str) -> bool:
        word = fold(piece)
        if word in self.exactly or word.startswith(self.beginnings):
            return True
        if any(word.find(part, SHORTEST_HEAD) > 0 for part in self.inside):
            return True
        return any(stem(word, language) in self.stems for language in LANGUAGES)

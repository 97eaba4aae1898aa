"""The part of a text that fits a search, with the words marked."""

import re
from collections.abc import Sequence
from itertools import accumulate, groupby

from django.utils.html import escape
from django.utils.safestring import SafeString

from tandem.core.text import LANGUAGES
from tandem.kit.folding import SHORTEST_HEAD, SHORTEST_PART, fold
from tandem.kit.search.index import stem

LENGTH = 220  # characters
LOOKED_AT = 20_000  # characters; what comes later in a text is found, but not shown
_WORDS = re.compile(r"([^\W_]{1,80})")


class Marker:
    """Shows texts with the words marked that were asked for: by beginning, by stem, or inside of a compound.

    Args:
        asked: Folded words.
    """

    def __init__(self, asked: Sequence[str]) -> None:
        self._exactly = set(asked)
        self._beginnings = tuple(word for word in asked if len(word) >= SHORTEST_HEAD)
        self._inside = tuple(word for word in asked if len(word) >= SHORTEST_PART)
        self._stems = {stem(word, language) for word in asked for language in LANGUAGES}
        self._known: dict[str, bool] = {}

    def snippet(self, text: str, *, length: int = LENGTH) -> SafeString:
        """Return the part of a text around the first word that was asked for, as safe HTML.

        Args:
            text: Plain text; whatever looks like HTML in it is shown as it stands.
            length: Of the part, in characters, about.
        """
        pieces = _WORDS.split(" ".join(text[:LOOKED_AT].split()))
        first = next((at for at in range(1, len(pieces), 2) if self._fits(pieces[at])), 0)
        begin = _begin(pieces, first, length // 3)
        end = _end(pieces, begin, length)
        runs = groupby(pieces[begin:end], key=self._fits)
        shown = "".join(_shown("".join(run), marked=marked) for marked, run in runs)
        is_whole = end == len(pieces) and len(text) <= LOOKED_AT
        return SafeString(f"{'… ' if begin else ''}{shown.strip()}{'' if is_whole else ' …'}")

    def _fits(self, piece: str) -> bool:
        if piece not in self._known:
            self._known[piece] = piece.isalnum() and self._is_asked_for(fold(piece))
        return self._known[piece]

    def _is_asked_for(self, word: str) -> bool:
        if word in self._exactly or word.startswith(self._beginnings):
            return True
        if any(word.find(part, SHORTEST_HEAD) > 0 for part in self._inside):
            return True
        return any(stem(word, language) in self._stems for language in LANGUAGES)


def _shown(text: str, *, marked: bool) -> str:
    return f"<mark>{escape(text)}</mark>" if marked else escape(text)


def _begin(pieces: Sequence[str], first: int, before: int) -> int:
    """Return where to begin so that about ``before`` characters stand before the piece ``first``."""
    begin, used = first, 0
    while begin > 0 and used + len(pieces[begin - 1]) <= before:
        begin -= 1
        used += len(pieces[begin])
    return begin


def _end(pieces: Sequence[str], begin: int, length: int) -> int:
    """Return where to end so that about ``length`` characters are shown, at least one piece."""
    sizes = enumerate(accumulate(map(len, pieces[begin:])), start=begin + 1)
    return next((at for at, size in sizes if size >= length), len(pieces))

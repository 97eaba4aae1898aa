"""The part of a text that fits a search, with the words marked."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import accumulate

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
        inside = "|".join(re.escape(word) for word in asked if len(word) >= SHORTEST_PART)
        self._inside = re.compile(inside or r"\b\B")
        self._stems = {each for word in asked for each in _stems(word)}
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
        shown = "".join(self._word(pieces[at]) if at % 2 else escape(pieces[at]) for at in range(begin, end))
        is_whole = end == len(pieces) and len(text) <= LOOKED_AT
        return SafeString(f"{'… ' if begin else ''}{shown.strip()}{'' if is_whole else ' …'}")

    def _word(self, word: str) -> str:
        return f"<mark>{word}</mark>" if self._fits(word) else word  # letters and digits need no escape

    def _fits(self, word: str) -> bool:
        if word not in self._known:
            self._known[word] = self._is_asked_for(fold(word))
        return self._known[word]

    def _is_asked_for(self, word: str) -> bool:
        if word in self._exactly or word.startswith(self._beginnings):
            return True
        return bool(self._inside.search(word, SHORTEST_HEAD)) or not self._stems.isdisjoint(_stems(word))


@lru_cache(maxsize=65_536)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(stem(word, language) for language in LANGUAGES)


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

"""The part of a text that fits a search, with the words marked."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from itertools import accumulate

from django.utils.safestring import SafeString

from tandem.core.text import LANGUAGES
from tandem.kit.folding import SHORTEST_HEAD, SHORTEST_PART, fold
from tandem.kit.search.terms import stem

LENGTH = 220  # characters
LOOKED_AT = 20_000  # characters; what comes later in a text is found, but not shown
_NOTHING = r"(?!)"
_WORDS = re.compile(r"([^\W_]{1,80})")


class Marker:
    """Shows texts with the words marked that were asked for: by beginning, by stem, or inside of a compound.

    Args:
        asked: Folded words.
    """

    def __init__(self, asked: Sequence[str]) -> None:
        self._fits = _Fits(asked)

    def snippet(self, text: str, *, length: int = LENGTH) -> SafeString:
        """Return the part of a text around the first word that was asked for, as safe HTML.

        Args:
            text: Plain text; whatever looks like HTML in it is shown as it stands.
            length: Of the part, in characters, about.
        """
        pieces = _WORDS.split(" ".join(text[:LOOKED_AT].split()))
        fits = self._fits
        first = next((at for at in range(1, len(pieces), 2) if fits[pieces[at]]), 0)
        begin = _begin(pieces, first, length // 3)
        end = _end(pieces, begin, length)
        shown = "".join(map(self._shown, range(begin, end), pieces[begin:end]))
        is_whole = end == len(pieces) and len(text) <= LOOKED_AT
        return SafeString(f"{'… ' if begin else ''}{shown.strip()}{'' if is_whole else ' …'}")

    def _shown(self, at: int, piece: str) -> str:
        if at % 2:  # a word: letters and digits, which need no escape
            return f"<mark>{piece}</mark>" if self._fits[piece] else piece
        return piece if piece == " " else escape(piece)


class _Fits(dict[str, bool]):
    """Whether a word is to be marked, found out once for each."""

    def __init__(self, asked: Sequence[str]) -> None:
        super().__init__()
        self._forms = {each for word in asked for each in _forms(word)}
        self._firsts = {each[:1] for each in self._forms}
        self._parts = re.compile("|".join(_as_parts(asked)) or _NOTHING)

    def __missing__(self, word: str) -> bool:
        folded = fold(word)
        found = bool(self._parts.search(folded))
        if not found and folded[:1] in self._firsts:  # a stem begins as its word does
            found = not self._forms.isdisjoint(_forms(word))
        self[word] = found
        return found


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, ...]:
    """Return a word folded, and its stem in each language."""
    folded = fold(word)
    return (folded, *(stem(folded, language) for language in LANGUAGES))


def _as_parts(asked: Sequence[str]) -> Iterator[str]:
    """Yield expressions that find longer words: those with an asked one at their beginning, or further inside."""
    for word in asked:
        if len(word) >= SHORTEST_HEAD:
            yield rf"\A{re.escape(word)}"
        if len(word) >= SHORTEST_PART:
            yield rf"(?<={'.' * SHORTEST_HEAD}){re.escape(word)}"


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

"""The part of a text that fits a search, with the words marked."""

import re
from collections.abc import Sequence
from itertools import accumulate, groupby
from operator import itemgetter

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
    end = _end(pieces, begin, length)
    runs = groupby(zip(marked[begin:end], pieces[begin:end], strict=True), key=itemgetter(0))
    shown = "".join(_shown("".join(piece for _marked, piece in run), is_marked) for is_marked, run in runs)
    is_whole = end == len(pieces) and len(text) <= LOOKED_AT
    return SafeString(f"{'… ' if begin else ''}{shown.strip()}{'' if is_whole else ' …'}")


def _shown(text: str, is_marked: bool) -> str:
    return f"<mark>{escape(text)}</mark>" if is_marked else escape(text)


def _end(pieces: Sequence[str], begin: int, length: int) -> int:
    """Return where to end so that about ``length`` characters are shown, at least one piece."""
    sizes = accumulate(map(len, pieces[begin:]))
    return begin + next(
        (number for number, size in enumerate(sizes, start=1) if size >= length), len(pieces) - begin
    )


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
        if len(word) > SHORTEST_HEAD and any(word.find(part, SHORTEST_HEAD) > 0 for part in self.inside):
            return True
        return any(stem(word, language) in self.stems for language in LANGUAGES)

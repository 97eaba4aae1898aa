"""Similar ideas, found while somebody is still writing: so that nobody has to write what is there already.

Words are compared by their parts, four letters each, after umlauts, accents and capitals are folded. That makes
"Spielplatz" and "Kinderspielplätze", "albero" and "alberi" meet without a dictionary of any language.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log1p, sqrt

import numpy as np

from tandem.kit.folding import telling, words

PART_LETTERS = 4
TITLE_WEIGHT = 3
CANDIDATES = 25
SATURATION = 1.5
_DEAD_SHARE = 0.25
_FIRST_ROOM = 8
_KEPT_PARTS = 400


@dataclass(frozen=True, slots=True)
class Similar:
    """An idea that is like another.

    Attributes:
        alike_share: 0 (nothing in common) to 1 (the same words); from about 0.25 on it is worth showing.
    """

    id: str
    alike_share: float


class _Postings:
    """In which ideas a part of a word occurs, and how strongly; grows at its end."""

    __slots__ = ("count", "slots", "weights")

    def __init__(self) -> None:
        self.count = 0
        self.slots = np.empty(_FIRST_ROOM, dtype=np.int32)
        self.weights = np.empty(_FIRST_ROOM, dtype=np.float32)

    def add(self, slot: int, weight: float) -> None:
        if self.count == len(self.slots):
            self.slots = np.resize(self.slots, 2 * self.count)
            self.weights = np.resize(self.weights, 2 * self.count)
        self.slots[self.count], self.weights[self.count] = slot, weight
        self.count += 1


class SimilarityIndex:
    """Ideas by the parts of their words. Adding, changing and removing one needs no look at the others.

    Not for several threads at once; it holds no text.
    """

    def __init__(self, ideas: Iterable[tuple[str, str, str]] = ()) -> None:
        """Take in ideas.

        Args:
            ideas: Ids, titles and texts.
        """
        self._postings: dict[str, _Postings] = {}
        self._ids: list[str | None] = []
        self._slots: dict[str, int] = {}
        self._parts: dict[str, Mapping[str, float]] = {}
        self._rarities: dict[str, float] = {}  # kept until an idea comes or goes
        for key, title, text in ideas:
            self.put(key, title, text)

    def __len__(self) -> int:
        return len(self._slots)

    def put(self, key: str, title: str, text: str) -> None:
        """Take in an idea, or its new wording."""
        self.remove(key)
        self._take(key, parts_of(title, text))

    def remove(self, key: str) -> None:
        """Forget an idea; nothing happens where it is not there."""
        slot = self._slots.pop(key, None)
        if slot is None:
            return
        self._rarities.clear()
        self._ids[slot] = None
        del self._parts[key]
        if len(self._ids) - len(self._slots) > max(_FIRST_ROOM, _DEAD_SHARE * len(self._ids)):
            self._tidy()

    def _take(self, key: str, parts: Mapping[str, float]) -> None:
        self._rarities.clear()
        self._slots[key] = len(self._ids)
        for part, weight in parts.items():
            self._postings.setdefault(part, _Postings()).add(len(self._ids), weight)
        self._ids.append(key)
        self._parts[key] = parts

    def _tidy(self) -> None:
        """Drop the places of ideas that are gone."""
        kept = self._parts
        self._postings, self._ids, self._slots, self._parts = {}, [], {}, {}
        for key, parts in kept.items():
            self._take(key, parts)

    def similar(
        self, title: str, text: str, *, most: int = 5, least_alike_share: float = 0.2, but: str | None = None
    ) -> list[Similar]:
        """Return the ideas that are most like what is being written, the most alike first.

        Args:
            title: May be unfinished.
            text: May be empty.
            most: How many at the most.
            least_alike_share: Less than that is not shown.
            but: The id of an idea that is itself being changed.
        """
        parts = parts_of(title, text)
        asked = {
            part: weight * self._rarity(part) for part, weight in parts.items() if part in self._postings
        }
        unknown = sum((weight * self._rarity("")) ** 2 for part, weight in parts.items() if part not in asked)
        if not asked:
            return []
        length = sqrt(sum(weight**2 for weight in asked.values()) + unknown)
        found = [
            Similar(key, self._share(asked, length, key)) for key in self._candidates(asked) if key != but
        ]
        near = [each for each in found if each.alike_share >= least_alike_share]
        return sorted(near, key=lambda each: (-each.alike_share, each.id))[:most]

    def _rarity(self, part: str) -> float:
        """Return the weight of a part: the fewer ideas have it, the more it says."""
        known = self._rarities.get(part)
        if known is None:
            postings = self._postings.get(part)
            known = log1p(len(self._ids) / (postings.count if postings else 1))
            self._rarities[part] = known
        return known

    def _candidates(self, asked: Mapping[str, float]) -> Iterable[str]:
        scores = np.zeros(len(self._ids), dtype=np.float32)
        for part, weight in asked.items():
            postings = self._postings[part]
            there = postings.slots[: postings.count]
            scores[there] += np.float32(weight * self._rarity(part)) * postings.weights[: postings.count]
        count = min(CANDIDATES, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        keys = (self._ids[slot] for slot in best if scores[slot] > 0)
        return [key for key in keys if key is not None]

    def _share(self, asked: Mapping[str, float], asked_length: float, key: str) -> float:
        """Return the cosine of two ideas' weighted parts."""
        shared = squares = 0.0
        for part, weight in self._parts[key].items():
            weighted = weight * self._rarity(part)
            squares += weighted * weighted
            if part in asked:
                shared += weighted * asked[part]
        return shared / (asked_length * sqrt(squares))


def parts_of(title: str, text: str) -> dict[str, float]:
    """Return the parts of an idea's words with their weights; the title's count more.

    Words that say nothing are left out. A part that comes often weighs more, but less and less so.
    """
    counts: Counter[str] = Counter()
    for said, times in ((title, TITLE_WEIGHT), (text, 1)):
        for word in telling(words(said)):
            for part in _parts_of_word(word):
                counts[part] += times
    return {part: count / (count + SATURATION) for part, count in counts.most_common(_KEPT_PARTS)}


def _parts_of_word(word: str) -> list[str]:
    """Return the runs of four letters in a word, its beginning marked; a short word is one part.

    >>> _parts_of_word("baume"), _parts_of_word("rad")
    (['^bau', 'baum', 'aume'], ['^rad'])
    """
    marked = f"^{word}"
    return [marked[start : start + PART_LETTERS] for start in range(max(1, len(marked) - PART_LETTERS + 1))]

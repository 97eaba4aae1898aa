"""Mass statements: find those that are one letter, sent by many.

Deterministic, and stable as more arrive: a statement joins the group of the first one that it is like, or begins a
group of its own, and nothing that comes later changes that. Pass statements in the order of their arrival.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tandem.kit.folding import words

SHINGLE_WORDS = 3
BANDS, ROWS = 40, 4
_LOW_32 = np.uint64(0xFFFF_FFFF)
_BATCH = 512
Shingles = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Group:
    """Statements that are one letter.

    Attributes:
        model: The id of the first of them.
        members: The ids of all of them in their order, the model's first.
        alike_shares: How much of its words each shares with the model, 0 to 1; 1 where they are the same.
    """

    model: str
    members: tuple[str, ...]
    alike_shares: tuple[float, ...]


def group_statements(statements: Iterable[tuple[str, str]], *, least_alike_share: float = 0.7) -> list[Group]:
    """Return the groups in which two or more statements are alike, the largest first.

    Two texts are compared by the runs of three words that they share: |A ∩ B| / |A ∪ B|. Capitals, punctuation and
    the spelling of umlauts make no difference. A text without a word is like no other.

    Args:
        statements: Ids and texts in the order of their arrival.
        least_alike_share: From 0.5 to 1. With 0.7, a letter of 200 words may be followed by some 80 of one's own.

    Source:
        Broder (1997), On the resemblance and containment of documents; banding as in Leskovec, Rajaraman and
        Ullman, Mining of Massive Datasets, 3.4. The bands only propose; each pair is then compared exactly. A pair
        of resemblance 0.7 is proposed with a probability of 0.99998, one of 0.5 with 0.92.
    """
    read = [(key, _shingles(text)) for key, text in statements]
    read = [(key, shingles) for key, shingles in read if shingles.size]
    models = _Models(least_alike_share)
    found: dict[str, list[tuple[str, float]]] = {}
    for (key, shingles), bands in zip(read, _bands([each for _key, each in read]), strict=True):
        model, alike_share = models.place(key, shingles, bands)
        found.setdefault(model, []).append((key, alike_share))
    groups = [
        Group(model, tuple(key for key, _share in members), tuple(share for _key, share in members))
        for model, members in found.items()
        if len(members) > 1
    ]
    return sorted(groups, key=lambda group: -len(group.members))


class _Models:
    """The first statements of all groups, found by what they share."""

    def __init__(self, least_alike_share: float) -> None:
        self._least = least_alike_share
        self._shingles: dict[str, Shingles] = {}
        self._by_band: defaultdict[tuple[int, bytes], list[str]] = defaultdict(list)
        self._same: dict[bytes, tuple[str, float]] = {}

    def place(self, key: str, shingles: Shingles, bands: Sequence[bytes]) -> tuple[str, float]:
        """Return the model that a statement is like and how much, or itself, a new one."""
        content = shingles.tobytes()
        if content not in self._same:
            self._same[content] = self._nearest(shingles, bands) or self._begin(key, shingles, bands)
        return self._same[content]

    def _nearest(self, shingles: Shingles, bands: Sequence[bytes]) -> tuple[str, float] | None:
        proposed = dict.fromkeys(key for band in enumerate(bands) for key in self._by_band.get(band, ()))
        alike = [(key, _alike_share(shingles, self._shingles[key])) for key in proposed]
        best = max(alike, key=lambda each: each[1], default=None)
        return best if best and best[1] >= self._least else None

    def _begin(self, key: str, shingles: Shingles, bands: Sequence[bytes]) -> tuple[str, float]:
        self._shingles[key] = shingles
        for band in enumerate(bands):
            self._by_band[band].append(key)
        return key, 1.0


def _shingles(text: str) -> Shingles:
    """Return the hashes of a text's runs of words, sorted, each once."""
    said = words(text)
    runs = max(len(said) - SHINGLE_WORDS + 1, min(len(said), 1))
    joined = {" ".join(said[start : start + SHINGLE_WORDS]) for start in range(runs)}
    hashes = b"".join(blake2b(each.encode(), digest_size=8).digest() for each in joined)
    return np.sort(np.frombuffer(hashes, dtype="<u8").astype(np.uint64))


def _alike_share(one: Shingles, other: Shingles) -> float:
    shared = np.intersect1d(one, other, assume_unique=True).size
    return float(shared / (one.size + other.size - shared))


def _bands(read: Sequence[Shingles]) -> Iterator[list[bytes]]:
    """Yield the min-hash bands of each text: two texts have one in common the likelier, the more they share."""
    factors, terms = _hash_functions(BANDS * ROWS)
    for shingles in read:
        folded = (shingles ^ (shingles >> np.uint64(32))) & _LOW_32
        smallest = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
        for start in range(0, folded.size, _BATCH):
            part = folded[start : start + _BATCH, None]
            smallest = np.minimum(smallest, ((part * factors + terms) >> np.uint64(32)).min(axis=0))
        rows = smallest.reshape(BANDS, ROWS)
        yield [band.tobytes() for band in rows]


def _hash_functions(count: int) -> tuple[Shingles, Shingles]:
    """Return odd factors and terms of multiply-shift hash functions, always the same ones."""
    made = b"".join(blake2b(f"tandem {each}".encode(), digest_size=16).digest() for each in range(count))
    numbers = np.frombuffer(made, dtype="<u8").astype(np.uint64).reshape(count, 2)
    return numbers[:, 0] | np.uint64(1), numbers[:, 1]

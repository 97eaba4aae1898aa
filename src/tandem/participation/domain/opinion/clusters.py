"""k-means on the plane, begun from where it ended the last time, and how well groups are set apart.

A cluster keeps its number from one time to the next, so that clusters of clusters can be followed too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tandem.participation.domain.opinion.votes import Floats, Ints

NEAR = 0.01


@dataclass(frozen=True, slots=True)
class Clusters:
    """Groups of points.

    Attributes:
        centres: Shape ``(groups, 2)``.
        of: The group of each point, shape ``(points,)``.
        numbers: What the groups are called, ascending, shape ``(groups,)``.
    """

    centres: Floats
    of: Ints
    numbers: Ints

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.centres)

    def members(self) -> list[Ints]:
        """Return the points of each group."""
        ends = np.cumsum(np.bincount(self.of, minlength=self.count))
        return np.split(np.argsort(self.of, kind="stable"), ends[:-1])


def k_means(
    points: Floats,
    weights: Floats,
    count: int,
    before: Mapping[int, Sequence[int]] | None = None,
    *,
    turns: int,
    near: float = NEAR,
) -> Clusters:
    """Return at most so many groups, found by moving centres to the middle of their points.

    A group that loses all its points is dropped. It begins with the groups of the last time, where there were some,
    and the points farthest from them; otherwise with the first points that differ.

    Args:
        points: Shape ``(points, 2)``.
        weights: How much each counts, shape ``(points,)``.
        count: At most how many groups.
        before: The points of each group of the last time, by its number.
        turns: How often the centres move at most.
        near: It ends once no centre moves farther.

    Source: Lloyd (1982), Least squares quantization in PCM, IEEE Transactions on Information Theory 28(2).
    """
    centres, numbers = _start(points, weights, count, before or {})
    for _turn in range(turns + 1):
        of = nearest(points, centres)
        present, of = np.unique(of, return_inverse=True)
        moved = _middles(points, weights, of, len(present))
        still = _is_still(centres, moved, near)
        centres, numbers = moved, numbers[present]
        if still:
            break
    order = np.argsort(numbers)
    return Clusters(centres[order], np.argsort(order)[of], numbers[order])


def nearest(points: Floats, centres: Floats) -> Ints:
    """Return the place of the nearest centre of each point; of equally near ones the first."""
    return np.asarray(np.argmin(_gaps(points, centres), axis=1), dtype=np.int64)


def silhouette(points: Floats, of: Ints) -> float:
    """Return how well groups are set apart, from -1 to 1; 0 for fewer than two groups.

    Source: Rousseeuw (1987), Silhouettes, Journal of Computational and Applied Mathematics 20, with a point that is
        alone in its group counting 0.
    """
    return silhouette_of(distances(points), of)


def distances(points: Floats) -> Floats:
    """Return how far each point is from each, shape ``(points, points)``."""
    return np.asarray(np.sqrt(_gaps(points, points)))


def silhouette_of(apart: Floats, of: Ints) -> float:
    """Return the silhouette of groups of points whose distances are known.

    Args:
        apart: As ``distances`` gives them.
        of: The group of each point.
    """
    groups = int(of.max()) + 1 if len(of) else 0
    if groups < 2:
        return 0.0
    is_in = (of[:, None] == np.arange(groups)).astype(float)
    counts, sums, own = is_in.sum(axis=0), apart @ is_in, (np.arange(len(of)), of)
    inside = sums[own] / np.maximum(counts[of] - 1, 1)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    means[own] = np.inf
    outside = means.min(axis=1)
    widest = np.maximum(np.maximum(inside, outside), 1e-12)
    return float(np.where(counts[of] > 1, (outside - inside) / widest, 0.0).mean())


def _gaps(points: Floats, centres: Floats) -> Floats:
    """Return squared distances, shape ``(points, centres)``."""
    across, along = (points[:, axis, None] - centres[None, :, axis] for axis in (0, 1))
    return np.asarray(across * across + along * along)


def _middles(points: Floats, weights: Floats, of: Ints, count: int) -> Floats:
    total = np.bincount(of, weights, count)
    sums = [np.bincount(of, weights * points[:, axis], count) for axis in (0, 1)]
    return np.asarray(np.stack(sums, axis=1) / total[:, None])


def _is_still(centres: Floats, moved: Floats, near: float) -> bool:
    """Return whether no centre has moved far, whatever their order."""
    one, other = (each[np.lexsort(each.T[::-1])] for each in (centres, moved))
    kept = min(len(one), len(other))
    return bool((((one[:kept] - other[:kept]) ** 2).sum(axis=1) < near**2).all())


# --- where it begins ----------------------------------------------------------------------------
def _start(
    points: Floats, weights: Floats, count: int, before: Mapping[int, Sequence[int]]
) -> tuple[Floats, Ints]:
    """Return the first centres and what their groups are called."""
    _values, first = np.unique(points, axis=0, return_index=True)
    kept = {number: list(members) for number, members in before.items() if members}
    if not kept:
        places = np.sort(first)[:count]
        return points[places], np.arange(len(places))
    kept = _merged(points, weights, kept)
    return _filled(points, weights, kept, min(count, len(first)))


def _merged(points: Floats, weights: Floats, groups: Mapping[int, list[int]]) -> dict[int, list[int]]:
    """Return the groups with those of the same middle as one, called as the larger of them."""
    found: dict[tuple[float, float], tuple[int, list[int]]] = {}
    for number, members in groups.items():
        middle = _middle(points, weights, members)
        other, theirs = found.get(middle, (number, []))
        found[middle] = (number if len(members) >= len(theirs) else other, theirs + members)
    return dict(found.values())


def _middle(points: Floats, weights: Floats, members: Sequence[int]) -> tuple[float, float]:
    x, y = (weights[members] @ points[members] / weights[members].sum()).tolist()
    return x, y


def _filled(points: Floats, weights: Floats, groups: dict[int, list[int]], count: int) -> tuple[Floats, Ints]:
    """Return the groups' middles, with the farthest point as a further group until there are so many."""
    home = {member: number for number, members in groups.items() for member in members}
    middles = {number: _middle(points, weights, members) for number, members in groups.items()}
    while len(middles) < count:
        gaps = _gaps(points, np.array(list(middles.values()))).min(axis=1)
        farthest = int(np.argmax(gaps))
        if not gaps[farthest]:
            break
        _take_out(points, weights, groups, middles, home.get(farthest), farthest)
        number = max(middles, default=-1) + 1
        home[farthest], groups[number] = number, [farthest]
        middles[number] = _middle(points, weights, [farthest])
    return np.array(list(middles.values())), np.array(list(middles), dtype=np.int64)


def _take_out(
    points: Floats,
    weights: Floats,
    groups: dict[int, list[int]],
    middles: dict[int, tuple[float, float]],
    number: int | None,
    member: int,
) -> None:
    """Take a point out of its group, whose middle moves; a group without points is dropped."""
    if number is None:
        return
    groups[number].remove(member)
    if groups[number]:
        middles[number] = _middle(points, weights, groups[number])
    else:
        del groups[number], middles[number]

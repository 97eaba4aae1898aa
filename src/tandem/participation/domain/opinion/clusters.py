"""k-means on the plane, begun from where it ended the last time, and how well groups are set apart."""

from dataclasses import dataclass

import numpy as np

from tandem.participation.domain.opinion.votes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Clusters:
    """Groups of points.

    Attributes:
        centres: Shape ``(groups, 2)``.
        of: The group of each point, shape ``(points,)``.
    """

    centres: Floats
    of: Ints

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.centres)


def first_distinct(points: Floats, count: int) -> Floats:
    """Return the first so many different points, fewer if there are fewer."""
    _values, places = np.unique(points, axis=0, return_index=True)
    return points[np.sort(places)[:count]]


def k_means(points: Floats, weights: Floats, centres: Floats, *, turns: int) -> Clusters:
    """Return the groups around centres after so many turns of moving them to the middle of their points.

    A group that loses all its points is dropped.

    Args:
        points: Shape ``(points, 2)``.
        weights: How much each counts, shape ``(points,)``.
        centres: Where to begin, shape ``(groups, 2)``.

    Source: Lloyd (1982), Least squares quantization in PCM, IEEE Transactions on Information Theory 28(2).
    """
    of = nearest(points, centres)
    for _turn in range(turns):
        present = np.unique(of)
        of = np.searchsorted(present, of)
        totals = np.bincount(of, weights, len(present))
        sums = np.stack([np.bincount(of, weights * points[:, axis], len(present)) for axis in (0, 1)], axis=1)
        centres = sums / totals[:, None]
        moved = nearest(points, centres)
        if np.array_equal(moved, of):
            break
        of = moved
    present = np.unique(of)
    return Clusters(centres[present], np.searchsorted(present, of))


def nearest(points: Floats, centres: Floats) -> Ints:
    """Return the number of the nearest centre of each point; of equally near ones the first."""
    gaps = points[:, None, :] - centres[None, :, :]
    return np.asarray(np.argmin((gaps**2).sum(axis=2), axis=1), dtype=np.int64)


def silhouette(points: Floats, of: Ints, weights: Floats | None = None) -> float:
    """Return how well groups are set apart, from -1 to 1; 0 for fewer than two groups.

    Args:
        weights: How many people a point stands for; one each without it.

    Source: Rousseeuw (1987), Silhouettes, Journal of Computational and Applied Mathematics 20, with a point that is
        alone in its group counting 0.
    """
    groups = int(of.max()) + 1 if len(of) else 0
    if groups < 2 or len(points) < 3:
        return 0.0
    counts = np.bincount(of, minlength=groups).astype(float)
    gaps = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    sums = np.stack([gaps[:, of == group].sum(axis=1) for group in range(groups)], axis=1)
    own = np.arange(len(points)), of
    inside = sums[own] / np.maximum(counts[of] - 1, 1)
    means = sums / np.maximum(counts, 1)
    means[own] = np.inf
    means[:, counts == 0] = np.inf
    outside = means.min(axis=1)
    widths = np.where(
        counts[of] > 1, (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-12), 0.0
    )
    return float(np.average(widths, weights=weights))

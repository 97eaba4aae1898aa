"""The plane of opinions: the two directions in which votes differ most, and where everybody lies on it.

Source: Small, Bjorkegren, Erkkilä, Shaw, Megill (2021), Polis: Scaling deliberation by mapping high dimensional
opinion spaces, Recerca 26(2), section on dimension reduction: missing votes are the statement's mean, and somebody
who voted on few statements is moved outwards by the square root of how much is missing.
"""

from dataclasses import dataclass

import numpy as np

from tandem.participation.domain.opinion.votes import Floats

DIRECTIONS = 2
ITERATIONS = 100


@dataclass(frozen=True, slots=True)
class Plane:
    """Two directions in the space of statements.

    Attributes:
        centre: Mean vote of each statement, shape ``(statements,)``.
        directions: Orthonormal, shape ``(2, statements)``.
    """

    centre: Floats
    directions: Floats

    def place(self, values: Floats, counts: Floats) -> Floats:
        """Return where participants lie, shape ``(participants, 2)``.

        Args:
            values: Votes with NaN, shape ``(participants, statements)``.
            counts: How many statements each voted on, shape ``(participants,)``.
        """
        differences = np.where(np.isnan(values), 0.0, values - self.centre)
        spread = np.sqrt(values.shape[1] / np.maximum(counts, 1))
        return np.asarray(differences @ self.directions.T * spread[:, None])


def plane_of(values: Floats, before: Floats | None = None) -> Plane:
    """Return the plane of votes, found by power iteration.

    Args:
        values: Votes with NaN, shape ``(participants, statements)``.
        before: The directions of the last time, from which the search begins.
    """
    is_missing = np.isnan(values)
    counted = np.maximum((~is_missing).sum(axis=0), 1)
    centre = np.where(is_missing, 0.0, values).sum(axis=0) / counted
    centred = np.where(is_missing, 0.0, values - centre)
    covariance = centred.T @ centred
    directions = np.zeros((DIRECTIONS, values.shape[1]))
    for place in range(DIRECTIONS):
        found = _strongest(covariance, _start(values.shape[1], place, before))
        directions[place] = found
        covariance = covariance - np.outer(found, found @ covariance)
        covariance = covariance - np.outer(covariance @ found, found)
    return Plane(centre, directions)


def _start(statements: int, place: int, before: Floats | None) -> Floats:
    """Return where the search for a direction begins: the last one where there was one, else all ones."""
    if before is not None and before[place].any():
        return np.asarray(before[place])
    return np.ones(statements)


def _strongest(covariance: Floats, start: Floats) -> Floats:
    """Return the direction of the largest variance; zeros where there is none."""
    found = start
    for _turn in range(ITERATIONS):
        moved = covariance @ found
        length = float(np.linalg.norm(moved))
        if length < 1e-12:  # nothing in this direction: try another start, then give up
            fresh = covariance @ np.arange(1.0, len(start) + 1)
            if not np.any(np.abs(fresh) > 1e-12):
                return np.zeros_like(start)
            moved, length = fresh, float(np.linalg.norm(fresh))
        new = moved / length
        if np.max(np.abs(new - found)) < 1e-10:
            return new
        found = new
    return found

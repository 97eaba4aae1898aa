"""Votes of made-up people, and how alike two partitions of people are."""

from collections import Counter
from collections.abc import Sequence
from math import comb

import numpy as np

from tandem.participation.domain.opinion.votes import Votes


def rand_index(one: Sequence, other: Sequence) -> float:
    """Return the adjusted Rand index of two partitions. Source: Hubert, Arabie (1985), Comparing partitions."""
    both, rows, columns = Counter(zip(one, other, strict=True)), Counter(one), Counter(other)
    together = sum(comb(each, 2) for each in both.values())
    left, right = (sum(comb(each, 2) for each in part.values()) for part in (rows, columns))
    expected, most = left * right / comb(len(one), 2), (left + right) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def votes_of(values) -> Votes:
    """Return votes of people and statements that are numbered."""
    people, statements = np.shape(values)
    return Votes(
        tuple(map(str, range(people))), tuple(map(str, range(statements))), np.asarray(values, dtype=float)
    )


def camps(seed: int, people: int = 60, statements: int = 20, share: float = 0.9) -> Votes:
    """Return votes of two camps that disagree on everything."""
    random = np.random.default_rng(seed)
    agrees = np.repeat([[share] * statements, [1 - share] * statements], people // 2, axis=0)
    agrees[:, statements // 2 :] = 1 - agrees[:, statements // 2 :]
    values = np.where(random.random(agrees.shape) < agrees, 1.0, -1.0)
    values[random.random(agrees.shape) < 0.3] = np.nan
    return votes_of(values)


def unrelated(seed: int, people: int = 120, statements: int = 20) -> Votes:
    """Return votes without any order."""
    random = np.random.default_rng(seed)
    values = random.integers(-1, 2, (people, statements)).astype(float)
    values[random.random(values.shape) < 0.2] = np.nan
    return votes_of(values)


def scale(seed: int, people: int = 120, statements: int = 25) -> Votes:
    """Return votes of people evenly from left to right, on statements whose turning points lie anywhere between."""
    random = np.random.default_rng(seed)
    where, turns = random.normal(size=(people, 1)), random.normal(size=statements)
    agrees = 1 / (1 + np.exp(-1.5 * random.choice([-1, 1], statements) * (where - turns)))
    return votes_of(np.where(random.random(agrees.shape) < agrees, 1.0, -1.0))


def mixed(votes: Votes, seed: int) -> Votes:
    """Return the same votes with the people in another order."""
    return votes.rows(np.random.default_rng(seed).permutation(len(votes.participants)))

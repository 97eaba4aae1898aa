"""Whether there are opinion groups at all: k-means finds some in any cloud, so what it finds is held against chance.

Two kinds of chance have to be beaten. Votes drawn for each statement on its own, at the shares that it really has,
show no relation between statements. Places strewn evenly over a rectangle as long and as wide show a scale of opinion
without a gap in it, such as from left to right. Real groups are set apart more clearly than both.

Source: after Tibshirani, Walther, Hastie (2001), Estimating the number of clusters in a data set via the gap statistic,
    Journal of the Royal Statistical Society B 63(2), with the silhouette in place of the spread; the level of a test by
    few draws after Barnard (1963), in the discussion of Bartlett, ibid. 25(2).
"""

from collections.abc import Callable, Sequence

import numpy as np

from tandem.participation.domain.opinion.clusters import distances, k_means, silhouette_of
from tandem.participation.domain.opinion.conversation import FEWEST_GROUPS, MOST_GROUPS, Conversation
from tandem.participation.domain.opinion.plane import DIRECTIONS
from tandem.participation.domain.opinion.votes import Floats, Ints

LEAST_PEOPLE = 10
MOST_PEOPLE, MOST_STATEMENTS = 150, 100
DRAWS = 39
AS_GOOD = 1  # (1 + 1) / (39 + 1): one in twenty
TURNS = 10


def is_clear(found: Conversation, *, silent: Sequence[str] = ()) -> bool:
    """Return whether people are set apart more clearly than by chance, at a level of 5 %.

    Of many people 150, spread evenly over the plane, are looked at. The draws are always the same.

    Args:
        silent: Statements that tell nobody apart.
    """
    people = np.flatnonzero(found.counted)
    if found.group_count < FEWEST_GROUPS or len(people) < LEAST_PEOPLE:
        return False
    some = _spread_over(found.places, people)
    votes = _most_voted(found.votes.without(silent).values[some])
    random = np.random.default_rng(len(people))
    return _beats(_best(found.places[some]), lambda: _even(found.places[some], random)) and _beats(
        _best(_places(votes)), lambda: _places(_unrelated(votes, random))
    )


def _spread_over(places: Floats, people: Ints) -> Ints:
    """Return at most so many people, evenly along the first direction, whatever order they came in."""
    order = people[np.lexsort(places[people].T[::-1])]
    wanted = np.linspace(0, len(order) - 1, min(MOST_PEOPLE, len(order)))
    return np.asarray(order[wanted.astype(int)])


def _most_voted(votes: Floats) -> Floats:
    """Return the votes on the statements that most have voted on: on the others there is little but chance."""
    seen = (~np.isnan(votes)).sum(axis=0)
    return votes[:, np.sort(np.argsort(-seen, kind="stable")[:MOST_STATEMENTS])]


def _beats(mark: float, draw: Callable[[], Floats]) -> bool:
    """Return whether at most so many draws are as good; it stops looking once there are more."""
    as_good = 0
    for _draw in range(DRAWS):
        as_good += _best(draw()) >= mark
        if as_good > AS_GOOD:
            return False
    return True


def _places(votes: Floats) -> Floats:
    """Return where people lie on the plane of their own votes; its directions themselves are not needed."""
    is_missing = np.isnan(votes)
    centre = np.where(is_missing, 0.0, votes).sum(axis=0) / np.maximum((~is_missing).sum(axis=0), 1)
    centred = np.where(is_missing, 0.0, votes - centre)
    sizes, vectors = np.linalg.eigh(centred @ centred.T)
    spread = np.sqrt(votes.shape[1] / np.maximum((~is_missing).sum(axis=1), 1))
    lengths = np.sqrt(np.maximum(sizes[-DIRECTIONS:], 0))
    return np.asarray(vectors[:, -DIRECTIONS:] * lengths * spread[:, None])


def _unrelated(votes: Floats, random: np.random.Generator) -> Floats:
    """Return votes of as many people on the same statements, drawn for each statement at its own shares."""
    seen = np.maximum((~np.isnan(votes)).sum(axis=0), 1)
    disagree, agree = (votes == -1).sum(axis=0) / seen, (votes == 1).sum(axis=0) / seen
    drawn = random.random(votes.shape)
    values = np.where(drawn < disagree, -1.0, np.where(drawn > 1 - agree, 1.0, 0.0))
    return np.where(np.isnan(votes), np.nan, values)


def _even(places: Floats, random: np.random.Generator) -> Floats:
    """Return as many places strewn evenly over a rectangle, as long and as wide as those given."""
    return np.asarray(random.uniform(-1, 1, places.shape) * places.std(axis=0))


def _best(places: Floats) -> float:
    """Return the best silhouette of any number of groups; the search begins with points far from each other."""
    apart, weights = distances(places), np.ones(len(places))
    everybody = {0: range(len(places))}
    groups = [
        k_means(places, weights, count, everybody, turns=TURNS)
        for count in range(FEWEST_GROUPS, MOST_GROUPS + 1)
    ]
    return max(silhouette_of(apart, each.of) for each in groups)

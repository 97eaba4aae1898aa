"""Opinion groups, updated while people vote: each update begins from where the last one ended.

Source: Small and others (2021), as in ``plane``; the numbers of clusters and turns, the rule for the greatest number of
groups and the patience before that number changes are those that Polis has published with its mathematics.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tandem.participation.domain.opinion.clusters import Clusters, k_means, nearest, silhouette
from tandem.participation.domain.opinion.plane import Plane, plane_of
from tandem.participation.domain.opinion.votes import Bools, Floats, Ints, Votes

LEAST_VOTES = 7
LEAST_PEOPLE = 15
SMALL_CLUSTERS = 100
SMALL_TURNS, GROUP_TURNS = 10, 20
FEWEST_GROUPS, MOST_GROUPS = 2, 5
CLUSTERS_PER_GROUP = 12
PATIENCE = 4


@dataclass(frozen=True, slots=True)
class State:
    """What the next update begins from; plain JSON values.

    Attributes:
        directions: Of the plane, by statement: two numbers each.
        small: Participants of each small cluster.
        groups: By number of groups: the small clusters of each, as places in ``small``.
        count: The number of groups that is shown.
        wish: The number that the last updates would rather have, and how often in a row.
        joined: Those who have been counted once; they stay.
    """

    directions: Mapping[str, Sequence[float]] = field(default_factory=dict)
    small: Sequence[Sequence[str]] = ()
    groups: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)
    count: int = 0
    wish: Sequence[int] = (0, 0)
    joined: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "directions": {key: list(each) for key, each in self.directions.items()},
            "small": [list(each) for each in self.small],
            "groups": {key: [list(one) for one in each] for key, each in self.groups.items()},
            "count": self.count,
            "wish": list(self.wish),
            "joined": list(self.joined),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "State":
        """Return the state that ``as_json`` wrote; a new one for an empty value."""
        return cls(**values) if values else cls()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Groups as they are now.

    Attributes:
        votes: The votes that they were made of.
        counted: Which participants have voted enough to be counted, shape ``(participants,)``.
        places: Where everybody lies, shape ``(participants, 2)``; NaN for those who are not counted.
        group_of: The group of each participant from 0, -1 for those who are not counted.
        group_count: How many groups there are.
        silhouette: How well they are set apart.
        silhouettes: The same for each possible number of groups.
        state: For the next update.
    """

    votes: Votes
    counted: Bools
    places: Floats
    group_of: Ints
    group_count: int
    silhouette: float
    silhouettes: Mapping[int, float]
    state: State


def update(votes: Votes, state: State | None = None, *, silent: Sequence[str] = ()) -> Conversation:
    """Return the groups of all votes so far.

    Args:
        votes: All of them, not only the new ones.
        state: Of the last update; a new conversation without it.
        silent: Statements that moderation took out, and those that ask for facts: they tell nobody apart.
    """
    before = state or State()
    counted = _counted(votes, before)
    heard = votes.without(silent)
    plane = plane_of(heard.values, _directions_before(before, votes.statements))
    places = np.full((len(votes.participants), 2), np.nan)
    people = np.flatnonzero(counted)
    if len(people) < 3:
        return _too_few(votes, counted, places, plane)
    spoken = (~np.isnan(heard.values)).sum(axis=1).astype(float)
    places[people] = plane.place(heard.values[people], spoken[people])
    small = _small_clusters(places[people], [votes.participants[each] for each in people], before)
    weights = np.bincount(small.of, minlength=small.count).astype(float)
    found = {
        count: _groups(small, weights, count, before, votes, people)
        for count in _possible_counts(small.count)
    }
    marks = {count: silhouette(small.centres, each.of) for count, each in found.items()}
    shown, wish = _patient(before, marks)
    group_of = np.full(len(votes.participants), -1, dtype=np.int64)
    group_of[people] = found[shown].of[small.of]
    return Conversation(
        votes,
        counted,
        places,
        group_of,
        found[shown].count,
        marks[shown],
        marks,
        _state(votes, plane, small, people, found, shown, wish, counted),
    )


def _counted(votes: Votes, before: State) -> Bools:
    """Return who has voted on enough statements, or was counted before; the most eager where that gives too few."""
    cast = (~np.isnan(votes.values)).sum(axis=1)
    joined = set(before.joined)
    enough = cast >= min(LEAST_VOTES, len(votes.statements))
    counted = enough | np.array([each in joined for each in votes.participants], dtype=bool)
    if counted.sum() < LEAST_PEOPLE:
        eager = np.argsort(-cast, kind="stable")[:LEAST_PEOPLE]
        counted[eager[cast[eager] > 0]] = True
    return np.asarray(counted, dtype=bool)


def _directions_before(before: State, statements: Sequence[str]) -> Floats | None:
    if not before.directions:
        return None
    return np.array([before.directions.get(each, (0.0, 0.0)) for each in statements], dtype=float).T


def _small_clusters(points: Floats, names: Sequence[str], before: State) -> Clusters:
    """Return up to a hundred small clusters, from those of the last time where there were some."""
    row = {name: place for place, name in enumerate(names)}
    kept = [[row[each] for each in members if each in row] for members in before.small]
    centres = [points[members].mean(axis=0) for members in kept if members]
    start = _filled(points, np.array(centres) if centres else np.empty((0, 2)), SMALL_CLUSTERS)
    return k_means(points, np.ones(len(points)), start, turns=SMALL_TURNS)


def _filled(points: Floats, centres: Floats, count: int) -> Floats:
    """Return centres, with further ones until there are so many: the first points at the start, the farthest later."""
    if not len(centres):
        _values, first = np.unique(points, axis=0, return_index=True)
        return points[np.sort(first)[:count]]
    _values, first = np.unique(centres, axis=0, return_index=True)
    centres = centres[np.sort(first)]
    while len(centres) < count:
        gaps = ((points - centres[nearest(points, centres)]) ** 2).sum(axis=1)
        farthest = int(np.argmax(gaps))
        if gaps[farthest] <= 1e-18:
            break
        centres = np.vstack([centres, points[farthest]])
    return centres


def _possible_counts(clusters: int) -> range:
    most = min(MOST_GROUPS, FEWEST_GROUPS + clusters // CLUSTERS_PER_GROUP)
    return range(FEWEST_GROUPS, max(FEWEST_GROUPS, min(most, clusters)) + 1)


def _groups(
    small: Clusters, weights: Floats, count: int, before: State, votes: Votes, people: Ints
) -> Clusters:
    """Return so many groups of the small clusters, from those of the last time where there were some."""
    kept = before.groups.get(str(count), ())
    where = _where_before(before, small, votes, people)
    centres = []
    for members in kept:
        now = sorted({where[each] for each in members if each in where})
        if now:
            centres.append(np.average(small.centres[now], axis=0, weights=weights[now]))
    start = _filled(small.centres, np.array(centres) if centres else np.empty((0, 2)), count)
    return k_means(small.centres, weights, start[:count], turns=GROUP_TURNS)


def _where_before(before: State, small: Clusters, votes: Votes, people: Ints) -> dict[int, int]:
    """Return which small cluster of now holds most of each small cluster of the last time."""
    if not before.groups:
        return {}
    cluster_of = {votes.participants[each]: int(small.of[place]) for place, each in enumerate(people)}
    found = {}
    for number, members in enumerate(before.small):
        now = [cluster_of[each] for each in members if each in cluster_of]
        if now:
            found[number] = max(set(now), key=now.count)
    return found


def _patient(before: State, marks: Mapping[int, float]) -> tuple[int, tuple[int, int]]:
    """Return how many groups are shown: another number only once it was the best several times in a row."""
    best = max(marks, key=lambda count: (marks[count], -count))
    wished, times = before.wish
    wish = (best, times + 1 if best == wished else 1)
    if not before.count or before.count not in marks or wish[1] >= PATIENCE:
        return best, wish
    return before.count, wish


def _state(
    votes: Votes,
    plane: Plane,
    small: Clusters,
    people: Ints,
    found: Mapping[int, Clusters],
    shown: int,
    wish: tuple[int, int],
    counted: Bools,
) -> State:
    members: list[list[str]] = [[] for _each in range(small.count)]
    for place, person in enumerate(people):
        members[small.of[place]].append(votes.participants[person])
    groups = {
        str(count): [np.flatnonzero(each.of == group).tolist() for group in range(each.count)]
        for count, each in found.items()
    }
    directions = dict(zip(votes.statements, plane.directions.T.tolist(), strict=True))
    joined = [votes.participants[each] for each in np.flatnonzero(counted)]
    return State(directions, members, groups, shown, wish, joined)


def _too_few(votes: Votes, counted: Bools, places: Floats, plane: Plane) -> Conversation:
    """Return a conversation in which there are not yet enough people for groups."""
    directions = dict(zip(votes.statements, plane.directions.T.tolist(), strict=True))
    joined = [votes.participants[each] for each in np.flatnonzero(counted)]
    nobody = np.full(len(votes.participants), -1, dtype=np.int64)
    state = State(directions, (), {}, 0, (0, 0), joined)
    return Conversation(votes, counted, places, nobody, 0, 0.0, {}, state)

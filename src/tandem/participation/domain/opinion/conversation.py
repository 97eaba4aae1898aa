"""Opinion groups, updated while people vote: each update begins from where the last one ended.

Source: Small and others (2021), as in ``plane``; the numbers of clusters and turns, the rule for the greatest number of
groups and the patience before that number changes are those that Polis has published with its mathematics.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tandem.participation.domain.opinion.clusters import Clusters, distances, k_means, silhouette_of
from tandem.participation.domain.opinion.plane import Plane, plane_of
from tandem.participation.domain.opinion.votes import Bools, Floats, Ints, Votes

LEAST_VOTES = 7
LEAST_PEOPLE = 15
SMALL_CLUSTERS = 100
SMALL_TURNS, GROUP_TURNS = 100, 20
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

    def without_groups(self) -> "State":
        """Return the state after which groups are made anew from the same small clusters.

        So Polis begins whenever its process is started again: it keeps the plane and the small clusters, no groups.
        """
        return replace(self, groups={}, count=0, wish=(0, 0))


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
    """Return the groups of all votes so far; the order of the participants does not matter.

    Args:
        votes: All of them, not only the new ones.
        state: Of the last update; a new conversation without it.
        silent: Statements that moderation took out, and those that ask for facts: they tell nobody apart.
    """
    before = state or State()
    order = np.array(
        sorted(range(len(votes.participants)), key=lambda row: _rank(votes.participants[row])), int
    )
    sorted_votes = votes.rows(order)
    counted = _counted(sorted_votes, before)
    people = np.flatnonzero(counted)
    heard = sorted_votes.without(silent)
    plane = plane_of(heard.values, _directions_before(before, votes.statements))
    kept = State(_directions(plane, votes.statements), joined=_names(sorted_votes, people))
    if len(people) < 3:
        return _nobody(votes, _put_back(counted, order), kept)
    places = plane.place(heard.values[people], (~np.isnan(heard.values[people])).sum(axis=1).astype(float))
    small, found, marks = _clustered(places, kept.joined, before)
    shown, wish = _patient(before, marks)
    everywhere = np.full((len(order), 2), np.nan)
    everywhere[order[people]] = places
    group_of = np.full(len(order), -1, dtype=np.int64)
    group_of[order[people]] = found[shown].of[small.of]
    kept = replace(kept, **_followed(small, kept.joined, found), count=shown, wish=wish)
    is_counted = _put_back(counted, order)
    return Conversation(
        votes, is_counted, everywhere, group_of, found[shown].count, marks[shown], marks, kept
    )


def _rank(name: str) -> tuple[int, str]:
    """Return the rank of a participant: numbers in their order, other names in some fixed order."""
    return len(name), name


def _put_back(values: Bools, order: Ints) -> Bools:
    found = np.zeros(len(order), dtype=bool)
    found[order] = values
    return found


def _names(votes: Votes, people: Ints) -> list[str]:
    return [votes.participants[each] for each in people.tolist()]


def _counted(votes: Votes, before: State) -> Bools:
    """Return who has voted on enough statements, or was counted before; the most eager where that gives too few."""
    cast = (~np.isnan(votes.values)).sum(axis=1)
    joined = set(before.joined)
    enough = cast >= max(1, min(LEAST_VOTES, len(votes.statements)))
    counted = enough | np.array([each in joined for each in votes.participants], dtype=bool)
    if counted.sum() < LEAST_PEOPLE:
        eager = [
            each for each in np.argsort(-cast, kind="stable").tolist() if cast[each] and not counted[each]
        ]
        counted[eager[: LEAST_PEOPLE - int(counted.sum())]] = True
    return np.asarray(counted, dtype=bool)


def _directions_before(before: State, statements: Sequence[str]) -> Floats | None:
    if not before.directions:
        return None
    return np.array([before.directions.get(each, (1.0, 1.0)) for each in statements], dtype=float).T


def _directions(plane: Plane, statements: Sequence[str]) -> dict[str, list[float]]:
    return dict(zip(statements, plane.directions.T.tolist(), strict=True))


def _clustered(
    places: Floats, names: Sequence[str], before: State
) -> tuple[Clusters, dict[int, Clusters], dict[int, float]]:
    """Return the small clusters, the groups of them by how many groups there are, and how well those are set apart."""
    row = {name: place for place, name in enumerate(names)}
    members = {
        number: [row[each] for each in ours if each in row] for number, ours in enumerate(before.small)
    }
    small = k_means(places, np.ones(len(places)), SMALL_CLUSTERS, members, turns=SMALL_TURNS)
    weights = np.bincount(small.of, minlength=small.count).astype(float)
    place = {number: place for place, number in enumerate(small.numbers.tolist())}
    found = {}
    for count in _possible_counts(small.count):
        kept = {
            number: [place[each] for each in ours if each in place]
            for number, ours in enumerate(before.groups.get(str(count), ()))
        }
        found[count] = k_means(small.centres, weights, count, kept, turns=GROUP_TURNS)
    apart = distances(small.centres)
    return small, found, {count: silhouette_of(apart, each.of) for count, each in found.items()}


def _possible_counts(clusters: int) -> range:
    most = min(MOST_GROUPS, FEWEST_GROUPS + clusters // CLUSTERS_PER_GROUP)
    return range(FEWEST_GROUPS, max(FEWEST_GROUPS, min(most, clusters)) + 1)


def _patient(before: State, marks: Mapping[int, float]) -> tuple[int, tuple[int, int]]:
    """Return how many groups are shown: another number only once it was the best several times in a row."""
    best = max(marks, key=lambda count: (marks[count], -count))
    wished, times = before.wish
    wish = (best, times + 1 if best == wished else 1)
    if not before.count or before.count not in marks or wish[1] >= PATIENCE:
        return best, wish
    return before.count, wish


def _followed(small: Clusters, names: Sequence[str], found: Mapping[int, Clusters]) -> dict[str, Any]:
    """Return the clusters and groups as the next update looks them up."""
    return {
        "small": [[names[each] for each in members.tolist()] for members in small.members()],
        "groups": {
            str(count): [each.tolist() for each in groups.members()] for count, groups in found.items()
        },
    }


def _nobody(votes: Votes, counted: Bools, state: State) -> Conversation:
    """Return a conversation in which there are not yet enough people for groups."""
    people = len(votes.participants)
    places, group_of = np.full((people, 2), np.nan), np.full(people, -1, dtype=np.int64)
    return Conversation(votes, counted, places, group_of, 0, 0.0, {}, state)

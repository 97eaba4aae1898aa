"""Opinion groups: found where there are any, the same whoever comes first, and those that Polis has published."""

import csv
import json
from collections import Counter
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.participation.adapters import polis
from tandem.participation.domain.opinion.clusters import silhouette
from tandem.participation.domain.opinion.conversation import State, update
from tandem.participation.domain.opinion.description import describe, is_clear
from tandem.participation.domain.opinion.plane import plane_of
from tandem.participation.domain.opinion.votes import BadVotes, Votes


def rand_index(one, other) -> float:
    """Return the adjusted Rand index of two partitions. Source: Hubert, Arabie (1985), Comparing partitions."""
    both, rows, columns = Counter(zip(one, other, strict=True)), Counter(one), Counter(other)
    together = sum(comb(each, 2) for each in both.values())
    left, right = (sum(comb(each, 2) for each in part.values()) for part in (rows, columns))
    expected, most = left * right / comb(len(one), 2), (left + right) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def camps(seed: int, people: int = 60, statements: int = 20, share: float = 0.9) -> Votes:
    """Return votes of two camps that disagree on everything."""
    random = np.random.default_rng(seed)
    agrees = np.repeat([[share] * statements, [1 - share] * statements], people // 2, axis=0)
    agrees[:, statements // 2 :] = 1 - agrees[:, statements // 2 :]
    values = np.where(random.random(agrees.shape) < agrees, 1.0, -1.0)
    values[random.random(agrees.shape) < 0.3] = np.nan
    return Votes(tuple(map(str, range(people))), tuple(map(str, range(statements))), values)


@pytest.mark.parametrize("seed", range(5))
def test_two_camps_are_found_and_told_apart(seed):
    votes = camps(seed)
    found = update(votes)
    told = describe(found)

    assert found.group_count == 2
    assert rand_index(found.group_of.tolist(), [0] * 30 + [1] * 30) == 1
    assert told.clear
    assert [group.size for group in told.groups] == [30, 30]
    assert all(each.strength > 0 for group in told.groups for each in group.telling)


def test_votes_without_any_order_have_no_clear_groups():
    clear = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        values = random.integers(-1, 2, (120, 20)).astype(float)
        clear += is_clear(update(Votes(tuple(map(str, range(120))), tuple(map(str, range(20))), values)))
    assert clear <= 3


def test_what_everybody_agrees_with_unites():
    votes = camps(1)
    values = np.hstack([votes.values, np.ones((60, 1))])
    told = describe(update(Votes(votes.participants, (*votes.statements, "peace"), values)))
    assert [each.statement for each in told.uniting] == ["peace"]


def test_a_group_that_is_too_small_is_not_described():
    told = describe(update(camps(1)), smallest_group=31)
    assert [(group.size, group.telling) for group in told.groups] == [(None, ()), (None, ())]


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_two_camps_are_the_same_whoever_comes_first(random):
    votes = camps(3)
    order = list(range(60))
    random.shuffle(order)
    mixed = Votes(tuple(votes.participants[each] for each in order), votes.statements, votes.values[order])
    one, other = update(votes), update(mixed)
    groups = dict(zip(mixed.participants, other.group_of.tolist(), strict=True))
    assert rand_index(one.group_of.tolist(), [groups[each] for each in votes.participants]) == 1


def test_nobody_and_few_people_have_no_groups():
    assert update(Votes((), (), np.empty((0, 0)))).group_count == 0
    few = update(Votes(("a", "b"), ("1",), np.array([[1.0], [-1.0]])))
    assert (few.group_count, few.group_of.tolist()) == (0, [-1, -1])


def test_everybody_of_one_mind_is_no_error():
    same = Votes(tuple(map(str, range(30))), tuple(map(str, range(10))), np.ones((30, 10)))
    assert not describe(update(same)).clear


def test_a_state_survives_being_kept_as_json():
    found = update(camps(2))
    again = State.from_json(json.loads(json.dumps(found.state.as_json())))
    assert update(camps(2), again).group_of.tolist() == found.group_of.tolist()


def test_the_last_vote_counts_and_odd_ones_are_refused():
    votes = Votes.of([("a", "1", 1), ("b", "1", 0), ("a", "1", -1)])
    assert votes.values.tolist() == [[-1.0], [0.0]]
    with pytest.raises(BadVotes):
        Votes.of([("a", "1", 2)])


def test_the_plane_is_that_of_the_largest_variances():
    random = np.random.default_rng(0)
    values = random.normal(size=(80, 6)) * [5, 3, 1, 1, 1, 1]
    plane = plane_of(values)
    expected = np.linalg.svd(values - values.mean(axis=0))[2][:2]
    assert np.allclose(np.abs(plane.directions @ expected.T), np.eye(2), atol=1e-6)


def test_the_silhouette_of_two_pairs_is_that_of_the_definition():
    points = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0], [4.0, 1.0]])
    outside = (4 + 17**0.5) / 2
    assert silhouette(points, np.array([0, 0, 1, 1])) == pytest.approx((outside - 1) / outside)


# --- Polis' published groups --------------------------------------------------------------------
REPLAYED_VOTES = 200


def exported(folder):
    """Return the votes of an export as a matrix, the published groups, and what moderation took out."""
    with (folder / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    statements = tuple(each for each in rows[0] if each.isdecimal())
    values = np.array([[float(row[each]) if row[each] else np.nan for each in statements] for row in rows])
    groups = {row["participant"]: row["group-id"] for row in rows if row["group-id"]}
    comments = polis.read_comments((folder / "comments.csv").read_bytes()).rows
    silent = [each.id for each in comments if each.moderated == -1 and each.id in statements]
    return Votes(tuple(row["participant"] for row in rows), statements, values), groups, silent


def agreement(found, groups) -> float:
    mine = dict(zip(found.votes.participants, found.group_of.tolist(), strict=True))
    both = [each for each in groups if mine.get(each, -1) >= 0]
    assert len(both) >= 0.99 * len(groups)
    return rand_index([groups[each] for each in both], [mine[each] for each in both])


@pytest.mark.conformance
@pytest.mark.parametrize(("name", "least"), [("canadian-electoral-reform", 0.89), ("vtaiwan.uberx", 0.95)])
def test_votes_replayed_in_time_order_give_the_groups_that_polis_published(shared_data, name, least):
    """Polis' clusters depend on when it reckoned, which no export tells; here it is after every 200 votes."""
    folder = shared_data / "polis" / name
    _votes, groups, silent = exported(folder)
    cast = [
        (each.voter, each.statement, each.value)
        for each in polis.read_votes((folder / "votes.csv").read_bytes()).rows
    ]
    state = None
    for until in range(REPLAYED_VOTES, len(cast) + REPLAYED_VOTES, REPLAYED_VOTES):
        found = update(Votes.of(cast[:until]), state, silent=silent)
        state = found.state
    assert agreement(found, groups) >= least


@pytest.mark.conformance
def test_votes_without_times_give_nearly_the_groups_that_polis_published(shared_data):
    votes, groups, silent = exported(shared_data / "polis" / "austria-climate.2vkxcncppn.2022-07-07")
    assert agreement(update(votes, silent=silent), groups) >= 0.91


def _either(line, *names) -> str:
    return str(next(line[name] for name in names if name in line))


@pytest.mark.conformance
@pytest.mark.parametrize(("name", "least"), [("math-above-100", 0.93), ("math-below-100", 1.0)])
def test_places_and_groups_are_those_of_polis_full_output(shared_data, name, least):
    """The plane and everybody's place on it are Polis' to the last digit; the votes' times are not known."""
    folder = shared_data / "polis" / name
    math = json.loads((folder / "math-pca2.json").read_text("utf-8"))
    raw = json.loads((folder / "votes.json").read_text("utf-8"))
    raw.sort(key=lambda each: int(each["modified"]))
    votes = Votes.of(
        (
            str(each.get("pid", each.get("participant_id"))),
            str(each.get("tid", each.get("statement_id"))),
            -each["vote"],
        )
        for each in raw
    )
    found = update(
        votes,
        State(joined=[str(each) for each in math["in-conv"]]),
        silent=[str(each) for each in math["mod-out"]],
    )
    members = dict(zip(math["base-clusters"]["id"], math["base-clusters"]["members"], strict=True))
    groups = {
        str(person): str(cluster["id"])
        for cluster in math["group-clusters"]
        for small in cluster["members"]
        for person in members[small]
    }
    directions = np.array([found.state.directions[str(each)] for each in math["tids"]]).T
    cosines = np.abs((directions * np.array(math["pca"]["comps"])).sum(axis=1))

    assert cosines == pytest.approx([1, 1], abs=1e-3)
    assert found.group_count == len(math["group-clusters"])
    assert agreement(found, groups) >= least

"""The groups that Polis has published, and what it says of them.

Polis' groups depend on when it reckoned, once a second or so at the time, and on when its process was started again; no
export tells. Where it has published the small clusters that the groups are made of, everything after them is exactly
ours. Where votes are replayed, the moments are chosen here, and groups agree as far as those happen to be alike:
the indices below are what they were when this was written, at the best of several choices and at others.
"""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tandem.participation.adapters import polis
from tandem.participation.domain.opinion.conversation import State, update
from tandem.participation.domain.opinion.description import SURE, describe, priorities, tally
from tandem.participation.domain.opinion.votes import AGREE, Votes
from tests.participation.domain.opinion.samples import rand_index

CANADA, TAIWAN = "canadian-electoral-reform", "vtaiwan.uberx"
AUSTRIA = "austria-climate.2vkxcncppn.2022-07-07"

pytestmark = pytest.mark.conformance


def exported(folder):
    """Return the people of an export, the published groups, and what moderation took out."""
    people = polis.read_participants((folder / "participants-votes.csv").read_bytes()).rows
    comments = polis.read_comments((folder / "comments.csv").read_bytes()).rows
    groups = {each.id: each.group for each in people if each.group is not None}
    return people, groups, [each.id for each in comments if each.moderated == -1]


def agreement(found, groups) -> float:
    mine = dict(zip(found.votes.participants, found.group_of.tolist(), strict=True))
    both = [each for each in groups if mine.get(each, -1) >= 0]
    assert len(both) >= 0.98 * len(groups)
    return rand_index([groups[each] for each in both], [mine[each] for each in both])


def replayed(cast, ends, silent, *, statements=(), joined=()):
    """Return the groups after reckoning each time that so many votes were in."""
    votes, state = Votes.of([], statements), State(joined=joined)
    for begin, end in pairwise([0, *ends]):
        votes = votes.also((each.voter, each.statement, each.value) for each in cast[begin:end])
        found = update(votes, state, silent=silent)
        state = replace(found.state, joined=[*found.state.joined, *joined])
    return found


def every_votes(cast, count):
    return [*range(count, len(cast), count), len(cast)]


def every_seconds(cast, seconds):
    """Return how many votes were in whenever a vote came so long after the first of those not yet reckoned with."""
    ends, since = [], cast[0].at
    for place, each in enumerate(cast):
        if (each.at - since).total_seconds() >= seconds:
            ends.append(place)
            since = each.at
    return [*ends, len(cast)]


# --- full outputs -------------------------------------------------------------------------------
class Output:
    """What Polis has published of one conversation: its votes and all that it made of them."""

    def __init__(self, folder) -> None:
        self.math = json.loads((folder / "math-pca2.json").read_text("utf-8"))
        raw = json.loads((folder / "votes.json").read_text("utf-8"))
        self.cast = [
            polis.PolisVote(
                str(each.get("pid", each.get("participant_id"))),
                str(each.get("tid", each.get("statement_id"))),
                each["vote"],
                polis.EPOCH + polis.timedelta(milliseconds=int(each["modified"])),
            )
            for each in sorted(raw, key=lambda each: int(each["modified"]))
        ]
        self.votes = Votes.of((each.voter, each.statement, each.value) for each in self.cast)
        self.silent = [str(each) for each in self.math["mod-out"]]
        small = self.math["base-clusters"]
        self.small = [[str(each) for each in members] for members in small["members"]]
        of = {
            number: group
            for group, each in enumerate(self.math["group-clusters"])
            for number in each["members"]
        }
        self.groups = {
            person: of[number]
            for number, members in zip(small["id"], self.small, strict=True)
            for person in members
        }

    def found(self):
        """Return our groups of Polis' small clusters."""
        state = State(small=self.small, joined=list(self.groups))
        return update(self.votes, state, silent=self.silent)


@pytest.fixture(scope="module", params=["math-above-100", "math-below-100"])
def output(request, shared_data):
    return Output(shared_data / "polis" / request.param)


def test_the_plane_and_every_place_on_it_are_those_of_polis(output):
    found, small = output.found(), output.math["base-clusters"]
    row = {name: place for place, name in enumerate(found.votes.participants)}
    middles = [found.places[[row[each] for each in members]].mean(axis=0) for members in output.small]
    published = np.array([small["x"], small["y"]]).T
    turned = np.sign((middles * published).sum(axis=0))
    assert np.allclose(middles * turned, published, atol=1e-5)


def test_groups_of_the_published_small_clusters_are_those_of_polis(output):
    found = output.found()
    assert found.group_count == len(output.math["group-clusters"])
    assert agreement(found, output.groups) == 1


def test_consensus_among_groups_is_that_of_polis(output):
    found = output.found()
    shares = [
        [one.share(AGREE) for one in tally(found.votes.values, found.group_of == group)]
        for group in range(found.group_count)
    ]
    ours = dict(zip(found.votes.statements, np.prod(shares, axis=0), strict=True))
    assert ours == pytest.approx(output.math["group-aware-consensus"], abs=1e-12)


def test_what_to_show_next_is_as_with_polis(output):
    ours = priorities(output.found(), facts=[str(each) for each in output.math["meta-tids"]])
    assert {key: each**2 for key, each in ours.items()} == pytest.approx(
        output.math["comment-priorities"], rel=1e-6
    )


def test_what_sets_a_group_apart_is_as_with_polis(output, monkeypatch):
    """Polis names a statement even where nothing is sure; we do not."""
    monkeypatch.setattr(
        "tandem.participation.domain.opinion.description.is_clear", lambda *_all, **_named: True
    )
    found = output.found()
    ours = describe(found, silent=output.silent).groups
    for group, told in enumerate(output.math["group-clusters"]):
        theirs = output.math["repness"][str(told["id"])]
        sure = {
            (str(each["tid"]), each["repful-for"])
            for each in theirs
            if min(each["repness-test"], each["p-test"]) > SURE
        }
        assert {
            (each.statement, "agree" if each.way == AGREE else "disagree") for each in ours[group].telling
        } == sure


@pytest.mark.parametrize(
    ("name", "ends", "anew", "least"),
    [
        ("math-below-100", lambda cast: every_seconds(cast, 1), True, 1),
        ("math-below-100", lambda cast: every_seconds(cast, 60), True, 1),
        ("math-below-100", lambda cast: every_seconds(cast, 60), False, 0.48),
        ("math-above-100", lambda cast: every_seconds(cast, 60), True, 0.95),
        ("math-above-100", lambda cast: every_seconds(cast, 60), False, 0.89),
        ("math-above-100", lambda cast: every_votes(cast, 100), False, 0.29),
    ],
)
def test_replayed_votes_come_near_the_groups_of_a_full_output(shared_data, name, ends, anew, least):
    """Who is counted is as published; groups are made anew at the end where Polis' process was started again."""
    output = Output(shared_data / "polis" / name)
    found = replayed(output.cast, ends(output.cast), output.silent, joined=list(output.groups))
    if anew:
        found = update(found.votes, found.state.without_groups(), silent=output.silent)
    assert agreement(found, output.groups) >= least


# --- exports ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "ends", "least"),
    [
        (CANADA, lambda cast: every_votes(cast, 100), 0.99),
        (CANADA, lambda cast: every_seconds(cast, 3_600), 0.96),
        (CANADA, lambda cast: every_votes(cast, 200), 0.89),
        (TAIWAN, lambda cast: every_seconds(cast, 600), 0.95),
        (TAIWAN, lambda cast: every_votes(cast, 200), 0.84),
    ],
)
def test_replayed_votes_come_near_the_published_groups(shared_data, name, ends, least):
    folder = shared_data / "polis" / name
    _people, groups, silent = exported(folder)
    cast = polis.read_votes((folder / "votes.csv").read_bytes()).rows
    assert agreement(replayed(cast, ends(cast), silent), groups) >= least


@pytest.mark.parametrize(("people_at_once", "least"), [(400, 0.97), (100, 0.95), (50, 0.93)])
def test_people_replayed_in_the_order_of_their_first_vote_give_nearly_the_published_groups(
    shared_data, people_at_once, least
):
    """For this export there are no times of votes, but people are numbered as they came."""
    people, groups, silent = exported(shared_data / "polis" / AUSTRIA)
    cast = [
        polis.PolisVote(each.id, statement, value)
        for each in people
        for statement, value in each.votes.items()
    ]
    statements = sorted({each.statement for each in cast}, key=int)
    last = np.cumsum([len(each.votes) for each in people]).tolist()
    ends = [*last[people_at_once - 1 :: people_at_once], len(cast)]
    assert agreement(replayed(cast, ends, silent, statements=statements), groups) >= least

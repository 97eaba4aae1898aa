"""What sets opinion groups apart, what unites everybody, and whether there are groups at all.

Source: Small and others (2021), as in ``plane``: shares with one success and one failure added, tests against one half
and between a group and all others, group-aware consensus as the product of the groups' shares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from tandem.participation.domain.opinion.clusters import first_distinct, k_means, silhouette
from tandem.participation.domain.opinion.conversation import Conversation
from tandem.participation.domain.opinion.votes import AGREE, DISAGREE, Bools, Floats, Votes

SURE = 1.2816  # one-sided, 90 %
SHOWN = 5
SAMPLES = 40
CLEAR_SHARE = 0.975


@dataclass(frozen=True, slots=True)
class Tally:
    """How people voted on one statement.

    Attributes:
        seen: Who voted on it, passing included.
    """

    agree: int
    disagree: int
    seen: int

    def share(self, way: int) -> float:
        """Return the share that voted one way, as if one more had and one more had not."""
        count = self.agree if way == AGREE else self.disagree
        return (count + 1) / (self.seen + 2)


@dataclass(frozen=True, slots=True)
class Telling:
    """A statement that tells a group from the others.

    Attributes:
        way: ``AGREE`` or ``DISAGREE``: what the group does more than the others.
        inside: Votes of the group.
        outside: Votes of everybody else who is counted.
        strength: How telling it is; higher is more.
    """

    statement: str
    way: int
    inside: Tally
    outside: Tally
    strength: float


@dataclass(frozen=True, slots=True)
class Group:
    """An opinion group.

    Attributes:
        size: How many people; None where it is too small to be described.
    """

    number: int
    size: int | None
    telling: tuple[Telling, ...] = ()


@dataclass(frozen=True, slots=True)
class United:
    """A statement on which all groups go the same way.

    Attributes:
        share: Product of the groups' shares: 1 where everybody does.
    """

    statement: str
    way: int
    all: Tally
    share: float


@dataclass(frozen=True, slots=True)
class Description:
    """What a page says of a conversation.

    Attributes:
        clear: Whether the groups are told apart better than chance would.
        groups: Empty where they are not clear.
        uniting: The strongest first.
        dividing: Statements on which about as many agree as disagree, the most voted on first.
    """

    people: int
    counted: int
    votes: int
    clear: bool
    groups: tuple[Group, ...]
    uniting: tuple[United, ...]
    dividing: tuple[str, ...]


def tally(values: Floats, who: Bools | None = None) -> list[Tally]:
    """Return how people voted on each statement.

    Args:
        values: Votes with NaN, shape ``(participants, statements)``.
        who: Whose votes; everybody's without it.
    """
    chosen = values if who is None else values[who]
    counts = zip(
        (chosen == AGREE).sum(axis=0).tolist(),
        (chosen == DISAGREE).sum(axis=0).tolist(),
        (~np.isnan(chosen)).sum(axis=0).tolist(),
        strict=True,
    )
    return [Tally(*each) for each in counts]


def describe(found: Conversation, *, smallest_group: int = 0, silent: Sequence[str] = ()) -> Description:
    """Return what sets the groups apart and what unites them.

    Args:
        smallest_group: A group of fewer people is not described.
        silent: Statements that are left out.
    """
    votes, clear = found.votes, is_clear(found)
    heard = [each not in set(silent) for each in votes.statements]
    members = [found.group_of == number for number in range(found.group_count)] if clear else []
    tallies = [tally(votes.values, each) for each in members]
    everybody = tally(votes.values, found.counted)
    groups = tuple(_group(number, who, found, heard, smallest_group) for number, who in enumerate(members))
    return Description(
        people=len(votes.participants),
        counted=int(found.counted.sum()),
        votes=int((~np.isnan(votes.values)).sum()),
        clear=clear,
        groups=groups,
        uniting=_uniting(votes, tallies or [everybody], everybody, heard),
        dividing=_dividing(votes, everybody, heard),
    )


def _group(number: int, who: Bools, found: Conversation, heard: Sequence[bool], smallest: int) -> Group:
    size = int(who.sum())
    if size < smallest:
        return Group(number, None)
    inside, outside = tally(found.votes.values, who), tally(found.votes.values, found.counted & ~who)
    telling = [
        _telling(statement, ours, theirs)
        for statement, ours, theirs, is_heard in zip(
            found.votes.statements, inside, outside, heard, strict=True
        )
        if is_heard and ours.seen
    ]
    sure = sorted(
        (each for each in telling if each.strength > 0), key=lambda each: (-each.strength, each.statement)
    )
    return Group(number, size, tuple(sure[:SHOWN]))


def _telling(statement: str, inside: Tally, outside: Tally) -> Telling:
    """Return how far a statement tells a group apart, in the way in which it does so more."""
    ways = [(_strength(inside, outside, way), way) for way in (AGREE, DISAGREE)]
    strength, way = max(ways)
    return Telling(statement, way, inside, outside, strength)


def _strength(inside: Tally, outside: Tally, way: int) -> float:
    """Return the strength of one way: 0 unless the group goes it for sure, and more than the others for sure."""
    mine, theirs = inside.share(way), outside.share(way)
    alone = _one_share(inside.agree if way == AGREE else inside.disagree, inside.seen)
    against = _two_shares(inside, outside, way)
    if alone < SURE or against < SURE:
        return 0.0
    return mine / theirs * mine * alone * against


def _one_share(successes: int, trials: int) -> float:
    """Return z of a share against one half, with one success and one trial added."""
    return 2 * sqrt(trials + 1) * ((successes + 1) / (trials + 1) - 0.5)


def _two_shares(inside: Tally, outside: Tally, way: int) -> float:
    """Return z of the difference of two shares, with one success and one trial added to each."""
    ours = (inside.agree if way == AGREE else inside.disagree) + 1
    theirs = (outside.agree if way == AGREE else outside.disagree) + 1
    first, second = inside.seen + 1, outside.seen + 1
    pooled = (ours + theirs) / (first + second)
    if pooled >= 1:
        return 0.0
    return (ours / first - theirs / second) / sqrt(pooled * (1 - pooled) * (1 / first + 1 / second))


def _uniting(
    votes: Votes, tallies: Sequence[Sequence[Tally]], everybody: Sequence[Tally], heard: Sequence[bool]
) -> tuple[United, ...]:
    found = []
    for place, statement in enumerate(votes.statements):
        for way in (AGREE, DISAGREE):
            if not heard[place] or not everybody[place].seen:
                continue
            one = everybody[place]
            sure = _one_share(one.agree if way == AGREE else one.disagree, one.seen) > SURE
            least = min(each[place].share(way) for each in tallies)
            if sure and least > 0.5:
                share = prod(each[place].share(way) for each in tallies)
                found.append(United(statement, way, one, share))
    return tuple(sorted(found, key=lambda each: (-each.share, each.statement))[:SHOWN])


def _dividing(votes: Votes, everybody: Sequence[Tally], heard: Sequence[bool]) -> tuple[str, ...]:
    def split(one: Tally) -> float:
        return min(one.agree, one.disagree) / max(1, max(one.agree, one.disagree))

    rows = [
        (one.agree + one.disagree, statement)
        for statement, one, is_heard in zip(votes.statements, everybody, heard, strict=True)
        if is_heard and split(one) > 0.67 and one.agree + one.disagree >= 5
    ]
    return tuple(
        statement for _count, statement in sorted(rows, key=lambda each: (-each[0], each[1]))[:SHOWN]
    )


# --- are there groups? --------------------------------------------------------------------------
def is_clear(found: Conversation) -> bool:
    """Return whether people are set apart more clearly than in a cloud of the same shape without any groups.

    The clouds are drawn from one normal distribution with the places' mean and covariance; the groups are clear when
    they beat 39 of 40 clouds at the same number of groups.

    Source: after Tibshirani, Walther, Hastie (2001), Estimating the number of clusters via the gap statistic, with
        the silhouette as the measure.
    """
    people = np.flatnonzero(found.counted)
    if found.group_count < 2 or len(people) < 10:
        return False
    places = found.places[people]
    random = np.random.default_rng(len(people))
    middle, spread = places.mean(axis=0), np.cov(places.T)
    mark = _best_mark(places, found.group_count)
    drawn = [
        _best_mark(random.multivariate_normal(middle, spread, len(places)), found.group_count)
        for _sample in range(SAMPLES)
    ]
    return sum(mark > each for each in drawn) >= CLEAR_SHARE * SAMPLES


def _best_mark(points: Floats, count: int) -> float:
    """Return the silhouette of so many groups of at most 300 of the points."""
    some = points[:: max(1, len(points) // 300)]
    groups = k_means(some, np.ones(len(some)), _spread_out(some, count), turns=20)
    return silhouette(some, groups.of)


def _spread_out(points: Floats, count: int) -> Floats:
    """Return centres that lie far from each other: the middle's farthest point, then the farthest from those."""
    centres = first_distinct(points[np.argsort(-((points - points.mean(axis=0)) ** 2).sum(axis=1))[:1]], 1)
    while len(centres) < count:
        gaps = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).min(axis=1)
        centres = np.vstack([centres, points[int(np.argmax(gaps))]])
    return centres


# --- what to ask next ---------------------------------------------------------------------------
def priorities(found: Conversation) -> Mapping[str, float]:
    """Return how much each statement should be shown next: those that few have seen and that tell much.

    Source: Small and others (2021): the more a statement weighs in the plane and the fewer have voted on it, the
        sooner it is shown; one that many pass on comes late.
    """
    found_at = found.state.directions
    told = {}
    for statement, one in zip(found.votes.statements, tally(found.votes.values), strict=True):
        weight = float(np.linalg.norm(found_at.get(statement, (0.0, 0.0))))
        passes = (one.seen - one.agree - one.disagree + 1) / (one.seen + 2)
        agrees = (one.agree + 1) / (one.seen + 2)
        told[statement] = (1 - passes) * (weight + agrees) * (1 + 8 * 2 ** (-one.seen / 5))
    return told

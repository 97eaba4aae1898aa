"""What sets opinion groups apart, what unites everybody, and whether there are groups at all.

Source: Small and others (2021), as in ``plane``: shares with one success and one failure added, tests against one half
and between a group and all others, group-aware consensus as the product of the groups' shares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, prod, sqrt

import numpy as np

from tandem.participation.domain.opinion.clearness import is_clear
from tandem.participation.domain.opinion.conversation import Conversation
from tandem.participation.domain.opinion.votes import AGREE, DISAGREE, Bools, Floats, Votes

SURE = 1.2816  # one-sided, 90 %
SHOWN = 5
FACTS_FIRST = 7.0


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
        smallest_group: A group of fewer people is not described; nor is the next larger one, where what is known of
            everybody and of the described groups would tell how fewer people than that voted.
        silent: Statements that are left out.
    """
    votes, clear = found.votes, is_clear(found, silent=silent)
    heard = [each not in set(silent) for each in votes.statements]
    members = [found.group_of == number for number in range(found.group_count)] if clear else []
    tallies = [tally(votes.values, each) for each in members]
    everybody = tally(votes.values, found.counted)
    told = described([int(each.sum()) for each in members], smallest_group)
    return Description(
        people=len(votes.participants),
        counted=int(found.counted.sum()),
        votes=int((~np.isnan(votes.values)).sum()),
        clear=clear,
        groups=tuple(
            _group(number, who, found, heard) if number in told else Group(number, None)
            for number, who in enumerate(members)
        ),
        uniting=_uniting(votes, tallies or [everybody], everybody, heard),
        dividing=_dividing(votes, everybody, heard),
    )


def described(sizes: Sequence[int], smallest_group: int) -> frozenset[int]:
    """Return which groups can be described without telling about too few people.

    Source: Hundepool and others (2012), Statistical Disclosure Control, chapter 4: with one cell of a table suppressed,
        a second one has to be, else the first is the difference to the total.

    >>> sorted(described([40, 3, 12], smallest_group=5))
    [0]
    >>> sorted(described([40, 12, 9], smallest_group=5))
    [0, 1, 2]
    """
    order = sorted(range(len(sizes)), key=lambda number: (sizes[number], number))
    hidden = sum(size < smallest_group for size in sizes)
    while hidden < len(order) and 0 < sum(sizes[each] for each in order[:hidden]) < smallest_group:
        hidden += 1
    return frozenset(order[hidden:])


def _group(number: int, who: Bools, found: Conversation, heard: Sequence[bool]) -> Group:
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
    return Group(number, int(who.sum()), tuple(sure[:SHOWN]))


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


# --- what to ask next ---------------------------------------------------------------------------
def priorities(found: Conversation, *, facts: Sequence[str] = ()) -> Mapping[str, float]:
    """Return how much each statement should be shown next: those that few have seen and that tell much.

    The more one who agrees with a statement moves on the plane, and the more agree with it, the sooner it is shown; the
    more pass on it and the more have seen it, the later. Only who is counted counts.

    Args:
        facts: Statements that ask who somebody is or what happened; they come early.

    Source: Small and others (2021), with the numbers that Polis has published; Polis squares the result, which leaves
        the order as it is.
    """
    votes, reach = found.votes, sqrt(len(found.votes.statements))
    rows = zip(votes.statements, tally(votes.values, found.counted), _means(votes.values), strict=True)
    told = {}
    for statement, one, mean in rows:
        moves = (1 - mean) * reach * hypot(*found.state.directions.get(statement, (0.0, 0.0)))
        passes = (one.seen - one.agree - one.disagree + 1) / (one.seen + 2)
        new = 1 + 8 * 2 ** (-one.seen / 5)
        told[statement] = (
            FACTS_FIRST if statement in facts else (1 - passes) * (1 + moves) * one.share(AGREE) * new
        )
    return told


def _means(values: Floats) -> list[float]:
    """Return the mean vote on each statement; 0 where nobody has voted."""
    seen = np.maximum((~np.isnan(values)).sum(axis=0), 1)
    means: list[float] = (np.nansum(values, axis=0) / seen).tolist()
    return means

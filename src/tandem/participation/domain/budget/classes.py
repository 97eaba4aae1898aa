"""Voters grouped so that all of a class have the same money.

Everybody begins with the same share, and what somebody pays for a winner depends only on the money they have and on
what the winner is worth to them. So voters who back the same winners of those chosen so far, for the same worth,
have the same money to the last fraction. Tens of thousands of ballots fall into a few thousand such classes.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tandem.participation.domain.budget.support import Backers, Floats, Ints, Support


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """The backers of a proposal by class and worth, each pair once.

    Attributes:
        classes: Shape ``(entries,)``.
        worth: To one voter; shape ``(entries,)``, or ``(1,)`` where it is the same for all.
        voters: Shape ``(entries,)``, whole numbers.
        weight: ``worth × voters``.
        all_voters: Sum of ``voters``.
    """

    classes: Ints
    worth: Floats
    voters: Floats
    weight: Floats
    all_voters: float


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """The classes after some winners. Class 0 is of those who back none of them.

    Attributes:
        of: Class of each ballot, shape ``(ballots,)``.
        parent: The class that each came out of when a winner was chosen, shape ``(classes,)``.
        winner: Which winner that was, by its turn from 0.
        worth: What that winner is worth to each voter of the class.
        guesses: Which entries of a proposal were too poor to pay in full, when it was last priced; to begin with.
    """

    of: Ints
    parent: Ints
    winner: Ints
    worth: Floats
    guesses: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    _entries: dict[int, Entries] = field(default_factory=dict)

    @classmethod
    def at_first(cls, support: Support) -> "Classes":
        """Return the one class there is before there are winners."""
        nothing = np.zeros(1, np.int64)
        return cls(np.zeros(support.voters_of.size, np.int64), nothing, nothing, np.zeros(1))

    def entries(self, support: Support, proposal: int) -> Entries:
        """Return the backers of a proposal; counted once and then remembered."""
        found = self._entries.get(proposal)
        if found is None:
            found = self._entries[proposal] = self._count(support, proposal)
        return found

    def _keys(self, backers: Backers) -> tuple[Ints, int]:
        """Return a number for class and kind of worth of each backing ballot, and how many such numbers there are."""
        kinds = backers.values.size
        classes = self.of[backers.ballots]
        return (classes if kinds == 1 else classes * kinds + backers.kind), self.parent.size * kinds

    def _count(self, support: Support, proposal: int) -> Entries:
        backers = support.backers[proposal]
        found, voters = _summed(*self._keys(backers), support.voters_of[backers.ballots])
        values = backers.values.astype(np.float64)
        if values.size == 1:
            return Entries(found, values, voters, values * voters, float(voters.sum()))
        worth = values[found % values.size]
        return Entries(found // values.size, worth, voters, worth * voters, float(voters.sum()))

    def split(self, support: Support, proposal: int, *, turn: int) -> "Classes":
        """Return the classes once ``proposal`` has won as the winner of that turn.

        Its backers leave their classes for new ones, one for each of ``entries`` and in their order.
        """
        backers = support.backers[proposal]
        found, entry = _distinct(*self._keys(backers))
        of = self.of.copy()
        of[backers.ballots] = self.parent.size + entry
        worth = backers.values[found % backers.values.size].astype(np.float64)
        return Classes(
            of,
            np.concatenate((self.parent, found // backers.values.size)),
            np.concatenate((self.winner, np.full(found.size, turn))),
            np.concatenate((self.worth, worth)),
        )

    def full_payments(self, classes: Ints, voters: Floats, turns: int) -> Floats:
        """Return, for each winner so far, the worth it has to so many voters of these classes in all.

        It is exact: whole numbers below 2^53. Shape ``(turns,)``.
        """
        sums = np.zeros(turns)
        while classes.size:
            sums += np.bincount(self.winner[classes], self.worth[classes] * voters, minlength=turns)[:turns]
            classes = self.parent[classes]
            inside = classes > 0
            classes, voters = classes[inside], voters[inside]
        return sums


def _sparse(keys: Ints, size: int) -> bool:
    """Return whether a table of all numbers below ``size`` would be mostly empty."""
    return size > 16 * keys.size + 65_536


def _summed(keys: Ints, size: int, voters: Floats) -> tuple[Ints, Floats]:
    """Return the different keys, ascending, and the voters of each."""
    if _sparse(keys, size):
        found, entry = np.unique(keys, return_inverse=True)
        return found, _sums(entry, voters, found.size)
    sums = _sums(keys, voters, size)
    found = np.flatnonzero(sums > 0)
    return found, sums[found]


def _sums(keys: Ints, voters: Floats, size: int) -> Floats:
    return np.bincount(keys, voters, minlength=size).astype(np.float64, copy=False)


def _distinct(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the different keys, ascending, and which of them each key is."""
    if _sparse(keys, size):
        return np.unique(keys, return_inverse=True)
    found = np.flatnonzero(np.bincount(keys, minlength=size) > 0)
    place = np.zeros(size, np.int64)
    place[found] = np.arange(found.size)
    return found, place[keys]


class ClassesByWinners:
    """The classes along one row of winners; kept, because the next run mostly has the same winners."""

    def __init__(self, support: Support) -> None:
        self._support = support
        self._path = [Classes.at_first(support)]
        self._winners: list[int] = []

    def at_first(self) -> Classes:
        """Return the classes before there are winners."""
        return self._path[0]

    def after(self, turn: int, proposal: int) -> Classes:
        """Return the classes once ``proposal`` has won in that turn, after the winners of the turns before."""
        if self._winners[turn : turn + 1] != [proposal]:
            del self._winners[turn:], self._path[turn + 1 :]
            self._path.append(self._path[turn].split(self._support, proposal, turn=turn))
            self._winners.append(proposal)
        return self._path[turn + 1]

"""Votes as a matrix: participants in rows, statements in columns, what nobody voted on is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tandem.core.errors import InvalidInput
from tandem.core.text import say

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
AGREE, PASS, DISAGREE = 1, 0, -1


class BadVotes(InvalidInput):
    """Votes that cannot be put into a matrix."""

    code = "participation.opinion.bad-votes"


@dataclass(frozen=True, slots=True)
class Votes:
    """What everybody voted.

    Attributes:
        participants: Ids, in the order of their first vote.
        statements: Ids, in any fixed order.
        values: Shape ``(participants, statements)``: 1 agree, 0 pass, -1 disagree, NaN not voted.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    values: Floats

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.participants), len(self.statements)):
            raise BadVotes(say("The matrix of votes does not fit its participants and statements."))

    @classmethod
    def of(cls, votes: Iterable[tuple[str, str, int]], statements: Sequence[str] = ()) -> Self:
        """Return the matrix of single votes; of several by one person on one statement the last counts.

        Args:
            votes: Participant, statement, value, in the order of time.
            statements: Those that shall have a column although nobody has voted on them.

        Raises:
            BadVotes: A value is none of 1, 0, -1.
        """
        rows: dict[str, int] = {}
        columns = {each: place for place, each in enumerate(statements)}
        cells: dict[tuple[int, int], int] = {}
        for participant, statement, value in votes:
            if value not in (AGREE, PASS, DISAGREE):
                raise BadVotes(say("A vote is 1, 0 or -1, not {value}.", value=value))
            row = rows.setdefault(participant, len(rows))
            cells[row, columns.setdefault(statement, len(columns))] = value
        values = np.full((len(rows), len(columns)), np.nan)
        if cells:
            places = np.array(list(cells), dtype=np.int64)
            values[places[:, 0], places[:, 1]] = list(cells.values())
        return cls(tuple(rows), tuple(columns), values)

    def also(self, votes: Iterable[tuple[str, str, int]]) -> "Votes":
        """Return these votes and further ones; of several by one person on one statement the last counts.

        Raises:
            BadVotes: A value is none of 1, 0, -1.
        """
        new = Votes.of(votes)
        rows, columns = _places(self.participants, new.participants), _places(self.statements, new.statements)
        values = np.full((len(rows), len(columns)), np.nan)
        values[: len(self.participants), : len(self.statements)] = self.values
        who, what = np.nonzero(~np.isnan(new.values))
        to_row, to_column = (
            np.array([places[each] for each in names], dtype=np.int64)
            for places, names in ((rows, new.participants), (columns, new.statements))
        )
        values[to_row[who], to_column[what]] = new.values[who, what]
        return Votes(tuple(rows), tuple(columns), values)

    def rows(self, places: Ints) -> "Votes":
        """Return the votes of some participants, in that order."""
        names = tuple(self.participants[each] for each in places.tolist())
        return Votes(names, self.statements, self.values[places])

    def without(self, statements: Iterable[str]) -> "Votes":
        """Return the votes with the columns of some statements as if everybody had passed: they tell nobody apart."""
        gone = set(statements)
        silent = np.array([each in gone for each in self.statements], dtype=bool)
        values = self.values.copy()
        values[:, silent] = 0
        return Votes(self.participants, self.statements, values)


def _places(known: Sequence[str], further: Iterable[str]) -> dict[str, int]:
    """Return the place of each name: those known, then those that are new."""
    return {name: place for place, name in enumerate(dict.fromkeys((*known, *further)))}

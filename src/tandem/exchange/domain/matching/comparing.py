"""What one result has that another has not."""

from collections.abc import Collection
from dataclasses import dataclass

from tandem.exchange.domain.matching.profiles import Tandem


@dataclass(frozen=True, slots=True)
class Chosen:
    """What there is to compare of a result.

    Attributes:
        groups: Pairs and tandems that are together.
        alone: Cities without a partner.
    """

    points: int
    groups: frozenset[Tandem]
    alone: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """How a result differs from the one before.

    Attributes:
        points: More than before; below 0 where fewer.
        lonely: Cities that have no partner now and had one, or were not there.
        served: Cities that have one now and had none.
    """

    points: int
    kept: tuple[Tandem, ...]
    gone: tuple[Tandem, ...]
    new: tuple[Tandem, ...]
    lonely: tuple[str, ...]
    served: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """True where nothing differs."""
        return not (self.points or self.gone or self.new or self.lonely or self.served)


def compare(before: Chosen, after: Chosen) -> Compared:
    """Return what has changed, in the order of the alphabet."""
    return Compared(
        after.points - before.points,
        _sorted(before.groups & after.groups),
        _sorted(before.groups - after.groups),
        _sorted(after.groups - before.groups),
        tuple(sorted(after.alone - before.alone)),
        tuple(sorted(before.alone - after.alone)),
    )


def _sorted(groups: Collection[Tandem]) -> tuple[Tandem, ...]:
    return tuple(sorted(groups))

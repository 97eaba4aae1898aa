"""What the demo's cities do with each other while they are served: harvest, compare keys, adopt, and hear of it.

All of it by the public commands, in the background: the demo is usable meanwhile, and stopping breaks it off. What was
done before is not done again.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tandem.core.errors import Conflict, NotAllowed

TRIES = 5


class Ended(Protocol):
    """How a command ended."""

    @property
    def returncode(self) -> int:
        """What it ended with."""
        ...

    @property
    def stdout(self) -> str:
        """What it printed."""
        ...

    @property
    def stderr(self) -> str:
        """What it complained of."""
        ...


class _Broken(Exception):
    """A command failed; what it said is the text."""


@dataclass(frozen=True, slots=True)
class Partners:
    """The demo's cities as partners of each other.

    Attributes:
        run: Runs ``tandem …`` for a city, as in ``run(city, "example", "adopt")``.
        is_over: Whether the demo is being stopped.
    """

    cities: Sequence[str]
    run: Callable[..., Ended]
    tell: Callable[[str], None]
    is_over: Callable[[], bool]

    def meet(self) -> None:
        """Do everything, each step once; what fails is told, and the cities do without."""
        for step in self._steps():
            if self.is_over():
                return
            try:
                step()
            except _Broken as failure:
                if not self.is_over():
                    self.tell(f"The cities do not exchange measures: {failure}")
                return
        self.tell("What each city adopted is under Partners, Measures, and for the staff under Adoptions.")

    def _steps(self) -> Iterator[Callable[[], object]]:
        pairs = [(city, other) for city in self.cities for other in self.cities if other != city]
        for city in self.cities:
            yield partial(self._harvest, city)
        for city in self.cities:
            yield partial(self._done, city, "exchange", "feed", "publish")
        for pair in pairs:
            yield partial(self._trust, *pair)
        for city in self.cities:
            yield partial(self._adopt, city)
        for pair in pairs:
            yield partial(self._visited, *pair)

    def _harvest(self, city: str) -> None:
        self.tell(f"{city.title()} takes over its partner's catalogue …")
        self.run(city, "harvest", "run", "--all")

    def _trust(self, city: str, partner: str) -> None:
        """Visit a partner; where its key waits, compare it with what the partner itself says, and pin it."""
        if self._visited(city, partner):
            return
        self.tell(f"{city.title()} compares the key of {partner.title()} …")
        shown = json.loads(self._done(partner, "exchange", "key", "show", "--json"))
        self._done(city, "exchange", "key", "pin", partner, shown["fingerprint"], "--how", "letter")
        self._visited(city, partner)

    def _visited(self, city: str, partner: str) -> bool:
        """Visit a partner's feed, once more where the worker was faster; return False where its key waits."""
        for _ in range(TRIES):
            ended = self.run(city, "exchange", "feed", "visit", partner)
            if ended.returncode != Conflict.exit_code:
                break
        if ended.returncode not in {0, NotAllowed.exit_code}:
            raise _Broken(_said(ended))
        return ended.returncode == 0

    def _adopt(self, city: str) -> None:
        self.tell(f"{city.title()} adopts measures of its partner, as examples …")
        self._done(city, "example", "adopt")
        self._done(city, "exchange", "feed", "publish")

    def _done(self, city: str, *arguments: str) -> str:
        ended = self.run(city, *arguments)
        if ended.returncode:
            raise _Broken(_said(ended))
        return ended.stdout


def _said(ended: Ended) -> str:
    return (ended.stderr or ended.stdout).strip()[-600:]

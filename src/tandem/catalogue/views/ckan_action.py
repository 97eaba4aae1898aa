"""An action of CKAN's Action API: what carries it out, and whether it changes something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tandem.catalogue.views.ckan_request import Call

Run = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class ActionOf:
    """One action.

    Attributes:
        changes: Whether it changes something, and so is sent with POST and a token.
    """

    run: Run
    changes: bool = False


class Actions(dict[str, ActionOf]):
    """Actions by the names of the functions that carry them out."""

    def reads(self, run: Run) -> Run:
        """Register an action that changes nothing."""
        self[run.__name__] = ActionOf(run)
        return run

    def changes(self, run: Run) -> Run:
        """Register an action that changes something."""
        self[run.__name__] = ActionOf(run, changes=True)
        return run

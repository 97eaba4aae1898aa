"""The life of a dataset: draft, published, withdrawn, and what leads from one to the other."""

from enum import StrEnum

from tandem.core.errors import Conflict
from tandem.core.text import say


class Status(StrEnum):
    """Where a dataset is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done to a dataset."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


_NEXT = {
    (Status.DRAFT, Step.PUBLISH): Status.PUBLISHED,
    (Status.WITHDRAWN, Step.PUBLISH): Status.PUBLISHED,
    (Status.PUBLISHED, Step.WITHDRAW): Status.WITHDRAWN,
}


class WrongStatus(Conflict):
    """The dataset is not in a status that allows this."""

    code = "catalogue.wrong-status"

    def __init__(self, status: Status, step: Step) -> None:
        super().__init__(
            say(
                "A dataset that is {status} cannot be: {step}. Reload its page to see what it can.",
                status=status,
                step=step,
            )
        )
        self.status, self.step = status, step


def next_status(status: Status, step: Step) -> Status:
    """Return the status after ``step``.

    Raises:
        WrongStatus: The step is not possible from ``status``.

    >>> next_status(Status.DRAFT, Step.PUBLISH).value
    'published'
    """
    try:
        return _NEXT[status, step]
    except KeyError:
        raise WrongStatus(status, step) from None


def may_discard(status: Status, *, was_published: bool) -> bool:
    """Return whether a dataset may vanish without a trace: only one that nobody outside has ever seen."""
    return status is Status.DRAFT and not was_published

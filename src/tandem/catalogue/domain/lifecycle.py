"""The life of a dataset, a service or a series: draft, in review, published, withdrawn, and what leads on."""

from enum import StrEnum
from uuid import UUID

from tandem.core.errors import Conflict
from tandem.core.text import say


class Status(StrEnum):
    """Where a record is in its life."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done to a record."""

    BEGIN = "begin"
    SUBMIT = "submit"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


UNSEEN = (Status.DRAFT, Status.REVIEW)  # what nobody outside may see
_NEXT = {
    (Status.DRAFT, Step.SUBMIT): Status.REVIEW,
    (Status.WITHDRAWN, Step.SUBMIT): Status.REVIEW,
    (Status.REVIEW, Step.SEND_BACK): Status.DRAFT,
    (Status.DRAFT, Step.PUBLISH): Status.PUBLISHED,
    (Status.REVIEW, Step.PUBLISH): Status.PUBLISHED,
    (Status.WITHDRAWN, Step.PUBLISH): Status.PUBLISHED,
    (Status.PUBLISHED, Step.WITHDRAW): Status.WITHDRAWN,
}


class WrongStatus(Conflict):
    """The dataset is not in a status that allows this."""

    code = "catalogue.wrong-status"

    def __init__(self, status: Status, step: Step) -> None:
        super().__init__(say("It has moved on, so this is not possible now. Reload its page to see what is."))
        self.status, self.step = status, step


class NeedsTwoPeople(Conflict):
    """The city wants whoever publishes to be another person than who asked for it."""

    code = "catalogue.needs-two-people"

    def __init__(self) -> None:
        super().__init__(
            say(
                "Two people publish here: one gives the description to be reviewed, another one publishes "
                "it. Give it to a colleague."
            )
        )


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


def possible_steps(status: Status) -> tuple[Step, ...]:
    """Return the steps that lead on from a status."""
    return tuple(step for before, step in _NEXT if before is status)


def check_four_eyes(status: Status, *, submitted_by: UUID | None, publisher: UUID | None) -> None:
    """Check that two people publish: one gave it to be reviewed, another one publishes.

    Args:
        status: Before publishing.
        submitted_by: Who gave it to be reviewed last; None where nobody did.
        publisher: Who publishes; None for the machine itself, which may.

    Raises:
        NeedsTwoPeople: It is one person alone.
    """
    if publisher is not None and (status is not Status.REVIEW or submitted_by in {None, publisher}):
        raise NeedsTwoPeople


def may_discard(status: Status, *, was_published: bool) -> bool:
    """Return whether a dataset may vanish without a trace: only one that nobody outside has ever seen."""
    return status is Status.DRAFT and not was_published

"""The life of a measure: draft, in review, published, withdrawn, and what leads on."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from tandem.core.errors import Conflict
from tandem.core.text import say
from tandem.exchange.domain.card import Card

NEEDED = ("summary", "need", "status")  # before everybody may see it


class Status(StrEnum):
    """Where a measure's description is in its life; how far the measure itself is, its card says."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done to a measure."""

    BEGIN = "begin"
    SUBMIT = "submit"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    RELEASE = "release"
    WITHDRAW = "withdraw"


UNSEEN = (Status.DRAFT, Status.REVIEW)  # what nobody outside sees, but for an announcement
_NEXT = {
    (Status.DRAFT, Step.SUBMIT): Status.REVIEW,
    (Status.WITHDRAWN, Step.SUBMIT): Status.REVIEW,
    (Status.REVIEW, Step.SEND_BACK): Status.DRAFT,
    (Status.DRAFT, Step.PUBLISH): Status.PUBLISHED,
    (Status.REVIEW, Step.PUBLISH): Status.PUBLISHED,
    (Status.WITHDRAWN, Step.PUBLISH): Status.PUBLISHED,
    (Status.PUBLISHED, Step.RELEASE): Status.PUBLISHED,
    (Status.PUBLISHED, Step.WITHDRAW): Status.WITHDRAWN,
}


class WrongStatus(Conflict):
    """The measure is not in a status that allows this."""

    code = "exchange.wrong-status"

    def __init__(self, status: Status, step: Step) -> None:
        super().__init__(
            say("The measure has moved on, so this is not possible now. Reload its page to see what is.")
        )
        self.status, self.step = status, step


class NeedsReason(Conflict):
    """Whoever publishes alone has to say why."""

    code = "exchange.needs-reason"

    def __init__(self) -> None:
        super().__init__(
            say(
                "Usually one person gives a measure to be reviewed and another one publishes it. Say why you "
                "publish it alone, or give it to a colleague."
            )
        )


def next_status(status: Status, step: Step) -> Status:
    """Return the status after ``step``.

    Raises:
        WrongStatus: The step is not possible from ``status``.

    >>> next_status(Status.REVIEW, Step.PUBLISH).value
    'published'
    """
    try:
        return _NEXT[status, step]
    except KeyError:
        raise WrongStatus(status, step) from None


def possible_steps(status: Status) -> tuple[Step, ...]:
    """Return the steps that lead on from a status.

    >>> [step.value for step in possible_steps(Status.PUBLISHED)]
    ['release', 'withdraw']
    """
    return tuple(step for before, step in _NEXT if before is status)


def is_second_person(status: Status, *, submitted_by: UUID | None, publisher: UUID | None) -> bool:
    """Return whether somebody publishes what another person gave to be reviewed.

    Args:
        status: Before publishing.
        submitted_by: Who gave it to be reviewed last; None where nobody did.
        publisher: Who publishes; None for the machine itself, which counts as another person.
    """
    return publisher is None or (status is Status.REVIEW and submitted_by not in {None, publisher})


def check_publisher(
    status: Status, *, submitted_by: UUID | None, publisher: UUID | None, reason: str
) -> None:
    """Check that two people publish, or that the one who does it alone says why.

    Args:
        status: As in ``is_second_person``; so are ``submitted_by`` and ``publisher``.
        reason: Why one person publishes alone.

    Raises:
        NeedsReason: It is one person alone, without a reason.
    """
    is_second = is_second_person(status, submitted_by=submitted_by, publisher=publisher)
    if not is_second and not reason.strip():
        raise NeedsReason


def lacking(card: Card) -> Sequence[str]:
    """Return the names of what a card needs before everybody may see it.

    >>> lacking(Card("urn:m:1", "0.0.0", "hamm", {"de": "Ampel"}, need={"de": "Radverkehr"}))
    ['summary', 'status']
    """
    return [name for name in NEEDED if not getattr(card, name)]


def may_discard(status: Status, *, was_published: bool) -> bool:
    """Return whether a measure may vanish without a trace: only one that nobody outside has ever seen."""
    return status is Status.DRAFT and not was_published

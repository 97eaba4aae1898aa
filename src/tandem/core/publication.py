"""The life of a page that needs no review: draft, published, withdrawn."""

from enum import StrEnum

from tandem.core.errors import Conflict
from tandem.core.text import say


class Publication(StrEnum):
    """Whether the public sees it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done to it."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"


_NEXT = {
    (Publication.DRAFT, Step.PUBLISH): Publication.PUBLISHED,
    (Publication.WITHDRAWN, Step.PUBLISH): Publication.PUBLISHED,
    (Publication.PUBLISHED, Step.WITHDRAW): Publication.WITHDRAWN,
}
_SENTENCES = {
    Step.PUBLISH: say("It is published already. Reload its page to see it as it is."),
    Step.WITHDRAW: say("It is not published, so there is nothing to withdraw. Reload its page."),
}


class WrongPublication(Conflict):
    """It is not in a state that allows this."""

    code = "core.wrong-publication"


def next_publication(state: Publication, step: Step) -> Publication:
    """Return the state after ``step``.

    Raises:
        WrongPublication: The step is not possible from ``state``.

    >>> next_publication(Publication.DRAFT, Step.PUBLISH).value
    'published'
    """
    try:
        return _NEXT[state, step]
    except KeyError:
        raise WrongPublication(_SENTENCES[step]) from None

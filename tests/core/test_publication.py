"""The life of a page: what leads on from where, and what a reader is told where nothing does."""

import pytest

from tandem.core.publication import Publication, Step, WrongPublication, next_publication


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (Publication.DRAFT, Step.PUBLISH, Publication.PUBLISHED),
        (Publication.WITHDRAWN, Step.PUBLISH, Publication.PUBLISHED),
        (Publication.PUBLISHED, Step.WITHDRAW, Publication.WITHDRAWN),
    ],
)
def test_these_steps_lead_on(before: Publication, step: Step, after: Publication):
    assert next_publication(before, step) is after


@pytest.mark.parametrize(
    ("before", "step", "told"),
    [
        (Publication.PUBLISHED, Step.PUBLISH, "It is published already"),
        (Publication.DRAFT, Step.WITHDRAW, "It is not published"),
        (Publication.WITHDRAWN, Step.WITHDRAW, "It is not published"),
    ],
)
def test_every_other_step_is_refused_and_says_why(before: Publication, step: Step, told: str):
    with pytest.raises(WrongPublication, match=told):
        next_publication(before, step)

"""The life of a measure, step by step."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.card import Card
from tandem.exchange.domain.card import Status as Progress
from tandem.exchange.domain.lifecycle import (
    NeedsReason,
    Status,
    Step,
    WrongStatus,
    check_publisher,
    is_second_person,
    lacking,
    may_discard,
    next_status,
    possible_steps,
)

ANNA, BRUNO = UUID(int=1), UUID(int=2)
WAYS = {
    (Status.DRAFT, Step.SUBMIT): Status.REVIEW,
    (Status.DRAFT, Step.PUBLISH): Status.PUBLISHED,
    (Status.REVIEW, Step.SEND_BACK): Status.DRAFT,
    (Status.REVIEW, Step.PUBLISH): Status.PUBLISHED,
    (Status.PUBLISHED, Step.RELEASE): Status.PUBLISHED,
    (Status.PUBLISHED, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.WITHDRAWN, Step.SUBMIT): Status.REVIEW,
    (Status.WITHDRAWN, Step.PUBLISH): Status.PUBLISHED,
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", Step)
def test_every_step_from_every_status(status, step):
    if (status, step) in WAYS:
        assert next_status(status, step) is WAYS[status, step]
    else:
        with pytest.raises(WrongStatus) as caught:
            next_status(status, step)
        assert (caught.value.status, caught.value.step) == (status, step)


@pytest.mark.parametrize("status", Status)
def test_the_possible_steps_are_those_that_lead_on(status):
    assert set(possible_steps(status)) == {step for before, step in WAYS if before is status}


@pytest.mark.parametrize(
    ("status", "submitted_by", "publisher", "is_second"),
    [
        (Status.REVIEW, ANNA, BRUNO, True),
        (Status.REVIEW, ANNA, ANNA, False),
        (Status.REVIEW, None, BRUNO, False),
        (Status.DRAFT, ANNA, BRUNO, False),
        (Status.WITHDRAWN, ANNA, BRUNO, False),
        (Status.DRAFT, None, None, True),
    ],
)
def test_who_is_a_second_person(status, submitted_by, publisher, is_second):
    assert is_second_person(status, submitted_by=submitted_by, publisher=publisher) is is_second


@given(
    st.sampled_from(Status),
    st.sampled_from([None, ANNA, BRUNO]),
    st.sampled_from([None, ANNA, BRUNO]),
    st.sampled_from(["", "  ", "She is ill"]),
)
def test_one_person_alone_says_why(status, submitted_by, publisher, reason):
    may = is_second_person(status, submitted_by=submitted_by, publisher=publisher) or bool(reason.strip())
    try:
        check_publisher(status, submitted_by=submitted_by, publisher=publisher, reason=reason)
    except NeedsReason:
        assert not may
    else:
        assert may


def test_what_a_card_needs_before_everybody_may_see_it():
    bare = Card("urn:m:1", "0.0.0", "hamm", {"de": "Ampel"})
    said = Card(
        "urn:m:1",
        "0.0.0",
        "hamm",
        {"de": "Ampel"},
        summary={"de": "x"},
        need={"it": "x"},
        status=Progress.IDEA,
    )

    assert list(lacking(bare)) == ["summary", "need", "status"]
    assert list(lacking(said)) == []


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("was_published", [True, False])
def test_only_a_draft_that_nobody_saw_is_discarded(status, was_published):
    assert may_discard(status, was_published=was_published) is (status is Status.DRAFT and not was_published)

"""Consent: nothing becomes a tandem without every city, in whatever order they answer."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.matching.consent import (
    AlreadyDecided,
    Answered,
    NoReason,
    NotConcerned,
    Proposal,
    State,
    StillOpen,
    agree,
    decline,
    replace_by,
    withdraw,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAIR = Proposal(("arezzo", "hamm"))
HALF = agree(PAIR, "hamm", at=NOW)
AGREED = agree(HALF, "arezzo", at=NOW)
DECLINED = decline(HALF, "arezzo", reason="No staff this year.", at=NOW)
REPLACED = replace_by(DECLINED, ("hamm", "sofia"))


def test_both_have_to_agree():
    states = [PAIR.state, HALF.state, AGREED.state, DECLINED.state, REPLACED.state]

    assert states == [
        State.PROPOSED,
        State.AGREED_BY_SOME,
        State.AGREED,
        State.DECLINED,
        State.REPLACED,
    ]
    assert [each.is_tandem for each in (PAIR, HALF, AGREED, DECLINED, REPLACED)] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_to_agree_twice_is_to_agree_once():
    assert agree(HALF, "hamm", at=NOW) == HALF


def test_a_city_may_change_its_mind_until_all_have_agreed():
    changed = decline(HALF, "hamm", reason="The council said no.", at=NOW)

    assert changed.state is State.DECLINED
    assert [(each.city_id, each.agrees, each.reason) for each in changed.answers] == [
        ("hamm", True, ""),
        ("hamm", False, "The council said no."),
    ]


@pytest.mark.parametrize("decided", [AGREED, DECLINED, REPLACED])
def test_what_is_decided_stays(decided):
    with pytest.raises(AlreadyDecided):
        agree(decided, "hamm", at=NOW)
    with pytest.raises(AlreadyDecided):
        decline(decided, "hamm", reason="Too late.", at=NOW)


def test_only_cities_in_it_answer_and_only_with_a_reason_against_it():
    with pytest.raises(NotConcerned, match="sofia"):
        agree(PAIR, "sofia", at=NOW)
    with pytest.raises(NoReason):
        decline(PAIR, "hamm", reason="  ", at=NOW)


@pytest.mark.parametrize(
    ("proposal", "error"), [(PAIR, StillOpen), (AGREED, StillOpen), (REPLACED, AlreadyDecided)]
)
def test_only_a_declined_proposal_is_replaced(proposal, error):
    with pytest.raises(error):
        replace_by(proposal, ("hamm", "sofia"))


CITIES = ("basel", "freiburg", "mulhouse")


@given(st.lists(st.tuples(st.sampled_from(CITIES), st.booleans()), max_size=8))
def test_a_tandem_has_the_consent_of_all_and_the_refusal_of_none(answers):
    proposal, agreed, refused = Proposal(CITIES), set(), False
    for city, agrees in answers:
        if refused or agreed == set(CITIES):
            with pytest.raises(AlreadyDecided):
                agree(proposal, city, at=NOW)
        elif agrees:
            proposal, agreed = agree(proposal, city, at=NOW), agreed | {city}
        else:
            proposal, refused = decline(proposal, city, reason="No.", at=NOW), True

    assert proposal.is_tandem == (agreed == set(CITIES) and not refused)


def test_a_proposal_is_withdrawn_only_before_anybody_answered():
    gone = withdraw(Proposal(("arezzo", "hamm")))
    assert gone.state is State.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        agree(gone, "hamm", at=NOW)
    with pytest.raises(AlreadyDecided):
        withdraw(gone)
    with pytest.raises(Answered):
        withdraw(agree(Proposal(("arezzo", "hamm")), "hamm", at=NOW))

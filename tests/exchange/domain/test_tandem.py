"""Tandems: membership over time, states, consent, who leads."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.errors import TandemError
from tandem.exchange.domain.tandem import (
    LEAST_CITIES,
    STEPS,
    AgreedAlready,
    Agreement,
    BadCode,
    Code,
    Member,
    MemberAlready,
    NoMember,
    NotReady,
    PlayedPart,
    State,
    Step,
    WrongDay,
    WrongTandemState,
    activate,
    check_step,
    consent,
    end,
    invite,
    leave,
    missing,
    read_codes,
    same_city,
    unled,
)

MAY = date(2022, 5, 17)
CITIES = ("hamm", "arezzo", "venlo", "krefeld")


def agreed(*cities: str, state: State = State.ACTIVE) -> Agreement:
    return Agreement(state, tuple(Member(city, MAY, MAY) for city in cities))


ACTS = {
    Step.INVITE: lambda agreement: invite(agreement, "venlo", on=MAY),
    Step.CONSENT: lambda agreement: consent(invited(agreement), "venlo", on=MAY),
    Step.LEAVE: lambda agreement: leave(agreement, "hamm", on=MAY),
    Step.ACTIVATE: activate,
    Step.END: end,
}


def invited(agreement: Agreement) -> Agreement:
    return Agreement(agreement.state, (*agreement.members, Member("venlo", MAY)))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", ACTS)
def test_each_step_is_possible_in_the_states_of_the_table_and_in_no_other(state: State, step: Step):
    agreement = agreed("hamm", "arezzo", state=state)
    if step in STEPS[state]:
        ACTS[step](agreement)
    else:
        with pytest.raises(WrongTandemState) as caught:
            ACTS[step](agreement)
        assert (caught.value.state, caught.value.step) == (state, step)


def test_the_table_of_states_and_steps():
    before_the_end = {Step.INVITE, Step.CONSENT, Step.LEAVE, Step.END, Step.PREPARE, Step.WRITE}
    assert {
        State.PROPOSED: before_the_end | {Step.ACTIVATE},
        State.ACTIVE: before_the_end,
        State.WAITING: before_the_end | {Step.ACTIVATE},
        State.ENDED: {Step.WRITE},
    } == STEPS


def test_a_tandem_is_active_only_when_every_city_has_agreed():
    proposal = invite(invite(Agreement(), "hamm", on=MAY), "arezzo", on=MAY)
    half = consent(proposal, "hamm", on=MAY)
    with pytest.raises(NotReady) as caught:
        activate(half)
    assert [(each.code, each.path) for each in caught.value.missing] == [
        ("exchange.tandem.not-agreed", "arezzo")
    ]
    whole = consent(half, "arezzo", on=MAY + timedelta(days=3))
    assert activate(whole).state is State.ACTIVE
    assert missing(whole) == []


def test_what_is_missing_calls_cities_by_their_names():
    proposal = invite(agreed("hamm"), "venlo", on=MAY)
    assert [str(each.message) for each in missing(proposal, {"venlo": "Venlo"})] == [
        "The city “Venlo” has not agreed yet."
    ]


def test_one_city_is_no_tandem_and_an_ended_one_misses_nothing():
    alone = agreed("hamm", state=State.PROPOSED)
    assert [each.code for each in missing(alone)] == ["exchange.tandem.too-few"]
    assert missing(end(alone)) == []


def test_of_three_cities_one_leaves_and_the_others_go_on():
    after = leave(agreed("freiburg", "basel", "mulhouse"), "basel", on=date(2023, 1, 1))
    assert (after.state, after.cities()) == (State.ACTIVE, ("freiburg", "mulhouse"))
    assert after.members[1] == Member("basel", MAY, MAY, date(2023, 1, 1))


def test_of_two_cities_one_leaves_another_joins_and_it_is_active_again():
    waiting = leave(agreed("krefeld", "sofia"), "sofia", on=date(2023, 12, 31))
    assert waiting.state is State.WAITING
    named = invite(waiting, "venlo", on=date(2024, 2, 1))
    with pytest.raises(NotReady):
        activate(named)
    again = activate(consent(named, "venlo", on=date(2024, 2, 2)))
    assert (again.state, again.cities()) == (State.ACTIVE, ("krefeld", "venlo"))


def test_a_city_that_is_asked_does_not_stop_the_others_and_takes_no_part_yet():
    after = invite(agreed("hamm", "arezzo"), "venlo", on=MAY)
    assert (after.state, after.cities()) == (State.ACTIVE, ("hamm", "arezzo"))


def test_a_city_comes_back_as_a_new_stay():
    gone = leave(agreed("hamm", "arezzo", "venlo"), "venlo", on=date(2023, 1, 1))
    with pytest.raises(WrongDay, match="before the day"):
        invite(gone, "venlo", on=date(2022, 12, 31))
    back = invite(gone, "venlo", on=date(2023, 1, 1))
    assert [each.joined_on for each in back.members if each.city == "venlo"] == [MAY, date(2023, 1, 1)]


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda it: invite(it, "hamm", on=MAY), MemberAlready),
        (lambda it: consent(it, "hamm", on=MAY), AgreedAlready),
        (lambda it: consent(it, "venlo", on=MAY), NoMember),
        (lambda it: leave(it, "venlo", on=MAY), NoMember),
        (lambda it: leave(it, "hamm", on=MAY - timedelta(days=1)), WrongDay),
        (lambda it: consent(invited(it), "venlo", on=MAY - timedelta(days=1)), WrongDay),
    ],
)
def test_what_cannot_be_is_refused(act, error):
    with pytest.raises(error):
        act(agreed("hamm", "arezzo"))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, str, date]]:
    acts = st.sampled_from(["invite", "consent", "leave", "activate", "end"])
    steps = draw(st.lists(st.tuples(acts, st.sampled_from(CITIES), st.integers(0, 900)), max_size=40))
    return [(act, city, MAY + timedelta(days=days)) for act, city, days in steps]


@given(histories())
def test_joins_and_leaves_in_any_order_never_leave_an_active_tandem_of_fewer_than_two(steps):
    agreement = invite(Agreement(), "hamm", on=MAY)
    for act, city, on in steps:
        before = agreement
        try:
            agreement = _apply(agreement, act, city, on)
        except TandemError:
            assert agreement is before
        _check(agreement, before)


def _apply(agreement: Agreement, act: str, city: str, on: date) -> Agreement:
    if act in {"activate", "end"}:
        return {"activate": activate, "end": end}[act](agreement)
    return {"invite": invite, "consent": consent, "leave": leave}[act](agreement, city, on=on)


def _check(agreement: Agreement, before: Agreement) -> None:
    lasting = [each.city for each in agreement.members if each.is_in]
    assert len(lasting) == len(set(lasting))
    if agreement.state is State.ACTIVE:
        assert len(agreement.cities()) >= LEAST_CITIES
        if before.state is not State.ACTIVE:
            assert set(agreement.cities()) == set(lasting)
    assert [each.city for each in agreement.members][: len(before.members)] == [
        each.city for each in before.members
    ]
    for each in agreement.members:
        days = [day for day in (each.joined_on, each.consented_on, each.left_on) if day]
        assert days == sorted(days)


@given(histories())
def test_an_ended_tandem_stays_as_it_was(steps):
    ended = end(agreed("hamm", "arezzo"))
    for act, city, on in steps:
        with pytest.raises(WrongTandemState):
            _apply(ended, act, city, on)


def test_a_topic_is_led_only_by_a_city_that_is_in():
    played = {"sofia": PlayedPart.LEAD, "krefeld": PlayedPart.FOLLOW}
    assert not unled(played, ["sofia", "krefeld"])
    assert unled(played, ["krefeld"])
    assert unled({}, ["krefeld"])


def test_two_places_called_hamm_are_told_apart_by_their_codes():
    ours, other = [Code("AGS", 2019, "05915000")], [Code("AGS", 2019, "07143032")]
    assert not same_city(ours, other)
    assert same_city(ours, [*other, Code("ags", 2022, "05915000")])
    assert not same_city([], ours)


def test_codes_are_read_as_they_are_typed():
    text = "AGS 2019 05915000\n\n NUTS3 2021 DEA54 "
    assert read_codes(text) == [Code("AGS", 2019, "05915000"), Code("NUTS3", 2021, "DEA54")]
    for wrong in ("AGS 05915000", "AGS year 1", "AGS 2019 1 2", "AGS ² 1", f"AGS {'9' * 5_000} 1"):
        with pytest.raises(BadCode, match="is no code"):
            read_codes(wrong)


def test_writing_goes_on_after_the_end_and_planning_does_not():
    check_step(State.ENDED, Step.WRITE)
    with pytest.raises(WrongTandemState, match="ended"):
        check_step(State.ENDED, Step.PREPARE)

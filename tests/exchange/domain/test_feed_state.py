"""State: what counts does not depend on order, repeats, or how events were cut into visits."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.feeds.event import START, Action, Event
from tandem.exchange.domain.feeds.state import Entry, applied

AT = datetime(2026, 6, 1, tzinfo=UTC)
spoken = st.lists(st.tuples(st.sampled_from(list(Action)), st.integers(0, 4)), max_size=25)


def events_of(said: list[tuple[Action, int]]) -> list[Event]:
    return [
        Event(
            "hamm", sequence, action, f"https://hamm.example/{name}", "measure", {"at": sequence}, AT, START
        )
        for sequence, (action, name) in enumerate(said, start=1)
    ]


def test_the_later_event_counts():
    first, second = events_of([(Action.CREATE, 1), (Action.UPDATE, 1)])

    assert applied({}, [first, second]) == {first.iri: Entry(2, "measure", {"at": 2})}


def test_what_is_deleted_stays_deleted():
    events = events_of([(Action.CREATE, 1), (Action.DELETE, 1), (Action.CREATE, 1), (Action.UPDATE, 1)])

    assert applied({}, events)[events[0].iri] == Entry(2, "measure", {"at": 2}, deleted=True)


def test_the_objects_before_are_left_as_they_were():
    before = applied({}, events_of([(Action.CREATE, 1)]))

    applied(before, events_of([(Action.DELETE, 1), (Action.DELETE, 2)]))

    assert len(before) == 1
    assert not before["https://hamm.example/1"].deleted


@given(spoken, st.data())
def test_neither_order_nor_repeats_nor_visits_matter(said: list[tuple[Action, int]], data: st.DataObject):
    events = events_of(said)
    repeats = data.draw(st.lists(st.sampled_from(events), max_size=10)) if events else []
    shuffled = data.draw(st.permutations([*events, *repeats]))
    cut = data.draw(st.integers(0, len(shuffled)))

    assert applied(applied({}, shuffled[:cut]), shuffled[cut:]) == applied({}, events)


@given(spoken)
def test_it_is_what_a_simple_reading_in_order_says(said: list[tuple[Action, int]]):
    simple: dict[str, tuple[int, bool]] = {}
    for event in events_of(said):
        deleted = simple.get(event.iri, (0, False))[1]
        if event.action is Action.DELETE or not deleted:
            simple[event.iri] = (event.sequence, event.action is Action.DELETE)
    now = applied({}, events_of(said))

    assert {iri: (entry.sequence, entry.deleted) for iri, entry in now.items()} == simple

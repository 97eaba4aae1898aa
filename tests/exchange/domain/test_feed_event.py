"""Events: the line is exactly this, read back as it was, and nothing else is an event."""

import json
import math
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.feeds.canonical import NotCanonical, canonical, read_canonical
from tandem.exchange.domain.feeds.event import START, Action, Event, event_of, hash_of
from tandem.exchange.domain.feeds.feed import Feed
from tandem.exchange.domain.feeds.refusal import FeedTooLarge, Malformed
from tests.exchange.federation.keys import Pen

AT = datetime(2026, 6, 1, 11, 30, tzinfo=ZoneInfo("Europe/Berlin"))
IRI = "https://hamm.example/measures/ampel/1.0.0"
FEED, EVENT = Feed("hamm").add(
    Action.CREATE, IRI, "measure", {"title": "Ampel", "cost": 80_000}, published=AT
)
LINE = (
    '{"@context":"https://www.w3.org/ns/activitystreams","actor":"hamm","object":{"content":{"cost":80000,'
    f'"title":"Ampel"}},"id":"{IRI}","type":"measure"}},"previous":"{START}",'
    '"published":"2026-06-01T09:30:00Z","sequence":1,"type":"Create"}'
)


def test_the_line_is_this():
    assert EVENT.line.decode() == LINE
    assert (FEED.sequence, FEED.hash) == (1, sha256(LINE.encode()).hexdigest())


def test_an_event_is_read_back():
    assert event_of(read_canonical(EVENT.line), "hamm#1") == EVENT


def test_each_event_is_chained_to_the_one_before():
    feed, second = FEED.add(Action.DELETE, IRI, "measure", {}, published=AT)

    assert (second.sequence, second.previous) == (2, hash_of(EVENT.line))
    assert feed == Feed("hamm", 2, hash_of(second.line))


def test_a_full_page_is_remembered_by_its_last_event():
    feed = Feed("hamm")
    for number in range(201):
        feed, event = feed.add(Action.CREATE, f"{IRI}/{number}", "measure", {}, published=AT)
        if event.sequence == 200:
            last = event

    assert (len(feed.pages), feed.pages[1]) == (2, hash_of(last.line))


def test_a_change_of_key_is_an_event_that_both_keys_have_signed():
    old, new = Pen("old"), Pen("new")
    feed, event = FEED.change_key(
        IRI, old=old.fingerprint, new=new.fingerprint, by_old=old.sign, by_new=new.sign, published=AT
    )

    assert (event.kind, event.sequence, len(feed.changes)) == ("key-change", 2, 1)
    assert (event.content["old"], event.content["new"]) == (old.fingerprint, new.fingerprint)


@pytest.mark.parametrize(
    ("iri", "action", "content", "refusal"),
    [
        ("nowhere", Action.CREATE, {}, Malformed),
        (IRI, Action.DELETE, {"why": "obsolete"}, Malformed),
        (IRI, Action.CREATE, {"text": "a" * 32_768}, FeedTooLarge),
        (IRI, Action.CREATE, {"number": math.nan}, NotCanonical),
    ],
)
def test_a_city_cannot_say_what_nobody_would_accept(iri: str, action: Action, content: dict, refusal: type):
    with pytest.raises(refusal):
        FEED.add(action, iri, "measure", content, published=AT)


def changed(change: Callable[[dict], object]) -> dict:
    values = json.loads(LINE)
    change(values)
    return values


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.pop("actor"),
        lambda values: values.update(extra=1),
        lambda values: values.update(type="Like"),
        lambda values: values.update(type="Delete"),
        lambda values: values.update(actor="Hamm!"),
        lambda values: values.update(actor=["hamm"]),
        lambda values: values.update(sequence=True),
        lambda values: values.update(sequence=-1),
        lambda values: values.update(previous=START.replace("0", "G")),
        lambda values: values.update(published="2026-06-01T09:30:00+00:00"),
        lambda values: values.update(published="2026-06-01T09:30:00"),
        lambda values: values.update(published="yesterday"),
        lambda values: values.update(published="0001-01-01T00:00:00+14:00"),
        lambda values: values.update(object=IRI),
        lambda values: values["object"].update(content=[]),
        lambda values: values["object"].update(id="urn:x"),
        lambda values: values["object"].update(id="https://hamm.example/../arezzo"),
        lambda values: values["object"].update(id="https://hamm.example@arezzo.example/"),
        lambda values: values["object"].update(id="https://hamm.example/a b"),
        lambda values: values["object"].update(id="https://hamm.example/a\u0308"),
        lambda values: values["object"].update(id="https://hamm.example/" + "a" * 2_000),
        lambda values: values["object"].update(type=""),
        lambda values: values.update({"@context": "https://elsewhere.example"}),
    ],
)
def test_what_is_not_of_the_form_is_no_event(change: Callable[[dict], object]):
    with pytest.raises(Malformed) as caught:
        event_of(changed(change), "hamm#1")

    assert caught.value.path == "hamm#1"


@given(
    st.sampled_from(["Create", "Update"]),
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9) | st.none(), max_size=3
    ),
    st.datetimes(timezones=st.just(ZoneInfo("Asia/Kolkata")), min_value=datetime(1990, 1, 1)),
)
def test_any_event_is_read_back_from_its_line(action: str, content: dict, moment: datetime):
    published = moment.replace(microsecond=0)
    event = Event("hamm", 7, Action(action), IRI, "evidence", content, published, START)

    assert event_of(read_canonical(event.line), "") == event
    assert canonical(read_canonical(event.line)) == event.line

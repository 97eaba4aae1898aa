"""Reading: a page is proven by its signed head, and a head by time and by what is known."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.exchange.domain.feeds.head import Head, page_path
from tandem.exchange.domain.feeds.reading import (
    LONGEST,
    SKEW,
    Expired,
    Forged,
    FromTheFuture,
    Known,
    OutOfOrder,
    Replayed,
    Rewritten,
    Truncated,
    check_against_known,
    check_times,
    read_page,
    taken,
)
from tandem.exchange.domain.feeds.refusal import FeedRefused, FeedTooLarge, Malformed
from tests.exchange.federation.publishing import NOW, Publisher

DAY = timedelta(days=1)


def grown(events: int, version: str = "") -> Publisher:
    """Return a city with so many events; from event 50 on they depend on ``version``."""
    publisher = Publisher("hamm")
    for number in range(1, events + 1):
        publisher.say(number, content={"version": version if number >= 50 else ""})
    publisher.publish()
    return publisher


HAMM = grown(230)
HEAD, PAGES = HAMM.publish(), [HAMM.files[page_path(number)] for number in (1, 2, 3)]
OTHER = grown(230, "other")


def at(sequence: int, publisher: Publisher = HAMM) -> Known:
    return Known("hamm", sequence, publisher.hash_at(sequence) or "0" * 64, published=NOW)


@pytest.mark.parametrize(
    ("known", "number", "new"), [(0, 1, 100), (99, 1, 1), (100, 2, 100), (200, 3, 30), (229, 3, 1)]
)
def test_a_page_gives_what_is_new_on_it(known: int, number: int, new: int):
    lines = read_page(PAGES[number - 1], number, head=HEAD, known=at(known))

    assert [line.sequence for line in lines] == list(range(known + 1, known + new + 1))
    assert taken(at(known), lines) == at(known + new)


def test_nothing_new_changes_nothing():
    assert taken(at(3), []) == at(3)


def test_what_a_city_is_writing_behind_its_head_is_passed_over():
    data = PAGES[2] + OTHER.lines[0] + b"\nhalf a li"

    assert len(read_page(data, 3, head=HEAD, known=at(200))) == 30


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", Truncated),
        (PAGES[2][:-1], Truncated),
        (b"\n".join(HAMM.lines[200:229]) + b"\n", Truncated),
        (b"\n" * 30, Forged),
        (PAGES[2].replace(b'"id":"https://hamm', b'"id":"https://pirna', 1), Forged),
        (b"".join(line + b"\n" for line in OTHER.lines[200:]), Forged),
        (
            b"".join(line + b"\n" for line in [*HAMM.lines[200:210], HAMM.lines[209], *HAMM.lines[211:]]),
            OutOfOrder,
        ),
        (b"".join(line + b"\n" for line in [b"{}", *HAMM.lines[201:]]), OutOfOrder),
        (b"".join(line + b"\n" for line in [b"[1]", *HAMM.lines[201:]]), OutOfOrder),
        (b"".join(line + b"\n" for line in [b"{", *HAMM.lines[201:]]), Malformed),
        (b"".join(line + b"\n" for line in [b" " * 32_769, *HAMM.lines[201:]]), FeedTooLarge),
    ],
)
def test_another_page_is_refused(data: bytes, refusal: type[FeedRefused]):
    with pytest.raises(refusal) as caught:
        read_page(data, 3, head=HEAD, known=at(200))

    assert caught.value.path.startswith("hamm/pages/00000003.jsonl")


@given(st.data())
def test_no_changed_byte_gets_through(data: st.DataObject):
    page = PAGES[2]
    place = data.draw(st.integers(0, len(page) - 1))
    byte = data.draw(st.binary(min_size=1, max_size=1).filter(lambda each: each != page[place : place + 1]))
    with pytest.raises(FeedRefused):
        read_page(page[:place] + byte + page[place + 1 :], 3, head=HEAD, known=at(200))


def test_a_signed_page_that_contradicts_what_is_known_is_another_history():
    with pytest.raises(Rewritten):
        read_page(PAGES[0], 1, head=HEAD, known=at(60, OTHER))


def test_a_page_changed_on_the_way_is_not_taken_for_another_history():
    lines = [*HAMM.lines[:59], OTHER.lines[59], *HAMM.lines[60:100]]
    with pytest.raises(Forged):
        read_page(b"".join(line + b"\n" for line in lines), 1, head=HEAD, known=at(60, HAMM))


@pytest.mark.parametrize("known", [0, 49, 60, 100, 150, 200, 230])
def test_a_head_may_go_on_from_what_is_known(known: int):
    check_against_known(HEAD, at(known))


@pytest.mark.parametrize("known", [100, 200, 230])
def test_a_head_of_another_history_is_told(known: int):
    with pytest.raises(Rewritten, match="call the city"):
        check_against_known(HEAD, at(known, OTHER))


def test_an_old_head_is_a_replay_and_a_new_head_that_takes_back_is_not():
    old = grown(200).publish(NOW - DAY)
    with pytest.raises(Replayed):
        check_against_known(old, at(230))
    with pytest.raises(Rewritten):
        check_against_known(replace(old, published=NOW + DAY), at(230))


def head(published: timedelta, expires: timedelta) -> Head:
    return replace(HEAD, published=NOW + published, expires=NOW + expires)


def test_a_head_in_time_gives_no_finding():
    assert check_times(head(-DAY, DAY), now=NOW, grace=DAY) == []
    assert check_times(head(SKEW, DAY), now=NOW, grace=DAY) == []


def test_an_expired_head_is_read_with_a_warning_until_grace_is_over():
    found = check_times(head(-DAY, timedelta(0)), now=NOW, grace=DAY)

    assert [each.code for each in found] == ["exchange.feed.expired"]
    with pytest.raises(Expired):
        check_times(head(-2 * DAY, -DAY), now=NOW, grace=DAY)


def test_a_head_from_the_future_is_refused():
    with pytest.raises(FromTheFuture):
        check_times(head(SKEW + timedelta(seconds=1), DAY), now=NOW, grace=DAY)


@pytest.mark.parametrize("lasts", [timedelta(0), -DAY, LONGEST + timedelta(seconds=1)])
def test_a_head_lasts_for_some_time_and_not_for_ever(lasts: timedelta):
    with pytest.raises(Malformed):
        check_times(head(-DAY, -DAY + lasts), now=NOW, grace=DAY)

"""Heads: the file is exactly this, read back as it was, and nothing else is a head."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.feeds.event import START
from tandem.exchange.domain.feeds.head import Head, Tip, page_of, page_path, read_head
from tandem.exchange.domain.feeds.refusal import Malformed
from tests.exchange.federation.keys import Pen, verify
from tests.exchange.federation.publishing import NOW, Publisher


def grown(events: int) -> Publisher:
    publisher = Publisher("hamm")
    for number in range(events):
        publisher.say(number)
    return publisher


HAMM = grown(201)
SEEN = Tip("arezzo", 3, "a" * 64, "signed")
HEAD = HAMM.publish(seen=[SEEN])


def test_the_head_is_this():
    assert json.loads(HEAD.bytes) == {
        "changes": [],
        "city": "hamm",
        "expires": "2026-07-01T09:30:00Z",
        "format": "tandem-feed-1",
        "hash": HAMM.hash_at(201),
        "key": HAMM.pen.fingerprint,
        "pages": [HAMM.hash_at(100), HAMM.hash_at(200)],
        "published": "2026-06-01T09:30:00Z",
        "seen": [{"city": "arezzo", "hash": "a" * 64, "sequence": 3, "signature": "signed"}],
        "sequence": 201,
        "tip": HEAD.tip.signature,
    }
    assert HEAD.bytes == canonical(json.loads(HEAD.bytes))


def test_head_and_tip_are_signed():
    signers = [
        verify(HEAD.bytes, HAMM.files["head.jws"].decode()),
        verify(HEAD.tip.statement, HEAD.tip.signature),
    ]

    assert [each.fingerprint for each in signers if each] == [HAMM.pen.fingerprint] * 2


@pytest.mark.parametrize("events", [0, 1, 99, 100, 101, 200])
def test_a_head_is_read_back(events: int):
    head = grown(events).publish()

    assert read_head(head.bytes, "") == head
    assert head.hash_at_end_of(0) == START
    assert head.hash_at_end_of(page_of(events)) == head.tip.hash


def test_a_change_of_key_is_read_back():
    publisher = grown(3)
    publisher.change_key(Pen("another"))
    head = publisher.publish()

    assert read_head(head.bytes, "").changes == publisher.feed.changes
    assert head.key == Pen("another").fingerprint


def test_the_time_is_kept_to_the_second():
    head = HAMM.publish(NOW + timedelta(microseconds=5))

    assert read_head(head.bytes, "") == head


def changed(change: Callable[[dict], object]) -> bytes:
    values = json.loads(HEAD.bytes)
    change(values)
    return canonical(values)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        HEAD.bytes + b"\n",
        HEAD.bytes[:-1],
        changed(lambda values: values.pop("tip")),
        changed(lambda values: values.update(more=1)),
        changed(lambda values: values.update(format="tandem-feed-2")),
        changed(lambda values: values.update(sequence=200)),
        changed(lambda values: values.update(sequence=300)),
        changed(lambda values: values.update(sequence="201")),
        changed(lambda values: values.update(pages=["a" * 64])),
        changed(lambda values: values.update(pages=[1, 2])),
        changed(lambda values: values.update(seen=[{}])),
        changed(lambda values: values.update(changes=[{"old": "a" * 64}])),
        changed(lambda values: values.update(key="")),
        changed(lambda values: values.update(city="../arezzo")),
        changed(lambda values: values.update(expires="never")),
    ],
)
def test_what_is_not_of_the_form_is_no_head(data: bytes):
    with pytest.raises(Malformed):
        read_head(data, "hamm/head.json")


def test_an_empty_feed_has_no_hash_but_the_first():
    values = json.loads(grown(0).publish().bytes) | {"hash": "a" * 64}
    with pytest.raises(Malformed):
        read_head(canonical(values), "")


@pytest.mark.parametrize(("sequence", "path"), [(1, "pages/00000001.jsonl"), (100, "pages/00000001.jsonl")])
def test_pages_are_numbered_from_one(sequence: int, path: str):
    assert page_path(page_of(sequence)) == path


def test_a_head_knows_its_city_and_sequence():
    assert isinstance(HEAD, Head)
    assert (HEAD.city, HEAD.sequence) == ("hamm", 201)

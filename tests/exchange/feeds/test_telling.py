"""What the city says in its own feed: kept with whatever it tells of, and refused where nobody would believe it."""

import pytest
from django.db import transaction

from tandem.exchange.domain.feeds.canonical import NotCanonical
from tandem.exchange.domain.feeds.event import Action
from tandem.exchange.domain.feeds.refusal import FeedTooLarge, Malformed
from tandem.exchange.models import OwnEvent
from tandem.exchange.services import telling
from tests.exchange.measures import NOW

pytestmark = pytest.mark.django_db
OURS, THEIRS = "http://localhost:8000/id/x/1", "http://localhost:8001/id/measure/1"


def tell(action=Action.CREATE, iri=OURS, kind="evidence", content=None):
    telling.tell(action, iri, kind, {"value": 1.5} if content is None else content, now=NOW)


def told():
    return list(OwnEvent.objects.values_list("sequence", "action", "kind", "iri", "content", "at"))


def test_what_is_told_waits_without_a_place_in_the_feed():
    tell()
    tell(Action.DELETE, content={})

    assert told() == [
        (None, "Create", "evidence", OURS, {"value": 1.5}, NOW),
        (None, "Delete", "evidence", OURS, {}, NOW),
    ]


def test_what_is_told_goes_with_the_transaction_of_whoever_tells():
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)

    assert told() == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"content": {"value": float("nan")}}, NotCanonical),
        ({"content": {"number": 2**53}}, NotCanonical),
        ({"content": {"text": "x" * 32_768}}, FeedTooLarge),
        ({"iri": "http://localhost:8000/../x"}, Malformed),
        ({"action": Action.DELETE}, Malformed),
    ],
)
def test_what_no_reader_would_accept_is_refused(given, error):
    with pytest.raises(error):
        tell(**given)

    assert told() == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"iri": THEIRS}, "exchange.feed.spoke-for-another"),
        (
            {"kind": "receipt", "content": {"measure": OURS, "to": "arezzo"}},
            "exchange.feed.wrong-receipt",
        ),
        ({"kind": "receipt", "content": {"measure": THEIRS, "to": "hamm"}}, "exchange.feed.wrong-receipt"),
        ({"kind": "key-change", "content": {"old": "", "new": ""}}, "exchange.feed.wrong-key-change"),
    ],
)
def test_what_every_reader_would_set_aside_is_refused(given, reason):
    with pytest.raises(telling.NobodyWouldBelieve) as caught:
        tell(**given)

    assert (caught.value.reason, told()) == (reason, [])


def test_a_receipt_is_told_to_the_city_that_the_measure_is_from():
    tell(kind="receipt", content={"measure": THEIRS, "to": "arezzo"})

    assert [row[4] for row in told()] == [{"measure": THEIRS, "to": "arezzo"}]


def test_an_event_fits_wherever_it_comes_to_stand():
    """Its place in the feed is not known yet, and takes up to 13 digits."""
    room = next(size for size in range(32_768, 0, -1) if fits(size))
    tell(content={"text": "x" * room})

    assert 32_300 < room < 32_768


def fits(size: int) -> bool:
    try:
        tell(content={"text": "x" * size})
    except FeedTooLarge:
        return False
    OwnEvent.objects.all().delete()
    return True

"""The city's own feed: published once, renewed in time, never changed, and served as plain files."""

import shutil
from datetime import timedelta

import pytest
from django.test import Client

from tandem.exchange.adapters import signing
from tandem.exchange.adapters.feed_files import OtherHistory
from tandem.exchange.domain.feeds.event import Action
from tandem.exchange.domain.feeds.head import page_path
from tandem.exchange.domain.feeds.reading import Rewritten
from tandem.exchange.models import OwnEvent, PartnerFeed
from tandem.exchange.services import carrying, keys, own_feed
from tandem.exchange.services.telling import tell
from tests.exchange.feeds.cities import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(hamm):
    with hamm.at_hand():
        yield hamm


def say(count=1, start=0):
    for number in range(start, start + count):
        tell(Action.CREATE, f"http://localhost:8000/id/x/{number}", "other", {"number": number}, now=NOW)


def file(path):
    return own_feed.folder().fetch(path, 10**7)


def test_a_feed_without_events_is_published_too():
    head = own_feed.publish(NOW)

    assert (head.sequence, head.city, head.key) == (0, "hamm", keys.fingerprint())
    assert signing.verify(file("head.json"), file("head.jws").decode()) == signing.Signer("hamm", head.key)


def test_what_was_told_is_published_in_its_order_over_several_pages():
    say(150)
    own_feed.publish(NOW)
    say(101, start=150)
    head = own_feed.publish(NOW)
    lines = [line for number in (1, 2, 3) for line in file(page_path(number)).splitlines()]

    assert (head.sequence, len(head.pages)) == (251, 2)
    assert [f'"number":{number}}}'.encode() in line for number, line in enumerate(lines)] == [True] * 251
    assert list(OwnEvent.objects.order_by("id").values_list("sequence", flat=True)) == list(range(1, 252))


def test_nothing_new_is_signed_again_only_when_it_is_time():
    say()
    first = own_feed.publish(NOW)
    same = own_feed.publish(NOW + own_feed.RENEWED_AFTER - timedelta(seconds=1))
    renewed = own_feed.publish(NOW + own_feed.RENEWED_AFTER)

    assert (same, renewed.published, renewed.sequence) == (first, NOW + own_feed.RENEWED_AFTER, 1)
    assert renewed.expires - renewed.published == timedelta(days=30)


def test_what_was_seen_of_others_is_passed_on_within_the_hour():
    own_feed.publish(NOW)
    PartnerFeed.objects.create(
        city="arezzo", hash="a" * 64, tip_sequence=7, tip_hash="a" * 64, tip_signature="signed"
    )

    assert own_feed.publish(NOW + timedelta(minutes=59)).seen == ()
    [tip] = own_feed.publish(NOW + timedelta(minutes=60)).seen
    assert (tip.city, tip.sequence, tip.hash, tip.signature) == ("arezzo", 7, "a" * 64, "signed")


def test_a_writer_that_was_killed_between_head_and_signature_is_mended_the_next_time(city):
    say()
    own_feed.publish(NOW)
    (city.home / "feed" / "head.jws").write_text("half a signature")
    own_feed.publish(NOW)

    assert signing.verify(file("head.json"), file("head.jws").decode()) is not None


def test_an_older_database_takes_back_what_was_published():
    say(150)
    own_feed.publish(NOW)
    rows = list(OwnEvent.objects.values_list("sequence", "hash", "iri", "content", "at"))
    OwnEvent.objects.filter(sequence__gt=70).delete()
    say(1, start=150)
    between = own_feed.standing()
    head = own_feed.publish(NOW)

    assert between.problem == ""
    assert (
        list(OwnEvent.objects.order_by("sequence").values_list("sequence", "hash", "iri", "content", "at"))[
            :150
        ]
        == rows
    )
    assert (head.sequence, OwnEvent.objects.get(sequence=151).content) == (151, {"number": 150})


def test_a_database_with_another_history_cannot_change_what_was_published():
    say(3)
    own_feed.publish(NOW)
    OwnEvent.objects.all().delete()
    say(3, start=10)
    own_feed._place()

    assert "another event 3" in own_feed.standing().problem
    with pytest.raises(OtherHistory):
        own_feed.publish(NOW, renew=True)
    assert own_feed.publish_due(NOW + timedelta(days=8)) is False


def test_a_database_that_is_shorter_and_another_cannot_either():
    say(3)
    own_feed.publish(NOW)
    OwnEvent.objects.all().delete()
    say(2, start=10)
    own_feed._place()

    with pytest.raises(Rewritten):
        own_feed.publish(NOW)


def test_after_a_backup_was_restored_nothing_is_published_by_itself(city, tmp_path):
    say(3)
    own_feed.publish(NOW)
    copy = tmp_path / "copy"
    (city.home / "feed").rename(copy)
    OwnEvent.objects.filter(sequence=3).delete()

    assert "2 events were published" in own_feed.standing().problem
    with pytest.raises(own_feed.FolderEmpty):
        own_feed.publish(NOW)
    assert carrying.recover(copy, now=NOW) == 1
    assert (own_feed.standing().problem, own_feed.standing().head.sequence) == ("", 3)


def test_a_first_publication_that_was_killed_goes_on(monkeypatch):
    say(2)
    with monkeypatch.context() as killed:
        killed.setattr(own_feed, "_events", lambda after: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            own_feed.publish(NOW)

    assert own_feed.publish(NOW).sequence == 2


def test_the_feed_is_written_anew_where_somebody_says_so(city):
    say(3)
    first = own_feed.publish(NOW)
    shutil.rmtree(city.home / "feed")

    assert own_feed.publish(NOW, anew=True) == first


def test_nothing_is_taken_back_from_another_citys_feed(arezzo, tmp_path):
    with arezzo.at_hand():
        tell(Action.CREATE, "http://localhost:8001/id/x/1", "other", {}, now=NOW)
        carrying.copy_out(tmp_path / "stick", now=NOW)

    with pytest.raises(own_feed.NotOurFeed):
        carrying.recover(tmp_path / "stick", now=NOW)
    assert OwnEvent.objects.count() == 0


def test_a_row_that_was_changed_is_not_published():
    own_feed.publish(NOW)
    say(2)
    own_feed._place()
    OwnEvent.objects.filter(sequence=2).update(content={"number": 99})

    with pytest.raises(own_feed.EventChanged):
        own_feed.publish(NOW)


def test_how_it_stands():
    before = own_feed.standing()
    say()
    waiting = own_feed.standing()
    head = own_feed.publish(NOW)

    assert (before.head, before.waiting, waiting.waiting) == (None, 0, 1)
    assert own_feed.standing() == own_feed.OwnFeed(head, 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_told_is_out_as_soon_as_the_transaction_is_done():
    say()

    assert own_feed.standing().waiting == 0


# --- over HTTP ----------------------------------------------------------------------------------
def test_partners_read_it_over_http():
    say(101)
    own_feed.publish(NOW)
    client = Client()
    answers = {
        path: client.get(f"/feed/{path}")
        for path in ("head.json", "head.jws", "pages/00000001.jsonl", "pages/00000002.jsonl", "key.pem")
    }
    said = {
        path: (
            each.status_code,
            each["Content-Type"],
            each["Cache-Control"],
            each["Access-Control-Allow-Origin"],
        )
        for path, each in answers.items()
    }

    assert said == {
        "head.json": (200, "application/json", "no-cache", "*"),
        "head.jws": (200, "application/jose", "no-cache", "*"),
        "pages/00000001.jsonl": (200, "application/jsonl", "public, max-age=31536000, immutable", "*"),
        "pages/00000002.jsonl": (200, "application/jsonl", "no-cache", "*"),
        "key.pem": (200, "application/x-pem-file", "no-cache", "*"),
    }
    assert answers["head.json"].content == file("head.json")
    assert answers["key.pem"].content.decode() == keys.public_pem()
    assert client.get("/feed/").url == "/feed/head.json"


def test_a_reader_who_has_a_file_is_not_sent_it_again():
    own_feed.publish(NOW)
    client = Client()
    etag = client.get("/feed/head.json")["ETag"]

    assert client.get("/feed/head.json", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    "path", ["head.json", "pages/00000001.jsonl", "pages/1.jsonl", "pages/../head.json", ".lock", "pages/"]
)
def test_there_is_nothing_else(path):
    assert Client().get(f"/feed/{path}").status_code == 404

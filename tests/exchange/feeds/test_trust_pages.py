"""The pages about trust: who sees them, what they say, and that a key is pinned by comparing alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tandem.accounts.models import AuditEntry
from tandem.exchange.adapters.signing import grouped
from tandem.exchange.models import Measure, OwnEvent, PartnerFeed, PartnerKey
from tandem.exchange.services import feed_jobs, keys, releasing
from tandem.kit.models import Job
from tests.accounts.people import client_of, somebody
from tests.exchange.feeds.cities import NOW, pin, publish, visit
from tests.exchange.measures import published_measure, texts

pytestmark = pytest.mark.django_db
OFFICER = "exchange:exchange-officer"
WHO = ("nobody", "", "catalogue:publisher", "exchange:reader", OFFICER, "site:administrator")
MAY = {OFFICER, "site:administrator"}


@pytest.fixture
def here(arezzo):
    """Let Arezzo be at hand."""
    with arezzo.at_hand():
        yield arezzo


@pytest.fixture
def offered(hamm):
    """Let Hamm give out a version."""
    with hamm.at_hand():
        releasing.release(published_measure(), number="1.0.0", changes=texts("First"), person=None, now=NOW)
        publish()


@pytest.fixture
def client(here):
    return client_of(somebody(OFFICER, armed=False))


def url(page, *arguments):
    return reverse(f"exchange:{page}", args=arguments)


def text(answer):
    return " ".join(answer.content.decode().split())


def key():
    return PartnerKey.objects.get()


# --- who ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", WHO)
def test_who_sees_and_changes_trust(here, page_client, who):
    row = PartnerKey.objects.create(city="hamm", fingerprint="ab" * 32)
    PartnerFeed.objects.create(city="hamm", hash="0" * 64, status="stopped", visited_at=NOW)
    client = page_client if who == "nobody" else client_of(somebody(*([who] if who else []), armed=False))
    pages = [
        url("trust"),
        url("trust_city", "hamm"),
        url("trust_key", "hamm"),
        url("trust_decide", "hamm"),
        url("trust_pin", "hamm", row.pk),
        url("trust_revoke", "hamm", row.pk),
    ]
    refused = 302 if who == "nobody" else 403
    expected = 200 if who in MAY else refused

    assert [client.get(page).status_code for page in pages] == [expected] * len(pages)
    if who not in MAY:
        given = {"how": "call", "typed": "ab" * 6, "reason": "x", "decision": "go-on", "key": "cd" * 32}
        for page in [*pages[2:], url("trust_visit", "hamm")]:
            assert client.post(page, given).status_code == refused
        row.refresh_from_db()
        assert (row.state, PartnerKey.objects.count(), Job.objects.count()) == ("seen", 1, 0)
        assert PartnerFeed.objects.get().status == "stopped"


def test_there_is_no_page_of_a_city_that_nobody_knows(client):
    assert [
        client.get(url(page, "ulm")).status_code for page in ("trust_city", "trust_key", "trust_decide")
    ] == [404] * 3
    assert client.post(url("trust_visit", "ulm")).status_code == 404


# --- comparing ----------------------------------------------------------------------------------
def test_a_key_that_was_seen_is_pinned_by_typing_its_end(client, hamm, offered):
    visit(hamm)
    fingerprint = key().fingerprint
    shown = text(client.get(url("trust")))
    ask = url("trust_pin", "hamm", key().pk)
    page = text(client.get(ask))
    wrong = client.post(ask, {"how": "call", "typed": "0123 4567 89ab"})
    state = key().state
    right = client.post(ask, {"how": "call", "typed": grouped(fingerprint)[-14:].upper()})

    assert "Compare the key of Hamm" in shown
    assert fingerprint[-4:] not in page.partition("<main")[2].partition("<form method")[0]
    assert grouped(keys.fingerprint()).split()[0] in page
    assert (wrong.status_code, state) == (400, "seen")
    assert "does not end so" in text(wrong)
    assert (right.status_code, key().state) == (302, "pinned")
    entry = AuditEntry.objects.get(action="exchange.key.pin")
    assert (entry.detail, entry.subject) == ({"city": "hamm", "how": "call"}, f"urn:tandem:key:{fingerprint}")
    assert "Compare the key of Hamm" not in text(client.get(url("trust")))
    visit(hamm)
    assert Measure.objects.count() == 1


@pytest.mark.parametrize("given", [{}, {"how": "mail"}, {"how": "call", "typed": "xyz"}, {"typed": "ab" * 6}])
def test_nothing_is_pinned_without_comparing(client, given):
    row = PartnerKey.objects.create(city="hamm", fingerprint="ab" * 32)

    assert client.post(url("trust_pin", "hamm", row.pk), given).status_code == 400
    assert key().state == "seen"


def test_the_end_of_a_key_that_waits_is_on_no_page(client):
    fingerprint = "ab" * 26 + "123456789def"
    row = PartnerKey.objects.create(city="hamm", fingerprint=fingerprint)
    for page in (url("trust"), url("trust_city", "hamm"), url("trust_pin", "hamm", row.pk)):
        for group in ("1234", "5678", "9def"):
            assert group not in text(client.get(page)).partition("<main")[2]


def test_not_even_what_a_visit_found_tells_the_end_of_the_key(client, hamm, offered):
    visit(hamm)
    page = text(client.get(url("trust_city", "hamm")))

    assert "The feed is signed by the key that waits to be compared." in page
    assert [group for group in grouped(key().fingerprint).split()[-3:] if group in page] == []


def test_a_key_is_noted_from_its_pem_or_its_fingerprint(client, hamm):
    with hamm.at_hand():
        pem, fingerprint = keys.public_pem(), keys.fingerprint()
    ask = url("trust_key", "hamm")
    for given in (pem, grouped(fingerprint)):
        assert client.post(ask, {"key": given}).status_code == 302
        assert (key().fingerprint, key().state) == (fingerprint, "seen")
    for given in ("", "hello", "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----"):
        assert client.post(ask, {"key": given}).status_code == 400


def test_our_own_key_is_none_of_a_partner(client):
    answer = client.post(url("trust_key", "hamm"), {"key": keys.fingerprint()}, follow=True)

    assert "This is a key of arezzo" in text(answer)
    assert PartnerKey.objects.count() == 0


def test_a_key_is_revoked_with_a_reason_and_for_good(client, hamm):
    pin(hamm)
    ask = url("trust_revoke", "hamm", key().pk)

    assert client.post(ask, {}).status_code == 400
    assert client.post(ask, {"reason": "Stolen"}).status_code == 302
    assert key().state == "revoked"
    assert AuditEntry.objects.get(action="exchange.key.revoke").detail == {"city": "hamm", "reason": "Stolen"}
    assert [
        client.get(url(page, "hamm", key().pk)).status_code for page in ("trust_revoke", "trust_pin")
    ] == [
        404,
        404,
    ]


# --- feeds --------------------------------------------------------------------------------------
def test_what_a_visit_found_stands_on_the_page_in_words(client, hamm, offered):
    pin(hamm)
    files = hamm.files()
    visit(hamm, {**files, "head.json": files["head.json"].replace(b"hamm", b"hamn")})
    page = text(client.get(url("trust_city", "hamm")))

    assert "the signature is not that of the head" in page
    assert "the last visit came to nothing" in page


def test_an_expired_feed_says_so(client, hamm, offered):
    pin(hamm)
    visit(hamm, now=NOW + timedelta(days=50))

    assert "something newer may be held back" in text(client.get(url("trust_city", "hamm")))


def test_what_was_set_aside_stands_on_the_page(client, hamm, offered):
    hamm.url = "http://localhost:8009"
    with hamm.at_hand():
        OwnEvent.objects.all().delete()
        for path in (hamm.home / "feed").rglob("*.js*"):
            path.unlink()
        releasing.release(published_measure(), number="1.0.0", changes=texts("First"), person=None, now=NOW)
        publish()
    pin(hamm)
    visit(hamm)
    page = text(client.get(url("trust_city", "hamm")))

    assert "which is not its own. It was set aside." in page
    assert "3 set aside" in text(client.get(url("trust")))


def test_a_visit_is_begun_as_a_job_once(client, hamm):
    for _twice in range(2):
        assert client.post(url("trust_visit", "hamm")).status_code == 302
    [job] = Job.objects.all()

    assert (job.kind, job.arguments, job.person is not None) == ("exchange.visit", {"city": "hamm"}, True)
    assert "Being visited" in text(client.get(url("trust_city", "hamm")))


def test_a_stopped_feed_waits_for_a_decision(client, hamm, offered):
    pin(hamm)
    visit(hamm)
    ask = url("trust_decide", "hamm")
    assert client.get(ask).status_code == 404
    PartnerFeed.objects.update(status="stopped")
    page = text(client.get(url("trust_city", "hamm")))
    left = client.post(ask, {"decision": "stay", "reason": "Nobody answered"})
    still = PartnerFeed.objects.get().status
    client.post(ask, {"decision": "go-on", "reason": "Their backup"})

    assert "This feed is stopped" in page
    assert (left.status_code, still, PartnerFeed.objects.get().status) == (302, "stopped", "followed")
    assert client.post(ask, {"decision": "go-on"}).status_code == 404
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "exchange.feed.stay",
        "exchange.feed.go-on",
    ]


def test_a_feed_is_read_anew_by_decision(client, hamm, offered):
    pin(hamm)
    visit(hamm)
    PartnerFeed.objects.update(status="stopped")
    client.post(url("trust_decide", "hamm"), {"decision": "begin-anew", "reason": "Their backup"})
    feed = PartnerFeed.objects.get()

    assert (feed.sequence, feed.events.count(), Measure.objects.get().status) == (0, 0, "withdrawn")
    visit(hamm)
    assert Measure.objects.get().status == "published"


# --- jobs ---------------------------------------------------------------------------------------
def test_due_visits_are_begun_once_and_forgotten_after_a_day(here):
    assert (feed_jobs.start_due(NOW), feed_jobs.start_due(NOW)) == (1, 1)
    assert Job.objects.count() == 1
    Job.objects.update(state=Job.SUCCEEDED, finished_at=NOW - timedelta(days=2))
    PartnerFeed.objects.create(city="hamm", hash="0" * 64, visit_at=NOW + timedelta(hours=1))

    assert (feed_jobs.start_due(NOW), Job.objects.count()) == (0, 0)


# --- queries ------------------------------------------------------------------------------------
@pytest.mark.parametrize("many", [1, 30])
def test_the_pages_take_few_queries_however_much_there_is(
    client, many, django_assert_max_num_queries, hamm, offered
):
    pin(hamm)
    visit(hamm)
    for number in range(many):
        city = f"city-{number}"
        PartnerKey.objects.create(city=city, fingerprint=f"{number:064x}")
        PartnerFeed.objects.create(city=city, hash="0" * 64, visited_at=NOW)
        PartnerKey.objects.create(city="hamm", fingerprint=f"{number + 100:064x}", state="retired")
    for page in (url("trust"), url("trust_city", "hamm")):
        client.get(page)
        with django_assert_max_num_queries(8):
            assert client.get(page).status_code == 200

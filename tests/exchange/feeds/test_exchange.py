"""Two cities exchange by their feeds: a version goes one way, a receipt the other, and nothing else is believed."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tandem.exchange.domain.adoption import PartState, State
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.domain.feeds.event import Action
from tandem.exchange.domain.receipt import Receipt as ToldReceipt
from tandem.exchange.domain.trust import Key, Standing, TrustList
from tandem.exchange.models import (
    Evidence,
    Measure,
    MeasureVersion,
    OwnEvent,
    PartnerEvent,
    PartnerFeed,
    PartnerKey,
    Receipt,
)
from tandem.exchange.services import (
    announcing,
    feed_decisions,
    keys,
    measures,
    releasing,
    trusting,
    visiting,
    watching,
)
from tandem.exchange.services.telling import tell
from tests.accounts.people import somebody
from tests.catalogue.harvest_servers import serving
from tests.exchange.feeds.cities import NOW, InstalledCity, file_of, pin, publish, site_of, visit
from tests.exchange.measures import draft_measure, published_measure, texts

pytestmark = pytest.mark.django_db


def release(measure, number="1.0.0", now=NOW):
    return releasing.release(measure, number=number, changes=texts("First"), person=None, now=now)


@pytest.fixture
def offered(hamm):
    """Let Hamm give out a version, and return the measure's IRI."""
    with hamm.at_hand():
        measure = published_measure()
        release(measure)
        publish()
    return measure.iri


def codes(outcome):
    return [finding.code.removeprefix("exchange.feed.") for finding in outcome.findings]


def test_a_version_arrives_once_the_key_was_compared(hamm, arezzo, offered):
    with arezzo.at_hand():
        first = visit(hamm)
        before = (codes(first), first.feed.status, Measure.objects.count())
        [seen] = PartnerKey.objects.all()
        pin(hamm)
        second = visit(hamm)
        measure = Measure.objects.get()
        [version] = measure.versions.all()

        assert before == (["unknown-key"], "quarantined", 0)
        assert (seen.city, seen.state) == ("hamm", "seen")
        assert (codes(second), second.complete, second.taken) == ([], True, 3)
        assert (measure.iri, measure.city, measure.status) == (offered, "hamm", "published")
        assert measure.card["title"] == texts("Intelligent light")
        assert (version.number, version.stored, version.address) == ("1.0.0", "", f"{offered}/1.0.0.zip")
        assert (len(version.sha256), version.changes) == (64, texts("First"))
        assert [(row.indicator, row.city, str(row.value)) for row in measure.evidence.all()] == [
            ("wait", "hamm", "41.500000"),
            ("wait", "hamm", "22.000000"),
        ]
        assert PartnerFeed.objects.get().waiting == {}


def test_a_second_visit_takes_nothing_over_again(hamm, arezzo, offered):
    with arezzo.at_hand():
        pin(hamm)
        visit(hamm)
        again = visit(hamm)

        assert (again.taken, again.complete, codes(again)) == (0, True, [])
        assert (Measure.objects.count(), MeasureVersion.objects.count(), Evidence.objects.count()) == (
            1,
            1,
            2,
        )


def test_a_new_version_and_a_withdrawal_arrive(hamm, arezzo, offered):
    with arezzo.at_hand():
        pin(hamm)
        visit(hamm)
    with hamm.at_hand():
        measure = Measure.objects.get()
        release(measure, "1.1.0", NOW + timedelta(hours=1))
        publish(NOW + timedelta(hours=1))
    with arezzo.at_hand():
        visit(hamm, now=NOW + timedelta(hours=2))
        numbers = [row.number for row in Measure.objects.get().versions.all()]
    with hamm.at_hand():
        measures.withdraw(
            Measure.objects.get(), reason=texts("Over"), person=None, now=NOW + timedelta(hours=3)
        )
        publish(NOW + timedelta(hours=3))
    with arezzo.at_hand():
        visit(hamm, now=NOW + timedelta(hours=4))
        measure = Measure.objects.get()

        assert numbers == ["1.1.0", "1.0.0"]
        assert measure.status == "withdrawn"
        assert {row.address for row in measure.versions.all()} == {""}


def test_what_was_withdrawn_comes_back_by_a_new_version_only(hamm, arezzo, offered):
    with hamm.at_hand():
        measure = Measure.objects.get()
        measures.withdraw(measure, reason=texts("Over"), person=None, now=NOW)
        measures.publish(measure, reason="Again", person=None, now=NOW)
        release(measure, "2.0.0", NOW + timedelta(hours=1))
        publish()
    with arezzo.at_hand():
        pin(hamm)
        visit(hamm)
        measure = Measure.objects.get()

        assert measure.status == "published"
        assert {row.number: bool(row.address) for row in measure.versions.all()} == {
            "1.0.0": False,
            "2.0.0": True,
        }


def adopted(iri, **changes):
    told = ToldReceipt(
        measure=iri,
        version="1.0.0",
        city="arezzo",
        adoption="7",
        state=State.LIVE,
        parts={"catalogue/trees": PartState.LIVE},
        told_at=NOW,
        indicators={"wait": [Measured(date(2026, 9, 1), 30.5)]},
    )
    return replace(told, **changes)


def test_a_receipt_goes_back_to_the_origin(hamm, arezzo, offered, page_client):
    with arezzo.at_hand():
        announcing.tell_receipt(adopted(offered, state=State.DRAFTS, indicators={}), to="hamm", now=NOW)
        announcing.tell_receipt(adopted(offered, told_at=NOW + timedelta(hours=1)), to="hamm", now=NOW)
        actions = list(OwnEvent.objects.values_list("action", flat=True))
        publish()
    with hamm.at_hand():
        pin(arezzo)
        done = visit(arezzo)
        [row] = Receipt.objects.all()

        assert (actions, codes(done)) == (["Create", "Update"], [])
        assert (row.measure.iri, row.city, row.version, row.state) == (offered, "arezzo", "1.0.0", "live")
        assert row.parts == {"catalogue/trees": "live"}
        assert row.values == [{"indicator": "wait", "on": "2026-09-01", "value": 30.5}]
        assert row.told_at == NOW + timedelta(hours=1)
        page = " ".join(
            page_client.get(reverse("exchange:measure", args=[row.measure.slug])).content.decode().split()
        )
        table = re.sub(r"<[^>]*>", " ", page.partition("Who took it over")[2].partition("<aside")[0])
        assert (
            re.sub(r"\s+", " ", table).count("Arezzo 1.0.0 in use 1 of 1 Mean wait: 30.5 s 01/09/2026") == 1
        )


def test_the_receipt_that_was_told_last_counts_whatever_came_last(hamm, arezzo, offered):
    with arezzo.at_hand():
        announcing.tell_receipt(adopted(offered), to="hamm", now=NOW)
        older = adopted(offered, state=State.DRAFTS, told_at=NOW - timedelta(days=1))
        announcing.tell_receipt(older, to="hamm", now=NOW)
        publish()
    with hamm.at_hand():
        pin(arezzo)
        visit(arezzo)

        assert [row.state for row in Receipt.objects.all()] == ["live"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"city": "venlo"}, "content-not-used"),
        ({"measure": "http://localhost:8000/id/measure/none"}, "content-not-used"),
    ],
)
def test_a_receipt_that_fits_nothing_here_is_doubted(hamm, arezzo, offered, change, code):
    with arezzo.at_hand():
        announcing.tell_receipt(adopted(offered, **change), to="hamm", now=NOW)
        publish()
    with hamm.at_hand():
        pin(arezzo)
        done = visit(arezzo)

        assert (codes(done), Receipt.objects.count()) == ([code], 0)
        assert [each["code"] for each in PartnerEvent.objects.get().findings] == [f"exchange.feed.{code}"]


def spoilt(files, attack):
    match attack:
        case "forged":
            return {**files, "head.json": files["head.json"].replace(b'"sequence":3', b'"sequence":4')}
        case "truncated":
            return {**files, "pages/00000001.jsonl": files["pages/00000001.jsonl"][:500]}
        case "changed":
            page = files["pages/00000001.jsonl"]
            return {**files, "pages/00000001.jsonl": page.replace(b"Intelligent", b"Intelligens")}
    return {}


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        ("forged", "exchange.feed.forged"),
        ("truncated", "exchange.feed.truncated"),
        ("changed", "exchange.feed.forged"),
        ("nothing", "tests.gone"),
    ],
)
def test_what_was_spoilt_on_the_way_is_found_and_mended_by_the_next_visit(
    hamm, arezzo, offered, attack, code
):
    with arezzo.at_hand():
        pin(hamm)
        files = hamm.files()
        bad = visit(hamm, spoilt(files, attack))
        rows = Measure.objects.count()
        kept = [each["code"] for each in bad.feed.findings]
        good = visit(hamm, files)

        assert ([finding.code for finding in bad.findings], kept, rows) == ([code], [code], 0)
        assert (codes(good), good.feed.findings, Measure.objects.count()) == ([], [], 1)


def test_an_old_head_is_not_believed(hamm, arezzo, offered):
    old = hamm.files()
    with hamm.at_hand():
        release(Measure.objects.get(), "1.1.0", NOW + timedelta(hours=1))
        publish(NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    with arezzo.at_hand():
        pin(hamm)
        visit(hamm, now=later)

        assert codes(visit(hamm, old, now=later)) == ["replayed"]


def test_an_expired_head_is_read_with_a_warning_and_then_refused(hamm, arezzo, offered):
    with arezzo.at_hand():
        pin(hamm)
        files = hamm.files()
        warned = visit(hamm, files, now=NOW + timedelta(days=31))
        refused = visit(hamm, files, now=NOW + timedelta(days=45))

        assert [(each.severity, each.code) for each in warned.findings] == [
            ("warning", "exchange.feed.expired")
        ]
        assert [(each.severity, each.code) for each in refused.findings] == [
            ("error", "exchange.feed.expired")
        ]
        assert refused.feed.failures == 1


def test_a_revoked_key_counts_for_nothing(hamm, arezzo, offered):
    with arezzo.at_hand():
        pin(hamm)
        theirs = PartnerKey.objects.get().fingerprint
        trusting.revoke("hamm", theirs, reason="stolen", person=None, now=NOW)

        assert codes(visit(hamm)) == ["revoked-key"]
        assert Measure.objects.count() == 0
        with pytest.raises(trusting.KeyOfAnother):
            trusting.pin("hamm", theirs, how="call", person=None, now=NOW)


def test_a_visit_that_was_overtaken_stores_nothing(hamm, arezzo, offered):
    with arezzo.at_hand():
        pin(hamm)
        files = hamm.files()
        theirs = PartnerKey.objects.get().fingerprint

        def fetch(path, most):
            trusting.revoke("hamm", theirs, reason="stolen", person=None, now=NOW)
            return file_of(files, path, most)

        with pytest.raises(visiting.OvertakenVisit):
            visiting.visit("hamm", now=NOW, fetch=fetch)

        assert (Measure.objects.count(), PartnerEvent.objects.count()) == (0, 0)


def test_over_http_through_the_guarded_fetcher(hamm, arezzo):
    files = {}
    with serving(site_of(files)) as base:
        hamm.url = arezzo.addresses["hamm"] = base
        with hamm.at_hand():
            release(published_measure())
            publish()
        files |= hamm.files()
        with arezzo.at_hand():
            pin(hamm)
            done = visiting.visit("hamm", now=NOW)
            files["head.json"] = b"x" * 300_000
            too_large = visiting.visit("hamm", now=NOW)

            assert (codes(done), done.complete, Measure.objects.count()) == ([], True, 1)
            assert codes(too_large) == ["too-large"]


def test_a_partner_in_a_private_network_is_visited_only_if_the_configuration_says_so(hamm, arezzo, offered):
    with serving(site_of(hamm.files())) as base:
        arezzo.addresses["hamm"], arezzo.may_be_local = base, False
        with arezzo.at_hand():
            assert [each.code for each in visiting.visit("hamm", now=NOW).findings] == [
                "kit.fetch.private-address"
            ]


def test_a_partner_that_does_not_answer_is_asked_later_and_later(hamm, arezzo):
    with arezzo.at_hand():
        pauses = []
        for number in range(4):
            moment = NOW + timedelta(days=number)
            done = visit(hamm, {}, now=moment)
            pauses.append(done.feed.visit_at - moment)

        assert pauses == [timedelta(minutes=minutes) for minutes in (20, 40, 80, 160)]
        assert visiting.due(NOW + timedelta(days=3, hours=2)) == []
        assert visiting.due(NOW + timedelta(days=3, hours=3)) == ["hamm"]


def test_a_feed_with_two_faces_is_stopped_until_somebody_decides(hamm, arezzo, offered):
    """The database of Hamm was restored from a backup, and its feed published anew."""
    with arezzo.at_hand():
        pin(hamm)
        visit(hamm)
    with hamm.at_hand():
        OwnEvent.objects.all().delete()
        Measure.objects.all().delete()
        for path in (hamm.home / "feed").rglob("*.js*"):
            path.unlink()
        release(published_measure("Another light"), now=NOW)
        publish(NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    with arezzo.at_hand():
        done = visit(hamm, now=later)
        stopped = (done.feed.status, codes(done), codes(visit(hamm, now=later)))
        titles = [row.card["title"]["en"] for row in Measure.objects.filter(status="published")]
        feed_decisions.begin_anew("hamm", reason="They called", person=None, now=later)
        visit(hamm, now=later)

        assert stopped == ("stopped", ["rewritten"], ["stopped"])
        assert titles == ["Intelligent light"]
        assert [row.card["title"]["en"] for row in Measure.objects.filter(status="published")] == [
            "Another light"
        ]
        assert Measure.objects.count() == 2


def test_a_city_that_shows_two_faces_is_found_out_by_what_others_have_seen(hamm, arezzo, offered, tmp_path):
    """Venlo read another history of Hamm, and its head says so."""
    venlo = InstalledCity("venlo", tmp_path / "venlo", partners=("hamm", "arezzo"))
    arezzo.partners = ("hamm", "venlo")
    files = hamm.files()
    with hamm.at_hand():
        for path in (hamm.home / "feed").rglob("*.js*"):
            path.unlink()
        OwnEvent.objects.all().delete()
        for number in range(3):
            tell(Action.CREATE, f"{hamm.url}/id/x/{number}", "other", {"number": number}, now=NOW)
        publish(NOW)
    with venlo.at_hand():
        pin(hamm)
        visit(hamm)
        publish(NOW)
    with arezzo.at_hand():
        pin(hamm)
        pin(venlo)
        visit(hamm, files)
        done = visit(venlo)
        hamms = PartnerFeed.objects.get(city="hamm")

        assert hamms.status == "stopped"
        assert [each["code"] for each in PartnerFeed.objects.get(city="venlo").findings] == [
            "exchange.feed.two-faced"
        ]
        feed_decisions.go_on("hamm", reason="It was a mistake at Venlo's", person=None, now=NOW)
        visit(venlo)
        assert PartnerFeed.objects.get(city="hamm").status == "followed"
        assert done.complete


def test_a_key_that_hands_over_is_followed():
    """The rows say so after a visit; ``domain.trust`` has the rules."""
    old, new = "a" * 64, "b" * 64
    before = TrustList({old: Key("arezzo", old, Standing.PINNED, NOW)})
    trusting.store(TrustList(), before)
    after = TrustList(
        {
            old: Key("arezzo", old, Standing.RETIRED, NOW, new),
            new: Key("arezzo", new, Standing.PINNED, NOW),
        }
    )
    trusting.store(before, after)

    assert {row.fingerprint: (row.state, row.successor) for row in PartnerKey.objects.all()} == {
        old: ("retired", new),
        new: ("pinned", ""),
    }


def test_our_feed_is_read_as_partners_read_it(hamm, offered):
    files = hamm.files()

    assert set(files) == {"head.json", "head.jws", "pages/00000001.jsonl"}
    assert json.loads(files["head.json"])["sequence"] == 3
    with hamm.at_hand():
        assert keys.fingerprint() == json.loads(files["head.json"])["key"]


def test_drafts_are_told_to_nobody(hamm):
    with hamm.at_hand():
        draft_measure()

        assert OwnEvent.objects.count() == 0


def test_who_watches_a_partners_measure_hears_of_its_next_version(hamm, arezzo, offered, mailoutbox):
    with arezzo.at_hand():
        pin(hamm)
        visit(hamm)
    with hamm.at_hand():
        release(Measure.objects.get(), "1.1.0", NOW + timedelta(hours=1))
        publish(NOW + timedelta(hours=1))
    files = hamm.files()
    with arezzo.at_hand():
        watching.watch(Measure.objects.get(), somebody(email="anna@arezzo.example"), now=NOW)
        none = watching.send_due(NOW)
        visit(hamm, files, now=NOW + timedelta(hours=2))

        assert (none, watching.send_due(NOW)) == (0, 1)
        assert [(each.to, "1.1.0" in each.body) for each in mailoutbox] == [(["anna@arezzo.example"], True)]

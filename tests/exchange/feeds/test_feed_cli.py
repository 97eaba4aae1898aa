"""``tandem exchange …``: a feed goes out by a stick and comes in by one, and the key is changed."""

import json

import pytest
from click.testing import CliRunner

from tandem.accounts.models import AuditEntry
from tandem.core.errors import TandemError
from tandem.exchange.adapters.feed_files import OtherHistory
from tandem.exchange.adapters.signing import BadFingerprint, grouped
from tandem.exchange.domain.trust import Standing
from tandem.exchange.feed_cli import exchange
from tandem.exchange.models import Measure, OwnEvent, PartnerKey
from tandem.exchange.services import carrying, keys, own_feed, releasing, trusting
from tandem.kit import installation
from tests.exchange.feeds.cities import NOW, pin, publish, visit
from tests.exchange.measures import published_measure, texts

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(exchange, [str(each) for each in arguments])


def asked(*arguments):
    done = run(*arguments, "--json")
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture
def stick(hamm, tmp_path):
    """Let Hamm put its feed with a version on a stick, and return the folder."""
    with hamm.at_hand():
        releasing.release(published_measure(), number="1.0.0", changes=texts("First"), person=None, now=NOW)
        done = run("feed", "export", tmp_path / "stick")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'stick'} holds the feed with 3 events.\n")
    return tmp_path / "stick"


def test_a_stick_carries_a_feed_from_city_to_city(hamm, arezzo, stick):
    with arezzo.at_hand():
        unknown = asked("feed", "verify", stick)
        first = asked("feed", "import", stick)
        pin(hamm)
        judged = asked("feed", "verify", stick)
        nothing_stored = Measure.objects.count()
        second = asked("feed", "import", stick)

        assert [each["code"] for each in unknown[1].pop("findings")] == ["exchange.feed.unknown-key"]
        assert unknown == (3, {"city": "hamm", "events": 0, "complete": False})
        assert first[0] == 3
        assert judged == (0, {"city": "hamm", "events": 3, "complete": True, "findings": []})
        assert (nothing_stored, Measure.objects.count()) == (0, 1)
        assert second == (0, {"city": "hamm", "events": 3, "new": 3, "complete": True, "findings": []})


def test_a_damaged_stick_is_told_of(hamm, arezzo, stick):
    page = stick / "pages" / "00000001.jsonl"
    page.write_bytes(page.read_bytes().replace(b"Intelligent", b"Intelligens"))
    with arezzo.at_hand():
        pin(hamm)
        done = run("feed", "verify", stick)

        assert done.exit_code == 2
        assert "It was changed on the way, or damaged." in done.stderr


def test_a_folder_without_a_feed_is_told_of(arezzo, tmp_path):
    with arezzo.at_hand(), pytest.raises(carrying.NoFeedInFolder):
        carrying.take_in(tmp_path, now=NOW)


def test_a_copy_is_brought_up_to_date_and_no_other_feed_is_overwritten(hamm, arezzo, stick):
    with hamm.at_hand():
        releasing.release(Measure.objects.get(), number="1.1.0", changes=texts("More"), person=None, now=NOW)
        again = run("feed", "export", stick)
        copied = {path.name: path.read_bytes() for path in stick.rglob("*.js*")}
        own = {path.name: path.read_bytes() for path in (hamm.home / "feed").rglob("*.js*")}
    with arezzo.at_hand():
        other = run("feed", "export", stick)

    assert (again.exit_code, copied) == (0, own)
    assert isinstance(other.exception, OtherHistory)
    assert {path.name: path.read_bytes() for path in stick.rglob("*.js*")} == own


def test_a_copy_brings_a_restored_database_up_to_date(hamm, stick):
    with hamm.at_hand():
        OwnEvent.objects.filter(sequence__gt=1).delete()
        (hamm.home / "feed").rename(hamm.home / "lost")
        refused = run("feed", "publish")
        done = run("feed", "recover", stick)

        assert isinstance(refused.exception, own_feed.FolderEmpty)
        assert (done.exit_code, done.stdout) == (0, "2 events were taken back, and the feed is published.\n")
        assert OwnEvent.objects.count() == 3


def test_publishing_says_what_is_out(hamm):
    with hamm.at_hand():
        code, said = asked("feed", "publish")
        renewed = run("feed", "publish", "--renew")

        assert (code, said["city"], said["events"], said["key"]) == (0, "hamm", 0, keys.fingerprint())
        assert renewed.stdout.startswith("0 events are out, signed ")


def test_a_city_that_is_no_partner_is_not_visited(hamm):
    with hamm.at_hand():
        assert isinstance(run("feed", "visit", "ulm").exception, TandemError)


# --- the key ------------------------------------------------------------------------------------
def test_the_key_is_shown(hamm):
    with hamm.at_hand():
        assert run("key", "show").stdout == f"{keys.public_pem()}Fingerprint: {grouped(keys.fingerprint())}\n"
        assert asked("key", "show") == (
            0,
            {"fingerprint": keys.fingerprint(), "public_key": keys.public_pem()},
        )


def test_the_key_that_was_seen_is_pinned_once_it_was_read_out(hamm, arezzo):
    with hamm.at_hand():
        publish()
        read_out = grouped(keys.fingerprint())
    with arezzo.at_hand():
        unseen = run("key", "pin", "hamm", read_out, "--how", "call")
        visit(hamm)
        other = run("key", "pin", "hamm", "ab" * 32, "--how", "call")
        no_fingerprint = run("key", "pin", "hamm", read_out[-14:], "--how", "call")
        not_said_how = run("key", "pin", "hamm", read_out)
        untouched = PartnerKey.objects.get().state
        done = run("key", "pin", "hamm", *read_out.upper().replace("A", "a").split(), "--how", "call")
        again = run("key", "pin", "hamm", read_out.replace(" ", ":"), "--how", "meeting")
        key = PartnerKey.objects.get()
        rows = AuditEntry.objects.filter(action="exchange.key.pin")
        [row] = [(each.subject, each.detail, each.actor) for each in rows]

        assert isinstance(unseen.exception, trusting.NoKeySeen)
        assert isinstance(other.exception, trusting.NotTheSeenKey)
        assert isinstance(no_fingerprint.exception, BadFingerprint)
        assert (not_said_how.exit_code, untouched) == (2, Standing.SEEN)
        assert (trusting.NoKeySeen.exit_code, trusting.NotTheSeenKey.exit_code) == (4, 5)
        assert (done.exit_code, done.stdout) == (0, f"The key of hamm is pinned: {read_out}\n")
        assert (again.exit_code, again.stdout) == (0, "The key of hamm was pinned already.\n")
        assert (key.city, key.state, grouped(key.fingerprint)) == ("hamm", Standing.PINNED, read_out)
        assert row == (f"urn:tandem:key:{key.fingerprint}", {"city": "hamm", "how": "call"}, None)


def test_a_key_that_was_given_up_is_not_pinned_again(hamm, arezzo):
    with hamm.at_hand():
        publish()
        read_out = keys.fingerprint()
    with arezzo.at_hand():
        visit(hamm)
        trusting.revoke("hamm", read_out, reason="Stolen", person=None, now=NOW)
        done = run("key", "pin", "hamm", read_out, "--how", "letter")

        assert isinstance(done.exception, trusting.NoKeySeen)
        assert PartnerKey.objects.get().state == Standing.REVOKED


def test_partners_follow_a_change_of_key(hamm, arezzo, stick):
    with arezzo.at_hand():
        pin(hamm)
        visit(hamm)
    with hamm.at_hand():
        old = keys.fingerprint()
        refused = run("key", "change")
        same = keys.fingerprint()
        done = run("key", "change", "--yes")
        new = keys.fingerprint()
        kept = sorted(path.name for path in installation.folder("keys").iterdir())
        ours = {key.fingerprint: key.standing for key in keys.own_standing()}
        releasing.release(Measure.objects.get(), number="1.1.0", changes=texts("More"), person=None, now=NOW)
        publish()
    with arezzo.at_hand():
        followed = visit(hamm)
        standing = dict(PartnerKey.objects.values_list("fingerprint", "state"))

        assert (refused.exit_code, same, done.exit_code) == (1, old, 0)
        assert grouped(new) in done.stdout
        assert kept == [f"exchange.{old[:16]}.pem", "exchange.pem"]
        assert ours == {old: Standing.RETIRED, new: Standing.PINNED}
        assert (followed.complete, followed.findings) == (True, [])
        assert standing == {old: "retired", new: "pinned"}
        assert [row.number for row in Measure.objects.get().versions.all()] == ["1.1.0", "1.0.0"]


def test_a_change_that_was_killed_after_it_was_stored_goes_on(hamm, monkeypatch):
    with hamm.at_hand():
        publish()
        with monkeypatch.context() as killed:
            killed.setattr(keys, "hand_over", lambda: None)
            killed.setattr(own_feed, "publish", lambda now: None)
            new = own_feed.change_key(NOW)
        between = keys.fingerprint()
        publish()

        assert (between != new, keys.fingerprint() == new) == (True, True)
        assert OwnEvent.objects.get().kind == "key-change"


def test_a_change_that_was_killed_before_it_was_stored_never_happened(hamm):
    with hamm.at_hand():
        before = keys.fingerprint()
        keys.next_key()
        publish()
        after = keys.fingerprint()
        own_feed.change_key(NOW)

        assert (before == after, keys.fingerprint() == before) == (True, False)
        assert trusting.trust_list().standing(before) is Standing.RETIRED

"""Feed files: readable with ordinary tools, never rewritten, whole at every moment."""

import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tandem.exchange.adapters import signing
from tandem.exchange.adapters.feed_files import FeedFolder, NotReadable, OtherHistory
from tandem.exchange.domain.feeds.event import Action
from tandem.exchange.domain.feeds.feed import Feed
from tandem.exchange.domain.feeds.head import HEAD, SIGNATURE, page_path
from tandem.exchange.domain.feeds.reading import Known
from tandem.exchange.domain.trust import TrustList
from tandem.exchange.services.following import Visit, follow
from tests.exchange.federation.keys import verify
from tests.exchange.federation.publishing import NOW, Publisher, trusting


class City(Publisher):
    """A city that publishes into a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__("hamm")
        self.folder = folder
        self.stored = 0

    def put(self, since: int | None = None) -> None:
        """Publish what is new, or all since an event."""
        head = self.publish()
        events = self.events[self.stored if since is None else since :]
        FeedFolder(self.folder).publish(events, head, self.files[SIGNATURE].decode())
        self.stored = len(self.events)

    def grow(self, events: int) -> "City":
        for number in range(events):
            self.say(number)
        return self


def read(city: City, known: Known | None = None) -> Visit:
    fetch = FeedFolder(city.folder).fetch
    return follow(known or Known("hamm"), fetch=fetch, trust=trusting(city), verify=verify, now=NOW)


def test_a_feed_is_read_back_from_its_folder(tmp_path: Path):
    city = City(tmp_path)
    for events in (0, 1, 98, 1, 1, 250):
        city.grow(events).put()
        visit = read(city)

        assert (visit.findings, list(visit.events)) == ((), city.events)


def test_a_feed_signed_with_a_citys_key_file_is_followed(tmp_path: Path):
    key = signing.new_key(tmp_path / "city.pem")
    fingerprint = signing.fingerprint_of(key.public_key())
    feed, event = Feed("hamm").add(Action.CREATE, "https://hamm.example/m/1", "measure", {}, published=NOW)
    head, signature = feed.head(
        key=fingerprint, sign=lambda data: signing.sign(data, key, city="hamm"), published=NOW
    )
    folder = FeedFolder(tmp_path / "feed")
    folder.publish([event], head, signature)
    trust = TrustList(prefixes={"hamm": ("https://hamm.example/",)}).pinned("hamm", fingerprint, now=NOW)
    visit = follow(Known("hamm"), fetch=folder.fetch, trust=trust, verify=signing.verify, now=NOW)

    assert (visit.findings, visit.events) == ((), (event,))


def test_files_are_these_and_nothing_is_left_over(tmp_path: Path):
    City(tmp_path).grow(101).put()

    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["head.json", "head.jws", "pages/00000001.jsonl", "pages/00000002.jsonl"]


def test_the_chain_can_be_checked_with_ordinary_tools(tmp_path: Path):
    city = City(tmp_path).grow(2)
    city.put()
    command = "head -n 1 pages/00000001.jsonl | tr -d '\\n' | sha256sum | cut -c 1-64"
    said = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=True)

    assert said.stdout.decode().strip() == city.events[1].previous


def test_a_full_page_never_changes(tmp_path: Path):
    city = City(tmp_path).grow(100)
    city.put()
    page = tmp_path / page_path(1)
    before = (page.read_bytes(), page.stat().st_ino)
    city.grow(150).put()

    assert (page.read_bytes(), page.stat().st_ino) == before


def test_a_writer_killed_before_the_head_leaves_the_feed_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    city = City(tmp_path).grow(150)
    city.put()
    city.grow(100)
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", killing_at(HEAD))
        with pytest.raises(KeyboardInterrupt):
            city.put()
    assert len(read(city).events) == 150

    city.put(since=150)
    assert list(read(city).events) == city.events


def killing_at(name: str):
    replace = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if Path(target).name == name:
            raise KeyboardInterrupt
        return replace(self, target)

    return killed


def test_publishing_the_same_again_changes_nothing(tmp_path: Path):
    city = City(tmp_path).grow(150)
    city.put()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    city.put(since=0)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("restored", "grown"), [(0, 0), (0, 200), (100, 0), (149, 5), (120, 100)])
def test_a_restored_backup_cannot_rewrite_what_was_published(tmp_path: Path, restored: int, grown: int):
    city = City(tmp_path).grow(150)
    city.put()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    older = City(tmp_path).grow(restored)
    for number in range(grown):
        older.say(number, content={"after": "the backup"})
    older.stored = restored
    with pytest.raises(OtherHistory):
        older.put()

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_events_do_not_leave_a_gap(tmp_path: Path):
    city = City(tmp_path).grow(5)
    city.put()
    city.grow(5)
    with pytest.raises(OtherHistory):
        city.put(since=6)


def test_a_damaged_page_is_not_continued(tmp_path: Path):
    city = City(tmp_path).grow(5)
    city.put()
    page = tmp_path / page_path(1)
    page.write_bytes(page.read_bytes()[:-9])
    city.grow(1)
    with pytest.raises(OtherHistory):
        city.put()


def test_an_older_head_does_not_replace_a_newer_one(tmp_path: Path):
    city = City(tmp_path).grow(5)
    older, signature = city.publish(), city.files[SIGNATURE].decode()
    city.grow(1).put()
    with pytest.raises(OtherHistory):
        FeedFolder(tmp_path).publish(city.events, older, signature)


def test_a_head_can_be_renewed_without_events(tmp_path: Path):
    city = City(tmp_path).grow(5)
    city.put()
    head = city.publish(NOW + timedelta(days=9))
    FeedFolder(tmp_path).publish([], head, city.files[SIGNATURE].decode())

    assert (tmp_path / HEAD).read_bytes() == head.bytes


def test_no_more_is_read_than_allowed(tmp_path: Path):
    (tmp_path / HEAD).write_bytes(b"x" * 1_000)

    assert len(FeedFolder(tmp_path).fetch(HEAD, 10)) == 11


@pytest.mark.parametrize("what", ["nothing", "link", "folder", "pipe", "linked folder"])
def test_what_is_no_file_is_not_read(tmp_path: Path, what: str):
    secret = tmp_path / "elsewhere" / "00000001.jsonl"
    secret.parent.mkdir()
    secret.write_text("secret")
    page = tmp_path / "feed" / page_path(1)
    page.parent.parent.mkdir()
    if what == "linked folder":
        page.parent.symlink_to(secret.parent)
    else:
        page.parent.mkdir()
        {
            "nothing": lambda: None,
            "link": lambda: page.symlink_to(secret),
            "folder": page.mkdir,
            "pipe": lambda: os.mkfifo(page),
        }[what]()
    with pytest.raises(NotReadable):
        FeedFolder(tmp_path / "feed").fetch(page_path(1), 100)

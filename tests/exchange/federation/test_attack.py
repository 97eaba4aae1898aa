"""A reader and a feed under attack: only what the owner signed, never back, and all of it once the attack stops."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from tandem.exchange.domain.feeds.event import Action, Event
from tandem.exchange.domain.feeds.head import HEAD, SIGNATURE, page_path
from tandem.exchange.domain.feeds.reading import Known, Limits, Status
from tandem.exchange.services.following import Fetch, follow
from tests.exchange.federation.keys import Pen, verify
from tests.exchange.federation.publishing import NOW, Gone, Publisher, trusting

Files = dict[str, bytes]
THIEF = Pen("thief")


class FeedUnderAttack(RuleBasedStateMachine):
    """The owner says things, changes keys and publishes; the attacker serves whatever was or was not published."""

    served = Bundle("served")

    def __init__(self) -> None:
        super().__init__()
        self.owner = Publisher("hamm")
        self.trust = trusting(self.owner)
        self.known = Known("hamm")
        self.events: list[Event] = []
        self.now = NOW
        self.keys = 0

    @initialize(target=served, events=st.integers(0, 130))
    def begin(self, events: int) -> Files:
        self.say(events)
        return self.publish()

    @rule(events=st.integers(0, 120))
    def say(self, events: int) -> None:
        for _ in range(events):
            self.owner.say(len(self.owner.lines) % 7, Action.UPDATE)

    @precondition(lambda self: self.keys < 3)
    @rule()
    def change_key(self) -> None:
        self.keys += 1
        self.owner.change_key(Pen(f"key {self.keys}"))

    @rule(target=served)
    def publish(self) -> Files:
        self.owner.publish(self.now)
        return dict(self.owner.files)

    @rule(days=st.integers(0, 60))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(
        target=served,
        files=served,
        path=st.sampled_from([HEAD, SIGNATURE, page_path(1), page_path(2)]),
        data=st.data(),
    )
    def change_a_byte(self, files: Files, path: str, data: st.DataObject) -> Files:
        content = files.get(path, b"")
        place = data.draw(st.integers(0, max(len(content) - 1, 0)))
        return {**files, path: content[:place] + data.draw(st.binary(max_size=2)) + content[place + 1 :]}

    @rule(
        target=served,
        files=served,
        path=st.sampled_from([HEAD, page_path(1), page_path(2)]),
        share=st.floats(0, 1),
    )
    def cut_off(self, files: Files, path: str, share: float) -> Files:
        content = files.get(path, b"")
        return {**files, path: content[: int(len(content) * share)]}

    @rule(target=served, one=served, other=served)
    def mix(self, one: Files, other: Files) -> Files:
        """Serve an old head with new pages, or a new head with old ones."""
        return {**one, HEAD: other[HEAD], SIGNATURE: other[SIGNATURE]}

    @rule(target=served, files=served)
    def swap_pages(self, files: Files) -> Files:
        return {
            **files,
            page_path(1): files.get(page_path(2), b""),
            page_path(2): files.get(page_path(1), b""),
        }

    @rule(target=served, events=st.integers(1, 120), steals=st.booleans())
    def pose_as_the_owner(self, events: int, steals: bool) -> Files:
        """Serve another feed in the owner's name: signed by a stranger, or by whom a stranger has handed over to."""
        thief = Publisher("hamm", Pen("nobody") if steals else THIEF)
        for number in range(events):
            thief.say(number, Action.DELETE)
        if steals:
            thief.change_key(THIEF)
        thief.publish(self.now)
        return dict(thief.files)

    @rule(
        files=served,
        lost=st.sampled_from(["", HEAD, SIGNATURE, page_path(1), page_path(2)]),
        pages=st.integers(1, 3),
    )
    def visit(self, files: Files, lost: str, pages: int) -> None:
        def fetch(path: str, most: int) -> bytes:
            if path == lost or path not in files:
                raise Gone(path)
            return files[path][: most + 1]

        self.read(fetch, Limits(pages=pages))

    @rule()
    def the_attack_stops(self) -> None:
        self.owner.publish(self.now)
        self.read(self.owner.fetch, Limits())

        assert self.events == self.owner.events
        assert self.known.status is Status.FOLLOWED

    def read(self, fetch: Fetch, limits: Limits) -> None:
        before = self.known.sequence
        done = follow(self.known, fetch=fetch, trust=self.trust, verify=verify, now=self.now, limits=limits)
        self.known, self.trust = done.known, done.trust
        self.events += done.events

        assert self.known.sequence == before + len(done.events)

    @invariant()
    def only_what_the_owner_signed_was_taken_over(self) -> None:
        assert self.events == self.owner.events[: self.known.sequence]
        assert self.known.sequence <= self.owner.published
        assert self.known.status is not Status.STOPPED


FeedUnderAttack.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
test_a_feed_under_attack = FeedUnderAttack.TestCase

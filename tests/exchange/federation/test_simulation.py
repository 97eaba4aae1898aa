"""Thirty installations, ten thousand events, losses, repeats, interruptions, two that cheat: the honest ones agree."""

import random
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tandem.exchange.domain.feeds.reading import Status
from tandem.exchange.domain.feeds.state import applied
from tests.exchange.federation.installations import Forger, Installation, Network, TwoFaced
from tests.exchange.federation.keys import Pen
from tests.exchange.federation.publishing import NOW, Publisher, trusting

pytestmark = pytest.mark.slow
HONEST, EVENTS, ROUNDS = 28, 10_000, 10
LATE, RENEWED = "city-3", "city-7"  # one was offline for months, one gets a new key


class World:
    """All cities, and the days that pass."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.network = Network(self.chance)
        self.honest = [Installation(f"city-{number}") for number in range(HONEST)]
        self.two_faced, self.forger = TwoFaced("janus"), Forger("forger")
        self.now = NOW
        publishers = [each.publisher for each in self.honest]
        trust = trusting(*publishers, self.two_faced.faces[0], self.forger.publisher)
        for each in self.honest:
            each.trust = trust

    @property
    def publishers(self) -> list[Publisher]:
        return [each.publisher for each in self.honest]

    def a_week(self, events: int) -> None:
        """Let cities say things, sign their heads, and visit each other in a random order."""
        self.now += timedelta(days=7)
        cities = [each.city for each in self.honest]
        tellers = [*self.honest, self.two_faced, self.forger]
        for _ in range(events):
            teller = self.chance.choice(tellers)
            teller.tell(self.chance, [city for city in cities if city != teller.city])
        self.publish()
        visits = [
            (reader, city)
            for reader in self.honest
            if reader.city != LATE
            for city in [*cities, self.two_faced.city, self.forger.city]
            if city != reader.city and self.chance.random() < 0.25
        ]
        visits += self.chance.sample(visits, len(visits) // 10)
        self.chance.shuffle(visits)
        for reader, city in visits:
            self.visit(reader, city)

    def publish(self) -> None:
        for each in self.honest:
            each.publisher.publish(self.now, seen=each.tips)
        self.two_faced.publish(self.now)
        self.forger.publish(self.now, self.publishers)

    def visit(self, reader: Installation, city: str) -> None:
        fetch = self.network.through(self.way(reader.city, city))
        reader.visit(city, fetch, self.now, stored=self.network.calm or self.chance.random() > 0.05)

    def way(self, reader: str, city: str):
        """Return how a reader gets at a feed; now and then by way of the forger, unless it is calm."""
        if city == self.two_faced.city:
            return self.two_faced.fetch_for(reader, self.chance)
        if city == self.forger.city:
            return self.forger.publisher.fetch if self.network.calm else self.forger.fetch_own(self.chance)
        publisher = next(each for each in self.publishers if each.city == city)
        led_astray = not self.network.calm and self.chance.random() < 0.05
        return self.forger.fetch_of(publisher, self.chance) if led_astray else publisher.fetch

    def calm_down(self) -> int:
        """Let all visit all without losses until they know everything, and return how often that took."""
        self.network.calm = True
        for times in range(1, 9):
            self.publish()
            for reader in self.honest:
                for each in [*self.honest, self.two_faced, self.forger]:
                    if each.city != reader.city:
                        self.visit(reader, each.city)
            if all(reader.is_complete(self.honest) for reader in self.honest):
                return times
        raise AssertionError("they never knew everything")


@pytest.fixture(scope="module")
def world() -> World:
    world = World(seed=6)
    for number in range(ROUNDS):
        world.a_week(EVENTS // ROUNDS + (EVENTS % ROUNDS if not number else 0))
        if number == 4:
            renewed = next(each for each in world.honest if each.city == RENEWED)
            renewed.publisher.change_key(Pen("a new key"))
    world.calm_down()
    return world


def test_all_honest_cities_agree_on_what_honest_cities_said(world: World):
    truth = {each.city: applied({}, each.publisher.events) for each in world.honest}
    for reader in world.honest:
        theirs = {city: truth[city] for city in truth if city != reader.city}

        assert {city: reader.objects[city] for city in theirs} == theirs


def test_it_was_ten_thousand_events_and_a_rough_time(world: World):
    said = sum(each.publisher.feed.sequence for each in world.honest)
    said += world.two_faced.faces[0].feed.sequence + world.forger.publisher.feed.sequence
    troubles = sum((each.findings for each in world.honest), Counter())
    codes = {code for (_city, code), times in troubles.items() if times}

    assert said == EVENTS + 1  # and the change of key
    assert codes == {
        "tests.gone",
        "exchange.feed.expired",
        "exchange.feed.false-tip",
        "exchange.feed.forged",
        "exchange.feed.malformed",
        "exchange.feed.replayed",
        "exchange.feed.rewritten",
        "exchange.feed.spoke-for-another",
        "exchange.feed.stopped",
        "exchange.feed.too-large",
        "exchange.feed.truncated",
        "exchange.feed.two-faced",
        "exchange.feed.wrong-city",
        "exchange.feed.wrong-key-change",
        "exchange.feed.wrong-receipt",
    }


def test_everybody_found_out_that_one_city_has_two_faces(world: World):
    for reader in world.honest:
        assert reader.known["janus"].status is Status.STOPPED
        assert (
            reader.findings["janus", "exchange.feed.two-faced"]
            + reader.findings["janus", "exchange.feed.rewritten"]
        )


def test_everybody_found_out_what_the_forger_did(world: World):
    for reader in world.honest:
        assert reader.findings["forger", "exchange.feed.spoke-for-another"]
        assert {urlsplit(iri).netloc for iri in reader.objects["forger"]} == {"forger.example"}


def test_no_lie_has_stopped_an_honest_citys_feed(world: World):
    for reader in world.honest:
        stopped = [city for city, known in reader.known.items() if known.status is not Status.FOLLOWED]

        assert stopped == ["janus"]


def test_the_new_key_is_known_to_all(world: World):
    old, new = Pen(RENEWED).fingerprint, Pen("a new key").fingerprint
    for reader in world.honest:
        if reader.city != RENEWED:
            assert [reader.trust.keys[each].standing for each in (old, new)] == ["retired", "pinned"]

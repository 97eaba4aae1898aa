"""Installations that publish and follow, honest ones and two that are not; what lies between them loses and repeats."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from tandem.exchange.domain.feeds.event import Action
from tandem.exchange.domain.feeds.head import HEAD, SIGNATURE, Head, Tip
from tandem.exchange.domain.feeds.reading import Known, Limits
from tandem.exchange.domain.feeds.state import Objects, applied
from tandem.exchange.domain.trust import TrustList
from tandem.exchange.services.following import Fetch, Visit, compare_notes, follow, stopped
from tests.exchange.federation import keys
from tests.exchange.federation.publishing import NOW, Gone, Publisher

LIMITS = Limits(pages=3)
verify = lru_cache(8_192)(keys.verify)  # thirty readers in one process check the same signatures
BOMBS = [b"[" * 5_000_000, b"\n" * 5_000_000, b'{"a":' * 2_000, b"9" * 100_000, b""]
ACTIONS = [Action.CREATE] * 5 + [Action.UPDATE] * 4 + [Action.DELETE]


class Installation:
    """An honest city: it publishes a feed and follows all others."""

    def __init__(self, city: str) -> None:
        self.publisher = Publisher(city)
        self.trust = TrustList()
        self.known: dict[str, Known] = {}
        self.objects: dict[str, Objects] = {}
        self.hashes: dict[str, list[str]] = {}
        self.heads: dict[str, Head] = {}
        self.findings: Counter[tuple[str, str]] = Counter()
        self.taken = 0

    @property
    def city(self) -> str:
        return self.publisher.city

    @property
    def tips(self) -> list[Tip]:
        """What it has seen of others, to be passed on."""
        return [known.tip for known in self.known.values() if known.tip]

    def tell(self, chance: random.Random, others: Sequence[str]) -> None:
        """Say something at random of a thing of its own, now and then of an adoption."""
        if chance.random() < 0.1:
            to = chance.choice(others)
            content = {
                "measure": f"https://{to}.example/{chance.randrange(150)}",
                "to": to,
                "version": "1.0.0",
            }
            self.publisher.say(f"receipts/{chance.randrange(50)}", kind="receipt", content=content)
        else:
            content = {
                "cost": chance.randrange(10**6),
                "share": chance.random(),
                "title": "Grüne Welle für alle",
            }
            self.publisher.say(chance.randrange(150), chance.choice(ACTIONS), content=content)

    def visit(self, city: str, fetch: Fetch, now: datetime, *, stored: bool = True) -> Visit:
        """Visit a feed; ``stored`` is false where the machine dies before what came of it is stored."""
        known = self.known.get(city, Known(city))
        visit = follow(known, fetch=fetch, trust=self.trust, verify=verify, now=now, limits=LIMITS)
        if stored:
            self.known[city], self.trust = visit.known, visit.trust
            self.objects[city] = applied(self.objects.get(city, {}), visit.events)
            self.hashes.setdefault(city, []).extend(line.hash for line in visit.lines)
            self.findings.update((city, finding.code) for finding in visit.findings)
            self.taken += len(visit.lines)
            if visit.head:
                self.heads[city] = visit.head
                self.compare(visit.head)
        return visit

    def compare(self, head: Head) -> None:
        """Compare what another city has seen with what is known here."""
        notes = compare_notes(head, hash_at=self.hash_at, trust=self.trust, verify=verify)
        self.findings.update((finding.path.partition("#")[0], finding.code) for finding in notes.findings)
        for tip in notes.two_faced:
            if tip.city in self.known:
                self.known[tip.city] = stopped(self.known[tip.city])

    def hash_at(self, city: str, sequence: int) -> str | None:
        if city == self.city:
            return self.publisher.hash_at(sequence)
        hashes = self.hashes.get(city, ())
        return hashes[sequence - 1] if 0 < sequence <= len(hashes) else None

    def is_complete(self, others: Sequence["Installation"]) -> bool:
        """Return whether it knows the whole feed of each of these cities."""
        return all(
            len(self.hashes.get(each.city, ())) == each.publisher.feed.sequence
            for each in others
            if each is not self
        )


class TwoFaced:
    """A city that signs two histories and shows them to different readers, now and then both to the same."""

    def __init__(self, city: str) -> None:
        self.city = city
        self.faces = (Publisher(city), Publisher(city))

    def tell(self, chance: random.Random, others: Sequence[str]) -> None:
        name = chance.randrange(50)
        for number, face in enumerate(self.faces):
            face.say(name, content={"cost": 100 if len(face.lines) < 40 else number})

    def publish(self, now: datetime) -> None:
        for face in self.faces:
            face.publish(now)

    def fetch_for(self, reader: str, chance: random.Random) -> Fetch:
        mistaken = chance.random() < 0.3
        return self.faces[(sum(reader.encode()) + mistaken) % 2].fetch


class Forger:
    """A city that speaks for others in its feed, passes on lies, and tampers with what goes through its hands."""

    def __init__(self, city: str) -> None:
        self.publisher = Publisher(city)
        self.old: dict[tuple[str, str], bytes] = {}

    @property
    def city(self) -> str:
        return self.publisher.city

    def tell(self, chance: random.Random, others: Sequence[str]) -> None:
        victim = f"https://{chance.choice(others)}.example/{chance.randrange(150)}"
        deceit = chance.randrange(4)
        if deceit == 0:
            self.publisher.say("", chance.choice(ACTIONS), iri=victim, content={"title": "Taken over"})
        elif deceit == 1:
            self.publisher.say("r", kind="receipt", content={"measure": victim, "to": self.city})
        elif deceit == 2:
            self.publisher.say("k", kind="key-change", content={"old": "", "new": ""})
        else:
            self.publisher.say(chance.randrange(20))

    def publish(self, now: datetime, others: Sequence[Publisher]) -> None:
        """Publish, with lies about how far others went; and keep old heads to give out again."""
        lies = [
            Tip(each.city, max(each.feed.sequence, 1), "f" * 64, self.publisher.pen.sign(b""))
            for each in others
        ]
        self.publisher.publish(now, seen=lies)
        for each in others:
            for path in (HEAD, SIGNATURE):
                self.old.setdefault((each.city, path), each.files[path])

    def fetch_own(self, chance: random.Random) -> Fetch:
        """Return how it serves its own feed: mostly as it is, now and then a bomb."""
        if chance.random() < 0.6:
            return self.publisher.fetch
        bomb = chance.choice(BOMBS)
        if chance.random() < 0.5:
            return lambda path, most: (bomb if path.startswith("pages") else self.publisher.files[path])[
                : most + 1
            ]
        signed = {HEAD: bomb[:200_000], SIGNATURE: self.publisher.pen.sign(bomb[:200_000]).encode()}
        return lambda path, most: signed.get(path, bomb)[: most + 1]

    def fetch_of(self, victim: Publisher, chance: random.Random) -> Fetch:
        """Return how it serves the feed of another when asked in its place."""
        return chance.choice([self._replayed, self._forged, self._resigned, self._shortened])(victim)

    def _replayed(self, victim: Publisher) -> Fetch:
        return lambda path, most: self.old.get((victim.city, path), victim.files[path])[: most + 1]

    def _shortened(self, victim: Publisher) -> Fetch:
        return lambda path, most: victim.fetch(path, most)[: -99 if path.startswith("pages") else most + 1]

    def _forged(self, victim: Publisher) -> Fetch:
        return lambda path, most: victim.fetch(path, most).replace(b'"cost":', b'"cost":1')

    def _resigned(self, victim: Publisher) -> Fetch:
        """Serve a whole feed in the other's name, signed by a key of its own."""
        rogue = Publisher(victim.city, self.publisher.pen)
        rogue.say(1, Action.DELETE)
        rogue.publish(NOW)
        return rogue.fetch


class Network:
    """What happens to files on their way: some are lost, some break off."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.calm = False

    def through(self, fetch: Fetch) -> Fetch:
        """Return the same files, lossy unless it is calm."""

        def fetched(path: str, most: int) -> bytes:
            luck = 1.0 if self.calm else self.chance.random()
            if luck < 0.05:
                raise Gone(path)
            data = fetch(path, most)
            return data[: self.chance.randrange(len(data) + 1)] if luck < 0.1 else data

        return fetched

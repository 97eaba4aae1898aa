"""Whose signature counts: keys that were compared by people, seen only, replaced, or revoked.

A key is known by its fingerprint, the SHA-256 of the raw public key in hexadecimal. It is *pinned* for a city once
people of both cities have compared it; nothing else makes a key count, but that its predecessor hands over to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tandem.core.errors import Conflict, InvalidInput
from tandem.core.text import Sentence, say
from tandem.exchange.domain.feeds.canonical import canonical
from tandem.exchange.domain.feeds.refusal import FeedRefused
from tandem.exchange.domain.naming import STANDINGS, named


class Signer(Protocol):
    """Whose key a signature was made with."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the raw public key, in hexadecimal."""
        ...


Sign = Callable[[bytes], str]
Verify = Callable[[bytes, str], Signer | None]
"""Returns who signed these bytes, keys never seen before included; None where the signature is not theirs."""


class UnknownKey(FeedRefused):
    """Nobody has compared this key yet."""

    code = "exchange.feed.unknown-key"

    def __init__(self, city: str, fingerprint: str) -> None:
        sentence = say(
            "{city} signs with the key {fingerprint}, which nobody has compared yet. Call the city, compare the "
            "fingerprints, and then pin the key.",
            city=city,
            fingerprint=fingerprint,
        )
        super().__init__(sentence, city)
        self.fingerprint = fingerprint


class RevokedKey(FeedRefused):
    """The key was revoked, or has handed over to another."""

    code = "exchange.feed.revoked-key"


class WrongCity(FeedRefused):
    """The key, or the feed, is that of another city."""

    code = "exchange.feed.wrong-city"


class DisputedKey(FeedRefused):
    """A key has handed over to two others: one of them is a thief's."""

    code = "exchange.feed.disputed-key"


class OverlappingPrefixes(InvalidInput):
    """Two cities would own the same IRIs."""

    code = "exchange.trust.overlapping-prefixes"


class KeyOfAnother(Conflict):
    """The key belongs to another city, or was given up."""

    code = "exchange.trust.key-of-another"


class Standing(StrEnum):
    """What a key counts for."""

    SEEN = "seen"  # nothing: people have to compare it first
    PINNED = "pinned"
    RETIRED = "retired"  # it has handed over to its successor
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Key:
    """A city's key.

    Attributes:
        since: When it came to its standing.
        successor: Fingerprint of the key that a retired one handed over to.
    """

    city: str
    fingerprint: str
    standing: Standing
    since: datetime
    successor: str = ""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A city's key hands over to another: the old key says so, and the new one confirms it.

    Attributes:
        old: Fingerprint, like ``new``.
        sequence: Of the event in the city's feed that says so; with ``previous`` it binds the change to one history.
        by_old: Signature of ``statement``, like ``by_new``.
    """

    city: str
    old: str
    new: str
    sequence: int
    previous: str
    by_old: str = ""
    by_new: str = ""

    @property
    def statement(self) -> bytes:
        """What both keys sign."""
        return canonical(
            {
                "city": self.city,
                "new": self.new,
                "old": self.old,
                "previous": self.previous,
                "sequence": self.sequence,
                "type": "tandem-key-change",
            }
        )

    def signed(self, by_old: Sign, by_new: Sign) -> "KeyChange":
        """Return the change with both signatures."""
        return replace(self, by_old=by_old(self.statement), by_new=by_new(self.statement))

    def is_genuine(self, verify: Verify) -> bool:
        """Return whether both keys have signed it."""
        signers = [verify(self.statement, signature) for signature in (self.by_old, self.by_new)]
        return [each.fingerprint if each else None for each in signers] == [self.old, self.new]


@dataclass(frozen=True, slots=True)
class TrustList:
    """The keys that a city knows of its partners, and which IRIs are whose.

    Attributes:
        keys: By fingerprint.
        prefixes: By city: what the IRIs of its own things begin with, up to a slash.

    Raises:
        OverlappingPrefixes: A thing would belong to two cities.
    """

    keys: Mapping[str, Key] = field(default_factory=dict)
    prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        owned = [(prefix, city) for city, prefixes in self.prefixes.items() for prefix in prefixes]
        for prefix, city in owned:
            others = [each for each, other in owned if other != city and each.startswith(prefix)]
            if others or not prefix.endswith("/"):
                sentence = say(
                    "{prefix} of {city} must end with / and be no other's.", prefix=prefix, city=city
                )
                raise OverlappingPrefixes(sentence)

    def owns(self, city: str, iri: str) -> bool:
        """Return whether an IRI is one of a city's own.

        >>> TrustList(prefixes={"hamm": ("https://hamm.example/",)}).owns("hamm", "https://hamm.example/m/1")
        True
        """
        return iri.startswith(self.prefixes.get(city, ()))

    def standing(self, fingerprint: str) -> Standing | None:
        """Return what a key counts for; None where it was never seen."""
        key = self.keys.get(fingerprint)
        return key.standing if key else None

    def require(self, city: str, fingerprint: str) -> None:
        """Accept a key that speaks for a city.

        Raises:
            UnknownKey: Nobody has compared it yet.
            WrongCity: It is pinned for another city.
            RevokedKey: It was revoked, or has handed over.
        """
        key = self.keys.get(fingerprint)
        if key is None or key.standing is Standing.SEEN:
            raise UnknownKey(city, fingerprint)
        if key.city != city:
            sentence = say(
                "The feed of {city} is signed by the key of {other}. It was not read.",
                city=city,
                other=key.city,
            )
            raise WrongCity(sentence, city)
        if key.standing is not Standing.PINNED:
            raise RevokedKey(_given_up(city, fingerprint), city)

    def speaks_for(self, city: str, fingerprint: str) -> bool:
        """Return whether a key is or was a city's own, revoked or not."""
        key = self.keys.get(fingerprint)
        return key is not None and key.city == city and key.standing is not Standing.SEEN

    def seen(self, city: str, fingerprint: str, *, now: datetime) -> "TrustList":
        """Remember a key that came with a city's feed, for people to compare; only the newest of each city."""
        if fingerprint in self.keys:
            return self
        kept = {
            each.fingerprint: each
            for each in self.keys.values()
            if (each.city, each.standing) != (city, Standing.SEEN)
        }
        return replace(self, keys={**kept, fingerprint: Key(city, fingerprint, Standing.SEEN, now)})

    def pinned(self, city: str, fingerprint: str, *, now: datetime) -> "TrustList":
        """Let a key speak for a city, after people have compared its fingerprint.

        Raises:
            KeyOfAnother: It speaks for another city, or was retired or revoked.
        """
        key = self.keys.get(fingerprint, Key(city, fingerprint, Standing.SEEN, now))
        if key.standing is not Standing.SEEN and (key.city, key.standing) != (city, Standing.PINNED):
            raise KeyOfAnother(
                say(
                    "The key {fingerprint} is {standing}, of {city}. Ask for a new key.",
                    fingerprint=fingerprint,
                    standing=named(key.standing, STANDINGS),
                    city=key.city,
                )
            )
        return self._with(Key(city, fingerprint, Standing.PINNED, now))

    def revoked(self, city: str, fingerprint: str, *, now: datetime) -> "TrustList":
        """Let a key count for nothing from now on, whatever it counted for; nothing undoes this."""
        return self._with(Key(city, fingerprint, Standing.REVOKED, now))

    def after(self, change: KeyChange, *, verify: Verify, now: datetime) -> "TrustList":
        """Return what counts once a key has handed over.

        A change of a key that is not ours to judge (never pinned, or long since followed) is passed over.

        Raises:
            RevokedKey: The old key was revoked, so whoever holds it may be a thief.
            DisputedKey: It has handed over to another key before.
        """
        old = self.keys.get(change.old)
        if old is None or old.city != change.city or old.standing is Standing.SEEN:
            return self
        if self.speaks_for(change.city, change.new) or not change.is_genuine(verify):
            return self
        if old.standing is Standing.REVOKED:
            raise RevokedKey(_given_up(change.city, change.old), change.city)
        if old.standing is Standing.RETIRED:
            raise DisputedKey(_disputed(change, old.successor), change.city)
        retired = Key(change.city, change.old, Standing.RETIRED, now, successor=change.new)
        return self._with(retired)._with(Key(change.city, change.new, Standing.PINNED, now))

    def _with(self, key: Key) -> "TrustList":
        return replace(self, keys={**self.keys, key.fingerprint: key})


def _given_up(city: str, fingerprint: str) -> Sentence:
    return say(
        "The key {fingerprint} of {city} was revoked or has been replaced. What it signs is not accepted.",
        city=city,
        fingerprint=fingerprint,
    )


def _disputed(change: KeyChange, successor: str) -> Sentence:
    return say(
        "The key {old} of {city} was replaced by {first}, and now by {second} as well. Call the city and compare "
        "the fingerprints.",
        old=change.old,
        city=change.city,
        first=successor,
        second=change.new,
    )

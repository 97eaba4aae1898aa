"""Whose keys count, and which IRIs are whose: the trust list, from the rows and the configuration."""

import logging
from datetime import datetime

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, NotFound
from tandem.core.text import say
from tandem.exchange.domain.feeds.reading import Status
from tandem.exchange.domain.trust import Key, KeyOfAnother, Standing, TrustList
from tandem.exchange.models import PartnerFeed, PartnerKey
from tandem.exchange.services import keys
from tandem.kit import installation

log = logging.getLogger(__name__)


class NoKeySeen(NotFound):
    """No key of the city waits to be compared."""

    code = "exchange.trust.no-key-seen"

    def __init__(self, city: str) -> None:
        super().__init__(
            say("No key of {city} waits to be compared. Visit the feed of the city first.", city=city)
        )


class NotTheSeenKey(Conflict):
    """What was read out is not the key that the city's feed is signed with."""

    code = "exchange.trust.not-the-seen-key"

    def __init__(self, city: str) -> None:
        super().__init__(
            say(
                "The key that was seen with the feed of {city} is another one. Nothing was pinned. Let the partner "
                "read it out once more; if it stays different, somebody may have put another key in its place.",
                city=city,
            )
        )


def trust_list() -> TrustList:
    """Return the keys that this city knows, its own included, and which IRIs are whose; takes two queries.

    Raises:
        OverlappingPrefixes: The configuration gives the same addresses to two cities.
    """
    known = {row.fingerprint: _key(row) for row in PartnerKey.objects.all()}
    own = keys.own_standing()
    return TrustList({**known, **{key.fingerprint: key for key in own}}, prefixes())


def prefixes() -> dict[str, tuple[str, ...]]:
    """Return what the IRIs of each city's own things begin with: the address of its portal."""
    config = installation.config()
    addresses = {config.city.id: config.server.url, **{each.id: each.url for each in config.partners}}
    return {city: (f"{url.rstrip('/')}/",) for city, url in addresses.items()}


def _key(row: PartnerKey) -> Key:
    return Key(row.city, row.fingerprint, Standing(row.state), row.since, row.successor)


# --- change -------------------------------------------------------------------------------------
def store(before: TrustList, after: TrustList) -> None:
    """Keep what a visit changed in the trust list: a key seen for the first time, or one that handed over."""
    for fingerprint in before.keys.keys() - after.keys.keys():
        PartnerKey.objects.filter(fingerprint=fingerprint, state=Standing.SEEN).delete()
    for fingerprint, key in after.keys.items():
        if before.keys.get(fingerprint) != key:
            _keep(key, person=None)


@transaction.atomic
def see(city: str, fingerprint: str, *, person: Person | None, now: datetime) -> None:
    """Note a key that a city gave to us in another way than with its feed, for people to compare.

    Raises:
        KeyOfAnother: It speaks for another city, or for us.
    """
    trust = trust_list()
    known = trust.keys.get(fingerprint)
    if known is not None and known.city != city:
        raise KeyOfAnother(say("This is a key of {city}. Ask for the right one.", city=known.city))
    store(trust, trust.seen(city, fingerprint, now=now))
    audit.record(person, "exchange.key.see", _uri(fingerprint), {"city": city})


@transaction.atomic
def pin(city: str, fingerprint: str, *, how: str, person: Person | None, now: datetime) -> None:
    """Let a key speak for a city, after people of both have compared its fingerprint.

    Args:
        how: They compared it: ``meeting``, ``call`` or ``letter``.

    Raises:
        KeyOfAnother: It speaks for another city, or was retired or revoked.
    """
    trust = trust_list()
    _keep(trust.pinned(city, fingerprint, now=now).keys[fingerprint], person=person)
    PartnerFeed.objects.filter(city=city, status=Status.QUARANTINED).update(
        status=Status.FOLLOWED, visit_at=now, failures=0
    )
    audit.record(person, "exchange.key.pin", _uri(fingerprint), {"city": city, "how": how})
    log.info("exchange.key.pin", extra={"city": city, "fingerprint": fingerprint})


def pin_read_out(city: str, read_out: str, *, how: str, person: Person | None, now: datetime) -> bool:
    """Pin the key that was seen with a city's feed, if it is the one that the partner read out.

    Args:
        read_out: The whole fingerprint, as the partner has it.
        how: As of ``pin``.

    Returns:
        False where the key was pinned already; nothing is changed then.

    Raises:
        NoKeySeen: No key of the city waits.
        NotTheSeenKey: It is another one.
    """
    standings = dict(PartnerKey.objects.filter(city=city).values_list("fingerprint", "state"))
    if standings.get(read_out) == Standing.PINNED:
        return False
    if Standing.SEEN not in standings.values():
        raise NoKeySeen(city)
    if standings.get(read_out) != Standing.SEEN:
        raise NotTheSeenKey(city)
    pin(city, read_out, how=how, person=person, now=now)
    return True


@transaction.atomic
def revoke(city: str, fingerprint: str, *, reason: str, person: Person | None, now: datetime) -> None:
    """Let a key count for nothing from now on; nothing undoes this."""
    trust = trust_list()
    _keep(trust.revoked(city, fingerprint, now=now).keys[fingerprint], person=person)
    audit.record(person, "exchange.key.revoke", _uri(fingerprint), {"city": city, "reason": reason})
    log.info("exchange.key.revoke", extra={"city": city, "fingerprint": fingerprint})


def _keep(key: Key, *, person: Person | None) -> None:
    values = {
        "city": key.city,
        "state": key.standing.value,
        "since": key.since,
        "successor": key.successor,
        "decided_by": person,
    }
    PartnerKey.objects.update_or_create(
        fingerprint=key.fingerprint,
        defaults=values,
        create_defaults={**values, "first_seen_at": key.since},
    )


def _uri(fingerprint: str) -> str:
    return f"urn:tandem:key:{fingerprint}"

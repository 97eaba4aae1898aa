"""Visit partners' feeds: fetch over HTTP or from a folder, judge, and store what comes of it in one transaction."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.exchange.adapters import signing
from tandem.exchange.domain.feeds.head import Tip
from tandem.exchange.domain.feeds.reading import Known, Status
from tandem.exchange.domain.trust import TrustList
from tandem.exchange.models import PartnerFeed
from tandem.exchange.services import feed_notes, partner_events, trusting
from tandem.exchange.services.following import Fetch, Visit, follow
from tandem.exchange.services.partner_feeds import MOST_FINDINGS, address_of, feed_of, fetch_from
from tandem.kit import installation

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=12)


class OvertakenVisit(Conflict):
    """Something that the visit relied on has changed meanwhile; nothing of it was stored."""

    code = "exchange.feed.overtaken-visit"

    def __init__(self, city: str) -> None:
        super().__init__(
            say("Somebody else visited {city}, or keys were changed meanwhile. Visit it again.", city=city)
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a visit.

    Attributes:
        taken: How many events are new.
        findings: About the visit and about single events.
    """

    feed: PartnerFeed
    taken: int
    complete: bool
    findings: Sequence[Finding]


def visit(city: str, *, now: datetime, fetch: Fetch | None = None) -> Outcome:
    """Visit a partner's feed once, and take over what its city has signed since the last visit.

    Nothing is raised for what may be wrong with the feed: it becomes a finding, kept with the feed.

    Args:
        fetch: Where the files come from; over HTTP from the partner's portal without it.

    Raises:
        NoPartner: The configuration names none of that id.
        OvertakenVisit: Another visit, or a person who pinned or revoked a key, was faster. Nothing is stored.
    """
    fetch = fetch or fetch_from(city)
    feed, trust = feed_of(city), trusting.trust_list()
    known = _known(feed)
    done = follow(known, fetch=fetch, trust=trust, verify=signing.verify, now=now)
    with transaction.atomic():
        current = PartnerFeed.objects.select_for_update().get(pk=feed.pk)
        if _known(current) != known or trusting.trust_list() != trust:
            raise OvertakenVisit(city)
        outcome = _store(current, done, trust, now)
    log.info(
        "exchange.feed.visit",
        extra={"city": city, "sequence": outcome.feed.sequence, "findings": len(outcome.findings)},
    )
    return outcome


def _known(feed: PartnerFeed) -> Known:
    tip = Tip(feed.city, feed.tip_sequence, feed.tip_hash, feed.tip_signature) if feed.tip_signature else None
    return Known(feed.city, feed.sequence, feed.hash, feed.published, tip, Status(feed.status))


def _store(feed: PartnerFeed, done: Visit, trust: TrustList, now: datetime) -> Outcome:
    trusting.store(trust, done.trust)
    was = feed.status
    feed.sequence, feed.hash, feed.published = done.known.sequence, done.known.hash, done.known.published
    feed.status = done.known.status.value
    if done.known.tip:
        tip = done.known.tip
        feed.tip_sequence, feed.tip_hash, feed.tip_signature = tip.sequence, tip.hash, tip.signature
    if done.head:
        feed.head, feed.waiting = done.head.bytes.decode(), {}
    if done.quarantined:
        waits = done.quarantined
        feed.waiting = {
            "data": waits.data.decode("utf-8", "replace"),
            "signature": waits.signature,
            "signer": waits.signer,
        }
    about = partner_events.apply(feed, done, now)
    partner_events.keep_lines(feed, done, about, now)
    _schedule(feed, done, now)
    feed.findings = [each.as_dict() for each in _of_the_visit(done)][:MOST_FINDINGS]
    feed.save()
    if feed.status != was and feed.status == Status.STOPPED:
        audit.record(None, "exchange.feed.stop", address_of(feed.city), {"city": feed.city})
    feed_notes.compare(feed)
    every = [*done.findings, *(each for found in about.values() for each in found)]
    return Outcome(feed, len(done.lines), done.complete, every)


def _of_the_visit(done: Visit) -> list[Finding]:
    """Return the findings about the visit itself; those about an event stand with the event."""
    city = done.known.city
    return [each for each in done.findings if partner_events.place_of(each, city) is None]


def _schedule(feed: PartnerFeed, done: Visit, now: datetime) -> None:
    """Say when to come again: soon where there is more, later and later where nothing comes of it."""
    feed.visited_at = now
    feed.failures = 0 if done.head else feed.failures + 1
    pause = min(EVERY * 2 ** min(feed.failures, 10), LONGEST_PAUSE)
    feed.visit_at = now if done.head and not done.complete and done.lines else now + pause


# --- what is due --------------------------------------------------------------------------------
def due(now: datetime) -> list[str]:
    """Return the partners whose feeds are to be visited again. A stopped feed waits for a decision."""
    known = {row.city: row for row in PartnerFeed.objects.all()}
    cities = [each.id for each in installation.config().partners]
    return [
        city
        for city in cities
        if city not in known or (known[city].status != Status.STOPPED and known[city].visit_at <= now)
    ]

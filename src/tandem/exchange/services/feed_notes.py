"""Compare notes with the partners: a city that shows different feeds to different cities is found out, and stopped."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tandem.accounts.services import audit
from tandem.core.findings import Finding
from tandem.exchange.adapters import signing
from tandem.exchange.domain.feeds.head import Head, Tip, read_head
from tandem.exchange.domain.feeds.reading import Status
from tandem.exchange.models import OwnEvent, PartnerEvent, PartnerFeed
from tandem.exchange.services import trusting
from tandem.exchange.services.following import compare_notes
from tandem.exchange.services.partner_feeds import MOST_FINDINGS, address_of
from tandem.kit import installation

log = logging.getLogger(__name__)


def compare(fresh: PartnerFeed) -> None:
    """Compare what every partner has seen of others with what is known here, and stop a feed with two faces."""
    feeds = {row.city: row for row in PartnerFeed.objects.all()}
    heads = {city: read_head(row.head.encode(), city) for city, row in feeds.items() if row.head}
    hashes = _hashes([tip for head in heads.values() for tip in head.seen])
    trust = trusting.trust_list()
    for teller, head in heads.items():
        notes = compare_notes(
            _without_settled(head, feeds), hash_at=hashes, trust=trust, verify=signing.verify
        )
        if notes.findings:
            _keep_notes(feeds[teller], notes.findings)
        for tip in notes.two_faced:
            _stop(feeds.get(tip.city), tip)
    if fresh.city in feeds:
        fresh.refresh_from_db()


def _without_settled(head: Head, feeds: Mapping[str, PartnerFeed]) -> Head:
    kept = tuple(
        tip for tip in head.seen if tip.city not in feeds or _settled(tip) not in feeds[tip.city].settled
    )
    return replace(head, seen=kept)


def _settled(tip: Tip) -> str:
    return f"{tip.sequence}:{tip.hash}"


def _hashes(tips: Sequence[Tip]) -> Callable[[str, int], str | None]:
    """Return what knows the hashes of all events that tips speak of, our own included; takes two queries."""
    own = installation.city().id
    wanted = {tip.sequence for tip in tips}
    rows = PartnerEvent.objects.filter(feed__city__in={tip.city for tip in tips}, sequence__in=wanted)
    known = {
        (city, number): hash_ for city, number, hash_ in rows.values_list("feed__city", "sequence", "hash")
    }
    ours = OwnEvent.objects.filter(sequence__in={tip.sequence for tip in tips if tip.city == own})
    known |= {(own, number): hash_ for number, hash_ in ours.values_list("sequence", "hash") if number}
    return lambda city, sequence: known.get((city, sequence))


def _keep_notes(feed: PartnerFeed, found: Sequence[Finding]) -> None:
    said = [each.as_dict() for each in found]
    feed.findings = [*(each for each in feed.findings if each not in said), *said][-MOST_FINDINGS:]
    feed.save(update_fields=["findings"])


def _stop(feed: PartnerFeed | None, tip: Tip) -> None:
    if feed is None or feed.status == Status.STOPPED:
        return
    feed.status = Status.STOPPED.value
    feed.save(update_fields=["status"])
    audit.record(
        None, "exchange.feed.stop", address_of(feed.city), {"city": feed.city, "event": tip.sequence}
    )
    log.warning("exchange.feed.two-faced", extra={"city": feed.city, "sequence": tip.sequence})


def settle(feed: PartnerFeed) -> None:
    """Remember which contradictions were decided on, so that they do not stop the feed again."""
    tips = [
        tip
        for row in PartnerFeed.objects.exclude(head="")
        for tip in read_head(row.head.encode(), row.city).seen
        if tip.city == feed.city
    ]
    feed.settled = sorted({*feed.settled, *map(_settled, tips)})

"""What people decide about a partner's feed that was stopped: go on, begin anew, or leave it stopped."""

import logging
from datetime import datetime

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.text import say
from tandem.exchange.domain.feeds.event import START
from tandem.exchange.domain.feeds.reading import Status
from tandem.exchange.models import PartnerFeed
from tandem.exchange.services import applying, feed_notes
from tandem.exchange.services.partner_feeds import address_of

log = logging.getLogger(__name__)


class NotStopped(Conflict):
    """The feed is not stopped, so there is nothing to decide."""

    code = "exchange.feed.not-stopped"


@transaction.atomic
def go_on(city: str, *, reason: str, person: Person | None, now: datetime) -> None:
    """Follow a stopped feed again, and go on believing the history that is known here.

    Raises:
        NotStopped: It is not stopped.
    """
    feed = _stopped(city)
    feed_notes.settle(feed)
    _follow_again(feed, now)
    audit.record(person, "exchange.feed.go-on", address_of(city), {"city": city, "reason": reason})


@transaction.atomic
def begin_anew(city: str, *, reason: str, person: Person | None, now: datetime) -> None:
    """Follow a stopped feed from its beginning, and believe what its city signs now.

    What it had told no longer counts; measures come back as it tells of them again.

    Raises:
        NotStopped: It is not stopped.
    """
    feed = _stopped(city)
    feed_notes.settle(feed)
    applying.forget(city, now=now)
    feed.events.all().delete()
    feed.sequence, feed.hash, feed.published, feed.head = 0, START, None, ""
    feed.tip_sequence, feed.tip_hash, feed.tip_signature = 0, "", ""
    _follow_again(feed, now)
    audit.record(person, "exchange.feed.begin-anew", address_of(city), {"city": city, "reason": reason})


@transaction.atomic
def stay_stopped(city: str, *, reason: str, person: Person | None) -> None:
    """Leave a feed stopped, and keep why.

    Raises:
        NotStopped: It is not stopped.
    """
    _stopped(city)
    audit.record(person, "exchange.feed.stay", address_of(city), {"city": city, "reason": reason})


def _stopped(city: str) -> PartnerFeed:
    feed = PartnerFeed.objects.select_for_update().filter(city=city, status=Status.STOPPED).first()
    if feed is None:
        raise NotStopped(say("The feed of {city} is not stopped. Reload the page.", city=city))
    return feed


def _follow_again(feed: PartnerFeed, now: datetime) -> None:
    feed.status, feed.waiting, feed.findings = Status.FOLLOWED.value, {}, []
    feed.failures, feed.visit_at = 0, now
    feed.save()
    log.info("exchange.feed.follow-again", extra={"city": feed.city})

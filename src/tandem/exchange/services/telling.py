"""Tell the partners something: an event for this city's own feed, in the transaction of whoever calls."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import Sentence
from tandem.exchange.adapters import signing
from tandem.exchange.domain.feeds.admission import objections, personal_data
from tandem.exchange.domain.feeds.event import Action, Event
from tandem.exchange.domain.feeds.feed import Feed
from tandem.exchange.models import OwnEvent
from tandem.exchange.services import own_feed
from tandem.exchange.services.trusting import trust_list
from tandem.kit import installation

log = logging.getLogger(__name__)
_LONGEST_SEQUENCE = 10**12  # an event must fit wherever in the feed it comes to stand


class NobodyWouldBelieve(InvalidInput):
    """Every reader would set the event aside.

    Attributes:
        reason: Code of the finding that readers would have.
    """

    code = "exchange.feed.nobody-would-believe"

    def __init__(self, sentence: Sentence | str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def tell(action: Action, iri: str, kind: str, content: Mapping[str, Any], *, now: datetime) -> None:
    """Add an event to this city's own feed; it is published soon after the caller's transaction.

    Args:
        iri: Of the object, which must be one of this city's own.
        kind: Mostly a ``domain.feeds.event.Kind``; a ``receipt`` names ``measure`` and ``to``, the city it is for.
        content: Plain JSON without anything about persons: feeds are copied. Empty of a deletion.

    Raises:
        NotCanonical: The content cannot be written as canonical JSON.
        Malformed: The IRI is none, or a deletion has a content.
        FeedTooLarge: The event has more than 32,768 bytes.
        NobodyWouldBelieve: It is about another city's thing, or a receipt for nothing of the city it is for.
    """
    city = installation.city().id
    event = Feed(city, _LONGEST_SEQUENCE).add(action, iri, kind, content, published=now)[1]
    _refuse_unbelievable(event, city)
    for finding in personal_data(event):
        log.warning("exchange.feed.personal-data", extra={"iri": iri, "where": finding.path})
    OwnEvent.objects.create(action=action.value, iri=iri, kind=str(kind), content=dict(content), at=now)
    own_feed.nudge(now)


def _refuse_unbelievable(event: Event, city: str) -> None:
    for finding in objections(event, city=city, trust=trust_list(), verify=signing.verify):
        raise NobodyWouldBelieve(finding.message, finding.code)

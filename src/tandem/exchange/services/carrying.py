"""Feeds as folders that a stick carries: copied out, verified, and taken in like a visit."""

from datetime import datetime
from pathlib import Path

from tandem.core.errors import NotFound
from tandem.core.text import say
from tandem.exchange.adapters import signing
from tandem.exchange.adapters.feed_files import FeedFolder
from tandem.exchange.domain.feeds.event import START
from tandem.exchange.domain.feeds.reading import Known
from tandem.exchange.services import own_feed, partner_feeds, trusting, visiting
from tandem.exchange.services.following import Visit, follow


class NoFeedInFolder(NotFound):
    """There is no feed in the folder."""

    code = "exchange.feed.none-in-folder"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            say("There is no head.json in {folder}. Name the folder that it is in.", folder=folder)
        )


def city_of(folder: Path) -> str:
    """Return whose feed a folder says to hold; whether it does, ``verified`` and ``take_in`` find out.

    Raises:
        NoFeedInFolder: There is none.
        Malformed: The head is damaged.
    """
    found = FeedFolder(folder).published()
    if found is None:
        raise NoFeedInFolder(folder)
    return found[0].city


def verified(folder: Path, *, now: datetime) -> Visit:
    """Judge all of a feed in a folder, from its first event on, as a reader would. Nothing is stored.

    Raises:
        NoFeedInFolder: There is none.
        Malformed: The head is damaged.
    """
    city, fetch = city_of(folder), FeedFolder(folder).fetch
    done = follow(
        Known(city, hash=START), fetch=fetch, trust=trusting.trust_list(), verify=signing.verify, now=now
    )
    while done.head and not done.complete and done.lines:
        on = follow(done.known, fetch=fetch, trust=done.trust, verify=signing.verify, now=now)
        if not on.lines:
            return on
        done = on
    return done


def take_in(folder: Path, *, now: datetime) -> visiting.Outcome:
    """Take over what is new in a partner's feed that came in a folder, just as a visit over HTTP does.

    Raises:
        NoFeedInFolder: There is none.
        Malformed: The head is damaged.
        NoPartner: The configuration names no such city.
        OvertakenVisit: Another visit was faster.
    """
    city, fetch = city_of(folder), FeedFolder(folder).fetch
    partner_feeds.address_of(city)
    outcome = visiting.visit(city, now=now, fetch=fetch)
    while not outcome.complete and outcome.taken:
        outcome = visiting.visit(city, now=now, fetch=fetch)
    return outcome


def copy_out(folder: Path, *, now: datetime) -> int:
    """Publish what waits, and copy the own feed into a folder; return how many events it has.

    A copy that is there already is brought up to date; that of another feed is refused.

    Raises:
        OtherHistory: The folder holds another feed, or a newer state of this one.
    """
    own_feed.publish(now)
    return own_feed.folder().copy_to(FeedFolder(folder)).sequence


def recover(folder: Path, *, now: datetime) -> int:
    """Take back from a copy of the own feed what this database does not know, publish all, and return how many.

    Raises:
        NoFeedInFolder: There is none.
        NotOurFeed: Another city has signed it.
        Rewritten: It is another history than the one that the rows know.
    """
    source = FeedFolder(folder)
    if source.published() is None:
        raise NoFeedInFolder(folder)
    events = own_feed.take_back(source)
    own_feed.publish(now, anew=True)
    return events

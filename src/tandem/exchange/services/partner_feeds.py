"""Where a partner's feed is: its address, its files over HTTP, and the row that is kept of it."""

from tandem.core.errors import NotFound
from tandem.core.text import say
from tandem.exchange.domain.feeds.event import START
from tandem.exchange.domain.feeds.refusal import FeedTooLarge
from tandem.exchange.models import PartnerFeed
from tandem.exchange.services.following import Fetch
from tandem.kit import installation
from tandem.kit.fetch import Fetcher, TooLarge, host_and_port

SECONDS = 30.0
MOST_FINDINGS = 50
"""As many are kept with a feed."""


class NoPartner(NotFound):
    """The configuration names no such partner city."""

    code = "exchange.no-partner"

    def __init__(self, city: str) -> None:
        super().__init__(say("There is no partner city {city} in the configuration.", city=city))


def address_of(city: str) -> str:
    """Return where a partner's feed is, with a slash at the end.

    Raises:
        NoPartner: The configuration names none of that id.
    """
    partner = installation.config().partner(city)
    if partner is None:
        raise NoPartner(city)
    return f"{partner.url}/feed/"


def fetch_from(city: str) -> Fetch:
    """Return what fetches the files of a partner's feed over HTTP, guarded like every way out.

    Raises:
        NoPartner: The configuration names none of that id.
    """
    address = address_of(city)
    partner = installation.config().partner(city)
    is_local = partner is not None and partner.may_be_local
    allowed = frozenset([host_and_port(address)] if is_local else [])

    def fetch(path: str, most_bytes: int) -> bytes:
        fetcher = Fetcher(allowed=allowed, max_bytes=most_bytes, seconds=SECONDS, pause_seconds=SECONDS / 2)
        try:
            return fetcher.fetch(f"{address}{path}").content
        except TooLarge as error:
            sentence = say("{path} has more than {most} bytes.", path=f"{city}/{path}", most=most_bytes)
            raise FeedTooLarge(sentence, f"{city}/{path}") from error

    return fetch


def feed_of(city: str) -> PartnerFeed:
    """Return the row of a partner's feed, made the first time."""
    return PartnerFeed.objects.get_or_create(city=city, defaults={"hash": START})[0]

"""What a reader does not accept of a feed: each reason an error with a code, a place and a sentence for people."""

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence


class FeedRefused(InvalidInput):
    """Something of a feed is not accepted; what was accepted before stays.

    Attributes:
        path: Where: a city, its page, its event.
    """

    code = "exchange.feed.refused"

    def __init__(self, sentence: Sentence, path: str) -> None:
        super().__init__(sentence)
        self.path = path

    @property
    def finding(self) -> Finding:
        """The same as a finding."""
        return Finding(Severity.ERROR, self.code, self.path, self.sentence)


class Malformed(FeedRefused):
    """It is not of the form that a feed has."""

    code = "exchange.feed.malformed"


class FeedTooLarge(FeedRefused):
    """It is larger than allowed."""

    code = "exchange.feed.too-large"

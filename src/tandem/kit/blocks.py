"""What a room has to say on the home page."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class BlockItem:
    """One line of a block."""

    title: str
    url: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """A block of the home page.

    Attributes:
        text: One sentence under the title.
        items: What is going on, the newest first.
        more_url: Where the rest is.
    """

    id: str
    title: Text
    text: Text = ""
    items: list[BlockItem] = field(default_factory=list)
    more_url: str = ""
    more_label: Text = ""

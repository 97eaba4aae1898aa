"""References between rooms: a URI and enough to show it, never a foreign key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tandem.core.text import pick


@dataclass(frozen=True, slots=True)
class Reference:
    """Something in another room, or in another city.

    Attributes:
        uri: What it is called for ever.
        kind: ``dataset``, ``project``, ``junction``, ``measure`` …
        titles: By language code.
        path: Where its page is, relative to the site and without a language; or a full address.
    """

    uri: str
    kind: str
    titles: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    def title(self, language: str) -> str:
        """Return the title in ``language``, or the nearest there is."""
        return pick(self.titles, language, default=self.uri)

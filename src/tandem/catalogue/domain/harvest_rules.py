"""What of a source is taken over, and how often it is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from tandem.catalogue.domain.description import DatasetDescription

_DOCUMENTS = (".ttl", ".rdf", ".jsonld", ".nt", ".xml", ".n3")


class Kind(StrEnum):
    """What a source speaks."""

    DCAT = "dcat"
    CKAN = "ckan"


class Schedule(StrEnum):
    """How often a source is asked; the empty one leaves it to the configuration."""

    DEFAULT = ""
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    BY_HAND = "by-hand"


_HOURS = {Schedule.HOURLY: 1, Schedule.DAILY: 24, Schedule.WEEKLY: 168, Schedule.BY_HAND: 0}


def is_due(schedule: Schedule, *, last: datetime | None, default_hours: int, now: datetime) -> bool:
    """Return whether a source is to be asked again.

    Args:
        last: When it was last asked; None for never.
        default_hours: What the configuration says; 0 for only by hand.
        now: Timezone-aware, like ``last``.
    """
    hours = _HOURS.get(schedule, default_hours)
    return hours > 0 and (last is None or now - last >= timedelta(hours=hours))


def guessed_kind(url: str) -> Kind | None:
    """Return what an address tells of its kind by itself, None where it must be asked.

    >>> guessed_kind("https://a.example/catalogue.ttl"), guessed_kind("https://a.example/api/3/action")
    (<Kind.DCAT: 'dcat'>, <Kind.CKAN: 'ckan'>)
    """
    path = urlsplit(url).path.lower().rstrip("/")
    if path.endswith(_DOCUMENTS):
        return Kind.DCAT
    return Kind.CKAN if path.endswith("/api") or ("/api/" in f"{path}/" and "action" in path) else None


@dataclass(frozen=True, slots=True)
class HarvestRules:
    """What of a source is wanted. Nothing said is everything.

    Attributes:
        publishers: Names or IRIs; only theirs.
        themes: IRIs; only those with one of them.
        keywords: Only those with one of them.
        without: Keywords, publishers or IRIs of what is left out, whatever else holds.
        licence: IRI for files that say none.
    """

    publishers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    licence: str = ""

    def wants(self, described: DatasetDescription) -> bool:
        """Return whether a dataset is to be taken over."""
        bodies, words = _bodies(described), _folded(_words(described))
        if _folded(self.without) & {*bodies, *words, described.iri.lower()}:
            return False
        return all(
            not wanted or wanted & has
            for wanted, has in (
                (_folded(self.publishers), bodies),
                (_folded(self.keywords), words),
                (_folded(self.themes), _folded(described.themes)),
            )
        )

    def completed(self, described: DatasetDescription) -> tuple[DatasetDescription, int]:
        """Return a dataset with the licence that is assumed, and how many of its files needed it."""
        lacking = sum(not part.licence for part in described.distributions) if self.licence else 0
        if not lacking:
            return described, 0
        parts = tuple(replace(part, licence=part.licence or self.licence) for part in described.distributions)
        return replace(described, distributions=parts), lacking


def _bodies(described: DatasetDescription) -> set[str]:
    agent = described.publisher
    return _folded((*agent.names.values(), agent.iri)) if agent else set()


def _words(described: DatasetDescription) -> Iterable[str]:
    keywords: Mapping[str, tuple[str, ...]] = described.keywords
    return (word for words in keywords.values() for word in words)


def _folded(texts: Iterable[str]) -> set[str]:
    return {text.strip().lower() for text in texts} - {""}

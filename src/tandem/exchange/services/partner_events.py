"""The events of a partner's feed: what they change here, and every line as it was signed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from tandem.core.findings import Finding
from tandem.exchange.domain.feeds.canonical import canonical, read_canonical
from tandem.exchange.domain.feeds.event import Action, Event, Kind, event_of
from tandem.exchange.domain.feeds.reading import Line
from tandem.exchange.domain.feeds.refusal import Malformed
from tandem.exchange.models import PartnerEvent, PartnerFeed
from tandem.exchange.services import applying
from tandem.exchange.services.following import Visit

_KINDS = {kind.value for kind in Kind}


def about_iri(iri: str) -> str:
    """Return what an IRI is found by among the events."""
    return sha256(iri.encode()).hexdigest()


def apply(feed: PartnerFeed, done: Visit, now: datetime) -> dict[int, list[Finding]]:
    """Put the events of a visit to use; return what there is to say of them, by their sequence."""
    gone = PartnerEvent.objects.filter(feed=feed, action=Action.DELETE, is_set_aside=False)
    by_about = {about_iri(event.iri): event.iri for event in done.events}
    deleted = [by_about[each] for each in gone.values_list("about", flat=True) if each in by_about]
    seen: dict[str, Event] = {}

    def before(iri: str) -> Event | None:
        return _said_before(feed, iri, seen)

    return applying.apply(_noting(done.events, seen), gone=deleted, before=before, now=now)


def _noting(events: Iterable[Event], seen: dict[str, Event]) -> Iterable[Event]:
    """Yield events, and remember of each object what was said of it before the event at hand."""
    last: Event | None = None
    for event in events:
        if last is not None and last.action is not Action.DELETE:
            seen[last.iri] = last
        last = event
        yield event


def _said_before(feed: PartnerFeed, iri: str, seen: Mapping[str, Event]) -> Event | None:
    if iri in seen:
        return seen[iri]
    rows = PartnerEvent.objects.filter(feed=feed, about=about_iri(iri), is_set_aside=False)
    row = rows.exclude(action__in=["", Action.DELETE]).order_by("-sequence").first()
    return event_of(read_canonical(row.line.encode()), iri) if row else None


def keep_lines(feed: PartnerFeed, done: Visit, about: Mapping[int, Sequence[Finding]], now: datetime) -> None:
    """Keep every new line of a feed as it was signed, with what there is to say of it: those set aside included.

    Args:
        about: What came of putting events to use, by their sequence.
    """
    counted = {event.sequence: event for event in done.events}
    findings: dict[int, list[Finding]] = {}
    for finding in done.findings:
        if place := place_of(finding, feed.city):
            findings.setdefault(place, []).append(finding)
    for sequence, found in about.items():
        findings.setdefault(sequence, []).extend(found)
    PartnerEvent.objects.bulk_create(
        [
            _row(feed, line, counted.get(line.sequence), findings.get(line.sequence, ()), now)
            for line in done.lines
        ],
        batch_size=500,
    )


def place_of(finding: Finding, city: str) -> int | None:
    """Return the sequence of the event that a finding is about.

    >>> from tandem.core.findings import Severity
    >>> place_of(Finding(Severity.ERROR, "a", "hamm#12/content", ""), "hamm")
    12
    """
    place = finding.path.removeprefix(f"{city}#").partition("/")[0]
    return int(place) if finding.path.startswith(f"{city}#") and place.isdecimal() else None


def _row(
    feed: PartnerFeed, line: Line, event: Event | None, found: Iterable[Finding], now: datetime
) -> PartnerEvent:
    said = event or _event_or_none(line)
    return PartnerEvent(
        feed=feed,
        sequence=line.sequence,
        hash=line.hash,
        action=said.action.value if said else "",
        kind=said.kind if said and said.kind in _KINDS else "",
        about=about_iri(said.iri) if said else "",
        line=canonical(line.values).decode(),
        findings=[each.as_dict() for each in found],
        is_set_aside=event is None,
        taken_at=now,
    )


def _event_or_none(line: Line) -> Event | None:
    try:
        return event_of(line.values, "")
    except Malformed:
        return None

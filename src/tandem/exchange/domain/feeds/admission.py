"""What a city may say in its feed: of its own things only, and nothing about persons."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.exchange.domain.feeds.event import Action, Event, Kind
from tandem.exchange.domain.feeds.head import change_of
from tandem.exchange.domain.feeds.refusal import Malformed
from tandem.exchange.domain.trust import TrustList, Verify

SPOKE_FOR_ANOTHER = "exchange.feed.spoke-for-another"
WRONG_RECEIPT = "exchange.feed.wrong-receipt"
WRONG_KEY_CHANGE = "exchange.feed.wrong-key-change"
PERSONAL_DATA = "exchange.feed.personal-data"
_PERSONAL_NAMES = {
    *(
        "birthday",
        "email",
        "family_name",
        "first_name",
        "given_name",
        "last_name",
        "mobile",
        "person",
        "phone",
    ),
    *("surname", "telephone", "username"),
}
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w-]")
_PHONE = re.compile(r"(?<![\w.:-])(?:\+|00)[1-9]\d{0,2}[ /()-]{0,2}\d(?:[ /()-]{0,2}\d){5,12}(?![\w.:-])")


def objections(event: Event, *, city: str, trust: TrustList, verify: Verify) -> list[Finding]:
    """Return why an event of a city's feed is set aside; empty where it counts.

    Every reader with the same agreements comes to the same answer, so all of them set aside the same events.
    """
    path = f"{city}#{event.sequence}"
    return [
        Finding(Severity.ERROR, code, path, sentence)
        for code, sentence in _faults(event, city, trust, verify)
    ]


def personal_data(event: Event) -> list[Finding]:
    """Return what in an event looks like data about persons. Feeds are copied by others and cannot be erased.

    A mailbox of an office is told as well; whoever publishes decides.
    """
    path = f"{event.city}#{event.sequence}"
    return [
        Finding(
            Severity.WARNING,
            PERSONAL_DATA,
            f"{path}/{where}",
            say(
                "{path}: {where} looks like data about a person. Feeds must not carry any.",
                path=path,
                where=where,
            ),
        )
        for where in _personal(event.content, "content")
    ]


def _faults(event: Event, city: str, trust: TrustList, verify: Verify) -> Iterator[tuple[str, Sentence]]:
    if event.city != city or not trust.owns(city, event.iri):
        yield (
            SPOKE_FOR_ANOTHER,
            say("{city} spoke of {iri}, which is not its own. It was set aside.", city=city, iri=event.iri),
        )
    if event.action is Action.DELETE:
        return
    if event.kind == Kind.RECEIPT and not _is_receipt(event, trust):
        yield (
            WRONG_RECEIPT,
            say("{iri} is no receipt for a measure of the city that it is for.", iri=event.iri),
        )
    if event.kind == Kind.KEY_CHANGE and not _is_key_change(event, verify):
        yield WRONG_KEY_CHANGE, say("{iri} is no change of key that both keys have signed.", iri=event.iri)


def _is_receipt(event: Event, trust: TrustList) -> bool:
    """Return whether a receipt names a measure of the city that it is for, as far as that city is known."""
    measure, receiver = event.content.get("measure"), event.content.get("to")
    if not isinstance(measure, str) or not isinstance(receiver, str) or receiver == event.city:
        return False
    if receiver in trust.prefixes:
        return trust.owns(receiver, measure)
    return not any(trust.owns(other, measure) for other in trust.prefixes)


def _is_key_change(event: Event, verify: Verify) -> bool:
    try:
        change = change_of(event.content, event.city, event.iri)
    except Malformed:
        return False
    where = (change.sequence, change.previous) == (event.sequence, event.previous)
    return where and change.is_genuine(verify)


def _personal(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            below = f"{where}/{name}"
            if name.lower().replace("-", "_") in _PERSONAL_NAMES and inner:
                yield below
            else:
                yield from _personal(inner, below)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _personal(inner, f"{where}/{index}")
    elif isinstance(value, str) and (("@" in value and _MAIL.search(value)) or _PHONE.search(value)):
        yield where

"""Who took a measure over, as its origin was told: version, state, parts, and what it brought there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tandem.core.text import pick
from tandem.exchange import labels
from tandem.exchange.domain.adoption import PartState
from tandem.exchange.domain.card import Card
from tandem.exchange.models import Receipt
from tandem.exchange.services.browsing import city_name
from tandem.kit.numbers import figure


@dataclass(frozen=True, slots=True)
class Brought:
    """What an indicator was first, and what it is now; ``last`` is empty where it was measured once."""

    title: str
    first: str
    first_on: date
    last: str = ""
    last_on: date | None = None


def adopters(receipts: Iterable[Receipt], card: Card, language: str) -> list[dict[str, Any]]:
    """Return the rows of the table, for a page in a language."""
    return [
        {
            "receipt": each,
            "city": city_name(each.city, language),
            "state": labels.ADOPTION.get(each.state, each.state),
            "parts": len(each.parts),
            "in_use": sum(state == PartState.LIVE for state in each.parts.values()),
            "brought": list(_brought(each, card, language)),
        }
        for each in receipts
    ]


def _brought(receipt: Receipt, card: Card, language: str) -> Iterator[Brought]:
    for indicator in card.indicators:
        told = sorted(
            (date.fromisoformat(each["on"]), float(each["value"]))
            for each in receipt.values
            if each["indicator"] == indicator.key
        )
        if not told:
            continue
        title = pick(indicator.titles, language, default=indicator.key)
        values = [f"{figure(value)} {indicator.unit}".strip() for value in (told[0][1], told[-1][1])]
        if len(told) == 1:
            yield Brought(title, values[0], told[0][0])
        else:
            yield Brought(title, values[0], told[0][0], values[1], told[-1][0])

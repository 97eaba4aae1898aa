"""An indicator as a part of a measure: its definition, so that another city measures alike.

What came from a stranger is checked to be one. Values are no part of it: each city enters its own.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding
from tandem.core.part_values import (
    TEXTS,
    Check,
    by_language,
    errors,
    fault,
    form,
    iri,
    not_filled_in,
    number,
    one_of,
    optional,
    record,
    text,
)
from tandem.core.text import say
from tandem.exchange.domain.card import Indicator
from tandem.exchange.domain.schemas import SLUG

LONGEST_KEY, LONGEST_UNIT, LONGEST_ROLE, LONGEST_TITLE = 60, 40, 150, 200
IDENTITY = ("measure", "key")
"""Which indicator of which measure it is: what an update never changes."""


INPUTS = ("interval", "responsible")
"""What the adopting city fills in."""


class Interval(StrEnum):
    """How often an indicator is measured."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


class BadPart(InvalidInput):
    """A part cannot become an indicator.

    Attributes:
        findings: Everything that is wrong with it.
    """

    code = "exchange.indicator-part.bad"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(say("{path}: {message}", path=first.path or "/", message=first.message))
        self.findings = tuple(findings)


def definition_of(measure: str, indicator: Indicator) -> dict[str, Any]:
    """Return what of an indicator travels: what is measured, in what, how, and which way is better.

    Args:
        measure: IRI.
    """
    return {
        "measure": measure,
        "key": indicator.key,
        "titles": dict(indicator.titles),
        "unit": indicator.unit,
        "better": indicator.better,
        "target": indicator.target,
        "methods": dict(indicator.method),
    }


def known(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that there is a place for, without those that say which indicator it is."""
    return {name: fields.get(name) for name in FIELDS if name not in IDENTITY}


def check(fields: Mapping[str, Any]) -> list[Finding]:
    """Return everything that is wrong with the fields of a part, filled in."""
    found = list(_CHECK(fields, ""))
    if not errors(found):
        found += [not_filled_in(f"/{name}") for name in INPUTS if not fields.get(name)]
    return found


def other_indicator() -> Finding:
    """Return the finding that a part speaks of another indicator than the one it is to update."""
    return fault(
        "other-indicator", "/key", say("The part is about another indicator than the one that is here.")
    )


def unit_fixed(before: str, after: str) -> Finding:
    """Return the finding that values are there in another unit."""
    message = say(
        "Values were entered here in “{before}”; the part has “{after}”. Remove or convert them first.",
        before=before or "–",
        after=after or "–",
    )
    return fault("unit-fixed", "/unit", message)


def is_there() -> Finding:
    """Return the finding that the indicator was adopted already."""
    return fault("there-already", "/key", say("This indicator of the measure was taken over already."))


FIELDS: Mapping[str, Check] = {
    "measure": iri,
    "key": form(SLUG, LONGEST_KEY),
    "titles": by_language(text(LONGEST_TITLE), least=1),
    "unit": text(LONGEST_UNIT),
    "better": one_of(("higher", "lower", "")),
    "target": optional(number),
    "methods": TEXTS,
    "interval": optional(one_of(Interval)),
    "responsible": optional(text(LONGEST_ROLE)),
}
_CHECK = record(FIELDS, ("measure", "key", "titles", "unit", "better", "methods"))

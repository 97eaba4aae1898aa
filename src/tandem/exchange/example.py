"""Load example measures, through the same services as an officer's."""

from collections.abc import Callable
from datetime import datetime

from tandem.exchange.domain.card import read_card
from tandem.exchange.examples.measures import ExampleMeasure, examples_of
from tandem.exchange.models import Measure
from tandem.exchange.services import measure_parts, measures, releasing
from tandem.kit.installation import city

FIRST = {"de": "Erste Fassung.", "it": "Prima versione.", "en": "First version."}


def load(*, now: datetime, tell: Callable[[float, str], None]) -> int:
    """Make the city's example measures; return how many were made, 0 where they are there."""
    examples = examples_of(city().id)
    if Measure.objects.filter(is_example=True, city=city().id).exists():
        return 0
    for number, example in enumerate(examples):
        tell(number / len(examples), example.card["title"]["en"])
        _make(example, now)
    return len(examples)


def _make(example: ExampleMeasure, now: datetime) -> None:
    measure = measures.begin(title=example.card["title"], person=None, now=now, is_example=True)
    card, findings = read_card({**measure.card, **example.card})
    if card is None:
        raise measures.BadCard(findings)
    measures.describe(measure, card, person=None, now=now)
    for kind, words in example.parts:
        _add_part(measure, kind, words, now)
    if example.announcement:
        measures.announce(measure, example.announcement, person=None, now=now)
    else:
        measures.publish(measure, person=None, now=now)
        releasing.release(measure, number="1.0.0", changes=FIRST, person=None, now=now)


def _add_part(measure: Measure, kind: str, words: str, now: datetime) -> None:
    """Let what the rooms find first go along with a measure."""
    language = city().languages[0]
    taken = {each.reference["uri"] for each in measure.parts.all()}
    for found_kind, reference in measure_parts.offered(words, language):
        if found_kind == kind and reference.uri not in taken:
            measure_parts.add_part(measure, kind, reference, person=None, now=now)
            return

"""What the search knows of measures: those that everybody may see, ours and the partners'."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from tandem.core.text import LANGUAGES
from tandem.exchange.domain.card import Card, Status, read_card
from tandem.exchange.domain.lifecycle import Status as Publication
from tandem.exchange.models import Measure, MeasureVersion
from tandem.kit import search
from tandem.kit.search import SearchDocument

ROOM, KIND = "exchange", "measure"
STOPPED = ("retired", "undone")  # an adoption in one of these states does not count
BATCH = 500


def index_measure(measure: Measure) -> None:
    """Let the search know a measure as it is now; one that is not public it forgets."""
    if measure.status == Publication.PUBLISHED:
        _put(_with_counts(Measure.objects.filter(pk=measure.pk)))
    else:
        search.remove([measure.iri])


def write_all() -> int:
    """Let the search know every public measure anew; return how many."""
    rows, count = Measure.objects.filter(status=Publication.PUBLISHED).order_by("pk"), 0
    for start in range(0, rows.count(), BATCH):
        count += _put(_with_counts(rows)[start : start + BATCH])
    return count


def _with_counts(rows: "QuerySet[Measure]") -> "QuerySet[Measure]":
    versions = MeasureVersion.objects.order_by("-released_at", "-id").only("measure_id", "parts", "card")
    return rows.prefetch_related(Prefetch("versions", versions)).annotate(
        values=Count("evidence", distinct=True), told=Count("receipts", distinct=True)
    )


def _put(rows: "QuerySet[Measure]") -> int:
    documents = [document for row in rows if (document := search_document(row))]
    search.put(documents)
    return len(documents)


def search_document(measure: Measure) -> SearchDocument | None:
    """Return what the search should know of a measure; None where its card cannot be read."""
    card = read_card(measure.card)[0]
    if card is None:
        return None
    newest = next(iter(measure.versions.all()), None)
    has_parts = bool(newest and newest.parts)
    return SearchDocument(
        uri=measure.iri,
        room=ROOM,
        kind=KIND,
        titles=dict(card.title),
        texts=_joined(card.summary, card.need, card.solution),
        path=f"measures/{measure.slug}/",
        facets={name: list(values) for name, values in _facets(card, has_parts=has_parts)},
        updated_at=measure.changed_at,
        created_at=measure.created_at,
        city=measure.city,
        usefulness=_usefulness(measure, card, has_parts=has_parts),
    )


def _usefulness(measure: Any, card: Card, *, has_parts: bool) -> int:
    """Return what a measure is worth to a city that looks for one: it can be adopted, others did, it was measured."""
    is_measured = bool(card.evidence or measure.values)
    return 2 * has_parts + bool(measure.told) + is_measured + (card.status is Status.IN_OPERATION)


def _facets(card: Card, *, has_parts: bool) -> Iterator[tuple[str, Sequence[str]]]:
    if card.status:
        yield "status", [card.status.value]
    if card.tags:
        yield "tag", [*card.tags.charter, *(f"sdg-{number}" for number in card.tags.sdg)]
    yield "parts", ["yes" if has_parts else "no"]


def _joined(*texts: Mapping[str, str]) -> dict[str, str]:
    found = {code: "\n".join(each[code] for each in texts if each.get(code)) for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}

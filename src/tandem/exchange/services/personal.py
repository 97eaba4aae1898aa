"""What the room knows of a person, and how it forgets them."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import ForeignKey, Model

from tandem.accounts.models import Person
from tandem.exchange.models import (
    AdoptedIndicator,
    Evidence,
    IndicatorData,
    IndicatorValue,
    Measure,
    MeasureStep,
    MeasureVersion,
    PartnerKey,
    Watch,
)


def export(person: Person) -> dict[str, Any]:
    """Return everything about the person of an account."""
    return {
        "watched_measures": list(
            Watch.objects.filter(person=person).values("measure__iri", "measure__slug", "since")
        ),
        "begun_as_staff": list(Measure.objects.filter(created_by=person).values("iri", "slug")),
        "released_as_staff": list(
            MeasureVersion.objects.filter(released_by=person).values("measure__iri", "number", "released_at")
        ),
        "evidence_as_staff": list(
            Evidence.objects.filter(added_by=person).values("measure__iri", "on", "says", "added_at")
        ),
        "indicators_begun_as_staff": list(
            AdoptedIndicator.objects.filter(created_by=person).values("iri", "created_at")
        ),
        "data_offered_as_staff": list(IndicatorData.objects.filter(offered_by=person).values("dataset__uri")),
        "indicator_values_as_staff": list(
            IndicatorValue.objects.filter(entered_by=person).values("indicator__iri", "on", "entered_at")
        ),
        "steps_as_staff": list(
            MeasureStep.objects.filter(person=person).values("measure__iri", "step", "at", "note")
        ),
        "keys_decided_as_staff": list(
            PartnerKey.objects.filter(decided_by=person).values("city", "fingerprint", "state", "since")
        ),
    }


@transaction.atomic
def forget(person: Person) -> int:
    """Forget what a person watches and what they did as staff; the things stay. Return how many rows named them."""
    changed: int = Watch.objects.filter(person=person).delete()[0]
    for model, name in _names_of_people():
        changed += model._default_manager.filter(**{name: person}).update(**{name: None})
    return changed


def _names_of_people() -> Iterator[tuple[type[Model], str]]:
    """Yield the columns of this room that may name somebody."""
    for model in apps.get_app_config("exchange").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is Person and field.null:
                yield model, field.name

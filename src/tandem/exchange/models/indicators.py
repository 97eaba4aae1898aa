"""Indicators of partners' measures that this city measures, too, and what it measured."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from tandem.exchange.domain.indicator_state import State

STATES = [(each.value, each.value) for each in State]


class AdoptedIndicator(models.Model):
    """An indicator of a measure that this city adopts.

    Attributes:
        iri: What it is called for ever here.
        measure: IRI of the measure that it is an indicator of.
        key: Of the indicator there.
        origin: The indicator there, as values of ``core.references.Reference``.
        fields: What is measured, in what, how, how often, and who does it: ``domain.indicator_part``.
        published_at: When it went live first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    iri = models.CharField(max_length=300, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT.value)
    measure = models.CharField(max_length=700)
    key = models.CharField(max_length=60)
    origin = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "key"], name="exchange_indicator_once")
        ]

    def __str__(self) -> str:
        return self.slug


class IndicatorValue(models.Model):
    """A value of an indicator in this city, in the indicator's unit.

    Attributes:
        on: The day it is of, or the last one of its period; one value a day.
        note: What to know about it; everybody sees it.
    """

    indicator = models.ForeignKey(AdoptedIndicator, models.CASCADE, related_name="values")
    on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    note = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "on"], name="exchange_indicator_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.on}"


class IndicatorData(models.Model):
    """What the values of all adopted indicators became in the catalogue: one row at the most.

    Attributes:
        dataset: As values of ``core.references.Reference``.
        offered_by: In whose name it is brought up to date.
    """

    dataset = models.JSONField(default=dict)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.dataset.get("uri", ""))

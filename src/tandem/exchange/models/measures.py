"""Measures: what a city did, why, what it cost and brought, with parts that another city can put to use."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

STATUS = [(each, each) for each in ("draft", "review", "published", "withdrawn")]


class Measure(models.Model):
    """A smart-city measure of this city, or one of a partner's that its feed told of.

    Attributes:
        iri: What it is called for ever.
        city: Id of the city that describes it: ours, or a partner's.
        card: What is said of it, as ``domain.card.Card`` reads it. Of a partner's measure: of its newest version.
        announcement: What everybody may know of a measure that is not public yet, by language. With one, its page says
            that it is being prepared, and it can be watched.
        is_example: Made up for a demonstration; its pages say so.
        withdrawn_because: By language.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    iri = models.CharField(max_length=300, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    city = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=STATUS, default="draft")
    card = models.JSONField(default=dict)
    announcement = models.JSONField(default=dict)
    is_example = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-changed_at", "id"]
        indexes: ClassVar = [models.Index(fields=["status", "-changed_at"], name="exchange_measure_status")]

    def __str__(self) -> str:
        return self.slug


class MeasureStep(models.Model):
    """A step in the life of a measure of ours: who did what, and when.

    Attributes:
        step: ``domain.lifecycle.Step``.
        note: For the colleagues: what to change, or why one person published alone.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=12)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.step}"


class MeasurePart(models.Model):
    """Something in one of our rooms that goes along with a measure, so that another city can put it to use.

    Attributes:
        kind: Of the handler that packs and unpacks it: ``catalogue``, ``participation``, ``signal``, ``indicator``.
        reference: The thing, as values of ``core.references.Reference``.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=20)
    reference = models.JSONField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reference.get('uri', '')}"


class MeasureVersion(models.Model):
    """A version that was given out; it never changes.

    Attributes:
        number: Semantic version.
        card: What was said of the measure then.
        changes: What is new in it, by language.
        parts: What its parts are and would make: ``services.part_outlines`` writes and reads it.
        inputs: What the inputs of the measure as a whole and their choices are called, as ``parts`` say of theirs.
        stored: Name of the bundle in the storage of files; empty for a partner's version that is not fetched yet.
        address: Where a partner's bundle can be had.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="versions")
    number = models.CharField(max_length=40)
    card = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    inputs = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    byte_size = models.PositiveBigIntegerField(default=0)
    stored = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=700, blank=True)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-released_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "number"], name="exchange_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.number}"


class Evidence(models.Model):
    """A value of one of a measure's indicators, or a report about its effect.

    Attributes:
        indicator: Key of the indicator on the card; empty for a report.
        city: Whose value it is; ours, or that of a city that adopted the measure.
        value: As people write decimals, with a point; None for a report.
        says: What was found, by language.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="evidence")
    indicator = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=60)
    on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    says = models.JSONField(default=dict)
    address = models.URLField(max_length=700, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["indicator", "city", "on", "id"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.indicator} {self.city} {self.on}"


class Watch(models.Model):
    """Somebody wants to hear when a measure, ready or not, has a new version.

    Attributes:
        tried_at: When a mail last did not go out; those who have not been tried come first.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="watches")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    told_version = models.CharField(max_length=40, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "person"], name="exchange_watch_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.person_id}"

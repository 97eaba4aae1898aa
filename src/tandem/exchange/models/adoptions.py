"""What this city adopts of others: adoptions, and bundles that wait until a key was compared."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from tandem.exchange.domain.adoption import STANDING, State
from tandem.exchange.models.measures import Measure

STATES = [(state.value, state.value) for state in State]


class Adoption(models.Model):
    """A partner's measure that this city has taken over; ``services.ledger`` writes and reads it.

    Attributes:
        version: The one that was adopted, or taken over last.
        begun_by: Id of a person; so are those in ``parts``. Empty where they were erased.
        inputs: What was filled in, defaults included.
        parts: What became of each part.
        left_out: Keys of the parts that this city does not want.
        reason: Why it was ended, or goes its own way.
        live_since: When it went live first.
        origin_since: From which day on the origin has the measure, as far as somebody here knows.
        told: The receipt that the origin was told last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="adoptions")
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFTS.value)
    begun_by = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    inputs = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    live_since = models.DateTimeField(null=True, blank=True)
    origin_since = models.DateField(null=True, blank=True)
    told = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-changed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure"],
                condition=models.Q(state__in=sorted(STANDING)),
                name="exchange_adoption_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.version} {self.state}"


class WaitingBundle(models.Model):
    """A bundle of a partner, signed with a key that nobody has compared yet. Nothing is adopted from it.

    Attributes:
        fingerprint: Of the key.
        measure: IRI, as the bundle says; so are ``version`` and ``titles``.
        sha256: Of the bundle.
        stored: Its name in the storage of files.
        address: Where it was fetched; empty where somebody brought it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    city = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    measure = models.CharField(max_length=300)
    version = models.CharField(max_length=40)
    titles = models.JSONField(default=dict)
    stored = models.CharField(max_length=300)
    byte_size = models.PositiveBigIntegerField(default=0)
    address = models.CharField(max_length=700, blank=True)
    came_at = models.DateTimeField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-came_at", "id"]

    def __str__(self) -> str:
        return f"{self.city} {self.measure} {self.version}"

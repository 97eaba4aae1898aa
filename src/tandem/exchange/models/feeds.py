"""What this city tells its partners."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

ACTIONS = [(each, each) for each in ("Create", "Update", "Delete")]


class OwnEvent(models.Model):
    """Something that this city says in its own feed. Once it is published, it never changes.

    Attributes:
        sequence: Place in the feed, from 1; None until it is published.
        hash: Of the event as a line of the feed; empty until then.
        kind: Of the object, mostly a ``domain.feeds.event.Kind``.
        iri: Of the object.
        content: Plain JSON; empty of a deletion.
    """

    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=6, choices=ACTIONS)
    kind = models.CharField(max_length=40)
    iri = models.CharField(max_length=2_000)
    content = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sequence=None, hash="") | (Q(sequence__gt=0) & ~Q(hash="")),
                name="exchange_own_event_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence or '–'} {self.action} {self.iri}"

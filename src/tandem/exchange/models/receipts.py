"""What partners take over of our measures."""

from typing import ClassVar

from django.db import models

from tandem.exchange.models.measures import Measure


class Receipt(models.Model):
    """What a partner city told about its adoption of one of our measures, signed by it.

    Attributes:
        adoption: The partner's identifier of its adoption.
        state: As it was told last.
        parts: State of each part, by the part's key.
        values: What it told of its indicators: ``[{indicator, on, value}]``.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="receipts")
    city = models.CharField(max_length=60)
    adoption = models.CharField(max_length=300)
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    parts = models.JSONField(default=dict)
    values = models.JSONField(default=list)
    told_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-told_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "adoption"], name="exchange_receipt_once")
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.version} {self.state}"

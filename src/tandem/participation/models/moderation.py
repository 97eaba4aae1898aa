"""Moderation: one queue for everything, notices, decisions with reasons, appeals."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tandem.participation.models.people import Participant
from tandem.participation.models.processes import Process


class QueueItem(models.Model):
    """Something that somebody should look at. At most one open item per subject.

    Attributes:
        subject_kind: ``contribution``, ``comment`` or ``poll-statement``.
        subject_id: Its id.
        cause: ``triage``, ``notice``, ``appeal`` or ``admission``; the most pressing where there are several.
        hints: What triage noticed, as ``Finding`` values in JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.CASCADE, related_name="queue")
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    cause = models.CharField(max_length=10)
    hints = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["opened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(closed_at=None),
                name="participation_one_open_item",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["opened_at"], condition=Q(closed_at=None), name="participation_queue_open")
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.subject_kind} {self.subject_id}"


class Notice(models.Model):
    """Somebody says that something should not be here (Regulation (EU) 2022/2065, Article 16).

    Attributes:
        number: What the reporter quotes.
        participant: Who reported it, where they want to hear of the decision.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(QueueItem, models.CASCADE, related_name="notices")
    number = models.CharField(max_length=30, unique=True)
    reason = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return self.number


class Decision(models.Model):
    """What moderation did, and why: told to the author, who may appeal (Regulation (EU) 2022/2065, Articles 17, 20).

    Attributes:
        action: ``keep``, ``hide``, ``restore``, ``block``, ``admit`` or ``refuse``.
        reasons: What the author is told.
        author: Who wrote the subject.
        appeal_outcome: ``upheld`` (the decision stays) or ``reversed``; empty as long as it is open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(QueueItem, models.CASCADE, related_name="decisions")
    action = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, blank=True)
    reasons = models.TextField(blank=True)
    author = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_outcome = models.CharField(max_length=10, blank=True)
    appeal_answer = models.TextField(blank=True)
    appeal_decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.action} {self.item_id}"

"""Work that is done in the background, and who does it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from tandem.core.text import Sentence


class Job(models.Model):
    """One piece of work: what it is, how far it is, what came of it."""

    WAITING, RUNNING = "waiting", "running"
    SUCCEEDED, FAILED, CANCELLED, INTERRUPTED = "succeeded", "failed", "cancelled", "interrupted"
    DONE = frozenset({SUCCEEDED, FAILED, CANCELLED, INTERRUPTED})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=700, blank=True, db_index=True)
    state = models.CharField(max_length=12, default=WAITING)
    share = models.FloatField(default=0)
    message = models.CharField(max_length=300, blank=True)
    arguments = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["state", "heartbeat_at"], name="job_state_heartbeat")]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"

    @property
    def doing(self) -> str:
        """What it is doing; translatable where it was said so."""
        said = self.result.get("doing")
        return Sentence.from_json(said) if said else self.message

    @property
    def error_sentence(self) -> str:
        """What went wrong; translatable where it was said so."""
        said = self.result.get("said")
        return Sentence.from_json(said) if said else self.error_message

    @property
    def done(self) -> bool:
        """True where nothing more will happen."""
        return self.state in self.DONE


class Periodic(models.Model):
    """When a thing that comes again and again was last begun."""

    name = models.CharField(max_length=60, primary_key=True)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """The last sign of life of a worker."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

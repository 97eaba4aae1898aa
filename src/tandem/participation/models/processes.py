"""Processes of participation and their phases."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tandem.core.publication import Publication
from tandem.participation.domain.phase import (
    PhaseKind,
    PhaseState,
    Who,
    Window,
    phase_state,
    usually_admitted,
)
from tandem.participation.models.projects import PUBLICATION, Project


class Process(models.Model):
    """A process of participation in a project: phases that follow one another.

    Attributes:
        blueprint: Code of the blueprint that it was made from.
        outcomes: What became of it, by language; told to everybody who took part when ``outcome_at`` is set.
        dataset: The dataset in which the results are offered, as a ``Reference``; empty where they are not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    iri = models.CharField(max_length=300, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="processes")
    blueprint = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=PUBLICATION, default=Publication.DRAFT)
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    outcomes = models.JSONField(default=dict)
    outcome_at = models.DateTimeField(null=True, blank=True)
    dataset = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "id"]
        verbose_name_plural = "processes"

    def __str__(self) -> str:
        return self.slug


class Phase(models.Model):
    """A time window in which one thing is done.

    Attributes:
        number: From 1, in the order of the process.
        admitted: Values of ``Who``; None for those whom a phase of this kind usually admits.
        settings: What ``domain.phase_settings`` reads for the kind.
        period: How a legal period was reckoned, as ``services.statements`` keeps it; empty for other kinds.
        siblings: All phases of the process, where ``access.visible_phase`` loaded them.
        results_published_at: When the city released the results, where that is a step of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in PhaseKind])
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    admitted = models.JSONField(null=True, blank=True)
    settings = models.JSONField(default=dict)
    period = models.JSONField(default=dict)
    results_published_at = models.DateTimeField(null=True, blank=True)

    siblings: "list[Phase] | None" = None

    class Meta:
        ordering: ClassVar = ["process", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "number"], name="participation_phase_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["opens_at", "closes_at"], name="participation_phase_window")
        ]

    def __str__(self) -> str:
        return f"{self.process_id}/{self.number} {self.kind}"

    @property
    def window(self) -> Window:
        """When it is open."""
        return Window(self.opens_at, self.closes_at)

    @property
    def until(self) -> datetime | None:
        """The last minute in which it is open, as people say it: 23:59 rather than the midnight after."""
        return self.closes_at and self.closes_at - timedelta(minutes=1)

    @property
    def phase_kind(self) -> PhaseKind:
        """What it is for."""
        return PhaseKind(self.kind)

    @property
    def who_is_admitted(self) -> frozenset[Who]:
        """Whom it admits."""
        if self.admitted is None:
            return usually_admitted(self.phase_kind)
        return frozenset(Who(each) for each in self.admitted)

    def state(self, now: datetime) -> PhaseState:
        """Return whether it is planned, open or closed."""
        return phase_state(self.window, now=now)

"""Ideas and budget proposals, what others say of them, and the city's answers."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.participation.domain.following import ContributionStatus
from tandem.participation.models.people import Participant
from tandem.participation.models.processes import Phase, Process


class Contribution(models.Model):
    """An idea or a budget proposal.

    Attributes:
        kind: ``idea`` or ``proposal``.
        number: From 1, within its process and kind: what people call it by.
        category: A key of the phase's settings.
        geometry: A point, line or area as GeoJSON (WGS 84), or None; ``latitude`` and ``longitude`` stand for it.
        photo: Name of the full picture in the storage of files; smaller ones lie beside it.
        author_label: What pages show as the author, fixed when it was written; empty for an erased author.
        channel: ``web``, ``paper``, ``phone`` or ``counter``.
        status: What the city says has become of it.
        hidden_at: When moderation took it from the public pages.
        cost_cents: What the office says a proposal costs.
        feasible: What the office says; None as long as it has not been checked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.CASCADE, related_name="contributions")
    phase = models.ForeignKey(Phase, models.CASCADE, related_name="contributions")
    kind = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"))
    language = models.CharField(max_length=2)
    category = models.CharField(max_length=40, blank=True)
    geometry = models.JSONField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    place = models.CharField(_("place in words"), max_length=200, blank=True)
    photo = models.CharField(max_length=300, blank=True)
    photo_alternative = models.CharField(max_length=200, blank=True)
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    author_label = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=10, default="web")
    received_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    support_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, default=ContributionStatus.RECEIVED)
    cost_cents = models.PositiveBigIntegerField(null=True, blank=True)
    feasible = models.BooleanField(null=True, blank=True)
    check_note = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-received_at", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process", "kind", "number"], name="participation_contribution_number"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["process", "kind", "-received_at"], name="participation_newest"),
            models.Index(fields=["process", "kind", "-support_count"], name="participation_supported"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_public(self) -> bool:
        """True while everybody may read it."""
        return self.hidden_at is None and self.withdrawn_at is None


class Comment(models.Model):
    """What somebody says of a contribution.

    Attributes:
        is_official: Said by the city.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="comments")
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    author_label = models.CharField(max_length=80, blank=True)
    text = models.TextField(_("comment"))
    at = models.DateTimeField(default=timezone.now)
    is_official = models.BooleanField(default=False)
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class Support(models.Model):
    """Somebody who wants a contribution too."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="supports")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="supports")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "participant"], name="participation_support_once")
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} supports {self.contribution_id}"


class Answer(models.Model):
    """What the city answers to a contribution, with the status it then has. The newest counts, all are shown.

    Attributes:
        texts: By language.
        office: Who answers, as pages show it: an office, never a name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="answers")
    status = models.CharField(max_length=20)
    texts = models.JSONField(default=dict)
    office = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.status}"

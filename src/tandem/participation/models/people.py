"""People who take part: as little of them as the way in which they do needs."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import fresh_pseudonym
from tandem.participation.domain.phase import Who


class Participant(models.Model):
    """Somebody who takes part: with an account, with a confirmed address, or as a guest of one browser.

    Attributes:
        kind: In which way; one of ``Who`` but staff.
        person: The account, where there is one.
        email: The confirmed address of somebody without an account; empty for all others.
        pseudonym: What pages show, unless ``name`` is given.
        blocked_at: When moderation shut this participant out; what they wrote before stays as it is.
        erased_at: When everything that identifies them was taken away. The row stays, so that votes still count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Who])
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="participant"
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("display name"), max_length=60, blank=True)
    pseudonym = models.CharField(max_length=20, unique=True, default=fresh_pseudonym, editable=False)
    language = models.CharField(max_length=2)
    digest = models.CharField(max_length=10, default="daily")
    created_at = models.DateTimeField(default=timezone.now)
    blocked_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email=""), name="participation_one_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.pseudonym

    @property
    def address(self) -> str:
        """Where mail reaches them; empty for guests and for the erased."""
        return self.person.email if self.person and self.person.is_active else self.email


class Follow(models.Model):
    """Somebody who wants to hear what becomes of a project."""

    project = models.ForeignKey("participation.Project", models.CASCADE, related_name="follows")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="follows")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "participant"], name="participation_follow_once")
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} follows {self.project_id}"


class Notification(models.Model):
    """Something that a participant is to hear: waits for the next digest, or goes out at once.

    Attributes:
        said: A ``Sentence`` as JSON, said in the reader's language when it is sent.
        path: Where it is to be read, after the language.
        urgent: True for what concerns the reader's own contribution: it does not wait for a digest.
        sent_at: None as long as it waits.
    """

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="notifications")
    project = models.ForeignKey("participation.Project", models.CASCADE, null=True, related_name="+")
    said = models.JSONField()
    path = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["participant", "at"], condition=Q(sent_at=None), name="participation_notice_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.path}"

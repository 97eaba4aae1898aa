"""Whose keys are trusted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

STATES = [(each, each) for each in ("seen", "pinned", "retired", "revoked")]


class PartnerKey(models.Model):
    """A public key that a partner city signs with.

    Attributes:
        fingerprint: SHA-256 of the key, hexadecimal.
        state: ``domain.trust.Standing``.
        since: When it came to its state.
        successor: Fingerprint of the key that a retired one handed over to.
        decided_by: Who pinned or revoked it; None where it was seen, or where its predecessor handed over to it.
    """

    city = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default="seen")
    since = models.DateTimeField(default=timezone.now)
    successor = models.CharField(max_length=64, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["city", "-first_seen_at"]

    def __str__(self) -> str:
        return f"{self.city} {self.fingerprint[:16]} {self.state}"

"""Whose keys are trusted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class PartnerKey(models.Model):
    """A public key that a city signs with.

    Attributes:
        state: ``pinned`` (fingerprint compared by people), ``seen`` (unknown: what it signs waits) or ``revoked``.
        public_key: Ed25519, 32 bytes, base64url.
        fingerprint: SHA-256 of the key, hexadecimal.
    """

    city = models.CharField(max_length=60)
    public_key = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, default="seen")
    first_seen_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["city", "-first_seen_at"]

    def __str__(self) -> str:
        return f"{self.city} {self.fingerprint[:16]} {self.state}"

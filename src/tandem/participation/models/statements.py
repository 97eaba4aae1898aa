"""Formal statements on a development plan, and the plan's documents."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.participation.models.people import Participant
from tandem.participation.models.processes import Phase


class PlanDocument(models.Model):
    """A document that is laid out: the draft plan, its reasons, an environmental statement. Never overwritten.

    Attributes:
        kind: ``plan``, ``reasons``, ``environment`` or ``other``.
        version: From 1, within the phase and ``key``.
        key: Which of the phase's documents it is a version of.
        replaced_at: When a newer version took its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phase = models.ForeignKey(Phase, models.CASCADE, related_name="documents")
    key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12)
    titles = models.JSONField(default=dict)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    byte_size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=300)
    added_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "key", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "key", "version"], name="participation_document_version")
        ]

    def __str__(self) -> str:
        return f"{self.filename} (version {self.version})"


class PlanStatement(models.Model):
    """A statement on a plan, its receipt, and what became of it.

    Attributes:
        number: The receipt's number.
        receipt: The canonical bytes of the receipt; written once.
        channel: ``web``, ``paper``, ``phone``, ``counter`` or ``mail``.
        author_name: For the reply; erased with the person, and never shown on public pages.
        is_public_body: Whether it speaks for a public body.
        cuts: Where the text is cut into segments; None as long as it is not.
        segments: One value per segment: its weighing and its decision, as ``services.statements`` writes them.
        reply: The reply, as ``services.statements`` writes it; empty as long as there is none.
        model: For a mass statement: the number of the statement that stands for its group.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="statements")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=30, unique=True)
    text = models.TextField(_("statement"))
    language = models.CharField(max_length=2)
    receipt = models.BinaryField(editable=False)
    receipt_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    channel = models.CharField(max_length=10, default="web")
    is_late = models.BooleanField(default=False)
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    author_name = models.CharField(_("name"), max_length=150, blank=True)
    author_address = models.TextField(_("address"), blank=True)
    author_email = models.EmailField(_("e-mail address"), blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    is_public_body = models.BooleanField(default=False)
    cuts = models.JSONField(null=True, blank=True)
    segments = models.JSONField(default=list)
    reply = models.JSONField(default=dict)
    model = models.CharField(max_length=30, blank=True, db_index=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["phase", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "sequence"], name="participation_statement_sequence")
        ]

    def __str__(self) -> str:
        return self.number


class Attachment(models.Model):
    """A file that came with a statement, byte for byte."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(PlanStatement, models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    byte_size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.filename

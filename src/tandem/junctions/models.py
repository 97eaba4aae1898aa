"""Rows of the junctions room."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tandem.core.findings import Finding
from tandem.core.publication import Publication
from tandem.junctions.domain.approval import FileState
from tandem.junctions.domain.evaluation import Results

PUBLICATION = [(each.value, each.value) for each in Publication]
FILE_STATES = [(each.value, each.value) for each in FileState]


class Junction(models.Model):
    """A junction with signals.

    Attributes:
        iri: What it is called for ever.
        titles: By language; so are ``summaries`` (one sentence), ``stories``, ``places`` and ``sinces`` (since when
            it is in use, in words).
        latitude: Degrees north, WGS 84; so is ``longitude``, degrees east.
        contact: ``role``, ``mail``, ``phone``; each may be missing.
        token_digest: SHA-256 of the token that its engine shows; empty where none may send.
        dataset: What its counts became in the catalogue, as values of ``core.references.Reference``.
        is_example: Made up for a demonstration; its pages say so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    iri = models.CharField(max_length=300, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    status = models.CharField(max_length=10, choices=PUBLICATION, default=Publication.DRAFT)
    titles = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict)
    stories = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    sinces = models.JSONField(default=dict)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    contact = models.JSONField(default=dict)
    token_digest = models.CharField(max_length=64, blank=True)
    token_at = models.DateTimeField(null=True, blank=True)
    dataset = models.JSONField(default=dict)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_example = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.slug


class FileVersion(models.Model):
    """A version of a junction's file. It is kept for ever; only its state changes.

    Attributes:
        text: As it was uploaded.
        findings: Of the check, as ``Finding.as_dict`` gives them.
    """

    junction = models.ForeignKey(Junction, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    findings = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=FILE_STATES, default=FileState.UPLOADED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["junction", "number"], name="junctions_version_number"),
            models.UniqueConstraint(
                fields=["junction"], condition=models.Q(state="approved"), name="junctions_one_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.junction_id} {self.number}"

    @property
    def found(self) -> list[Finding]:
        """The findings of the check."""
        return [Finding.from_dict(each) for each in self.findings]


class FileStep(models.Model):
    """One step in the life of a version: who did what, when, and why."""

    version = models.ForeignKey(FileVersion, models.CASCADE, related_name="steps")
    action = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=2_000, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.action}"


class Evaluation(models.Model):
    """What a comparison of controllers gave for a junction.

    Attributes:
        titles: By language.
        version: The version of the file that it was made with.
        policy: In words, such as the name of the policy's file.
        results: As ``domain.evaluation.Results`` writes them.
        original: The uploaded file's name in the storage of files; ``report`` likewise, empty where there is none.
    """

    junction = models.ForeignKey(Junction, models.CASCADE, related_name="evaluations")
    number = models.PositiveIntegerField()
    titles = models.JSONField(default=dict)
    version = models.ForeignKey(FileVersion, models.PROTECT, null=True, related_name="evaluations")
    policy = models.CharField(max_length=200, blank=True)
    made_on = models.DateField()
    results = models.JSONField()
    original = models.CharField(max_length=300)
    report = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-made_on", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["junction", "number"], name="junctions_evaluation_number")
        ]

    def __str__(self) -> str:
        return f"{self.junction_id} {self.number}"

    @property
    def found(self) -> Results:
        """What the comparison gave."""
        return Results.from_json(self.results)


class Count(models.Model):
    """How many of one class of road users passed a junction in a quarter of an hour. Nothing else is kept of them."""

    junction = models.ForeignKey(Junction, models.CASCADE, related_name="counts")
    began_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["began_at", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["junction", "began_at", "kind"], name="junctions_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.kind} {self.number}"

"""Urban-development projects: what is planned where, what happens when, who answers."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tandem.core.publication import Publication

PUBLICATION = [(each.value, each.value) for each in Publication]


class Project(models.Model):
    """An urban-development project.

    Attributes:
        iri: What it is called for ever.
        titles: By language; so are ``summaries`` (one sentence), ``stories`` and ``places`` (where it is, in words).
        site: The area as a GeoJSON geometry (WGS 84), or None.
        latitude: Degrees north of a point that stands for the site; so ``longitude``, degrees east.
        contact: ``role``, ``name``, ``mail``, ``phone``; each may be missing.
        references: Things in other rooms that belong to it, as values of ``core.references.Reference``.
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
    site = models.JSONField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    contact = models.JSONField(default=dict)
    references = models.JSONField(default=list)
    is_example = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["status", "-changed_at"], name="participation_project_status")
        ]

    def __str__(self) -> str:
        return self.slug


class Milestone(models.Model):
    """A date in the life of a project.

    Attributes:
        on: The day, or the first day of what ``precision`` says.
        precision: ``day``, ``month`` or ``year``.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    on = models.DateField()
    precision = models.CharField(max_length=5, default="day")
    is_reached = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.titles}"


class ProjectFile(models.Model):
    """A picture or a document of a project.

    Attributes:
        kind: ``picture`` or ``document``.
        stored: Its name in the storage of files.
        alternatives: What a picture shows, in words, by language.
        credit: Whose picture it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(default=0)
    titles = models.JSONField(default=dict)
    alternatives = models.JSONField(default=dict)
    credit = models.CharField(max_length=200, blank=True)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    byte_size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=300)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["position", "added_at"]

    def __str__(self) -> str:
        return self.filename


class News(models.Model):
    """A piece of news about a project."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="news")
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    published_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-published_at"]
        verbose_name_plural = "news"

    def __str__(self) -> str:
        return f"{self.published_at:%Y-%m-%d} {self.titles}"

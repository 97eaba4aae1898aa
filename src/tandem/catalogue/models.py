"""Rows of the catalogue.

What a dataset says of itself is one value (``domain.description``), kept as JSON; columns exist for what is queried.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain.lifecycle import Status


class HarvestSource(models.Model):
    """A catalogue that is taken in: a partner city's, or another portal's."""

    key = models.SlugField(_("key"), max_length=63, unique=True)
    titles = models.JSONField(_("name"), default=dict)
    url = models.URLField(_("address of the DCAT feed"), max_length=500)
    homepage = models.URLField(_("portal"), max_length=500, blank=True)
    city = models.CharField(_("partner city"), max_length=63, blank=True)
    active = models.BooleanField(_("harvested on a schedule"), default=True)
    etag = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key


class Dataset(models.Model):
    """A dataset: our own, or one that a harvest brought."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    iri = models.CharField(max_length=700, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in Status], default=Status.DRAFT
    )
    description = models.JSONField(default=dict)
    sort_title = models.CharField(max_length=200, db_index=True)
    source = models.ForeignKey(HarvestSource, models.PROTECT, null=True, blank=True, related_name="datasets")
    content_hash = models.CharField(max_length=64, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(db_index=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["sort_title", "id"]
        indexes: ClassVar = [models.Index(fields=["status", "-changed_at"], name="dataset_status_changed")]

    def __str__(self) -> str:
        return self.slug


class Distribution(models.Model):
    """One form in which a dataset can be had: a file of ours, or an address elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="distributions")
    position = models.PositiveSmallIntegerField(default=0)
    description = models.JSONField(default=dict)
    current = models.OneToOneField(
        "TableVersion", models.SET_NULL, null=True, blank=True, related_name="current_of"
    )

    class Meta:
        ordering: ClassVar = ["dataset", "position"]

    def __str__(self) -> str:
        return f"{self.dataset_id}/{self.position}"


class TableVersion(models.Model):
    """One file that was brought in, byte for byte, and the table that was read from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    distribution = models.ForeignKey(Distribution, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    byte_size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    rows = models.PositiveBigIntegerField(default=0)
    report = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["distribution", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["distribution", "number"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.filename} (version {self.number})"


class HarvestRun(models.Model):
    """What one harvest of a source did."""

    source = models.ForeignKey(HarvestSource, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, default="running")
    dry_run = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    message = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at:%Y-%m-%d %H:%M}"


class Record(models.Model):
    """What data services and dataset series have in common; a dataset has the same and more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    iri = models.CharField(max_length=700, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in Status], default=Status.DRAFT
    )
    description = models.JSONField(default=dict)
    sort_title = models.CharField(max_length=200, db_index=True)
    source = models.ForeignKey(HarvestSource, models.PROTECT, null=True, blank=True, related_name="+")
    content_hash = models.CharField(max_length=64, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(db_index=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["sort_title", "id"]

    def __str__(self) -> str:
        return self.slug


class DataService(Record):
    """A data service: an address that programs ask for data. Ours, or one that a harvest brought."""


class DatasetSeries(Record):
    """A dataset series: datasets that are published apart and belong together."""


class Agent(models.Model):
    """A body or a person that publishes, makes or looks after data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    iri = models.CharField(max_length=700, unique=True)
    description = models.JSONField(default=dict)
    sort_name = models.CharField(max_length=200, db_index=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["sort_name", "id"]

    def __str__(self) -> str:
        return self.sort_name


class StatusChange(models.Model):
    """A step in the life of a dataset, a service or a series: who, when, why."""

    iri = models.CharField(max_length=700, db_index=True)
    step = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.step} {self.at:%Y-%m-%d %H:%M}"

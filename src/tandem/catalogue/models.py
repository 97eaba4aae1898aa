"""Rows of the catalogue.

What a dataset says of itself is one value (``domain.description``), kept as JSON; columns exist for what is queried.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain.following import Every
from tandem.catalogue.domain.lifecycle import Status


class HarvestSource(models.Model):
    """A catalogue that is taken in: a partner city's, or another portal's."""

    key = models.SlugField(_("key"), max_length=63, unique=True)
    titles = models.JSONField(_("name"), default=dict)
    url = models.URLField(_("address of the catalogue"), max_length=500)
    homepage = models.URLField(_("portal"), max_length=500, blank=True)
    city = models.CharField(
        _("partner city"), max_length=63, blank=True
    )  # set where the configuration names it
    active = models.BooleanField(_("harvested on a schedule"), default=True)
    kind = models.CharField(max_length=10, blank=True)  # domain.harvest_rules.Kind; empty: not found out yet
    schedule = models.CharField(max_length=10, blank=True)  # domain.harvest_rules.Schedule
    rules = models.JSONField(default=dict)  # domain.harvest_rules.HarvestRules
    cursor = models.CharField(max_length=40, blank=True)  # CKAN: the newest change that was taken over
    full_read_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the settings of the last full reading
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
    points = models.PositiveSmallIntegerField(null=True, blank=True, db_index=True)
    due_on = models.DateField(null=True, blank=True, db_index=True)

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
    part = models.CharField(max_length=300, blank=True)  # sheet, layer or file inside that is read
    key_columns = models.JSONField(default=list)  # which tell a row apart when versions are compared
    current = models.OneToOneField(
        "TableVersion", models.SET_NULL, null=True, blank=True, related_name="current_of"
    )

    class Meta:
        ordering: ClassVar = ["dataset", "position"]

    def __str__(self) -> str:
        return f"{self.dataset_id}/{self.position}"


class FollowedAddress(models.Model):
    """An address that a distribution follows: its file is fetched again and again, and what is new is a version."""

    distribution = models.OneToOneField(Distribution, models.CASCADE, related_name="followed")
    url = models.URLField(_("address of the file"), max_length=700)
    every = models.CharField(
        _("how often"),
        max_length=8,
        choices=[(each.value, each.value) for each in Every],
        default=Every.DAILY,
    )
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(db_index=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.JSONField(default=dict)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["next_at"]

    def __str__(self) -> str:
        return self.url


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
    note = models.CharField(max_length=300, blank=True)
    source_url = models.CharField(max_length=700, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["distribution", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["distribution", "number"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.filename} (version {self.number})"


class LinkCheck(models.Model):
    """Whether an address elsewhere that a distribution names has answered."""

    url = models.CharField(max_length=2_000, unique=True)
    answers = models.BooleanField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["next_at"]

    def __str__(self) -> str:
        return self.url


class HarvestPage(models.Model):
    """A page of a feed as it was when it was last taken over in full; an unchanged one is not read again."""

    source = models.ForeignKey(HarvestSource, models.CASCADE, related_name="pages")
    url = models.CharField(max_length=2_000)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # empty: not taken over in full
    fingerprint = models.CharField(max_length=64, blank=True)
    next_url = models.CharField(max_length=2_000, blank=True)
    records_held = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "url"], name="one_page_per_address")
        ]

    def __str__(self) -> str:
        return self.url


class HarvestRecord(models.Model):
    """Where a harvested dataset came from, and when it was seen there."""

    dataset = models.OneToOneField(Dataset, models.CASCADE, primary_key=True, related_name="harvest_record")
    name = models.CharField(
        max_length=200, blank=True, db_index=True
    )  # at the source, where that is not its IRI
    original_url = models.CharField(max_length=2_000, blank=True)
    page = models.ForeignKey(HarvestPage, models.SET_NULL, null=True, related_name="records")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.dataset_id)


class HarvestRun(models.Model):
    """What one harvest of a source did."""

    source = models.ForeignKey(HarvestSource, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=12, default="running")
    dry_run = models.BooleanField(default=False)
    job = models.UUIDField(null=True, blank=True)
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)
    pages_unchanged = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)  # by the source's rules
    withheld = models.PositiveIntegerField(default=0)  # would be removed, once somebody confirms it
    samples = models.JSONField(default=list)  # the first datasets of a trial
    finding_counts = models.JSONField(default=dict)  # by code
    message = models.TextField(blank=True)
    said = models.JSONField(default=dict)  # the message as a sentence to translate

    class Meta:
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state="running", dry_run=False),
                name="one_harvest_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def findings_total(self) -> int:
        """How many findings there were, those included that were too many to keep."""
        return sum(self.finding_counts.values())


class HarvestFinding(models.Model):
    """One thing that a harvest noticed."""

    run = models.ForeignKey(HarvestRun, models.CASCADE, related_name="findings")
    severity = models.CharField(max_length=10)
    code = models.CharField(max_length=100)
    path = models.CharField(max_length=2_000, blank=True)
    values = models.JSONField()  # core.findings.Finding

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["run", "code"], name="finding_run_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.path}"


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

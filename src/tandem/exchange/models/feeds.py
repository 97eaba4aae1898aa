"""What this city tells its partners, and what they tell it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

ACTIONS = [(each, each) for each in ("Create", "Update", "Delete")]


class OwnEvent(models.Model):
    """Something that this city says in its own feed. Once it is published, it never changes.

    Attributes:
        sequence: Place in the feed, from 1; None until it is published.
        hash: Of the event as a line of the feed; empty until then.
        kind: Of the object, mostly a ``domain.feeds.event.Kind``.
        iri: Of the object.
        content: Plain JSON; empty of a deletion.
    """

    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=6, choices=ACTIONS)
    kind = models.CharField(max_length=40)
    iri = models.CharField(max_length=2_000)
    content = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sequence=None, hash="") | (Q(sequence__gt=0) & ~Q(hash="")),
                name="exchange_own_event_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence or '–'} {self.action} {self.iri}"


STATUS = [(each, each) for each in ("followed", "quarantined", "stopped")]


class PartnerFeed(models.Model):
    """What is known of a partner's feed, and what came of the last visit.

    Attributes:
        sequence: Of the last event that was taken over; ``hash`` is that event's.
        published: When the newest head was that was accepted; ``head`` is that head as a file, and the ``tip_``
            fields are what it was signed for. The tip may be ahead of ``sequence`` while catching up.
        status: ``domain.feeds.reading.Status``.
        visited_at: When it was asked last, successfully or not.
        visit_at: When it is to be asked again.
        failures: Visits in a row that came to nothing.
        findings: Of the last visit, as ``Finding.as_dict`` writes them; what was set aside is with the events.
        waiting: A head that somebody has to look at: ``{data, signature, signer}``; empty without one.
        settled: Contradictions that somebody has decided on: ``sequence:hash``.
    """

    city = models.CharField(max_length=60, unique=True)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    published = models.DateTimeField(null=True, blank=True)
    head = models.TextField(blank=True)
    tip_sequence = models.PositiveBigIntegerField(default=0)
    tip_hash = models.CharField(max_length=64, blank=True)
    tip_signature = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=STATUS, default="followed")
    visited_at = models.DateTimeField(null=True, blank=True)
    visit_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    waiting = models.JSONField(default=dict)
    settled = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["city"]

    def __str__(self) -> str:
        return f"{self.city} {self.status} {self.sequence}"


class PartnerEvent(models.Model):
    """A line of a partner's feed, kept as it was signed: those set aside included.

    Attributes:
        action: What happened to the object; empty where the line is no event.
        kind: Of the object; empty where the line is no event, or of a kind that this Tandem does not know.
        about: SHA-256 of the object's IRI; empty where the line is no event.
        line: As it stands in the feed: canonical JSON.
        findings: Why it was set aside, or what is doubtful.
        is_set_aside: It does not count.
    """

    feed = models.ForeignKey(PartnerFeed, models.CASCADE, related_name="events")
    sequence = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    action = models.CharField(max_length=6, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=64, blank=True)
    line = models.TextField()
    findings = models.JSONField(default=list)
    is_set_aside = models.BooleanField(default=False)
    taken_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["feed", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feed", "sequence"], name="exchange_partner_event_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["feed", "about"], name="exchange_event_of"),
            models.Index(
                fields=["feed", "-sequence"], condition=Q(is_set_aside=True), name="exchange_event_aside"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id}#{self.sequence} {self.action} {self.kind}"

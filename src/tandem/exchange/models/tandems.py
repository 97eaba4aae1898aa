"""Tandems: two or more cities that learn from each other, topic by topic."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Tandem(models.Model):
    """An agreement between cities.

    Attributes:
        titles: By language; so are ``aims``.
        state: ``domain.tandem.State``.
        begins_on: When it became active for the first time; None where it never did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    titles = models.JSONField(default=dict)
    aims = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="proposed")
    is_public = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-changed_at"]

    def __str__(self) -> str:
        return self.slug


class TandemMember(models.Model):
    """A city in a tandem, for as long as it is in it.

    Attributes:
        city: Our own id, or a partner's of the configuration, or a short name of a city without an installation.
        codes: What identifies the city: ``[{scheme, year, code}]``.
        joined_on: When it was named as a member; ``consented_on``: when it agreed, None while it has not.
        left_on: First day on which it is no member any more; ``left_because`` is the reason, by language.
    """

    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="members")
    city = models.CharField(max_length=60)
    names = models.JSONField(default=dict)
    codes = models.JSONField(default=list)
    contact_role = models.CharField(max_length=200, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    left_because = models.JSONField(default=dict)
    consented_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tandem", "city"], condition=models.Q(left_on=None), name="exchange_member_once"
            )
        ]

    def __str__(self) -> str:
        return self.city


class Topic(models.Model):
    """What the cities learn about, and per city whether it leads or follows: ``{city: lead | follow}``."""

    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="topics")
    titles = models.JSONField(default=dict)
    parts_played = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return str(self.titles)


class AgendaItem(models.Model):
    """A question of the learning agenda, and what came of it."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="agenda")
    questions = models.JSONField(default=dict)
    due_on = models.DateField(null=True, blank=True)
    lessons = models.JSONField(default=dict)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return str(self.questions)


class Visit(models.Model):
    """Cities meet: with a programme, participants by their role, guiding questions, and a report.

    Attributes:
        begins_at: At midnight, as ``ends_at``, where it takes whole days and no hours are given.
        when: In words, by language, where the days are not known; the moments then only put it in order.
        programme: ``[{key, on, at, minutes, titles, place}]``: ``domain.visit.Item``.
        participants: ``[{key, city, role, name, agreed_on}]``: ``domain.visit.Participant``.
        questions: Guiding questions, each by language.
        report: By language; due a month after the visit.
        reported_on: When the report was done; None while it is a draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="visits")
    titles = models.JSONField(default=dict)
    host = models.CharField(max_length=60)
    is_online = models.BooleanField(default=False)
    place = models.CharField(max_length=300, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    when = models.JSONField(default=dict)
    programme = models.JSONField(default=list)
    participants = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    reported_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["begins_at", "id"]

    def __str__(self) -> str:
        return f"{self.begins_at:%Y-%m-%d} {self.host}"


class LogEntry(models.Model):
    """An entry of a topic's logbook, from the need to the effect.

    Attributes:
        stage: ``need``, ``idea``, ``look``, ``adapt``, ``try``, ``use`` or ``effect``.
        reference: A measure, adoption, visit or thing elsewhere, as values of ``core.references.Reference``.
    """

    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="log")
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True, related_name="log")
    on = models.DateField()
    stage = models.CharField(max_length=10)
    texts = models.JSONField(default=dict)
    reference = models.JSONField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.stage}"


class Decision(models.Model):
    """What a city decided about a measure of the tandem: to try it, to watch it, to drop it, and why."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="decisions")
    measure = models.JSONField()
    city = models.CharField(max_length=60)
    verdict = models.CharField(max_length=5)
    reasons = models.JSONField(default=dict)
    on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.city} {self.verdict}"


class TandemCost(models.Model):
    """What something in a tandem cost a city: a journey, an interpreter, a room."""

    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="costs")
    city = models.CharField(max_length=60)
    on = models.DateField()
    titles = models.JSONField(default=dict)
    cents = models.PositiveBigIntegerField()

    class Meta:
        ordering: ClassVar = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.city} {self.cents}"

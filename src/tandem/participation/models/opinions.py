"""The opinion map: short statements, and who agrees."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.participation.models.people import Participant
from tandem.participation.models.processes import Phase


class PollStatement(models.Model):
    """A short statement to agree or disagree with.

    Attributes:
        number: From 1, within its phase.
        state: ``waiting``, ``admitted`` or ``refused``.
        is_seed: Written by the city, to begin with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phase = models.ForeignKey(Phase, models.CASCADE, related_name="poll_statements")
    number = models.PositiveIntegerField()
    text = models.CharField(_("statement"), max_length=300)
    language = models.CharField(max_length=2)
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")
    author_label = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=10, default="web")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, default="waiting")
    is_seed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["phase", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "number"], name="participation_poll_number"),
            models.UniqueConstraint(
                fields=["phase", "participant", "text"], name="participation_poll_text_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """What somebody thinks of a statement.

    Attributes:
        value: 1 agree, 0 pass, -1 disagree.
    """

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="poll_votes", db_index=False)
    statement = models.ForeignKey(PollStatement, models.CASCADE, related_name="votes", db_index=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="poll_votes")
    value = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "participant"], name="participation_poll_vote_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["phase", "at"], name="participation_poll_votes_at"),
            models.Index(fields=["phase", "participant"], name="participation_poll_votes_of"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.value}"


class OpinionResult(models.Model):
    """The groups as last reckoned, and what the next reckoning begins from.

    Attributes:
        votes: How many votes it is made of.
        mark: What it was made of, in short: as long as it is the same, there is nothing new to reckon.
        state: What ``domain.opinion`` begins its next update from.
        result: What pages show.
    """

    phase = models.OneToOneField(Phase, models.CASCADE, related_name="opinion_result")
    votes = models.PositiveIntegerField(default=0)
    mark = models.CharField(max_length=120, blank=True)
    state = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.phase_id} {self.votes}"


class PollSheet(models.Model):
    """A form with votes that came on paper: who filled it in is a guest of whom nothing is known.

    Attributes:
        sheet: Its number, so that none is entered twice.
    """

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="poll_sheets")
    participant = models.OneToOneField(Participant, models.CASCADE, related_name="poll_sheet")
    sheet = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "sheet"], name="participation_poll_sheet_once")
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.sheet}"

"""Voting on a participatory budget. Nothing here joins a voter and a ballot."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tandem.participation.models.processes import Phase


class VotingCode(models.Model):
    """A code from a letter, as what can be checked but not be read.

    Attributes:
        digest: Keyed hash of the code; the code itself is kept nowhere.
        batch: The letters that it was printed for.
        used_on: The day on which it was used.
    """

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    batch = models.CharField(max_length=60, blank=True)
    used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "digest"], name="participation_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.batch}"


class VoterEntry(models.Model):
    """The register: that somebody has voted. The constraint is what makes one vote each.

    Attributes:
        key: Keyed hash of the code, the account or the address.
    """

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="register")
    key = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "key"], name="participation_one_vote")
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.key[:8]}"


class CastBallot(models.Model):
    """A ballot, without anything that tells who cast it.

    Attributes:
        choices: Numbers of proposals, as texts, in the order that the kind of vote asks for.
        points: Points for each choice, where the kind of vote has them.
        sheet: Number of a paper ballot, so that none is entered twice; empty for all others.
        cast_on: The day, no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="ballots")
    choices = models.JSONField(default=list)
    points = models.JSONField(default=list)
    channel = models.CharField(max_length=10, default="web")
    sheet = models.CharField(max_length=40, blank=True)
    cast_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]  # random ids: the order says nothing about who voted when
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["phase", "sheet"], condition=~Q(sheet=""), name="participation_sheet_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Allocation(models.Model):
    """What a budget is spent on, and why; computed once by a job and then kept.

    Attributes:
        election: The election as a Pabulib file, so that anybody can reckon it again.
        rule: The published rule.
        explanation: ``domain.budget.explanation.Explanation`` as JSON.
    """

    phase = models.OneToOneField(Phase, models.CASCADE, related_name="allocation")
    rule = models.JSONField()
    winners = models.JSONField(default=list)
    explanation = models.JSONField(default=dict)
    election = models.TextField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.phase_id} {len(self.winners)}"

"""Answers to surveys."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tandem.participation.models.people import Participant
from tandem.participation.models.processes import Phase


class SurveyResponse(models.Model):
    """One person's answers.

    Attributes:
        answers: By the question's id, as ``domain.survey`` takes them.
        key: Keyed hash of who answered, so that nobody answers twice; empty for guests and paper.
        sheet: Number of a paper form, so that none is entered twice.
        given_on: The day, no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="responses")
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=2)
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=10, default="web")
    sheet = models.CharField(max_length=40, blank=True)
    given_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["phase", "key"], condition=~Q(key=""), name="participation_answer_once"
            ),
            models.UniqueConstraint(
                fields=["phase", "sheet"], condition=~Q(sheet=""), name="participation_form_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

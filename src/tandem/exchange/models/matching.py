"""Rounds in which cities look for partners: profiles, results with every term, what the cities answered."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from tandem.exchange.models.tandems import Tandem


class Round(models.Model):
    """A call for partners, as ``domain.matching.profiles.Call`` has it, with its cities.

    Attributes:
        titles: By language; so are ``abouts``.
        topics: ``[{key, titles}]``: what cities need and offer.
        rules: ``domain.matching.stored.rules_as_json``.
        tandems: That stand: ``[[city, city, …]]``.
        fixed: Pairs that people want together: ``[[city, city]]``.
        leaving: Which city left last: ``{left, before, let_go}``, until the pairs of a new result are proposed.
        inputs_changed_at: When a profile, a rule or a tandem changed last: an older result is out of date.
        finished_at: From then on nothing changes; only then it can be public.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    titles = models.JSONField(default=dict)
    abouts = models.JSONField(default=dict)
    topics = models.JSONField(default=list)
    rules = models.JSONField(default=dict)
    tandems = models.JSONField(default=list)
    fixed = models.JSONField(default=list)
    leaving = models.JSONField(default=dict)
    is_example = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    inputs_changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-changed_at"]

    def __str__(self) -> str:
        return self.slug


class RoundCity(models.Model):
    """A city in a round.

    Attributes:
        name, country, is_active: Of the profile, to sort, find and count by.
        profile: ``domain.matching.stored.profile_as_json``.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="cities")
    city = models.CharField(max_length=63)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    is_active = models.BooleanField(default=True)
    profile = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "city"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "city"], name="exchange_round_city_once")
        ]

    def __str__(self) -> str:
        return self.city


class RoundResult(models.Model):
    """What came out of a matching, with all that went in.

    Attributes:
        kind: ``match``, ``what-if`` or ``rematch``.
        inputs: ``domain.matching.stored.Inputs``; ``digest`` is their hash.
        names: What each city calls itself, by id.
        summary: Points, bound, counts, changes, joinings: ``services.round_results``.
        read_at: When the inputs were read.
        taken_at: When its pairs were proposed to the cities; None where they were not.
    """

    MATCH, WHAT_IF, REMATCH = "match", "what-if", "rematch"
    round = models.ForeignKey(Round, models.CASCADE, related_name="results")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    inputs = models.JSONField()
    names = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    read_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="exchange_round_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class ResultPair(models.Model):
    """Two cities of a result: chosen, together already, or such as would rather have each other.

    Attributes:
        kind: ``proposed``, ``fixed``, ``standing`` or ``blocking``.
        names: Of both, to find it by.
        rank: Place among those of its kind, from 1.
        terms: Every term of the score, and the reasons in sentences: ``services.round_results``.
    """

    PROPOSED, FIXED, STANDING, BLOCKING = "proposed", "fixed", "standing", "blocking"
    result = models.ForeignKey(RoundResult, models.CASCADE, related_name="pairs")
    kind = models.CharField(max_length=8)
    one = models.CharField(max_length=63)
    other = models.CharField(max_length=63)
    names = models.CharField(max_length=400)
    rank = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    terms = models.JSONField()

    class Meta:
        ordering: ClassVar = ["rank", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["result", "one", "other"], name="exchange_result_pair_once")
        ]

    def __str__(self) -> str:
        return f"{self.one} {self.other}"


class ResultCity(models.Model):
    """What became of a city in a result.

    Attributes:
        partners: Ids of those proposed to it and of those in its tandems.
        is_alone: It takes part and has no partner.
        why: Sentences why it has no partner; empty where it has.
        missed: Partners that it would have gained from, and why not.
    """

    result = models.ForeignKey(RoundResult, models.CASCADE, related_name="cities")
    city = models.CharField(max_length=63)
    name = models.CharField(max_length=200)
    is_alone = models.BooleanField()
    partners = models.JSONField(default=list)
    why = models.JSONField(default=list)
    missed = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["name", "city"]

    def __str__(self) -> str:
        return self.city


class RoundProposal(models.Model):
    """Cities that are proposed to each other: ``domain.matching.consent.Proposal``.

    Attributes:
        cities: Ids in the order of the alphabet.
        state: Of the proposal, to filter by.
        tandem: That was made of it here.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="proposals")
    result = models.ForeignKey(RoundResult, models.CASCADE, related_name="proposals")
    cities = models.JSONField()
    names = models.CharField(max_length=1_000)
    state = models.CharField(max_length=14, default="proposed")
    replaced_by = models.JSONField(default=list)
    is_withdrawn = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    tandem = models.ForeignKey(Tandem, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["names", "id"]

    def __str__(self) -> str:
        return " ".join(self.cities)


class RoundAnswer(models.Model):
    """What a city says to a proposal.

    Attributes:
        said_by: The office that answered for the city.
        at: When it answered; ``recorded_at``: when that was written down here.
    """

    proposal = models.ForeignKey(RoundProposal, models.CASCADE, related_name="answers")
    city = models.CharField(max_length=63)
    agrees = models.BooleanField()
    reason = models.TextField(blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.city} {self.agrees}"


class RoundStep(models.Model):
    """What was done in a round, one line each: ``matching_labels.STEPS``.

    Attributes:
        about: Names of cities, the number of a result.
        reason: In a sentence, where one was given.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=20)
    about = models.CharField(max_length=1_000, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.what

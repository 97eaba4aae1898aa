"""Rounds of matching for tests: made by the services, of the programme's example cities or of as many as wanted."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.utils import timezone

from tandem.exchange.domain.matching.profiles import CityProfile, Entry
from tandem.exchange.examples.tandems import PROGRAMME
from tandem.exchange.models import Round, RoundProposal, RoundResult
from tandem.exchange.services import round_cities, round_consent, round_matching, rounds

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BY: dict[str, Any] = {"person": None, "now": NOW}
FOUR = tuple(each for each in PROGRAMME if each.id in {"arezzo", "hamm", "krefeld", "sofia"})
OWN = ("bg", "de", "el", "es", "fr", "it", "nl", "pl", "ro", "sv")
TOPICS = tuple(f"topic-{number:02}" for number in range(15))


def a_round(
    profiles: Sequence[CityProfile] = FOUR, *, title: str = "Round", topics: Iterable[str] | None = None
) -> Round:
    """Return a round with cities."""
    used = {entry.topic for each in profiles for entry in (*each.needs, *each.offers)}
    keys = sorted(used | set(topics or ()))
    row = rounds.begin(
        titles={"en": title},
        abouts={"en": "Who with whom."},
        topics=[{"key": each, "titles": {"en": f"The topic {each}"}} for each in keys],
        **BY,
    )
    round_cities.put_profiles(row, profiles, now=NOW)
    return row


def matched(row: Round) -> RoundResult:
    """Return the result of matching a round at once, however many cities it has."""
    job = round_matching.start(row, person=None)
    if not job.done:
        round_matching.jobs.run_here(job)
        job.refresh_from_db()
    assert job.state == "succeeded", job.error_message
    row.refresh_from_db()
    return RoundResult.objects.get(round=row, number=job.result["number"])


def proposed(row: Round) -> RoundResult:
    """Return the result of a round whose pairs were proposed to the cities."""
    result = matched(row)
    round_consent.take(result, person=None, now=timezone.now())
    return result


def agreed(row: Round, *cities: str) -> RoundProposal:
    """Let every city of a proposal agree."""
    proposal = next(each for each in row.proposals.all() if each.cities == sorted(cities))
    for city in proposal.cities:
        answer(proposal, city)
    proposal.refresh_from_db()
    return proposal


def answer(proposal: RoundProposal, city: str, *, reason: str = "") -> None:
    """Let a city agree, or decline where there is a reason."""
    now = timezone.now()
    round_consent.answer(
        proposal, city, agrees=not reason, reason=reason, said_by="Council", at=NOW, person=None, now=now
    )


def published(row: Round) -> RoundResult:
    """Return the result of a round that is finished and public."""
    result = proposed(row)
    row.refresh_from_db()
    rounds.finish(row, **BY)
    rounds.publish(row, **BY)
    return result


def made_up(number: int, *, capacity: int = 1, seed: int = 0) -> tuple[CityProfile, ...]:
    """Return as many made-up profiles as wanted, the same each time."""
    chance = np.random.default_rng(seed)
    return tuple(_city(chance, place, capacity) for place in range(number))


def _city(chance: np.random.Generator, place: int, capacity: int) -> CityProfile:
    topics = chance.permutation(len(TOPICS))[:8]
    entries = [
        Entry(TOPICS[topic], int(weight), {"en": "Made up."})
        for topic, weight in zip(topics, chance.integers(1, 6, 8), strict=True)
    ]
    country = int(chance.integers(20))
    own = OWN[country % len(OWN)]
    return CityProfile(
        id=f"city-{place:03}",
        names={own: f"Stadt {place}"},
        country=f"{chr(65 + country)}X",
        languages=(own, "en") if chance.random() < 0.8 else (own,),
        population=int(np.exp(chance.normal(11.5, 1))) + 1,
        kind=int(chance.integers(1, 4)),
        capacity=capacity,
        needs=tuple(entries[:4]),
        offers=tuple(entries[4:]),
    )

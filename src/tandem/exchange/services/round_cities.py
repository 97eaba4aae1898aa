"""The cities of a round: what each says of itself, who is in it, and whom it does not want."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.core.errors import Conflict, NotFound
from tandem.core.text import say
from tandem.exchange.domain.matching.profiles import CityProfile, NoGo
from tandem.exchange.domain.matching.stored import profile_as_json, read_profile
from tandem.exchange.models import Round, RoundCity
from tandem.exchange.services.round_changes import note, require_open, touch


class CityThere(Conflict):
    """A city is to be added that is in the round already."""

    code = "exchange.matching.city-there"


class NoSuchCity(NotFound):
    """A city is not in the round."""

    code = "exchange.matching.not-in-round"

    def __init__(self, city: str) -> None:
        super().__init__(say("No city {city} is in this round. Add it first.", city=city))


class CityInUse(Conflict):
    """A city is to be removed that was proposed to another one."""

    code = "exchange.matching.city-in-use"


def profiles_of(row: Round) -> list[CityProfile]:
    """Return the profiles of a round, in the order of their ids."""
    return [read_profile(each) for each in row.cities.order_by("city").values_list("profile", flat=True)]


def profile_of(row: Round, city: str) -> CityProfile:
    """Return the profile of a city.

    Raises:
        NoSuchCity: It is not in the round.
    """
    found = row.cities.filter(city=city).first()
    if found is None:
        raise NoSuchCity(city)
    return read_profile(found.profile)


def columns_of(profile: CityProfile, now: datetime) -> dict[str, Any]:
    """Return the columns of a row that holds a profile."""
    return {
        "name": profile.name[:200],
        "country": profile.country[:2],
        "is_active": profile.active,
        "profile": profile_as_json(profile),
        "changed_at": now,
    }


@transaction.atomic
def set_profile(
    row: Round, profile: CityProfile, *, is_new: bool, person: Person | None, now: datetime
) -> None:
    """Add a city to a round, or change what it says of itself.

    Raises:
        RoundFinished: It is finished.
        CityThere: A new city has the id of one that is there.
    """
    locked = require_open(row)
    if is_new and locked.cities.filter(city=profile.id).exists():
        raise CityThere(say("A city {city} is in this round already. Give another id.", city=profile.id))
    RoundCity.objects.update_or_create(round=row, city=profile.id, defaults=columns_of(profile, now))
    touch(row, now)
    note(row, "city", person=person, now=now, about=profile.name)


def put_profiles(row: Round, profiles: Sequence[CityProfile], *, now: datetime) -> None:
    """Store many profiles, in the caller's transaction."""
    rows = [RoundCity(round=row, city=each.id, **columns_of(each, now)) for each in profiles]
    RoundCity.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["round", "city"],
        update_fields=["name", "country", "is_active", "profile", "changed_at"],
        batch_size=500,
    )
    touch(row, now)


@transaction.atomic
def remove_city(row: Round, city: str, *, person: Person | None, now: datetime) -> None:
    """Take a city from a round that nothing was proposed to.

    Raises:
        RoundFinished: It is finished.
        NoSuchCity: It is not in the round.
        CityInUse: It was proposed to another one, or is in a tandem that stands or a fixed pair.
    """
    locked = require_open(row)
    profile = profile_of(row, city)
    used = any(city in each for each in (*locked.tandems, *locked.fixed))
    if used or any(city in each for each in locked.proposals.values_list("cities", flat=True)):
        raise CityInUse(
            say(
                "{city} is in a pair or a tandem of this round. Record that it leaves instead.",
                city=profile.name,
            )
        )
    row.cities.filter(city=city).delete()
    touch(row, now)
    note(row, "city-remove", person=person, now=now, about=profile.name)


def names_of(row: Round, cities: Sequence[str]) -> str:
    """Return what cities are called, for the history.

    Raises:
        NoSuchCity: One is not in the round.
    """
    known = dict(row.cities.filter(city__in=cities).values_list("city", "name"))
    for each in cities:
        if each not in known:
            raise NoSuchCity(each)
    return ", ".join(known[each] for each in cities)


def store_no_go(row: Round, city: str, unwanted: str, reason: str, *, now: datetime) -> None:
    """Store a no-go with a profile, or take it away, in the caller's transaction."""
    profile = profile_of(row, city)
    others = tuple(each for each in profile.no_gos if each.city_id != unwanted)
    no_gos = (*others, NoGo(unwanted, reason)) if reason else others
    row.cities.filter(city=city).update(**columns_of(replace(profile, no_gos=no_gos), now))

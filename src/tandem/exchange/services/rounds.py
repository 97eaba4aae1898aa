"""Rounds in which cities look for partners: begin one, its cities, its rules, finish it, show it to everybody."""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.text import slugify

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput, NotFound
from tandem.core.findings import Finding
from tandem.core.text import pick, say
from tandem.exchange.domain.matching.checks import check
from tandem.exchange.domain.matching.profiles import Call, CityProfile, Key, NoGo, Tandem, key
from tandem.exchange.domain.matching.stored import (
    Inputs,
    profile_as_json,
    read_call,
    read_profile,
    read_tandems,
    rules_as_json,
)
from tandem.exchange.models import Round, RoundCity, RoundStep
from tandem.kit import installation

log = logging.getLogger(__name__)
RESERVED = frozenset({"new"})
MOST_TOPICS = 60
IS_PUBLIC = "exchange.matching.is-public"
_SECONDS = 60
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_TOPIC = re.compile(r"[a-z][a-z0-9-]{0,59}")


class RoundFinished(Conflict):
    """A round that is finished does not change."""

    code = "exchange.matching.finished"

    def __init__(self) -> None:
        super().__init__(say("This round is finished. Open it again before you change anything."))


class NothingToShow(Conflict):
    """A round is to be public that is not finished, or has no result that was proposed."""

    code = "exchange.matching.nothing-to-show"

    def __init__(self) -> None:
        super().__init__(
            say(
                "A round can be public once it is finished and the pairs of a result were proposed to the cities."
            )
        )


class BadTopics(InvalidInput):
    """A line names no topic, or the same one as another."""

    code = "exchange.matching.bad-topics"


class TopicNeeded(Conflict):
    """A topic is to be removed that cities need or offer."""

    code = "exchange.matching.topic-needed"


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


def iri_of(row: Round) -> str:
    """Return what a round is called for ever."""
    return f"{installation.config().server.url}/id/matching/{row.pk}"


def note(
    row: Round, what: str, *, person: Person | None, now: datetime, about: str = "", reason: str = ""
) -> None:
    """Write down in the round's history, and in the audit trail, what was done."""
    RoundStep.objects.create(
        round=row, what=what, about=about[:1_000], reason=reason, at=now, person=_known(person)
    )
    audit.record(person, f"exchange.matching.{what}", iri_of(row), {"about": about[:200]} if about else {})
    log.info("exchange.matching.%s", what, extra={"round": row.slug})


def _known(person: Person | None) -> Person | None:
    return person if person is not None and person.pk else None


def require_open(row: Round) -> Round:
    """Return the round, locked until the transaction ends.

    Raises:
        RoundFinished: It is finished.
    """
    locked = Round.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.finished_at is not None:
        raise RoundFinished
    return locked


def touch(row: Round, now: datetime, *columns: str) -> None:
    """Save columns of a round, and note that what goes into a matching has changed; in the caller's transaction."""
    row.changed_at = row.inputs_changed_at = now
    row.save(update_fields=[*columns, "changed_at", "inputs_changed_at"])


# --- the round ------------------------------------------------------------------------------------
@transaction.atomic
def begin(
    *,
    titles: Mapping[str, str],
    abouts: Mapping[str, str],
    topics: Sequence[Mapping[str, Any]],
    person: Person | None,
    now: datetime,
    is_example: bool = False,
) -> Round:
    """Begin a round, with the rules of ``Call`` as it comes."""
    row = Round.objects.create(
        slug=_free_slug(titles),
        titles=dict(titles),
        abouts=dict(abouts),
        topics=list(topics),
        rules=rules_as_json(Call()),
        is_example=is_example,
        created_at=now,
        changed_at=now,
        inputs_changed_at=now,
        created_by=_known(person),
    )
    note(row, "begin", person=person, now=now)
    return row


def _free_slug(titles: Mapping[str, str]) -> str:
    title = pick(titles, installation.city().languages[0], default="round")
    stem = slugify(title.translate(_UMLAUTS))[:100] or "round"
    taken = set(Round.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


@transaction.atomic
def describe(
    row: Round,
    *,
    titles: Mapping[str, str],
    abouts: Mapping[str, str],
    topics: Sequence[Mapping[str, Any]],
    person: Person | None,
    now: datetime,
) -> None:
    """Change what a round says of itself, and its topics.

    Raises:
        RoundFinished: It is finished.
        TopicNeeded: A topic is gone that a city needs or offers.
    """
    locked = require_open(row)
    kept = {each["key"] for each in topics}
    gone = {each["key"] for each in locked.topics} - kept
    if gone:
        _require_unused(locked, gone)
    row.titles, row.abouts, row.topics = dict(titles), dict(abouts), list(topics)
    row.changed_at = now
    row.save(update_fields=["titles", "abouts", "topics", "changed_at"])
    note(row, "describe", person=person, now=now)


def _require_unused(row: Round, gone: Iterable[str]) -> None:
    used = {each.topic for city in profiles_of(row) for each in (*city.needs, *city.offers)}
    for topic in sorted(used.intersection(gone)):
        raise TopicNeeded(
            say("Cities need or offer “{topic}”. Take it from their profiles first.", topic=topic)
        )


def read_topics(text: str, known: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    """Return the topics of a text with one in each line: a short name, and what it is called.

    ``heat: Heat protection``; without a colon the line is the title, and the short name is made of it. Titles in
    other languages stay as they are known.

    Raises:
        BadTopics: A line names no topic, or one that is there already, or there are too many.
    """
    before = {each["key"]: each["titles"] for each in known}
    found: dict[str, dict[str, Any]] = {}
    for line in (each.strip() for each in text.splitlines()):
        if not line:
            continue
        short, colon, title = (each.strip() for each in line.partition(":"))
        if not colon:
            short, title = slugify(line.translate(_UMLAUTS))[:60], line
        if not _TOPIC.fullmatch(short) or not title:
            raise BadTopics(
                say("“{line}” names no topic. Write a short name, a colon, the title.", line=line[:80])
            )
        if short in found:
            raise BadTopics(say("The topic “{topic}” is there twice. Leave one out.", topic=short))
        found[short] = {"key": short, "titles": {**before.get(short, {}), language: title[:150]}}
    if not found:
        raise BadTopics(say("Name at least one topic."))
    if len(found) > MOST_TOPICS:
        raise BadTopics(say("A round may have {most} topics at the most.", most=MOST_TOPICS))
    return list(found.values())


@transaction.atomic
def finish(row: Round, *, person: Person | None, now: datetime) -> None:
    """Finish a round: nothing changes any more.

    Raises:
        RoundFinished: It is finished.
    """
    require_open(row)
    row.finished_at = row.changed_at = now
    row.save(update_fields=["finished_at", "changed_at"])
    note(row, "finish", person=person, now=now)


@transaction.atomic
def reopen(row: Round, *, person: Person | None, now: datetime) -> None:
    """Open a round again. It is no longer public."""
    row.finished_at = row.published_at = None
    row.changed_at = now
    row.save(update_fields=["finished_at", "published_at", "changed_at"])
    transaction.on_commit(lambda: cache.delete(IS_PUBLIC))
    note(row, "reopen", person=person, now=now)


@transaction.atomic
def publish(row: Round, *, person: Person | None, now: datetime) -> None:
    """Let everybody see a finished round with its reasons.

    Raises:
        NothingToShow: It is not finished, or no result was proposed to the cities.
    """
    locked = Round.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.finished_at is None or not row.results.exclude(taken_at=None).exists():
        raise NothingToShow
    row.published_at = now
    row.save(update_fields=["published_at"])
    transaction.on_commit(lambda: cache.delete(IS_PUBLIC))
    note(row, "publish", person=person, now=now)


@transaction.atomic
def withdraw(row: Round, *, person: Person | None, now: datetime) -> None:
    """Take a round from the public pages."""
    row.published_at = None
    row.save(update_fields=["published_at"])
    transaction.on_commit(lambda: cache.delete(IS_PUBLIC))
    note(row, "withdraw", person=person, now=now)


def is_anything_public() -> bool:
    """Return whether there is a round that everybody may see; asked once a minute at most."""
    found: bool | None = cache.get(IS_PUBLIC)
    if found is None:
        found = Round.objects.exclude(published_at=None).exists()
        cache.set(IS_PUBLIC, found, _SECONDS)
    return found


# --- cities ---------------------------------------------------------------------------------------
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


# --- what goes into a matching --------------------------------------------------------------------
def inputs_of(row: Round, *, pinned: Iterable[Key] = ()) -> Inputs:
    """Return all that a matching of this round depends on; after a city has left, with what stood before.

    Args:
        pinned: Pairs that are fixed for this one matching.

    Raises:
        BadStored: What is stored cannot be read.
    """
    left = row.leaving
    call = read_call(row.rules, _before(row) if left else row.tandems)
    fixed = {key(*each) for each in row.fixed} | {key(*each) for each in pinned}
    return Inputs(
        tuple(profiles_of(row)),
        call,
        tuple(sorted(fixed)),
        left.get("left", ""),
        read_tandems(left.get("let_go", ())),
    )


def _before(row: Round) -> list[Tandem]:
    """Return the tandems that stood before a city left, and those that stand since; none that was dropped since."""
    left, now = row.leaving["left"], read_tandems(row.tandems)
    let_go = read_tandems(row.leaving["let_go"])
    rests = {
        each: tuple(city for city in each if city != left) for each in read_tandems(row.leaving["before"])
    }
    kept = [each for each, rest in rests.items() if each in let_go or len(rest) < 2 or rest in now]
    return [*kept, *(each for each in now if each not in rests.values())]


def check_round(row: Round) -> list[Finding]:
    """Return everything that is wrong with profiles and rules."""
    fixed = tuple(key(*each) for each in row.fixed)
    inputs = Inputs(tuple(profiles_of(row)), read_call(row.rules, row.tandems), fixed)
    return check(inputs.profiles, inputs.whole_call)


def tandems_of(row: Round) -> tuple[Tandem, ...]:
    """Return the tandems of a round that stand."""
    return read_tandems(row.tandems)

"""Rounds in which cities look for partners: begin one, say what it is about, finish it, show it to everybody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from tandem.accounts.models import Person
from tandem.core.errors import Conflict
from tandem.core.text import pick, say
from tandem.exchange.domain.matching.profiles import Call
from tandem.exchange.domain.matching.stored import rules_as_json
from tandem.exchange.models import Round
from tandem.exchange.services.round_changes import known_person, note, require_open
from tandem.exchange.services.round_cities import profiles_of
from tandem.kit import installation
from tandem.kit.row_slugs import free_slug

RESERVED = frozenset({"new"})
IS_PUBLIC = "exchange.matching.is-public"
_SECONDS = 60


class NothingToShow(Conflict):
    """A round is to be public that is not finished, or has no result that was proposed."""

    code = "exchange.matching.nothing-to-show"

    def __init__(self) -> None:
        super().__init__(
            say(
                "A round can be public once it is finished and the pairs of a result were proposed to the cities."
            )
        )


class TopicNeeded(Conflict):
    """A topic is to be removed that cities need or offer."""

    code = "exchange.matching.topic-needed"


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
    title = pick(titles, installation.city().languages[0], default="round")
    row = Round.objects.create(
        slug=free_slug(title, Round.objects.all(), reserved=RESERVED, otherwise="round"),
        titles=dict(titles),
        abouts=dict(abouts),
        topics=list(topics),
        rules=rules_as_json(Call()),
        is_example=is_example,
        created_at=now,
        changed_at=now,
        inputs_changed_at=now,
        created_by=known_person(person),
    )
    note(row, "begin", person=person, now=now)
    return row


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

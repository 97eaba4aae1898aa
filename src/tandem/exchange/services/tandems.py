"""Tandems: propose one, name cities, record what they agree to, topics, begin and end, make it public."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.city import check_city_id
from tandem.core.errors import Conflict
from tandem.core.text import pick, say
from tandem.exchange.domain import tandem as rules
from tandem.exchange.domain.tandem import Agreement, Code, Member, MemberAlready, State, Step
from tandem.exchange.models import Tandem, TandemMember, Topic
from tandem.kit import installation, search
from tandem.kit.row_slugs import free_slug
from tandem.kit.search import SearchDocument

log = logging.getLogger(__name__)
ROOM, KIND = "exchange", "tandem"
RESERVED = frozenset({"new", "due"})


class NotPublicYet(Conflict):
    """A tandem that has never been active concerns nobody else."""

    code = "exchange.tandem-not-public-yet"

    def __init__(self) -> None:
        super().__init__(
            say("A tandem can be public once every city has agreed and it has been made active.")
        )


class TopicInUse(Conflict):
    """A topic that decisions, questions or entries belong to cannot be removed."""

    code = "exchange.topic-in-use"

    def __init__(self) -> None:
        super().__init__(
            say("Questions, decisions or entries of the logbook belong to this topic. Remove them first.")
        )


def iri_of(tandem: Tandem) -> str:
    """Return what a tandem is called for ever."""
    return f"{installation.config().server.url}/id/tandem/{tandem.pk}"


def known_cities() -> dict[str, tuple[Mapping[str, str], list[Code]]]:
    """Return this city and its partners: names and codes by id."""
    ours, config = installation.city(), installation.config()
    cities = [(ours.id, ours.names, ours.codes)]
    cities += [(each.id, each.names, each.codes) for each in config.partners]
    return {
        city: (names, [Code(each.scheme, each.year, each.code) for each in codes])
        for city, names, codes in cities
    }


def codes_of(row: TandemMember) -> list[Code]:
    """Return what identifies a member."""
    return [Code(**each) for each in row.codes]


def agreement_of(tandem: Tandem) -> Agreement:
    """Return what the cities have agreed on; no query where the members are loaded."""
    rows = sorted(tandem.members.all(), key=lambda each: each.pk)
    members = (Member(each.city, each.joined_on, each.consented_on, each.left_on) for each in rows)
    return Agreement(State(tandem.state), tuple(members))


def find(slug: str) -> Tandem | None:
    """Return a tandem with its members, or None."""
    return Tandem.objects.prefetch_related("members").filter(slug=slug).first()


# --- the tandem -----------------------------------------------------------------------------------
@transaction.atomic
def begin(
    *, titles: Mapping[str, str], aims: Mapping[str, str], person: Person | None, now: datetime, on: date
) -> Tandem:
    """Propose a tandem. This city is in it from the first day, and has yet to agree like all others."""
    ours = installation.city()
    title = pick(titles, ours.languages[0], default="tandem")
    tandem = Tandem.objects.create(
        slug=free_slug(title, Tandem.objects.all(), reserved=RESERVED, otherwise="tandem"),
        titles=dict(titles),
        aims=dict(aims),
        changed_at=now,
        created_by=person,
    )
    names, codes = known_cities()[ours.id]
    _add_member(tandem, ours.id, names=names, codes=codes, contact_role="", on=on)
    audit.record(person, "exchange.tandem.begin", iri_of(tandem))
    log.info("exchange.tandem.begin", extra={"tandem": tandem.slug})
    return tandem


@transaction.atomic
def change(tandem: Tandem, *, person: Person | None, now: datetime, **values: Any) -> None:
    """Change what a tandem says of itself.

    Args:
        **values: Columns of ``Tandem`` with their new values.
    """
    for name, value in values.items():
        setattr(tandem, name, value)
    tandem.changed_at = now
    tandem.save(update_fields=[*values, "changed_at"])
    audit.record(person, "exchange.tandem.change", iri_of(tandem), {"changed": sorted(values)})
    index(tandem)


def touch(tandem: Tandem, now: datetime) -> None:
    """Note that something of a tandem changed."""
    tandem.changed_at = now
    tandem.save(update_fields=["changed_at"])


@transaction.atomic
def publish(tandem: Tandem, *, person: Person | None, now: datetime) -> None:
    """Let everybody see a tandem.

    Raises:
        NotPublicYet: It has never been active.
    """
    if tandem.begins_on is None:
        raise NotPublicYet
    tandem.is_public, tandem.changed_at = True, now
    tandem.save(update_fields=["is_public", "changed_at"])
    audit.record(person, "exchange.tandem.publish", iri_of(tandem))
    index(tandem)
    log.info("exchange.tandem.publish", extra={"tandem": tandem.slug})


@transaction.atomic
def withdraw(tandem: Tandem, *, person: Person | None, now: datetime) -> None:
    """Take a tandem from the public pages."""
    tandem.is_public, tandem.changed_at = False, now
    tandem.save(update_fields=["is_public", "changed_at"])
    audit.record(person, "exchange.tandem.withdraw", iri_of(tandem))
    index(tandem)
    log.info("exchange.tandem.withdraw", extra={"tandem": tandem.slug})


def index(tandem: Tandem) -> None:
    """Let the search know a tandem as it is now; one that is not public it forgets."""
    if not tandem.is_public:
        search.remove([iri_of(tandem)])
        return
    document = SearchDocument(
        uri=iri_of(tandem),
        room=ROOM,
        kind=KIND,
        titles=tandem.titles,
        texts=tandem.aims,
        path=f"tandems/{tandem.slug}/",
        updated_at=tandem.changed_at,
        city=installation.city().id,
    )
    search.put([document])


# --- membership -----------------------------------------------------------------------------------
Change = Callable[[Agreement], Agreement]


@transaction.atomic
def invite(
    tandem: Tandem,
    *,
    city: str,
    names: Mapping[str, str],
    codes: Sequence[Code],
    contact_role: str,
    on: date,
    person: Person | None,
    now: datetime,
) -> TandemMember:
    """Name a city as a member.

    Raises:
        BadCityId: The id has another form.
        MemberAlready: The city is in the tandem, if under another id: one of its codes says so.
        WrongTandemState: The tandem has ended.
        WrongDay: The city left on a later day.
    """
    rules.invite(agreement_of(_locked(tandem)), check_city_id(city), on=on)
    for each in tandem.members.filter(left_on=None):
        if rules.same_city(codes, codes_of(each)):
            raise MemberAlready(each.city)
    row = _add_member(tandem, city, names=names, codes=codes, contact_role=contact_role, on=on)
    _note(tandem, "invite", city, person=person, now=now)
    return row


def _add_member(
    tandem: Tandem, city: str, *, names: Mapping[str, str], codes: Sequence[Code], contact_role: str, on: date
) -> TandemMember:
    return TandemMember.objects.create(
        tandem=tandem,
        city=city,
        names=dict(names),
        codes=[asdict(each) for each in codes],
        contact_role=contact_role,
        joined_on=on,
    )


def consent(tandem: Tandem, city: str, *, on: date, person: Person | None, now: datetime) -> None:
    """Record that a city agreed.

    Raises:
        WrongTandemState, NoMember, AgreedAlready, WrongDay: As the rules have it.
    """
    _change(
        tandem,
        "consent",
        city,
        lambda agreement: rules.consent(agreement, city, on=on),
        person=person,
        now=now,
    )


@transaction.atomic
def leave(
    tandem: Tandem, city: str, *, on: date, because: Mapping[str, str], person: Person | None, now: datetime
) -> None:
    """Let a city leave; the tandem goes on with the others, or waits for another one.

    Raises:
        WrongTandemState, NoMember, WrongDay: As the rules have it.
    """
    row = tandem.members.filter(city=city, left_on=None).first()
    _change(
        tandem, "leave", city, lambda agreement: rules.leave(agreement, city, on=on), person=person, now=now
    )
    if row is not None:
        TandemMember.objects.filter(pk=row.pk).update(left_because=dict(because))


def activate(tandem: Tandem, *, on: date, person: Person | None, now: datetime) -> None:
    """Make a tandem active, for the first time or again.

    Raises:
        WrongTandemState: It is active, or has ended.
        NotReady: Something is missing.
    """
    _change(tandem, "activate", "", rules.activate, person=person, now=now, begins_on=tandem.begins_on or on)


def end(tandem: Tandem, *, on: date, person: Person | None, now: datetime) -> None:
    """End a tandem.

    Raises:
        WrongTandemState: It has ended.
    """
    _change(tandem, "end", "", rules.end, person=person, now=now, ends_on=on)


@transaction.atomic
def set_contact(row: TandemMember, *, contact_role: str, person: Person | None, now: datetime) -> None:
    """Keep which office of a city answers."""
    row.contact_role = contact_role
    row.save(update_fields=["contact_role"])
    _note(row.tandem, "contact", row.city, person=person, now=now)


def _locked(tandem: Tandem) -> Tandem:
    return Tandem.objects.select_for_update(of=("self",)).get(pk=tandem.pk)


@transaction.atomic
def _change(
    tandem: Tandem,
    verb: str,
    city: str,
    change_it: Change,
    *,
    person: Person | None,
    now: datetime,
    **columns: Any,
) -> None:
    """Bring a tandem and its members in line with a changed agreement."""
    before = _locked(tandem)
    after = change_it(agreement_of(before))
    rows = sorted(before.members.all(), key=lambda each: each.pk)
    for row, member in zip(rows, after.members, strict=True):
        row.consented_on, row.left_on = member.consented_on, member.left_on
        row.save(update_fields=["consented_on", "left_on"])
    tandem.state = after.state.value
    for name, value in columns.items():
        setattr(tandem, name, value)
    tandem.save(update_fields=["state", *columns])
    _note(tandem, verb, city, person=person, now=now)


def _note(tandem: Tandem, verb: str, city: str, *, person: Person | None, now: datetime) -> None:
    touch(tandem, now)
    audit.record(person, f"exchange.tandem.{verb}", iri_of(tandem), {"city": city} if city else {})
    index(tandem)
    log.info("exchange.tandem.%s", verb, extra={"tandem": tandem.slug, "city": city})


# --- topics ---------------------------------------------------------------------------------------
@transaction.atomic
def set_topic(
    tandem: Tandem,
    topic: Topic | None,
    *,
    titles: Mapping[str, str],
    parts_played: Mapping[str, str],
    person: Person | None,
    now: datetime,
) -> Topic:
    """Add a topic with who leads and who follows, or change one. Cities that have left keep what they were.

    Raises:
        WrongTandemState: The tandem has ended.
    """
    rules.check_step(State(tandem.state), Step.PREPARE)
    row = topic or Topic(tandem=tandem, position=tandem.topics.count())
    gone = {each.city for each in tandem.members.all()} - {
        each.city for each in tandem.members.all() if each.left_on is None
    }
    kept = {city: part for city, part in row.parts_played.items() if city in gone}
    row.titles, row.parts_played = dict(titles), {**kept, **parts_played}
    row.save()
    touch(tandem, now)
    audit.record(person, "exchange.topic.set", iri_of(tandem), {"topic": row.pk})
    return row


@transaction.atomic
def remove_topic(topic: Topic, *, person: Person | None, now: datetime) -> None:
    """Take a topic away that nothing belongs to.

    Raises:
        WrongTandemState: The tandem has ended.
        TopicInUse: Something belongs to it.
    """
    rules.check_step(State(topic.tandem.state), Step.PREPARE)
    if topic.agenda.exists() or topic.log.exists() or topic.decisions.exists():
        raise TopicInUse
    touch(topic.tandem, now)
    audit.record(person, "exchange.topic.remove", iri_of(topic.tandem), {"topic": topic.pk})
    topic.delete()

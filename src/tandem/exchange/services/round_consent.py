"""From the pairs of a result to tandems: propose them, write down what each city answers, let a city leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.core.errors import Conflict, NotFound
from tandem.core.text import say
from tandem.exchange.domain.matching import consent
from tandem.exchange.domain.matching.changes import without
from tandem.exchange.domain.matching.consent import OPEN, Answer, Proposal, State
from tandem.exchange.domain.matching.profiles import CityProfile, Entry, Tandem
from tandem.exchange.domain.matching.stored import read_call, read_tandems
from tandem.exchange.domain.tandem import Code, PlayedPart
from tandem.exchange.models import (
    ResultPair,
    Round,
    RoundAnswer,
    RoundProposal,
    RoundResult,
)
from tandem.exchange.models import (
    Tandem as TandemRow,
)
from tandem.exchange.services import round_changes, round_cities, tandems
from tandem.kit import installation

LONGEST_NAMES = 1_000
"""Of the cities of a proposal, where it is found by them."""


class OutOfDate(Conflict):
    """Cities or rules have changed since a result was made."""

    code = "exchange.matching.out-of-date"

    def __init__(self) -> None:
        super().__init__(
            say("Cities or rules were changed after this result. Match again, and propose the new result.")
        )


class HasLeft(Conflict):
    """A city is to leave a round that it has left."""

    code = "exchange.matching.has-left"


class NoTandemHere(Conflict):
    """A tandem is to be made that not all agreed to, that this city is not in, or that is there already."""

    code = "exchange.matching.no-tandem-here"


class NoSuchJoining(NotFound):
    """A result does not propose that this city joins others."""

    code = "exchange.matching.no-such-joining"


# --- proposals ------------------------------------------------------------------------------------
def proposal_of(row: RoundProposal) -> Proposal:
    """Return the rules' view of a proposal; no query where the answers are loaded."""
    answers = sorted(row.answers.all(), key=lambda each: each.pk)
    return Proposal(
        tuple(row.cities),
        tuple(Answer(each.city, each.agrees, each.reason, each.at) for each in answers),
        tuple(row.replaced_by),
        row.is_withdrawn,
    )


def _keep(row: RoundProposal, after: Proposal) -> None:
    row.state, row.replaced_by, row.is_withdrawn = after.state.value, list(after.replaced_by), after.withdrawn
    row.save(update_fields=["state", "replaced_by", "is_withdrawn"])


@transaction.atomic
def take(result: RoundResult, *, person: Person | None, now: datetime) -> int:
    """Propose the pairs of a result to their cities; return how many are new.

    Open proposals that the result has no more are withdrawn where no city has answered; declined ones are marked as
    replaced where one of their cities has another partner now.

    Raises:
        RoundFinished: The round is finished.
        OutOfDate: Cities or rules have changed since.
        Answered: An open proposal that the result has no more was answered by a city.
    """
    row = round_changes.require_open(result.round)
    if result.read_at < row.inputs_changed_at:
        raise OutOfDate
    kinds = (ResultPair.PROPOSED, ResultPair.FIXED)
    pairs: list[Tandem] = list(result.pairs.filter(kind__in=kinds).values_list("one", "other"))
    _make_way(row, pairs)
    made = _propose(row, result, pairs, now)
    result.taken_at, row.leaving = now, {}
    result.save(update_fields=["taken_at"])
    row.save(update_fields=["leaving"])
    round_changes.note(row, "take", person=person, now=now, about=str(result.number))
    return made


@transaction.atomic
def propose_joining(
    result: RoundResult, city: str, to: Sequence[str], *, person: Person | None, now: datetime
) -> RoundProposal:
    """Propose that a city without a partner joins a pair or a tandem; all of them have to agree.

    Returns:
        The proposal that all of them are in, which may be there already, and larger.

    Raises:
        RoundFinished: The round is finished.
        OutOfDate: Cities or rules have changed since.
        NoSuchJoining: The result does not propose it.
        Answered: A city has answered the proposal that this one takes the place of.
    """
    row = round_changes.require_open(result.round)
    if result.read_at < row.inputs_changed_at:
        raise OutOfDate
    found = any(each["city"] == city and each["to"] == list(to) for each in result.summary["joinings"])
    if not found:
        raise NoSuchJoining(say("This result does not propose that {city} joins these cities.", city=city))
    cities: Tandem = tuple(sorted((city, *to)))
    for each in _open(row):
        if set(each.cities) < set(cities):
            _keep(each, consent.withdraw(proposal_of(each)))
    if _propose(row, result, [cities], now):
        row.leaving = {}
        row.save(update_fields=["leaving"])
        round_changes.note(row, "join", person=person, now=now, about=round_cities.names_of(row, cities))
    return next(each for each in _open(row) if set(each.cities).issuperset(cities))


_OPEN = tuple(each.value for each in OPEN)


def _open(row: Round) -> list[RoundProposal]:
    return list(row.proposals.filter(state__in=_OPEN).prefetch_related("answers"))


def _make_way(row: Round, pairs: Sequence[Tandem]) -> None:
    """Withdraw and replace what a new result leaves out."""
    kept = {frozenset(each) for each in pairs}
    for each in _open(row):
        if not any(pair <= frozenset(each.cities) for pair in kept):
            _keep(each, consent.withdraw(proposal_of(each)))
    declined = row.proposals.filter(state=State.DECLINED).prefetch_related("answers")
    for each in declined:
        other = next((pair for pair in pairs if set(pair) & set(each.cities)), None)
        if other is not None:
            _keep(each, consent.replace_by(proposal_of(each), other))


def _propose(row: Round, result: RoundResult, groups: Sequence[Tandem], now: datetime) -> int:
    """Propose cities to each other unless they are, alone or with others; return how many proposals are new."""
    there = [set(each) for each in row.proposals.filter(state__in=_OPEN).values_list("cities", flat=True)]
    new = [each for each in groups if not any(each_open.issuperset(each) for each_open in there)]
    RoundProposal.objects.bulk_create(
        RoundProposal(
            round=row,
            result=result,
            cities=list(each),
            names=", ".join(result.names[city] for city in each)[:LONGEST_NAMES],
            made_at=now,
        )
        for each in new
    )
    return len(new)


# --- answers --------------------------------------------------------------------------------------
@transaction.atomic
def answer(
    row: RoundProposal,
    city: str,
    *,
    agrees: bool,
    reason: str,
    said_by: str,
    at: datetime,
    person: Person | None,
    now: datetime,
) -> State:
    """Write down what a city answers; once all have agreed it is a tandem that stands.

    A pair that was declined is a no-go of the city that declined, so that no later matching proposes it again.

    Raises:
        RoundFinished: The round is finished.
        NotConcerned, AlreadyDecided, NoReason: As the rules have it.
    """
    call = round_changes.require_open(row.round)
    before = proposal_of(RoundProposal.objects.select_for_update(of=("self",)).get(pk=row.pk))
    after = (
        consent.agree(before, city, at=at) if agrees else consent.decline(before, city, reason=reason, at=at)
    )
    if len(after.answers) > len(before.answers):
        _write_down(row, after.answers[-1], said_by, person, now)
    _keep(row, after)
    if after.state is State.AGREED:
        _stand(call, after.cities, now)
    elif after.state is State.DECLINED:
        _decline(call, city, after, reason.strip(), now)
    names = round_cities.names_of(call, [city])
    what = "agree" if agrees else "decline"
    round_changes.note(
        call, what, person=person, now=now, about=f"{names}: {row.names}", reason=reason.strip()
    )
    return after.state


def _write_down(
    row: RoundProposal, given: Answer, said_by: str, person: Person | None, now: datetime
) -> None:
    RoundAnswer.objects.create(
        proposal=row,
        city=given.city_id,
        agrees=given.agrees,
        reason=given.reason,
        said_by=said_by.strip(),
        at=given.at,
        recorded_at=now,
        recorded_by=person if person is not None and person.pk else None,
    )


def _stand(row: Round, cities: Tandem, now: datetime) -> None:
    """Let a tandem stand; one that it grew from stands no longer for itself, and no pair of it is fixed."""
    smaller = [each for each in read_tandems(row.tandems) if not set(each) < set(cities)]
    row.tandems = sorted({*smaller, cities})
    row.fixed = [each for each in row.fixed if not set(each) <= set(cities)]
    round_changes.touch(row, now, "tandems", "fixed")


def _decline(row: Round, city: str, declined: Proposal, reason: str, now: datetime) -> None:
    for other in declined.cities:
        if other != city and len(declined.cities) == 2:  # who declines three may want two of them
            round_cities.store_no_go(row, city, other, reason, now=now)
    row.fixed = [each for each in row.fixed if set(each) != set(declined.cities)]
    round_changes.touch(row, now, "fixed")


# --- a city leaves --------------------------------------------------------------------------------
@transaction.atomic
def leave(
    row: Round,
    city: str,
    *,
    reason: str,
    let_go: Sequence[Tandem],
    at: datetime,
    person: Person | None,
    now: datetime,
) -> None:
    """Record that a city takes no part any more. The next matching says what that changes.

    Open proposals with it are declined in its name. What remains of its tandems stands.

    Args:
        let_go: Tandems that need not stand: their cities may find others.

    Raises:
        RoundFinished: The round is finished.
        NoSuchCity: It is not in the round.
        HasLeft: It has left already.
    """
    locked = round_changes.require_open(row)
    profile = round_cities.profile_of(locked, city)
    if not profile.active:
        raise HasLeft(say("{city} has left this round already.", city=profile.name))
    open_again, before = [list(each) for each in let_go], locked.tandems
    profiles, call = without(
        round_cities.profiles_of(locked), read_call(locked.rules, locked.tandems), city, let_go=let_go
    )
    for each in _open(locked):
        if city in each.cities:
            after = consent.decline(proposal_of(each), city, reason=reason, at=at)
            _write_down(each, after.answers[-1], "", person, now)
            _keep(each, after)
    locked.tandems = [list(each) for each in call.tandems]
    locked.fixed = [each for each in locked.fixed if city not in each]
    locked.leaving = {"left": city, "before": before, "let_go": open_again}
    round_cities.put_profiles(locked, _changed(profiles, city, let_go), now=now)
    round_changes.touch(locked, now, "tandems", "fixed", "leaving")
    round_changes.note(locked, "leave", person=person, now=now, about=profile.name, reason=reason)
    row.refresh_from_db()


def _changed(profiles: Sequence[CityProfile], city: str, let_go: Sequence[Tandem]) -> list[CityProfile]:
    concerned = {city, *(each for tandem in let_go for each in tandem)}
    return [each for each in profiles if each.id in concerned]


# --- a tandem of it -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Subject:
    """What the cities of a tandem would learn: a topic, who leads and who follows."""

    titles: Mapping[str, str]
    parts_played: Mapping[str, str]


def subjects_of(row: RoundProposal) -> list[Subject]:
    """Return the topics in which one of the cities offers what another needs."""
    profiles = [round_cities.profile_of(row.round, each) for each in row.cities]
    titles = {each["key"]: each["titles"] for each in row.round.topics}
    played: dict[str, dict[str, str]] = {}
    for city in profiles:
        for other in profiles:
            for topic in _offered(city.needs, other.offers):
                parts = played.setdefault(topic, {})
                parts[city.id], parts[other.id] = PlayedPart.FOLLOW.value, PlayedPart.LEAD.value
    return [Subject(titles.get(topic, {"en": topic}), parts) for topic, parts in played.items()]


def _offered(needs: Sequence[Entry], offers: Sequence[Entry]) -> list[str]:
    there = {each.topic for each in offers}
    return [each.topic for each in sorted(needs, key=lambda each: -each.weight) if each.topic in there]


def require_tandem(row: RoundProposal) -> None:
    """Do nothing where a tandem can be made of a proposal here.

    Raises:
        NoTandemHere: It cannot.
    """
    if State(row.state) is not State.AGREED or row.tandem_id is not None:
        raise NoTandemHere(say("A tandem is made once, after every city has agreed."))
    if installation.city().id not in row.cities:
        raise NoTandemHere(
            say("This city is not in the pair. The cities in it make the tandem in their portals.")
        )


@transaction.atomic
def make_tandem(
    row: RoundProposal,
    *,
    titles: Mapping[str, str],
    aims: Mapping[str, str],
    person: Person | None,
    now: datetime,
) -> TandemRow:
    """Make a tandem of cities that have all agreed: with its cities, their consent and its topics.

    Raises:
        NoTandemHere: Not all agreed, this city is not in it, or there is one already.
    """
    row.refresh_from_db(
        fields=["state", "tandem"], from_queryset=RoundProposal.objects.select_for_update(of=("self",))
    )
    require_tandem(row)
    ours = installation.city().id
    agreed = {each.city: timezone.localdate(each.at) for each in row.answers.all() if each.agrees}
    first = min([*agreed.values(), timezone.localdate(row.made_at)])
    made = tandems.begin(titles=titles, aims=aims, person=person, now=now, on=first)
    for city in row.cities:
        if city != ours:
            _invite(made, round_cities.profile_of(row.round, city), first, person, now)
        tandems.consent(made, city, on=agreed[city], person=person, now=now)
    for each in subjects_of(row):
        tandems.set_topic(
            made, None, titles=each.titles, parts_played=each.parts_played, person=person, now=now
        )
    row.tandem = made
    row.save(update_fields=["tandem"])
    round_changes.note(row.round, "make-tandem", person=person, now=now, about=row.names)
    return made


def _invite(made: TandemRow, city: CityProfile, on: date, person: Person | None, now: datetime) -> None:
    codes = [Code(each.scheme, each.year, each.code) for each in city.codes]
    tandems.invite(
        made, city=city.id, names=city.names, codes=codes, contact_role="", on=on, person=person, now=now
    )

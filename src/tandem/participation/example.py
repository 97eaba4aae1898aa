"""Load example content: a project with a phase of every kind, always the same for the same day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from tandem.kit.installation import city
from tandem.participation.adapters.polis import PolisStatement, PolisVote
from tandem.participation.domain.phase_settings import Category, IdeaSettings, StatementSettings
from tandem.participation.examples import Example, example_of
from tandem.participation.models import (
    CastBallot,
    Contribution,
    Milestone,
    Participant,
    Phase,
    PlanStatement,
    Process,
    Project,
    SurveyResponse,
)
from tandem.participation.services import (
    allocating,
    ideas,
    opinion_files,
    opinion_results,
    plan,
    processes,
    projects,
    statements,
)
from tandem.participation.services.ideas import Written
from tandem.participation.services.statements import Author

DAY = timedelta(days=1)
PEOPLE, VOTERS, BALLOTS, ANSWERS = 40, 120, 200, 80


@dataclass(frozen=True, slots=True)
class _Making:
    """What every part of an example is made with."""

    example: Example
    project: Project
    people: list[Participant]
    random: np.random.Generator
    now: datetime


def load(*, now: datetime, tell: Callable[[float, str], None]) -> int:
    """Make the city's example project with its processes; return how many processes were made, 0 where it is there."""
    example = example_of(city().id)
    if example is None or Project.objects.filter(is_example=True).exists():
        return 0
    random = np.random.default_rng(now.toordinal())
    project = _project(example, now)
    people = [
        Participant(kind="guest", language=example.language, name=f"{_word(example)} {number}")
        for number in range(1, PEOPLE + 1)
    ]
    Participant.objects.bulk_create(people)
    steps = (_ideas, _plan, _budget, _vote, _opinions, _survey)
    for number, make in enumerate(steps):
        tell(number / len(steps), make.__name__.strip("_"))
        make(_Making(example, project, people, random, now))
    return len(steps)


def _word(example: Example) -> str:
    return {"de": "Beispielperson", "it": "Persona esempio"}.get(example.language, "Example")


def _project(example: Example, now: datetime) -> Project:
    project = projects.begin(
        person=None,
        now=now,
        is_example=True,
        begins_on=date(2024, 1, 1),
        ends_on=date(2029, 12, 31),
        **example.project,
    )
    for year, month, titles in example.milestones:
        Milestone.objects.create(
            project=project,
            titles=titles,
            on=date(year, month, 1),
            precision="month",
            is_reached=date(year, month, 1) < now.date(),
        )
    projects.publish(project, person=None, now=now)
    return project


def _process(it: _Making, code: str, title: str, opened_days: int) -> Process:
    """Return a published process whose first phase opened so many days ago."""
    opens_at, titles = it.now - opened_days * DAY, it.example.titles[title]
    made = processes.begin(it.project, code=code, titles=titles, opens_at=opens_at, person=None, now=it.now)
    processes.publish(made, person=None, now=it.now)
    return made


def _settings(example: Example) -> dict[str, Any]:
    return IdeaSettings(
        categories=tuple(Category(key, titles) for key, titles in example.categories)
    ).as_json()


def _submit(
    it: _Making, phase: Phase, said: tuple[str, str, str, int, int], who: Participant, at: datetime
) -> Contribution:
    title, text, category, east, north = said
    longitude = round(it.example.project["longitude"] + east / 1_000, 5)
    latitude = round(it.example.project["latitude"] + north / 1_000, 5)
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    written = Written(title, text, category, "", point, latitude, longitude)
    made = ideas.submit(phase, written, participant=who, language=it.example.language, now=at)
    Contribution.objects.filter(pk=made.pk).update(is_example=True)
    return made


def _ideas(it: _Making) -> None:
    process = _process(it, "ideas", "ideas", 10)
    phase = process.phases.get()
    phase.settings = _settings(it.example)
    phase.save(update_fields=["settings"])
    phase.process = process
    for number, said in enumerate(it.example.ideas):
        at = it.now - (9 - number % 9) * DAY
        row = _submit(it, phase, said, it.people[number], at)
        for who in it.random.choice(PEOPLE, int(it.random.integers(2, 20)), replace=False):
            ideas.support(row, participant=it.people[int(who)], now=at + DAY / 2, wanted=True)
        for place, text in enumerate(it.example.comments[: int(it.random.integers(0, 3))]):
            ideas.comment(row, text, participant=it.people[-1 - place], now=at + DAY / 2)


def _plan(it: _Making) -> None:
    code = "plan-de" if it.example.rule.startswith("de") else "plan-it"
    process = _process(it, code, "plan", 12)
    phase = process.phases.get()
    phase.process = process
    settings = StatementSettings(
        rule=it.example.rule,
        region=it.example.region,
        announced_on=(it.now - 20 * DAY).date().isoformat(),
        starts_on=(it.now - 12 * DAY).date().isoformat(),
        prefix=city().id[:3].upper(),
    )
    plan.set_period(phase, settings, person=None, now=it.now)
    plan.add_document(
        phase,
        kind="reasons",
        titles={"de": "Begründung (Beispiel)", "it": "Relazione (esempio)", "en": "Reasons (example)"},
        content=it.example.plan.encode(),
        filename="reasons.txt",
        media_type="text/plain",
        person=None,
        now=it.now,
    )
    texts = [*it.example.statements, *[it.example.letter] * 6]
    for number, text in enumerate(texts):
        at = it.now - (8 - number % 8) * DAY
        made = statements.receive(
            phase,
            text=text,
            uploads=[],
            author=Author(name=str(it.people[number])),
            received_at=at,
            now=at,
            language=it.example.language,
        )
        PlanStatement.objects.filter(pk=made.pk).update(is_example=True)


def _budget(it: _Making) -> None:
    process = _process(it, "budget", "budget", 7)
    phase = process.phases.get(number=1)
    phase.process = process
    for number, (title, text, _cost) in enumerate(it.example.proposals[:4]):
        _submit(it, phase, (title, text, "", number, -number), it.people[number], it.now - (6 - number) * DAY)


def _vote(it: _Making) -> None:
    """Make a budget whose vote ended five days ago, with its result."""
    process = _process(it, "budget", "vote", 28 + 42 + 21 + 5)
    submit, check, vote, _result = process.phases.all()
    for each in (submit, check, vote):
        each.process = process
    rows = []
    for number, (title, text, cost) in enumerate(it.example.proposals):
        row = _submit(
            it,
            submit,
            (title, text, "", number, number),
            it.people[number],
            submit.opens_at + number * DAY,
        )
        rows.append(row)
        Contribution.objects.filter(pk=row.pk).update(
            feasible=True, cost_cents=cost * 100, checked_at=check.opens_at
        )
    vote.settings = {"budget_cents": 80_000_00, "vote_type": "approval", "most_choices": 3}
    vote.save(update_fields=["settings"])
    weights = np.array([cost**0.5 for _title, _text, cost in it.example.proposals])
    CastBallot.objects.bulk_create(
        CastBallot(
            phase=vote,
            choices=[str(rows[int(each)].number) for each in sorted(_choice(it.random, weights))],
            cast_on=vote.opens_at.date(),
        )
        for _ballot in range(BALLOTS)
    )
    allocating.reckon(vote, now=it.now)
    vote.results_published_at = it.now
    vote.save(update_fields=["results_published_at"])


def _choice(random: Any, weights: Any) -> Any:
    return random.choice(len(weights), int(random.integers(1, 4)), replace=False, p=weights / weights.sum())


def _opinions(it: _Making) -> None:
    process = _process(it, "opinions", "opinions", 6)
    phase = process.phases.get()
    phase.process = process
    said = [PolisStatement(str(number), text, moderated=1) for number, text in enumerate(it.example.opinions)]
    dividing = len(said) * 5 // 8
    votes = []
    for who in range(VOTERS):
        camp = 1 if who < VOTERS * 0.6 else -1
        for number in range(len(said)):
            likely = 0.93 if number >= dividing else 0.88 if (number % 2 == 0) == (camp == 1) else 0.12
            value = 0 if it.random.random() < 0.06 else 1 if it.random.random() < likely else -1
            votes.append(PolisVote(str(who), str(number), value, it.now - DAY * it.random.random() * 5))
    opinion_files.bring_in(phase, said, votes, language=it.example.language, person=None, now=it.now)
    opinion_results.reckon(phase, now=it.now)


def _survey(it: _Making) -> None:
    process = _process(it, "survey", "survey", 5)
    phase = process.phases.get()
    phase.settings = {"questions": list(it.example.questions), "smallest_count": 5}
    phase.save(update_fields=["settings"])
    SurveyResponse.objects.bulk_create(
        SurveyResponse(
            phase=phase,
            answers=_answers(it.random),
            language=it.example.language,
            given_on=(it.now - DAY).date(),
        )
        for _response in range(ANSWERS)
    )


def _answers(random: Any) -> dict[str, Any]:
    often = str(int(random.integers(1, 4)))
    if often == "3":
        return {"often": often}
    ways = sorted(
        str(int(each)) for each in random.choice([1, 2, 3, 4], int(random.integers(1, 3)), replace=False)
    )
    return {"often": often, "way": ways, "mark": int(random.integers(2, 6))}

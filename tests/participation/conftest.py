"""Projects, processes and people for tests of participation."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.accounts.services.people import create_person
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Participant, Phase, Project
from tandem.participation.services import processes, projects

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any) -> None:
    """Begin each test without rate limits, with cheap password hashes and without a second factor for staff."""
    cache.clear()
    accounts = replace(settings.TANDEM.accounts, staff_second_factor=False)
    settings.TANDEM = replace(settings.TANDEM, accounts=accounts)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Let ``reverse`` lead to English pages."""
    with override("en"):
        yield


@pytest.fixture
def project(db: None) -> Project:
    """Return a published project."""
    made = projects.begin(
        titles={"de": "Neuer Platz", "it": "Piazza nuova", "en": "New square"}, person=None, now=NOW
    )
    made.summaries = {
        "de": "Ein Platz wird neu.",
        "en": "A square is renewed.",
        "it": "Si rinnova una piazza.",
    }
    made.latitude, made.longitude = 51.68, 7.82
    made.save()
    projects.publish(made, person=None, now=NOW)
    return made


@pytest.fixture
def a_phase(project: Project) -> Callable[..., Phase]:
    """Return a function that makes a published process and returns one of its phases.

    ``a_phase(PhaseKind.IDEAS)`` is open now; ``state="planned"`` or ``"closed"`` moves its window. Further arguments
    become columns of the phase.
    """
    codes = {
        PhaseKind.IDEAS: ("ideas", 1),
        PhaseKind.STATEMENTS: ("plan-de", 1),
        PhaseKind.BUDGET_SUBMIT: ("budget", 1),
        PhaseKind.BUDGET_CHECK: ("budget", 2),
        PhaseKind.BUDGET_VOTE: ("budget", 3),
        PhaseKind.BUDGET_RESULT: ("budget", 4),
        PhaseKind.OPINION_MAP: ("opinions", 1),
        PhaseKind.SURVEY: ("survey", 1),
    }

    def make(kind: PhaseKind, *, state: str = "open", **columns: Any) -> Phase:
        code, number = codes[kind]
        titles = {"de": f"Verfahren {kind}", "en": f"Process {kind}", "it": f"Percorso {kind}"}
        process = processes.begin(project, code=code, titles=titles, opens_at=NOW, person=None, now=NOW)
        processes.publish(process, person=None, now=NOW)
        move(process.phases.get(number=number), state)
        phase = Phase.objects.select_related("process__project").get(process=process, number=number)
        for name, value in columns.items():
            setattr(phase, name, value)
        phase.save()
        return phase

    return make


def move(phase: Phase, state: str) -> None:
    """Move all phases of a process so that this one is planned, open or closed now, and the others around it."""
    days = {"planned": 5, "open": -5, "closed": -15}[state]
    start = NOW + days * DAY
    for each in phase.process.phases.all():
        each.opens_at = start + (each.number - phase.number) * 10 * DAY
        each.closes_at = each.opens_at + 10 * DAY
        each.save()
    phase.refresh_from_db()


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Return a function that makes an account: ``person("participation:planner")``, ``person()`` for a citizen."""
    numbers = iter(range(1_000))

    def make(*roles: str, name: str = "") -> Person:
        return create_person(f"person{next(numbers)}@example.org", name, PASSWORD, "en", roles)

    return make


@pytest.fixture
def by_email(db: None) -> Callable[[str], Participant]:
    """Return a function that makes a participant with a confirmed address."""

    def make(email: str) -> Participant:
        return Participant.objects.create(kind="email", email=email, language="en")

    return make


@pytest.fixture
def as_participant() -> Callable[[Any, Participant], None]:
    """Return a function that lets a test client's browser be known as a participant."""

    def remember(client: Any, participant: Participant) -> None:
        session = client.session
        session["participation_participant"] = str(participant.pk)
        session.save()

    return remember


@pytest.fixture
def signed_in(page_client: Any) -> Callable[[Person], Any]:
    """Return a function that signs a person in and returns the client, which checks every page."""

    def sign_in(someone: Person) -> Any:
        page_client.force_login(someone)
        return page_client

    return sign_in


__all__ = ["DAY", "NOW", "PASSWORD", "move"]

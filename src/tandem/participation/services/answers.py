"""The city's answers to contributions, one by one and many at once; what became of a process."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.text import say
from tandem.participation.models import Answer, Contribution, Participant, Process
from tandem.participation.services import indexing, notifying


@transaction.atomic
def answer(
    contributions: Iterable[Contribution],
    *,
    status: str,
    texts: Mapping[str, str],
    office: str,
    person: Person,
    now: datetime,
) -> int:
    """Answer contributions with one text; their authors and supporters hear of it. Return how many there were.

    Args:
        status: Of ``ContributionStatus``.
        texts: By language; ``{number}`` and ``{title}`` in them are filled in for each.
        office: Who answers, as pages show it.
    """
    count = 0
    for row in contributions:
        said = {code: _filled(text, row) for code, text in texts.items()}
        Answer.objects.create(contribution=row, status=status, texts=said, office=office, at=now, by=person)
        row.status, row.changed_at = status, now
        row.save(update_fields=["status", "changed_at"])
        _tell(row, now)
        count += 1
    audit.record(person, "participation.answer.give", "", {"count": count, "status": status})
    return count


def _filled(text: str, row: Contribution) -> str:
    return text.replace("{number}", str(row.number)).replace("{title}", row.title)


def _tell(row: Contribution, now: datetime) -> None:
    path = f"take-part/{row.process.slug}/{row.phase.number}/ideas/{row.number}/"
    project = row.process.project
    if row.participant:
        notifying.notify(
            [row.participant],
            said=say("The city has answered your contribution “{title}”.", title=row.title),
            path=path,
            project=project,
            now=now,
            urgent=True,
        )
    supporters = Participant.objects.filter(supports__contribution=row).select_related("person")
    notifying.notify(
        supporters.exclude(pk=row.participant_id) if row.participant_id else supporters,
        said=say("The city has answered a contribution that you support: “{title}”.", title=row.title),
        path=path,
        project=project,
        now=now,
    )


@transaction.atomic
def tell_outcome(process: Process, texts: Mapping[str, str], *, person: Person, now: datetime) -> int:
    """Publish what became of a process, and tell everybody who took part in it; return how many that are."""
    process.outcomes, process.outcome_at, process.changed_at = dict(texts), now, now
    process.save(update_fields=["outcomes", "outcome_at", "changed_at"])
    audit.record(person, "participation.process.outcome", process.iri)
    indexing.index_project(process.project)
    return notifying.notify(
        took_part(process),
        said=say("What became of it: {title}", title=next(iter(process.titles.values()), process.slug)),
        path=f"take-part/{process.slug}/",
        project=process.project,
        now=now,
        urgent=True,
    )


def took_part(process: Process) -> Iterable[Participant]:
    """Return everybody who wrote, supported, commented or voted in a process and can be reached."""
    found: dict[object, Participant] = {}
    everybody = Participant.objects.select_related("person").filter(erased_at=None)
    for query in (
        everybody.filter(contributions__process=process),
        everybody.filter(supports__contribution__process=process),
        everybody.filter(comments__contribution__process=process),
        everybody.filter(statements__phase__process=process),
        everybody.filter(poll_votes__phase__process=process),
        everybody.filter(follows__project=process.project_id),
    ):
        found |= {each.pk: each for each in query.distinct()}
    return list(found.values())

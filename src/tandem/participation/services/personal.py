"""What the room knows of somebody who takes part, and how it forgets them. What they wrote stays, without them."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Person, fresh_pseudonym
from tandem.participation.domain.phase import Who
from tandem.participation.models import (
    Answer,
    Attachment,
    CastBallot,
    Comment,
    Contribution,
    Decision,
    News,
    Notice,
    Participant,
    PlanStatement,
    PollStatement,
    Process,
    Project,
    SurveyResponse,
)
from tandem.participation.services.participants import of_person


def export(person: Person) -> dict[str, Any]:
    """Return everything about the person of an account."""
    known = of_person(person)
    return {
        **(export_participant(known) if known else {}),
        "begun_as_staff": {
            "projects": list(Project.objects.filter(created_by=person).values("iri", "slug")),
            "processes": list(Process.objects.filter(created_by=person).values("iri", "slug")),
            "decisions": list(Decision.objects.filter(by=person).values("action", "at")),
        },
    }


def export_participant(known: Participant) -> dict[str, Any]:
    """Return everything about a participant. Ballots are not in it: nothing tells whose they are."""
    return {
        "participant": {
            "kind": known.kind,
            "email": known.email,
            "name": known.name,
            "pseudonym": known.pseudonym,
            "language": known.language,
            "digest": known.digest,
            "created_at": known.created_at,
            "blocked_at": known.blocked_at,
        },
        "contributions": list(
            known.contributions.values(
                "process__slug",
                "kind",
                "number",
                "title",
                "text",
                "place",
                "latitude",
                "longitude",
                "received_at",
            )
        ),
        "comments": list(known.comments.values("contribution__title", "text", "at")),
        "supports": list(known.supports.values("contribution__title", "at")),
        "follows": list(known.follows.values("project__slug", "since")),
        "statements": list(
            known.statements.values(
                "number",
                "text",
                "received_at",
                "author_name",
                "author_address",
                "author_email",
                "organisation",
            )
        ),
        "poll_statements": list(
            PollStatement.objects.filter(participant=known).values("text", "at", "state")
        ),
        "poll_votes": list(known.poll_votes.values("statement__text", "value", "at")),
        "survey_answers": list(
            SurveyResponse.objects.filter(participant=known).values("answers", "given_on")
        ),
        "notices": list(Notice.objects.filter(participant=known).values("number", "reason", "text", "at")),
        "decisions": list(known.decisions.values("action", "reasons", "at", "appeal", "appeal_answer")),
        "notifications": list(known.notifications.values("said", "at", "sent_at")),
    }


def forget(person: Person) -> int:
    """Take the person of an account from everything in this room; return how many things carried them."""
    staff_rows = (
        Project.objects.filter(created_by=person).update(created_by=None)
        + Process.objects.filter(created_by=person).update(created_by=None)
        + News.objects.filter(created_by=person).update(created_by=None)
        + Answer.objects.filter(by=person).update(by=None)
        + Decision.objects.filter(by=person).update(by=None)
        + Attachment.objects.filter(added_by=person).update(added_by=None)
        + CastBallot.objects.filter(recorded_by=person).update(recorded_by=None)
        + SurveyResponse.objects.filter(recorded_by=person).update(recorded_by=None)
    )
    known = of_person(person)
    return staff_rows + (forget_participant(known) if known else 0)


@transaction.atomic
def forget_participant(known: Participant) -> int:
    """Take away everything that identifies a participant; return how many things carried them.

    Their texts stay without an author, and their votes keep counting under an empty row. What they wrote into the
    text of a contribution about themselves stays as it is: that is for moderation.
    """
    gone = sum(rows.delete()[0] for rows in (known.notifications.all(), known.follows.all()))
    changed = (
        Contribution.objects.filter(participant=known).update(participant=None, author_label="")
        + Comment.objects.filter(participant=known).update(participant=None, author_label="")
        + PollStatement.objects.filter(participant=known).update(participant=None, author_label="")
        + SurveyResponse.objects.filter(participant=known).update(participant=None)
        + Notice.objects.filter(participant=known).update(participant=None)
        + Decision.objects.filter(author=known).update(author=None)
        + PlanStatement.objects.filter(participant=known).update(
            participant=None,
            author_name="",
            author_address="",
            author_email="",
            organisation="",
            erased_at=timezone.now(),
        )
    )
    known.kind, known.person, known.email, known.name = Who.GUEST, None, "", ""
    known.pseudonym, known.erased_at, known.digest = fresh_pseudonym(), timezone.now(), "none"
    known.save()
    return gone + changed + 1

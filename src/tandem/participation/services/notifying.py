"""Telling people who take part what has happened."""

from collections.abc import Iterable
from datetime import datetime

from tandem.core.text import Sentence
from tandem.participation.models import Notification, Participant, Project


def notify(
    participants: Iterable[Participant],
    *,
    said: Sentence,
    path: str,
    project: Project | None,
    now: datetime,
    urgent: bool = False,
) -> int:
    """Let people hear something by mail: at once where it is urgent, else with their next digest.

    Those whom no mail reaches, and those who do not want a digest, are left out.

    Args:
        said: What happened.
        path: Where it is to be read, after the language.
        project: Under which it stands in a digest.
        urgent: Whether it concerns their own contribution.

    Returns:
        How many will hear it.
    """
    rows = [
        Notification(participant=each, project=project, said=said.as_json(), path=path, urgent=urgent, at=now)
        for each in {one.pk: one for one in participants}.values()
        if each.address and (urgent or each.digest != "none")
    ]
    Notification.objects.bulk_create(rows)
    return len(rows)

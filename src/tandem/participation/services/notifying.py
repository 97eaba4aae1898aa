"""Telling people who take part what has happened."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.adapters import mail
from tandem.core.text import Sentence, pick
from tandem.kit.installation import config
from tandem.kit.spoken import spoken
from tandem.participation.models import Notification, Participant, Project

log = logging.getLogger(__name__)


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


# --- sending ------------------------------------------------------------------------------------
EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
_SALT = "tandem.participation.digest"


def send_due(now: datetime) -> int:
    """Mail what people are to hear: urgent things at once, the rest in digests. Return how many mails went out.

    A digest is sent when its oldest piece has waited for a day (or a week), so it is never empty. Each mail is marked
    as sent in a transaction of its own, after it went out: a crash in between repeats one mail, and loses none.
    """
    waiting = Notification.objects.filter(sent_at=None).order_by("participant_id", "at")
    sent = 0
    for participant_id, rows in groupby(
        waiting.select_related("participant__person", "project").iterator(),
        key=lambda each: each.participant_id,
    ):
        due = _due(list(rows), now)
        if due and _send(due, now):
            sent += 1
            log.info(
                "participation.digest.send", extra={"participant": str(participant_id), "items": len(due)}
            )
    return sent


def _due(rows: list[Notification], now: datetime) -> list[Notification]:
    """Return what is to be sent now: all of it as soon as a part cannot wait."""
    every = EVERY.get(rows[0].participant.digest)
    if any(each.urgent for each in rows) or (every and now - rows[0].at >= every):
        return rows
    return []


def _send(rows: list[Notification], now: datetime) -> bool:
    who = rows[0].participant
    ids = [each.pk for each in rows]
    if who.address:
        try:
            mail.send("participation/mail/digest", who.address, language=who.language, context=_context(rows))
        except mail.MailNotSent:
            return False  # it waits for the next time
    Notification.objects.filter(pk__in=ids).update(sent_at=now)
    return bool(who.address)


def _context(rows: list[Notification]) -> dict[str, Any]:
    who = rows[0].participant
    groups: dict[str, list[tuple[str, str]]] = {}
    with override(who.language):
        for each in rows:
            title = pick(each.project.titles, who.language) if each.project else ""
            link = f"{config().server.url}/{who.language}/{each.path}"
            groups.setdefault(title, []).append((spoken(Sentence.from_json(each.said)), link))
        stop = reverse("participation:stop_mail", args=[signing.dumps(str(who.pk), salt=_SALT)])
    first = next(iter(groups.values()))[0][0]
    return {
        "groups": list(groups.items()),
        "first": first,
        "more": len(rows) - 1,
        "stop": f"{config().server.url}{stop}",
    }


def stop(token: str) -> bool:
    """Send no more digests to whom a link in a mail belongs; return whether the link is one of ours."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return False
    return bool(Participant.objects.filter(pk=key).update(digest="none"))

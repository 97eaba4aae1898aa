"""People who want to hear when a measure, ready or not, has a new version."""

import logging
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery

from tandem.accounts.adapters import mail
from tandem.accounts.models import Person
from tandem.core.text import pick
from tandem.exchange.domain.lifecycle import Status
from tandem.exchange.models import Measure, MeasureVersion, Watch
from tandem.kit.installation import config

log = logging.getLogger(__name__)
BATCH = 200  # mails in one run


def watch(measure: Measure, person: Person, *, now: datetime) -> None:
    """Let a person hear of versions that come from now on; who watches already goes on."""
    newest = measure.versions.values_list("number", flat=True).first() or ""
    Watch.objects.get_or_create(
        measure=measure, person=person, defaults={"since": now, "told_version": newest}
    )
    log.info("exchange.watch.begin", extra={"measure": measure.slug})


def stop(measure: Measure, person: Person) -> None:
    """Let a person hear no more of a measure."""
    Watch.objects.filter(measure=measure, person=person).delete()
    log.info("exchange.watch.stop", extra={"measure": measure.slug})


def send_due(now: datetime) -> int:
    """Mail those who watch that a new version is out; return how many mails went out.

    Each is marked as told after its mail went out: a crash in between repeats one mail, and loses none. Addresses to
    which nothing goes out come last in the next run, so that they hold up nobody.
    """
    newest = MeasureVersion.objects.filter(measure=OuterRef("measure")).order_by("-released_at", "-id")
    due = (
        Watch.objects.filter(measure__status=Status.PUBLISHED, person__is_active=True)
        .annotate(newest=Subquery(newest.values("number")[:1]))
        .exclude(newest=None)
        .exclude(newest=F("told_version"))
        .select_related("measure", "person")
        .order_by(F("tried_at").asc(nulls_first=True), "pk")
    )
    return sum(_send(each, now) for each in due[:BATCH])


def _send(row: Any, now: datetime) -> bool:
    version = MeasureVersion.objects.get(measure=row.measure, number=row.newest)
    language = row.person.language
    context = {
        "title": pick(row.measure.card.get("title", {}), language, default=row.measure.slug),
        "number": row.newest,
        "changes": pick(version.changes, language),
        "link": f"{config().server.url}/{language}/measures/{row.measure.slug}/",
        "stop": f"{config().server.url}/{language}/measures/watched/",
    }
    try:
        mail.send("exchange/mail/version", row.person.email, language=language, context=context)
    except mail.MailNotSent:
        Watch.objects.filter(pk=row.pk).update(tried_at=now)
        return False  # it waits for the next time
    Watch.objects.filter(pk=row.pk).update(told_version=row.newest, tried_at=None)
    return True

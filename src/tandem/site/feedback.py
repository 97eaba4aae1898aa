"""Messages about the portal: keep them, tell the staff, close and forget them."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy, override

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Unavailable
from tandem.core.text import say
from tandem.kit import jobs
from tandem.kit.installation import city, config
from tandem.site.models import Feedback

JOB = "site.feedback.mail"
ACTIONS = {"site.feedback.close": gettext_lazy("Dealt with a message")}
CLOSED_FOR = timedelta(days=180)  # the privacy page says half a year
log = logging.getLogger(__name__)


class MailNotSent(Unavailable):
    """The mail server did not take a message."""

    code = "site.feedback.mail-not-sent"

    def __init__(self, problem: str) -> None:
        super().__init__(
            say(
                "The mail server did not take the message: {problem}. It is kept in the list of messages.",
                problem=problem,
            )
        )


def register_job() -> None:
    """Say how the staff are told of a message."""
    jobs.register(JOB, gettext_lazy("Passing on a message about the portal"), _mail)


@transaction.atomic
def keep(message: Feedback, *, language: str) -> Feedback:
    """Keep a message, and have it sent to whom the configuration names."""
    message.language = language
    message.save()
    if _recipient():
        jobs.start(JOB, arguments={"feedback": message.pk}, subject=f"feedback:{message.pk}")
    log.info("site.feedback.keep feedback=%s", message.pk)
    return message


def _recipient() -> str:
    legal = config().legal
    return legal.accessibility_mail or legal.mail


def _mail(context: jobs.JobContext) -> dict[str, Any] | None:
    message = Feedback.objects.filter(pk=context.arguments["feedback"]).first()
    if message is None or not _recipient():
        return None
    with override(city().languages[0]):
        subject = gettext("Message about the portal")
        about = gettext("About the page: %(page)s") % {"page": message.page or "–"}
    answer_to = [message.mail] if message.mail else None
    mail = EmailMessage(subject, f"{message.message}\n\n{about}", to=[_recipient()], reply_to=answer_to)
    try:
        mail.send()
    except OSError as error:
        raise MailNotSent(str(error)) from error
    return None


@transaction.atomic
def close(message: Feedback, *, actor: Person, now: datetime) -> None:
    """Mark a message as dealt with; one that is, stays as it is."""
    closed = Feedback.objects.filter(pk=message.pk, closed_at=None).update(closed_at=now)
    if closed:
        audit.record(actor, "site.feedback.close", f"feedback:{message.pk}", {})


def purge(now: datetime) -> int:
    """Delete messages that were dealt with half a year ago; return how many."""
    return Feedback.objects.filter(closed_at__lt=now - CLOSED_FOR).delete()[0]


# --- data protection ----------------------------------------------------------------------------
def _of(person: Person) -> QuerySet[Feedback]:
    return Feedback.objects.filter(mail__iexact=person.email).exclude(mail="")


def export(person: Person) -> dict[str, Any]:
    """Return the messages that carry a person's e-mail address."""
    rows = _of(person).values("page", "message", "mail", "language", "sent_at", "closed_at")
    return {"messages": list(rows)}


def forget(person: Person) -> int:
    """Take a person's e-mail address from the messages; return how many had it."""
    return _of(person).update(mail="")

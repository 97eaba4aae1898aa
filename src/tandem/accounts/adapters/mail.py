"""Mail in plain text, in the language of who receives it."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override

from tandem.core.errors import Unavailable
from tandem.core.text import say
from tandem.kit.installation import config

logger = logging.getLogger(__name__)


class MailNotSent(Unavailable):
    """The mail server did not take a message."""

    code = "accounts.mail-not-sent"

    def __init__(self, reason: str) -> None:
        super().__init__(
            say(
                "The mail could not be sent: {reason}. Check [mail] in tandem.toml; `tandem doctor` tries "
                "it.",
                reason=reason,
            )
        )


def send(template: str, to: str, *, language: str, context: Mapping[str, Any]) -> None:
    """Write a message from ``<template>_subject.txt`` and ``<template>_message.txt``, and send it.

    The templates know ``city`` and ``portal_url`` besides ``context``.

    Raises:
        MailNotSent: The mail server did not take it.
    """
    known = config()
    with override(language):
        page = {"city": known.city.name(language), "portal_url": known.server.url, "email": to, **context}
        subject = " ".join(render_to_string(f"{template}_subject.txt", page).split())
        body = render_to_string(f"{template}_message.txt", page).strip() + "\n"
    message = EmailMessage(subject, body, to=[to], headers={"Auto-Submitted": "auto-generated"})
    try:
        message.send()
    except OSError as error:  # smtplib's errors are OSErrors
        logger.warning("accounts.mail.failed template=%s: %s", template, error)
        raise MailNotSent(type(error).__name__) from error
    logger.info("accounts.mail.sent template=%s", template)

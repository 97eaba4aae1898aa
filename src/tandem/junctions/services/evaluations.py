"""Evaluations: keep what a comparison of controllers gave."""

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import InvalidInput, Unavailable
from tandem.core.text import say
from tandem.junctions.domain.evaluation import NotResults, read_results
from tandem.junctions.models import Evaluation, FileVersion, Junction
from tandem.kit.stored import stored

log = logging.getLogger(__name__)
LARGEST_BYTES = 20_000_000


class NotAReport(InvalidInput):
    """A file is no report that can be kept."""

    code = "junctions.evaluation.not-a-report"

    def __init__(self) -> None:
        super().__init__(
            say(
                "This is no report that tandem signals compare wrote by --report: one page of HTML without scripts, "
                "at most 20 MB."
            )
        )


class FileMissing(Unavailable):
    """A file of an evaluation is not in the storage."""

    code = "junctions.evaluation.file-missing"

    def __init__(self, name: str) -> None:
        super().__init__(say("The file {name} is missing in the storage. Restore the backup.", name=name))


def opened(name: str) -> "File[Any]":
    """Open the results or the report of an evaluation.

    Raises:
        FileMissing: It is not there.
    """
    try:
        return default_storage.open(name)
    except FileNotFoundError as error:
        raise FileMissing(name) from error


def add(
    junction: Junction,
    *,
    titles: Mapping[str, str],
    results: bytes,
    report: bytes | None,
    version: FileVersion | None,
    policy: str,
    made_on: date,
    person: Person | None,
    now: datetime,
    is_example: bool = False,
) -> Evaluation:
    """Keep the results of a comparison, and its report if there is one.

    Args:
        titles: By language.
        results: The file of ``--results``.
        report: The file of ``--report``.
        version: The version of the junction's file that it was made with.

    Raises:
        NotResults: The file holds no results.
        NotAReport: The report is none.
    """
    found = read_results(_text(results))
    if report is not None:
        _check_report(report)
    folder = f"junctions/{junction.pk}/{uuid4()}"
    with ExitStack() as kept:
        original = kept.enter_context(stored(f"{folder}/results.jsonl", results))
        page = kept.enter_context(stored(f"{folder}/report.html", report)) if report else ""
        kept.enter_context(transaction.atomic())
        number = _next_number(junction)
        row = Evaluation.objects.create(
            junction=junction,
            number=number,
            titles=dict(titles),
            version=version,
            policy=policy,
            made_on=made_on,
            results=found.as_json(),
            original=original,
            report=page,
            added_by=person,
            added_at=now,
            is_example=is_example,
        )
        audit.record(person, "junctions.evaluation.add", junction.iri, {"number": number})
    log.info("junctions.evaluation.add", extra={"junction": junction.slug, "number": number})
    return row


def _next_number(junction: Junction) -> int:
    Junction.objects.select_for_update().get(pk=junction.pk)
    return (junction.evaluations.aggregate(most=Max("number"))["most"] or 0) + 1


def _text(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise NotResults(say("It is larger than 20 MB."))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotResults(say("It is no text in UTF-8.")) from error


def _check_report(content: bytes) -> None:
    lower = content.lower()
    begins = lower.lstrip()[:15] == b"<!doctype html>"
    if not begins or b"<script" in lower or len(content) > LARGEST_BYTES:
        raise NotAReport

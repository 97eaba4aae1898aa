"""Evaluations: keep what a comparison of controllers gave."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.junctions.domain.evaluation import NotResults, read_results
from tandem.junctions.models import Evaluation, FileVersion, Junction

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


@transaction.atomic
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
    Junction.objects.select_for_update().get(pk=junction.pk)
    number = (junction.evaluations.aggregate(most=Max("number"))["most"] or 0) + 1
    folder = f"junctions/{junction.pk}/{uuid4()}"
    row = Evaluation.objects.create(
        junction=junction,
        number=number,
        titles=dict(titles),
        version=version,
        policy=policy,
        made_on=made_on,
        results=found.as_json(),
        original=default_storage.save(f"{folder}/results.jsonl", ContentFile(results)),
        report=default_storage.save(f"{folder}/report.html", ContentFile(report)) if report else "",
        added_by=person,
        added_at=now,
        is_example=is_example,
    )
    audit.record(person, "junctions.evaluation.add", junction.iri, {"number": number})
    log.info("junctions.evaluation.add", extra={"junction": junction.slug, "number": number})
    return row


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

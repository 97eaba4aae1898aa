"""The life of a dataset: given to review, sent back, published, withdrawn, discarded."""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.domain.lifecycle import Status, Step, WrongStatus, may_discard, next_status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import datasets, history, indexing
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.text import say

log = logging.getLogger(__name__)


class Incomplete(InvalidInput):
    """Something is missing that the profile demands before publishing."""

    code = "catalogue.incomplete"

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            say("Before it can be published, this is missing: {missing}.", missing=", ".join(missing))
        )
        self.missing = missing


class CannotDiscard(Conflict):
    """The dataset was published once; its address must answer for ever."""

    code = "catalogue.cannot-discard"

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(
            say(
                "{slug} was public; withdraw it, so that its address still says what became of it.",
                slug=dataset.slug,
            )
        )


@transaction.atomic
def submit(dataset: Dataset, *, note: str, person: Person | None, now: datetime) -> None:
    """Give a description to be reviewed.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is in review or published.
        Incomplete: The city's profile demands something that is missing.
    """
    datasets.take_up(dataset)
    _refuse_incomplete(datasets.description_of(dataset))
    _step(dataset, Step.SUBMIT, person=person, now=now, note=note)


@transaction.atomic
def send_back(dataset: Dataset, *, note: str, person: Person | None, now: datetime) -> None:
    """Give a description back to its authors, with what is to be changed.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is not in review.
    """
    datasets.take_up(dataset)
    _step(dataset, Step.SEND_BACK, person=person, now=now, note=note)


@transaction.atomic
def publish(dataset: Dataset, *, person: Person | None, now: datetime) -> None:
    """Make a dataset public.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is published already.
        NeedsTwoPeople: The city wants another person to publish.
        Incomplete: The city's profile demands something that is missing.
    """
    datasets.take_up(dataset)
    next_status(Status(dataset.status), Step.PUBLISH)
    history.check_publisher(dataset.iri, dataset.status, person)
    description = datasets.description_of(dataset)
    _refuse_incomplete(description)
    today = now.date().isoformat()
    dataset.withdrawal_reason = ""
    dataset.published_at = dataset.published_at or now
    dataset.description = datasets.as_stored(
        replace(description, issued=description.issued or today, modified=today)
    )
    dataset.save(update_fields=["withdrawal_reason", "published_at", "description"])
    _step(dataset, Step.PUBLISH, person=person, now=now)
    log.info("catalogue.dataset.publish", extra={"dataset": dataset.slug})


def _refuse_incomplete(description: DatasetDescription) -> None:
    lacking = [name for name, need in datasets.missing_of(description).items() if need is Need.MANDATORY]
    if lacking:
        raise Incomplete(lacking)


@transaction.atomic
def withdraw(dataset: Dataset, *, reason: str, person: Person | None, now: datetime) -> None:
    """Take a dataset back; its address goes on to say that, and why.

    Raises:
        NotOurs: It comes from a partner.
        WrongStatus: It is not published.
    """
    datasets.take_up(dataset)
    dataset.withdrawal_reason = reason
    dataset.save(update_fields=["withdrawal_reason"])
    _step(dataset, Step.WITHDRAW, person=person, now=now, note=reason)


def _step(dataset: Dataset, step: Step, *, person: Person | None, now: datetime, note: str = "") -> None:
    """Change a dataset's status, and let the history, the audit trail and the search know."""
    before = Status(dataset.status)
    dataset.status, dataset.changed_at = next_status(before, step), now
    dataset.save(update_fields=["status", "changed_at"])
    about = {"reason": note} if note else {}
    history.note_step(
        dataset.iri, step, before=before, after=dataset.status, person=person, now=now, note=note
    )
    audit.record(person, f"catalogue.dataset.{step}", dataset.iri, about)
    indexing.index_dataset(dataset)


@transaction.atomic
def discard(dataset: Dataset, *, person: Person | None) -> None:
    """Delete a draft that was never public.

    Raises:
        NotOurs: It comes from a partner.
        CannotDiscard: It was public once.
        WrongStatus: It is in review.
    """
    datasets.take_up(dataset)
    if dataset.status == Status.REVIEW:
        raise WrongStatus(Status.REVIEW, Step.DISCARD)
    if not may_discard(Status(dataset.status), was_published=dataset.published_at is not None):
        raise CannotDiscard(dataset)
    audit.record(person, "catalogue.dataset.discard", dataset.iri, {"slug": dataset.slug})
    indexing.forget([dataset.iri])
    history.forget(dataset.iri)
    dataset.delete()

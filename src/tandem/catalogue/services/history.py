"""Who did what to a dataset, a service or a series, and when."""

from datetime import datetime

from tandem.accounts.models import Person
from tandem.catalogue.domain.lifecycle import Status, Step, check_four_eyes
from tandem.catalogue.models import StatusChange
from tandem.kit import installation


def note_step(
    iri: str,
    step: Step,
    *,
    before: str,
    after: str,
    person: Person | None,
    now: datetime,
    note: str = "",
) -> None:
    """Keep a step in the record's history."""
    StatusChange.objects.create(
        iri=iri, step=step, before=before, after=after, person=person, at=now, note=note
    )


def history_of(iri: str) -> list[StatusChange]:
    """Return the steps of a record's life, the latest first, with the people."""
    return list(StatusChange.objects.filter(iri=iri).select_related("person").order_by("-at", "-id"))


def latest_note(iri: str) -> StatusChange | None:
    """Return the step with which a record came back from review, if that was its latest."""
    latest = StatusChange.objects.filter(iri=iri).select_related("person").order_by("-at", "-id").first()
    return latest if latest is not None and latest.step == Step.SEND_BACK else None


def check_publisher(iri: str, status: str, person: Person | None) -> None:
    """Check that two people publish, where the city wants it.

    Raises:
        NeedsTwoPeople: It is one person alone.
    """
    if not installation.config().catalogue.four_eyes:
        return
    submitted = StatusChange.objects.filter(iri=iri, step=Step.SUBMIT).order_by("-at", "-id").first()
    check_four_eyes(
        Status(status),
        submitted_by=submitted.person_id if submitted else None,
        publisher=person.pk if person else None,
    )


def forget(iri: str) -> None:
    """Forget the history of a record that vanishes."""
    StatusChange.objects.filter(iri=iri).delete()

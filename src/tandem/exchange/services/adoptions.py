"""Look at adoptions: all of them, and one as its rooms have it now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tandem.accounts.models import AuditEntry, Person
from tandem.accounts.services import audit
from tandem.core.errors import TandemError
from tandem.core.parts import Simulates
from tandem.core.references import Reference
from tandem.core.text import Sentence
from tandem.exchange.domain import comparison, semver
from tandem.exchange.domain.adoption import AdoptedPart, Adoption, Fields, PartState
from tandem.exchange.domain.conformity import same
from tandem.exchange.domain.differences import Difference, differences
from tandem.exchange.domain.part_fields import sha256_of
from tandem.exchange.models import Adoption as Row
from tandem.exchange.models import MeasureVersion
from tandem.exchange.services import own_values
from tandem.exchange.services.acting import Acting, read_together, shown_of
from tandem.exchange.services.adoption_steps import iri_of
from tandem.exchange.services.measures import card_of
from tandem.kit import installation
from tandem.kit.parts import handlers

MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class PartNow:
    """A part of an adoption, as its room has it now.

    Attributes:
        fields: None where it is gone.
        signs: Role that signs it off; empty where no room knows its kind.
        changes: What people here changed since it was taken over.
        problem: Why its room could not say what it has.
    """

    part: AdoptedPart
    fields: Fields | None = None
    signs: str = ""
    changes: Sequence[Difference] = ()
    problem: Sentence | str = ""

    @property
    def is_gone(self) -> bool:
        """Whether it is not there any more."""
        return self.part.state is PartState.GONE

    @property
    def is_missing(self) -> bool:
        """Whether somebody deleted it in its room, and nobody said yet that it stays away."""
        return self.fields is None and not self.is_gone and not self.problem

    @property
    def is_stale(self) -> bool:
        """Whether it was changed after it was signed off."""
        sign_off, fields = self.part.sign_off, self.fields
        return sign_off is not None and fields is not None and sha256_of(fields) != sign_off.fields_sha256

    @property
    def seen(self) -> str:
        """SHA-256 of its fields as they are now; empty where there are none."""
        return "" if self.fields is None else sha256_of(self.fields)


def part_now(acting: Acting, part: AdoptedPart, read: Mapping[str, Fields | None] | None = None) -> PartNow:
    """Return a part as its room has it now.

    Args:
        read: The fields of parts that were read already, by key.
    """
    handler = acting.handlers.get(part.kind)
    signs = handler.signs if handler else ""
    if part.state is PartState.GONE:
        return PartNow(part, signs=signs)
    try:
        fields = read[part.key] if read and part.key in read else shown_of(acting, part)
    except TandemError as error:
        return PartNow(part, signs=signs, problem=error.sentence)
    is_changed = fields is not None and not same(fields, part.base)
    changes = tuple(differences({} if part.base is None else part.base, fields)) if is_changed else ()
    return PartNow(part, fields, signs, changes)


def parts_now(acting: Acting, adoption: Adoption) -> list[PartNow]:
    """Return the parts of an adoption as their rooms have them now."""
    read = read_together(acting, adoption.parts)
    return [part_now(acting, part, read) for part in adoption.parts]


def simulations_of(part: AdoptedPart) -> Sequence[Reference] | None:
    """Return the results of simulations of a part, the newest first; None where parts of its kind have none."""
    handler = handlers().get(part.kind)
    return handler.simulations(part.reference.uri) if isinstance(handler, Simulates) else None


# --- rows -----------------------------------------------------------------------------------------
def all_rows() -> "QuerySet[Row]":
    """Return every adoption with its measure, the newest change first."""
    return Row.objects.select_related("measure").order_by("-changed_at", "id")


def row_of(pk: UUID) -> Row | None:
    """Return an adoption with its measure; None where there is none."""
    return Row.objects.select_related("measure").filter(pk=pk).first()


def of_measure(measure_id: UUID) -> Row | None:
    """Return the newest adoption of a measure; the one that stands comes first, since it ends last."""
    return Row.objects.select_related("measure").filter(measure=measure_id).order_by("-begun_at").first()


def newer_versions(row: Row, versions: Iterable[MeasureVersion]) -> list[MeasureVersion]:
    """Return the versions that come after the adopted one, the newest first."""
    adopted = semver.parse(row.version)
    found = [each for each in versions if semver.parse(each.number) > adopted]
    return sorted(found, key=lambda each: semver.parse(each.number), reverse=True)


def signers(adoption: Adoption) -> set[str]:
    """Return the roles that sign the parts of an adoption off."""
    known = handlers()
    return {known[part.kind].signs for part in adoption.parts if part.kind in known}


def names_of(adoption: Adoption) -> dict[str, str]:
    """Return what the people are called that an adoption names, by id, in one query."""
    ids = {adoption.begun_by}
    for part in adoption.parts:
        ids |= {part.made_by, part.sign_off.by if part.sign_off else ""}
    known = [UUID(each) for each in ids if each]
    return {str(person.pk): str(person) for person in Person.objects.filter(pk__in=known)}


def history(row: Row) -> Sequence[AuditEntry]:
    """Return who did what with an adoption, the newest first."""
    return list(audit.entries_about(iri_of(row.pk))[:MOST_HISTORY])


# --- before and after -----------------------------------------------------------------------------
def compared(row: Row) -> list[comparison.Comparison]:
    """Return the measure's indicators in the origin's city and in ours, before and after each began.

    The origin's values come with its bundles and, one by one, with its feed; none counts twice.
    """
    measure = row.measure
    card = card_of(measure, measure.evidence.filter(city=measure.city))
    known = {(each.indicator, each.on, each.value, each.city): each for each in card.evidence}
    return comparison.compare(
        replace(card, evidence=tuple(known.values())),
        own_values.measured(row.measure.iri),
        origin_began_on=row.origin_since,
        we_began_on=began_on(row.live_since),
    )


def began_on(moment: datetime | None) -> date | None:
    """Return the day of a moment, in this city."""
    return moment.astimezone(ZoneInfo(installation.city().timezone)).date() if moment else None

"""The ledger of adoptions in the database."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction

from tandem.core.errors import NotFound
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.adoption import (
    STANDING,
    AdoptedPart,
    Adoption,
    PartState,
    SignOff,
    Simulation,
    State,
)
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.models import Adoption as Row
from tandem.exchange.models import Measure
from tandem.exchange.services import own_values
from tandem.exchange.services.acting import AlreadyAdopted


class NoSuchAdoption(NotFound):
    """There is no such adoption here."""

    code = "exchange.adoption.unknown"

    def __init__(self, adoption_id: str) -> None:
        super().__init__(
            say("There is no adoption {id} here. Look at the list of adoptions.", id=adoption_id)
        )


class NoSuchMeasure(NotFound):
    """The measure of an adoption is not known here."""

    code = "exchange.adoption.unknown-measure"

    def __init__(self, iri: str) -> None:
        super().__init__(say("The measure {iri} is not known here. Take its bundle in first.", iri=iri))


@dataclass(frozen=True, slots=True)
class DjangoLedger:
    """Keeps adoptions as rows; the rooms' rows take part in its transactions.

    Attributes:
        now: When what is kept changes.
    """

    now: datetime

    def transaction(self) -> AbstractContextManager[object]:
        """Return a block of which everything stays, or nothing."""
        return transaction.atomic()

    def new_id(self) -> str:
        """Return an id that no adoption has."""
        return str(uuid4())

    def find(self, adoption_id: str) -> Adoption:
        """Return an adoption, locked until the end of the transaction where there is one.

        Raises:
            NoSuchAdoption: There is none.
        """
        rows = Row.objects.select_related("measure")
        if connection.in_atomic_block:
            rows = rows.select_for_update(of=("self",))
        key = _key_of(adoption_id)
        row = rows.filter(pk=key).first() if key else None
        if row is None:
            raise NoSuchAdoption(adoption_id)
        return read(row)

    def standing(self, measure: str) -> Adoption | None:
        """Return the adoption of a measure that stands."""
        row = standing_row(measure)
        return read(row) if row else None

    def add(self, adoption: Adoption) -> None:
        """Keep a new adoption.

        Raises:
            AlreadyAdopted: Another one of the measure stands.
            NoSuchMeasure: The measure is not known here.
        """
        measure = Measure.objects.filter(iri=adoption.measure).values_list("pk", flat=True).first()
        if measure is None:
            raise NoSuchMeasure(adoption.measure)
        row = Row(
            pk=UUID(adoption.id), measure_id=measure, begun_by=adoption.begun_by, begun_at=adoption.begun_at
        )
        self._write(row, adoption)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise AlreadyAdopted(
                say("The measure {iri} is adopted already.", iri=adoption.measure)
            ) from error

    def save(self, adoption: Adoption) -> None:
        """Keep what became of an adoption."""
        row = Row.objects.get(pk=UUID(adoption.id))
        self._write(row, adoption)
        row.save()

    def measured(self, measure: str) -> Mapping[str, Sequence[Measured]]:
        """Return this city's values of a measure's indicators, by key."""
        return own_values.measured(measure)

    def _write(self, row: Row, adoption: Adoption) -> None:
        row.version, row.state, row.reason = adoption.version, adoption.state.value, adoption.reason
        row.inputs, row.left_out = dict(adoption.inputs), list(adoption.left_out)
        row.parts = [_part_json(part) for part in adoption.parts]
        row.changed_at = self.now
        if adoption.state is State.LIVE and row.live_since is None:
            row.live_since = self.now


def standing_row(measure: str) -> Row | None:
    """Return the row of the adoption of a measure that stands, with its measure."""
    rows = Row.objects.select_related("measure").filter(measure__iri=measure, state__in=sorted(STANDING))
    return rows.first()


def read(row: Row) -> Adoption:
    """Return the adoption that a row keeps."""
    return Adoption(
        id=str(row.pk),
        measure=row.measure.iri,
        version=row.version,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        state=State(row.state),
        inputs=row.inputs,
        parts=tuple(_read_part(each) for each in row.parts),
        left_out=tuple(row.left_out),
        reason=row.reason,
    )


def _key_of(adoption_id: str) -> UUID | None:
    try:
        return UUID(adoption_id)
    except ValueError:
        return None


# --- parts as JSON --------------------------------------------------------------------------------
def _part_json(part: AdoptedPart) -> dict[str, Any]:
    return {
        "key": part.key,
        "reference": _reference_json(part.reference),
        "base": part.base,
        "origin": part.origin,
        "files_sha256": part.files_sha256,
        "made_by": part.made_by,
        "state": part.state.value,
        "simulation": part.simulation
        and {
            "result": _reference_json(part.simulation.result),
            "fields_sha256": part.simulation.fields_sha256,
        },
        "sign_off": part.sign_off and {**asdict(part.sign_off), "at": part.sign_off.at.isoformat()},
    }


def _reference_json(reference: Reference) -> dict[str, Any]:
    return {**asdict(reference), "titles": dict(reference.titles)}


def _read_part(values: Mapping[str, Any]) -> AdoptedPart:
    simulation, sign_off = values["simulation"], values["sign_off"]
    return AdoptedPart(
        key=values["key"],
        reference=Reference(**values["reference"]),
        base=values["base"],
        origin=values["origin"],
        files_sha256=values["files_sha256"],
        made_by=values["made_by"],
        state=PartState(values["state"]),
        simulation=simulation and Simulation(Reference(**simulation["result"]), simulation["fields_sha256"]),
        sign_off=sign_off and SignOff(**{**sign_off, "at": datetime.fromisoformat(sign_off["at"])}),
    )

"""Adoptions as an example: what Arezzo takes over from Hamm, and Hamm from Arezzo, through the services of the pages.

No measure is documented as taken over in either direction. Everything here is made up, and says so where it is shown:
what can be given a name begins with "Beispiel" or "Esempio", and so do the notes of those who sign.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Person
from tandem.core.errors import NotFound
from tandem.core.text import pick, say
from tandem.exchange.domain.adoption import SIMULATED, AdoptedPart, Adoption
from tandem.exchange.examples.measures import AIR, IDEAS, LIGHT, ExampleMeasure
from tandem.exchange.models import Adoption as Row
from tandem.exchange.models import Measure, MeasureVersion
from tandem.exchange.services import acting_here, adoption_steps, adoptions, partner_bundles
from tandem.kit import installation

OFFICER = "exchange:exchange-officer"
TryOut = Callable[[str, datetime], None]
"""Lets what was made of a part, by its URI, be tried out in simulation and approved, as its room does."""


class PartnersMeasureMissing(NotFound):
    """The partner's example measure is not known here."""

    code = "exchange.example.partners-measure-missing"

    def __init__(self, title: str, city: str) -> None:
        super().__init__(
            say(
                "The measure “{title}” of {city} is not known here yet. Compare and pin the key of the city, visit its "
                "feed (tandem exchange feed visit {city}), then try again.",
                title=title,
                city=city,
            )
        )


class ExamplePersonMissing(NotFound):
    """There is no example person with a role."""

    code = "exchange.example.person-missing"

    def __init__(self, role: str) -> None:
        super().__init__(
            say(
                "There is no example person with the role {role}. Load the people first: tandem example load.",
                role=role,
            )
        )


@dataclass(frozen=True, slots=True)
class ExampleAdoption:
    """A measure of the partner's, and how the example city takes it over.

    Attributes:
        inputs: By key, as JSON values.
        days: Of inputs that are dates: how many days after today, by key.
        left_out: Keys of the parts that stay away.
        note: Of those who sign; empty where the drafts are left for somebody to go on with.
    """

    origin: str
    measure: ExampleMeasure
    inputs: Mapping[str, Any]
    days: Mapping[str, int] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    note: str = ""


_OF_CITY: Mapping[str, Sequence[ExampleAdoption]] = {
    "arezzo": (
        ExampleAdoption(
            "hamm",
            LIGHT,
            {
                "intelligente-ampeln-way": "show",
                "indicator-responsible": "Esempio: ufficio per il traffico",
                "indicator-interval": "yearly",
                "hesslerstrasse-marker-allee-title": "Esempio: incrocio ripreso da Hamm",
                "hesslerstrasse-marker-allee-latitude": 43.46,
                "hesslerstrasse-marker-allee-longitude": 11.88,
            },
            note="Esempio: controllato per la dimostrazione.",
        ),
        ExampleAdoption(
            "hamm",
            IDEAS,
            {
                "indicator-responsible": "Esempio: ufficio per la partecipazione",
                "beispiel-ideen-fuer-den-ort-title": "Esempio: idee per un luogo, come a Hamm",
            },
            days={"beispiel-ideen-fuer-den-ort-first-day": 14},
            left_out=("catalogue/strassenbaeume",),
        ),
    ),
    "hamm": (
        ExampleAdoption(
            "arezzo",
            AIR,
            {
                "campi-airqino-way": "show",
                "qualita-aria-way": "own",
                "indicator-responsible": "Beispiel: Umweltamt",
            },
        ),
    ),
}


def adopt(*, now: datetime, try_out: TryOut) -> int:
    """Take over what the example city takes over; return how many adoptions were made.

    A measure that was adopted before, be it undone since, stays as it is.

    Raises:
        PartnersMeasureMissing: The partner's feed was not visited, or its key not pinned. Nothing is adopted.
        ExamplePersonMissing: Somebody who acts or signs is not there.
    """
    examples = _OF_CITY.get(installation.city().id, ())
    found = [(each, _newest_of(each)) for each in examples]
    return sum(_adopted(each, version, now, try_out) for each, version in found)


def _newest_of(example: ExampleAdoption) -> MeasureVersion:
    title = example.measure.card["title"]
    for measure in Measure.objects.filter(city=example.origin).prefetch_related("versions"):
        newest = partner_bundles.newest(list(measure.versions.all()))
        if measure.card["title"] == title and newest:
            return newest
    raise PartnersMeasureMissing(pick(title, installation.city().languages[0]), example.origin)


def _adopted(example: ExampleAdoption, newest: MeasureVersion, now: datetime, try_out: TryOut) -> bool:
    """Adopt a measure and go as far as the example goes, as one; return False where it was adopted before."""
    if Row.objects.filter(measure=newest.measure_id).exists():
        return False
    officer = _person(OFFICER)
    version = partner_bundles.fetched(newest, person=officer, now=now)
    with transaction.atomic():
        begun = _begin(example, version, officer, now)
        if example.note:
            for part in begun.parts:
                _sign(begun.id, part, example.note, now, try_out)
            adoption_steps.go_live(begun.id, person=officer, now=now)
    return True


def _begin(example: ExampleAdoption, version: MeasureVersion, officer: Person, now: datetime) -> Adoption:
    today = timezone.localdate(now, ZoneInfo(installation.city().timezone))
    dates = {key: (today + timedelta(days=days)).isoformat() for key, days in example.days.items()}
    offered, inputs = partner_bundles.offered(version), {**example.inputs, **dates}
    return adoption_steps.adopt(offered, inputs, left_out=example.left_out, person=officer, now=now).adoption


def _sign(adoption_id: str, part: AdoptedPart, note: str, now: datetime, try_out: TryOut) -> None:
    """Let whoever has the role of its room sign a part off, after it was simulated where that is asked for."""
    looked_at = adoptions.part_now(acting_here.acting(None, now=now), part)
    person = _person(looked_at.signs)
    if part.kind in SIMULATED:
        try_out(part.reference.uri, now)
        [newest, *_older] = adoptions.simulations_of(part) or ()
        adoption_steps.attach_simulation(adoption_id, part.key, newest, person=person, now=now)
        looked_at = adoptions.part_now(acting_here.acting(person, now=now), part)
    adoption_steps.sign_off(adoption_id, part.key, seen=looked_at.seen, note=note, person=person, now=now)


def _person(role: str) -> Person:
    email = f"{role.replace(':', '-')}@{installation.city().id}.example"
    person = Person.objects.filter(email=email, is_active=True).first()
    if person is None:
        raise ExamplePersonMissing(role)
    return person

"""The example adoptions: what is missing is said, and nothing is adopted then. The demo's test goes the whole way."""

from dataclasses import replace

import pytest

from tandem.exchange.examples import adoptions
from tandem.exchange.examples.adoptions import ExamplePersonMissing, PartnersMeasureMissing
from tandem.exchange.examples.measures import AIR
from tandem.exchange.models import Adoption
from tests.exchange.partners import NOW, real_parts, taken_in
from tests.site.conftest import own_folder

__all__ = ["own_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def adopt() -> int:
    return adoptions.adopt(now=NOW, try_out=lambda _uri, _now: pytest.fail("nothing is tried out"))


def test_a_measure_that_is_not_known_is_named_with_what_to_do():
    with pytest.raises(PartnersMeasureMissing) as raised:
        adopt()

    assert str(raised.value) == (
        "The measure “Luftmessnetz AirQino” of arezzo is not known here yet. Compare and pin the key of the city, "
        "visit its feed (tandem exchange feed visit arezzo), then try again."
    )
    assert raised.value.exit_code == 4
    assert not Adoption.objects.exists()


def test_without_the_example_people_nobody_adopts():
    taken_in(real_parts(), title=AIR.card["title"])

    with pytest.raises(ExamplePersonMissing, match="role exchange:exchange-officer"):
        adopt()
    assert not Adoption.objects.exists()


def test_another_city_has_nothing_to_adopt(settings):
    settings.TANDEM = replace(settings.TANDEM, city=replace(settings.TANDEM.city, id="ulm"))

    assert adopt() == 0

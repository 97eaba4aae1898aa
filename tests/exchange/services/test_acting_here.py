"""Who acts here, and what the city says of itself."""

from dataclasses import replace

import pytest

from tandem.exchange.services import acting_here
from tandem.kit import parts
from tests.accounts.people import somebody
from tests.exchange.partners import NOW

pytestmark = pytest.mark.django_db


def test_the_profile_comes_from_the_configuration_and_from_the_rooms(settings):
    config = settings.TANDEM
    catalogue = replace(config.catalogue, publisher="Amt für Daten", contact_mail="daten@hamm.example")
    settings.TANDEM = replace(config, catalogue=catalogue)
    found = acting_here.profile()

    assert found["name"] == "Hamm"
    assert (found["publisher"], found["contact_mail"]) == ("Amt für Daten", "daten@hamm.example")
    assert found["place"] == "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05915000"
    assert found.keys() >= {"publisher", "contact_mail", "place"} == parts.profile().keys()


def test_whoever_acts_has_the_rooms_of_the_installation_and_its_city(officer):
    acting = acting_here.acting(officer, now=NOW)

    assert (acting.city, acting.who, acting.person) == ("hamm", str(officer.pk), officer)
    assert {"catalogue", "participation"} <= acting.handlers.keys()


def test_an_administrator_signs_for_every_room_and_others_for_their_own():
    signing = {handler.signs for handler in parts.handlers().values()}

    assert acting_here.roles(somebody("site:administrator", armed=False)) == {"site:administrator", *signing}
    assert acting_here.roles(somebody("catalogue:publisher", armed=False)) == {"catalogue:publisher"}
    assert acting_here.roles(somebody(armed=False)) == frozenset()

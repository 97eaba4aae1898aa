"""The trust list: what the rows say of keys, and the configuration of addresses."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tandem.exchange.domain.trust import Key, OverlappingPrefixes, Standing
from tandem.exchange.models import PartnerKey
from tandem.exchange.services import keys, personal, trusting
from tests.accounts.people import somebody

pytestmark = pytest.mark.django_db
SINCE = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_trust_list_holds_what_the_rows_say_and_our_own_key(django_assert_num_queries):
    for digit, state in zip("abcd", Standing, strict=True):
        successor = "b" * 64 if state is Standing.RETIRED else ""
        PartnerKey.objects.create(
            city="arezzo", fingerprint=digit * 64, state=state, since=SINCE, successor=successor
        )
    with django_assert_num_queries(2):
        trust = trusting.trust_list()
    own = trust.keys[keys.fingerprint()]

    assert (own.city, own.standing) == ("hamm", Standing.PINNED)
    assert {each for each in trust.keys.values() if each != own} == {
        Key("arezzo", "a" * 64, Standing.SEEN, SINCE),
        Key("arezzo", "b" * 64, Standing.PINNED, SINCE),
        Key("arezzo", "c" * 64, Standing.RETIRED, SINCE, "b" * 64),
        Key("arezzo", "d" * 64, Standing.REVOKED, SINCE),
    }


def test_each_city_owns_what_lies_below_the_address_of_its_portal():
    trust = trusting.trust_list()

    assert trust.prefixes == {"hamm": ("http://localhost:8000/",), "arezzo": ("http://localhost:8001/",)}
    assert trust.owns("arezzo", "http://localhost:8001/id/measure/1")


def test_two_cities_cannot_own_the_same(settings):
    [partner] = settings.TANDEM.partners
    inside = replace(partner, url="http://localhost:8000/arezzo")
    settings.TANDEM = replace(settings.TANDEM, partners=(inside,))

    with pytest.raises(OverlappingPrefixes):
        trusting.trust_list()


def test_who_decided_on_a_key_is_told_and_forgets():
    person = somebody("exchange:exchange-officer", armed=False)
    trusting.pin("arezzo", "a" * 64, how="call", person=person, now=SINCE)
    told = personal.export(person)["keys_decided_as_staff"]
    personal.forget(person)

    assert told == [{"city": "arezzo", "fingerprint": "a" * 64, "state": "pinned", "since": SINCE}]
    assert PartnerKey.objects.get().decided_by is None

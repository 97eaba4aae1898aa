"""Sources of harvests: what they are called in addresses and facets."""

import pytest
from django.db import transaction

from tandem.accounts.models import AuditEntry
from tandem.catalogue.models import HarvestSource
from tandem.catalogue.services import harvest_sources
from tandem.catalogue.services.harvest_sources import SourceNotFound, SourceSettings
from tandem.kit import installation
from tests.failing_writes import Injected, failing_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Hamm", "hamm-2"),  # our own city: a facet tells the two apart by their keys
        ("Arezzo", "arezzo-2"),  # a partner of the configuration
        ("Grünflächen & Straßen", "gruenflaechen-strassen"),
        ("2026", "source-2026"),  # numbers are runs
        ("…", "source"),
        ("a" * 90, "a" * 50),
    ],
)
def test_a_source_has_a_key_of_its_own(name: str, key: str):
    assert (installation.city().id, [each.id for each in installation.config().partners]) == (
        "hamm",
        ["arezzo"],
    )

    made = harvest_sources.add(SourceSettings(name, "https://a.example/catalogue.ttl"), person=None)

    assert made.key == key


def test_a_source_that_is_not_there_is_told_with_those_that_are():
    HarvestSource.objects.create(key="pisa", titles={}, url="https://p.example/", homepage="")

    with pytest.raises(SourceNotFound, match=r"no harvest source 'prato'\. Known: arezzo, pisa"):
        harvest_sources.source("prato")


def test_a_source_goes_with_its_entry_in_the_audit_trail_or_stays():
    made = harvest_sources.add(SourceSettings("Pisa", "https://p.example/catalogue.ttl"), person=None)
    with transaction.atomic(), failing_at(0) as done:
        harvest_sources.remove(made, person=None)
        transaction.set_rollback(True)

    again = harvest_sources.source(made.key)
    with pytest.raises(Injected), failing_at(len(done)):
        harvest_sources.remove(again, person=None)

    assert HarvestSource.objects.filter(key=made.key).exists()
    assert not AuditEntry.objects.filter(action="catalogue.source.remove").exists()

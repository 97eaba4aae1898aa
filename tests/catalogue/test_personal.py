"""A person's traces in the catalogue: handed over in full, and gone after an erasure."""

import pytest
from django.utils import timezone

from tandem.accounts.labels import action_label
from tandem.accounts.models import AuditEntry
from tandem.accounts.services import data_protection
from tandem.catalogue.domain.description import AgentDescription
from tandem.catalogue.models import Dataset, StatusChange, TableVersion
from tandem.catalogue.services import agents, datasets, imports, records, tables
from tests.accounts.people import somebody

pytestmark = pytest.mark.django_db


def test_export_names_what_a_person_brought_in_and_erasure_takes_the_name_away():
    person = somebody("catalogue:publisher")
    now = timezone.now()
    draft = datasets.begin(titles={"en": "Trees"}, person=person, now=now)
    upload = tables.receive([b"tree;height\noak;12\nlime;9\n"], filename="trees.csv", media_type="text/csv")
    imports.add_file(draft, upload, titles={"en": "Trees"}, person=person, now=now, at_once=True)

    exported = data_protection.export_person(person)
    assert [each["iri"] for each in exported["catalogue"]["datasets"]] == [draft.iri]
    assert [each["filename"] for each in exported["catalogue"]["files"]] == ["trees.csv"]
    assert [each["step"] for each in exported["catalogue"]["steps"]] == ["begin"]
    assert exported["jobs"]["jobs"]

    changed = data_protection.erase(person, actor=None, now=now)
    assert changed["catalogue"] == 3
    assert StatusChange.objects.get(iri=draft.iri).person is None
    assert Dataset.objects.get(pk=draft.pk).created_by is None
    assert TableVersion.objects.get(distribution__dataset=draft).created_by is None


def test_every_action_of_the_catalogue_has_a_name():
    person = somebody("catalogue:publisher")
    datasets.begin(titles={"en": "Trees"}, person=person, now=timezone.now())
    row = records.begin(records.SERIES, titles={"en": "Years"}, person=person, now=timezone.now())
    records.discard(row, person=person)
    agents.add(AgentDescription({"en": "Office"}), person=person, now=timezone.now())
    actions = set(AuditEntry.objects.values_list("action", flat=True))

    assert "catalogue.dataset.begin" in actions
    assert all(str(action_label(action)) != action for action in actions)

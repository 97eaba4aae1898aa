"""The whole way of an adoption by its pages, with the real rooms: plan, adopt, sign off, use, update, undo."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import TestCase
from django.urls import reverse

from tandem.accounts.models import AuditEntry
from tandem.catalogue.models import Dataset
from tandem.exchange.forms.adopting import choice_name
from tandem.exchange.models import Adoption, OwnEvent
from tandem.participation.models import Process, Project
from tandem.participation.services import processes
from tests.exchange.adopting import do, go, hidden, sign
from tests.exchange.partners import INPUTS, IRI, NOW, TABLE, WALK, bring_own_file, real_parts, taken_in
from tests.site.conftest import own_folder

__all__ = ["own_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


@pytest.fixture
def officer(client_as) -> Any:
    """Return a client of somebody who adopts."""
    return client_as("exchange:exchange-officer")


def adopted(officer: Any, version: Any) -> Adoption:
    do(officer, "adopt_version", version.measure.slug, version.number, **INPUTS, then="adopt")
    return Adoption.objects.get()


def made(row: Adoption) -> tuple[Dataset, Process]:
    """Return what was made of the two parts."""
    uris = {each["key"]: each["reference"]["uri"] for each in row.parts}
    return Dataset.objects.get(iri=uris[TABLE]), Process.objects.get(iri=uris[WALK])


def test_the_whole_way(officer, client_as):
    parts = real_parts()
    version = taken_in(parts)
    slug = version.measure.slug
    publisher, planner = client_as("catalogue:publisher"), client_as("participation:planner")

    # the measure leads to the plan, which says what is made and what is missing
    assert reverse("exchange:adopt", args=[slug]) in go(officer, "measure", slug)
    assert officer.get(reverse("exchange:adopt", args=[slug])).url == reverse(
        "exchange:adopt_version", args=[slug, "1.0.0"]
    )
    plan = go(officer, "adopt_version", slug, "1.0.0")
    assert "Leave it out" in plan
    assert "4 things are still to be filled in" in plan
    typed = {"input-spaziergang-title": "Rundgang"}
    again = do(officer, "adopt_version", slug, "1.0.0", then="adopt", status=400, **typed)
    assert "Rundgang" in again
    assert not Adoption.objects.exists()
    planned = do(officer, "adopt_version", slug, "1.0.0", then="plan", status=200, **INPUTS)
    assert "A draft of a process “Rundgang zu den Bäumen” is made." in planned.replace("\xad", "")
    assert "Nothing is in the way" in planned

    # drafts, a receipt, an audit row
    row = adopted(officer, version)
    dataset, process = made(row)
    assert (row.state, dataset.status, process.status) == ("drafts", "draft", "draft")
    page = go(officer, "adoption", row.pk)
    assert "to be signed off" in page
    assert process.titles["de"] in page
    do(officer, "adopt_version", slug, "1.0.0", **INPUTS, then="adopt")
    assert (Adoption.objects.count(), OwnEvent.objects.count()) == (1, 1)

    # each part is signed by whom its room says, and not by others
    bring_own_file(dataset.iri)
    assert (
        officer.get(reverse("exchange:adoption_sign_off", args=[row.pk, *TABLE.split("/")])).status_code
        == 403
    )
    assert (
        planner.get(reverse("exchange:adoption_sign_off", args=[row.pk, *TABLE.split("/")])).status_code
        == 403
    )
    refused = do(officer, "adoption_go_live", row.pk, status=409)
    assert "is not signed off yet" in refused
    sign(publisher, row, TABLE, note="Looks right")
    sign(planner, row, WALK)
    assert "Looks right" in go(officer, "adoption", row.pk)
    do(officer, "adoption_go_live", row.pk)
    row.refresh_from_db()
    dataset, process = made(row)
    assert (row.state, dataset.status, process.status) == ("live", "published", "published")
    assert row.live_since is not None

    # an update with a conflict: nothing happens before somebody chose
    texts = {"de": "Wir gehen weit.", "en": "We walk."}
    theirs = [parts[0], replace(parts[1], fields={**parts[1].fields, "texts": texts})]
    taken_in(theirs, "1.1.0")
    with TestCase.captureOnCommitCallbacks(execute=True):
        processes.change(process, person=None, now=NOW, texts={"de": "Wir gehen langsam.", "en": "We walk."})
    assert "Version 1.1.0 is there" in go(officer, "measure", slug)
    page = go(officer, "adoption_update", row.pk, "1.1.0")
    for text in ("Wir gehen.", "Wir gehen langsam.", "Wir gehen weit.", "1 place waits for your choice"):
        assert text in page, text
    seen = hidden(page, "seen")
    undecided = do(officer, "adoption_update", row.pk, "1.1.0", then="update", seen=seen, status=409)
    assert "Both sides changed" in undecided
    choice = {choice_name(WALK, "/texts/de"): "theirs"}
    changed = do(
        officer, "adoption_update", row.pk, "1.1.0", then="update", seen="0" * 64, status=409, **choice
    )
    assert "Something was changed since this was planned" in changed
    do(officer, "adoption_update", row.pk, "1.1.0", then="update", seen=seen, **choice)
    row.refresh_from_db()
    _dataset, process = made(row)
    assert (row.version, process.texts["de"]) == ("1.1.0", "Wir gehen weit.")
    assert {each["key"]: each["state"] for each in row.parts} == {TABLE: "live", WALK: "made"}
    sign(planner, row, WALK)
    do(officer, "adoption_go_live", row.pk)

    # undo asks for people's work, then takes all back as one
    with TestCase.captureOnCommitCallbacks(execute=True):
        processes.change(process, person=None, now=NOW, texts={"de": "Ganz anders.", "en": "We walk."})
    assert "Ganz anders." in go(officer, "adoption", row.pk)
    assert "Their work goes, too" in go(officer, "adoption_undo", row.pk)
    assert "People here changed" in do(officer, "adoption_undo", row.pk, status=409)
    do(officer, "adoption_undo", row.pk, reason="Tried it", parts=WALK)
    row.refresh_from_db()
    dataset, process = made(row)
    assert (row.state, row.reason) == ("undone", "Tried it")
    assert (dataset.status, process.status) == ("withdrawn", "withdrawn")
    go(officer, "adoption", row.pk)

    # the partner was told each step, in its order, and nothing about people
    told = list(OwnEvent.objects.order_by("pk"))
    assert [each.action for each in told] == ["Create"] + ["Update"] * 7
    assert {each.iri for each in told} == {f"http://localhost:8000/id/adoption/{row.pk}"}
    assert [each.content["state"] for each in told] == ["drafts"] * 3 + ["live"] * 4 + ["undone"]
    assert all((each.content["to"], each.content["measure"]) == ("arezzo", IRI) for each in told)
    assert "Tried it" not in json.dumps([each.content for each in told])
    actions = AuditEntry.objects.filter(subject=told[0].iri).order_by("pk").values_list("action", flat=True)
    steps = ["adopt", "sign-off", "sign-off", "go-live", "update", "sign-off", "go-live", "undo"]
    assert list(actions) == [f"exchange.adoption.{each}" for each in steps]


def test_undoing_drafts_leaves_nothing(officer):
    version = taken_in(real_parts())
    before = (Dataset.objects.count(), Process.objects.count(), Project.objects.count())
    row = adopted(officer, version)
    assert "It is a draft, and is deleted." in go(officer, "adoption_undo", row.pk)
    do(officer, "adoption_undo", row.pk)

    assert (Dataset.objects.count(), Process.objects.count(), Project.objects.count()) == before
    assert officer.get(reverse("exchange:adopt", args=[version.measure.slug])).url == reverse(
        "exchange:adopt_version", args=[version.measure.slug, "1.0.0"]
    )

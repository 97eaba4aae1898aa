"""The example projects of both cities: loaded once, with a phase of every kind, labelled as examples."""

from dataclasses import replace

import pytest
from django.urls import reverse

from tandem.participation import example, offers
from tandem.participation.domain.phase import PhaseKind, PhaseState
from tandem.participation.models import Contribution, Phase, PlanStatement, Project, QueueItem
from tests.participation.conftest import NOW

pytestmark = pytest.mark.django_db


def in_city(settings, city_id: str) -> None:
    country = {"hamm": "DE", "arezzo": "IT"}[city_id]
    settings.TANDEM = replace(
        settings.TANDEM, city=replace(settings.TANDEM.city, id=city_id, country=country)
    )


@pytest.mark.parametrize("city_id", ["hamm", "arezzo"])
def test_a_city_has_a_phase_of_every_kind_and_says_that_it_is_an_example(settings, page_client, city_id):
    in_city(settings, city_id)
    assert example.load(now=NOW, tell=lambda share, what: None) == 6
    assert example.load(now=NOW, tell=lambda share, what: None) == 0

    phases = list(Phase.objects.select_related("process"))
    assert {each.kind for each in phases} == set(PhaseKind)
    assert sum(each.state(NOW) is PhaseState.OPEN for each in phases) >= 6
    assert Contribution.objects.filter(is_example=False).count() == 0
    assert PlanStatement.objects.filter(is_example=False).count() == 0
    for each in phases:
        if each.state(NOW) is not PhaseState.PLANNED:
            shown = page_client.get(reverse("participation:phase", args=[each.process.slug, each.number]))
            assert (shown.status_code, "example" in shown.content.decode().lower()) == (200, True)
    assert QueueItem.objects.filter(closed_at=None).exists()  # there is something to moderate
    project = Project.objects.get()
    for language in ("de", "it", "en"):
        assert page_client.get(f"/{language}/projects/{project.slug}/").status_code == 200


def test_the_portal_is_offered_what_is_open(settings):
    assert (offers.home_blocks("de"), offers.map_layers()) == ([], [])
    in_city(settings, "hamm")
    example.load(now=NOW, tell=lambda share, what: None)
    assert len(offers.home_blocks("de")[0].items) == 5
    assert [each.id for each in offers.map_layers()] == ["participation-sites"]


def test_the_same_day_gives_the_same_example(settings):
    in_city(settings, "hamm")
    example.load(now=NOW, tell=lambda share, what: None)
    first = list(Contribution.objects.order_by("title").values_list("title", "support_count"))
    for project in Project.objects.all():
        for process in project.processes.all():
            for phase in process.phases.all():
                for rows in (phase.statements, phase.ballots, phase.responses):
                    rows.all().delete()
        project.delete()
    example.load(now=NOW, tell=lambda share, what: None)
    assert list(Contribution.objects.order_by("title").values_list("title", "support_count")) == first

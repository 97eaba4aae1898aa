"""What a process brought becomes a dataset of the catalogue, and stays one when it grows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tandem.catalogue.models import Dataset
from tandem.participation.services import ideas, processes, projects
from tandem.participation.services.ideas import Written
from tandem.participation.services.participants import new_guest
from tests.accounts.people import client_of, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(db):
    now = timezone.now()
    project = projects.begin(titles={"de": "Garten", "en": "Garden"}, person=None, now=now)
    project.summaries = {"de": "Ein Garten.", "en": "A garden."}
    project.save()
    projects.publish(project, person=None, now=now)
    made = processes.begin(
        project,
        code="ideas",
        titles={"de": "Ideen", "en": "Ideas"},
        opens_at=now - timedelta(days=2),
        person=None,
        now=now,
    )
    processes.publish(made, person=None, now=now)
    return made


def say(process, title):
    phase = process.phases.get()
    phase.process = process
    written = Written(title, "Rufen Sie mich an: 02381 123456", latitude=51.681234, longitude=7.821234)
    return ideas.submit(phase, written, participant=new_guest("de"), language="de", now=timezone.now())


def client_with(role):
    return client_of(somebody(role))


def content_of(dataset):
    current = dataset.distributions.get().current
    return current.rows, current.number


def test_results_become_a_draft_and_later_a_new_version(own_folder, process):
    client, page = client_with("participation:planner"), reverse("participation:offer", args=[process.slug])
    assert client.post(page).status_code == 302
    assert Dataset.objects.count() == 0  # nothing is offered as long as there is nothing

    say(process, "Eine Bank")
    say(process, "Ein Baum")
    client.post(page)
    dataset = Dataset.objects.get()
    assert (dataset.status, content_of(dataset)) == ("draft", (2, 1))
    assert dataset.description["landing_page"].endswith(f"/take-part/{process.slug}/")
    assert dataset.description["titles"] == {"de": "Ideen", "en": "Ideas"}

    client.post(page)
    assert content_of(dataset) == (2, 1)  # the same bytes are no new version
    say(process, "Ein Brunnen")
    client.post(page)
    assert (Dataset.objects.count(), content_of(dataset)) == (1, (3, 2))
    shown = client.get(reverse("participation:figures", args=[process.slug])).content.decode()
    assert f"/data/{dataset.slug}/" in shown


def test_no_personal_data_goes_to_the_catalogue(own_folder, process):
    say(process, "Eine Bank")
    client_with("participation:planner").post(reverse("participation:offer", args=[process.slug]))
    answer = client_with("catalogue:publisher").get(
        f"/en/data/{Dataset.objects.get().slug}/0/download/original"
    )
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (b"02381" in content, b"51.6812," in content) == (False, True)


@pytest.mark.parametrize("role", ["participation:moderator", "participation:reader", "catalogue:publisher"])
def test_only_a_planner_offers(own_folder, process, role):
    say(process, "Eine Bank")
    assert client_with(role).post(reverse("participation:offer", args=[process.slug])).status_code == 403
    assert Dataset.objects.count() == 0

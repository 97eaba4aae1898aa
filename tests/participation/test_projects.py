"""A planner makes a project and a process, and everybody sees them."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tandem.kit import search
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Milestone, Phase, Process, Project
from tandem.participation.services import projects
from tests.participation.conftest import DAY, NOW

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[7.8, 51.6], [7.9, 51.6], [7.9, 51.7], [7.8, 51.6]]]}


def test_a_planner_makes_a_project_and_a_process_and_publishes_both(signed_in, person, page_client):
    client = signed_in(person("participation:planner"))
    names = {key: f"{key}_" for key in ("titles", "summaries")}
    form = client.get(reverse("participation:project_new")).content.decode()
    assert all(f'name="{each}de"' in form for each in names.values())

    posted = {
        "titles_de": "Neuer Bahnhof",
        "titles_it": "Stazione nuova",
        "summaries_de": "Der Bahnhof wird neu.",
        "site": json.dumps(SQUARE),
    }
    answer = client.post(reverse("participation:project_new"), posted)
    project = Project.objects.get()
    assert answer.url == reverse("participation:project", args=["neuer-bahnhof"])
    assert (project.latitude, project.longitude) == (51.650000000000006, 7.85)

    client.post(reverse("participation:project_publish", args=[project.slug]), {"step": "publish"})
    first = NOW.date() - DAY
    made = client.post(
        reverse("participation:process_new", args=[project.slug]),
        {
            "blueprint": "dialogue",
            "titles_de": "Dialog am Bahnhof",
            "opens_on_day": first.day,
            "opens_on_month": first.month,
            "opens_on_year": first.year,
        },
    )
    process = Process.objects.get()
    assert made.url == reverse("participation:process_edit", args=[process.slug])
    assert [each.kind for each in process.phases.all()] == ["survey", "ideas", "opinion-map"]
    client.post(reverse("participation:process_publish", args=[process.slug]), {"step": "publish"})

    client.logout()
    for language in ("de", "it", "en"):
        shown = client.get(f"/{language}/projects/{project.slug}/").content.decode()
        assert f"/{language}/take-part/{process.slug}/1/" in shown
    assert {hit.kind for hit in search.search("Bahnhof", language="de").hits} == {"project", "process"}


def test_a_draft_cannot_be_found(signed_in, person, page_client):
    made = projects.begin(titles={"de": "Geheim"}, person=None, now=NOW)
    assert page_client.get(reverse("participation:project", args=[made.slug])).status_code == 404
    assert search.search("Geheim", language="de").total == 0


def test_a_project_without_a_summary_is_not_published_and_says_why(signed_in, person):
    made = projects.begin(titles={"de": "Ohne Text"}, person=None, now=NOW)
    client = signed_in(person("participation:planner"))
    answer = client.post(
        reverse("participation:project_publish", args=[made.slug]), {"step": "publish"}, follow=True
    )

    assert "Before it can be published" in answer.content.decode()
    made.refresh_from_db()
    assert made.status == "draft"


@pytest.mark.parametrize("role", ["", "participation:reader", "participation:moderator"])
@pytest.mark.parametrize(
    "page",
    ["project_edit", "milestone_new", "news_new", "project_file_new", "project_references", "process_new"],
)
def test_only_planners_change_projects(project, signed_in, person, role, page):
    client = signed_in(person(role) if role else person())
    assert client.get(reverse(f"participation:{page}", args=[project.slug])).status_code == 403


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_the_planners_pages_are_there_in_each_language(project, a_phase, signed_in, person, language):
    phase = a_phase(PhaseKind.IDEAS)
    client = signed_in(person("participation:planner"))
    base, process = f"/{language}/projects/{project.slug}", f"/{language}/take-part/{phase.process.slug}"
    pages = [
        f"/{language}/projects/new/",
        f"/{language}/projects/work/",
        *(
            f"{base}/{each}/"
            for each in ("describe", "milestones/new", "news/new", "files/new", "references")
        ),
        f"{base}/take-part/new/",
        f"{process}/describe/",
        f"{process}/1/describe/",
    ]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_a_picture_is_published_without_what_the_camera_wrote(project, signed_in, person):
    client, taken = signed_in(person("participation:planner")), io.BytesIO()
    image = Image.new("RGB", (64, 48), "green")
    exif = image.getexif()
    exif[271] = "SpyCam"
    image.save(taken, "JPEG", exif=exif)
    client.post(
        reverse("participation:project_file_new", args=[project.slug]),
        {
            "file": SimpleUploadedFile("a.jpg", taken.getvalue(), "image/jpeg"),
            "titles_de": "Der Platz",
            "alternatives_de": "Ein grüner Platz",
        },
    )
    file = project.files.get()
    answer = client.get(reverse("participation:project_file", args=[project.slug, file.pk]))
    served = b"".join(answer.streaming_content)

    assert b"SpyCam" in taken.getvalue()
    assert b"SpyCam" not in served
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert 'alt="Ein grüner Platz"' in client.get(f"/de/projects/{project.slug}/").content.decode()


def test_a_picture_needs_words_and_a_program_is_refused(project, signed_in, person):
    client = signed_in(person("participation:planner"))
    url = reverse("participation:project_file_new", args=[project.slug])
    answer = client.post(url, {"file": SimpleUploadedFile("a.exe", b"MZ....."), "titles_de": "x"})

    assert "neither a JPEG" in answer.content.decode()
    assert project.files.count() == 0


def test_milestones_stand_in_order_and_can_be_taken_away(project, signed_in, person):
    client = signed_in(person("participation:planner"))
    url = reverse("participation:milestone_new", args=[project.slug])
    for day, title in ((3, "Zweiter"), (2, "Erster")):
        posted = {"titles_de": title, "on_day": day, "on_month": 5, "on_year": 2027, "precision": "day"}
        assert client.post(url, posted).status_code == 302
    assert [each.titles["de"] for each in Milestone.objects.all()] == ["Erster", "Zweiter"]

    first = Milestone.objects.first()
    client.post(reverse("participation:milestone", args=[project.slug, first.pk]), {"step": "remove"})
    assert Milestone.objects.count() == 1


def test_a_phase_closes_at_the_midnight_after_its_last_day_and_none_overlap(a_phase, signed_in, person):
    phase = a_phase(PhaseKind.BUDGET_SUBMIT)
    client = signed_in(person("participation:planner"))
    url = reverse("participation:phase_edit", args=[phase.process.slug, 1])
    posted = {
        "opens_on_day": 1, "opens_on_month": 3, "opens_on_year": 2020,
        "last_day_day": 28, "last_day_month": 3, "last_day_year": 2020,
        "admitted": ["email", "account"], "shapes": ["point"],
        "categories_de": "Grün\nVerkehr", "categories_en": "Green\nTraffic",
    }  # fmt: skip
    assert client.post(url, posted).status_code == 302
    phase.refresh_from_db()
    assert phase.closes_at.isoformat() == "2020-03-28T23:00:00+00:00"
    assert [each["key"] for each in phase.settings["categories"]] == ["grun", "verkehr"]

    late = client.post(url, {**posted, "last_day_year": 2040}).content.decode()
    assert "Phase 2 begins before" in late
    assert Phase.objects.get(pk=phase.pk).closes_at == phase.closes_at


@pytest.mark.parametrize("count", [1, 30])
def test_lists_take_few_queries_whatever_their_length(
    page_client, a_phase, django_assert_max_num_queries, count
):
    for _each in range(count):
        a_phase(PhaseKind.IDEAS)
    project = Project.objects.get()
    for url in ("participation:processes", "participation:projects"):
        with django_assert_max_num_queries(8):
            assert page_client.get(reverse(url)).status_code == 200
    with django_assert_max_num_queries(8):
        assert page_client.get(reverse("participation:project", args=[project.slug])).status_code == 200


def test_the_sites_are_a_map_layer(page_client, project):
    found = page_client.get(reverse("participation:sites")).json()
    assert [each["geometry"] for each in found["features"]] == [
        {"type": "Point", "coordinates": [7.82, 51.68]}
    ]


def test_what_belongs_to_a_project_is_found_by_the_search(project, signed_in, person):
    other = projects.begin(titles={"de": "Radweg"}, person=None, now=NOW, summaries={"de": "Ein Radweg."})
    projects.publish(other, person=None, now=NOW)
    client = signed_in(person("participation:planner"))
    url = reverse("participation:project_references", args=[project.slug])

    client.post(f"{url}?q=Radweg", {"add": other.iri})
    client.post(f"{url}?q=Radweg", {"add": other.iri})
    project.refresh_from_db()
    assert [each["uri"] for each in project.references] == [other.iri]
    assert "Radweg" in client.get(f"/de/projects/{project.slug}/").content.decode()
    client.post(url, {"remove": other.iri})
    project.refresh_from_db()
    assert project.references == []

"""The register: engineers register and publish, everybody looks."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tandem.accounts.models import AuditEntry
from tandem.junctions import offers
from tandem.junctions.models import FileStep, FileVersion, Junction
from tandem.junctions.services import files, personal, register
from tandem.kit import search
from tests.junctions.conftest import NOW
from tests.junctions.messages import FILE, file_of

pytestmark = pytest.mark.django_db
STAFF_PAGES = ("edit", "engine", "upload", "evaluation_new")


def test_an_engineer_registers_and_publishes_a_junction(signed_in, engineer):
    client = signed_in(engineer)
    posted = {
        "titles_de": "Marktstraße / Mühlweg",
        "summaries_de": "Eine Kreuzung.",
        "latitude": "51.68",
        "longitude": "7.82",
    }
    answer = client.post(reverse("junctions:new"), posted)
    junction = Junction.objects.get()
    assert answer.url == reverse("junctions:junction", args=["marktstrasse-muehlweg"])

    client.post(reverse("junctions:publish", args=[junction.slug]), {"step": "publish"})
    client.logout()
    for language in ("de", "it", "en"):
        assert (
            f"/{language}/junctions/{junction.slug}/"
            in client.get(f"/{language}/junctions/").content.decode()
        )
        assert client.get(f"/{language}/junctions/{junction.slug}/").status_code == 200
    assert [hit.kind for hit in search.search("Mühlweg", language="de").hits] == ["junction"]
    trail = AuditEntry.objects.filter(action__startswith="junctions").order_by("at")
    assert [row.action for row in trail] == [
        "junctions.junction.begin",
        "junctions.junction.publish",
    ]


def test_half_a_coordinate_is_refused_and_what_was_typed_is_kept(signed_in, engineer):
    page = signed_in(engineer).post(
        reverse("junctions:new"), {"titles_de": "Platz", "summaries_de": "x", "latitude": "51"}
    )

    assert page.status_code == 400
    assert "Enter both coordinates" in page.content.decode()
    assert 'value="Platz"' in page.content.decode()


def test_without_a_name_nothing_is_registered(signed_in, engineer):
    answer = signed_in(engineer).post(reverse("junctions:new"), {"summaries_de": "Eine Kreuzung."})

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["titles"])
    assert not Junction.objects.exists()


def test_without_a_sentence_it_is_not_published(signed_in, engineer):
    made = register.begin(titles={"de": "Ohne Text"}, person=None, now=NOW)
    page = signed_in(engineer).post(
        reverse("junctions:publish", args=[made.slug]), {"step": "publish"}, follow=True
    )

    assert "Before it can be published" in page.content.decode()
    made.refresh_from_db()
    assert made.status == "draft"


@pytest.mark.parametrize(
    ("role", "status"), [("", 404), ("junctions:reader", 200), ("junctions:traffic-engineer", 200)]
)
def test_a_draft_is_seen_by_staff_alone(signed_in, person, role: str, status: int):
    made = register.begin(titles={"en": "Secret"}, person=None, now=NOW)
    client = signed_in(person(*([role] if role else [])))
    pages = ("junctions:junction", "junctions:live", "junctions:events", "junctions:state")

    assert {client.get(reverse(page, args=[made.slug])).status_code for page in pages} == {status}
    assert "Secret" not in client.get(reverse("junctions:list")).content.decode()


def test_what_is_withdrawn_is_gone_and_can_come_back(junction, engineer, page_client):
    register.withdraw(junction, person=engineer, now=NOW)
    pages = [reverse(f"junctions:{page}", args=[junction.slug]) for page in ("junction", "live", "state")]
    said = page_client.get(pages[0])
    assert [page_client.get(page).status_code for page in pages] == [410, 410, 410]
    assert "the city has withdrawn it" in said.content.decode()
    assert search.search("Marktstraße", language="de").total == 0

    register.publish(junction, person=engineer, now=NOW)
    assert page_client.get(reverse("junctions:junction", args=[junction.slug])).status_code == 200


def test_a_persistent_address_leads_to_the_page_while_it_is_public(junction, engineer, signed_in, person):
    draft = register.begin(titles={"en": "Secret"}, person=None, now=NOW)
    address, of_a_draft = (urlsplit(each.iri).path for each in (junction, draft))
    public, staff = Client(), signed_in(person("junctions:reader"))
    page = reverse("junctions:junction", args=[junction.slug])

    answer = public.get(address, headers={"accept-language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert [each.get(of_a_draft).status_code for each in (public, staff)] == [404, 303]
    assert public.get(f"/id/junction/{uuid4()}").status_code == 404

    register.withdraw(junction, person=engineer, now=NOW)
    assert [each.get(address).status_code for each in (public, staff)] == [410, 303]


@pytest.mark.parametrize("role", ["", "junctions:reader", "participation:planner"])
@pytest.mark.parametrize("page", STAFF_PAGES)
def test_only_engineers_change_anything(junction, signed_in, person, role: str, page: str):
    client = signed_in(person(*([role] if role else [])))

    assert client.get(reverse(f"junctions:{page}", args=[junction.slug])).status_code == 403
    assert client.get(reverse("junctions:new")).status_code == 403
    assert client.post(reverse("junctions:publish", args=[junction.slug])).status_code == 403
    assert client.post(reverse("junctions:offer", args=[junction.slug])).status_code == 403


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_every_page_of_the_staff_is_there_in_each_language(
    junction, approve, signed_in, engineer, language: str
):
    approve(junction)
    files.receive(junction, file_of(name="Other"), note="", person=engineer, now=NOW)
    client, base = signed_in(engineer), f"/{language}/junctions"
    one = f"{base}/{junction.slug}"
    pages = [
        f"{base}/new/",
        f"{base}/work/",
        *(f"{one}/{each}/" for each in ("describe", "engine", "file", "file/new", "file/1", "file/2")),
        f"{one}/evaluations/new/",
        f"{one}/live/",
        f"{one}/",
    ]

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_words_narrow_the_list_down(junction, page_client):
    other = register.begin(titles={"en": "Station Road"}, summaries={"en": "Another."}, person=None, now=NOW)
    register.publish(other, person=None, now=NOW)
    url = reverse("junctions:list")

    def shown(words: str) -> set[str]:
        text = page_client.get(url, {"q": words}).content.decode()
        return {each for each in ("Market Street", "Station Road") if f">{each}</a>" in text}

    assert (shown(""), shown("Station"), shown("nothing like it")) == (
        {"Market Street", "Station Road"},
        {"Station Road"},
        set(),
    )


def test_an_empty_register_says_how_to_begin(signed_in, engineer):
    assert "Begin with its name" in signed_in(engineer).get(reverse("junctions:list")).content.decode()


def test_places_are_a_map_layer(junction, page_client):
    found = page_client.get(reverse("junctions:places")).json()

    assert [each["geometry"]["coordinates"] for each in found["features"]] == [[7.82, 51.68]]
    assert [layer.id for layer in offers.map_layers()] == ["junctions"]
    assert [slug for slug, _at in offers.public_junctions()] == [junction.slug]


@pytest.mark.parametrize("count", [1, 30])
def test_lists_take_few_queries_whatever_their_length(
    signed_in, engineer, django_assert_max_num_queries, count: int
):
    for number in range(count):
        made = register.begin(titles={"en": f"No. {number}"}, summaries={"en": "x"}, person=None, now=NOW)
        version = files.receive(made, file_of(id=f"j{number}"), note="", person=engineer, now=NOW)
        FileVersion.objects.filter(pk=version.pk).update(state="proposed")
        if number % 2 == 0:
            register.publish(made, person=None, now=NOW)
    client = signed_in(engineer)
    for page in ("junctions:list", "junctions:places", "junctions:work"):
        with django_assert_max_num_queries(8):
            assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_a_junctions_pages_take_few_queries(
    junction, approve, signed_in, engineer, django_assert_max_num_queries, count: int
):
    approve(junction)
    for number in range(count):
        files.receive(junction, file_of(name=f"No. {number}"), note="", person=engineer, now=NOW)
    client = signed_in(engineer)
    for page, arguments in (("junction", []), ("live", []), ("versions", []), ("version", [2])):
        with django_assert_max_num_queries(8):
            url = reverse(f"junctions:{page}", args=[junction.slug, *arguments])
            assert client.get(url).status_code == 200


def test_the_approved_file_is_drawn_and_tabled(junction, approve, page_client):
    approve(junction)
    text = page_client.get(reverse("junctions:junction", args=[junction.slug])).content.decode()

    assert [
        part
        for part in ("Market Street: straight on", "6–40 s", "along", "Fixed plan day")
        if part not in text
    ] == []
    assert all(group["id"] in text for group in FILE["groups"])


def test_somebody_is_exported_and_forgotten(junction, approve, engineer, colleague):
    approve(junction)
    Junction.objects.update(offered_by=engineer)
    known = personal.export(engineer)

    assert [each["action"] for each in known["decided"]] == ["upload", "propose"]
    assert len(known["uploaded"]) == 1
    assert [each["slug"] for each in known["offered"]] == [junction.slug]
    assert personal.forget(engineer) == 5
    assert personal.export(engineer) == {key: [] for key in known}
    assert FileStep.objects.filter(by=colleague).count() == 1


def test_names_in_the_way_of_addresses_are_not_taken(db: None):
    slugs: list[Any] = [
        register.free_slug(title) for title in ("New", "Work", "Heßlerstraße / Marker Allee", "…")
    ]

    assert slugs == ["new-2", "work-2", "hesslerstrasse-marker-allee", "junction"]

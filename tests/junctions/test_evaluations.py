"""Evaluations: before and after, with their history; reports run nothing here; counts and figures as open data."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

import tandem.junctions.examples
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import offered
from tandem.core.errors import Conflict
from tandem.junctions import example
from tandem.junctions.models import Count, Evaluation, Junction
from tandem.junctions.services import evaluations, open_data, register
from tandem.kit import opendata
from tests.failing_writes import Injected, failing_at
from tests.junctions.conftest import NOW

pytestmark = pytest.mark.django_db
DATA = Path(tandem.junctions.examples.__file__).parent
RESULTS = (DATA / "hamm.results.jsonl").read_bytes()
REPORT = b"<!DOCTYPE html><html lang=en><title>Report</title></html>"


def post(client, junction, results: bytes = RESULTS, report: bytes | None = REPORT, **more: str):
    files = {"results": SimpleUploadedFile("runs.jsonl", results)}
    if report is not None:
        files["report"] = SimpleUploadedFile("report.html", report)
    url = reverse("junctions:evaluation_new", args=[junction.slug])
    day = {"made_on_day": 3, "made_on_month": 5, "made_on_year": 2026}
    return client.post(url, {"titles_en": "Before and after", **day, **more, **files})


def test_results_are_shown_before_and_after_for_each_class(junction, approve, signed_in, engineer):
    approve(junction)
    client = signed_in(engineer)
    assert post(client, junction, version="1", policy="school").status_code == 302
    client.logout()
    for language in ("de", "it", "en"):
        assert client.get(f"/{language}/junctions/market-street/evaluations/1/").status_code == 200
    text = client.get(reverse("junctions:evaluation", args=[junction.slug, 1])).content.decode()

    wanted = (
        "Cars",
        "Cyclists",
        "Pedestrians",
        "actuated control",
        "planner",
        "Version 1",
        "school",
        "1.28.0",
    )
    assert [part for part in wanted if part not in text] == []
    assert (
        "Before and after" in client.get(reverse("junctions:junction", args=[junction.slug])).content.decode()
    )
    assert Evaluation.objects.get().version.number == 1


def test_a_report_is_a_download_that_runs_nothing_here(junction, signed_in, engineer):
    client = signed_in(engineer)
    post(client, junction)
    answer = client.get(reverse("junctions:report", args=[junction.slug, 1]))

    assert b"".join(answer.streaming_content) == REPORT
    assert answer["Content-Disposition"] == 'attachment; filename="market-street-1.html"'
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    results = client.get(reverse("junctions:results", args=[junction.slug, 1]))
    assert b"".join(results.streaming_content) == RESULTS


@pytest.mark.parametrize("report", [b"<!DOCTYPE html><SCRIPT>1</SCRIPT>", b"MZ", b"<html></html>"])
def test_a_report_with_a_script_is_refused(junction, signed_in, engineer, report: bytes):
    answer = post(signed_in(engineer), junction, report=report)

    assert (answer.status_code, Evaluation.objects.count()) == (400, 0)
    assert "This is no report" in answer.content.decode()


def test_what_holds_no_results_is_refused_at_its_field(junction, signed_in, engineer):
    answer = post(signed_in(engineer), junction, results=b"nonsense", report=None)

    assert "line 1 is no run" in answer.content.decode()
    assert answer.status_code == 400


@pytest.mark.parametrize("count", [1, 30])
def test_an_evaluation_takes_few_queries(
    junction, signed_in, engineer, django_assert_max_num_queries, count: int
):
    client = signed_in(engineer)
    for _number in range(count):
        post(client, junction, report=None)
    for page, arguments in (("evaluation", [1]), ("junction", [])):
        with django_assert_max_num_queries(8):
            url = reverse(f"junctions:{page}", args=[junction.slug, *arguments])
            assert client.get(url).status_code == 200


# --- open data ----------------------------------------------------------------------------------
@pytest.fixture
def catalogue():
    """Let the catalogue take offers."""
    before = list(opendata._takers)
    opendata.register_taker(offered.take, offered.keeps)
    yield
    opendata._takers[:] = before


def test_counts_and_figures_are_offered_and_brought_up_to_date(junction, signed_in, engineer, catalogue):
    client = signed_in(engineer)
    post(client, junction, report=None)
    Count.objects.create(junction=junction, began_at=NOW, kind="car", number=7)
    client.post(reverse("junctions:offer", args=[junction.slug]))
    dataset = Dataset.objects.get()
    assert {each.current.filename for each in dataset.distributions.all()} == {
        "counts.csv",
        "evaluations.csv",
    }
    junction.refresh_from_db()
    assert junction.dataset["uri"] == dataset.iri

    Count.objects.create(junction=junction, began_at=NOW, kind="bicycle", number=3)
    open_data.offer_due(NOW)
    assert Dataset.objects.count() == 1
    page = client.get(reverse("junctions:junction", args=[junction.slug])).content.decode()
    assert dataset.slug in page


def test_what_was_withdrawn_is_not_offered_again_by_itself(junction, engineer, catalogue):
    add(junction)
    open_data.offer(junction, person=engineer, now=NOW)
    Dataset.objects.update(status=Status.WITHDRAWN)
    Count.objects.create(junction=junction, began_at=NOW, kind="bicycle", number=3)

    open_data.offer_due(NOW)
    assert Dataset.objects.count() == 1

    open_data.offer(junction, person=engineer, now=NOW)
    assert Dataset.objects.count() == 2


@pytest.mark.parametrize("refused", [0, 1])
def test_a_junction_whose_data_are_refused_keeps_no_other_from_being_brought_up_to_date(
    junction, engineer, catalogue, caplog, refused
):
    other = register.begin(titles={"de": "Nebenan"}, summaries={"de": "x"}, person=None, now=NOW)
    register.publish(other, person=None, now=NOW)
    rows = [junction, other]
    for row in rows:
        add(row)
        open_data.offer(row, person=engineer, now=NOW)
        Count.objects.create(junction=row, began_at=NOW, kind="bicycle", number=3)

    def take(offer, known, person, now):
        if offer.path == f"/junctions/{rows[refused].slug}/":
            raise Conflict("An import of it is running.")
        return offered.take(offer, known, person, now)

    opendata.register_taker(take, offered.keeps)
    open_data.offer_due(NOW)

    fresh = Dataset.objects.filter(distributions__current__filename="counts.csv")
    assert [each.iri for each in fresh] == [rows[1 - refused].dataset["uri"]]
    assert [each.junction for each in caplog.records if each.levelname == "WARNING"] == [rows[refused].slug]


def test_tables_hold_numbers_by_hour_and_class(junction, signed_in, engineer):
    post(signed_in(engineer), junction, report=None)
    Count.objects.create(junction=junction, began_at=NOW, kind="car", number=7)
    made = open_data.tables(junction)
    counted = list(csv.DictReader(io.StringIO(made["counts"].decode())))
    judged = list(csv.DictReader(io.StringIO(made["evaluations"].decode())))

    assert [(row["road_users"], row["count"], row["quarters_counted"]) for row in counted] == [
        ("car", "7", "1")
    ]
    assert [(row["controller"], row["road_users"]) for row in judged] == [
        (controller, kind)
        for controller in ("actuated", "planner")
        for kind in ("car", "bicycle", "pedestrian")
    ]


def test_there_is_nothing_to_offer_of_a_draft(junction, engineer, catalogue):
    Count.objects.create(junction=junction, began_at=NOW, kind="car", number=7)
    register.withdraw(junction, person=engineer, now=NOW)

    with pytest.raises(open_data.NothingToOffer):
        open_data.offer(junction, person=engineer, now=NOW)


# --- the example --------------------------------------------------------------------------------
def test_hamms_example_is_loaded_once_and_says_what_it_is(page_client, person, db: None):
    from tandem.accounts.services.people import create_person

    for name, role in (
        ("junctions-traffic-engineer", "junctions:traffic-engineer"),
        ("site-administrator", "site:administrator"),
    ):
        create_person(f"{name}@hamm.example", name, "long enough, surely", "de", [role])
    assert example.load(now=NOW, tell=lambda _share, _what: None) == 1
    assert example.load(now=NOW, tell=lambda _share, _what: None) == 0

    junction = Junction.objects.get()
    version = junction.versions.get()
    assert (junction.slug, version.state, version.findings) == ("hesslerstrasse-marker-allee", "approved", [])
    for language in ("de", "it", "en"):
        for page in ("", "evaluations/1/", "live/"):
            assert page_client.get(f"/{language}/junctions/{junction.slug}/{page}").status_code == 200
    text = page_client.get(f"/en/junctions/{junction.slug}/").content.decode()
    assert ("This is an example" in text, "summer 2023" in text) == (True, True)


def test_arezzos_example_stands_nowhere_and_has_the_report(page_client, person, settings, db: None):
    from tandem.accounts.services.people import create_person

    arezzo = replace(settings.TANDEM.city, id="arezzo", languages=("it", "en", "de"))
    settings.TANDEM = replace(settings.TANDEM, city=arezzo)
    for room, role in (("junctions", "traffic-engineer"), ("site", "administrator")):
        create_person(f"{room}-{role}@arezzo.example", role, "long enough, surely", "it", [f"{room}:{role}"])
    assert example.load(now=NOW, tell=lambda _share, _what: None) == 1

    junction = Junction.objects.get()
    assert (junction.latitude, junction.versions.get().state) == (None, "approved")
    text = page_client.get(f"/en/junctions/{junction.slug}/").content.decode()
    assert ("No junction in Arezzo" in text, "is not documented" in text) == (True, True)
    evaluation = page_client.get(f"/en/junctions/{junction.slug}/evaluations/1/").content.decode()
    assert "report.html" in evaluation


def test_without_the_examples_people_nothing_is_approved(db: None):
    example.load(now=NOW, tell=lambda _share, _what: None)

    assert Junction.objects.get().versions.get().state == "uploaded"


def test_a_command_makes_a_token(junction, capsys):
    call_command("junction_token", junction.slug)
    junction.refresh_from_db()

    assert register.digest(capsys.readouterr().out.strip()) == junction.token_digest


# --- half of it -----------------------------------------------------------------------------------
def add(junction: Junction, **more):
    values = {"titles": {"en": "Before and after"}, "report": REPORT, "version": None, "policy": "", **more}
    return evaluations.add(junction, results=RESULTS, made_on=NOW.date(), person=None, now=NOW, **values)


def kept(junction: Junction) -> list[str]:
    root = Path(default_storage.path(f"junctions/{junction.pk}"))
    return sorted(each.name for each in root.rglob("*") if each.is_file())


def test_an_evaluation_that_cannot_be_kept_leaves_no_file_behind(junction):
    with pytest.raises(Injected), failing_at(1):
        add(junction)
    assert (Evaluation.objects.count(), kept(junction)) == (0, [])

    add(junction)
    assert kept(junction) == ["report.html", "results.jsonl"]


@pytest.mark.parametrize("name", ["report", "results"])
def test_a_file_that_is_lost_is_said_to_be(junction, page_client, name):
    row = add(junction)
    for stored in (row.report, row.original):
        default_storage.delete(stored)

    answer = page_client.get(reverse(f"junctions:{name}", args=[junction.slug, row.number]))
    assert answer.status_code == 503
    assert "is missing in the storage" in answer.content.decode()


def test_counts_are_offered_as_a_whole_or_not_at_all(junction, engineer, catalogue):
    add(junction)
    with transaction.atomic(), failing_at(0) as done:
        open_data.offer(junction, person=engineer, now=NOW)
        transaction.set_rollback(True)
    junction.refresh_from_db()
    with pytest.raises(Injected), failing_at(len(done)):
        open_data.offer(junction, person=engineer, now=NOW)

    assert (Dataset.objects.count(), Junction.objects.get().dataset) == (0, {})

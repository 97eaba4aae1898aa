"""The officer's pages of harvests."""

import csv
import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.catalogue.models import Dataset, HarvestFinding, HarvestRun, HarvestSource
from tandem.catalogue.services import harvest, harvest_sources, imports
from tandem.catalogue.services.harvest_sources import SourceSettings
from tandem.kit import installation, jobs
from tandem.kit.models import Job
from tests.accounts.people import client_of, somebody
from tests.catalogue.harvest_servers import DcatSite, record, serving, with_partner

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://data.example.org/catalogue.ttl"


@pytest.fixture
def officer():
    return client_of(somebody("catalogue:publisher"))


@pytest.fixture
def feed(monkeypatch):
    site = DcatSite(["".join(record(number) for number in range(20))])
    with serving(site) as base:
        config = with_partner(installation.config(), base, "/catalogue")
        monkeypatch.setattr(installation, "config", lambda: config)
        yield site


def at(name, *arguments, language="en"):
    with override(language):
        return reverse(f"catalogue:{name}", args=arguments)


def text(answer) -> str:
    return answer.content.decode()


def run(**named) -> HarvestRun:
    return harvest.run_harvest(harvest.source("partner"), person=None, now=timezone.now(), **named)


def test_two_sources_harvested_are_told_apart_by_their_tables(officer):
    for key in ("north", "south"):
        source = HarvestSource.objects.create(key=key, url=URL, titles={"en": key.title()})
        HarvestRun.objects.create(source=source, started_at=timezone.now(), state="succeeded")

    page = text(officer.get(at("harvest")))

    assert "<caption>Latest harvests of North</caption>" in page
    assert "<caption>Latest harvests of South</caption>" in page


def run_with_findings(count: int) -> HarvestRun:
    source = HarvestSource.objects.create(key="other", url=URL, titles={"en": "Other"})
    found = HarvestRun.objects.create(
        source=source,
        started_at=timezone.now(),
        state="succeeded",
        finding_counts={"catalogue.dcat.x": count},
    )
    values = {
        "severity": "warning",
        "code": "catalogue.dcat.x",
        "path": "http://x.example/1",
        "message": "=1",
    }
    HarvestFinding.objects.bulk_create(
        HarvestFinding(
            run=found, severity="warning", code="catalogue.dcat.x", path="http://x.example/1", values=values
        )
        for _ in range(count)
    )
    return found


# --- sources ------------------------------------------------------------------------------------
def test_a_source_is_added_tried_and_switched_on(officer):
    answer = officer.post(at("harvest_add"), {"url": URL, "name": "Land", "keywords": "baum\n\nwald"})

    source = HarvestSource.objects.get(key="land")
    assert answer["Location"] == at("harvest_source", "land")
    assert (source.active, source.rules) == (False, {"keywords": ["baum", "wald"]})
    job = Job.objects.get(kind=imports.HARVEST)
    assert (job.arguments["source"], job.arguments["dry_run"]) == ("land", True)
    assert "Stop it" in text(officer.get(at("harvest_source", "land")))

    form = officer.get(at("harvest_edit", "land"))
    assert "baum" in text(form)
    officer.post(
        at("harvest_edit", "land"), {"url": URL, "name": "Land", "active": "on", "schedule": "weekly"}
    )
    source.refresh_from_db()
    assert (source.active, source.schedule, source.rules) == (True, "weekly", {})


@pytest.mark.parametrize("url", ["", "ftp://x.example/a", "file:///etc/passwd", "javascript:alert(1)", URL])
def test_an_address_that_cannot_be_one_or_is_known_is_refused(officer, url):
    harvest_sources.add(SourceSettings("Land", URL), person=None)

    answer = officer.post(at("harvest_add"), {"url": url, "name": "Anders"})

    assert answer.status_code == 200
    assert HarvestSource.objects.filter(titles__de="Anders").count() == 0


def test_a_partner_of_the_configuration_keeps_its_address_and_cannot_be_removed(officer, feed):
    source = harvest.source("partner")
    officer.post(at("harvest_edit", "partner"), {"schedule": "hourly", "active": "on", "url": URL})
    assert 'name="url"' not in text(officer.get(at("harvest_edit", "partner")))

    officer.post(at("harvest_remove", "partner"))

    after = HarvestSource.objects.get(key="partner")
    assert (after.url, after.schedule) == (source.url, "hourly")


def test_a_source_is_removed_with_all_that_it_brought(officer, feed):
    run()
    source = HarvestSource.objects.get(key="partner")
    HarvestSource.objects.filter(pk=source.pk).update(key="old", city="")

    assert "20 datasets disappear" in text(officer.get(at("harvest_remove", "old")))
    officer.post(at("harvest_remove", "old"))

    assert not Dataset.objects.exists()
    assert not HarvestSource.objects.filter(key="old").exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_however_long_it_is(officer, count, django_assert_max_num_queries):
    for number in range(count):
        source = harvest_sources.add(SourceSettings(f"Portal {number}", f"{URL}?{number}"), person=None)
        HarvestRun.objects.create(source=source, started_at=timezone.now(), state="failed")
    officer.get(at("harvest"))  # makes the partner of the configuration a source

    with django_assert_max_num_queries(12):
        answer = officer.get(at("harvest"))
    assert text(answer).count("Harvest now") == min(count + 1, 30)


@pytest.mark.parametrize("role", ["catalogue:reader", "catalogue:editor"])
def test_others_of_the_staff_may_not(role, feed):
    found = run()
    client = client_of(somebody(role))

    pages = [at("harvest"), at("harvest_add"), at("harvest_run", found.pk), at("harvest_source", "partner")]
    pages += [at("harvest_edit", "partner"), at("harvest_remove", "partner")]
    pages += [at("harvest_findings_csv", found.pk)]
    assert {client.get(page).status_code for page in pages} == {403}


def test_a_source_that_is_only_tried_is_not_shown_to_the_public(page_client, feed):
    harvest.ensure_sources()
    harvest_sources.add(SourceSettings("Probeland", URL), person=None)

    page = text(page_client.get(at("partners")))
    assert ("Probeland" in page, "Partner" in page) == (False, True)


# --- runs ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_a_run_is_compared_with_the_one_before(officer, feed, language):
    run()
    feed.pages[0] = record(0, "Neu", '; dct:language "klingonisch" ') + "".join(
        record(n) for n in range(1, 21)
    )
    found = run()

    page = text(officer.get(at("harvest_run", found.pk, language=language)))

    assert "catalogue.dcat.literal-for-iri" in page
    slug = Dataset.objects.get(iri="http://x.example/0").slug
    assert at("dataset", slug, language=language) in page
    assert at("harvest_run", found.pk - 1, language=language) in page


def test_a_run_that_found_nothing_new_says_so(officer, feed):
    run()

    assert "has not changed" in text(officer.get(at("harvest_run", run().pk)))


def test_a_trial_shows_the_first_datasets(officer, feed):
    found = run(dry_run=True)

    page = text(officer.get(at("harvest_run", found.pk)))
    assert ("Eins 0" in page, len(found.samples), Dataset.objects.count()) == (True, 10, 0)


def test_what_vanishes_is_confirmed_on_the_page(officer, feed):
    run()
    feed.pages[0] = "".join(record(number) for number in range(5))
    found = run()
    page = text(officer.get(at("harvest_run", found.pk)))
    assert "Harvest again, and remove 15 datasets" in page

    officer.post(at("harvest_now", "partner"), {"accept_removals": "1"})
    jobs.run_here(Job.objects.get(kind=imports.HARVEST))

    assert Dataset.objects.count() == 5


@pytest.mark.parametrize("count", [1, 130])
def test_many_findings_come_in_pages_by_few_queries(officer, count, django_assert_max_num_queries):
    found = run_with_findings(count)

    with django_assert_max_num_queries(14):
        page = text(officer.get(at("harvest_run", found.pk), {"code": "catalogue.dcat.x"}))
    assert page.count('class="finding-text"') == min(count, 50)
    assert ("page=2" in page) == (count > 50)


def test_findings_are_taken_away_as_csv_and_json(officer):
    found = run_with_findings(3)

    answer = officer.get(at("harvest_findings_csv", found.pk))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[0] == ["severity", "code", "path", "message"]
    assert rows[1] == ["warning", "catalogue.dcat.x", "http://x.example/1", "'=1"]
    values = json.loads(officer.get(at("harvest_findings_json", found.pk)).content)
    assert (len(values["findings"]), values["finding_counts"]) == (3, {"catalogue.dcat.x": 3})


# --- provenance ---------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_a_dataset_tells_where_it_came_from(page_client, feed, language):
    run()
    dataset = Dataset.objects.get(iri="http://x.example/3")

    page = text(page_client.get(at("dataset", dataset.slug, language=language)))

    assert 'href="http://x.example/3"' in page
    assert harvest.source("partner").url in page


def test_machines_are_told_where_a_dataset_came_from(page_client, feed):
    found = run()
    dataset = Dataset.objects.get(iri="http://x.example/3")

    turtle = page_client.get(f"/id/dataset/{dataset.pk}.ttl").content.decode()

    assert "#record> a dcat:CatalogRecord" in turtle.replace("\n", " ")
    assert "foaf:primaryTopic <http://x.example/3>" in turtle
    assert "dct:source <http://x.example/3>" in turtle
    assert f"prov:wasDerivedFrom <{found.source.url}>" in turtle

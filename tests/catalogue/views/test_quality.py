"""The dashboard of quality."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.completeness import BANDS, range_of
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription
from tandem.catalogue.domain.freshness import due_on
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import indexing
from tests.accounts.people import client_of, somebody
from tests.pages import PageClient
from tests.site.content import dataset, partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
MONTHLY = f"{vocabulary.AUTHORITY}/frequency/MONTHLY"


@pytest.fixture
def officer(own_folder: None, db: None) -> PageClient:
    client: PageClient = client_of(somebody("catalogue:editor"))
    return client


def test_the_bands_span_all_points_once():
    spanned = sorted(points for _least, name in BANDS for points in range_of(name))

    assert spanned == list(range(406))


@pytest.mark.parametrize(
    ("frequency", "modified", "due"),
    [
        ("MONTHLY", "2024-01-31", date(2024, 3, 7)),
        ("DAILY", "2024-01-31T10:00:00Z", date(2024, 2, 2)),
        ("ANNUAL", "2023-06-01", date(2024, 9, 1)),
        ("ANNUAL", "2024-02-29", date(2025, 5, 30)),
        ("IRREG", "2024-01-31", None),
        ("MONTHLY", "", None),
        ("MONTHLY", "soon", None),
        ("", "2024-01-31", None),
    ],
)
def test_when_data_is_late(frequency: str, modified: str, due: date | None):
    iri = f"{vocabulary.AUTHORITY}/frequency/{frequency}" if frequency else ""

    assert due_on(DatasetDescription("urn:x", frequency=iri, modified=modified)) == due


def test_the_latest_file_counts():
    file = DistributionDescription("urn:f", modified="2024-05-01")

    assert due_on(
        DatasetDescription("urn:x", frequency=MONTHLY, modified="2024-01-31", distributions=(file,))
    ) == date(2024, 6, 9)


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_those_that_need_help_most_come_first(officer: PageClient, language: str):
    dataset("Gut", keywords={"de": ["Baum"]}, themes=[f"{vocabulary.AUTHORITY}/data-theme/ENVI"])
    dataset("Arm")
    dataset("Fremd", source=partner())
    page = officer.get(f"/{language}/data/quality/")

    assert [row["dataset"].sort_title for row in page.context["rows"]] == ["Arm", "Gut"]
    assert page.context["overview"].count == 2
    assert page.context["rows"][0]["gain"] == 185  # a file


def test_only_late_ones(officer: PageClient):
    dataset("Spät", frequency=MONTHLY, modified="2020-01-01")
    dataset("Aktuell", frequency=MONTHLY, modified=timezone.localdate().isoformat())
    dataset("Ohne")
    page = officer.get("/de/data/quality/", {"late": "1", "order": "due"})

    assert [(row["dataset"].sort_title, row["is_late"]) for row in page.context["rows"]] == [("Spät", True)]
    assert page.context["overview"].late == 1


@pytest.mark.parametrize(
    "asked", [{"band": "excellent"}, {"band": "nonsense"}, {"order": "nonsense", "page": "x"}]
)
def test_whatever_is_asked_has_an_answer(officer: PageClient, asked: dict[str, str]):
    dataset()

    assert officer.get("/de/data/quality/", asked).status_code == 200


def test_without_data_the_page_says_what_will_be_here(officer: PageClient):
    page = officer.get("/de/data/quality/")

    assert (page.status_code, page.context["chart"]) == (200, None)


def test_it_is_for_staff(page_client: PageClient):
    assert page_client.get("/de/data/quality/").status_code in {302, 403}


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(officer: PageClient, count: int):
    for _number in range(count):
        dataset()
    officer.get("/de/data/quality/")
    with CaptureQueriesContext(connection) as queries:
        officer.get("/de/data/quality/")

    assert len(queries) <= 12


def test_points_can_be_reckoned_anew():
    made = dataset()
    Dataset.objects.update(points=None)

    assert indexing.note_all(lambda _share, _message: None) == 1
    made.refresh_from_db()
    assert made.points == 0  # it has nothing but a title and a text

"""Exports: everything for the office, open data without personal data, figures."""

import io
import json
import zipfile

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tandem.participation.domain.phase import PhaseKind
from tandem.participation.services import ideas, open_data
from tandem.participation.services.ideas import Written
from tests.participation.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(a_phase, by_email):
    phase = a_phase(PhaseKind.IDEAS)
    author = by_email("secret@example.org")
    said = Written("=Bank", "Rufen Sie mich an: 02381 123456", latitude=51.681234, longitude=7.821234)
    row = ideas.submit(phase, said, participant=author, language="de", now=NOW)
    ideas.comment(row, "Gut", participant=author, now=NOW)
    return phase.process


def url(process, name, form):
    return reverse(f"participation:{name}", args=[process.slug, form])


def test_the_office_gets_everything_in_three_forms(signed_in, person, process):
    client = signed_in(person("participation:planner"))
    told = json.loads(client.get(url(process, "export_all", "json")).content)
    assert [each["participant__email"] for each in told["contributions"]] == ["secret@example.org"]
    assert [each["text"] for each in told["comments"]] == ["Gut"]
    files = zipfile.ZipFile(io.BytesIO(client.get(url(process, "export_all", "zip")).content))
    assert sorted(files.namelist()) == ["comments.csv", "contributions.csv", "phases.csv"]
    book = load_workbook(io.BytesIO(client.get(url(process, "export_all", "xlsx")).content))
    cells = {cell.value for row in book["contributions"] for cell in row}
    assert "'=Bank" in cells
    assert client.get(url(process, "export_all", "exe")).status_code == 404


def test_open_data_names_nobody(page_client, process):
    content = page_client.get(url(process, "export_open", "json")).content.decode()
    row = json.loads(content)["contributions"][0]
    assert [trace for trace in ("secret@example.org", "02381", "P-") if trace in content] == []
    assert (row["latitude"], row["longitude"], row["comments"]) == (51.6812, 7.8212, 1)


@pytest.mark.parametrize("role", ["", "participation:reader"])
def test_personal_data_is_for_those_who_may(signed_in, person, process, role):
    client = signed_in(person(*([role] if role else [])))
    assert client.get(url(process, "export_all", "json")).status_code == 403


def test_a_hidden_contribution_is_not_given_away(process):
    process.contributions.update(hidden_at=NOW)
    assert open_data.open_tables(process, language="de") == []


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_the_figures_are_shown_to_staff(signed_in, person, process, language, django_assert_max_num_queries):
    client = signed_in(person("participation:reader"))
    with django_assert_max_num_queries(16):
        shown = client.get(f"/{language}/take-part/{process.slug}/figures/")
    assert shown.context["found"].contributions == 1
    assert signed_in(person()).get(f"/{language}/take-part/{process.slug}/figures/").status_code == 403

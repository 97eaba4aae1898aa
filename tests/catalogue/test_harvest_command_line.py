"""``tandem harvest …``."""

import json
import re

import pytest
from click.testing import CliRunner

from tandem.catalogue.cli import harvest
from tandem.catalogue.models import Dataset, HarvestSource
from tandem.catalogue.services.command_line import HarvestFailed
from tandem.kit import installation
from tests.catalogue.harvest_servers import DcatSite, record, serving, with_partner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def feed(monkeypatch):
    site = DcatSite(["".join(record(number) for number in range(12))])
    with serving(site) as base:
        config = with_partner(installation.config(), base, "/catalogue")
        monkeypatch.setattr(installation, "config", lambda: config)
        yield site


def tandem(*arguments: str) -> str:
    answer = CliRunner().invoke(harvest, arguments, standalone_mode=False)
    if answer.exception:
        raise answer.exception
    return answer.output


def test_a_source_is_added_and_waits():
    said = tandem(
        "add", "https://data.example.org", "--name", "Land", "--licence", "CC0", "--only-keyword", "baum"
    )

    source = HarvestSource.objects.get(key="land")
    assert "tandem harvest run land --dry-run" in said
    assert (source.active, source.rules["keywords"]) == (False, ["baum"])
    assert source.rules["licence"].startswith("http")
    assert re.search(r"land +https://data\.example\.org +never +Land", tandem("list"))


@pytest.mark.usefixtures("feed")
def test_the_list_tells_when_a_source_was_last_harvested():
    tandem("run", "partner")

    assert re.search(r"partner .* \d{4}-\d\d-\d\d \d\d:\d\d UTC  ", tandem("list"))


def test_a_run_as_json(feed):
    said = json.loads(tandem("run", "partner", "--json"))

    assert (said["state"], said["created"], said["findings"]) == ("succeeded", 12, [])


def test_much_that_vanishes_ends_with_an_error_until_it_is_accepted(feed):
    tandem("run", "--all")
    feed.pages[0] = record(0)

    with pytest.raises(HarvestFailed, match="11 of 12"):
        tandem("run", "partner")
    assert Dataset.objects.count() == 12

    tandem("run", "partner", "--full", "--accept-removals")
    assert Dataset.objects.count() == 1

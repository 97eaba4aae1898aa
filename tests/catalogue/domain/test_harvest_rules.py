"""What of a source is wanted, and when it is asked."""

from datetime import UTC, datetime, timedelta

import pytest

from tandem.catalogue.domain.description import AgentDescription, DatasetDescription, DistributionDescription
from tandem.catalogue.domain.harvest_rules import HarvestRules, Kind, Schedule, guessed_kind, is_due

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TREES = DatasetDescription(
    iri="https://a.example/1",
    titles={"de": "Bäume"},
    keywords={"de": ("Baum", "Grün")},
    themes=("http://t.example/ENVI",),
    publisher=AgentDescription({"de": "Grünflächenamt"}, iri="https://a.example/agent"),
    distributions=(
        DistributionDescription("https://a.example/f", licence="http://l.example/cc0"),
        DistributionDescription("https://a.example/g"),
    ),
)


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        (HarvestRules(), True),
        (HarvestRules(publishers=("grünflächenamt ",)), True),
        (HarvestRules(publishers=("https://a.example/agent", "Tiefbauamt")), True),
        (HarvestRules(publishers=("Tiefbauamt",)), False),
        (HarvestRules(keywords=("baum", "auto")), True),
        (HarvestRules(keywords=("auto",)), False),
        (HarvestRules(themes=("http://t.example/ENVI",)), True),
        (HarvestRules(themes=("http://t.example/TRAN",)), False),
        (HarvestRules(keywords=("baum",), themes=("http://t.example/TRAN",)), False),
        (HarvestRules(without=("grün",)), False),
        (HarvestRules(without=("https://a.example/1",), keywords=("baum",)), False),
        (HarvestRules(without=("Grünflächenamt",)), False),
        (HarvestRules(without=("anderes",)), True),
    ],
)
def test_what_is_wanted(rules, wanted):
    assert rules.wants(TREES) == wanted


def test_a_licence_is_assumed_only_where_none_is_said():
    completed, lacking = HarvestRules(licence="http://l.example/by").completed(TREES)

    assert lacking == 1
    assert [part.licence for part in completed.distributions] == [
        "http://l.example/cc0",
        "http://l.example/by",
    ]
    assert HarvestRules().completed(TREES) == (TREES, 0)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://a.example/catalogue.ttl", Kind.DCAT),
        ("https://a.example/catalog.xml?page=2", Kind.DCAT),
        ("https://a.example/api/3/action/package_search", Kind.CKAN),
        ("https://a.example/api/", Kind.CKAN),
        ("https://a.example/", None),
        ("https://a.example/dataset", None),
    ],
)
def test_what_an_address_tells_by_itself(url, kind):
    assert guessed_kind(url) == kind


@pytest.mark.parametrize(
    ("schedule", "default", "hours_ago", "due"),
    [
        (Schedule.DEFAULT, 24, 24, True),
        (Schedule.DEFAULT, 24, 23, False),
        (Schedule.DEFAULT, 0, 1_000, False),
        (Schedule.HOURLY, 0, 1, True),
        (Schedule.WEEKLY, 24, 167, False),
        (Schedule.BY_HAND, 24, 1_000, False),
        (Schedule.BY_HAND, 24, None, False),
        (Schedule.DAILY, 0, None, True),
    ],
)
def test_when_a_source_is_asked_again(schedule, default, hours_ago, due):
    last = None if hours_ago is None else NOW - timedelta(hours=hours_ago)

    assert is_due(schedule, last=last, default_hours=default, now=NOW) == due

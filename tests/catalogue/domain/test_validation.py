"""Rules on descriptions: each is broken once, and said in its place."""

from dataclasses import replace

import pytest

from tandem.catalogue.domain import vocabulary as v
from tandem.catalogue.domain.description import (
    AgentDescription,
    AttributionDescription,
    ContactDescription,
    PeriodOfTime,
)
from tandem.catalogue.domain.validation import check_dataset, check_series, check_service
from tandem.core.findings import Severity
from tests.catalogue.adapters.descriptions import FILE, SERIES, SERVICE, TREES

IT = {
    "titles": {"it": "Alberi"},
    "descriptions": {"it": "Tutti"},
    "identifiers": ("c_h000:trees",),
}


def codes(findings, severity=None):
    return {
        (each.code.removeprefix("catalogue.description."), each.path)
        for each in findings
        if severity is None or each.severity is severity
    }


@pytest.mark.parametrize("profile", ["eu", "de"])
def test_a_full_description_has_no_error(profile):
    assert codes(check_dataset(TREES, profile=profile), Severity.ERROR) == set()
    assert codes(check_service(SERVICE, profile=profile), Severity.ERROR) == set()
    assert codes(check_series(SERIES, profile=profile), Severity.ERROR) == set()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"titles": {}}, ("missing", "titles")),
        ({"titles": {"de": "x" * 201}}, ("long-title", "titles, de")),
        ({"descriptions": {}}, ("missing", "descriptions")),
        ({"titles": {"de": "x", "en": "y"}}, ("half-translated", "descriptions, en")),
        ({"landing_page": "trees"}, ("bad-address", "landing_page")),
        ({"sources": ("https://a.example/with space",)}, ("bad-address", "sources")),
        ({"themes": ("https://a.example/green",)}, ("unknown-term", "themes")),
        ({"issued": "yesterday"}, ("bad-date", "issued")),
        ({"issued": "2024-02-31"}, ("bad-date", "issued")),
        ({"temporal": (PeriodOfTime("2024-02-01", "2024-01-01"),)}, ("period-backwards", "temporal")),
        ({"bounds": (8.0, 51.0, 7.0, 52.0)}, ("bad-bounds", "bounds")),
        ({"bounds": (3_400_000.0, 5.0, 3_400_001.0, 6.0)}, ("bad-bounds", "bounds")),
        ({"temporal_resolution": "daily"}, ("bad-duration", "temporal_resolution")),
        ({"contacts": (ContactDescription("Amt", "no mail"),)}, ("bad-mail", "contact")),
        ({"contacts": (ContactDescription("Amt"),)}, ("contact-without-way", "contact")),
        ({"publisher": AgentDescription(iri="https://a.example/p")}, ("nameless", "publisher")),
        ({"distributions": ()}, ("no-file", "file")),
        ({"legislation": ()}, ("hvd-legislation", "legislation")),
        ({"publisher": None}, ("missing", "publisher")),
        ({"temporal": (PeriodOfTime(),)}, ("empty-period", "temporal")),
        ({"contributor_ids": ("https://a.example/me",)}, ("unknown-contributor", "contributor_ids")),
        (
            {"attributions": (AttributionDescription(AgentDescription({"de": "x"}), ""),)},
            ("bad-attribution", "attributions"),
        ),
    ],
)
def test_what_is_wrong_with_a_dataset_is_said_in_its_place(changes, found):
    assert found in codes(check_dataset(replace(TREES, **changes), profile="de"))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"access_url": ""}, ("missing", "file 1")),
        ({"access_url": "x"}, ("bad-address", "file 1, access_url")),
        ({"format": ""}, ("no-format", "file 1")),
        ({"licence": ""}, ("missing", "file 1")),
        ({"licence": v.LICENCES.by_code("IODL_2_0").iri}, ("foreign-licence", "file 1")),
        ({"attribution": ""}, ("no-attribution", "file 1")),
        ({"checksum": "xyz"}, ("bad-checksum", "file 1")),
        ({"legislation": ()}, ("hvd-legislation", "file 1")),
        ({"spatial_resolution": "near"}, ("bad-number", "file 1, spatial_resolution")),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_its_place(changes, found):
    dataset = replace(TREES, distributions=(replace(FILE, **changes),))

    assert found in codes(check_dataset(dataset, profile="de"))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"identifiers": ()}, ("missing", "identifier")),
        ({"identifiers": ("trees",)}, ("identifier-form", "identifier")),
        ({"themes": ()}, ("missing", "themes")),
        ({"frequency": ""}, ("missing", "frequency")),
        ({"rights_holder": None}, ("missing", "rights_holder")),
        ({"rights_holder": AgentDescription({"de": "x"})}, ("no-ipa-code", "rights_holder")),
        ({"rights_holder": AgentDescription({"de": "x"})}, ("no-italian-name", "rights_holder")),
    ],
)
def test_what_italy_asks_for_is_asked_for_there_alone(changes, found):
    dataset = replace(TREES, **{**IT, **changes})

    assert found in codes(check_dataset(dataset, profile="it"))
    assert found not in codes(check_dataset(dataset, profile="eu"))


def test_a_full_italian_description_has_no_error():
    assert codes(check_dataset(replace(TREES, **IT), profile="it"), Severity.ERROR) == set()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"endpoint_urls": ()}, ("missing", "endpoint_urls")),
        ({"contacts": ()}, ("hvd-contact", "contact")),
        ({"pages": ()}, ("hvd-documentation", "pages")),
        ({"publisher": None}, ("missing", "publisher")),
    ],
)
def test_what_is_wrong_with_a_service_is_said(changes, found):
    assert found in codes(check_service(replace(SERVICE, **changes), profile="de"))

"""The demo's catalogue, as the portal writes it, before the official judges; Italy's by rules of our own."""

import tomllib
from importlib.resources import files

import pyshacl
import pytest
import rdflib
from django.conf import settings as django_settings
from django.utils import timezone

from tandem.catalogue import example
from tandem.catalogue.adapters.dcat_read import read_catalogue
from tandem.catalogue.domain.validation import check_dataset, check_series, check_service
from tandem.catalogue.services import datasets, own_catalogue, records
from tandem.core.config import parse_config
from tandem.core.findings import Severity
from tests.catalogue.adapters.test_shapes import JUDGES, SHACL

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.conformance,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
CONTRIBUTOR = "http://dcat-ap.de/def/contributors/hamm"


@pytest.fixture
def demo(request, settings):
    """Load a demo city's example content; return the city."""
    city, changes = request.param
    values = tomllib.loads((files("tandem.site") / "cities" / f"{city}.toml").read_text("utf-8"))
    values["catalogue"] |= changes
    settings.TANDEM = parse_config(values, home=django_settings.TANDEM.home, environ={})
    example.load(now=timezone.now(), tell=lambda _share, _message: None)
    return city


def violations(shared_data, judge, content):
    shapes = rdflib.Graph()
    for each in JUDGES[judge]:
        shapes.parse(shared_data / "dcat" / "shapes" / f"{each}.ttl")
    for shape, part in list(shapes.subject_objects(SHACL.property)):
        if shapes.value(part, SHACL.path) is None:  # the European file names two shapes that it does not hold
            shapes.remove((shape, SHACL.property, part))
    data = rdflib.Graph().parse(data=content, format="turtle")
    _fine, report, _text = pyshacl.validate(data, shacl_graph=shapes, inference="rdfs")
    results = report.subjects(SHACL.resultSeverity, SHACL.Violation)
    return sorted(
        {(str(report.value(r, SHACL.resultPath)), str(report.value(r, SHACL.resultMessage))) for r in results}
    )


@pytest.mark.parametrize(
    ("demo", "judge"),
    [
        (("hamm", {}), "de"),
        (("hamm", {"contributor_id": CONTRIBUTOR}), "de"),
        (("arezzo", {}), "eu"),
    ],
    indirect=["demo"],
)
def test_the_demo_violates_no_official_shape(demo, judge, client, shared_data):
    content = client.get("/catalogue.ttl").content

    assert (CONTRIBUTOR.encode() in content) == bool(own_catalogue.contributor_ids())
    found = read_catalogue(content, media_type="text/turtle", base_iri="a:a")
    assert [len(found.datasets) >= 12, len(found.services), len(found.series)] == [True, 1, 1]
    assert violations(shared_data, judge, content) == []


@pytest.mark.parametrize("demo", [("hamm", {}), ("arezzo", {})], indirect=True)
def test_our_own_rules_find_no_error_in_the_demo(demo):
    profile = django_settings.TANDEM.catalogue.profile
    found = []
    for row in datasets.with_parts(own_catalogue.own_published()):
        found += check_dataset(datasets.description_of(row), profile=profile)
    for kind, check in ((records.SERVICE, check_service), (records.SERIES, check_series)):
        found += [
            one
            for row in records.published(kind)
            for one in check(records.description_of(row), profile=profile)
        ]

    assert [each for each in found if each.severity is Severity.ERROR] == []

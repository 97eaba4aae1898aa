"""What we write is judged by the official shapes, with pySHACL."""

import pyshacl
import pytest
import rdflib

from tandem.catalogue.adapters import rdf
from tandem.catalogue.adapters.dcat_write import PageOfCatalogue, catalogue_triples
from tests.catalogue.adapters.descriptions import CATALOGUE, HAMM, TREES

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")
EUROPEAN = ("dcat-ap-3.0.1/dcat-ap-SHACL", "dcat-ap-3.0.1/shapes", "dcat-ap-3.0.1/range")
GERMAN = tuple(
    f"dcat-ap.de-3.0/{name}"
    for name in (
        "dcat-ap-SHACL-DE",
        "dcat-ap-spec-german-additions",
        "dcat-ap-de-controlledvocabularies",
        "dcat-ap-de-deprecated",
    )
)
HIGH_VALUE = ("dcat-ap-hvd-3.0.0/hvd-SHACL",)


def violations(shared_data, shapes, profile, *, without=""):
    page = PageOfCatalogue(f"{HAMM}/catalogue.ttl", number=1, pages=2, total=101, per_page=100)
    content = rdf.serialise(catalogue_triples(CATALOGUE, [TREES], profile=profile, page=page), "nt").decode()
    kept = "\n".join(line for line in content.splitlines() if not without or without not in line)
    data = rdflib.Graph().parse(data=kept, format="nt")
    judge = rdflib.Graph().parse(shared_data / "dcat" / "shapes" / f"{shapes}.ttl")
    # the shapes for high-value datasets ask addresses to be an rdfs:Resource, which by RDFS all things are
    _fine, report, _text = pyshacl.validate(data, shacl_graph=judge, inference="rdfs")
    results = report.subjects(SHACL.resultSeverity, SHACL.Violation)
    return [(report.value(each, SHACL.resultPath), report.value(each, SHACL.value)) for each in results]


@pytest.mark.parametrize(
    ("profile", "shapes"),
    [
        *(("eu", each) for each in (*EUROPEAN, *HIGH_VALUE)),
        *(("de", each) for each in (*EUROPEAN, *GERMAN, *HIGH_VALUE)),
        *(("it", each) for each in EUROPEAN),
    ],
)
def test_a_full_description_violates_no_shape(shared_data, profile, shapes):
    assert violations(shared_data, shapes, profile) == []


@pytest.mark.parametrize(
    ("shapes", "without"),
    [
        ("dcat-ap-3.0.1/dcat-ap-SHACL", "<http://purl.org/dc/terms/title>"),
        ("dcat-ap-3.0.1/dcat-ap-SHACL", "<http://www.w3.org/ns/dcat#accessURL>"),
        ("dcat-ap.de-3.0/dcat-ap-SHACL-DE", "<http://purl.org/dc/terms/publisher>"),
        ("dcat-ap-hvd-3.0.0/hvd-SHACL", "<http://data.europa.eu/r5r/applicableLegislation>"),
    ],
)
def test_the_judge_would_notice_what_is_missing(shared_data, shapes, without):
    assert violations(shared_data, shapes, "de", without=without) != []

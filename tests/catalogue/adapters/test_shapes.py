"""What we write is judged by the official shapes, with pySHACL."""

import pyshacl
import pytest
import rdflib

from tandem.catalogue.adapters import rdf
from tandem.catalogue.adapters.dcat_write import PageOfCatalogue, catalogue_triples
from tests.catalogue.adapters.descriptions import BESIDES, CATALOGUE, HAMM, SHRUBS, TREES

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")
EUROPEAN = ("dcat-ap-3.0.1/dcat-ap-SHACL", "dcat-ap-3.0.1/shapes", "dcat-ap-3.0.1/range")
# dcat-ap-SHACL-DE alone finds nothing in anything: the German files are meant to be used together
GERMAN = (
    "dcat-ap.de-3.0/dcat-ap-SHACL-DE",
    "dcat-ap.de-3.0/dcat-ap-spec-german-additions",
    "dcat-ap.de-3.0/dcat-ap-de-controlledvocabularies",
    "dcat-ap.de-3.0/dcat-ap-de-deprecated",
)
HIGH_VALUE = ("dcat-ap-hvd-3.0.0/hvd-SHACL",)
JUDGES = {"eu": EUROPEAN, "de": (*EUROPEAN, *GERMAN), "hvd": HIGH_VALUE}


def violations(shared_data, judge, profile, *, without=""):
    page = PageOfCatalogue(f"{HAMM}/catalogue.ttl", number=1, pages=2, total=101, per_page=100)
    statements = catalogue_triples(CATALOGUE, [TREES, SHRUBS], profile=profile, page=page, besides=BESIDES)
    content = rdf.serialise(statements, "nt").decode()
    kept = "\n".join(line for line in content.splitlines() if not without or without not in line)
    data = rdflib.Graph().parse(data=kept, format="nt")
    shapes = rdflib.Graph()
    for each in JUDGES[judge]:
        shapes.parse(shared_data / "dcat" / "shapes" / f"{each}.ttl")
    for shape, part in list(shapes.subject_objects(SHACL.property)):
        if shapes.value(part, SHACL.path) is None:  # the European file names two shapes that it does not hold
            shapes.remove((shape, SHACL.property, part))
    # the shapes for high-value datasets ask addresses to be an rdfs:Resource, which by RDFS all things are
    _fine, report, _text = pyshacl.validate(data, shacl_graph=shapes, inference="rdfs")
    results = report.subjects(SHACL.resultSeverity, SHACL.Violation)
    return [(report.value(each, SHACL.resultPath), report.value(each, SHACL.value)) for each in results]


@pytest.mark.parametrize(
    ("judge", "profile"),
    [("eu", "eu"), ("eu", "de"), ("eu", "it"), ("de", "de"), ("hvd", "eu"), ("hvd", "de")],
)
def test_a_full_description_violates_no_shape(shared_data, judge, profile):
    assert violations(shared_data, judge, profile) == []


@pytest.mark.parametrize(
    ("judge", "without"),
    [
        ("eu", "<http://purl.org/dc/terms/title>"),
        ("eu", "<http://www.w3.org/ns/dcat#accessURL>"),
        ("eu", "<http://www.w3.org/2004/02/skos/core#prefLabel>"),
        ("de", "<http://purl.org/dc/terms/publisher>"),
        ("de", "<http://purl.org/dc/terms/license>"),
        ("de", "<http://www.w3.org/2004/02/skos/core#inScheme>"),
        ("hvd", "<http://data.europa.eu/r5r/applicableLegislation>"),
    ],
)
def test_the_judge_would_notice_what_is_missing(shared_data, judge, without):
    assert violations(shared_data, judge, "de", without=without) != []

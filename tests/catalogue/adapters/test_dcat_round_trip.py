"""What is written is what was said, and is read as that again."""

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tandem.catalogue.adapters import rdf
from tandem.catalogue.adapters.dcat_read import read_catalogue
from tandem.catalogue.adapters.dcat_write import (
    Besides,
    PageOfCatalogue,
    catalogue_triples,
    dataset_triples,
)
from tandem.catalogue.domain.description import (
    DatasetDescription,
    SeriesDescription,
    ServiceDescription,
    from_json,
    to_json,
)
from tandem.catalogue.domain.harvest import content_hash
from tests.catalogue.adapters.descriptions import (
    BESIDES,
    CATALOGUE,
    FILE,
    HAMM,
    SERIES,
    SERVICE,
    SHRUBS,
    TREES,
    datasets,
    series,
    services,
)

FORMATS = sorted(rdf.FORMATS)


def read(content: bytes, wanted: str):
    return read_catalogue(content, media_type=rdf.FORMATS[wanted][1], base_iri="https://base.example/")


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("profile", ["eu", "de", "it"])
def test_a_full_description_comes_back_as_it_was(profile, wanted):
    statements = catalogue_triples(CATALOGUE, [TREES, SHRUBS], profile=profile, besides=BESIDES)

    found = read(rdf.serialise(statements, wanted), wanted)

    assert (found.titles, found.datasets, found.findings) == (CATALOGUE.titles, [SHRUBS, TREES], [])
    assert (found.services, found.series) == ([SERVICE], [SERIES])


MANY = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # examples this big take minutes to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@MANY
@given(datasets(), datasets("https://a.example/dataset/2"))
def test_any_two_descriptions_come_back_from_one_document_as_they_were(one, other):
    statements = catalogue_triples(CATALOGUE, [one, other], profile="eu")

    for wanted in ("ttl", "jsonld", "nt", "rdf"):
        assert read(rdf.serialise(statements, wanted), wanted).datasets == [one, other]


@MANY
@given(services(), series())
def test_any_service_and_series_come_back_as_they_were(service, one):
    statements = catalogue_triples(CATALOGUE, [], profile="eu", besides=Besides((service,), (one,)))

    for wanted in ("ttl", "rdf"):
        found = read(rdf.serialise(statements, wanted), wanted)
        assert (found.services, found.series) == ([service], [one])
    assert from_json(ServiceDescription, to_json(service)) == service
    assert from_json(SeriesDescription, to_json(one)) == one


@MANY
@given(datasets(), services(), series())
def test_exported_harvested_and_exported_again_it_is_the_same_graph(dataset, service, one):
    """As two partner cities do it, what one of them does not know included."""
    for profile in ("eu", "de", "it"):
        first = catalogue_triples(CATALOGUE, [dataset], profile=profile, besides=Besides((service,), (one,)))
        found = read(rdf.serialise(first, "ttl"), "ttl")
        kept = [from_json(DatasetDescription, to_json(each)) for each in found.datasets]
        besides = Besides(tuple(found.services), tuple(found.series))
        second = catalogue_triples(CATALOGUE, kept, profile=profile, besides=besides)

        assert graph(second) == graph(first)


def graph(statements: list[ox.Triple]) -> set[ox.Quad]:
    """Return statements as a set whose blank nodes are named by the standard algorithm."""
    found = ox.Dataset(ox.Quad(*each) for each in statements)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


@MANY
@given(datasets())
def test_any_description_survives_json(one):
    assert from_json(DatasetDescription, to_json(one)) == one


@pytest.mark.parametrize("wanted", FORMATS)
def test_two_writes_are_the_same_bytes(wanted):
    first, second = (
        rdf.serialise(catalogue_triples(CATALOGUE, [TREES], profile="it"), wanted) for _ in range(2)
    )

    assert first == second


def test_blank_nodes_of_two_records_stay_apart():
    """Both records have a nested statement; neither may be told the other's."""
    document = b"""
        @prefix dcat: <http://www.w3.org/ns/dcat#> .
        @prefix dct: <http://purl.org/dc/terms/> .
        @prefix b: <https://b.example/> .
        <https://a.example/1> a dcat:Dataset ; dct:title "1" ; b:x [ b:y "one" ] .
        <https://a.example/2> a dcat:Dataset ; dct:title "2" ; b:x [ b:y "two" ] .
    """
    found = read(document, "ttl").datasets

    again = read(rdf.serialise(catalogue_triples(CATALOGUE, found, profile="eu"), "nt"), "nt").datasets

    assert again == found
    assert ['"one"' in " ".join(each.extra) for each in again] == [True, False]


def test_the_hash_does_not_depend_on_order_or_on_names_of_blank_nodes():
    statements = """
        <https://a.example/1> a <http://www.w3.org/ns/dcat#Dataset> .
        <https://a.example/1> <http://purl.org/dc/terms/title> "x" .
        <https://a.example/1> <http://www.w3.org/ns/dcat#distribution> _:f, _:g .
        _:f <http://www.w3.org/ns/dcat#accessURL> <https://a.example/f> .
        _:g <http://www.w3.org/ns/dcat#accessURL> <https://a.example/g> .
        <https://a.example/1> <https://b.example/x> _:p, _:q .
        _:p <https://b.example/y> "p" .
        _:q <https://b.example/y> "q" .
    """
    other_names = statements
    for was, becomes in (("_:p", "_:z1"), ("_:q", "_:a1"), ("_:f", "_:z2"), ("_:g", "_:a2")):
        other_names = other_names.replace(was, becomes)
    other_order = "\n".join(reversed(other_names.splitlines()))

    hashes = {
        content_hash(read(each.encode(), "ttl").datasets[0])
        for each in (statements, other_names, other_order)
    }

    assert len(hashes) == 1


def test_paging_has_the_old_and_the_new_names():
    page = PageOfCatalogue(f"{HAMM}/catalogue.ttl", number=2, pages=3, total=250, per_page=100)

    content = rdf.serialise(catalogue_triples(CATALOGUE, [TREES], profile="eu", page=page), "nt").decode()

    hydra = "http://www.w3.org/ns/hydra/core#"
    here = f"<{HAMM}/catalogue.ttl?page=2>"
    for name, number in (("first", 1), ("previous", 1), ("next", 3), ("last", 3)):
        for each in (name, f"{name}Page"):
            assert f"{here} <{hydra}{each}> <{HAMM}/catalogue.ttl?page={number}> ." in content
    assert f'{here} <{hydra}totalItems> "250"^^' in content
    assert read(content.encode(), "nt").next_page == f"{HAMM}/catalogue.ttl?page=3"


def test_the_last_page_has_no_next():
    page = PageOfCatalogue(f"{HAMM}/catalogue.ttl", number=3, pages=3, total=250, per_page=100)

    content = rdf.serialise(catalogue_triples(CATALOGUE, [], profile="eu", page=page), "ttl")

    assert read(content, "ttl").next_page is None


def test_the_italian_profile_doubles_the_classes():
    content = rdf.serialise(dataset_triples(TREES, profile="it"), "nt").decode()

    for subject, kind in (
        (TREES.iri, "Dataset"),
        (FILE.iri, "Distribution"),
        (f"{HAMM}/id/publisher", "Agent"),
    ):
        assert (
            f"<{subject}> <{rdf.PREFIXES['rdf']}type> <http://dati.gov.it/onto/dcatapit#{kind}> ." in content
        )


def test_the_german_profile_names_licences_as_its_list_does():
    content = rdf.serialise(catalogue_triples(CATALOGUE, [], profile="de"), "nt").decode()

    assert "<http://purl.org/dc/terms/license> <http://dcat-ap.de/def/licenses/cc-by/4.0> ." in content

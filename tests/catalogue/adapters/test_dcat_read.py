"""Reading what partners say, in the many ways in which they say it."""

import pytest

from tandem.catalogue.adapters import dcat_write, rdf
from tandem.catalogue.adapters.dcat_read import read_catalogue
from tandem.catalogue.domain import vocabulary as v
from tandem.catalogue.domain.description import DatasetDescription, PeriodOfTime, from_json, to_json

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in rdf.PREFIXES.items())


def read(statements: str):
    document = PREFIXES + statements
    return read_catalogue(document.encode(), media_type="text/turtle", base_iri="https://a.example/feed")


def dataset(properties: str) -> DatasetDescription:
    return read(
        f'<https://a.example/1> a dcat:Dataset ; dct:title "x" ; dct:description "d" ; {properties} .'
    ).datasets[0]


def file(properties: str):
    return dataset(
        f"dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://a.example/f> ; {properties} ]"
    ).distributions[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"CSV"', "CSV"),
        ('"csv"', "CSV"),
        ('"text/csv"', "CSV"),
        ('".xlsx"', "XLSX"),
        ('[ rdfs:label "GeoJSON" ]', "GEOJSON"),
    ],
)
def test_a_format_that_is_a_text_is_understood(text, code):
    assert file(f"dct:format {text}").format == f"{v.AUTHORITY}/file-type/{code}"


@pytest.mark.parametrize("text", ['"text/csv"', '"text/csv; charset=utf-8"', '"CSV"'])
def test_a_media_type_that_is_a_text_is_understood(text):
    assert file(f"dcat:mediaType {text}").media_type == f"{v.IANA}/text/csv"


@pytest.mark.parametrize(
    "text", ['"CC BY 4.0"', '"CC_BY_4_0"', '"https://creativecommons.org/licenses/by/4.0/"']
)
def test_a_licence_that_is_a_text_is_understood(text):
    assert v.LICENCES.by_iri(file(f"dct:license {text}").licence).code == "CC_BY_4_0"


def test_an_address_that_is_a_text_is_read_as_one():
    found = dataset(
        'dcat:distribution [ dcat:accessURL "https://a.example/f.csv" ;'
        ' dcat:downloadURL "https://a.example/g" ]'
    )

    assert found.distributions[0].access_url == "https://a.example/f.csv"
    assert found.distributions[0].download_url == "https://a.example/g"


@pytest.mark.parametrize(
    ("text", "code"), [('"de"', "DEU"), ('"it"', "ITA"), ('"German"', "DEU"), ('"de-DE"', "DEU")]
)
def test_a_language_that_is_a_text_is_understood(text, code):
    assert dataset(f"dct:language {text}").languages == (f"{v.AUTHORITY}/language/{code}",)


def test_what_cannot_be_understood_is_kept_and_told():
    found = read(
        '<https://a.example/1> a dcat:Dataset ; dct:title "x" ; dct:description "d" ;'
        ' dct:accrualPeriodicity "now and then" .'
    )

    assert (found.datasets[0].frequency, '"now and then"' in found.datasets[0].extra[0]) == ("", True)
    assert [(each.code, each.path) for each in found.findings] == [
        ("catalogue.dcat.literal-for-iri", "https://a.example/1")
    ]


def test_a_second_text_of_one_language_is_not_lost():
    found = dataset('dct:alternative "a" ; dct:title "y"')

    assert found.titles == {"und": "x"}
    assert len(found.extra) == 2


def test_old_names_of_a_period_are_understood():
    found = dataset(
        'dct:temporal [ schema:startDate "2020-01-01"^^xsd:date ; schema:endDate "2021-01-01"^^xsd:date ]'
    )

    assert found.temporal == (PeriodOfTime("2020-01-01", "2021-01-01"),)


def test_what_a_contact_says_beyond_our_fields_stays_with_it():
    found = dataset(
        "dcat:contactPoint <https://a.example/c> . <https://a.example/c> a vcard:Organization ;"
        ' vcard:fn "Amt" ; vcard:hasAddress [ vcard:locality "Hamm" ]'
    )

    contact = found.contacts[0]
    assert (contact.name, contact.iri) == ("Amt", "https://a.example/c")
    assert any('"Hamm"' in line for line in contact.extra)
    assert any(line.startswith("<urn:tandem:self> ") for line in contact.extra)


def test_a_publisher_that_is_an_iri_alone_survives_the_database():
    found = dataset("dct:publisher <https://a.example/p>")

    assert from_json(DatasetDescription, to_json(found)) == found
    assert found.publisher.iri == "https://a.example/p"


def test_files_without_an_iri_get_the_same_one_each_time():
    properties = ", ".join(
        f"[ dcat:accessURL <https://a.example/{name}> ; dct:x [ dct:y 1 ] ]" for name in "cab"
    )

    reads = [dataset(f"dcat:distribution {properties}").distributions for _ in range(5)]

    assert all(each == reads[0] for each in reads)
    assert [each.access_url[-1] for each in reads[0]] == ["a", "b", "c"]
    assert reads[0][0].iri == "https://a.example/1#distribution-0"
    assert reads[0][0].extra[0].startswith("<https://a.example/1#distribution-0>")


def test_a_dataset_without_an_iri_is_left_out_and_told():
    found = read('[] a dcat:Dataset ; dct:title "x" .')

    assert (found.datasets, [each.code for each in found.findings]) == ([], ["catalogue.dcat.no-iri"])


@pytest.mark.parametrize("name", ["hydra:next", "hydra:nextPage"])
def test_the_next_page_is_found_under_both_names(name):
    assert read(f"<?page=1> {name} <?page=2> .").next_page == "https://a.example/feed?page=2"


# --- real catalogues ----------------------------------------------------------------------------
REAL = {"brandenburg": 112, "destatis": 135}


def real(shared_data, portal):
    content = (shared_data / "dcat" / "catalogues" / f"{portal}-catalog-original-input.rdf").read_bytes()
    return read_catalogue(content, media_type="application/rdf+xml", base_iri="https://a.example/")


@pytest.mark.conformance
@pytest.mark.parametrize("portal", REAL)
def test_real_catalogues_are_read_in_full(shared_data, portal):
    found = real(shared_data, portal)

    assert len(found.datasets) == REAL[portal]
    assert all(each.titles for each in found.datasets)
    assert [part.iri for each in found.datasets for part in each.distributions if not part.access_url] == []
    assert not found.doubtful


@pytest.mark.conformance
@pytest.mark.parametrize("portal", REAL)
@pytest.mark.parametrize("wanted", sorted(rdf.FORMATS))
def test_real_catalogues_survive_a_round_trip(shared_data, portal, wanted):
    datasets = real(shared_data, portal).datasets
    statements = [each for one in datasets for each in dcat_write.dataset_triples(one, profile="eu")]

    content = rdf.serialise(statements, wanted)

    assert (
        read_catalogue(content, media_type=rdf.FORMATS[wanted][1], base_iri="https://b.example/").datasets
        == datasets
    )


@pytest.mark.conformance
@pytest.mark.parametrize("portal", REAL)
def test_real_descriptions_survive_the_database(shared_data, portal):
    for each in real(shared_data, portal).datasets:
        assert from_json(DatasetDescription, to_json(each)) == each

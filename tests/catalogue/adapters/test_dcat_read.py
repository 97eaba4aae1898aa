"""Reading what partners say, in the many ways in which they say it."""

import pytest

from tandem.catalogue.adapters import dcat_write, rdf
from tandem.catalogue.adapters.dcat_read import read_catalogue
from tandem.catalogue.domain import vocabulary as v
from tandem.catalogue.domain.description import DatasetDescription, PeriodOfTime, from_json, to_json

PREFIXES = "".join(
    f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in (*rdf.PREFIXES.items(), ("b", "https://b.example/"))
)


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
        ' vcard:fn "Amt" ; vcard:hasAddress [ vcard:locality "Hamm" ; vcard:post-office-box "7" ]'
    )

    contact = found.contacts[0]
    assert (contact.name, contact.iri, contact.locality) == ("Amt", "https://a.example/c", "")
    assert contact.kind == f"{rdf.PREFIXES['vcard']}Organization"
    assert any('"Hamm"' in line for line in contact.extra)
    assert any(line.startswith("<urn:tandem:self> ") for line in contact.extra)


def test_a_postal_address_of_known_parts_fills_the_fields():
    found = dataset(
        'dcat:contactPoint [ vcard:fn "Amt" ; vcard:organization-name "Stadt" ; vcard:hasAddress'
        ' [ a vcard:Address ; vcard:street-address "Markt 1" ; vcard:postal-code "59065" ;'
        ' vcard:locality "Hamm" ] ]'
    )

    contact = found.contacts[0]
    assert (contact.street, contact.postal_code, contact.locality) == ("Markt 1", "59065", "Hamm")
    assert (contact.organisation, contact.extra) == ("Stadt", ())


@pytest.mark.parametrize(
    ("former", "field", "value"),
    [
        ("dcatde:originator <https://a.example/p>", "originators", "https://a.example/p"),
        ("dcatde:maintainer <https://a.example/p>", "custodians", "https://a.example/p"),
        ("dcatde:plannedAvailability <https://a.example/x>", "availability", "https://a.example/x"),
        ("dcatde:politicalGeocodingURI <https://a.example/x>", "spatial", ("https://a.example/x",)),
        ("dct:hasVersion <https://a.example/2>", "versions", ("https://a.example/2",)),
        ("dct:isVersionOf <https://a.example/0>", "version_of", ("https://a.example/0",)),
        ('owl:versionInfo "1.2"', "version", "1.2"),
    ],
)
def test_what_german_and_older_profiles_called_otherwise_is_understood(former, field, value):
    found = getattr(dataset(former), field)

    assert (found[0].iri if field in {"originators", "custodians"} else found) == value


def test_the_present_name_counts_more_than_the_former_and_both_stay():
    found = dataset('owl:versionInfo "1" ; dcat:version "2"')

    assert found.version == "2"
    assert [line.split()[1:] for line in found.extra] == [[f"<{rdf.PREFIXES['owl']}versionInfo>", '"1"', "."]]


def test_a_place_with_a_label_and_a_box_stays_whole():
    found = dataset('dct:spatial [ rdfs:label "Kurpark" ; dcat:bbox "POLYGON((7 51,8 51,8 52,7 52,7 51))" ]')

    assert found.bounds == ()
    assert ["Kurpark" in " ".join(found.extra), "POLYGON" in " ".join(found.extra)] == [True, True]


def test_a_checksum_that_says_more_than_our_fields_stays_whole():
    found = file(
        'spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_md5 ; spdx:checksumValue "ab" ],'
        ' [ spdx:checksumValue "cd" ]'
    )

    assert (found.checksum, found.checksum_algorithm) == (
        "ab",
        f"{rdf.PREFIXES['spdx']}checksumAlgorithm_md5",
    )
    assert '"cd"' in " ".join(found.extra)


def test_a_resolution_that_is_no_number_is_kept_as_it_is():
    found = dataset(
        'dcat:spatialResolutionInMeters "about ten" ; dcat:temporalResolution "P1D"^^xsd:duration'
    )

    assert (found.spatial_resolution, found.temporal_resolution) == ("", "P1D")
    assert '"about ten"' in " ".join(found.extra)


def test_what_is_said_of_a_named_place_or_standard_is_not_lost_but_records_and_terms_stay_apart():
    document = (
        '<https://a.example/1> a dcat:Dataset ; dct:title "x" ; dct:description "d" ;'
        " dct:spatial <https://a.example/park> ; dct:relation <https://a.example/2> ;"
        " dct:conformsTo <https://a.example/norm> ; dct:publisher <https://a.example/p> ;"
        " dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ."
        '<https://a.example/park> a dct:Location ; rdfs:label "Kurpark" ; b:in [ b:x "Hamm" ] .'
        '<https://a.example/norm> a dct:Standard ; dct:title "Norm" .'
        '<https://a.example/2> a dcat:Dataset ; dct:title "y" ; dct:description "d" .'
        '<https://a.example/p> a foaf:Agent ; foaf:name "P" .'
        '<http://publications.europa.eu/resource/authority/data-theme/ENVI> skos:prefLabel "Miljö"@sv .'
    )

    found = read(document).datasets
    again = read_catalogue(
        rdf.serialise([t for each in found for t in dcat_write.dataset_triples(each, profile="eu")], "ttl"),
        media_type="text/turtle",
        base_iri="https://a.example/",
    ).datasets

    kept = " ".join(found[0].extra)
    assert [word in kept for word in ("Kurpark", "Hamm", "Norm", '"y"', '"P"', "Miljö")] == [
        *[True] * 3,
        *[False] * 3,
    ]
    assert again == found


def test_services_and_series_are_records_of_their_own():
    found = read(
        '<https://a.example/1> a dcat:Dataset ; dct:title "x" ; dct:description "d" ;'
        " dcat:inSeries <https://a.example/s> ."
        '<https://a.example/s> a dcat:DatasetSeries, dcat:Dataset ; dct:title "all" ; dct:description "d" .'
        '<https://a.example/api> a dcat:DataService ; dct:title "api" ; b:x "more" ;'
        " dcat:endpointURL <https://a.example/sparql> ; dcat:servesDataset <https://a.example/1> ."
    )

    assert [each.iri for each in found.datasets] == ["https://a.example/1"]
    assert [(each.iri, each.extra) for each in found.series] == [("https://a.example/s", ())]
    assert found.datasets[0].in_series == ("https://a.example/s",)
    service = found.services[0]
    assert (service.endpoint_urls, service.serves) == (
        ("https://a.example/sparql",),
        ("https://a.example/1",),
    )
    assert '"more"' in service.extra[0]
    assert found.findings == []


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

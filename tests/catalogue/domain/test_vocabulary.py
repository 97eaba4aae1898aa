"""Terms are found by whatever partners call them."""

import pytest

from tandem.catalogue.domain import vocabulary as v


@pytest.mark.parametrize(
    "iri",
    [
        "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        "https://publications.europa.eu/resource/authority/licence/CC_BY_4_0/",
        "http://dcat-ap.de/def/licenses/cc-by/4.0",
        "https://www.dcat-ap.de/def/licenses/cc-by/4.0",
        "http://creativecommons.org/licenses/by/4.0",
        "https://creativecommons.org/licenses/by/4.0/deed.de",
        "https://spdx.org/licenses/CC-BY-4.0.html",
        "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40",
    ],
)
def test_a_licence_has_many_addresses(iri):
    assert v.LICENCES.by_iri(iri).code == "CC_BY_4_0"


def test_every_iri_and_code_is_unique_and_every_name_is_in_three_languages():
    for vocabulary in v.VOCABULARIES:
        assert len({term.code for term in vocabulary.known}) == len(vocabulary.known)
        assert len({term.iri for term in vocabulary.known}) == len(vocabulary.known)
        assert all(set(term.names) == {"de", "it", "en"} for term in vocabulary.known)
        assert all(all(term.names.values()) for term in vocabulary.known)


def test_what_is_understood_is_more_than_what_is_offered():
    assert v.LICENCES.by_code("OTHER_CLOSED") in v.LICENCES.known
    assert v.LICENCES.by_code("OTHER_CLOSED") not in list(v.LICENCES)


@pytest.mark.parametrize("text", ["ENVI", "envi", "Umwelt", "ambiente", "Environment", " Environment "])
def test_a_theme_is_found_by_code_and_by_name_in_any_language(text):
    assert v.THEMES.by_text(text).code == "ENVI"


@pytest.mark.parametrize(
    ("filename", "media_type", "code"),
    [
        ("a.CSV", "", "CSV"),
        ("a.csv", "text/plain", "CSV"),
        ("a", "text/csv", "CSV"),
        ("a.geojson", "", "GEOJSON"),
    ],
)
def test_a_file_type_is_found_by_name_first(filename, media_type, code):
    assert v.file_type_of(filename, media_type).code == code


def test_an_unknown_file_type_is_none():
    assert v.file_type_of("a.unheardof", "application/x-unheardof") is None


def test_a_german_licence_is_of_the_german_scheme():
    term, scheme = v.term_of("http://dcat-ap.de/def/licenses/cc-by/4.0")

    assert (term.code, scheme) == ("CC_BY_4_0", "http://dcat-ap.de/def/licenses")


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("file", "vocabulary"),
    [
        ("data-theme-skos", v.THEMES),
        ("access-right-skos", v.ACCESS_RIGHTS),
        ("places-skos", v.CITIES),
    ],
)
def test_terms_of_the_small_editions_are_in_the_official_tables(shared_data, file, vocabulary):
    official = (shared_data / "dcat" / "vocabularies" / f"{file}.rdf").read_text("utf-8")

    assert [term.iri for term in vocabulary.known if f'rdf:about="{term.iri}"' not in official] == []


def test_a_place_is_found_by_its_name_in_each_language():
    assert {v.PLACES.by_text(text).code for text in ("Toskana", "Toscana", "Tuscany", "ITI1")} == {"ITI1"}

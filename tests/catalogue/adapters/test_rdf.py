"""Documents as partners send them: broken, odd and hostile ones."""

import time

import pyoxigraph as ox
import pytest

from tandem.catalogue.adapters.dcat_read import read_catalogue
from tandem.catalogue.adapters.rdf import DangerousXml, NotRdf, iri
from tandem.catalogue.adapters.rdf_blank import canonical
from tandem.core.findings import Severity

TURTLE = "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n"
XML = (
    '<?xml version="1.0"{encoding}?>{prolog}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">\n{records}\n</rdf:RDF>'
)


def turtle_record(number: int, more: str = "") -> str:
    return (
        f'<https://a.example/{number}> a dcat:Dataset ; dct:title "{number}" ; dct:description "d" {more} .\n'
    )


def xml_record(number: int, more: str = "") -> str:
    about = f'rdf:about="https://a.example/{number}"'
    texts = f"<dct:title>{number}</dct:title><dct:description>d</dct:description>"
    return f"<dcat:Dataset {about}>{texts}{more}</dcat:Dataset>\n"


def xml(*records: str, encoding: str = "", prolog: str = "") -> str:
    return XML.format(records="".join(records), encoding=encoding, prolog=prolog)


def read(content: str | bytes, media_type: str = "text/turtle"):
    raw = content.encode() if isinstance(content, str) else content
    return read_catalogue(raw, media_type=media_type, base_iri="https://base.example/feed")


def numbers(found) -> list[str]:
    return [each.iri.removeprefix("https://a.example/") for each in found.datasets]


def codes(found) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in found.findings]


# --- one broken record does not take the others along -------------------------------------------
@pytest.mark.parametrize(
    "broken",
    ["; dct:spatial [[[", '; dct:language "x"@de_DE', "; dct:issued dct"],
)
def test_turtle_goes_on_behind_a_broken_record(broken):
    found = read(TURTLE + turtle_record(1) + turtle_record(2, broken) + turtle_record(3) + turtle_record(4))

    assert {"1", "3", "4"} <= set(numbers(found))
    assert ("catalogue.rdf.syntax", "line 4") in codes(found)
    assert found.doubtful == {"https://a.example/2"}


def test_an_opened_iri_may_swallow_the_next_record_but_not_in_silence():
    found = read(
        TURTLE
        + turtle_record(1)
        + turtle_record(2, "; dct:source <<< 7")
        + turtle_record(3)
        + turtle_record(4)
    )

    assert {"1", "4"} <= set(numbers(found))
    assert "catalogue.rdf.syntax" in {code for code, _path in codes(found)}


def test_however_many_are_broken_the_others_are_read():
    records = (turtle_record(number, "; dct:x [[[" if number % 2 else "") for number in range(4_000))

    found = read(TURTLE + "".join(records))

    assert len(found.datasets) - len(found.doubtful) >= 2_000


@pytest.mark.parametrize("quoted", ["<<( <a:a> <b:b> <c:c> )>>", "<< <a:a> <b:b> <c:c> >>"])
def test_statements_about_statements_are_left_out_and_told(quoted):
    found = read(TURTLE + turtle_record(1, f"; dct:publisher {quoted}") + turtle_record(2))

    assert numbers(found) == ["1", "2"]
    assert "catalogue.rdf.quoted-statement" in {code for code, _path in codes(found)}


def test_n_triples_go_on_behind_a_broken_line_and_know_whose_it_was():
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset>"
    lines = [f"<https://a.example/{number}> {kind} ." for number in (1, 2, 3)]
    lines.insert(2, "<https://a.example/1> broken")

    found = read("\n".join(lines), "application/n-triples")

    assert numbers(found) == ["1", "2", "3"]
    assert "https://a.example/1" in found.doubtful
    assert ("catalogue.rdf.syntax", "line 3") in codes(found)


def test_rdf_xml_is_read_record_by_record_where_one_is_broken():
    broken = (
        '<dcat:Dataset rdf:about="https://a.example/2" rdf:ID="both"><dct:title>2</dct:title></dcat:Dataset>'
    )

    found = read(xml(xml_record(1), broken, xml_record(3)), "application/rdf+xml")

    assert numbers(found) == ["1", "3"]
    assert codes(found) == [("catalogue.rdf.syntax", "https://a.example/2")]


def test_datasets_that_stand_inside_their_catalogue_are_records_too():
    broken = '<dcat:Dataset rdf:about="https://a.example/2" rdf:ID="both"/>'
    inside = "".join(
        f"<dcat:dataset>{each}</dcat:dataset>" for each in (xml_record(1), broken, xml_record(3))
    )

    found = read(
        xml(f'<dcat:Catalog rdf:about="https://a.example/c">{inside}</dcat:Catalog>'), "application/rdf+xml"
    )

    assert numbers(found) == ["1", "3"]


def test_xml_that_breaks_off_keeps_what_stood_before_and_tells_the_line():
    whole = xml(xml_record(1), xml_record(2), xml_record(3))

    found = read(whole[: whole.index("<dct:title>3")] + "<dct:ti", "text/xml")

    assert numbers(found) == ["1", "2", "3"]
    assert codes(found)[0] == ("catalogue.rdf.syntax", "line 4")
    assert found.doubtful == {"https://a.example/3"}


# --- repaired and reported ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("http://a.example/a b", "http://a.example/a%20b"),
        ('http://a.example/#"Dataset', "http://a.example/#%22Dataset"),
        ("http://a.example/ü", "http://a.example/ü"),
        ("http://a.example/100%", "http://a.example/100%25"),
        ("http://a.example/{id}", "http://a.example/%7Bid%7D"),
        ("no scheme", "urn:tandem:repaired:no%20scheme"),
    ],
)
def test_an_invalid_iri_is_made_valid(was, becomes):
    assert iri(was) == becomes
    assert ox.NamedNode(becomes)


def test_a_bad_iri_is_repaired_and_reported_with_its_record():
    found = read(TURTLE + turtle_record(1, "; dcat:landingPage <http://b.example/a b>") + turtle_record(2))

    assert [each.landing_page for each in found.datasets] == ["http://b.example/a%20b", ""]
    assert codes(found) == [("catalogue.rdf.bad-iri", "https://a.example/1")]


def test_a_bad_id_in_json_ld_does_not_lose_its_record_in_silence():
    document = """{"@context": {"dcat": "http://www.w3.org/ns/dcat#", "title": "http://purl.org/dc/terms/title"},
        "@graph": [{"@id": "https://a.example/1 2", "@type": "dcat:Dataset", "title": "x"}]}"""

    found = read(document, "application/ld+json")

    assert numbers(found) == ["1%202"]
    assert ("catalogue.rdf.bad-iri", "https://a.example/1%202") in codes(found)


def test_bare_ampersands_and_entities_of_html_are_read_as_meant():
    found = read(
        xml(xml_record(1, "<dct:rights>Park & Ride&nbsp;für alle</dct:rights>"), xml_record(2)), "text/xml"
    )

    assert numbers(found) == ["1", "2"]
    assert "Park & Ride\u00a0für alle" in found.datasets[0].extra[0]
    assert [each.code for each in found.findings] == ["catalogue.rdf.bad-xml"]


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        (' encoding="ISO-8859-1"', "latin-1"),
        (' encoding="windows-1252"', "cp1252"),
        (' encoding="UTF-16"', "utf-16"),
    ],
)
def test_other_encodings_are_read(declared, codec):
    content = xml(xml_record(1, "<dct:title xml:lang='de'>Bäume</dct:title>"), encoding=declared).encode(
        codec
    )

    assert read(content, "application/rdf+xml").datasets[0].titles["de"] == "Bäume"


def test_bytes_that_are_no_utf_8_are_guessed_and_told():
    content = (TURTLE + turtle_record(1)).encode() + b'<https://a.example/1> dct:title "B\xe4ume"@de .\n'

    found = read(content)

    assert found.datasets[0].titles["de"] == "Bäume"
    assert codes(found) == [("catalogue.rdf.encoding", "line 4")]


@pytest.mark.parametrize("tag", ["de_DE", "de-DE", "DE"])
def test_languages_that_are_written_oddly_can_be_written_again(tag):
    found = read(xml(xml_record(1, f"<dct:title xml:lang='{tag}'>Bäume</dct:title>")), "application/rdf+xml")

    assert found.datasets[0].titles["de"] == "Bäume"


# --- hostile ------------------------------------------------------------------------------------
NESTED = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
PADDING = f"<!--{'x' * 150_000}-->"


@pytest.mark.parametrize(
    "prolog",
    [
        NESTED,
        PADDING + NESTED,
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        PADDING + '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "https://evil.example/x.dtd">',
        '<!DOCTYPE x PUBLIC "-//X//Y" "https://evil.example/x.dtd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "https://evil.example/p"> %p;]>',
        f'<!DOCTYPE x [<!ENTITY a "{"x" * 1_000}">]>',
        "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "x">' for n in range(1_000)) + "]>",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_xml_that_would_fetch_or_inflate_is_refused(prolog, codec):
    with pytest.raises(DangerousXml):
        read(xml(xml_record(1), prolog=prolog).encode(codec), "application/rdf+xml")


def test_short_entities_that_name_namespaces_are_read():
    prolog = '<!DOCTYPE rdf:RDF [<!ENTITY a "https://a.example/">]>'

    assert numbers(read(xml(xml_record(1), prolog=prolog), "application/rdf+xml")) == ["1"]


def test_blank_nodes_that_all_refer_to_each_other_do_not_stop_us():
    knot = " . ".join(f"_:n{a} dct:relation _:n{b}" for a in range(30) for b in range(30) if a != b)
    begun = time.monotonic()

    found = read(TURTLE + turtle_record(1, "; dct:relation _:n0") + knot + " .")

    assert len(found.datasets[0].extra) == 30 * 29 + 1
    assert time.monotonic() - begun < 5


def test_a_context_from_elsewhere_is_not_fetched():
    with pytest.raises(NotRdf, match="nothing is fetched"):
        read(
            '{"@context": "https://evil.example/context", "@id": "https://a.example/1"}',
            "application/ld+json",
        )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"<html><body>Sign in</body></html>",
        b"<!DOCTYPE html><p>",
        bytes(range(256)) * 20,
        b'{"a": ',
        b"a;b;c",
    ],
)
def test_what_is_no_rdf_is_said(content):
    with pytest.raises(NotRdf):
        read(content)


# --- names of blank nodes -----------------------------------------------------------------------
def test_canonical_names_depend_on_what_is_said_alone():
    p, q = ox.NamedNode("a:p"), ox.NamedNode("a:q")

    def told(x: str, y: str) -> set[str]:
        first, second = ox.BlankNode(x), ox.BlankNode(y)
        statements = [
            ox.Triple(p, q, first),
            ox.Triple(first, q, second),
            ox.Triple(second, q, ox.Literal("end")),
        ]
        return {str(each) for each in canonical(statements)}

    assert told("x", "y") == told("y", "x") == told("b1", "b0")


def test_findings_of_severity_error_are_those_that_lose_something():
    found = read(
        TURTLE
        + turtle_record(1, "; dcat:landingPage <http://b.example/a b>")
        + turtle_record(2, "; dct:x [[[")
    )

    assert {each.code for each in found.findings if each.severity is Severity.ERROR} == {
        "catalogue.rdf.syntax"
    }

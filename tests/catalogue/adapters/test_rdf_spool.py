"""Statements on disk come back as they went in, however many there are and however they are mixed."""

import pyoxigraph as ox
import pytest

from tandem.catalogue.adapters import rdf_spool, rdf_text
from tandem.catalogue.adapters.dcat_read import open_document
from tandem.catalogue.adapters.rdf import name
from tandem.catalogue.adapters.rdf_spool import Spool, TooMuch
from tandem.core.findings import Severity

A = name("rdf:type")


def node(text: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://a.example/{text}")


@pytest.fixture
def spool(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf_spool, "HELD", 3)
    with Spool(tmp_path / "spool") as made:
        yield made


def fill(spool: Spool, *statements: tuple) -> None:
    for each in statements:
        spool.add(ox.Triple(*each))
    spool.seal()


def said(graph) -> set[str]:
    return {str(quad.triple) for quad in graph.quads_for_pattern(None, None, None)}


def test_a_record_brings_all_that_it_reaches_and_no_other_record(spool):
    inner, deep = ox.BlankNode("i"), ox.BlankNode("d")
    one, other = node("1"), node("2")
    mine = [
        (one, A, name("dcat:Dataset")),
        (one, name("dcat:distribution"), node("f")),
        (one, name("dct:relation"), other),
        (node("f"), name("dct:title"), ox.Literal("f")),
        (node("f"), name("spdx:checksum"), inner),
        (inner, name("dct:relation"), deep),
        (deep, name("dct:title"), ox.Literal("deep")),
    ]
    fill(
        spool,
        (node("catalogue"), A, name("dcat:Catalog")),
        (node("catalogue"), name("dcat:dataset"), one),
        *mine[::2],
        (other, A, name("dcat:Dataset")),
        (other, name("dct:title"), ox.Literal("other")),
        *mine[1::2],
        (one, name("dct:isPartOf"), node("catalogue")),
        mine[0],
    )

    graph = spool.graph([str(one)])

    wanted = [*mine, (one, name("dct:isPartOf"), node("catalogue"))]
    assert said(graph) == {str(ox.Triple(*each)) for each in wanted}
    assert len(list(graph.quads_for_pattern(one, A, None))) == 1  # said twice, in two places
    assert list(spool.records("Dataset")) == ["<https://a.example/1>", "<https://a.example/2>"]


def test_a_file_that_calls_itself_a_dataset_is_still_its_datasets_file(spool):
    fill(
        spool,
        (node("1"), A, name("dcat:Dataset")),
        (node("1"), name("dcat:distribution"), node("f")),
        (node("f"), A, name("dcat:Dataset")),
        (node("f"), name("dct:title"), ox.Literal("f")),
    )

    assert str(ox.Triple(node("f"), name("dct:title"), ox.Literal("f"))) in said(
        spool.graph([str(node("1"))])
    )


def test_a_record_that_reaches_too_much_is_told_and_the_others_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf_spool, "MOST_REACHED", 50)
    many = ", ".join(f'"{number}"' for number in range(100))
    text = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    text += '<https://a.example/1> a dcat:Dataset ; dct:title "1" ; dct:description "d" .\n'
    text += f'<https://a.example/2> a dcat:Dataset ; dct:title "2" ; dct:subject {many} .\n'
    path = tmp_path / "feed"
    path.write_text(text, "utf-8")

    with open_document(path, media_type="text/turtle", base_iri="https://b.example/") as document:
        found = list(document.datasets())

    assert [each.iri for each in found] == ["https://a.example/1", "https://a.example/2"]
    assert (found[0].findings, found[1].description) == ([], None)
    assert [(each.code, each.severity) for each in found[1].findings] == [
        ("catalogue.dcat.too-large", Severity.ERROR)
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["feed"]


def test_too_much_is_not_loaded(spool, monkeypatch):
    monkeypatch.setattr(rdf_spool, "MOST_REACHED", 5)
    fill(spool, *((node("1"), name("dct:title"), ox.Literal(str(number))) for number in range(10)))

    with pytest.raises(TooMuch):
        spool.graph([str(node("1"))])


# --- before it is parsed ------------------------------------------------------------------------
SPACES = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"'


def records(tmp_path, text: str) -> list[tuple[str, str]]:
    path = tmp_path / "document"
    path.write_text(text, "utf-8")
    return [(about, content.decode()) for about, content in rdf_text.xml_records(path)]


def test_records_are_cut_out_where_they_stand_with_all_that_holds_for_them(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf_text, "PIECE_BYTES", 7)
    inner = '<dcat:Dataset rdf:about="b" xmlns:x="urn:x"><x:y/><!-- é --></dcat:Dataset>'
    text = (
        f'<?xml version="1.0"?>\n<rdf:RDF {SPACES} xml:base="http://a.example/">'
        f'<dcat:Catalog rdf:about="c" xml:lang="de"><dcat:dataset>{inner}</dcat:dataset>'
        '<dcat:dataset rdf:resource="d"/></dcat:Catalog><dcat:Dataset rdf:about="d"/></rdf:RDF>'
    )

    found = records(tmp_path, text)

    assert [about for about, _content in found] == ["b", "c", "d"]
    first, catalogue, last = (content for _about, content in found)
    assert inner in first
    assert 'xml:base="http://a.example/"' in first
    assert 'xml:lang="de"' in first
    assert inner not in catalogue
    assert '<dcat:dataset rdf:resource="d"/>' in catalogue
    assert '<dcat:Dataset rdf:about="d"/>' in last
    for _about, content in found:
        list(ox.parse(content.encode(), format=ox.RdfFormat.RDF_XML, base_iri="http://a.example/"))


def test_a_document_whose_root_is_a_record_is_one_record(tmp_path):
    text = f'<dcat:Dataset {SPACES} rdf:about="http://a.example/1"/>'

    assert records(tmp_path, text) == [("", text)]


@pytest.mark.parametrize("piece", [3, 10, 1_000])
def test_mending_in_pieces_is_mending_the_whole(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(rdf_text, "PIECE_BYTES", piece)
    content = b"<a>Park & Ride&nbsp;&lt;\x01</a>\n<b>&auml;&unknown;&#228;</b>" * 5
    path = tmp_path / "document"
    path.write_bytes(content)

    assert rdf_text.mend_xml_file(path, has_type=False)
    assert path.read_bytes() == rdf_text.mend_xml(content)

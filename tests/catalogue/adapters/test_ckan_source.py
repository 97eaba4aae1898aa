"""CKAN portals, in order and out of it."""

import gzip
import json

import pytest

from tandem.catalogue.adapters.ckan_package import read_package
from tandem.catalogue.adapters.ckan_source import (
    CkanRefused,
    CkanSource,
    EndlessCkan,
    NotCkan,
    answers_as_ckan,
    base_of,
    modified_of,
)
from tandem.catalogue.domain import vocabulary as v
from tandem.catalogue.domain.description import PeriodOfTime
from tandem.kit.fetch import (
    BadStatus,
    CompressionBomb,
    Fetcher,
    PrivateAddress,
    TooLarge,
    TooSlow,
    host_and_port,
)
from tests.catalogue.harvest_servers import Answer, CkanSite, package, said, serving

WAITED: list[float] = []


@pytest.fixture
def site():
    WAITED.clear()
    portal = CkanSite()
    portal.put(*(package(number) for number in range(7)))
    return portal


@pytest.fixture
def base(site):
    with serving(site) as address:
        yield address


def fetcher(base: str, **limits) -> Fetcher:
    return Fetcher(**{"allowed": frozenset({host_and_port(base)}), "seconds": 10.0, **limits})


def ckan(base: str, *, rows: int = 3, **limits) -> CkanSource:
    return CkanSource(fetcher(base, **limits), base, rows=rows, pause=WAITED.append)


def names(source: CkanSource, **named) -> list[str]:
    return [each["name"] for page in source.pages(**named) for each in page.packages]


@pytest.mark.parametrize("most_rows", [1_000, 2])
def test_all_packages_are_read_page_by_page_however_many_the_portal_gives(site, base, most_rows):
    site.most_rows = most_rows
    source = ckan(base)

    assert names(source) == [f"paket-{number}" for number in range(7)]
    assert source.complete


def test_only_what_changed_since_then(site, base):
    site.put(package(3, metadata_modified="2025-06-01T00:00:00.000000"))

    assert names(ckan(base), since="2025-01-01T00:00:00") == ["paket-3"]


def test_names_come_in_pages_too(base):
    assert ckan(base).names() == {f"paket-{number}" for number in range(7)}


def test_a_portal_is_known_by_its_answer(base):
    assert answers_as_ckan(fetcher(base), f"{base}/dataset/paket-1")
    assert answers_as_ckan(fetcher(base), f"{base}/elsewhere") is False


def test_a_portal_that_is_down_is_not_taken_for_something_else(site, base):
    site.instead["status_show"] = lambda _query: Answer(b"down", status=503)

    assert answers_as_ckan(fetcher(base), base) is None


@pytest.mark.parametrize(
    "path", ["", "/", "/api/3", "/api/3/action/package_search?q=1", "/dataset/x", "/organization"]
)
def test_any_address_of_the_portal_names_it(path):
    assert base_of(f"https://a.example/sub{path}") == "https://a.example/sub"


# --- hostile ------------------------------------------------------------------------------------
def test_a_package_that_breaks_its_page_does_not_take_the_others_along(site, base):
    site.poisoned = {"paket-4"}
    source = ckan(base)
    findings = [each for page in source.pages() for each in page.findings]

    assert names(ckan(base)) == [f"paket-{number}" for number in range(7) if number != 4]
    assert ([each.code for each in findings], source.complete) == (["kit.fetch.bad-status"], False)
    assert "place 5" in findings[0].message


def test_a_portal_that_is_down_is_asked_again_with_growing_pauses_and_then_given_up(site, base):
    site.instead["package_search"] = lambda _query: Answer(b"down", status=503)

    with pytest.raises(BadStatus, match="503"):
        names(ckan(base))
    assert WAITED[:3] == [1.0, 2.0, 4.0]
    assert len(WAITED) <= 6


def test_a_failure_that_passes_is_not_noticed(site, base):
    answers = iter([Answer(b"wait", status=429)])
    search = site._search
    site.instead["package_search"] = lambda query: next(
        answers, said(search({name: values[0] for name, values in query.items()}))
    )

    assert len(names(ckan(base))) == 7


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"<html>Sign in</html>", "text/html"), NotCkan),
        (Answer(b"[" * 100_000, "application/json"), NotCkan),
        (Answer(b'{"a": 1}', "application/json"), NotCkan),
        (said({"results": 7}), NotCkan),
        (said(None), NotCkan),
        (Answer(json.dumps({"success": False, "error": {"message": "no"}}).encode()), CkanRefused),
        (Answer(b"gone", status=404), BadStatus),
        (Answer(b"x" * 3_000_000), TooLarge),
        (Answer(gzip.compress(b" " * 60_000_000), headers={"Content-Encoding": "gzip"}), CompressionBomb),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), PrivateAddress),
        (Answer(b"x" * 4_000, drip_seconds=0.05), TooSlow),
    ],
    ids=[
        "html",
        "nested",
        "no envelope",
        "no results",
        "null",
        "refused",
        "404",
        "large",
        "bomb",
        "private",
        "drip",
    ],
)
def test_whatever_comes_instead_is_said(site, base, answer, error):
    site.instead["package_search"] = lambda _query: answer
    most = 100_000_000 if error is CompressionBomb else 2_000_000
    seconds = 1.0 if error is TooSlow else 120.0

    with pytest.raises(error):
        names(
            CkanSource(fetcher(base, max_bytes=most, seconds=seconds), base, retries=0, pause=WAITED.append)
        )


def test_a_portal_that_never_ends_is_given_up(site, base):
    site.instead["package_search"] = lambda query: said({"count": 10**9, "results": [package(1)]})

    with pytest.raises(EndlessCkan):
        names(ckan(base))


def test_a_portal_that_promises_more_than_it_has_is_not_complete(site, base):
    site.instead["package_search"] = lambda query: said(
        {"count": 9, "results": [package(1)] if query["start"] == ["0"] else []}
    )
    source = ckan(base)

    assert (names(source), source.complete) == (["paket-1"], False)


# --- what a package says ------------------------------------------------------------------------
def read(**values):
    return read_package(package(1, **values), base="https://c.example", language="de")


def test_a_plain_package_becomes_a_dataset():
    found = read()
    described = found.read.description

    assert found.read.iri == "https://c.example/dataset/00000001-0000-0000-0000-000000000000"
    assert (found.name, found.url) == ("paket-1", "https://c.example/dataset/paket-1")
    assert (described.titles, described.keywords) == ({"de": "Paket 1"}, {"de": ("stadt",)})
    assert described.publisher.names == {"und": "Stadt Hamm"}
    assert described.modified == "2024-01-01T00:00:01.000000"
    part = described.distributions[0]
    assert (part.iri, part.access_url) == (f"{found.read.iri}/resource/r1", "https://x.example/1.csv")
    assert v.FILE_TYPES.by_iri(part.format).code == "CSV"
    assert part.licence == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    assert found.read.findings == []


def test_what_ckanext_dcat_keeps_in_extras_is_understood():
    extras = {
        "uri": "https://c.example/id/1",
        "theme": '["http://publications.europa.eu/resource/authority/data-theme/ENVI"]',
        "frequency": f"{v.AUTHORITY}/frequency/ANNUAL",
        "language": '["de"]',
        "publisher_name": "Grünflächenamt",
        "publisher_email": "gruen@c.example",
        "contact_name": "Frau Linde",
        "contact_email": "mailto:linde@c.example",
        "temporal_start": "2020-01-01",
        "temporal_end": "2021-01-01",
        "spatial": '{"type":"Polygon","coordinates":[[[7,51],[8,51],[8,52],[7,52],[7,51]]]}',
        "identifier": "baum-7",
        "issued": "2019",
        "provenance": "Kataster",
    }
    found = read(extras=[{"key": key, "value": value} for key, value in extras.items()]).read.description

    assert (found.iri, found.identifiers, found.issued) == ("https://c.example/id/1", ("baum-7",), "2019")
    assert found.themes == (f"{v.AUTHORITY}/data-theme/ENVI",)
    assert (found.frequency, found.languages) == (
        f"{v.AUTHORITY}/frequency/ANNUAL",
        (f"{v.AUTHORITY}/language/DEU",),
    )
    assert (found.publisher.names, found.publisher.mail) == ({"und": "Grünflächenamt"}, "gruen@c.example")
    assert (found.contacts[0].name, found.contacts[0].mail) == ("Frau Linde", "linde@c.example")
    assert found.temporal == (PeriodOfTime("2020-01-01", "2021-01-01"),)
    assert found.bounds == (7.0, 51.0, 8.0, 52.0)
    assert any('"Kataster"' in line for line in found.extra)


def test_what_schemes_keep_beside_the_extras_is_understood():
    found = read(
        title_translated={"de": "Bäume", "en": "Trees"},
        notes_translated='{"de": "Alle"}',
        tags_translated={"de": ["baum"], "en": ["tree"]},
        theme=[f"{v.AUTHORITY}/data-theme/ENVI"],
        contact=[{"name": "Amt", "email": "amt@c.example"}],
        publisher=[{"name": "Stadt", "uri": "https://c.example/agent/1"}],
    ).read.description

    assert found.titles == {"de": "Bäume", "en": "Trees"}
    assert (found.descriptions, found.keywords) == ({"de": "Alle"}, {"de": ("baum",), "en": ("tree",)})
    assert (found.contacts[0].mail, found.publisher.iri) == ("amt@c.example", "https://c.example/agent/1")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"id": None}, "catalogue.ckan.no-id"),
        ({"resources": 7}, "catalogue.ckan.bad-package"),
        ({"tags": 7}, "catalogue.ckan.bad-package"),
    ],
)
def test_a_package_that_cannot_be_understood_is_told(values, code):
    found = read(**values).read

    assert (found.description, [each.code for each in found.findings]) == (None, [code])


@pytest.mark.parametrize(
    "value", ["{", "[1", 7, {"type": "Point"}, {"coordinates": "x"}, {"coordinates": [[]]}]
)
def test_a_place_that_is_none_is_left_out(value):
    assert read(extras=[{"key": "spatial", "value": value}]).read.description.bounds == ()


def test_when_a_package_was_changed():
    assert modified_of(package(7)) == "2024-01-01T00:00:07.000000"
    assert modified_of({"metadata_modified": "yesterday"}) == ""

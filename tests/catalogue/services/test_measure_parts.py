"""A dataset goes from one city to another as a part of a measure, and back out again."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client, TestCase
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tandem.accounts.models import AuditEntry
from tandem.catalogue.domain import measure_part
from tandem.catalogue.domain.lifecycle import NeedsTwoPeople, Status
from tandem.catalogue.domain.measure_part import ORIGIN, BadPart
from tandem.catalogue.models import Dataset, Distribution, HarvestRecord, StatusChange, TableVersion
from tandem.catalogue.services import (
    datasets,
    harvest_sources,
    history,
    imports,
    indexing,
    own_catalogue,
    publishing,
    tables,
)
from tandem.catalogue.services.measure_parts import CatalogueParts, NotOffered
from tandem.core.city import City, CityCode, PartnerCity
from tandem.core.findings import Severity
from tandem.core.part_values import errors, filled
from tandem.core.parts import Part
from tandem.exchange.domain.inputs import gathered
from tandem.exchange.domain.merge import merge
from tandem.kit import installation, search
from tests.accounts.people import client_of, somebody
from tests.catalogue import published
from tests.catalogue.conftest import own_folder
from tests.failing_writes import Injected, failing_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
__all__ = ["own_folder"]

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
HANDLER = CatalogueParts()
EUROPE = "http://publications.europa.eu/resource/authority"
BY = f"{EUROPE}/licence/CC_BY_4_0"
ISTAT = "http://dati.beniculturali.it/mibact/luoghi/resource/City/Arezzo"
INPUTS = {
    "baeume-way": "own",
    "catalogue-publisher": "Comune di Arezzo",
    "catalogue-contact-mail": "dati@arezzo.example",
    "catalogue-place": ISTAT,
}
SHOWN = {**INPUTS, "baeume-way": "show"}


@pytest.fixture
def arezzo(settings: Any) -> Any:
    """Return what makes the installation that of Arezzo, with Hamm as its partner."""
    own = settings.TANDEM
    city = City(
        "arezzo",
        {"it": "Arezzo", "de": "Arezzo"},
        "IT",
        ("it", "en"),
        43.46,
        11.88,
        (CityCode("ISTAT", 2024, "051002"),),
        "Europe/Rome",
    )
    hamm = PartnerCity(
        "hamm", {"it": "Hamm", "de": "Hamm"}, own.server.url, f"{own.server.url}/catalogue.ttl"
    )
    other = replace(
        own,
        city=city,
        partners=(hamm,),
        server=replace(own.server, url="http://localhost:8001"),
        catalogue=replace(own.catalogue, profile="it"),
    )

    @contextmanager
    def there() -> Iterator[None]:
        settings.TANDEM = other
        try:
            yield
        finally:
            settings.TANDEM = own

    return there


def filled_part(part: Part, inputs: dict[str, Any]) -> Part:
    """Return a part as the exchange hands it over."""
    return replace(part, fields=filled(part.fields, inputs))


def trees(content: str = published.TREES) -> Dataset:
    """Return a published dataset of Hamm with one table, described in full."""
    made = published.dataset(content)
    described = datasets.description_of(made)
    [file] = described.distributions
    said = replace(
        described,
        descriptions={"de": "Alle Bäume <5 m und mehr.", "it": "Tutti gli alberi."},
        keywords={"de": ("Baum", "Grün")},
        themes=(f"{EUROPE}/data-theme/ENVI",),
        frequency=f"{EUROPE}/frequency/ANNUAL",
        identifiers=("hamm:1",),
        distributions=(replace(file, licence=BY, attribution="Stadt Hamm"),),
    )
    datasets.describe(made, said, person=None, now=NOW)
    return Dataset.objects.get(pk=made.pk)


def state() -> dict[str, Any]:
    """Return how many rows and files there are, trails and the search's tombstones aside."""
    models = [each for each in apps.get_models() if each is not AuditEntry and each.__name__ != "SearchEntry"]
    known = sorted(hit.uri for hit in search.search("", language="de", limit=100).hits)
    folder = installation.config().home
    stored = sorted(
        str(path.relative_to(folder))
        for name in ("files", "cache/tables", "uploads")
        for path in (folder / name).rglob("*")
        if path.is_file()
    )
    return {"rows": {each.__name__: each.objects.count() for each in models}, "found": known, "files": stored}


def make(part: Part, inputs: dict[str, Any] = INPUTS) -> str:
    with committed():
        return HANDLER.make(part, inputs, person=None, now=NOW).uri


def update(uri: str, part: Part, values: dict[str, Any]) -> None:
    with committed():
        HANDLER.update(uri, part, values, person=None, now=NOW)


def go_live(uri: str, *, person: Any = None) -> None:
    with committed():
        HANDLER.go_live(uri, person=person, now=NOW)


def undo(uri: str) -> None:
    with committed():
        HANDLER.undo(uri, person=None, now=NOW)


def committed() -> Any:
    """Do what waits for the end of the transaction, too."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def upload(uri: str, content: str, position: int = 0) -> None:
    """Bring a file into one of the tables that wait for one."""
    row = Distribution.objects.get(dataset__iri=uri, position=position)
    kept = tables.receive([content.encode()], filename="alberi.csv", media_type="text/csv")
    imports.start_import(row, kept, person=None, at_once=True)


def fields(part: Part, **changed: Any) -> dict[str, Any]:
    return {**filled_part(part, INPUTS).fields, **changed}


# --- pack ---------------------------------------------------------------------------------------
def test_a_part_holds_what_makes_sense_elsewhere_and_nothing_that_belongs_to_the_city():
    row = trees()

    part = HANDLER.pack(row.iri)

    assert (part.key, part.titles["de"], part.origin.uri) == ("catalogue/baeume", "Bäume", row.iri)
    assert part.fields["description"] == {
        "titles": {"de": "Bäume", "en": "Bäume"},
        "descriptions": {"de": "Alle Bäume <5 m und mehr.", "it": "Tutti gli alberi."},
        "keywords": {"de": ["Baum", "Grün"]},
        "themes": [f"{EUROPE}/data-theme/ENVI"],
        "frequency": f"{EUROPE}/frequency/ANNUAL",
        "access_rights": f"{EUROPE}/access-right/PUBLIC",
        "availability": f"{EUROPE}/planned-availability/AVAILABLE",
    }
    [table] = part.fields["tables"]
    assert (table["key"], table["licence"]) == ("table-1", BY)
    assert table["columns"][3] == {
        "key": "hoehe_m",
        "name": "Höhe (m)",
        "kind": "decimal",
        "unit": "m",
        "role": "",
    }
    assert table["columns"][7]["role"] == "latitude"
    assert "localhost" not in json.dumps(part.fields)
    assert sorted(part.files) == [ORIGIN, "table-1.csv"]
    assert (
        part.files["table-1.csv"].decode().splitlines()[1]
        == "00001,Linde,Nord,12.5,80,1990-03-01,true,51.68,7.82"
    )
    asked, wrong = gathered((), [part])
    assert (sorted(each.input.key for each in asked), wrong) == (sorted(INPUTS), [])
    json.dumps(part.fields)


def test_a_sample_has_a_hundred_rows_at_the_most_and_a_megabyte():
    many = "Nr;Text\n" + "".join(f"{number};wort{number}\n" for number in range(150))
    part = HANDLER.pack(trees(many).iri)
    assert len(list(csv.reader(io.StringIO(part.files["table-1.csv"].decode())))) == 101

    long = "Nr;Text\n" + "".join(f"{number};{'lang ' * 6_000}\n" for number in range(60))
    part = HANDLER.pack(trees(long).iri)
    assert len(part.files["table-1.csv"]) <= measure_part.MOST_SAMPLE_BYTES
    assert errors(HANDLER.plan(part, INPUTS | {f"{part.name}-way": "own"}).findings) == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.WITHDRAWN])
def test_only_what_is_published_is_packed_and_offered(status: Status):
    row = trees()
    assert [each.uri for each in HANDLER.offered("bäume", "de")] == [row.iri]
    published.set_status(row, status)
    with pytest.raises(NotOffered):
        HANDLER.pack(row.iri)


def test_a_partners_dataset_is_not_ours_to_pack(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        Dataset.objects.all().delete()
        uri = make(part, SHOWN)
        go_live(uri)
        assert HANDLER.offered("", "it") == []
        with pytest.raises(NotOffered):
            HANDLER.pack(uri)


@pytest.mark.parametrize("columns", [2, 40])
def test_packing_and_making_take_as_many_queries_for_many_columns(
    columns: int, arezzo: Any, django_assert_num_queries: Any
):
    names = ";".join(f"Spalte {number}" for number in range(columns))
    cells = ";".join(f"wert{number}" for number in range(columns))
    row = trees(f"{names}\n{cells}\n{cells}\n")
    with django_assert_num_queries(2):
        part = HANDLER.pack(row.iri)
    assert len(part.fields["tables"][0]["columns"]) == columns
    locks = 2 if connection.vendor == "postgresql" else 0  # there, writers of the search wait for each other
    with arezzo(), django_assert_num_queries(56 + locks):
        HANDLER.make(part, INPUTS, person=None, now=NOW)


# --- one of our own -----------------------------------------------------------------------------
def test_a_dataset_of_our_own_waits_for_our_file_and_has_the_partners_sample(arezzo: Any):
    origin = trees()
    part = HANDLER.pack(origin.iri)
    with arezzo():
        uri = make(part)

        row = Dataset.objects.get(iri=uri)
        described = datasets.description_of(row)
        assert (row.status, row.source, row.slug) == ("draft", None, "baeume-2")
        assert described.publisher.names == {"it": "Comune di Arezzo", "en": "Comune di Arezzo"}
        assert ([each.mail for each in described.contacts], described.spatial) == (
            ["dati@arezzo.example"],
            (ISTAT,),
        )
        assert described.related == (origin.iri,)
        waiting, sample = row.distributions.order_by("position")
        assert (waiting.current, described.samples) == (None, (sample.description["iri"],))
        assert (sample.current.rows, sample.current.filename) == (5, "table-1.csv")
        assert sample.description["attribution"] == pick_publisher(part)
        assert waiting.description["attribution"] == "Comune di Arezzo"
        assert tables.table_of(sample.current).exists()
        assert uri not in {hit.uri for hit in search.search("", language="it").hits}


def pick_publisher(part: Part) -> str:
    return json.loads(part.files[ORIGIN])["publisher"]["names"]["en"]


def test_what_was_made_reads_as_what_was_packed_but_for_the_inputs(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        shown = HANDLER.fields_of(make(part))
    assert shown == filled_part(part, INPUTS).fields


def test_it_goes_live_with_a_file_of_ours_alone_and_packed_again_is_the_same_part(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        uri = make(part)
        row = Dataset.objects.get(iri=uri)
        with pytest.raises(publishing.Incomplete):
            go_live(uri)
        assert row.distributions.count() == 2  # the sample is still there

        upload(uri, part.files["table-1.csv"].decode())
        described = datasets.description_of(Dataset.objects.get(iri=uri))
        datasets.describe(
            Dataset.objects.get(iri=uri), replace(described, identifiers=("c_a390:1",)), person=None, now=NOW
        )
        go_live(uri)
        go_live(uri)

        row.refresh_from_db()
        assert (row.status, row.distributions.count()) == ("published", 1)
        assert [
            hit.city for hit in search.search("Bäume", language="it", facets={"city": ["arezzo"]}).hits
        ] == ["arezzo"]
        again = HANDLER.pack(uri)
    assert {**again.fields, "way": ""} == {**part.fields, "way": ""}  # its input has the name of the part
    assert again.files["table-1.csv"] == part.files["table-1.csv"]


def test_the_types_of_a_later_file_are_those_of_the_file(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        uri = make(part)
        upload(uri, "Nr;Altezza\n7;alto\n8;basso\n")
        [table] = HANDLER.fields_of(uri)["tables"]
    assert [(each["key"], each["kind"]) for each in table["columns"]] == [
        ("nr", "integer"),
        ("altezza", "text"),
    ]


def test_four_eyes_hold(arezzo: Any, settings: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        settings.TANDEM = replace(
            settings.TANDEM, catalogue=replace(settings.TANDEM.catalogue, four_eyes=True)
        )
        uri = make(part)
        with pytest.raises(NeedsTwoPeople):
            go_live(uri, person=somebody("catalogue:publisher"))


def test_an_update_merges_what_both_sides_changed(arezzo: Any):
    origin = trees()
    part = HANDLER.pack(origin.iri)
    with arezzo():
        uri = make(part)
        row = Dataset.objects.get(iri=uri)
        ours = replace(
            datasets.description_of(row), titles={"de": "Bäume", "en": "Bäume", "it": "Alberi di Arezzo"}
        )
        datasets.describe(row, ours, person=None, now=NOW)

    upload(origin.iri, published.TREES.replace("gesund", "vital"))
    described = datasets.description_of(Dataset.objects.get(pk=origin.pk))
    datasets.describe(
        Dataset.objects.get(pk=origin.pk),
        replace(described, keywords={"de": ("Baum", "Klima")}),
        person=None,
        now=NOW,
    )
    newer = HANDLER.pack(origin.iri)

    with arezzo():
        base, theirs = filled_part(part, INPUTS).fields, filled_part(newer, INPUTS)
        merged = merge(base, HANDLER.fields_of(uri), theirs.fields)
        assert merged.conflicts == ()
        update(uri, theirs, merged.value)

        shown = HANDLER.fields_of(uri)
        assert shown == merged.value
        assert shown["description"]["titles"]["it"] == "Alberi di Arezzo"
        assert shown["description"]["keywords"] == {"de": ["Baum", "Klima"]}
        assert "vital" in [each["key"] for each in shown["tables"][0]["columns"]]
        sample = Distribution.objects.get(dataset__iri=uri, position=1)
        assert sample.current.number == 2
        update(uri, theirs, shown)
        assert HANDLER.fields_of(uri) == shown
        assert sample.versions.count() == 2


def test_an_update_adds_and_removes_tables_but_none_with_a_file_of_ours(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    [table] = part.fields["tables"]
    second = {**table, "key": "benches"}
    with arezzo():
        uri = make(part)
        update(uri, part, fields(part, tables=[table, second]))
        assert [each["key"] for each in HANDLER.fields_of(uri)["tables"]] == ["table-1", "benches"]
        upload(uri, published.TREES)
        update(uri, part, fields(part, tables=[]))
        assert [each["key"] for each in HANDLER.fields_of(uri)["tables"]] == ["table-1"]
        row = Dataset.objects.get(iri=uri)
        assert (row.distributions.count(), datasets.description_of(row).samples) == (1, ())


def test_what_people_took_out_of_a_draft_need_not_be_filled_in_again(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        uri = make(part)
        row = Dataset.objects.get(iri=uri)
        bare = replace(datasets.description_of(row), contacts=(), publisher=None, spatial=())
        datasets.describe(row, bare, person=None, now=NOW)
        shown = HANDLER.fields_of(uri)
        assert (shown["publisher"], shown["contact_mail"], shown["place"]) == (None, None, "")
        update(uri, part, shown)
        assert HANDLER.fields_of(uri) == shown


@pytest.mark.parametrize("in_review", [False, True])
def test_undoing_a_draft_leaves_nothing_behind(arezzo: Any, in_review: bool):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        before = state()
        uri = make(part)
        upload(uri, "Nr;Altezza\n7;alto\n8;basso\n")
        if in_review:
            published.set_status(Dataset.objects.get(iri=uri), Status.REVIEW)
            Dataset.objects.filter(iri=uri).update(published_at=None)
        undo(uri)
        after = state()
        after["rows"]["Job"] = before["rows"]["Job"]  # the upload's
        assert after == before
        assert HANDLER.fields_of(uri) is None
        undo(uri)


def test_a_sample_that_another_dataset_has_as_its_file_stays_stored(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        kept = published.dataset(part.files["table-1.csv"].decode(), title="Alberi")
        undo(make(part))
        version = TableVersion.objects.get(distribution__dataset=kept)
        assert default_storage.exists(f"originals/{version.sha256[:2]}/{version.sha256}")


def test_undoing_what_was_public_withdraws_it_with_the_reason(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    with arezzo():
        uri = make(part)
        published.set_status(Dataset.objects.get(iri=uri), Status.PUBLISHED)
        undo(uri)
        row = Dataset.objects.get(iri=uri)
        assert (row.status, row.withdrawal_reason) == (
            "withdrawn",
            "Questa città non utilizza più la misura da cui proviene.",
        )
        undo(uri)


# --- shown --------------------------------------------------------------------------------------
@pytest.fixture
def record(arezzo: Any) -> Part:
    """Return a dataset of Hamm as a part; the dataset itself is not in this database any more."""
    row = trees()
    part = HANDLER.pack(row.iri)
    indexing.forget([row.iri])
    history.forget(row.iri)
    row.delete()
    with arezzo():
        harvest_sources.ensure_sources()
    return part


def test_a_shown_record_is_the_partners_and_points_to_its_files(arezzo: Any, record: Part):
    with arezzo():
        uri = make(record, SHOWN)
        row = Dataset.objects.get(iri=uri)
        [file] = datasets.description_of(row).distributions
        assert (uri, row.status, row.source.key) == (record.origin.uri, "draft", "hamm")
        assert file.download_url.startswith("http://localhost:8000/files/")
        assert datasets.description_of(row).publisher.names["de"] == "Hamm"
        assert HarvestRecord.objects.get(dataset=row).original_url == "http://localhost:8000/de/data/baeume/"
        assert state()["found"] == []
        with pytest.raises(datasets.NotOurs):
            publishing.publish(row, person=None, now=NOW)

        go_live(uri)
        go_live(uri)
        [hit] = search.search("Bäume", language="it").hits
        assert (hit.uri, hit.city) == (uri, "hamm")
        assert HANDLER.fields_of(uri) == filled_part(record, {**SHOWN, **own_profile()}).fields


def own_profile() -> dict[str, Any]:
    defaults = datasets.defaults()
    contacts = defaults["contacts"]
    return {
        "catalogue-publisher": own_catalogue.our_agent().names["it"],
        "catalogue-contact-mail": contacts[0].mail if contacts else None,
        "catalogue-place": " ".join(defaults["spatial"]),
    }


@pytest.mark.parametrize("live", [False, True])
def test_undoing_a_shown_record_leaves_nothing_behind(arezzo: Any, record: Part, live: bool):
    with arezzo():
        before = state()
        uri = make(record, SHOWN)
        if live:
            go_live(uri)
        undo(uri)
        assert state() == before


def test_a_record_that_was_harvested_already_is_used_and_stays(arezzo: Any, record: Part):
    with arezzo():
        uri = make(record, SHOWN)
        go_live(uri)
        StatusChange.objects.all().delete()  # as if a harvest had brought it
        before = state()

        plan = HANDLER.plan(record, SHOWN)
        assert [each.code for each in plan.findings] == ["catalogue.part.here-already"]
        assert [str(each.says) for each in plan.steps] == [
            "“Bäume” is in this portal already. It is used as it is."
        ]
        assert make(record, SHOWN) == uri
        update(uri, record, filled_part(record, SHOWN).fields)
        undo(uri)
        assert state() == before


def test_a_record_that_a_harvest_has_met_since_stays_as_a_harvested_one(arezzo: Any, record: Part):
    with arezzo():
        uri = make(record, SHOWN)
        HarvestRecord.objects.update(last_seen_at=datetime(2026, 5, 1, tzinfo=UTC))
        undo(uri)
        assert Dataset.objects.get(iri=uri).status == "published"
        assert not StatusChange.objects.filter(iri=uri).exists()


def test_an_update_of_a_shown_record_takes_the_origins_new_one(arezzo: Any, record: Part):
    values = json.loads(record.files[ORIGIN])
    newer = replace(
        record, files={**record.files, ORIGIN: json.dumps({**values, "titles": {"it": "Alberi"}}).encode()}
    )
    with arezzo():
        uri = make(record, SHOWN)
        update(uri, newer, filled_part(newer, SHOWN).fields)
        row = Dataset.objects.get(iri=uri)
        assert (row.description["titles"], row.status, state()["found"]) == ({"it": "Alberi"}, "draft", [])
        with pytest.raises(BadPart, match="cannot become one of our own"):
            update(uri, newer, filled_part(newer, INPUTS).fields)


@pytest.mark.parametrize(
    ("iri", "code"),
    [
        ("http://elsewhere.example/id/dataset/1", "catalogue.part.no-partner"),
        ("http://localhost:8001/id/dataset/1", "catalogue.part.no-partner"),
        ("ftp://localhost:8000/id/dataset/1", "core.part.bad-address"),
        ("javascript:alert(1)", "core.part.bad-address"),
    ],
)
def test_only_a_partners_record_is_shown(arezzo: Any, record: Part, iri: str, code: str):
    values = json.loads(record.files[ORIGIN])
    strange = replace(record, files={ORIGIN: json.dumps({**values, "iri": iri}).encode()})
    with arezzo():
        before = state()
        plan = HANDLER.plan(strange, SHOWN)
        assert ([each.code for each in errors(plan.findings)], len(plan.steps)) == ([code], 0)
        with pytest.raises(BadPart):
            make(strange, SHOWN)
        assert state() == before


@pytest.mark.parametrize("inputs", [INPUTS, SHOWN], ids=["own", "show"])
def test_before_it_goes_live_staff_alone_see_it(arezzo: Any, record: Part, inputs: dict[str, Any]):
    with arezzo():
        page = f"/it/data/{Dataset.objects.get(iri=make(record, inputs)).slug}/"
        assert Client().get(page).status_code == 404
        shown = client_of(somebody("catalogue:publisher")).get(page).content.decode()
        assert ("Righe di esempio" in shown, "Hamm" in shown) == (inputs is INPUTS, True)


# --- strangers ----------------------------------------------------------------------------------
def bad(path: str, value: Any) -> Any:
    return pytest.param(path, value, id=f"{path}={str(value)[:20]}")


BAD = [
    bad("way", "both"),
    bad("way", None),
    bad("description", "a text"),
    bad("description.titles", {}),
    bad("description.titles.de", "<script>alert(1)</script>"),
    bad("description.titles.de", "a\nb"),
    bad("description.titles.de", "a\u202eb"),
    bad("description.titles.de", "a" * 301),
    bad("description.descriptions.de", ["x"]),
    bad("description.themes", ["javascript:x"]),
    bad("description.themes", ["http://a b"]),
    bad("description.pages", ["http://x"] * 201),
    bad("tables", {"a": 1}),
    bad("tables.0.key", "../x"),
    bad("tables.0.licence", "file:///etc/passwd"),
    bad("tables.0.columns", []),
    bad("tables.0.columns.0.kind", "code"),
    bad("tables.0.columns.0.key", 'x"; DROP'),
    bad("tables.0.columns.0.name", None),
    bad("publisher", "<b>x"),
    bad("publisher", None),
    bad("contact_mail", "x"),
    bad("place", "urn:x"),
]


def changed(value: Any, path: str, new: Any) -> Any:
    """Return a JSON value with another one at a place."""
    head, _, rest = path.partition(".")
    copy = list(value) if isinstance(value, list) else dict(value)
    key: Any = int(head) if isinstance(value, list) else head
    copy[key] = changed(copy[key], rest, new) if rest else new
    return copy


@pytest.mark.parametrize(("path", "value"), BAD)
def test_what_a_stranger_sends_is_refused_with_its_place(arezzo: Any, path: str, value: Any):
    part = HANDLER.pack(trees().iri)
    strange = replace(part, fields=changed(filled_part(part, INPUTS).fields, path, value))
    with arezzo():
        before = state()
        found = errors(HANDLER.plan(strange, {}).findings)
        assert found
        assert all(each.path.startswith("/" + path.split(".")[0]) for each in found)
        with pytest.raises(BadPart):
            make(strange, {})
        assert state() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a,b\n1,2\n", b"Nr\n" * 200, b"x" * 2_000_000, b'"', b"\x00"],
)
def test_a_sample_that_is_none_is_refused(arezzo: Any, content: bytes):
    part = HANDLER.pack(trees().iri)
    strange = replace(part, files={**part.files, "table-1.csv": content})
    with arezzo():
        assert [each.path for each in errors(HANDLER.plan(strange, INPUTS).findings)] == ["/table-1.csv"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"[" * 100_000, b'{"iri": 1}', b"x" * 2_000_000])
def test_a_record_that_is_none_is_refused(arezzo: Any, content: bytes):
    part = HANDLER.pack(trees().iri)
    strange = replace(part, files={ORIGIN: content})
    with arezzo():
        for inputs in (INPUTS, SHOWN):
            found = errors(HANDLER.plan(strange, inputs).findings)
            assert found
            assert all(each.path.startswith(f"/{ORIGIN}") for each in found)


def test_what_is_not_known_is_told_and_left_out(arezzo: Any):
    part = HANDLER.pack(trees().iri)
    strange = replace(part, fields={**part.fields, "colour": "red"})
    with arezzo():
        plan = HANDLER.plan(strange, INPUTS)
        unknown = [each for each in plan.findings if each.code == "core.part.unknown"]
        assert [(each.path, each.severity) for each in unknown] == [("/colour", Severity.WARNING)]
        assert "colour" not in HANDLER.fields_of(make(strange))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*measure_part.FIELDS, *measure_part.GENERAL, "columns", "key"])


@given(st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON)) | JSON, st.binary(max_size=50))
@example({"way": "own", "description": {"titles": {"de": "x"}}, "tables": [{}]}, b"")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_is_checked_and_never_raises(values: Any, content: bytes):
    found = measure_part.check(values, {"table-1.csv": content})
    record, wrong = measure_part.read_origin(content)
    assert (record is None) == bool(errors(wrong))
    assert all(each.path == "" or each.path.startswith("/") for each in found)


# --- nothing half-made --------------------------------------------------------------------------
def writes_of(act: Any) -> int:
    """Return how many writes something does, and take it back."""
    with failing_at(0) as done, transaction.atomic():
        act()
        transaction.set_rollback(True)
    return len(done)


@pytest.mark.parametrize("inputs", [INPUTS, SHOWN], ids=["own", "show"])
def test_a_failure_after_any_write_leaves_nothing(arezzo: Any, record: Part, inputs: dict[str, Any]):
    with arezzo():

        def act() -> None:
            HANDLER.make(record, inputs, person=None, now=NOW)

        before = state()
        for number in range(1, writes_of(act) + 1):
            with failing_at(number), pytest.raises(Injected), transaction.atomic():
                act()
            assert state() == before
        with transaction.atomic():
            act()
            transaction.set_rollback(True)  # as where another part of the measure fails
        assert state() == before


@pytest.mark.parametrize("inputs", [INPUTS, SHOWN], ids=["own", "show"])
@pytest.mark.parametrize("act", ["update", "go_live", "undo"])
def test_a_failure_after_any_later_write_leaves_all_as_it_was(
    arezzo: Any, record: Part, inputs: dict[str, Any], act: str
):
    newer = filled_part(record, inputs)
    newer = replace(
        newer, files={**newer.files, "table-1.csv": newer.files["table-1.csv"].replace(b"Linde", b"Tiglio")}
    )
    with arezzo():
        uri = make(record, inputs)
        if inputs is INPUTS:
            upload(uri, "Nr;Altezza\n7;alto\n8;basso\n")
            row = Dataset.objects.get(iri=uri)
            said = replace(datasets.description_of(row), identifiers=("c_a390:1",))
            datasets.describe(row, said, person=None, now=NOW)
        acts = {
            "update": lambda: HANDLER.update(uri, newer, newer.fields, person=None, now=NOW),
            "go_live": lambda: HANDLER.go_live(uri, person=None, now=NOW),
            "undo": lambda: HANDLER.undo(uri, person=None, now=NOW),
        }
        before, shown = state(), HANDLER.fields_of(uri)
        total = writes_of(acts[act])
        assert total > 0
        for number in range(1, total + 1):
            with failing_at(number), pytest.raises(Injected), transaction.atomic():
                acts[act]()
            assert (state(), HANDLER.fields_of(uri)) == (before, shown)

"""Whatever comes in, gets through or gets a clear finding; what was stored before is never lost."""

import gzip
import io
import threading
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

from tandem.catalogue.adapters.originals import EmptyFile, open_original
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.examples import read_upload
from tandem.catalogue.models import Dataset, HarvestSource, TableVersion
from tandem.catalogue.services import command_line, datasets, harvest, imports, tables
from tandem.catalogue.services.explore import Table
from tandem.core.config import PartnerCity
from tandem.kit import installation

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now


def upload(content: bytes, filename: str = "daten.csv"):
    return tables.receive([content], filename=filename, media_type="text/csv")


def a_dataset(content: bytes, filename: str = "daten.csv"):
    dataset = datasets.begin(titles={"de": "Bäume"}, person=None, now=NOW())
    distribution, job = imports.add_file(
        dataset, upload(content, filename), titles={}, person=None, now=NOW(), at_once=True
    )
    return dataset, distribution, job


def test_the_officers_messy_table_comes_in_cell_by_cell():
    example = read_upload("hamm")
    content = example.path.read_bytes()

    _dataset, distribution, job = a_dataset(content, example.filename)

    distribution.refresh_from_db()
    table = Table.of(distribution.current)
    columns = {column.name: column for column in table.columns}
    assert job.state == "succeeded"
    assert (distribution.current.rows, columns["PLZ"].kind, columns["Breite"].kind) == (
        400,
        "text",
        "decimal",
    )
    assert [(c.line, c.raw) for c in columns["Pflanzdatum"].bad_cells] == [
        (22, "unbekannt"),
        (124, "31.02.1998"),
    ]
    assert [line.reason for line in table.report.dropped_lines] == ["preamble"] * 3 + ["blank", "total"]
    with open_original(distribution.current.sha256) as kept:
        assert kept.read() == content


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("daten.csv", b"0" * 20_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bytes(range(256)) * 40, "catalogue.table.binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "catalogue.table.binary"),
        (b"\xef\xbb\xbf\r\n\r\n", "catalogue.table.no-rows"),
        (zip_bomb(), "catalogue.table.bad-archive"),
        (gzip.compress(b"0" * 20_000_000), "catalogue.table.bad-archive"),
        (b'{"a": [1, 2', "catalogue.table.unreadable"),
    ],
    ids=["binary", "picture", "blank", "zip bomb", "gzip bomb", "broken json"],
)
def test_a_file_that_is_no_table_gets_a_clear_finding_and_leaves_the_former_version(content, code):
    _dataset, distribution, _job = a_dataset(b"a;b\n1;2\n3;4\n")
    distribution.refresh_from_db()
    before = distribution.current

    job = imports.start_import(distribution, upload(content), person=None, at_once=True)

    distribution.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", code)
    assert len(job.error_message) > 40
    assert distribution.current == before
    assert tables.parquet_path(before.id).exists()
    assert TableVersion.objects.count() == 1


def test_an_empty_file_is_refused_before_anything_is_made():
    with pytest.raises(EmptyFile, match="0 bytes"):
        upload(b"")

    assert not Dataset.objects.exists()


def test_a_dataset_of_an_unreadable_file_leaves_nothing_behind():
    with pytest.raises(command_line.ImportFailed, match="Nothing was published"):
        command_line.publish_files(
            [(Path("bild.csv"), [b"\x89PNG\r\n\x1a\n" + bytes(1000)], "text/csv")],
            titles={"de": "Bild"},
            descriptions={"de": "Kein Bild"},
            keywords={},
            themes=[],
            licence="CC0",
            attribution="",
            frequency="",
            period=command_line.PeriodOfTime(),
            draft=False,
            now=NOW(),
        )

    assert not Dataset.objects.exists()


def test_an_import_that_is_killed_midway_leaves_the_former_version(monkeypatch: pytest.MonkeyPatch):
    _dataset, distribution, _job = a_dataset(b"a;b\n1;2\n3;4\n")
    distribution.refresh_from_db()
    before = distribution.current

    def die(*_arguments, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, "make_current", die)
    with pytest.raises(KeyboardInterrupt):
        imports.start_import(distribution, upload(b"a;b\n5;6\n"), person=None, at_once=True)

    distribution.refresh_from_db()
    assert (distribution.current, TableVersion.objects.count()) == (before, 1)


def test_a_lost_cache_is_read_again_from_the_original():
    _dataset, distribution, _job = a_dataset(b"a;b\n1;2\n3;4\n")
    distribution.refresh_from_db()
    tables.parquet_path(distribution.current.id).unlink()

    assert tables.table_of(distribution.current).exists()


@pytest.mark.conformance
def test_tuscanys_273_municipalities_come_in_with_their_shapes(shared_data: Path):
    content = (shared_data / "geo" / "tuscany-municipalities.geojson").read_bytes()

    _dataset, distribution, _job = a_dataset(content, "comuni.geojson")

    distribution.refresh_from_db()
    table = Table.of(distribution.current)
    assert (distribution.current.rows, table.has_places) == (273, True)
    assert next(column for column in table.columns if column.key == "com_istat_code").kind == "text"


# --- harvests -----------------------------------------------------------------------------------
class Feed(BaseHTTPRequestHandler):
    """Serves what the test put into ``documents``."""

    documents: dict[str, tuple[str, bytes]] = {}

    def do_GET(self):
        media_type, content = self.documents.get(self.path, ("", b""))
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", media_type or "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    partner = PartnerCity("partner", {"de": "Partner"}, base, f"{base}/catalogue", may_be_local=True)
    config = installation.config()
    monkeypatch.setattr(installation, "config", lambda: _with_partner(config, partner))
    yield base
    server.shutdown()
    server.server_close()


def _with_partner(config, partner):
    return replace(config, partners=(partner,))


def run(**named):
    harvest.ensure_sources()
    return harvest.run_harvest(harvest.source("partner"), person=None, now=NOW(), **named)


@pytest.mark.conformance
@pytest.mark.parametrize(("name", "count"), [("brandenburg", 112), ("destatis", 135)])
def test_real_catalogues_are_harvested_and_the_second_time_nothing_changes(
    feed: str, shared_data: Path, name: str, count: int
):
    content = (shared_data / "dcat" / "catalogues" / f"{name}-catalog-original-input.rdf").read_bytes()
    Feed.documents = {"/catalogue": ("application/rdf+xml", content)}

    first, second = run(), run()

    assert (first.state, first.created, first.updated) == ("succeeded", count, 0)
    assert (second.created, second.updated, second.unchanged, second.removed) == (0, 0, count, 0)
    assert HarvestSource.objects.get(key="partner").datasets.filter(status=Status.PUBLISHED).count() == count


TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<http://x.example/a> a dcat:Dataset ; dct:title "Eins"@de ; dct:description "Das erste"@de .
<http://x.example/b> a dcat:Dataset ; dct:title "Zwei"@de ; dct:description "Das zweite"@de ; dct:relation <#"bad> .
<http://x.example/c> a dcat:Dataset ; dct:title "Drei"@de ; dct:description "Das dritte"@de .
"""


def test_a_broken_record_is_told_and_the_others_come_in(feed: str):
    Feed.documents = {"/catalogue": ("text/turtle", TURTLE.encode())}

    found = run()

    assert (found.state, found.created) == ("succeeded", 3)
    assert found.findings.filter(path="http://x.example/b").exists()


def test_what_disappears_at_the_source_disappears_here_and_a_dead_source_takes_nothing(feed: str):
    Feed.documents = {"/catalogue": ("text/turtle", TURTLE.encode())}
    run()
    Feed.documents = {
        "/catalogue": (
            "text/turtle",
            TURTLE.replace('a dcat:Dataset ; dct:title "Drei', 'dct:title "Drei').encode(),
        )
    }
    gone = run()
    Feed.documents = {}
    dead = run()

    assert (gone.removed, dead.state) == (1, "failed")
    assert "404" in dead.message
    assert Dataset.objects.filter(source__key="partner").count() == 2


def test_a_trial_changes_nothing(feed: str):
    Feed.documents = {"/catalogue": ("text/turtle", TURTLE.encode())}

    trial = run(dry_run=True)

    assert (trial.created, Dataset.objects.count()) == (3, 0)


def test_what_a_partner_sends_survives_a_page(feed: str, client):
    Feed.documents = {"/catalogue": ("text/turtle", TURTLE.encode())}
    run()
    row = Dataset.objects.get(iri="http://x.example/a")

    answer = client.get(f"/de/data/{row.slug}/")

    assert answer.status_code == 200
    assert "Partner" in answer.content.decode()

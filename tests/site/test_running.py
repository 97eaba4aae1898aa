"""A real installation as processes: served, killed, promised too much, backed up, restored."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.installations import CommandError, RunningCity, free_ports, make_bare_city, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    ports = dict(zip(("hamm", "arezzo"), free_ports(2), strict=True))
    made = make_bare_city("hamm", tmp_path_factory.mktemp("running"), ports)
    made.start()
    yield made
    made.stop()


def table(folder: Path, rows: int) -> Path:
    path = folder / "big.csv"
    lines = (f"{n:07d};{n % 7};{n / 3:.3f}".replace(".", ",") for n in range(rows))
    path.write_text("Nummer;Art;Wert\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def publish(city: RunningCity, file: Path, title: str) -> dict:
    said = ("--title", title, "--description", title, "--licence", "CC0", "--json")
    return json.loads(city.tandem("dataset", "publish", str(file), *said))


def ask(city: RunningCity, sql: str, *values: object) -> list[tuple]:
    with sqlite3.connect(city.home / "tandem.sqlite3", timeout=20) as connection:
        found = connection.execute(sql, values).fetchall()
    connection.close()
    return found


def worker_of(city: RunningCity) -> int:
    """Return the process id of the server's worker."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"worker" in words and str(city.home).encode() in words:
                return int(entry.name)
    raise AssertionError("there is no worker")


def test_it_is_well_and_says_so(city):
    with urllib.request.urlopen(f"{city.url}/healthz") as answer:
        said = json.load(answer)

    assert (said["status"], said["database"], said["storage"]) == ("ok", True, True)
    with urllib.request.urlopen(f"{city.url}/metrics") as answer:
        assert b"tandem_requests_total" in answer.read()


def test_a_promise_of_5_gb_is_refused_before_a_byte_is_read(city):
    address = urlsplit(city.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(
            b"POST /de/data/new/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000000\r\n"
            b"Content-Type: text/csv\r\n\r\nonly this"
        )
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        said = answer.read().decode()

    assert answer.status == 413
    assert "larger than 2000 MB" in said


def test_a_second_server_on_the_port_says_what_to_do(city):
    with pytest.raises(CommandError, match=r"ended with 6: site\.port-taken: Port \d+ .* is taken"):
        city.tandem("serve")


def test_a_killed_worker_comes_back_and_its_job_is_done_again(city, tmp_path):
    made = publish(city, table(tmp_path, 10), "Erste Fassung")
    job = start_import(city, made, table(tmp_path, 400_000))
    wait_until(lambda: ask(city, "SELECT state FROM kit_job WHERE id = ?", job) == [("running",)])

    os.kill(worker_of(city), signal.SIGKILL)
    while_dead = ask(city, "SELECT count(*) FROM catalogue_tableversion")

    wait_until(lambda: ask(city, "SELECT state FROM kit_job WHERE id = ?", job) == [("succeeded",)])
    rows = ask(city, "SELECT attempts FROM kit_job WHERE id = ?", job)
    versions = ask(
        city, "SELECT number, rows FROM catalogue_tableversion WHERE filename = 'big.csv' ORDER BY 1"
    )
    assert while_dead == [(1,)]
    assert rows == [(2,)]
    assert versions == [(1, 10), (2, 400_000)]


START = """
import sys
from pathlib import Path
from tandem.site.bootstrap import setup
setup(Path(sys.argv[1]))
from tandem.catalogue.services import command_line, datasets, imports, tables
distribution = command_line.distribution_at(datasets.find(sys.argv[2]), 0)
with open(sys.argv[3], "rb") as source:
    upload = tables.receive(iter(lambda: source.read(1 << 20), b""), filename="big.csv", media_type="text/csv")
print(imports.start_import(distribution, upload, person=None, at_once=False).pk.hex)
"""


def start_import(city: RunningCity, made: dict, file: Path) -> str:
    command = [sys.executable, "-c", START, str(city.home), made["slug"], str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env=city.environment, check=True)
    return done.stdout.strip()


def wait_until(holds, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to hold in time"
        time.sleep(0.02)


def test_a_backup_while_people_write_is_whole_and_restores_to_the_same(city, tmp_path):
    publish(city, table(tmp_path, 100), "Vor der Sicherung")
    stop = threading.Event()
    writer = threading.Thread(target=_keep_writing, args=(city, stop))
    writer.start()
    try:
        time.sleep(0.5)
        city.tandem("backup", "--to", str(tmp_path / "backup.tar.gz"))
    finally:
        stop.set()
        writer.join()
    again = tmp_path / "again"
    city.tandem("restore", str(tmp_path / "backup.tar.gz"), str(again))

    restored = RunningCity("hamm", again, city.url, "de", city.environment)
    listed = [json.loads(line) for line in restored.tandem("dataset", "list", "--json").splitlines()]
    assert any(each["title"] == "Vor der Sicherung" for each in listed)
    assert ask(restored, "PRAGMA integrity_check") == [("ok",)]
    for (digest,) in ask(restored, "SELECT DISTINCT sha256 FROM catalogue_tableversion"):
        assert (again / "files" / "originals" / digest[:2] / digest).exists()
    assert "tables: " in restored.tandem("rebuild", "tables")


def _keep_writing(city: RunningCity, stop: threading.Event) -> None:
    address = urlsplit(city.url)
    while not stop.is_set():
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        connection.request("GET", "/de/feedback/")
        connection.getresponse().read()
        connection.close()
        with sqlite3.connect(city.home / "tandem.sqlite3", timeout=20) as database:
            columns = "(page, message, mail, language, sent_at)"
            database.execute(f"INSERT INTO site_feedback {columns} VALUES ('', 'x', '', 'de', '2026-01-01')")
        database.close()


def test_a_changed_or_cut_backup_is_refused_and_nothing_is_written(city, tmp_path):
    whole = tmp_path / "backup.tar.gz"
    city.tandem("backup", "--to", str(whole))
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[:-2_000])

    with pytest.raises(CommandError, match=r"site\.not-a-backup"):
        city.tandem("restore", str(cut), str(tmp_path / "nowhere"))

    assert not (tmp_path / "nowhere").exists()


def test_a_killed_server_starts_again_with_its_data(city):
    before = ask(city, "SELECT count(*) FROM catalogue_dataset")
    city.server.kill()
    city.server.wait()
    wait_until(lambda: not _listens(city), 30)

    city.start()

    wait_for(f"{city.url}/healthz", city.server)
    assert ask(city, "SELECT count(*) FROM catalogue_dataset") == before


def _listens(city: RunningCity) -> bool:
    address = urlsplit(city.url)
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname, address.port)) == 0


def test_the_doctor_names_what_is_wrong(city):
    (city.home / "keys" / "secret-key").chmod(0o644)
    try:
        findings = json.loads(city.tandem("doctor", "--json"))
    finally:
        (city.home / "keys" / "secret-key").chmod(0o600)

    codes = {each["code"] for each in findings}
    assert {"site.doctor.key-open", "site.doctor.second-factor", "site.doctor.no-https"} <= codes


def test_init_refuses_what_it_would_spoil(city, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine", "utf-8")

    with pytest.raises(CommandError, match=r"ended with 5: site\.not-empty"):
        city.tandem("init", str(tmp_path / "full"), "--city", "hamm")
    with pytest.raises(CommandError, match=r"ended with 5: site\.already-there"):
        city.tandem("init", str(city.home), "--city", "hamm")
    with pytest.raises(CommandError, match=r"ended with 2: site\.no-such-city"):
        city.tandem("init", str(tmp_path / "new"), "--city", "bielefeld")

    assert sorted(each.name for each in tmp_path.iterdir()) == ["full"]

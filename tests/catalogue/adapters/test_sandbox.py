"""What strangers' SQL may not do, and that the process that answers it survives all of it."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tandem.catalogue.adapters import sandbox, sql_files
from tandem.catalogue.adapters.sandbox import Answer, Limits, QueryStopped, SandboxBusy
from tests.catalogue.adapters import hostile

SECRET = "secret-of-the-installation"
QUICK = Limits(seconds=1.5, grace_s=1.0, rows=50, result_bytes=1_000_000)
answer_frame = [1]  # a variable that DuckDB would find if it looked into Python's


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "secret.csv").write_text(f"a,b\n{SECRET},1\n", "utf-8")
    parquet = folder / "trees.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT range AS nr, ['Linde', 'Eiche', 'Ahorn'][range % 3 + 1] AS art, "
            "range * 0.5 AS hoehe_m, DATE '2024-01-01' + range::INT AS am FROM range(300)"
        )
        connection.execute(f"COPY t TO '{parquet}' (FORMAT parquet)")
    (folder / "sql").mkdir()
    sql_files.made(parquet, folder / "sql")
    return folder


@pytest.fixture(scope="module")
def ask(place):
    table = place / "sql" / "trees.duckdb"

    def asked(sql, limits=QUICK):
        written = sql
        for name, path in (("{file}", place / "secret.csv"), ("{table}", table), ("{target}", place / "out")):
            written = written.replace(name, str(path))
        return sandbox.ask(written, {table: ["trees", "Street-Trees"]}, limits)

    return asked


def outcome(ask, sql):
    """Return what came of a query: its kind of refusal, or its answer."""
    try:
        return ask(sql)
    except QueryStopped as stopped:
        return stopped


def test_a_select_is_answered_with_names_types_and_plain_values(ask):
    found = ask(
        "SELECT art, count(*) AS n, max(am) AS last, avg(hoehe_m) AS h FROM trees GROUP BY 1 ORDER BY 1"
    )

    assert found == Answer(
        columns=[("art", "VARCHAR"), ("n", "BIGINT"), ("last", "DATE"), ("h", "DOUBLE")],
        rows=[
            ["Ahorn", 100, "2024-10-26", 75.25],
            ["Eiche", 100, "2024-10-25", 74.75],
            ["Linde", 100, "2024-10-24", 74.25],
        ],
    )


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1.5::DECIMAL(4, 2)", 1.5),
        ("0.1234567890123456789::DECIMAL(38, 19)", "0.1234567890123456789"),
        ("170141183460469231731687303715884105727::HUGEINT", 2**127 - 1),
        ("'nan'::DOUBLE", None),
        ("'-infinity'::DOUBLE", None),
        ("TIMESTAMP '2024-05-31 08:00:00'", "2024-05-31T08:00:00"),
        ("TIMESTAMPTZ '2024-05-31 08:00:00+02'", "2024-05-31T06:00:00+00:00"),
        ("TIME '08:00:00'", "08:00:00"),
        ("INTERVAL 1 DAY", "1 day, 0:00:00"),
        ("'\\xFF'::BLOB", "ff"),
        ("{'a': [DATE '2024-01-01'], 'b': 1}", {"a": ["2024-01-01"], "b": 1}),
        ("MAP {1: 'x'}", {"1": "x"}),
        ("UUID '00000000-0000-0000-0000-000000000001'", "00000000-0000-0000-0000-000000000001"),
        ("NULL", None),
        ("true", True),
        ("repeat('x', 30000)", "x" * 20_000 + "…"),
    ],
)
def test_every_kind_of_value_comes_as_json(ask, expression, value):
    assert ask(f"SELECT {expression}").rows == [[value]]


@pytest.mark.parametrize(
    "sql", ["FROM trees LIMIT 1", "VALUES (1)", "DESCRIBE trees", "SELECT 1;", "-- x\nSELECT 1"]
)
def test_whatever_duckdb_takes_for_a_select_is_one(ask, sql):
    assert len(ask(sql).rows) >= 1


def test_names_with_other_letters_work_in_quotation_marks(ask):
    assert ask('SELECT count(*) FROM "street-trees"').rows == [[300]]


def test_long_results_are_cut_and_say_so(ask):
    by_rows = ask("FROM trees", replace(QUICK, rows=10))
    by_bytes = ask("SELECT repeat('x', 9000) FROM trees", replace(QUICK, rows=300, result_bytes=100_000))

    assert (len(by_rows.rows), by_rows.cut) == (10, "rows")
    assert (len(by_bytes.rows), by_bytes.cut) == (11, "bytes")
    assert ask("FROM trees LIMIT 10", replace(QUICK, rows=10)).cut == ""


@pytest.mark.parametrize("sql", hostile.REFUSED)
def test_what_means_harm_is_refused_and_nothing_is_told_or_written(ask, place, sql):
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}

    found = outcome(ask, sql)

    assert isinstance(found, QueryStopped), found
    assert found.kind not in {"died", "time"}, sql
    assert SECRET not in str(found.values)
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()} == before


def test_reasons_are_told(ask):
    kinds = {sql: outcome(ask, sql).kind for sql in (
        "DROP VIEW trees", "SELECT 1; SELECT 2", "", "SELECT * FROM read_text('{file}')",
        "SELECT * FROM duckdb_settings()", "SELECT repeat('x', 2000000000)", "SELEC 1", "FROM nowhere",
        "WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM x) SELECT count(*) FROM x",
    )}  # fmt: skip

    assert list(kinds.values()) == [
        "not-select", "not-one", "not-one", "outside",
        "closed", "OutOfMemoryException", "ParserException", "CatalogException",
        "InterruptException",
    ]  # fmt: skip


def test_the_statements_that_duckdb_would_let_pass_leave_no_way_to_the_outside(ask):
    """The catalogue of functions is open; what it names must be closed by the settings and the kernel."""
    names = ask("SELECT DISTINCT table_name FROM information_schema.tables ORDER BY 1").rows

    assert names == [["Street-Trees"], ["rows"], ["trees"]]


@pytest.mark.slow
def test_what_is_huge_or_strange_ends_in_time_and_the_next_is_answered(ask):
    limits = replace(QUICK, seconds=1.0, grace_s=0.5)
    for sql in hostile.HUGE:
        begun = time.monotonic()
        try:
            found = ask(sql, limits)
        except QueryStopped as stopped:
            found = stopped
        assert time.monotonic() - begun < 5, sql[:80]
        assert isinstance(found, Answer | QueryStopped)
        assert ask("SELECT count(*) FROM trees").rows == [[300]], sql[:80]


@pytest.mark.slow
def test_all_of_it_at_once_from_several_threads(ask):
    limits = replace(QUICK, seconds=0.5, grace_s=0.5)
    queries = [*hostile.HUGE, *hostile.FILES, *hostile.OUTSIDE]

    def one(sql):
        try:
            ask(sql, limits)
        except QueryStopped:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        stopped = list(pool.map(one, queries))

    assert all(stopped[len(hostile.HUGE) :])
    assert ask("SELECT count(*) FROM trees").rows == [[300]]


def test_the_kernel_ends_what_does_not_listen(ask):
    """Neither DuckDB nor Python is asked: the timer of the process itself ends it."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import sandbox_child, time\n"
        "sandbox_child._limit({'seconds': 0.2, 'grace_s': 0.2, 'address_space_bytes': 800_000_000})\n"
        "while True: pass"
    )
    folder = str(Path(sandbox.__file__).parent)
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script, folder], capture_output=True, timeout=20)

    assert done.returncode == -14  # SIGALRM
    assert time.monotonic() - begun < 10


def test_the_process_has_no_environment_no_files_and_no_way_to_open_any(place):
    script = """
import sys; sys.path.insert(0, sys.argv[1])
import os, socket, sandbox_child
sandbox_child._stand_in_for_pytz(); sandbox_child._load()
connection = sandbox_child._connection({sys.argv[2]: ["trees"]}, {"memory": "200MB"})
def fails(what):
    try: what()
    except OSError as error: return error.errno == 24
    return False
print([fails(lambda: open("/etc/passwd")), fails(socket.socket), fails(os.pipe),
       connection.execute("SELECT count(*) FROM trees").fetchall()])
"""
    folder, table = str(Path(sandbox.__file__).parent), str(place / "sql" / "trees.duckdb")
    done = subprocess.run([sys.executable, "-c", script, folder, table], capture_output=True, timeout=30)

    assert done.stdout.decode().strip() == "[True, True, True, [(300,)]]", done.stderr.decode()


def test_the_waiting_process_knows_nothing_of_the_installation(ask, monkeypatch):
    monkeypatch.setenv("TANDEM_SECRET", SECRET)
    sandbox.close()
    assert ask("SELECT 1").rows == [[1]]
    process = sandbox._waiting._process

    environment = Path(f"/proc/{process.pid}/environ").read_text()
    files = [each.name for each in Path(f"/proc/{process.pid}/fd").iterdir()]

    assert SECRET not in environment
    assert Path(f"/proc/{process.pid}/cwd").readlink() == Path("/")
    assert sorted(files) == ["0", "1", "2"]


def test_a_waiting_process_that_was_ended_is_started_again(ask):
    assert ask("SELECT 1").rows == [[1]]
    sandbox._waiting._process.kill()
    sandbox._waiting._process.wait()

    assert ask("SELECT 2").rows == [[2]]


def test_turns_are_few_and_the_queue_is_bounded(tmp_path):
    with sandbox.turn(tmp_path, at_once=1, queue=0, wait_s=0.1):
        with pytest.raises(SandboxBusy), sandbox.turn(tmp_path, at_once=1, queue=0, wait_s=0.1):
            pass
        begun = time.monotonic()
        with pytest.raises(SandboxBusy), sandbox.turn(tmp_path, at_once=1, queue=1, wait_s=0.2):
            pass
        assert time.monotonic() - begun >= 0.2
    with sandbox.turn(tmp_path, at_once=1, queue=0, wait_s=0.1):
        pass


def test_files_are_made_once_and_again_when_the_table_is_newer(tmp_path):
    parquet = tmp_path / "a.parquet"
    duckdb.sql("SELECT 1 AS x").write_parquet(str(parquet))
    made = sql_files.made(parquet, tmp_path)
    first = made.stat().st_mtime_ns

    assert sql_files.made(parquet, tmp_path).stat().st_mtime_ns == first
    os.utime(parquet, (time.time() + 10, time.time() + 10))
    assert sql_files.made(parquet, tmp_path).stat().st_mtime_ns != first
    sql_files.prune(tmp_path, keep=["b"])
    assert not made.exists()

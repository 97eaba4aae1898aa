"""SPARQL from strangers: it reads the store and nothing else, within its limits."""

import socket
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from tandem.catalogue.adapters.sparql import BadSparql, Limits, NoService, TookTooLong, TooLargeAnswer, ask
from tandem.catalogue.adapters.sparql_store import Graph, StoreFolder

EX = "http://example.org/"


def triple(subject: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(EX + subject), ox.NamedNode(f"{EX}name"), ox.Literal(value))


@pytest.fixture
def folder(tmp_path: Path) -> StoreFolder:
    made = StoreFolder(tmp_path / "sparql")
    with made.only_writer(wait=True):
        state = made.begin_anew()
        graphs = [Graph(f"{EX}g{number}", [triple(f"t{number}", f"tree {number}")]) for number in range(300)]
        made.write(state, graphs, revision=7)
    return made


@pytest.fixture
def store(folder: StoreFolder) -> Path:
    return folder.path(folder.state())


def test_select_gives_rows_from_every_graph(store: Path):
    answer = ask(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", results="csv")

    assert (answer.content, answer.media_type) == (b"n\r\n300\r\n", "text/csv; charset=utf-8")


def test_construct_gives_a_graph(store: Path):
    answer = ask(store, f"CONSTRUCT WHERE {{ <{EX}t5> ?p ?o }}", graph="nt")

    assert answer.content.decode() == f'<{EX}t5> <{EX}name> "tree 5" .\n'


def test_ask_gives_a_boolean(store: Path):
    assert ask(store, 'ASK { ?s ?p "tree 7" }').content == b'{"head":{},"boolean":true}'


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }",
        "SELECT * WHERE { service silent <http://127.0.0.1:9/sparql> { ?s ?p ?o } }",
        "SELECT * WHERE { SERVICE ?where { ?s ?p ?o } }",
        'SELECT * WHERE { BIND("#" AS ?x) SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }',
        'SELECT * WHERE { # a comment with a " quote\n SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }',
    ],
)
def test_another_server_is_never_asked(store: Path, query: str):
    with pytest.raises(NoService):
        ask(store, query)


def test_the_word_service_may_stand_elsewhere(store: Path):
    query = f'SELECT ?service WHERE {{ ?service <{EX}service> "service" . ?service <{EX}service-x> ?y }} # service'
    assert ask(store, query, results="csv").content == b"service\r\n"


def test_the_process_cannot_connect_even_where_the_word_was_hidden(
    store: Path, monkeypatch: pytest.MonkeyPatch
):
    """The guard on words is a courtesy; what counts is that the process can open nothing."""
    from tandem.catalogue.adapters import sparql

    knocked = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def listen() -> None:
        listener.settimeout(6)
        try:
            listener.accept()[0].close()
            knocked.set()
        except OSError:
            pass

    thread = threading.Thread(target=listen)
    thread.start()
    monkeypatch.setattr(sparql, "_SERVICE", sparql.re.compile("(?!)"))
    with pytest.raises(BadSparql):
        ask(store, f"SELECT * WHERE {{ SERVICE <http://127.0.0.1:{port}/sparql> {{ ?s ?p ?o }} }}")
    listener.close()
    thread.join()

    assert not knocked.is_set()


def test_a_query_without_end_is_ended(store: Path):
    begun = time.monotonic()
    with pytest.raises(TookTooLong):
        ask(
            store,
            "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
            limits=Limits(seconds=1),
        )

    assert time.monotonic() - begun < 5


def test_an_answer_without_end_is_refused(store: Path):
    with pytest.raises(TooLargeAnswer):
        ask(store, "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", limits=Limits(most_bytes=100_000))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT",
        "DELETE WHERE { ?s ?p ?o }",
        f"INSERT DATA {{ <{EX}a> <{EX}b> 1 }}",
        f"LOAD <file:///etc/passwd> INTO GRAPH <{EX}g>",
        "DROP ALL",
        "\x00",
        "SELECT * WHERE " + "{" * 45_000 + "}" * 45_000,
        "SELECT * WHERE { ?s ?p ?o }" + " " * 200_000,
    ],
)
def test_what_is_no_question_is_refused(store: Path, query: str):
    with pytest.raises((BadSparql, TooLargeAnswer)):
        ask(store, query)

    assert ask(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", results="tsv").content.startswith(
        b"?n\n300"
    )


# --- the store ----------------------------------------------------------------------------------
def test_a_change_makes_a_new_generation_and_leaves_the_old_one_readable(folder: StoreFolder):
    before = folder.state()
    with folder.only_writer(wait=True):
        after = folder.write(before, [Graph(f"{EX}g5"), Graph(f"{EX}g6", [triple("t6", "oak")])], revision=9)

    counted = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert (after.revision, folder.state()) == (9, after)
    assert ask(folder.path(before), counted, results="csv").content == b"n\r\n300\r\n"
    assert ask(folder.path(after), counted, results="csv").content == b"n\r\n299\r\n"
    assert ask(folder.path(after), f"ASK {{ <{EX}t6> ?p 'oak' }}").content == b'{"head":{},"boolean":true}'


def test_old_generations_are_taken_away(folder: StoreFolder):
    with folder.only_writer(wait=True):
        for revision in range(10, 15):
            folder.write(folder.state(), [], revision=revision)

    assert len([each for each in folder.where.iterdir() if each.is_dir()]) == 2


@pytest.mark.parametrize(
    "broken", [b"", b"{", b'{"generation": "gone", "revision": 3, "form": 1}', b'{"x": 1}']
)
def test_a_broken_state_is_none(folder: StoreFolder, broken: bytes):
    (folder.where / "state.json").write_bytes(broken)

    assert (folder.state().generation, folder.state().revision) == ("", 0)


def test_there_is_one_writer_at_a_time(folder: StoreFolder):
    with folder.only_writer(wait=True) as first, folder.only_writer(wait=False) as second:
        assert (first, second) == (True, False)

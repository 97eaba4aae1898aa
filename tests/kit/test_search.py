"""Search: words of three languages, facets, and an index that follows its table whatever happens to it."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.core.text import LANGUAGES
from tandem.kit import search
from tandem.kit.folding import fold
from tandem.kit.models import SearchEntry
from tandem.kit.search import SearchDocument
from tandem.kit.search.index import Index, _only_writer
from tandem.kit.search.queries import ENOUGH, PLENTY
from tandem.kit.search.snippets import Marker
from tandem.kit.search.terms import stem

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def where(settings: Any, tmp_path: Path) -> Path:
    """Return the folder of an index of its own."""
    settings.TANDEM = replace(settings.TANDEM, home=tmp_path)
    return tmp_path / "cache" / "search"


def document(uri: str, title: str, *, language: str = "de", text: str = "", **more: Any) -> SearchDocument:
    values: dict[str, Any] = {
        "uri": f"urn:{uri}",
        "room": "catalogue",
        "kind": "dataset",
        "titles": {language: title},
        "texts": {language: text} if text else {},
        "path": f"data/{uri}/",
        "updated_at": DAY,
        "city": "hamm",
    }
    return SearchDocument(**{**values, **more})


def found(query: str, *, language: str = "de", **more: Any) -> list[str]:
    results = search.search(query, language=language, **more)
    return [hit.uri.removeprefix("urn:") for hit in results.hits]


def total(query: str = "") -> int:
    return search.search(query, language="de").total


@pytest.fixture
def library() -> None:
    """Let the search know a small library in three languages."""
    search.put(
        [
            document("trees", "Baumkataster", text="Alle Bäume an den Straßen der Stadt."),
            document("alberi", "Alberi monumentali", language="it", text="Elenco degli alberi della città."),
            document("libraries", "Public libraries", language="en", text="Opening hours of every library."),
            document("schools", "Schulen und Kitas", text="Standorte, mit Straße und Hausnummer."),
            document("air", "Qualità dell'aria", language="it", text="Misurazioni di PM2,5 e biossido."),
            document("people", "Einwohner nach Stadtbezirk", text="Die Zahl der Personen am 31. Dezember."),
        ]
    )


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("Baumkataster", "trees"),
        ("baumkat", "trees"),
        ("Kataster", "trees"),
        ("Baum", "trees"),
        ("Bäume", "trees"),
        ("BAEUME", "trees"),
        ("strasse stadt", "trees"),
        ("Stadtstraßen", "trees"),
        ("albero", "alberi"),
        ("citta alberi", "alberi"),
        ("gli alberi della città", "alberi"),
        ("library", "libraries"),
        ("opened hour", "libraries"),
        ("Schule", "schools"),
        ("Where is the Schule?", "schools"),
        ("qualita aria", "air"),
        ("l'aria", "air"),
        ("Einwohnerzahl", "people"),
        ("Bezirk", "people"),
    ],
)
@pytest.mark.usefixtures("library")
def test_finds_what_is_meant(query: str, wanted: str):
    assert wanted in found(query)
    assert wanted in found(query, language="it")


@pytest.mark.parametrize("query", ["Baum Schule", "aster", "ast", "xylophon", "Bau Schu", "..."])
@pytest.mark.usefixtures("library")
def test_finds_nothing_else(query: str):
    expected = {"aster": ["trees"], "...": found("")}  # a compound ends with it; nothing was asked

    assert found(query) == expected.get(query, [])


APART = [
    document("title", "Zahl der Einwohner"),
    document("keyword", "Bericht", text="Die Zahl.", keywords={"de": ["Einwohner", "Zahlen"]}),
    document("text", "Einwohner nach Stadtbezirk", text="Die Zahl der Personen."),
]


@pytest.mark.parametrize(
    ("together", "wanted"),
    [(PLENTY - 1, {"title", "keyword", "text"}), (PLENTY, {"title", "keyword"}), (ENOUGH, set())],
)
def test_the_more_documents_have_a_compound_the_less_its_parts_apart_are_looked_for(
    together: int, wanted: set[str]
):
    whole = [document(f"whole{number}", "Einwohnerzahl") for number in range(together)]
    search.put([*APART, *whole])

    assert {uri for uri in found("Einwohnerzahl", limit=300) if "whole" not in uri} == wanted


def test_whether_parts_apart_are_looked_for_does_not_depend_on_chosen_facets():
    whole = [document(f"whole{number}", "Einwohnerzahl", city="arezzo") for number in range(ENOUGH)]
    search.put([*APART, *whole])

    assert (
        found("Einwohnerzahl", facets={"city": ["hamm"]}) == []
    )  # as many as the count beside the facet says
    assert search.search("Einwohnerzahl", language="de", facet_fields=["city"]).facet_counts == {
        "city": [("arezzo", ENOUGH)]
    }


def test_title_counts_more_than_text_and_a_beginning_in_a_title_more_than_a_text():
    search.put(
        [
            document("text", "Liste", text="Baum, Strauch und Hecke"),
            document("beginning", "Baumkataster"),
            document("title", "Baum und Strauch"),
            *(document(f"other{number}", "Etwas anderes") for number in range(20)),
        ]
    )

    assert found("Baum") == ["title", "beginning", "text"]


def test_own_language_comes_first():
    search.put(
        [document("de", "Park"), document("it", "Park", language="it"), document("en", "Park", language="en")]
    )

    assert [found("park", language=language)[0] for language in ("de", "it", "en")] == ["de", "it", "en"]


def test_other_languages_than_the_portals_are_found_too():
    search.put([document("nl", "Fietspaden", language="nl")])

    assert found("fietspaden") == ["nl"]


# --- narrowing down -----------------------------------------------------------------------------
@pytest.fixture
def shelf() -> None:
    """Let the search know documents with facets."""
    rows = [
        ("a", "hamm", ["ENVI"]),
        ("b", "hamm", ["ENVI", "TRAN"]),
        ("c", "arezzo", ["TRAN"]),
        ("d", "arezzo", []),
    ]
    search.put(
        [
            document(
                uri, f"Karte {uri}", city=city, facets={"theme": themes}, updated_at=DAY + timedelta(days=at)
            )
            for at, (uri, city, themes) in enumerate(rows)
        ]
    )
    search.put([document("m", "Karte m", room="exchange", kind="measure", facets={"year": ["2026-01-01"]})])


@pytest.mark.usefixtures("shelf")
def test_facets_are_counted_without_their_own_selection():
    fields = ["city", "theme", "kind", "year", "nothing"]
    results = search.search("karte", language="de", facets={"city": ["arezzo"]}, facet_fields=fields)

    assert results.total == 2
    assert results.facet_counts == {
        "city": [("hamm", 3), ("arezzo", 2)],
        "theme": [("TRAN", 1)],
        "kind": [("dataset", 2)],
        "year": [],
        "nothing": [],
    }


@pytest.mark.usefixtures("shelf")
def test_facets_of_one_field_are_any_and_of_several_all():
    assert sorted(found("", facets={"theme": ["ENVI", "TRAN"]})) == ["a", "b", "c"]
    assert found("", facets={"theme": ["ENVI", "TRAN"], "city": ["arezzo"]}) == ["c"]
    assert found("", facets={"year": ["2026-01-01"]}) == ["m"]
    assert found("", facets={"theme": ["nothing"]}) == []
    assert len(found("", facets={"theme": []})) == 5


@pytest.mark.usefixtures("shelf")
def test_rooms_and_kinds_narrow_down():
    assert found("karte", rooms=["exchange"]) == ["m"]
    assert found("karte", kinds=["measure", "nothing"]) == ["m"]
    assert len(found("karte", rooms=["catalogue"], kinds=["dataset"])) == 4
    assert found("karte", rooms=["catalogue"], kinds=["measure"]) == []


@pytest.mark.usefixtures("shelf")
def test_newest_first_where_asked_and_where_nothing_is_asked():
    assert found("karte", sort="newest", rooms=["catalogue"]) == ["d", "c", "b", "a"]
    assert found("", rooms=["catalogue"]) == ["d", "c", "b", "a"]


def test_pages_follow_each_other():
    search.put(
        [document(str(number), "Karte", updated_at=DAY + timedelta(days=number)) for number in range(25)]
    )
    pages = [found("karte", offset=offset, limit=10, sort="newest") for offset in (0, 10, 20, 30)]

    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [uri for page in pages for uri in page] == [str(number) for number in reversed(range(25))]
    assert total("karte") == 25


def test_asks_the_database_twice_however_much_is_found(django_assert_num_queries: Any):
    for many in (1, 30):
        search.put([document(str(number), "Karte") for number in range(many)])
        total("karte")
        with django_assert_num_queries(2):
            search.search(
                "karte", language="de", limit=30, facet_fields=["city", "kind"], facets={"city": ["hamm"]}
            )


# --- snippets -----------------------------------------------------------------------------------
def test_hits_carry_what_a_page_shows():
    search.put([document("a", "Bäume", text="Alle Straßenbäume.", facets={"theme": ["ENVI"]})])
    (hit,) = search.search("baum", language="it").hits

    assert (hit.uri, hit.room, hit.kind, hit.path, hit.city) == (
        "urn:a",
        "catalogue",
        "dataset",
        "data/a/",
        "hamm",
    )
    assert (hit.titles, hit.facets, hit.updated_at) == ({"de": "Bäume"}, {"theme": ["ENVI"]}, DAY)
    assert (hit.snippet, hit.snippet_language) == ("Alle <mark>Straßenbäume</mark>.", "de")


@pytest.mark.parametrize(
    ("asked", "text", "wanted"),
    [
        (["baum"], "Ein Baum & <b>mehr</b>", "Ein <mark>Baum</mark> &amp; &lt;b&gt;mehr&lt;/b&gt;"),
        (["baume"], "Der Baum", "Der <mark>Baum</mark>"),
        (
            ["script"],
            "<script>alert(1)</script>",
            "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;",
        ),
        (["kataster"], "Baumkataster", "<mark>Baumkataster</mark>"),
        (["a"], "an a", "an <mark>a</mark>"),
        ([], "Zeile\n\n  Zeile", "Zeile Zeile"),
        (["x"], "", ""),
    ],
)
def test_snippet_marks_words_and_escapes_everything(asked: list[str], text: str, wanted: str):
    assert Marker(asked).snippet(text) == wanted


def test_snippet_shows_the_part_that_fits():
    text = f"{'Vorher steht viel. ' * 200}Hier ist der Brunnen. {'Danach steht viel. ' * 200}"
    shown = Marker(["brunnen"]).snippet(text)

    assert "<mark>Brunnen</mark>" in shown
    assert (shown[:2], shown[-2:]) == ("… ", " …")
    assert len(shown) < 280


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüßàèé", min_size=1, max_size=14), st.sampled_from(LANGUAGES)
)
def test_a_stem_begins_as_its_word_does(word: str, language: str):
    assert stem(fold(word), language)[0] == fold(word)[0]


@given(st.text(max_size=400), st.lists(st.text(alphabet="abcdeä<&", min_size=1, max_size=4), max_size=3))
def test_snippet_is_always_safe(text: str, asked: list[str]):
    bare = Marker(asked).snippet(text, length=50).replace("<mark>", "").replace("</mark>", "")

    assert not set(bare) & set("<>\"'")


# --- an index that follows ----------------------------------------------------------------------
@pytest.fixture
def other(where: Path) -> Index:
    """Return the same index as another process sees it."""
    return Index(where)


def known(index: Index) -> int:
    index.catch_up()
    return int(index.searcher().num_docs)


def test_what_is_put_is_found_replaced_and_removed():
    search.put([document("a", "Brunnen"), document("b", "Brunnen")])
    before = found("brunnen")
    search.put([document("a", "Bänke")])
    search.remove(["urn:b", "urn:never-known"])

    assert sorted(before) == ["a", "b"]
    assert (found("brunnen"), found("bank"), total()) == ([], ["a"], 1)
    assert list(SearchEntry.objects.values_list("uri", flat=True)) == ["urn:a", "urn:b"]


def test_revisions_grow_with_every_change():
    for number in range(3):
        search.put([document("a", f"Brunnen {number}"), document(f"b{number}", "Bank")])
    rows = list(SearchEntry.objects.order_by("revision").values_list("uri", flat=True))

    assert rows == ["urn:b0", "urn:b1", "urn:a", "urn:b2"]
    assert SearchEntry.objects.values("revision").distinct().count() == 4


def test_two_processes_see_what_either_took_in(other: Index):
    search.put([document("a", "Brunnen")])
    assert known(other) == 1

    search.put([document("b", "Brunnen")])
    assert total("brunnen") == 2
    assert known(other) == 2


def test_while_another_process_writes_what_is_there_is_searched(where: Path, other: Index):
    search.put([document("a", "Brunnen")])
    assert total() == 1
    with _only_writer(where) as mine:
        search.put([document("b", "Brunnen")])
        counts = (total(), known(other))

    assert (mine, counts) == (True, (1, 1))
    assert (total(), known(other), search.documents_behind()) == (2, 2, 0)


def test_while_another_process_makes_the_first_index_nothing_is_found(where: Path):
    search.put([document("a", "Brunnen")])
    with _only_writer(where):
        assert (total(), search.documents_behind()) == (0, 1)

    assert total() == 1


def put_and_roll_back() -> None:
    """Let the search know two documents, search, and take both back."""
    with transaction.atomic():
        search.put([document("b", "Brunnen"), document("c", "Brunnen")])
        assert {"b", "c"} <= set(found("brunnen"))
        transaction.set_rollback(True)


def test_what_was_rolled_back_is_not_found(other: Index):
    search.put([document("a", "Brunnen")])
    put_and_roll_back()

    assert (found("brunnen"), total(), known(other)) == (["a"], 1, 1)


def test_what_was_rolled_back_is_not_found_after_another_change():
    put_and_roll_back()
    search.put([document("c", "Brunnen")])

    assert (found("brunnen"), total()) == (["c"], 1)


def test_another_table_gets_another_index(other: Index):
    search.put([document("a", "Brunnen")])
    assert known(other) == 1
    SearchEntry.objects.all().delete()

    assert (total(), known(other)) == (0, 0)


def segments(where: Path) -> Iterator[Path]:
    return (path for path in where.glob("*/*") if path.is_file() and "lock" not in path.name)


def remove_everything(where: Path) -> None:
    for path in [*segments(where), where / "state.json"]:
        path.unlink()


def remove_generation(where: Path) -> None:
    for path in where.glob("*/"):
        shutil.rmtree(path)


def remove_segments(where: Path) -> None:
    for path in segments(where):
        path.unlink()


def garble_segments(where: Path) -> None:
    for path in segments(where):
        path.write_bytes(b"\x00garbage\xff" * 9)


def garble_state(where: Path) -> None:
    (where / "state.json").write_text("{not JSON", "utf-8")


def make_outdated(where: Path) -> None:
    state = json.loads((where / "state.json").read_text("utf-8"))
    (where / "state.json").write_text(json.dumps({**state, "form": 0}), "utf-8")


@pytest.mark.parametrize(
    "harm",
    [remove_everything, remove_generation, remove_segments, garble_segments, garble_state, make_outdated],
    ids=lambda f: f.__name__,
)
def test_a_harmed_index_is_made_anew(harm: Any, where: Path):
    search.put([document("a", "Brunnen"), document("b", "Brunnen")])
    assert total() == 2
    harm(where)

    assert known(Index(where)) == 2
    search.put([document("c", "Brunnen")])
    assert (total(), known(Index(where))) == (3, 3)
    assert len([path for path in where.iterdir() if path.is_dir()]) == 1


def test_a_folder_that_was_taken_away_comes_back(where: Path):
    search.put([document("a", "Brunnen")])
    assert total() == 1
    shutil.rmtree(where)

    assert total() == 1


def test_rebuild_counts_what_is_known():
    search.put([document("a", "Brunnen"), document("b", "Bank")])
    search.remove(["urn:b"])

    assert (search.rebuild(), total(), search.documents_behind()) == (1, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_many_threads_may_make_the_first_index_at_once():
    search.put([document(str(number), "Brunnen") for number in range(20)])
    counts: list[int | Exception] = []

    def ask() -> None:
        try:
            counts.append(total("brunnen"))
        except Exception as error:
            counts.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts == [20] * 6


# --- what people type ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        "*",
        "?",
        "a* OR b",
        '"',
        "title:x",
        "((",
        "[a TO b]",
        "\\",
        "\x00",
        "x" * 5_000,
        "ß" * 300,
        "a " * 500,
        "½ ﷺ ㎡",
    ],
)
@pytest.mark.usefixtures("library")
def test_strange_queries_are_answered(query: str):
    for sort in ("relevance", "newest", "nonsense"):
        results = search.search(query, language="de", sort=sort, facet_fields=["city"])
        assert len(results.hits) <= results.total
    assert all(search.suggest(query))


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_query_is_answered(query: str):
    results = search.search(query, language="de", facet_fields=["city"])

    assert len(results.hits) <= results.total


def test_far_pages_are_answered():
    search.put([document("a", "Brunnen")])

    assert found("brunnen", offset=10**9) == []


# --- other spellings ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("Baumkatsater", "Baumkataster"),
        ("Schuln Kitas", "Schulen Kitas"),
        ("Einwonher nach Stadtbezrik", "Einwohner nach Stadtbezirk"),
        ("qualitta aria", "Qualità aria"),
        ("Baumkataster", ""),
        ("xylophon", ""),
        ("Schuln xylophon", ""),
        ("", ""),
    ],
)
@pytest.mark.usefixtures("library")
def test_suggests_the_nearest_spelling_that_finds_something(query: str, wanted: str):
    assert search.suggest(query) == wanted


def test_of_two_that_fit_alike_the_more_useful_comes_first():
    search.put([document(name, "Bäume", usefulness=step) for name, step in (("a", 0), ("b", 5), ("c", 2))])

    assert found("Bäume") == ["b", "c", "a"]


def test_where_no_word_is_asked_for_the_most_useful_come_first_and_of_those_the_newest():
    made = (("a", 1, 1), ("b", 3, 2), ("c", 3, 5), ("d", 2, 9))
    search.put(
        [
            document(name, "Bäume", usefulness=step, updated_at=datetime(2026, 1, day, tzinfo=UTC))
            for name, step, day in made
        ]
    )

    assert found("") == ["c", "b", "d", "a"]


def test_usefulness_never_puts_a_mere_mention_before_a_title():
    search.put(
        [
            document("title", "Bäume"),
            document("text", "Bericht", text="Auch Bäume.", usefulness=5),
            *(document(f"other{number}", f"Anderes {number}", usefulness=3) for number in range(20)),
        ]
    )

    assert found("Bäume") == ["title", "text"]


WORDS = [
    "Baum",
    "Bäume",
    "Baumkataster",
    "Kataster",
    "Straße",
    "Straßenbaum",
    "alberi",
    "albero",
    "Zahl",
    "bus",
]
WORDS += ["Einwohner", "Einwohnerzahl", "Verkehrszählungsstelle", "Verkehrszählung", "library", "Libraries"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
SAID = st.tuples(st.sampled_from(["de", "it", "en", "nl"]), TEXT, TEXT, st.integers(0, 5))


@given(
    st.lists(SAID, max_size=12), st.lists(st.sampled_from([*WORDS, "bau", "verkehrsz", "zähl"]), max_size=3)
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_pages_hold_each_document_that_is_counted_once(
    said: list[tuple[str, str, str, int]], asked: list[str]
):
    SearchEntry.objects.all().delete()
    search.put(
        document(str(number), title, language=language, text=text, usefulness=useful)
        for number, (language, title, text, useful) in enumerate(said)
    )
    query = " ".join(asked)
    pages = [found(query, offset=offset, limit=2) for offset in range(0, len(said) + 2, 2)]
    one_page = found(query, limit=50)

    assert [uri for page in pages for uri in page] == one_page
    assert len(set(one_page)) == len(one_page) == total(query)
    assert sorted(found(query, sort="newest", limit=50)) == sorted(one_page)


def test_what_has_all_words_in_its_title_comes_before_whatever_else():
    search.put(
        [
            document("named", "Schulen mit Bäumen"),
            document("half", "Bäume, Bäume, Bäume", text="Auch an Schulen. " * 20, usefulness=5),
            document("text", "Bericht", text="Schulen und Bäume. " * 20, usefulness=5),
        ]
    )

    assert found("Baum Schule") == ["named", "half", "text"]


@pytest.mark.parametrize("query", ["Verkehrszählung", "verkehrszähl", "zählungsstell"])
def test_long_words_are_found_by_long_beginnings(query: str):
    search.put([document("a", "Die Verkehrszählungsstellen"), document("b", "Verkehr und Kosten")])

    assert found(query) == ["a"]

"""Search with four counts to narrow down by: SQLite's FTS5 and Tandem on the same documents, in process.

    .venv/bin/python benchmarks/search.py [DOCUMENTS]

Documents are made up: titles, texts and keywords of 20,000 German and 20,000 Italian words, common and rare ones as
texts have them, with theme, format, licence and city. All are asked the same 400 queries of one to four words, each
with the first twenty hits and the counts of four facets. SQLite gets an index for words and one for each facet; it
knows neither stems, nor compounds, nor other spellings, so its work is the smaller one. Tantivy by itself, the library
that Tandem's search is made with, is asked for stems in three fields of two languages: what is left to gain. Tandem's
page is the whole page of the list of datasets over WSGI.
"""

import json
import logging
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import quantiles
from typing import Any

WORDS = {
    "de": "Baum Straße Schule Luft Wasser Verkehr Haushalt Rad Park Brunnen Einwohner Wahl Lärm Bus Müll Markt Kita "
    "Spielplatz Bebauung Fläche Messwert Zählung Standort Verzeichnis Statistik Plan Bericht Karte Liste Bestand",
    "it": "albero strada scuola aria acqua traffico bilancio bicicletta parco fontana abitante elezione rumore autobus "
    "rifiuto mercato asilo gioco edificio area misura conteggio luogo elenco statistica piano rapporto mappa lista",
}
PLACES = ["Nord", "Süd", "Mitte", "Ost", "West", "Heessen", "Bockum", "Pelkum", "Uentrop", "Rhynern"]
PLACES += ["Centro", "Giotto", "Saione", "Pescaiola", "Rigutino"]
THEMES, FORMATS = [f"T{number}" for number in range(13)], ["CSV", "JSON", "XLSX", "GEOJSON", "PDF", "WMS"]
LICENCES, CITIES = ["CC_BY_4_0", "CC0", "DL_DE_BY", "IODL"], ["hamm", "arezzo"]
QUERIES = 400
VOCABULARY = 20_000  # words of a language


class Vocabulary:
    """Words of a language as texts have them: the rank of a word says how often it is written (Zipf, Mandelbrot).

    The commonest are the words above, then their compounds, then words made of syllables.
    """

    def __init__(self, common: Sequence[str]) -> None:
        chance = random.Random(len(common))
        compounds = [first + second.lower() for first in common for second in common if first != second]
        syllables = [
            first + vowel for first in "bdfghklmnprstvwz" for vowel in ("a", "e", "i", "o", "u", "er", "an")
        ]
        made = (
            "".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4))))
            for _each in range(4 * VOCABULARY)
        )
        self.words = list(dict.fromkeys([*common, *compounds, *made]))[:VOCABULARY]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(1, len(self.words) + 1)))

    def some(self, chance: random.Random, count: int) -> list[str]:
        """Return words by chance, the common ones more often."""
        return chance.choices(self.words, cum_weights=self._weights, k=count)


VOCABULARIES = {language: Vocabulary(words.split()) for language, words in WORDS.items()}


def documents(count: int) -> Iterator[dict[str, Any]]:
    """Yield made-up documents, always the same."""
    chance = random.Random(7)
    for number in range(count):
        language = "de" if chance.random() < 0.6 else "it"
        known = VOCABULARIES[language]
        title = " ".join([*known.some(chance, 2), chance.choice(PLACES), str(number % 997)])
        yield {
            "uri": f"https://example.org/{number}",
            "language": language,
            "title": title,
            "text": " ".join([*known.some(chance, 38), *chance.choices(PLACES, k=2)]),
            "keywords": known.some(chance, 3),
            "theme": chance.choice(THEMES),
            "format": chance.choice(FORMATS),
            "licence": chance.choice(LICENCES),
            "city": CITIES[language == "it"],
        }


def queries() -> list[str]:
    """Return made-up queries, always the same: common words are asked for more often, and places."""
    chance = random.Random(11)
    asked = []
    for _each in range(QUERIES):
        words = VOCABULARIES[chance.choice(("de", "it"))].some(chance, chance.choice((1, 1, 2, 3)))
        asked.append(" ".join([*words, chance.choice(PLACES)] if chance.random() < 0.2 else words))
    return asked


def timed(ask: Callable[[str], object]) -> tuple[float, float]:
    """Return p50 and p99 of the CPU time of a query, in milliseconds."""
    spent = []
    asked = queries()
    for query in asked[:20]:
        ask(query)
    for query in asked:
        begun = time.process_time()
        ask(query)
        spent.append((time.process_time() - begun) * 1000)
    cuts = quantiles(spent, n=100)
    return cuts[49], cuts[98]


def peer(count: int, folder: Path) -> Callable[[str], object]:
    """Return what asks SQLite."""
    base = sqlite3.connect(folder / "peer.sqlite3")
    base.execute(
        "CREATE VIRTUAL TABLE found USING fts5(title, text, keywords, tokenize='unicode61 remove_diacritics 2')"
    )
    base.execute("CREATE TABLE facet (id INTEGER PRIMARY KEY, theme, format, licence, city)")
    for number, each in enumerate(documents(count), start=1):
        texts = (number, each["title"], each["text"], " ".join(each["keywords"]))
        base.execute("INSERT INTO found (rowid, title, text, keywords) VALUES (?, ?, ?, ?)", texts)
        facets = (number, each["theme"], each["format"], each["licence"], each["city"])
        base.execute("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", facets)
    base.commit()

    def ask(query: str) -> object:
        words = " AND ".join(f'"{word}"' for word in query.split())
        hits = base.execute(
            "SELECT rowid, title FROM found WHERE found MATCH ? ORDER BY bm25(found, 6, 1, 3) LIMIT 20",
            (words,),
        ).fetchall()
        counts = [
            base.execute(
                f"SELECT {name}, count(*) FROM facet WHERE id IN (SELECT rowid FROM found WHERE found MATCH ?) "
                f"GROUP BY {name}",
                (words,),
            ).fetchall()
            for name in ("theme", "format", "licence", "city")
        ]
        return hits, counts

    return ask


def bare(count: int, folder: Path) -> Callable[[str], object]:
    """Return what asks tantivy for stems in titles, texts and keywords, and for nothing else."""
    import tantivy
    from tantivy import Filter, Occur, Query

    languages, weights = {"de": "german", "it": "italian"}, {"title": 6.0, "text": 1.0, "keywords": 3.0}
    facets = ("theme", "format", "licence", "city")
    builder = tantivy.SchemaBuilder()
    for language in languages:
        for part in weights:
            builder.add_text_field(f"{part}_{language}", tokenizer_name=language, index_option="freq")
    for name in facets:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", stored=True)
    schema = builder.build()
    folder.mkdir()
    index = tantivy.Index(schema, str(folder))
    rules = {}
    for language, name in languages.items():
        words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(Filter.lowercase())
        rules[language] = words.filter(Filter.ascii_fold()).filter(Filter.stemmer(name)).build()
        index.register_tokenizer(language, rules[language])
    writer = index.writer(50_000_000, 1)
    for number, each in enumerate(documents(count)):
        made = tantivy.Document(number=number, **{name: each[name] for name in facets})
        for part in weights:
            said = each[part] if isinstance(each[part], str) else " ".join(each[part])
            made.add_text(f"{part}_{each['language']}", said)
        writer.add_document(made)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def has(word: str) -> Query:
        places = [
            (Query.term_query(schema, f"{part}_{language}", rules[language].analyze(word)[0]), weight)
            for language in languages
            for part, weight in weights.items()
        ]
        return Query.boolean_query(
            [(Occur.Should, Query.boost_query(each, weight)) for each, weight in places]
        )

    def ask(query: str) -> object:
        asked = Query.boolean_query([(Occur.Must, has(word)) for word in query.split()])
        hits = [searcher.doc(at)["number"] for _score, at in searcher.search(asked, 20, False).hits]
        return hits, searcher.aggregate(
            asked, {name: {"terms": {"field": name, "size": 1_000}} for name in facets}
        )

    return ask


def installation(folder: Path) -> None:
    """Make an installation in a folder, and start Django for it."""
    home = folder / "hamm"
    make = [sys.executable, "-m", "tandem.cli", "init", str(home), "--city", "hamm"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    os.environ |= {"TANDEM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tandem.site.settings"}
    import django

    django.setup()
    logging.disable(logging.INFO)


def fill(count: int) -> float:
    """Publish the documents as datasets, and return the seconds that the index took."""
    from django.db import transaction

    from tandem.catalogue.models import Dataset
    from tandem.kit import search

    first = datetime(2026, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        batch: list[search.SearchDocument] = []
        rows: list[Dataset] = []
        for number, each in enumerate(documents(count)):
            at = first + timedelta(seconds=number)
            batch.append(
                search.SearchDocument(
                    uri=each["uri"],
                    room="catalogue",
                    kind="dataset",
                    titles={each["language"]: each["title"]},
                    texts={each["language"]: each["text"]},
                    keywords={each["language"]: each["keywords"]},
                    path=f"data/d{number}/",
                    updated_at=at,
                    facets={name: [each[name]] for name in ("theme", "format", "licence")},
                    city=each["city"],
                    usefulness=number % 6,
                )
            )
            rows.append(
                Dataset(
                    iri=each["uri"],
                    slug=f"d{number}",
                    status="published",
                    sort_title=each["title"],
                    changed_at=at,
                    description={"titles": {each["language"]: each["title"]}},
                )
            )
            if len(batch) == 5_000:
                search.put(batch)
                Dataset.objects.bulk_create(rows)
                batch, rows = [], []
        search.put(batch)
        Dataset.objects.bulk_create(rows)
    begun = time.process_time()
    search.rebuild()
    return time.process_time() - begun


def ours(query: str) -> object:
    """Ask Tandem, as its pages do."""
    from tandem.kit import search

    return search.search(query, language="de", facet_fields=["theme", "format", "licence", "city"], limit=20)


def page(query: str) -> object:
    """Fetch the whole page."""
    from django.test import Client

    answer = Client(headers={"host": "localhost"}).get("/de/data/", {"q": query})
    if answer.status_code != 200:
        sys.exit(f"the page answered {answer.status_code}")
    return answer


def show(rows: Sequence[tuple[str, float, float]]) -> None:
    """Print the table."""
    print(f"{'':34}{'p50 ms':>10}{'p99 ms':>10}")
    for name, middle, worst in rows:
        print(f"{name:34}{middle:10.2f}{worst:10.2f}")


def main() -> None:
    """Run both and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs = timed(peer(count, folder))
        least = timed(bare(count, folder / "bare"))
        installation(folder)
        built_s = fill(count)
        found = timed(ours)
        whole = timed(page)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            page("Baum Straße")
    print(
        f"{count} documents, {QUERIES} queries, 20 hits and 4 counts each; index built in {built_s:.0f} s of CPU"
    )
    show(
        [
            ("SQLite FTS5", *theirs),
            ("tantivy by itself, stems alone", *least),
            ("Tandem, in process", *found),
            ("Tandem, page of the list", *whole),
        ]
    )
    print(f"{len(asked)} database queries a page")
    print(
        json.dumps({"ratio_p50": round(theirs[0] / found[0], 1), "ratio_p99": round(theirs[1] / found[1], 1)})
    )


if __name__ == "__main__":
    main()

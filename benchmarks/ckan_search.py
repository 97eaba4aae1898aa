"""Claim: with 100,000 datasets, CKAN's package_search answers within 0.2 s, with facets and in at most 8 queries.

CKAN itself with its Solr and PostgreSQL is no peer that can be installed here; the figures are absolute. Everything is
asked of a running portal on loopback, one request after another, as clients do; queries and CPU time are counted in a
second run without the network.

Usage: python benchmarks/ckan_search.py [DATASETS]
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

from table_pages import TANDEM, free_port, milliseconds, serving

QUESTIONS = {
    "words": {"q": "straßenbäume 77"},
    "words and facets": {
        "q": "bäume",
        "facet.field": '["organization","tags","groups","res_format","license_id"]',
    },
    "fq": {
        "fq": "organization:amt-7 AND tags:(tag-1 OR tag-2*) -res_format:XML",
        "sort": "metadata_modified desc",
    },
    "everything, facets": {"q": "*:*", "facet.field": '["organization","tags","groups","res_format"]'},
    "harvester, first page": {"rows": "100", "start": "0", "sort": "id asc"},
    "harvester, middle": {"rows": "100", "start": "50000", "sort": "id asc"},
    "harvester, last page": {"rows": "100", "start": "99900", "sort": "id asc"},
    "harvester, what changed": {
        "rows": "100",
        "sort": "id asc",
        "fq": "metadata_modified:[2024-06-01T00:00:00Z TO *]",
    },
    "by name, first page": {"rows": "20", "sort": "name asc"},
    "by name, 1,000 down": {"rows": "20", "start": "1000", "sort": "name asc"},
}
FILL = """
import os, pathlib, sys
from tandem.site.bootstrap import setup
setup(pathlib.Path(os.environ["TANDEM_HOME"]))
from datetime import UTC, datetime, timedelta
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import AgentDescription, ContactDescription, DatasetDescription
from tandem.catalogue.domain.description import DistributionDescription, to_json
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets, indexing
from tandem.kit import search

begin, total, batch = datetime(2020, 1, 1, tzinfo=UTC), int(sys.argv[1]), 2000
themes, licences = [t.iri for t in vocabulary.THEMES], vocabulary.LICENCES.terms
kinds = [f"{vocabulary.AUTHORITY}/file-type/{code}" for code in ("CSV", "JSON", "XML", "GEOJSON")]
for first in range(0, total, batch):
    rows, parts = [], []
    for n in range(first, min(first + batch, total)):
        described = DatasetDescription(
            iri=f"https://a.example/{n}",
            titles={"de": f"{'Straßenbäume' if n % 5 else 'Radwege'} Bezirk {n % 1000}, Ausgabe {n}"},
            descriptions={"de": f"Beschreibung des Datensatzes {n} mit einigen Worten, wie sie üblich sind. " * 3},
            keywords={"de": (f"tag-{n % 5000}", f"tag-{n % 300}", f"tag-{n % 7}")},
            themes=(themes[n % 13],),
            publisher=AgentDescription({"de": f"Amt {n % 60}"}),
            contacts=(ContactDescription(f"Stelle {n % 60}", f"stelle-{n % 60}@a.example"),),
            frequency=f"{vocabulary.AUTHORITY}/frequency/ANNUAL",
            identifiers=(str(n),),
        )
        row = Dataset(iri=described.iri, slug=f"d-{n:06}", status="published", description=to_json(described),
            sort_title=described.titles["de"].lower(), changed_at=begin + timedelta(minutes=n * 25), published_at=begin)
        rows.append(row)
        for at in range(2):
            part = DistributionDescription(f"{described.iri}/{at}", access_url=f"{described.iri}/{at}/x",
                titles={"de": "Datei"}, format=kinds[(n + at) % 4], licence=licences[n % 4].iri)
            parts.append(Distribution(dataset=row, position=at, description=to_json(part)))
    Dataset.objects.bulk_create(rows)
    Distribution.objects.bulk_create(parts)
    wanted = datasets.with_parts(Dataset.objects.filter(pk__in=[row.pk for row in rows]))
    search.put([indexing.search_document(row) for row in wanted])
print(search.rebuild())
"""
COUNT = """
import json, logging, os, pathlib, sys, time
from tandem.site.bootstrap import setup
setup(pathlib.Path(os.environ["TANDEM_HOME"]))
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
logging.disable(logging.INFO)
client, counts = Client(HTTP_HOST="localhost"), {}
for name, asked in json.loads(sys.argv[1]).items():
    client.get("/api/3/action/package_search", asked)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get("/api/3/action/package_search", asked)
    asked_of_the_database, spent = len(caught), []
    for _ in range(7):
        begun = time.process_time()
        client.get("/api/3/action/package_search", asked)
        spent.append(1000 * (time.process_time() - begun))
    counts[name] = (asked_of_the_database, answer.json()["result"]["count"], sorted(spent)[3])
print(json.dumps(counts))
"""


def main(count: int) -> None:
    """Fill an installation, ask, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "hamm", free_port()
        subprocess.run([*TANDEM, "init", str(home), "--city", "hamm"], check=True, stdout=subprocess.DEVNULL)
        os.environ["TANDEM_SERVER_URL"] = f"http://localhost:{port}"
        here = {**os.environ, "TANDEM_HOME": str(home)}
        subprocess.run([sys.executable, "-c", FILL, str(count)], check=True, env=here)
        counted = subprocess.run(
            [sys.executable, "-c", COUNT, json.dumps(QUESTIONS)],
            check=True,
            env=here,
            capture_output=True,
            text=True,
        )
        queries = json.loads(counted.stdout.splitlines()[-1])
        base = f"http://127.0.0.1:{port}"
        figures = {}
        with serving([*TANDEM, "--home", str(home), "serve", "--port", str(port)], f"{base}/healthz"):
            for name, asked in QUESTIONS.items():
                figures[name] = milliseconds(
                    f"{base}/api/3/action/package_search?{urllib.parse.urlencode(asked)}"
                )
    print(f"\npackage_search of {count:,} datasets")
    for name, spent in figures.items():
        count, total, cpu_ms = queries[name]
        print(f"  {name:<26} {spent:8.1f} ms  {cpu_ms:8.1f} ms CPU  {count} queries  {total:>7,} found")
    print(json.dumps({"title": "package_search", "rows": figures, "queries": queries}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

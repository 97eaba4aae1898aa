"""Claim: with 2,000 ideas a list, an idea and the map's points take at most 8 queries, 60 pages a second, 60 kB.

The peer (adhocracy+) is five services on PostgreSQL and Node and is not run here; its figures are those that were
taken with 2,000 ideas: list 145 queries and 234 ms of CPU, idea 56 queries and 55 ms, map 8,073 queries, 8.8 s and
1.24 MB.

Usage: python benchmarks/participation_pages.py [IDEAS]
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

TIMES = 20
PEER = {"list": (145, 234.0), "idea": (56, 55.0), "points": (8_073, 8_800.0)}
PEER_POINTS_BYTES = 1_240_000


def main(count: int) -> None:
    """Make an installation with so many ideas, and measure its pages in this process."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "hamm"
        make = [sys.executable, "-m", "tandem.cli", "init", str(home), "--city", "hamm"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        os.environ |= {"TANDEM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tandem.site.settings"}
        import django

        django.setup()
        base = fill(count)
        for name, path in (("list", ""), ("idea", "ideas/1000/"), ("points", "ideas/points.geojson")):
            show(name, f"{base}{path}")


def fill(count: int) -> str:
    """Make a process with so many ideas with places, and return the address of its phase."""
    from django.utils import timezone

    from tandem.participation.models import Comment, Contribution, Participant
    from tandem.participation.services import processes, projects

    now = timezone.now()
    texts = {"de": "Platz", "en": "Square"}
    project = projects.begin(titles=texts, person=None, now=now, summaries=texts)
    projects.publish(project, person=None, now=now)
    process = processes.begin(project, code="ideas", titles=texts, opens_at=now, person=None, now=now)
    processes.publish(process, person=None, now=now)
    author = Participant.objects.create(kind="guest", language="de")
    common = {
        "process": process,
        "phase": process.phases.get(),
        "kind": "idea",
        "language": "de",
        "participant": author,
    }
    rows = [
        Contribution(
            number=number,
            title=f"Idee {number}: mehr Schatten an der Ecke {number % 97}",
            text="Hier fehlt Schatten. " * 20,
            latitude=51.6 + (number * 37 % 1_999) / 20_000,
            longitude=7.7 + (number * 53 % 1_997) / 10_000,
            author_label="Person",
            **common,
        )
        for number in range(1, count + 1)
    ]
    Contribution.objects.bulk_create(rows)
    some = Contribution.objects.get(number=min(1_000, count))
    Comment.objects.bulk_create(
        Comment(contribution=some, text="Ja.", author_label="Person") for _each in range(50)
    )
    return f"/de/take-part/{process.slug}/1/"


def show(name: str, path: str) -> None:
    """Print queries, CPU time, size and pages a second of one address, beside the peer's."""
    from django.db import connection
    from django.test import Client

    client, asked = Client(HTTP_HOST="localhost"), []

    def count(execute: Any, *arguments: Any) -> Any:
        asked.append(arguments[0])
        return execute(*arguments)

    client.get(path)
    with connection.execute_wrapper(count):
        answer = client.get(path)
    if answer.status_code != 200:
        sys.exit(f"{path} answers {answer.status_code}")
    spent = []
    for _time in range(TIMES):
        begun = time.process_time()
        client.get(path)
        spent.append(1_000 * (time.process_time() - begun))
    cpu_ms, (peer_queries, peer_ms) = median(spent), PEER[name]
    size = (
        f", {len(answer.content) / 1_000:.1f} kB (peer {PEER_POINTS_BYTES / 1_000:,.0f} kB)"
        if name == "points"
        else ""
    )
    print(
        f"{name:7} {len(asked)} queries (peer {peer_queries:,}), {cpu_ms:.1f} ms CPU (peer {peer_ms:,.0f}): "
        f"{peer_ms / cpu_ms:.1f} times faster, {1_000 / cpu_ms:.0f} a second{size}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)

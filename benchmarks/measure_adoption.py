"""Claim: adopting a partner's measure with four parts takes at most 2 s of the machine's time, from bundle to undone.

Two installations are made, Hamm and Arezzo, with their example content. In Hamm a version is given out of its measure
of the traffic light (a dataset, an indicator and a junction) with a participation blueprint besides. In Arezzo the key
is pinned, and one person who has all the roles goes the whole way by the pages: takes the bundle in, plans, adopts,
attaches a simulation, looks at each part and signs it off, has the junction file approved, puts all to use, and
takes it back. Measured is the time of the process, page by page, everything that a browser waits for included but
the network.

Usage: python benchmarks/measure_adoption.py [--folder FOLDER]   (FOLDER is made, and used again)
"""

import argparse
import contextlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LIMIT_S = 2.0
ROLES = ["exchange:exchange-officer", "catalogue:publisher", "participation:planner"]
ENGINEER = "junctions:traffic-engineer"
INPUTS = {
    "responsible": "Ufficio traffico",
    "interval": "yearly",
    "title": "Via del Mercato / Via del Mulino",
    "latitude": "43,4631",
    "longitude": "11,8782",
    "way": "show",
    "first-day_day": "1",
    "first-day_month": "9",
    "first-day_year": "2027",
}
PACK = """
import json
from django.utils import timezone
from tandem.exchange.models import Measure
from tandem.exchange.services import keys, measure_parts, releasing
now = timezone.now()
light = Measure.objects.get(slug="intelligente-ampel-hesslerstrasse-marker-allee")
ideas = Measure.objects.get(slug__contains="ideen")
part = next(each for each in ideas.parts.all() if each.kind == "participation")
if not light.parts.filter(kind="participation").exists():
    measure_parts.add_part(light, part.kind, measure_parts.reference_of(part), person=None, now=now)
    releasing.release(light, number="1.1.0", changes={"de": "Mit Blaupause"}, person=None, now=now)
print("PACKED", json.dumps([light.versions.get(number="1.1.0").stored, keys.fingerprint()]))
"""


def tandem(home: Path, *arguments: str, said: str = "") -> str:
    """Run a command for an installation, and return what it printed."""
    command = [sys.executable, "-m", "tandem.cli", "--home", str(home), *arguments]
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"tandem {' '.join(arguments)}: {done.stderr or done.stdout}")
    return done.stdout


def make(folder: Path, city: str) -> Path:
    """Make an installation with its example content, unless it is there."""
    home = folder / city
    if not (home / "tandem.toml").exists():
        tandem(home, "init", str(home), "--city", city)
        tandem(home, "example", "load", "--password-stdin", said="correct horse battery staple\n")
    return home


def packed(hamm: Path) -> tuple[bytes, str]:
    """Return Hamm's bundle with four parts, and the fingerprint of its key."""
    printed = tandem(hamm, "manage", "shell", "-c", PACK)
    stored, fingerprint = json.loads(re.search(r"^PACKED (.*)$", printed, re.MULTILINE).group(1))
    return (hamm / "files" / stored).read_bytes(), fingerprint


class Way:
    """One person's way through the pages, with the time that each takes."""

    def __init__(self) -> None:
        from django.test import Client
        from django.utils import timezone

        from tandem.accounts.services.people import create_person

        name = f"{timezone.now():%H%M%S%f}"
        people = [
            create_person(f"{name}-{number}@arezzo.example", "", None, "it", [*ROLES, ENGINEER])
            for number in (1, 2)
        ]
        self.clients = [Client(headers={"host": "localhost"}) for _each in people]
        for client, person in zip(self.clients, people, strict=True):
            client.force_login(person)
        self.spent: dict[str, float] = {}

    def _timed(self, step: str, ask: Any) -> Any:
        begun = time.process_time()
        answer = ask()
        self.spent[step] = self.spent.get(step, 0.0) + time.process_time() - begun
        if answer.status_code not in {200, 302} or "/account/" in answer.headers.get("Location", ""):
            wrong = re.search(r"error-summary.*?</ul>|<main.*", answer.content.decode(), re.DOTALL)
            said = re.sub(r"<[^>]+>|\s+", " ", wrong[0] if wrong else str(answer.headers))
            sys.exit(f"{step}: {answer.status_code}: {said[:1000]}")
        return answer

    def get(self, step: str, path: str, who: int = 0) -> str:
        """Open a page."""
        return self._timed(step, lambda: self.clients[who].get(f"/it/{path}")).content.decode()

    def post(self, step: str, path: str, /, who: int = 0, **data: Any) -> str:
        """Send a form; return where it leads."""
        return self._timed(step, lambda: self.clients[who].post(f"/it/{path}", data)).headers.get(
            "Location", ""
        )


def go(way: Way, bundle: bytes) -> int:
    """Go the whole way; return how many parts were adopted."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tandem.exchange.models import Adoption, MeasureVersion
    from tandem.junctions import examples
    from tandem.junctions.models import Junction

    way.get("take the bundle in", "measures/take-in/")
    way.post("take the bundle in", "measures/take-in/", file=SimpleUploadedFile("measure.zip", bundle))
    version = MeasureVersion.objects.select_related("measure").get(measure__city="hamm", number="1.1.0")
    path = f"measures/{version.measure.slug}/adopt/1.1.0/"
    page = way.get("plan", path)
    names = re.findall(r'name="(input-[^"]+)"', page)
    given = {name: value for name in names for key, value in INPUTS.items() if name.endswith(f"-{key}")}
    typed = dict(re.findall(r'<input type="text" name="(input-[^"]+)" value="([^"]*)"', page))
    way.post("plan", path, then="plan", **typed, **given)
    way.post("adopt", path, then="adopt", **typed, **given)
    row = Adoption.objects.latest("begun_at")
    one = f"adoptions/{row.pk}/"
    way.get("adoption page", one)
    junction = Junction.objects.latest("created_at")
    results = (Path(examples.__file__).parent / "hamm.results.jsonl").read_bytes()
    way.post(
        "evaluation",
        f"junctions/{junction.slug}/evaluations/new/",
        who=1,
        titles_it="Prima e dopo",
        results=SimpleUploadedFile("results.jsonl", results),
        version="1",
        made_on_day="1",
        made_on_month="9",
        made_on_year="2026",
    )
    for part in row.parts:
        kind, name = part["key"].split("/")
        below = f"{one}parts/{kind}/{name}/"
        if kind == "signal":
            chosen = re.search(
                r'name="result" value="([^"]+)"', way.get("simulation", f"{below}simulation/", who=1)
            )
            way.post("simulation", f"{below}simulation/", who=1, result=chosen.group(1))
        seen = re.search(r'name="seen" value="(\w+)"', way.get("sign-off", f"{below}sign-off/", who=1)).group(
            1
        )
        way.post("sign-off", f"{below}sign-off/", who=1, seen=seen, note="Visto.")
    way.post("two engineers approve", f"junctions/{junction.slug}/file/1/", who=0, step="propose")
    way.post("two engineers approve", f"junctions/{junction.slug}/file/1/", who=1, step="approve")
    way.get("put to use", f"{one}go-live/")
    way.post("put to use", f"{one}go-live/")
    row.refresh_from_db()
    if row.state != "live":
        sys.exit(f"the adoption is {row.state}, not live")
    way.get("adoption page", one)
    return len(row.parts)


def main() -> None:
    """Make both cities, go the way, and print what each step took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="made, and used again")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hamm, arezzo = make(folder, "hamm"), make(folder, "arezzo")
        bundle, fingerprint = packed(hamm)
        os.environ |= {"TANDEM_HOME": str(arezzo), "DJANGO_SETTINGS_MODULE": "tandem.site.settings"}
        import django

        django.setup()
        logging.disable(logging.WARNING)
        from django.utils import timezone

        from tandem.exchange.models import Adoption
        from tandem.exchange.services import trusting

        trusting.pin("hamm", fingerprint, how="meeting", person=None, now=timezone.now())
        way = Way()
        way.get("warm up", "adoptions/")
        way.spent.clear()
        count = go(way, bundle)
        row = Adoption.objects.latest("begun_at")
        way.get("undo", f"adoptions/{row.pk}/undo/")
        way.post("undo", f"adoptions/{row.pk}/undo/", reason="")
        row.refresh_from_db()
    for step, seconds in way.spent.items():
        print(f"{step:24}{seconds * 1000:8.0f} ms")
    total = sum(way.spent.values())
    print(
        f"{'all':24}{total * 1000:8.0f} ms, {count} parts, bundle of {len(bundle) / 1000:.0f} kB, now {row.state}"
    )
    print(json.dumps({"limit_s": LIMIT_S, "seconds": round(total, 3), "ratio": round(LIMIT_S / total, 1)}))


if __name__ == "__main__":
    main()

"""Collections to ask: trees with coordinates, districts with shapes."""

import json
import math
import random
from pathlib import Path

import pytest
from django.utils import timezone

from tandem.catalogue.domain.description import PeriodOfTime
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import command_line

KINDS = ("Linde", "Eiche", "Ahorn", "Ölweide", "Buche 'rot'")
TREES = 400


def trees_csv(count: int = TREES, seed: int = 7) -> bytes:
    """Return made-up trees; every 50th has no coordinates, every 20th no kind."""
    chance = random.Random(seed)
    lines = ["Nummer;Art;Umfang;Höhe (m);Pflanzdatum;Geprüft;Gesund;Breite;Länge"]
    for number in range(1, count + 1):
        place = ("", "")
        if number % 50:
            place = (f"{51.60 + chance.random() * 0.1:.6f}", f"{7.70 + chance.random() * 0.2:.6f}")
        kind = "" if number % 20 == 0 else chance.choice(KINDS)
        day = f"20{chance.randint(10, 24):02d}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        checked = f"2024-0{chance.randint(1, 9)}-1{chance.randint(0, 9)} 1{chance.randint(0, 9)}:30:00"
        healthy = "ja" if chance.random() < 0.7 else "nein"
        values = (
            f"T{number}",
            kind,
            chance.randint(10, 300),
            round(chance.uniform(2, 30), 1),
            day,
            checked,
            healthy,
        )
        lines.append(";".join(map(str, (*values, *place))))
    return "\n".join(lines).encode()


def districts_geojson(count: int = 30) -> bytes:
    """Return made-up districts: regular shapes in a grid, one of them without a geometry."""
    made = []
    for number in range(count):
        x, y = 7.7 + (number % 6) * 0.03, 51.6 + (number // 6) * 0.02
        corners = [[x + 0.012 * math.cos(k), y + 0.008 * math.sin(k)] for k in (0, 1, 2, 3, 4, 5)]
        shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
        properties = {"name": f"Bezirk {number}", "einwohner": 1000 + 37 * number}
        made.append({"type": "Feature", "geometry": shape if number else None, "properties": properties})
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def publish(title: str, *files: tuple[str, bytes], draft: bool = False) -> Dataset:
    """Return a dataset of ours with these files."""
    return command_line.publish_files(
        [(Path(name), [content], "text/csv") for name, content in files],
        titles={"de": title},
        descriptions={"de": f"{title}, erfunden"},
        keywords={},
        themes=[],
        licence="CC0",
        attribution="",
        frequency="",
        period=PeriodOfTime(),
        draft=draft,
        now=timezone.now(),
    )


@pytest.fixture
def trees(db: None) -> Dataset:
    """Return a published table with coordinates; its collection is ``baeume``."""
    return publish("Bäume", ("baeume.csv", trees_csv()))


@pytest.fixture
def districts(db: None) -> Dataset:
    """Return a published table with shapes; its collection is ``bezirke``."""
    return publish("Bezirke", ("bezirke.geojson", districts_geojson()))

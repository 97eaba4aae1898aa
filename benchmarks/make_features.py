"""Made-up features, the same every time: points as CSV with coordinates, areas as GeoJSON."""

import json
import math
import random
from pathlib import Path

WEST, SOUTH, WIDE, HIGH = 7.70, 51.60, 0.25, 0.14
KINDS = ("Linde", "Eiche", "Ahorn", "Buche", "Platane", "Esche")


def points(count: int) -> list[dict[str, object]]:
    """Return trees of a city: most of them in clumps, as streets and parks have them."""
    chance = random.Random(42)
    clumps = [(WEST + WIDE * chance.random(), SOUTH + HIGH * chance.random()) for _ in range(200)]
    found: list[dict[str, object]] = []
    for number in range(1, count + 1):
        x, y = chance.choice(clumps)
        found.append(
            {
                "nummer": f"T{number}",
                "art": chance.choice(KINDS),
                "umfang": chance.randint(10, 320),
                "gepflanzt": f"{chance.randint(1950, 2024)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
                "hoehe": round(chance.uniform(2, 35), 1),
                "lon": round(x + chance.gauss(0, 0.008), 6),
                "lat": round(y + chance.gauss(0, 0.005), 6),
            }
        )
    return found


def areas(count: int) -> list[dict[str, object]]:
    """Return plots of 16 corners in a grid."""
    chance = random.Random(43)
    side = math.ceil(math.sqrt(count))
    found: list[dict[str, object]] = []
    for number in range(count):
        x = WEST + WIDE * (number % side) / side
        y = SOUTH + HIGH * (number // side) / side
        wide = 0.4 * WIDE / side
        turns = [2 * math.pi * corner / 16 for corner in range(16)]
        ring = [[round(x + wide * math.cos(t), 7), round(y + 0.6 * wide * math.sin(t), 7)] for t in turns]
        use = chance.choice(("Wohnen", "Gewerbe", "Grün"))
        properties = {"name": f"Fläche {number}", "nutzung": use, "haus": number}
        shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        found.append({"type": "Feature", "id": number + 1, "properties": properties, "geometry": shape})
    return found


def as_features(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return points as GeoJSON features."""
    return [
        {
            "type": "Feature",
            "id": number,
            "properties": row,
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        }
        for number, row in enumerate(rows, start=1)
    ]


def write_csv(rows: list[dict[str, object]], path: Path) -> None:
    """Write points as a CSV table."""
    lines = [";".join(rows[0]), *(";".join(str(value) for value in row.values()) for row in rows)]
    path.write_text("\n".join(lines), "utf-8")


def write_geojson(found: list[dict[str, object]], path: Path) -> None:
    """Write features as GeoJSON."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}), "utf-8")

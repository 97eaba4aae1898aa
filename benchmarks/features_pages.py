"""Claim: a page of features over OGC API takes at most 20 ms, a small part of what pygeoapi takes for the same rows.

Both serve the same made-up points and areas on loopback. Twelve pages of 100 features are fetched one after another by
each server's own next links; further a box with a page of its features. pygeoapi reads GeoJSON, the form that it takes
without a database server or a library of the system.

Usage: python benchmarks/features_pages.py [POINTS] [AREAS]
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import make_features
import peers
from table_pages import TANDEM, free_port, serving

PAGES, LIMIT = 12, 100
BOX = "7.78,51.65,7.80,51.66"
LAYERS = ("points", "areas")


def get(address: str) -> tuple[dict[str, object], float]:
    """Return a document, and the milliseconds that it took to come whole."""
    begun = time.perf_counter()
    with urllib.request.urlopen(address, timeout=120) as answer:
        content = answer.read()
    return json.loads(content), 1000 * (time.perf_counter() - begun)


def walk(address: str) -> tuple[float, list[object]]:
    """Return the median milliseconds of twelve pages after one that is not counted, and what the features hold."""
    get(address)
    spent, found = [], []
    for _ in range(PAGES):
        page, ms = get(address)
        spent.append(ms)
        found += [each["properties"] for each in page["features"]]
        address = next(each["href"] for each in page["links"] if each["rel"] == "next")
    return median(spent), found


def boxed(address: str) -> tuple[float, int]:
    """Return the median milliseconds of a page of a box, and how many features lie in it."""
    spent = [get(address) for _ in range(6)][1:]
    return median(ms for _page, ms in spent), int(spent[0][0]["numberMatched"])


def measure(root: str, names: dict[str, str]) -> tuple[dict[str, dict[str, float]], dict[str, object]]:
    """Return the times of each layer, and what was read, to compare the servers by."""
    times, read = {}, {}
    for layer, name in names.items():
        items = f"{root}/collections/{name}/items?f=json&limit={LIMIT}"
        page_ms, properties = walk(items)
        box_ms, matched = boxed(f"{items}&bbox={BOX}")
        times[layer] = {"page_ms": page_ms, "box_ms": box_ms}
        read[layer] = (properties, matched)
    return times, read


@contextlib.contextmanager
def pygeoapi(folder: Path) -> Iterator[str]:
    """Serve the layers with pygeoapi."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    text = {"en": "Layers"}
    resources = {
        layer: {
            "type": "collection",
            "title": layer,
            "description": layer,
            "keywords": [layer],
            "extents": {
                "spatial": {
                    "bbox": [-180, -90, 180, 90],
                    "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                }
            },
            "providers": [
                {
                    "type": "feature",
                    "name": "GeoJSON",
                    "data": str(folder / f"{layer}.geojson"),
                    "id_field": "id",
                }
            ],
        }
        for layer in LAYERS
    }
    settings = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": LIMIT, "max_items": 10_000},
            "map": {"url": f"{url}/none", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": text,
                "description": text,
                "keywords": {"en": ["layers"]},
                "keywords_type": "theme",
                "terms_of_service": url,
                "url": url,
            },
            "license": {"name": "CC0", "url": url},
            "provider": {"name": "nobody", "url": url},
            "contact": {"name": "nobody"},
        },
        "resources": resources,
    }
    config, openapi = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(json.dumps(settings), "utf-8")  # JSON is YAML too
    os.environ |= {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    generate = [peers.peer("pygeoapi"), "openapi", "generate", str(config), "--output-file", str(openapi)]
    subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
    flask = [
        peers.peer("python"),
        "-m",
        "flask",
        "--app",
        "pygeoapi.flask_app:APP",
        "run",
        "--port",
        str(port),
    ]
    with serving(flask, f"{url}/conformance?f=json"):
        yield url


@contextlib.contextmanager
def tandem(folder: Path) -> Iterator[str]:
    """Serve the layers with Tandem."""
    home, port = folder / "hamm", free_port()
    subprocess.run([*TANDEM, "init", str(home), "--city", "hamm"], check=True, stdout=subprocess.DEVNULL)
    here = [*TANDEM, "--home", str(home)]
    for layer, file in (("points", "points.csv"), ("areas", "areas.geojson")):
        publish = [*here, "dataset", "publish", str(folder / file), "--title", layer, "--description", layer]
        subprocess.run([*publish, "--licence", "CC0"], check=True, stdout=subprocess.DEVNULL)
    os.environ["TANDEM_SERVER_URL"] = f"http://localhost:{port}"
    base = f"http://127.0.0.1:{port}"
    with serving([*here, "serve", "--port", str(port)], f"{base}/healthz"):
        yield f"{base}/ogc/features/v1"


def main(points: int, areas: int) -> None:
    """Measure both and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trees = make_features.points(points)
        make_features.write_csv(trees, folder / "points.csv")
        make_features.write_geojson(make_features.as_features(trees), folder / "points.geojson")
        make_features.write_geojson(make_features.areas(areas), folder / "areas.geojson")
        names = {layer: layer for layer in LAYERS}
        with pygeoapi(folder) as root:
            theirs, their_rows = measure(root, names)
        with tandem(folder) as root:
            ours, our_rows = measure(root, names)
    for layer in LAYERS:
        (_their_properties, their_count), (_our_properties, our_count) = their_rows[layer], our_rows[layer]
        if their_count != our_count:
            sys.exit(f"The servers do not agree: {their_count} and {our_count} {layer} in the box.")
        rows = [("pygeoapi (GeoJSON)", theirs[layer]), ("Tandem", ours[layer])]
        for by in ("page_ms", "box_ms"):
            count = points if layer == "points" else areas
            what = (
                f"{PAGES} pages of {LIMIT} features" if by == "page_ms" else f"A box of {our_count} features"
            )
            peers.show(f"{what}, of {count:,} {layer}", rows, by=by)


if __name__ == "__main__":
    main(*[int(each) for each in (sys.argv[1:] + ["20000", "5000"][len(sys.argv) - 1 :])])

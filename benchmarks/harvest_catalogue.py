"""Claim: a catalogue of 20,000 datasets (1.3 million statements) is harvested within 60 s and 500 MB.

The command ``tandem harvest run`` on an empty installation: fetch over HTTP, read, compare, take over, index; then
once more, unchanged. As one file and as pages. The peer, rdflib, only parses the same file into memory; its
harvesters then begin to work.

Usage: python benchmarks/harvest_catalogue.py [DATASETS] [turtle|rdf-xml|pages …]
"""

import contextlib
import importlib.util
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import make_catalogue
import peers

PER_PAGE = 100
KINDS = {  # what Tandem harvests, and the same for the peer
    "turtle": ("all.ttl", "all.ttl"),
    "rdf-xml": ("all.rdf", "all.rdf"),
    "pages": ("pages/0.ttl", "all.ttl"),
}
TANDEM = [sys.executable, "-m", "tandem.cli"]
PARSE = "import sys, rdflib; print(len(rdflib.Graph().parse(sys.argv[1])))"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder until the block ends; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def write_pages(count: int, folder: Path) -> None:
    """Write the catalogue in pages that lead from one to the next."""
    folder.mkdir()
    last = -(-count // PER_PAGE)
    for page in range(last):
        numbers = range(page * PER_PAGE, min(count, (page + 1) * PER_PAGE))
        following = f"{page + 1}.ttl" if page + 1 < last else ""
        with (folder / f"{page}.ttl").open("w", encoding="utf-8") as sink:
            sink.writelines(make_catalogue.turtle(numbers, next_page=following))


def tandem(address: str, home: Path) -> dict[str, dict[str, float]]:
    """Return the figures of a first and of a second harvest of an address."""
    subprocess.run([*TANDEM, "init", str(home), "--city", "hamm"], check=True, stdout=subprocess.DEVNULL)
    config = (home / "tandem.toml").read_text("utf-8").partition("[[partners]]")[0]
    partner = f'[[partners]]\nid = "peer"\nnames = {{ de = "Peer" }}\nurl = "{address}"\n'
    partner += f'catalogue_url = "{address}"\nmay_be_local = true\n'
    (home / "tandem.toml").write_text(config + partner, "utf-8")
    command = [*TANDEM, "--home", str(home), "harvest", "run", "peer"]
    return {"first": peers.run(command), "again": peers.run(command)}


def main(count: int, kinds: list[str]) -> None:
    """Measure all and print the ratios."""
    if importlib.util.find_spec("rdflib") is None:
        sys.exit("rdflib is missing; it comes with pySHACL, among what is for development.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for suffix in ("ttl", "rdf"):
            make_catalogue.write(count, folder / f"all.{suffix}")
        write_pages(count, folder / "pages")
        for kind in kinds:
            path, same = KINDS[kind]
            with serving(folder) as base:
                ours = tandem(f"{base}/{path}", folder / f"home-{kind}")
            rdflib = peers.run([sys.executable, "-c", PARSE, str(folder / same)])
            rows = [("rdflib, parse only", rdflib), ("Tandem, unchanged", ours["again"])]
            rows += [("Tandem, whole harvest", ours["first"])]
            for by in ("wall_s", "cpu_s", "peak_mb"):
                peers.show(f"{count:,} datasets: {kind}", rows, by=by)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, sys.argv[2:] or list(KINDS))

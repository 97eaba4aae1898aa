"""Claim: a bundle of four parts and 1 MB is packed, signed, verified, read back, and a forged one found out, in 50 ms.

The bundle has a part of each kind: a made-up table of trees, a junction file, a blueprint, an indicator. Measured is
the time of this process, the median of 30 runs:

    pack      describe, hash, sign and write
    verify    limits, hashes, signature, trust list, card, inputs
    tamper    the same for a bundle in which one byte of the table is another, which has to be refused
    open      read back without a trust list

Usage: python benchmarks/measure_bundle.py [--runs 30] [--rows 14000]
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any

import make_table
import peers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tandem.core.parts import Input, InputKind, Part
from tandem.exchange.adapters import archive
from tandem.exchange.adapters.signing import fingerprint_of, sign
from tandem.exchange.domain.card import Card, Status
from tandem.exchange.domain.content import Content
from tandem.exchange.domain.trust import TrustList
from tandem.exchange.services.bundles import State, open_bundle, pack, verify

RELEASED_AT = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
TABLE = "parts/catalogue/trees/trees.csv"


def content(rows: int) -> Content:
    """Return a measure with four parts, most of which is a table of so many rows."""
    table = "\r\n".join(make_table.lines(rows)).encode()
    columns = [{"name": name, "titles": {"de": name}} for name in make_table.HEADER.split(";")]
    groups = [{"id": f"K{number}", "minimum_green_s": 5, "yellow_s": 3} for number in range(12)]
    questions = [{"key": f"q{number}", "titles": {"de": "Frage", "en": "Question"}} for number in range(20)]
    speed = Input("speed", InputKind.INTEGER, {"en": "Speed"}, unit="km/h", default=30, most=50)
    parts = [
        Part("catalogue", "trees", {"de": "Bäume"}, {"columns": columns}, {"trees.csv": table}),
        Part("indicator", "waiting", {"en": "Waiting of cyclists"}, {"unit": "s"}),
        Part("participation", "walk", {"en": "Walk"}, {"questions": questions}, inputs=(Input("mail"),)),
        Part("signal", "junction", {"en": "Junction"}, {"groups": groups}, inputs=(speed,)),
    ]
    texts = {"de": "Ein Satz. " * 30, "it": "Una frase. " * 30, "en": "A sentence. " * 30}
    card = Card(
        "https://hamm.example/measures/junction",
        "1.0.0",
        "hamm",
        {"de": "Kluge Ampel"},
        need=texts,
        solution=texts,
        status=Status.TRIAL,
        lessons=(texts,) * 5,
        licence="CC-BY-4.0",
    )
    return Content(card, parts)


def tampered(bundle: bytes) -> bytes:
    """Return a well-formed archive in which one byte of the table is another."""
    files = archive.read(bundle)
    table = bytearray(files[TABLE])
    table[len(table) // 2] ^= 1
    return archive.write({**files, TABLE: bytes(table)})


def median_ms(work: Callable[[], Any], runs: int) -> float:
    """Return how long some work takes, in ms."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(1_000 * (time.perf_counter() - begun))
    return median(times)


def main() -> None:
    """Measure each step, check that each does what it should, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--rows", type=int, default=14_000)
    options = parser.parse_args()
    key = Ed25519PrivateKey.generate()
    trust = TrustList().pinned("hamm", fingerprint_of(key.public_key()), now=RELEASED_AT)
    packing = partial(
        pack, content(options.rows), sign=partial(sign, key=key, city="hamm"), released_at=RELEASED_AT
    )
    bundle = packing()
    forged = tampered(bundle)
    if packing() != bundle or verify(bundle, trust).state is not State.VALID:
        sys.exit("The bundle is not the same twice, or not valid.")
    if (reason := verify(forged, trust).reason) is None or reason.code != "exchange.manifest.changed":
        sys.exit("The forged bundle was not found out.")
    figures = {
        "pack_ms": median_ms(packing, options.runs),
        "verify_ms": median_ms(lambda: verify(bundle, trust), options.runs),
        "tamper_ms": median_ms(lambda: verify(forged, trust), options.runs),
        "open_ms": median_ms(lambda: open_bundle(bundle), options.runs),
    }
    figures["all_ms"] = sum(figures.values())
    peers.show(
        f"Bundle of four parts, {len(archive.read(bundle))} files, {len(bundle):,} bytes",
        [("Tandem", figures)],
        by="all_ms",
    )


if __name__ == "__main__":
    main()

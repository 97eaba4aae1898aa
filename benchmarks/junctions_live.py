"""Claim: one server process serves 200 people who watch a junction live; all see within 5 s that its engine is dead.

A real engine runs Hamm's scenario in real time, the relay hands on what it publishes, and the watchers ask as
browsers' EventSource does: again as soon as the last answer allows. The peer is the same page without it: whole, once
a second. Takes less than a minute on a quiet machine.

Usage: python benchmarks/junctions_live.py [--watchers 200] [--seconds 12]
"""

import argparse
import asyncio
import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import peers

TANDEM = (sys.executable, "-m", "tandem.cli")
SLUG = "hesslerstrasse-marker-allee"
STAMP = {"events": re.compile(rb"^id: (\S+)", re.M), "page": re.compile(rb'data-stamp="([^"]+)"')}
RETRY = re.compile(rb"^retry: (\d+)", re.M)
SILENT_WITHIN_S, GIVES_UP_S = 5.0, 15.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Heard:
    """What the watchers heard.

    Attributes:
        news: (stamp, moment at which a watcher had it).
        answers_s: How long each answer took.
        failed: How many requests failed.
    """

    news: list[tuple[str, float]] = field(default_factory=list)
    answers_s: list[float] = field(default_factory=list)
    bytes: int = 0
    failed: int = 0


def main(watchers: int, seconds: float) -> None:
    """Measure both ways of watching, then kill the engine."""
    with tempfile.TemporaryDirectory() as folder:
        published = Published(Path(folder) / "published.jsonl")
        home, token, port = Path(folder) / "hamm", Path(folder) / "token", free_port()
        engine_port = free_port()
        engine = ("signals", "run", "hamm", "--publish", f"127.0.0.1:{engine_port}", "--again", "--quiet")
        page = f"http://127.0.0.1:{port}/de/junctions/{SLUG}"
        with running(*engine, "--lines", str(published.path)) as engine_process:
            token.write_text(make(home, port), "utf-8")
            relay = ("junctions", "relay", f"http://127.0.0.1:{engine_port}/", f"{page}/state")
            with running("--home", str(home), "serve") as server:
                wait_for(port, server)
                with running(*relay, "--token-file", str(token)):
                    published.follow()
                    watch = Watch(port, watchers, published)
                    watch.wait_until_live()
                    show(watch, server.pid, seconds)
                    show_death(watch, engine_process)


def show(watch: "Watch", server: int, seconds: float) -> None:
    """Print the figures of both ways of watching."""
    rows = []
    for name, way in (("whole page, once a second", "page"), ("Tandem's events", "events")):
        before = spent_s(server)
        heard = asyncio.run(watch.for_seconds(way, seconds))
        cpu_s = spent_s(server) - before
        delays_ms = [1_000 * each for each in watch.delays_s(heard)]
        answers_ms = [1_000 * each for each in heard.answers_s]
        count = max(len(heard.answers_s), 1)
        rows.append(
            (
                name,
                {
                    "delay_p50_ms": share(delays_ms, 50),
                    "delay_p99_ms": share(delays_ms, 99),
                    "answer_p50_ms": share(answers_ms, 50),
                    "answer_p99_ms": share(answers_ms, 99),
                    "requests_per_s": count / seconds,
                    "failed": heard.failed,
                    "kb_per_s": heard.bytes / 1_000 / seconds,
                    "cpu_per_cent": 100 * cpu_s / seconds,
                    "cpu_ms": 1_000 * cpu_s / count,
                },
            )
        )
    peers.show(f"{watch.watchers} watchers of one junction, {seconds:.0f} s", rows, by="cpu_ms")
    print(f"  memory of the server's processes: {memory_mb(server):.0f} MB")


def show_death(watch: "Watch", engine: subprocess.Popen[bytes]) -> None:
    """Kill the engine, and print when the watchers see that it is silent."""
    killed: list[float] = []

    def kill() -> None:
        os.killpg(engine.pid, signal.SIGKILL)
        killed.append(time.time())

    heard = asyncio.run(watch.until_silent(kill))
    after = sorted(moment - killed[0] for stamp, moment in heard.news if is_silent(stamp))
    first, last = (after[0], after[-1]) if after else (GIVES_UP_S, GIVES_UP_S)
    print(
        f"  engine killed: {len(after)} of {watch.watchers} watchers saw it as silent, the first after {first:.1f} s, "
        f"the last after {last:.1f} s (limit {SILENT_WITHIN_S:.0f} s)"
    )
    if len(after) < watch.watchers or last > SILENT_WITHIN_S:
        sys.exit("Not everybody saw in time that the engine is dead.")


class Published:
    """When the engine published what, by the lines that it writes beside."""

    def __init__(self, path: Path) -> None:
        self.path, self.moments = path, []
        path.touch()

    def follow(self) -> None:
        """Note the moment of each further line, until the process ends."""
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        with self.path.open("rb") as lines:
            lines.seek(0, os.SEEK_END)
            while True:
                if lines.readline():
                    self.moments.append(time.time())
                else:
                    time.sleep(0.002)

    def before(self, moment: float) -> float | None:
        """Return when what was the newest at a moment had been published."""
        place = bisect_right(self.moments, moment)
        return self.moments[place - 1] if place else None


@dataclass
class Watch:
    """People who watch one junction."""

    port: int
    watchers: int
    published: Published

    def wait_until_live(self) -> None:
        """Return when the portal shows the engine."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            heard = Heard()
            asyncio.run(self._watcher("events", heard, lambda: False, 0.0, most=1))
            if heard.news and not is_silent(heard.news[-1][0]):
                return
            time.sleep(0.2)
        sys.exit("The portal does not show the engine.")

    async def for_seconds(self, way: str, seconds: float) -> Heard:
        """Watch for some seconds."""
        until, heard = time.monotonic() + seconds, Heard()
        await self._all(way, heard, lambda: time.monotonic() > until)
        return heard

    async def until_silent(self, kill: Callable[[], None]) -> Heard:
        """Watch, call ``kill`` after two seconds, and go on until everybody knows it."""
        heard, until = Heard(), time.monotonic() + 2.0 + GIVES_UP_S
        asyncio.get_running_loop().call_later(2.0, kill)

        def over() -> bool:
            told = sum(is_silent(stamp) for stamp, _moment in heard.news)
            return told >= self.watchers or time.monotonic() > until

        await self._all("events", heard, over)
        return heard

    def delays_s(self, heard: Heard) -> Iterator[float]:
        """Yield how long after its publication each message was heard; a stamp begins with when it was received."""
        for stamp, moment in heard.news:
            published = self.published.before(int(stamp.partition("-")[0]) / 1_000)
            if published is not None:
                yield moment - published

    async def _all(self, way: str, heard: Heard, over: Callable[[], bool]) -> None:
        starts = [number / self.watchers for number in range(self.watchers)]
        await asyncio.gather(*(self._watcher(way, heard, over, start) for start in starts))

    async def _watcher(
        self, way: str, heard: Heard, over: Callable[[], bool], start_s: float, most: int = 0
    ) -> None:
        await asyncio.sleep(start_s)
        path = f"/de/junctions/{SLUG}/{'events' if way == 'events' else 'live/'}"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        stamp, first, asked = "", True, 0
        while not over() and not (most and asked >= most):
            asked += 1
            began = time.monotonic()
            known = f"Last-Event-ID: {stamp}\r\n" if stamp and way == "events" else ""
            asks = (
                f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nAccept-Encoding: gzip\r\n{known}\r\n"
            )
            writer.write(asks.encode())
            status, size, body = await answer(reader)
            took = time.monotonic() - began
            heard.answers_s.append(took)
            heard.bytes += size
            heard.failed += status != 200
            found = STAMP[way].search(body)
            if found and found[1].decode() != stamp:
                stamp = found[1].decode()
                if not first or most:  # what was there before is no news
                    heard.news.append((stamp, time.time()))
                first = False
            retry = RETRY.search(body)
            await asyncio.sleep(int(retry[1]) / 1_000 if retry else max(1.0 - took, 0.0))
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
    """Return status, size and body of an HTTP answer on a connection that stays open."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.I)
    body = await (reader.readexactly(int(length[1])) if length else chunks(reader))
    size = len(head) + len(body)
    packed = re.search(rb"content-encoding: gzip", head, re.I)
    return int(head.split(b" ", 2)[1]), size, gzip.decompress(body) if packed else body


async def chunks(reader: asyncio.StreamReader) -> bytes:
    """Return a body that comes in chunks."""
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


def is_silent(stamp: str) -> bool:
    """Return whether a state's mark says that the engine is silent."""
    return "-silent-" in stamp


def make(home: Path, port: int) -> str:
    """Make an installation with Hamm's example junction, and return its token."""
    subprocess.run([*TANDEM, "init", str(home), "--city", "hamm"], check=True, stdout=subprocess.DEVNULL)
    configuration = home / "tandem.toml"
    moved = configuration.read_text("utf-8").replace("localhost:8000", f"localhost:{port}")
    configuration.write_text(moved.replace("port = 8000", f"port = {port}"), "utf-8")
    os.environ |= {"TANDEM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tandem.site.settings"}
    import django

    django.setup()
    from django.db import connections
    from django.utils import timezone

    from tandem.junctions import example
    from tandem.junctions.models import Junction
    from tandem.junctions.services import register
    from tandem.site.people import make_example_people

    make_example_people("correct horse battery staple")
    example.load(now=timezone.now(), tell=lambda _share, _name: None)
    token = register.make_token(Junction.objects.get(slug=SLUG), person=None, now=timezone.now())
    connections.close_all()
    return token


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of Tandem's until the block ends."""
    with subprocess.Popen(
        [*TANDEM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when the portal answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.1)
            continue
        return
    sys.exit("The portal does not answer.")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(process: int) -> list[int]:
    """Return a process and all that it started."""
    found = [process]
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def spent_s(process: int) -> float:
    """Return the processor's time that a process and all that it started have used."""
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in family(process)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def memory_mb(process: int) -> float:
    """Return the memory that they hold and share with nobody, and their share of the rest."""
    texts = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in family(process)]
    return sum(int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) for text in texts) / 1024


def share(values: list[float], per_cent: int) -> float:
    """Return below what so many per cent of the values are."""
    return quantiles(values, n=100, method="inclusive")[per_cent - 1] if len(values) > 1 else float("nan")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--watchers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=12.0)
    options = parser.parse_args()
    main(options.watchers, options.seconds)

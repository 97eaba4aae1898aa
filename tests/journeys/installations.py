"""Two real installations, Hamm and Arezzo, partners of each other: made and served by public commands."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TANDEM = (sys.executable, "-m", "tandem.cli")
PASSWORD = "correct horse battery staple"
CITIES = {
    "hamm": ("de", 8000),
    "arezzo": ("it", 8001),
}  # first language, and port in the bundled configuration
STARTED_WITHIN_S = 120  # several may start at once
STOPPED_WITHIN_S = 20


class CommandError(AssertionError):
    """A public command ended with an error."""


@dataclass
class RunningCity:
    """One city's installation.

    Attributes:
        home: Its folder.
        url: Where its portal is, without a slash at the end.
        language: The portal's first language.
    """

    id: str
    home: Path
    url: str
    language: str
    environment: dict[str, str] = field(repr=False)
    server: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def tandem(self, *arguments: str, typed: str = "") -> str:
        """Run ``tandem …`` for this installation, and return what it printed.

        Args:
            typed: What its standard input holds.

        Raises:
            CommandError: It ended with an error; the error tells what it said.
        """
        done = subprocess.run(
            [*TANDEM, "--home", str(self.home), *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        if done.returncode:
            raise CommandError(
                f"tandem {' '.join(arguments)} ended with {done.returncode}: {done.stderr}{done.stdout}"
            )
        return done.stdout

    def start(self) -> None:
        """Serve the portal, and return when it answers."""
        log = (self.home.parent / f"{self.id}.log").open("ab")
        self.server = subprocess.Popen(
            [*TANDEM, "--home", str(self.home), "serve"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=self.environment,
            start_new_session=True,
        )
        log.close()
        try:
            wait_for(f"{self.url}/healthz", self.server)
        except CommandError:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop serving as Ctrl-C does; kill what does not stop."""
        if self.server is None:
            return
        self.server.send_signal(signal.SIGINT)
        try:
            self.server.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            raise
        finally:
            self.server = None

    def log(self) -> str:
        """Return what the server said so far."""
        return (self.home.parent / f"{self.id}.log").read_text("utf-8", errors="replace")

    def sign_in(self, page: Any, who: str) -> None:
        """Sign an example person in, in a browser's page, by the form.

        Args:
            who: ``catalogue-publisher``, ``site-administrator`` …, or ``citizen``.
        """
        page.goto(f"{self.url}/{self.language}/account/sign-in/")
        page.fill("main input[name=login]", f"{who}@{self.id}.example")
        page.fill("main input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda address: "/account/sign-in/" not in address)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return when ``address`` answers with 200."""
    deadline = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CommandError(
        f"{address} does not answer; the server {'ended' if server.poll() is not None else 'runs'}"
    )


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def move_ports(configuration: Path, ports: Mapping[str, int]) -> None:
    """Let a bundled configuration name the ports that are free here, its own and the partner's."""
    text = configuration.read_text("utf-8")
    for city, (_language, bundled) in CITIES.items():
        text = text.replace(f"localhost:{bundled}", f"localhost:<{city}>").replace(
            f"port = {bundled}", f"port = <{city}>"
        )
    for city, port in ports.items():
        text = text.replace(f"<{city}>", str(port))
    configuration.write_text(text, "utf-8")


def _environment() -> dict[str, str]:
    """Return the environment without what would make two installations one."""
    shared = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    return {k: v for k, v in os.environ.items() if k not in shared and not k.startswith("TANDEM_")}


def make_bare_city(city: str, folder: Path, ports: Mapping[str, int]) -> RunningCity:
    """Make an installation with nothing in it."""
    home = folder / city
    made = RunningCity(city, home, f"http://localhost:{ports[city]}", CITIES[city][0], _environment())
    made.tandem("init", str(home), "--city", city)
    move_ports(home / "tandem.toml", ports)
    return made


def make_city(city: str, folder: Path, ports: Mapping[str, int]) -> RunningCity:
    """Make an installation with its example content and a person for each role."""
    made = make_bare_city(city, folder, ports)
    made.tandem("example", "load", "--password-stdin", typed=f"{PASSWORD}\n")
    return made


@contextmanager
def two_cities(
    folder: Path, *, settings: Mapping[str, str] | None = None
) -> Iterator[dict[str, RunningCity]]:
    """Serve both cities from ``folder``, until the block ends.

    Args:
        settings: Further environment of both: ``TANDEM_CATALOGUE_HARVEST_HOURS`` …
    """
    ports = dict(zip(CITIES, free_ports(len(CITIES)), strict=True))
    with ThreadPoolExecutor() as at_once:
        made = list(at_once.map(lambda city: make_city(city, folder, ports), CITIES))
    for city in made:
        city.environment |= settings or {}
    with ExitStack() as stack:
        for city in made:
            stack.callback(city.stop)
            city.start()
        yield {city.id: city for city in made}

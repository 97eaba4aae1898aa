"""The demo's junction: Hamm's example run in simulation beside the cities, by the public commands alone."""

import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tandem.site.serving import end_with_parent

CITY, LANGUAGE, SCENARIO = "hamm", "de", "hamm"
JUNCTION = "hesslerstrasse-marker-allee"
NEEDED = ("libsumo", "numba", "numpy")
NICE = 10
"""The cities come first: engine and relay take what they leave."""


@dataclass(slots=True)
class LiveJunction:
    """Hamm's junction, its engine and the relay that hands on what it publishes.

    Attributes:
        folder: The demo's; token and logs are kept there.
        portal: Address of Hamm's portal, without a slash at the end.
        tell: Called with what somebody at the terminal should know.
        environment: Of the commands.
        needed: Modules without which there is no simulation.
        processes: What runs, by name; who ended by itself is told once, and not started again.
    """

    folder: Path
    portal: str
    tell: Callable[[str], None]
    environment: Mapping[str, str]
    needed: Sequence[str] = NEEDED
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    @property
    def missing(self) -> list[str]:
        """What is not installed and needed."""
        return [name for name in self.needed if importlib.util.find_spec(name) is None]

    @property
    def page(self) -> str:
        """Address of the live page."""
        return f"{self._address}/live/"

    @property
    def _address(self) -> str:
        return f"{self.portal}/{LANGUAGE}/junctions/{JUNCTION}"

    def introduce(self) -> None:
        """Say where the junction will be, or why there will be none."""
        if self.missing:
            self.tell(
                f"Without a live junction: {', '.join(self.missing)} is not installed. "
                "For a simulated one: pip install 'tandem-city[all]'"
            )
        else:
            self.tell(f"Hamm's junction will be live, in simulation, at {self.page}")

    def begin(self, token: str) -> None:
        """Start engine and relay.

        Args:
            token: The junction's, just made; kept in a file that nobody else can read.
        """
        file = self.folder / f"{CITY}-junction.token"
        file.touch(0o600)
        file.write_text(f"{token}\n", "utf-8")
        here = f"127.0.0.1:{_free_port()}"
        self._start("engine", "signals", "run", SCENARIO, "--publish", here, "--again", "--quiet")
        self._start(
            "relay",
            "junctions",
            "relay",
            f"http://{here}/",
            f"{self._address}/state",
            "--token-file",
            str(file),
        )

    def _start(self, name: str, *words: str) -> None:
        with self._log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - own commands
                [sys.executable, "-m", "tandem.cli", *words],
                env={**self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_behind_the_cities,
            )

    def _log(self, name: str) -> Path:
        return self.folder / f"{CITY}-{name}.log"

    def look(self) -> None:
        """Say who ended by itself; nobody is started again in silence."""
        for name, process in self.processes.items():
            code = process.poll()
            if code is None or name in self._told:
                continue
            self._told.add(name)
            last = self._log(name).read_text("utf-8", errors="replace").strip().rpartition("\n")[2]
            self.tell(
                f"The {name} of Hamm's junction ended by itself (code {code}); the page {self.page} shows it as "
                f"silent. It runs again with the next tandem demo. It last said: {last[-300:] or 'nothing'}"
            )


def _behind_the_cities() -> None:
    end_with_parent()
    os.nice(NICE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""``tandem serve``: the web server and the worker, watched over by one process."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tandem import __version__
from tandem.core.config import Config
from tandem.core.errors import Unavailable

STOP_SECONDS = 10.0
_SET_PARENT_DEATH_SIGNAL = 1
Tell = Callable[[str], None]


class PortTaken(Unavailable):
    """Another program listens on the port."""

    code = "site.port-taken"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} on {host} is taken by another program. Stop that one, or set another port: "
            "server.port and server.url in tandem.toml, or --port."
        )


class ServerDied(Unavailable):
    """The web server ended by itself."""

    code = "site.server-died"

    def __init__(self, code: int) -> None:
        super().__init__(f"The web server ended by itself (code {code}); the lines above tell why.")


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken.

    Raises:
        PortTaken: Another program listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host, port) from error


def collect_static(home: Path) -> None:
    """Put the static files where the server finds them, once for each version."""
    from django.core.management import call_command

    stamp = home / "cache" / "static" / ".version"
    newest = _newest_static()
    if stamp.exists() and stamp.read_text("utf-8") == newest:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    stamp.write_text(newest, "utf-8")


def _newest_static() -> str:
    """Return what tells one set of static files from another: the version, and when a file last changed."""
    package = Path(__file__).parent.parent
    changed = max(int(each.stat().st_mtime) for each in package.glob("*/static/**/*") if each.is_file())
    return f"{__version__} {changed}"


@dataclass(slots=True)
class Supervisor:
    """Starts the web server and the worker, starts the worker again if it dies, and stops both cleanly."""

    config: Config
    tell: Tell
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False
    deaths: int = 0

    def run(self) -> None:
        """Serve until a signal says stop.

        Raises:
            ServerDied: The web server ended by itself.
        """
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        self.children["web"] = self._spawn(self._web())
        self.children["worker"] = self._spawn(self._worker())
        try:
            self._announce()
            self._watch()
        finally:
            self._end()

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "TANDEM_HOME": str(self.config.home),
            "TANDEM_SUPERVISOR": str(os.getpid()),
        }
        return subprocess.Popen(  # noqa: S603 - own commands
            command, env=environment, start_new_session=True, preexec_fn=end_with_parent
        )

    def _web(self) -> list[str]:
        server = self.config.server
        return [
            sys.executable, "-m", "granian", "tandem.site.wsgi:application",
            "--interface", "wsgi", "--host", server.host, "--port", str(server.port),
            "--workers", str(server.workers), "--blocking-threads", str(server.threads),
            "--no-ws", "--log-level", "warning", "--respawn-failed-workers",
            "--workers-kill-timeout", "8",
        ]  # fmt: skip

    def _worker(self) -> list[str]:
        return [sys.executable, "-m", "tandem.cli", "--home", str(self.config.home), "worker"]

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _announce(self) -> None:
        address = f"http://{self.config.server.host}:{self.config.server.port}/healthz"
        until = time.monotonic() + 30
        while not self.stopping and time.monotonic() < until and self.children["web"].poll() is None:
            if _answers(address):
                name = self.config.city.name(self.config.city.languages[0])
                self.tell(f"{name} is at {self.config.server.url}  (stop with Ctrl-C)")
                return
            time.sleep(0.1)

    def _watch(self) -> None:
        parent = os.getppid()
        while not self.stopping:
            code = self.children["web"].poll()
            if code is not None:
                raise ServerDied(code)
            if self.children["worker"].poll() is not None:
                self.deaths += 1
                time.sleep(min(10.0, 0.5 * self.deaths))
                if not self.stopping:
                    self.tell("The worker died; it is started again.")
                    self.children["worker"] = self._spawn(self._worker())
            if parent != 1 and os.getppid() == 1 and "TANDEM_DEMO" in os.environ:
                self.stopping = True
            time.sleep(0.2)

    def _end(self) -> None:
        for child in self.children.values():
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def end_with_parent() -> None:
    """Ask Linux to stop this child when its supervisor is killed, so that it holds no port; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

"""``tandem demo``: two ordinary installations and a junction, made and served by the public commands alone."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tandem.core.config import load_config
from tandem.core.errors import Conflict, Unavailable
from tandem.site.demo_junction import CITY as JUNCTION_CITY
from tandem.site.demo_junction import JUNCTION, LiveJunction
from tandem.site.demo_partners import Partners
from tandem.site.installing import check_room
from tandem.site.serving import STOP_SECONDS, check_port

SIGN_INS = "sign-ins.txt"
DATABASES = {"DATABASE_URL", "TANDEM_DATABASE_URL"}
SHOWN_ROLES = (
    ("open-data officer", "catalogue-publisher"),
    ("editor", "catalogue-editor"),
    ("reader", "catalogue-reader"),
    ("planner", "participation-planner"),
    ("moderator", "participation-moderator"),
    ("traffic engineer", "junctions-traffic-engineer"),
    ("exchange officer", "exchange-exchange-officer"),
    ("administrator", "site-administrator"),
    ("citizen", "citizen"),
)


class StepFailed(Unavailable):
    """One of the demo's commands failed."""

    code = "site.demo-step-failed"

    def __init__(self, command: str, said: str) -> None:
        super().__init__(f"'{command}' failed: {said}")


class NotADemo(Conflict):
    """The folder to be removed was not made by the demo."""

    code = "site.not-a-demo"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} was not made by the demo, so it is not removed. Name another one with --folder."
        )


class OtherPort(Conflict):
    """The demo in the folder was made with another port."""

    code = "site.demo-other-port"

    def __init__(self, city: str, made: int, asked: int) -> None:
        super().__init__(
            f"{city.title()} was made for port {made} and cannot be served on {asked}: its data names its "
            f"addresses. Use --port-{city} {made}, another --folder, or begin anew with --reset."
        )


@dataclass(slots=True)
class Demo:
    """The two cities, and the junction of one of them.

    Attributes:
        ports: By city, in the order in which they are shown.
    """

    folder: Path
    ports: Mapping[str, int]
    tell: Callable[[str], None]
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    stopping: bool = False
    junction: LiveJunction = field(init=False)
    meeting: threading.Thread | None = None
    interruptible: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        portal = f"http://localhost:{self.ports[JUNCTION_CITY]}"
        self.junction = LiveJunction(self.folder, portal, self.tell, self._environment())

    def run(self, *, reset: bool) -> None:
        """Make what is missing, serve both and run the junction, stop all cleanly."""
        for port in self.ports.values():
            check_port("127.0.0.1", port)
        check_room(self.folder)
        if reset:
            self._remove()
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        self.junction.introduce()
        try:
            for city in self.ports:
                if not self.stopping:
                    self._make(city)
                if not self.stopping:
                    self._serve(city)
            self._wait_for_all()
            self._run_junction()
            self._print_addresses()
            self._meet()
            while not self.stopping and all(each.poll() is None for each in self.servers):
                self.junction.look()
                time.sleep(0.2)
        finally:
            self._stop()
            self._end()
        self.tell("Everything is stopped. Start again with: tandem demo")

    def _remove(self) -> None:
        if self.folder.exists() and not (self.folder / SIGN_INS).exists() and any(self.folder.iterdir()):
            raise NotADemo(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _stop(self, *_: object) -> None:
        self.stopping = True
        self._interrupt()

    def _interrupt(self) -> None:
        if (command := self.interruptible) is not None:
            command.send_signal(signal.SIGINT)

    def _environment(self) -> dict[str, str]:
        """Return the environment of the commands, without a database: each city has its own, in its folder."""
        ours = {name: value for name, value in os.environ.items() if name not in DATABASES}
        return {**ours, "TANDEM_DEMO": "1", "PYTHONUNBUFFERED": "1"}

    def _tandem(self, *arguments: str, city: str = "", said: str = "") -> str:
        done = self._interruptibly(city, *arguments, said=said)
        if done.returncode and not self.stopping:
            raise StepFailed(f"tandem {' '.join(arguments)}", (done.stderr or done.stdout).strip()[-600:])
        return done.stdout

    def _make(self, city: str) -> None:
        """Make a city, unless it is there; one that was broken off while it was made is made anew."""
        home, unfinished = self.folder / city, self.folder / f"{city}.unfinished"
        if unfinished.exists():
            shutil.rmtree(home, ignore_errors=True)
        elif (home / "tandem.toml").exists():
            made = load_config(home, os.environ).server.port
            if made != self.ports[city]:
                raise OtherPort(city, made, self.ports[city])
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        password = self._password()
        unfinished.touch()
        self.tell(f"Making {city.title()} …")
        self._tandem("init", str(home), "--city", city)
        if not self.stopping:
            self._move_ports(home / "tandem.toml")
            self.tell("  loading example data and people …")
            self._tandem("example", "load", "--password-stdin", city=city, said=f"{password}\n")
        if not self.stopping:
            unfinished.unlink()

    def _move_ports(self, file: Path) -> None:
        """Let the configuration name the ports that were asked for."""
        text = file.read_text("utf-8")
        for city, usual in (("hamm", 8000), ("arezzo", 8001)):
            text = text.replace(f"localhost:{usual}", f"localhost:<{city}>").replace(
                f"port = {usual}", f"port = <{city}>"
            )
        for city, port in self.ports.items():
            text = text.replace(f"<{city}>", str(port))
        file.write_text(text, "utf-8")

    def _password(self) -> str:
        file = self.folder / SIGN_INS
        if not file.exists():
            file.touch(0o600)
            file.write_text(f"{secrets.token_urlsafe(12)}\n", "utf-8")
        return file.read_text("utf-8").partition("\n")[0]

    def _serve(self, city: str) -> None:
        command = [sys.executable, "-m", "tandem.cli", "--home", str(self.folder / city), "serve"]
        environment = {**self._environment(), "TANDEM_SERVER_LOG": "plain"}
        log = (self.folder / f"{city}.log").open("ab")
        self.servers.append(
            subprocess.Popen(command, env=environment, start_new_session=True, stdout=log, stderr=log)  # noqa: S603
        )

    def _wait_for_all(self) -> None:
        for city, port in self.ports.items():
            until = time.monotonic() + 60
            while not self.stopping and not _answers(port):
                if time.monotonic() > until or any(each.poll() is not None for each in self.servers):
                    last = (self.folder / f"{city}.log").read_text("utf-8", errors="replace")[-600:]
                    raise StepFailed(f"tandem serve ({city})", last.strip())
                time.sleep(0.1)

    def _run_junction(self) -> None:
        """Make a token for the junction, and let its engine and the relay run; the cities do without if that fails."""
        if self.stopping or self.junction.missing:
            return
        try:
            token = self._tandem("manage", "junction_token", JUNCTION, city=JUNCTION_CITY).strip()
        except StepFailed as error:
            self.tell(f"Hamm's junction does not run: {error}")
            return
        if not self.stopping:
            self.junction.begin(token)

    def _print_addresses(self) -> None:
        if self.stopping:
            return
        password = self._password()
        self.tell("")
        for city, port in self.ports.items():
            self.tell(f"  {city.title():<8} http://localhost:{port}")
        if self.junction.processes:
            self.tell(f"  Junction {self.junction.page}  (live, in simulation)")
        self.tell("")
        self.tell(f"  Sign in at …/account/sign-in/ with the password  {password}")
        for city in self.ports:
            for role, who in SHOWN_ROLES:
                self.tell(f"    {role:<18} {who}@{city}.example")
        self.tell("")
        self.tell(
            "  Stop with Ctrl-C. The data stays; begin anew with: tandem demo --reset  (make demo-reset)"
        )
        self.tell("")

    def _meet(self) -> None:
        """Let the cities do in the background what partners do with each other."""
        if not self.stopping:
            partners = Partners(list(self.ports), self._interruptibly, self.tell, lambda: self.stopping)
            self.meeting = threading.Thread(target=partners.meet)
            self.meeting.start()

    def _interruptibly(self, city: str, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command that ends as soon as the demo is stopped, and say how it ended.

        Args:
            city: In whose installation; none if empty.
            said: What the command reads.
        """
        home = ["--home", str(self.folder / city)] if city else []
        command = [sys.executable, "-m", "tandem.cli", *home, *arguments]
        if self.stopping:
            return subprocess.CompletedProcess(command, -signal.SIGINT, "", "")
        with subprocess.Popen(  # noqa: S603 - own commands
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment(),
            start_new_session=True,
        ) as running:
            self.interruptible = running
            if self.stopping:
                self._interrupt()
            answered, complained = running.communicate(said)
            self.interruptible = None
        return subprocess.CompletedProcess(command, running.returncode, answered, complained)

    def _end(self) -> None:
        if self.meeting is not None:
            self.meeting.join()
        running = [*self.junction.processes.values(), *self.servers]
        for each in running:
            with contextlib.suppress(ProcessLookupError):
                each.send_signal(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS + 5
        for each in running:
            try:
                each.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(each.pid, signal.SIGKILL)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False

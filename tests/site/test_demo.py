"""The demo: its folder, its two cities, and the junction that runs beside them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tandem.site.demo import DATABASES, Demo, OtherPort, StepFailed
from tandem.site.installing import bundled_configuration
from tests.journeys.installations import free_ports

MADE_WITHIN_S, SILENT_WITHIN_S, MET_WITHIN_S, STOPPED_WITHIN_S = 400, 5, 200, 30


def test_a_demo_that_was_made_for_another_port_is_not_served_there(tmp_path: Path):
    (tmp_path / "hamm").mkdir()
    (tmp_path / "hamm" / "tandem.toml").write_text(bundled_configuration("hamm"), "utf-8")
    said: list[str] = []

    Demo(tmp_path, {"hamm": 8000}, said.append)._make("hamm")
    with pytest.raises(OtherPort, match="made for port 8000 and cannot be served on 8300"):
        Demo(tmp_path, {"hamm": 8300}, said.append)._make("hamm")

    assert said == []


def steps_of(demo: Demo, monkeypatch: pytest.MonkeyPatch, then: Callable[[str], None]) -> list[str]:
    """Replace the demo's commands; return the list of those that it runs."""
    done: list[str] = []

    def tandem(self: Demo, *arguments: str, city: str = "", said: str = "") -> str:
        done.append(arguments[0])
        if arguments[0] == "init":
            Path(arguments[1]).mkdir(parents=True)
            (Path(arguments[1]) / "tandem.toml").write_text(bundled_configuration("hamm"), "utf-8")
        then(arguments[0])
        return ""

    monkeypatch.setattr(Demo, "_tandem", tandem)
    return done


@pytest.mark.parametrize("step", ["init", "example"])
def test_a_city_that_was_broken_off_while_it_was_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    first, second = (Demo(tmp_path, {"hamm": 8000}, lambda _text: None) for _ in range(2))
    half = tmp_path / "hamm" / "half-made"

    def broken_off(now: str) -> None:
        if now == step:
            half.touch()
            first._stop()

    steps_of(first, monkeypatch, broken_off)
    first._make("hamm")
    assert half.exists()

    done = steps_of(second, monkeypatch, lambda _now: None)
    second._make("hamm")
    assert (done, half.exists()) == (["init", "example"], False)

    second._make("hamm")
    assert done == ["init", "example"]


def test_a_city_is_made_anew_after_a_step_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    demo = Demo(tmp_path, {"hamm": 8000}, lambda _text: None)

    def fails(now: str) -> None:
        if now == "example":
            raise StepFailed("tandem example load", "no room")

    steps_of(demo, monkeypatch, fails)
    with pytest.raises(StepFailed):
        demo._make("hamm")
    done = steps_of(demo, monkeypatch, lambda _now: None)
    demo._make("hamm")

    assert done == ["init", "example"]


def test_once_the_demo_is_stopped_no_other_city_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ports = dict(zip(("hamm", "arezzo"), free_ports(2), strict=True))
    said: list[str] = []
    demo = Demo(tmp_path, ports, said.append)
    done = steps_of(demo, monkeypatch, lambda _now: demo._stop())
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    demo.run(reset=False)

    assert (done, demo.servers) == (["init"], [])
    assert said[-1] == "Everything is stopped. Start again with: tandem demo"


def test_without_the_simulator_the_demo_says_so_and_goes_on(tmp_path: Path):
    said: list[str] = []
    demo = Demo(tmp_path, {"hamm": 8000}, said.append)
    demo.junction.needed = ("json", "no_such_simulator")

    demo.junction.introduce()
    demo._run_junction()

    [told] = said
    assert told == (
        "Without a live junction: no_such_simulator is not installed. "
        "For a simulated one: pip install 'tandem-city[all]'"
    )
    assert demo.junction.processes == {}


def processes(folder: Path) -> dict[int, list[str]]:
    """Return the words of each process that was started for a demo's folder, and of those that these started."""
    own = f"TANDEM_DEMO_TEST={folder}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if own in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
    return found


def page(url: str) -> str:
    """Return the text of a public page."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        return " ".join(re.sub(r"<[^>]*>", " ", answer.read().decode()).split())


def adoption(page_text: str, caption: str) -> list[str]:
    """Return where a measure was adopted, in which version, and how it stands there, as its page says."""
    [found] = re.findall(rf"{caption} (?:[^0-9]* )(Arezzo|Hamm) ([0-9.]+) (.*?) (\d) \w+ (\d)", page_text)
    return list(found)


def adopt_again(folder: Path) -> list[str]:
    """Return what adopting the examples once more says in each city."""
    command = [sys.executable, "-m", "tandem.cli", "--home"]
    own = {name: value for name, value in os.environ.items() if name not in DATABASES}
    return [
        subprocess.run(
            [*command, str(folder / city), "example", "adopt"],
            capture_output=True,
            text=True,
            check=True,
            env=own,
        ).stdout
        for city in ("hamm", "arezzo")
    ]


def state(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def wait_until(wanted, *, within_s: float, running: subprocess.Popen, log: Path) -> float:
    """Return after how many seconds something is as wanted; what cannot be asked yet is not."""
    began = time.monotonic()
    while time.monotonic() - began < within_s and running.poll() is None:
        try:
            if wanted():
                return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {within_s} s: {log.read_text('utf-8')}")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="tells processes by /proc")
def test_the_demos_junction_is_live_until_its_engine_dies_which_is_said(tmp_path: Path):
    pytest.importorskip("libsumo")
    folder, log, ports = tmp_path / "demo", tmp_path / "demo.out", free_ports(2)
    words = ["--folder", str(folder), "--port-hamm", str(ports[0]), "--port-arezzo", str(ports[1])]
    junction = f"http://localhost:{ports[0]}/de/junctions/hesslerstrasse-marker-allee"
    with log.open("wb") as said:
        running = subprocess.Popen(
            [sys.executable, "-m", "tandem.cli", "demo", *words],
            env={**os.environ, "TANDEM_DEMO_TEST": str(folder), "TMPDIR": str(tmp_path)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:

        def silent() -> bool:
            return state(f"{junction}/state")["silent"]

        wait_until(lambda: not silent(), within_s=MADE_WITHIN_S, running=running, log=log)
        assert log.read_text("utf-8").splitlines()[0] == (
            f"Hamm's junction will be live, in simulation, at {junction}/live/"
        )
        assert state(f"{junction}/state")["state"]["simulation"] == {"lasts_s": 3_600, "again": True}
        [engine] = [number for number, words in processes(folder).items() if "--again" in words]
        os.kill(engine, signal.SIGKILL)
        wait_until(silent, within_s=SILENT_WITHIN_S, running=running, log=log)
        told = "The engine of Hamm's junction ended by itself (code -9)"
        wait_until(lambda: told in log.read_text("utf-8"), within_s=60, running=running, log=log)
        time.sleep(1)
        assert [words for words in processes(folder).values() if "--again" in words] == []

        # meanwhile each city adopts what is its partner's, and hears who adopted its own
        met = "What each city adopted is under Partners, Measures"
        wait_until(lambda: met in log.read_text("utf-8"), within_s=MET_WITHIN_S, running=running, log=log)
        hamms, arezzos = (f"http://localhost:{port}/de" for port in ports)
        adopters = "Wer sie übernommen hat"
        light = page(f"{hamms}/measures/intelligente-ampel-hesslerstrasse-marker-allee/")
        ideas = page(f"{hamms}/measures/beispiel-ideen-fuer-einen-ort-sammeln/")
        air = page(f"{arezzos}/measures/rete-di-qualita-dellaria-airqino/")
        assert [adoption(each, adopters) for each in (light, ideas, air)] == [
            ["Arezzo", "1.0.0", "in Gebrauch", "3", "3"],
            ["Arezzo", "1.0.0", "wird übernommen", "0", "2"],
            ["Hamm", "1.0.0", "wird übernommen", "0", "3"],
        ]
        junction = page(f"{arezzos}/junctions/esempio-incrocio-ripreso-da-hamm/")
        assert "Das ist ein Beispiel." in junction
        assert "Beispiel: vorher (verkehrsabhängig) und nachher (Planer), in Simulation" in junction
        assert adopt_again(folder) == ["0 measures adopted.\n"] * 2
    finally:
        running.send_signal(signal.SIGINT)
        code = running.wait(STOPPED_WITHIN_S)

    assert (code, log.read_text("utf-8").splitlines()[-1]) == (
        0,
        "Everything is stopped. Start again with: tandem demo",
    )
    assert log.read_text("utf-8").count("ended by itself") == 1
    assert processes(folder) == {}


@pytest.mark.parametrize("name", sorted(DATABASES))
def test_the_cities_never_share_the_database_of_the_environment(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, "postgres://tandem@database.example/tandem")
    demo = Demo(tmp_path, {"hamm": 8000, "arezzo": 8001}, print)

    assert name not in demo._environment()
    assert name not in demo.junction.environment

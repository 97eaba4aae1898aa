"""``tandem signals …``: junctions as files, comparisons of controllers, live operation."""

import json
import os
import shlex
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import click

from tandem.core.errors import InvalidInput, NotFound
from tandem.core.findings import Finding, Severity, count_by_severity
from tandem.core.text import say
from tandem.signals.control.policy import Policy, read_policy
from tandem.signals.domain.check import CheckRules, check, rules_from_mapping
from tandem.signals.domain.junction import Junction
from tandem.signals.domain.notation import NotAJunction, read_junction, write_junction
from tandem.signals.experiment.compare import compare, tasks
from tandem.signals.experiment.controllers import MAKERS, NATIVE
from tandem.signals.experiment.results import RunResult
from tandem.signals.experiment.run import Task
from tandem.signals.experiment.table import as_text
from tandem.signals.experiment.template import read_seeds, template
from tandem.signals.live.operate import Pace, operate
from tandem.signals.live.replay import replay
from tandem.signals.plant.sumo import SumoOptions, SumoPlant
from tandem.signals.plant.sumo_import import Timing, junctions_of
from tandem.signals.plant.sumo_net import read_net, read_scenario
from tandem.signals.publish.messages import Simulation
from tandem.signals.publish.outlets import HttpOutlet, Lines, Outlet
from tandem.signals.safety.supervised import Decision

PATH = click.Path(dir_okay=False, path_type=Path)


class NotReadable(InvalidInput):
    """A file cannot be read."""

    code = "signals.not-readable"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(say("{path} cannot be read: {problem}.", path=path, problem=problem))


class NotWritable(InvalidInput):
    """A file cannot be written."""

    code = "signals.not-writable"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(say("{path} cannot be written: {problem}.", path=path, problem=problem))


class NoSignal(NotFound):
    """The network has no such signal."""

    code = "signals.no-signal"

    def __init__(self, path: Path, signal: str | None, known: Sequence[str]) -> None:
        if not known:
            message = say("{path} has no signal.", path=path)
        else:
            message = say(
                "{path} has no signal {signal}. It has: {known}.",
                path=path,
                signal=signal,
                known=", ".join(known),
            )
        super().__init__(message)


@click.group()
def signals() -> None:
    """Signal control: compare controllers, check junctions, run one live."""


# --- junctions as files -------------------------------------------------------------------------
@signals.command("import")
@click.argument("network", type=PATH)
@click.option("--signal", help="Only the junction of this traffic light; all of them otherwise.")
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to."
)
@click.option(
    "--intergreens",
    type=click.Choice(["geometry", "yellow"]),
    default="geometry",
    show_default=True,
    help="Computed from where ways meet, or yellow and all red only.",
)
@click.option(
    "--stages",
    "most_stages",
    type=click.IntRange(1, 64),
    default=12,
    show_default=True,
    help="Add stages that are safe, up to so many; 1 keeps those of the programme.",
)
@click.option(
    "--minimum-green", "minimum_green_s", type=click.FloatRange(0, 60), help="Seconds, for all groups."
)
@click.option(
    "--all-red", "all_red_s", type=click.FloatRange(0, 20), help="Seconds between yellow and green."
)
def import_command(
    network: Path,
    signal: str | None,
    folder: Path,
    intergreens: str,
    most_stages: int,
    minimum_green_s: float | None,
    all_red_s: float | None,
) -> None:
    """Make junction files from NETWORK, a SUMO .net.xml or .sumocfg: one for each signal."""
    scenario = read_scenario(network) if network.suffix == ".sumocfg" else None
    net = read_net(scenario.net, scenario.additional) if scenario else read_net(network)
    timing = _timing(Timing(most_stages=most_stages), minimum_green_s, all_red_s)
    found = junctions_of(net, timing=replace(timing, from_geometry=intergreens == "geometry"))
    junctions = [wired.junction for wired in found if signal in (None, *wired.junction.id.split("+"))]
    if not junctions:
        raise NoSignal(network, signal, [wired.junction.id for wired in found])
    folder.mkdir(parents=True, exist_ok=True)
    for junction in junctions:
        path = folder / f"{_file_name(junction.id)}.junction.json"
        with _writing(path) as file:
            file.write(write_junction(junction))
        findings = count_by_severity(check(junction))
        click.echo(
            f"{path}: {len(junction.groups)} groups, {len(junction.stages)} stages, "
            f"{len(junction.intergreens_ms)} intergreens; {findings[Severity.ERROR]} errors, "
            f"{findings[Severity.WARNING]} warnings"
        )


@signals.command("check")
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--rules", "rules_file", type=PATH, help="The city's own rules, a TOML file.")
@click.option("--json", "as_json", is_flag=True, help="Write findings as JSON lines.")
def check_command(files: tuple[Path, ...], rules_file: Path | None, as_json: bool) -> None:
    """Check junction FILES; ends with 1 if there is an error in one of them."""
    rules = rules_from_mapping(_toml(rules_file)) if rules_file else CheckRules()
    errors = 0
    for path in files:
        findings = _findings(path, rules)
        errors += sum(finding.severity is Severity.ERROR for finding in findings)
        for finding in findings:
            if as_json:
                click.echo(json.dumps({"file": str(path), **finding.as_dict()}))
            else:
                click.echo(f"{path}: {finding.severity}: {finding.path or '$'}: {finding.message}")
        if not findings and not as_json:
            click.echo(f"{path}: nothing to find fault with")
    if errors:
        raise click.exceptions.Exit(1)


def _findings(path: Path, rules: CheckRules) -> list[Finding]:
    try:
        return check(read_junction(_read(path)), rules)
    except NotAJunction as error:
        return list(error.findings)


def _file_name(junction: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_+" else "-" for letter in junction)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
        raise NotReadable(path, f"it is no TOML ({error})") from error


# --- compare ------------------------------------------------------------------------------------
@signals.command("compare")
@click.argument("scenario")
@click.option(
    "--controllers",
    default="actuated,planner",
    show_default=True,
    help=f"Of {', '.join([*MAKERS, *NATIVE])}.",
)
@click.option("--seeds", default="3", show_default=True, help="How many, or a range 1-10, or a list 1,4,7.")
@click.option("--jobs", default=0, help="Runs at a time; all cores by default.")
@click.option("--duration", "duration_s", type=click.IntRange(60, 86_400), help="Seconds of each run.")
@click.option(
    "--teleport", "teleport_s", default=-1, help="Seconds after which SUMO moves a stuck vehicle; -1 never."
)
@click.option("--range", "range_m", type=click.FloatRange(5, 1000), help="How far detectors see, in metres.")
@click.option(
    "--missed",
    "missed_share",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Share that detectors never see.",
)
@click.option(
    "--noise-m", type=click.FloatRange(0, 50), default=0.0, help="Standard deviation of measured distances."
)
@click.option(
    "--noise-mps", type=click.FloatRange(0, 20), default=0.0, help="Standard deviation of measured speeds."
)
@click.option("--silent", help="From when to when no detector answers, in seconds: 600-660.")
@click.option(
    "--minimum-green", "minimum_green_s", type=click.FloatRange(0, 60), help="Seconds, for all vehicles."
)
@click.option(
    "--all-red", "all_red_s", type=click.FloatRange(0, 20), help="Seconds between yellow and the next green."
)
@click.option("--policy", "policy_file", type=PATH, help="The city's policy, a TOML file.")
@click.option(
    "--results", type=PATH, help="Where finished runs are kept; the same command goes on from there."
)
@click.option("--report", "report_file", type=PATH, help="Write a report as one HTML file.")
@click.option("--language", type=click.Choice(["de", "it", "en"]), default="en", help="Of the report.")
@click.option(
    "--emissions/--no-emissions", default=True, help="Count carbon dioxide (takes a little longer)."
)
def compare_command(
    scenario: str,
    controllers: str,
    seeds: str,
    jobs: int,
    duration_s: int | None,
    teleport_s: int,
    range_m: float | None,
    missed_share: float,
    noise_m: float,
    noise_mps: float,
    silent: str | None,
    minimum_green_s: float | None,
    all_red_s: float | None,
    policy_file: Path | None,
    results: Path | None,
    report_file: Path | None,
    language: str,
    emissions: bool,
) -> None:
    """Compare controllers on SCENARIO: a .sumocfg, a scenario.toml, or the name of one of Tandem's (hamm)."""
    task, notes = template(scenario, policy=_policy(policy_file))
    sight = replace(task.sight, missed_share=missed_share, noise_m=noise_m, noise_mps=noise_mps)
    if range_m:
        sight = replace(sight, range_m=range_m)
    if silent:
        sight = replace(sight, **_silence(silent))
    task = replace(
        task,
        sight=sight,
        timing=_timing(task.timing, minimum_green_s, all_red_s),
        teleport_s=teleport_s,
        emissions=emissions,
        duration_s=duration_s or task.duration_s,
    )
    wanted = tasks(task, [name.strip() for name in controllers.split(",")], read_seeds(seeds))
    _compare_and_show(wanted, notes, jobs=jobs, results=results, report_file=report_file, language=language)


@signals.command("demo")
@click.option(
    "--report",
    "report_file",
    type=PATH,
    default=Path("hamm-signals.html"),
    show_default=True,
    help="Where the report goes.",
)
@click.option("--language", type=click.Choice(["de", "it", "en"]), default="en", help="Of the report.")
def demo_command(report_file: Path, language: str) -> None:
    """Show Hamm's junction before and after: actuated control, its plan, the planner."""
    task, notes = template("hamm")
    wanted = tasks(replace(task, duration_s=1_800), ["actuated", "plan", "planner"], [1, 2, 3, 4])
    _compare_and_show(wanted, notes, jobs=0, results=None, report_file=report_file, language=language)


def _compare_and_show(
    wanted: Sequence[Task],
    notes: Sequence[str],
    *,
    jobs: int,
    results: Path | None,
    report_file: Path | None,
    language: str,
) -> None:
    try:
        with _progress(len(wanted)) as note:
            found = compare(wanted, results=results, jobs=jobs or os.cpu_count() or 1, progress=note)
    except KeyboardInterrupt:
        kept = f"What is finished is in {results}; the same command goes on from there." if results else ""
        click.echo(f"Stopped. {kept}".strip(), err=True)
        raise click.exceptions.Exit(130) from None
    click.echo(as_text(found))
    if report_file:
        from tandem.signals.experiment.report import report

        words = sys.argv[sys.argv.index("signals") :] if "signals" in sys.argv else ["signals"]
        command = shlex.join(["tandem", *words])
        page = report(
            found, title=wanted[0].scenario, scenario_notes=notes, command=command, language=language
        )
        report_file.write_text(page, "utf-8")
        click.echo(f"\nThe report is in {report_file}")


# --- live ---------------------------------------------------------------------------------------
@signals.command("run")
@click.argument("scenario", default="hamm")
@click.option(
    "--log", "log_file", type=PATH, help="Write every decision here; further junctions get numbers."
)
@click.option("--publish", help="Where state, forecast and counts can be read by HTTP: 127.0.0.1:8090.")
@click.option("--lines", "lines_file", type=PATH, help="Write what is published here too, as JSON lines.")
@click.option("--seconds", type=click.IntRange(1), help="End after so many simulated seconds.")
@click.option(
    "--speed", type=click.FloatRange(0, 1000), default=1.0, show_default=True, help="0: as fast as it goes."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the demand.")
@click.option("--policy", "policy_file", type=PATH, help="The city's policy, a TOML file.")
@click.option("--again", is_flag=True, help="When the scenario's time is over, begin it anew.")
@click.option("--quiet", is_flag=True, help="Show no decisions.")
def run_command(
    scenario: str,
    log_file: Path | None,
    publish: str | None,
    lines_file: Path | None,
    seconds: int | None,
    speed: float,
    seed: int,
    policy_file: Path | None,
    again: bool,
    quiet: bool,
) -> None:
    """Run SCENARIO's junctions in real time, once a second, and say why each change is made."""
    if again and log_file:
        raise click.BadParameter("a log is of one run, so it cannot be kept with --again", param_hint="--log")
    task, _notes = template(scenario, policy=_policy(policy_file))
    lasts_s = seconds or task.duration_s
    options = SumoOptions(seed=seed, duration_s=lasts_s, sight=task.sight, timing=task.timing)

    def anew() -> SumoPlant | None:
        if again:
            click.echo("The scenario's time is over; it begins anew.", err=True)
        return SumoPlant(task.config, options) if again else None

    with ExitStack() as opened:
        opened.enter_context(_temporary_folder())
        plant = SumoPlant(task.config, options)
        logs = [opened.enter_context(_writing(each)) for each in _log_files(log_file, len(plant.junctions))]
        outlets: list[Outlet] = []
        if lines_file:
            outlets.append(Lines(opened.enter_context(_writing(lines_file))))
        if publish:
            server = HttpOutlet(*_address(publish))
            opened.callback(server.close)
            outlets.append(server)
            click.echo(
                f"Published at http://{publish.rpartition(':')[0]}:{server.port}/ (Ctrl-C ends it)", err=True
            )
        try:
            opened.enter_context(_stopped_as_by_hand())
            _outcome, kept = operate(
                plant,
                policy=task.policy,
                week_ms=task.week_ms,
                pace=Pace(time.monotonic, time.sleep, speed),
                logs=logs or [None] * len(plant.junctions),
                outlets=outlets,
                told=(lambda _decision, _junction: None) if quiet else _Telling(),
                simulation=Simulation(lasts_s, again),
                again=anew,
            )
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            raise click.exceptions.Exit(130) from None
    click.echo(
        f"{kept.steps} steps; the slowest decision took {1000 * kept.slowest_s:.1f} ms, the latest step began "
        f"{1000 * kept.latest_s:.0f} ms late."
    )


@signals.command("replay")
@click.argument("log", type=PATH)
def replay_command(log: Path) -> None:
    """Decide everything in a decision LOG again, and compare byte for byte."""
    found = replay(log)
    if not found.differs_at:
        click.echo(f"{found.steps} decisions repeated, every byte the same.")
        return
    click.echo(f"Line {found.differs_at} came out otherwise.", err=True)
    click.echo(f"  logged:   {found.logged.strip()[-400:]}", err=True)
    click.echo(f"  repeated: {found.repeated.strip()[-400:]}", err=True)
    raise click.exceptions.Exit(1)


class _Telling:
    """Shows a decision whenever its reason is a new one."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}

    def __call__(self, decision: Decision, junction: Junction) -> None:
        why = decision.trouble or (decision.request.reason if decision.request else "")
        begins = why.partition(":")[0]
        if self._last.get(junction.id) != begins:
            self._last[junction.id] = begins
            minutes, seconds = divmod(decision.at_ms // 1000, 60)
            click.echo(f"{minutes:3}:{seconds:02}  {junction.id}  {why}")


def _log_files(path: Path | None, count: int) -> list[Path]:
    if path is None:
        return []
    return [path] + [path.with_stem(f"{path.stem}-{number}") for number in range(2, count + 1)]


def _writing(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise NotWritable(path, error.strerror or str(error)) from error


@contextmanager
def _temporary_folder() -> Iterator[None]:
    """Keep what a run writes meanwhile in a folder of its own, which goes whenever the run is stopped."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="tandem-run-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def _stopped_as_by_hand() -> Iterator[None]:
    """Let SIGTERM, by which services are stopped, end a run as Ctrl-C does: with everything cleaned up."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65_535:
        raise click.BadParameter(f"{text!r} is not like 127.0.0.1:8090", param_hint="--publish")
    return host, int(port)


# --- helpers ------------------------------------------------------------------------------------
@contextmanager
def _progress(count: int) -> Iterator[Callable[[int, int, RunResult], None]]:
    """Show progress: a bar on a terminal, a line for each run elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total, run: click.echo(
            f"{done}/{total} {run.controller} seed {run.seed}: {run.took_s:.0f} s", err=True
        )
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        line = bar.add_task("simulating", total=count)
        yield lambda done, _total, run: bar.update(
            line, completed=done, description=f"{run.controller}, seed {run.seed}"
        )


def _policy(path: Path | None) -> Policy | None:
    return read_policy(_read(path)) if path else None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise NotReadable(path, "it is no text in UTF-8") from error


def _silence(text: str) -> dict[str, float]:
    first, dash, last = text.partition("-")
    if not dash or not first.strip().isdigit() or not last.strip().isdigit() or int(first) > int(last):
        raise click.BadParameter(f"{text!r} is not like 600-660", param_hint="--silent")
    return {"silent_from_s": float(first), "silent_until_s": float(last)}


def _timing(timing: Timing, minimum_green_s: float | None, all_red_s: float | None) -> Timing:
    if minimum_green_s is not None:
        timing = replace(timing, minimum_green_ms=round(1000 * minimum_green_s))
    if all_red_s is not None:
        timing = replace(timing, all_red_ms=round(1000 * all_red_s))
    return timing

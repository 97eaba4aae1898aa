"""Compare controllers on a scenario: every controller with every seed, on several cores, resumable."""

import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

from tandem.signals.experiment.controllers import check_names
from tandem.signals.experiment.results import RunResult
from tandem.signals.experiment.run import Task, run

Progress = Callable[[int, int, RunResult], None]


def tasks(template: Task, controllers: Sequence[str], seeds: Sequence[int]) -> list[Task]:
    """Return the runs of a comparison, seed by seed, so that an early stop leaves complete seeds.

    Raises:
        UnknownController: A name is unknown.
    """
    check_names(list(controllers))
    return [
        replace(template, controller=controller, seed=seed, trace=seed == seeds[0])
        for seed in seeds
        for controller in controllers
    ]


def compare(
    wanted: Sequence[Task],
    *,
    results: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> list[RunResult]:
    """Return the result of every run, in the order asked for.

    Each run goes into a process of its own: a second simulation in the same process is not free of the first.
    Each finished run is appended to ``results`` at once; what is there already is not run again, so that an
    interrupted comparison goes on where it stopped.

    Args:
        results: A file of JSON lines.
        jobs: How many processes run at a time.
        progress: Called after each run with how many are done, how many there are, and the run's result.

    Raises:
        SumoMissing: libsumo is not installed.
        NotANetwork: The scenario cannot be read.
    """
    done = {result.key: result for result in stored(results)} if results else {}
    keys = [task.key for task in wanted]
    missing = [task for task, key in zip(wanted, keys, strict=True) if key not in done]
    count = len(wanted) - len(missing)
    for result in _run_all(missing, jobs=jobs):
        done[result.key] = result
        count += 1
        if results:
            _append(results, result)
        if progress:
            progress(count, len(wanted), result)
    return [done[key] for key in keys]


def stored(path: Path) -> Iterator[RunResult]:
    """Yield the runs of a file; a last line that an interruption cut off is left out."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield RunResult.from_line(line)
            except (json.JSONDecodeError, KeyError, TypeError):
                continue


def _append(path: Path, result: RunResult) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cut_off = path.exists() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if cut_off else "") + result.as_line() + "\n")


def _run_all(missing: Sequence[Task], *, jobs: int) -> Iterator[RunResult]:
    """Yield results as they come; when the caller stops, what has not begun is not begun."""
    if not missing:
        return
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(min(jobs, len(missing)), mp_context=context, max_tasks_per_child=1)
    try:
        waiting: set[Future[RunResult]] = {executor.submit(run, task) for task in missing}
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)

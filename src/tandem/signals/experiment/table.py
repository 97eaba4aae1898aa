"""A comparison as a table of text."""

from collections.abc import Sequence

from tandem.signals.domain.summing_up.interval import Interval, interval
from tandem.signals.domain.summing_up.quality import service_quality
from tandem.signals.experiment.results import RunResult

HEADS = ("", "delay s", "wait s", "longest", "stops", "CO2 g", "quality", "locked")


def by_controller(results: Sequence[RunResult]) -> dict[str, list[RunResult]]:
    """Return the runs of each controller, in the order in which they first appear."""
    found: dict[str, list[RunResult]] = {}
    for result in results:
        found.setdefault(result.controller, []).append(result)
    return found


def kinds_of(results: Sequence[RunResult]) -> list[str]:
    """Return the kinds of road users that appear, ``all`` left out where there is only one kind of vehicle."""
    kinds = list(dict.fromkeys(each.kind for result in results for each in result.classes))
    vehicles = [kind for kind in kinds if kind not in {"all", "pedestrian"}]
    return [kind for kind in kinds if kind != "all" or len(vehicles) != 1]


def rows(results: Sequence[RunResult], kind: str) -> list[tuple[str, ...]]:
    """Return one row of texts for each controller, about one kind of road user."""
    found: list[tuple[str, ...]] = []
    for controller, runs in by_controller(results).items():
        classes = [each for run in runs if (each := run.of(kind)) is not None]
        if not classes:
            continue
        delay, wait = (interval(getattr(each, name) for each in classes) for name in ("delay_s", "wait_s"))
        longest = max(each.longest_wait_s for each in classes)
        locked = sum(run.locked_at_s is not None for run in runs)
        found.append(
            (
                controller,
                with_interval(delay),
                with_interval(wait),
                f"{longest:.0f}",
                f"{interval(each.stops for each in classes).mean:.2f}",
                f"{interval(each.co2_g for each in classes).mean:.0f}",
                service_quality(kind, wait_s=wait.mean, longest_wait_s=longest),
                f"{locked} of {len(runs)}",
            )
        )
    return found


def with_interval(value: Interval) -> str:
    """Return a mean with its 95 % interval.

    >>> with_interval(Interval(16.14, 15.2, 17.1, 15.0, 17.0, 5))
    '16.1 (15.2–17.1)'
    """
    if value.count < 2:
        return f"{value.mean:.1f}"
    return f"{value.mean:.1f} ({value.low:.1f}–{value.high:.1f})"


def queue_rows(results: Sequence[RunResult]) -> list[tuple[str, ...]]:
    """Return one row of texts for each controller: how many stood in front of all stop lines."""
    found: list[tuple[str, ...]] = []
    for controller, runs in by_controller(results).items():
        counted = [run.queue_veh for run in runs if run.queue_veh]
        if counted:
            mean = interval(sum(queue) / len(queue) for queue in counted)
            found.append((controller, with_interval(mean), str(max(map(max, counted)))))
    return found


def as_text(results: Sequence[RunResult]) -> str:
    """Return the whole comparison as text: one table for each kind of road user, and one of the queues."""
    parts = [_lines([(kind, *HEADS[1:]), *rows(results, kind)]) for kind in kinds_of(results)]
    queues = queue_rows(results)
    if queues:
        parts.append(_lines([("queue", "vehicles", "most"), *queues]))
    return "\n\n".join(parts)


def _lines(table: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])

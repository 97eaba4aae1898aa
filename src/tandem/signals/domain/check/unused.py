"""What nobody uses, and detectors out of place."""

from collections.abc import Iterator

from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.signals.domain.check.findings import warning
from tandem.signals.domain.junction import Junction

_ONE_OF = {"approaches": "approach", "lanes": "lane", "exits": "exit", "groups": "group"}


def unused(junction: Junction) -> Iterator[Finding]:
    """Find what no lane and no movement refers to, and detectors beyond their approach."""
    yield from _without_reference(junction)
    yield from _detectors_off_approach(junction)


def _without_reference(junction: Junction) -> Iterator[Finding]:
    used = {
        "approaches": {lane.approach for lane in junction.lanes},
        "lanes": {movement.lane for movement in junction.movements},
        "exits": {movement.exit for movement in junction.movements},
        "groups": {movement.group for movement in junction.movements},
    }
    for kind, names in used.items():
        for each in getattr(junction, kind):
            if each.id not in names:
                message = say("Nothing refers to it: no lane, no movement. Use it, or remove it.")
                yield warning(f"unused-{_ONE_OF[kind]}", f"{kind}/{each.id}", message)


def _detectors_off_approach(junction: Junction) -> Iterator[Finding]:
    lengths = {approach.id: approach.length_m for approach in junction.approaches}
    approach_of = {lane.id: lane.approach for lane in junction.lanes}
    for detector in junction.detectors:
        length_m = lengths[approach_of[detector.lane]]
        if detector.distance_m > length_m:
            message = say(
                "It begins to see {distance} m before the stop line, and its approach is {length} m long. Correct one.",
                distance=f"{detector.distance_m:g}",
                length=f"{length_m:g}",
            )
            yield warning("detector-off-approach", f"detectors/{detector.id}", message)

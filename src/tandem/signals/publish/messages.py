"""What is published of a junction each second: what it shows, when that may change, who passed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.signals.domain.aspect import Aspect, Heads
from tandem.signals.domain.junction import Junction
from tandem.signals.domain.users import KIND_NAMES
from tandem.signals.estimation.observation import Observation
from tandem.signals.safety.command import SignalCommand

FORMAT = "tandem-signals/1"
PASSING_MPS = 1.0


@dataclass(frozen=True, slots=True)
class Simulation:
    """What is published where no street but a simulation is controlled.

    Attributes:
        lasts_s: How long a round is, in simulated seconds.
        again: Whether it begins anew when it is over.
    """

    lasts_s: int
    again: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is published."""
        return {"lasts_s": self.lasts_s, "again": self.again}


def state(junction: Junction, command: SignalCommand, heads: Heads, *, why: str) -> dict[str, Any]:
    """Return what each group shows, and since when; times in seconds."""
    return {
        "format": FORMAT,
        "junction": junction.id,
        "at_s": command.at_ms / 1000,
        "source": command.source.name.lower(),
        "why": why,
        "faults": list(command.faults),
        "groups": {
            group.id: {
                "kind": group.kind.value,
                "shows": aspect.name.lower().replace("_", "-"),
                "gives_way": aspect is Aspect.GREEN and not protected,
                "since_s": since_ms / 1000,
            }
            for group, aspect, protected, since_ms in zip(
                junction.groups, command.aspects, command.protected, heads.since_ms, strict=True
            )
        },
    }


def forecast(
    junction: Junction, heads: Heads, ahead: Sequence[tuple[int, str]], present: str
) -> dict[str, Any]:
    """Return when each group is to change between green and not green: soonest, likely, latest, in seconds from now.

    The soonest is what minimum greens and intergreens allow; the likely one is the controller's present plan,
    which it makes anew every second; the latest is the maximum red, where the junction promises one.

    Args:
        ahead: The controller's next changes: (moment in milliseconds, stage).
        present: The stage that it is in, or changes to.
    """
    soonest = [_soonest_ms(junction, number, heads) / 1000 for number in range(len(junction.groups))]
    return {
        group.id: {
            "to": "red" if aspect is Aspect.GREEN else "green",
            "soonest_s": soonest[number],
            "likely_s": _likely_s(junction, group.id, aspect, heads.now_ms, ahead, present, soonest[number]),
            "latest_s": _latest_s(group.maximum_red_ms, aspect, heads.now_ms - since_ms),
        }
        for number, (group, aspect, since_ms) in enumerate(
            zip(junction.groups, heads.aspects, heads.since_ms, strict=True)
        )
    }


def _soonest_ms(junction: Junction, number: int, heads: Heads) -> int:
    group = junction.groups[number]
    shown_ms = heads.now_ms - heads.since_ms[number]
    if heads.aspects[number] is Aspect.GREEN:
        return max(group.minimum_green_ms - shown_ms, 0)
    if heads.aspects[number] is Aspect.RED_YELLOW:
        return max(group.red_yellow_ms - shown_ms, 0)
    waits = [group.red_yellow_ms]
    for other, aspect, since_ms in zip(junction.groups, heads.aspects, heads.since_ms, strict=True):
        between_ms = junction.intergreens_ms.get((other.id, group.id))
        if between_ms is None or junction.may_be_green_together(other.id, group.id):
            continue
        passed_ms = heads.now_ms - since_ms
        if aspect is Aspect.GREEN:
            waits.append(max(other.minimum_green_ms - passed_ms, 0) + max(between_ms, other.yellow_ms))
        elif aspect is Aspect.YELLOW:
            waits.append(max(between_ms, other.yellow_ms) - passed_ms)
        elif aspect is Aspect.RED:
            waits.append(between_ms - other.yellow_ms - passed_ms)
    return max(waits)


def _likely_s(
    junction: Junction,
    group: str,
    aspect: Aspect,
    now_ms: int,
    ahead: Sequence[tuple[int, str]],
    present: str,
    soonest_s: float,
) -> float | None:
    """Return when the present plan changes the group; None where it does not look so far."""
    green = aspect is Aspect.GREEN
    if green is not (group in junction.stage_by_id[present].green):
        return soonest_s
    for at_ms, stage in ahead:
        if (group in junction.stage_by_id[stage].green) is not green:
            return max((at_ms - now_ms) / 1000, soonest_s)
    return None


def _latest_s(maximum_red_ms: int, aspect: Aspect, shown_ms: int) -> float | None:
    if aspect is Aspect.GREEN or not maximum_red_ms:
        return None
    return max(maximum_red_ms - shown_ms, 0) / 1000


class Counts:
    """Counts who passes the stop lines, by lane and kind, in quarters of an hour."""

    def __init__(self, junction: Junction, *, every_ms: int = 900_000) -> None:
        self._junction = junction
        self._every_ms = every_ms
        self._from_ms = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._finished: dict[str, Any] | None = None

    def note(self, seen: Observation) -> None:
        """Count those who pass within the coming second."""
        if seen.at_ms - self._from_ms >= self._every_ms:
            self._finished = self.as_dict(until_ms=seen.at_ms)
            self._from_ms, self._counts = seen.at_ms, Counter()
        users = seen.users
        passing = (
            (users["through"] == 0)
            & (users["speed_mps"] > PASSING_MPS)
            & (users["distance_m"] < users["speed_mps"])
        )
        for movement, kind in zip(
            users["movement"][passing].tolist(), users["kind"][passing].tolist(), strict=True
        ):
            self._counts[self._junction.movements[movement].lane, KIND_NAMES[kind]] += 1

    @property
    def finished(self) -> Mapping[str, Any] | None:
        """The last full quarter of an hour; None in the first one."""
        return self._finished

    def as_dict(self, *, until_ms: int) -> dict[str, Any]:
        """Return the counts since the quarter began."""
        lanes: dict[str, dict[str, int]] = {}
        for (lane, kind), count in sorted(self._counts.items()):
            lanes.setdefault(lane, {})[kind] = count
        return {"from_s": self._from_ms / 1000, "until_s": until_ms / 1000, "lanes": lanes}

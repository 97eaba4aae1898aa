"""Why the planner does what it does, in words."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from tandem.signals.domain.junction import Junction, Stage
from tandem.signals.estimation.observation import Observation

SOON_S = 10.0
WALKING_MPS = 1.0
NAMES = (
    ("car", "cars"),
    ("pedestrian", "pedestrians"),
    ("cyclist", "cyclists"),
    ("bus", "buses"),
    ("tram", "trams"),
)


def why_stay(junction: Junction, stage: Stage, seen: Observation, ahead: Sequence[tuple[float, int]]) -> str:
    """Return why a stage goes on: who still comes before the plan's next change.

    Args:
        ahead: The changes of the plan: (seconds from now, stage).
    """
    until_s = ahead[0][0] if ahead else SOON_S
    served = _movements(junction, stage.green)
    coming: Counter[int] = Counter()
    latest_s = 0.0
    for user in seen.users:
        arrival_s = user["distance_m"] / max(user["speed_mps"], WALKING_MPS)
        if user["movement"] in served and arrival_s <= max(until_s, SOON_S):
            coming[int(user["kind"])] += 1
            latest_s = max(latest_s, arrival_s)
    if coming:
        verb = "arrives" if coming.total() == 1 else "arrive"
        return f"stays with stage {stage.id}: {_people(coming)} {verb} within {max(round(latest_s), 1)} s"
    waiting = _waiting(junction, stage.green, seen)
    if waiting:
        return f"stays with stage {stage.id} for now: {_people(waiting)} elsewhere"
    return f"stays with stage {stage.id}: nobody is elsewhere"


def why_change(
    junction: Junction, stage: Stage, target: Stage, seen: Observation, held: Collection[str]
) -> str:
    """Return why a change goes on, and for whom it waits.

    Args:
        held: Groups that do not open yet, since somebody is still inside the junction.
    """
    gaining = target.green - stage.green
    served = _movements(junction, gaining)
    coming = Counter(int(user["kind"]) for user in seen.users if user["movement"] in served)
    longest_s = max(
        (float(user["waited_s"]) for user in seen.users if user["movement"] in served), default=0.0
    )
    told = f"changes to stage {target.id}"
    if coming:
        told += f": {_people(coming)} there"
        if longest_s >= 1:
            told += f", waiting up to {round(longest_s)} s"
    if held:
        told += "; somebody is still inside the junction"
    return told


def _waiting(junction: Junction, green: Collection[str], seen: Observation) -> Counter[int]:
    served = _movements(junction, green)
    return Counter(int(user["kind"]) for user in seen.users if user["movement"] not in served)


def _movements(junction: Junction, groups: Iterable[str]) -> frozenset[int]:
    wanted = frozenset(groups)
    return frozenset(number for number, each in enumerate(junction.movements) if each.group in wanted)


def _people(count: Counter[int]) -> str:
    """Return who they are.

    >>> _people(Counter({2: 6, 0: 1}))
    '6 cyclists and 1 car'
    """
    parts = [
        f"{number} {NAMES[kind][number != 1]}"
        for kind, number in sorted(count.items(), key=lambda each: -each[1])
    ]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

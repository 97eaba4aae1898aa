"""What a version of a junction file changes against the one before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tandem.core.text import Sentence, say
from tandem.signals.domain.junction import GroupKind, Junction, Plan, SignalGroup, Stage


class ChangeKind(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        path: Like those of the check's findings: ``groups/K1``, ``intergreens/K1/F1``.
        says: In one sentence.
    """

    kind: ChangeKind
    path: str
    says: Sentence


def differences(before: Junction, after: Junction) -> list[Change]:
    """Return what changed between two versions: signal groups, intergreens, stages, plans, lanes and movements.

    Things are the same if they have the same id. Empty for equal junctions.
    """
    return [
        *_things(before, after, "groups", lambda junction: junction.groups, _group),
        *_intergreens(before, after),
        *_things(before, after, "stages", lambda junction: junction.stages, _stage),
        *_things(before, after, "plans", lambda junction: junction.plans, _plan),
        *(change for part in _PLAIN for change in _things(before, after, part, _part(part), _otherwise)),
        *_rest(before, after),
    ]


_PLAIN = ("approaches", "lanes", "exits", "movements", "detectors")
_GROUP_TIMES: Mapping[str, Callable[[str, str], Sentence]] = {
    "minimum_green_ms": lambda old, new: say("Minimum green {old} s → {new} s.", old=old, new=new),
    "maximum_green_ms": lambda old, new: say("Maximum green {old} s → {new} s.", old=old, new=new),
    "maximum_red_ms": lambda old, new: say("Maximum red {old} s → {new} s.", old=old, new=new),
    "yellow_ms": lambda old, new: say("Yellow {old} s → {new} s.", old=old, new=new),
    "red_yellow_ms": lambda old, new: say("Red and yellow {old} s → {new} s.", old=old, new=new),
}


def _part(name: str) -> Callable[[Junction], Sequence[Any]]:
    return lambda junction: getattr(junction, name)


def _things(
    before: Junction,
    after: Junction,
    part: str,
    of: Callable[[Junction], Sequence[Any]],
    changed: Callable[[Any, Any], Iterator[Sentence]],
) -> Iterator[Change]:
    old, new = ({each.id: each for each in of(junction)} for junction in (before, after))
    for name in old.keys() - new.keys():
        yield Change(ChangeKind.REMOVED, f"{part}/{name}", say("It is gone."))
    for name, thing in new.items():
        if name not in old:
            yield Change(ChangeKind.ADDED, f"{part}/{name}", say("It is new."))
        else:
            for sentence in changed(old[name], thing):
                yield Change(ChangeKind.CHANGED, f"{part}/{name}", sentence)


_USERS = {
    GroupKind.VEHICLE: say("vehicles"),
    GroupKind.CYCLE: say("cyclists"),
    GroupKind.PEDESTRIAN: say("pedestrians"),
    GroupKind.BUS: say("buses"),
    GroupKind.TRAM: say("trams"),
}


def _group(old: SignalGroup, new: SignalGroup) -> Iterator[Sentence]:
    if old.kind is not new.kind:
        yield say("It is for {new}, no longer for {old}.", old=_USERS[old.kind], new=_USERS[new.kind])
    for name, sentence in _GROUP_TIMES.items():
        if getattr(old, name) != getattr(new, name):
            yield sentence(seconds(getattr(old, name)), seconds(getattr(new, name)))


def _stage(old: Stage, new: Stage) -> Iterator[Sentence]:
    if old.green != new.green:
        yield say("Green together: {old} → {new}.", old=_names(old.green), new=_names(new.green))
    if old.permissive != new.permissive:
        yield say(
            "Those who give way: {old} → {new}.", old=_names(old.permissive), new=_names(new.permissive)
        )


def _plan(old: Plan, new: Plan) -> Iterator[Sentence]:
    if old.steps != new.steps:
        yield say("Steps: {old} → {new}.", old=_steps(old), new=_steps(new))
    if old.offset_ms != new.offset_ms:
        yield say("Offset {old} s → {new} s.", old=seconds(old.offset_ms), new=seconds(new.offset_ms))


def _otherwise(old: Any, new: Any) -> Iterator[Sentence]:
    if old != new:
        yield say("It is described otherwise.")


def _intergreens(before: Junction, after: Junction) -> Iterator[Change]:
    old, new = before.intergreens_ms, after.intergreens_ms
    for pair in sorted({*old, *new}):
        path = f"intergreens/{pair[0]}/{pair[1]}"
        if pair not in new:
            yield Change(ChangeKind.REMOVED, path, say("Intergreen {old} s is gone.", old=seconds(old[pair])))
        elif pair not in old:
            yield Change(ChangeKind.ADDED, path, say("Intergreen {new} s is new.", new=seconds(new[pair])))
        elif old[pair] != new[pair]:
            sentence = say("Intergreen {old} s → {new} s.", old=seconds(old[pair]), new=seconds(new[pair]))
            yield Change(ChangeKind.CHANGED, path, sentence)


def _rest(before: Junction, after: Junction) -> Iterator[Change]:
    """Yield what has no id: names, place, interstages, clearances, assumptions."""
    for name in ("id", "name", "place", "interstages", "clearances", "assumptions"):
        if getattr(before, name) != getattr(after, name):
            yield Change(ChangeKind.CHANGED, name, say("It is described otherwise."))


def seconds(ms: int) -> str:
    """Return milliseconds as seconds the way people write them.

    >>> seconds(5_000), seconds(1_500)
    ('5', '1.5')
    """
    return f"{ms / 1000:g}"


def _names(groups: frozenset[str]) -> str:
    return ", ".join(sorted(groups)) or "–"


def _steps(plan: Plan) -> str:
    return ", ".join(f"{step.stage} {seconds(step.duration_ms)} s" for step in plan.steps)

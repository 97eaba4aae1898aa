"""Which stages a junction could have, beyond those that its plan uses."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from tandem.signals.domain.junction import GroupKind, Junction, Stage


def possible_stages(junction: Junction, *, most: int = 12) -> tuple[Stage, ...]:
    """Return the junction's stages, and then every other one that cannot be enlarged.

    A new stage is a largest set of groups that do not conflict, and those beside it that may give way to
    them, as a stage of the junction already lets them. What is only a part of another stage is left out, but
    for this: a stage without some of its pedestrians can be left sooner, since nobody has to clear a crossing.

    Args:
        junction: Its own stages come first and keep their ids.
        most: How many stages there shall be at the most, those without some pedestrians aside; larger ones are
            preferred.
    """
    found = list(junction.stages)
    for stage in junction.stages:
        found += _without_pedestrians(junction, stage)
    most += len(found) - len(junction.stages)
    served = sorted({group for stage in junction.stages for group in stage.green})
    cliques = sorted(_largest_sets(junction, served), key=lambda each: (-len(each), sorted(each)))
    for protected in cliques:
        stage = _with_permissive(junction, protected, served, number=len(found) + 1)
        if len(found) < most and not any(_is_part(stage, other) for other in found):
            found.append(stage)
    return tuple(found)


def _without_pedestrians(junction: Junction, stage: Stage) -> Iterator[Stage]:
    """Yield a stage without any pedestrians, and then with fewer of their groups: all but one, all but two."""
    walking = sorted(
        group for group in stage.green if junction.group_by_id[group].kind is GroupKind.PEDESTRIAN
    )
    if not walking or len(walking) == len(stage.green):
        return
    yield Stage(f"{stage.id}-", stage.green - set(walking), stage.permissive - set(walking))
    for count in range(1, len(walking)):
        for without in combinations(walking, count):
            name = f"{stage.id}-{'-'.join(group.rpartition('/')[2] for group in without)}"
            yield Stage(name, stage.green - set(without), stage.permissive - set(without))


def _largest_sets(junction: Junction, groups: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every set of groups without conflict that cannot be enlarged.

    Source: Bron and Kerbosch (1973), Algorithm 457, with a pivot.
    """
    free = {
        one: {other for other in groups if other != one and not junction.conflict(one, other)}
        for one in groups
    }

    def grow(chosen: set[str], left: set[str], done: set[str]) -> Iterator[frozenset[str]]:
        if not left and not done:
            yield frozenset(chosen)
            return
        pivot = max(sorted(left | done), key=lambda group: len(free[group] & left))
        for group in sorted(left - free[pivot]):
            yield from grow(chosen | {group}, left & free[group], done & free[group])
            left = left - {group}
            done = done | {group}

    return grow(set(), set(groups), set())


def _with_permissive(
    junction: Junction, protected: frozenset[str], groups: Iterable[str], *, number: int
) -> Stage:
    green, permissive = set(protected), set()
    for group in groups:
        if group in green:
            continue
        rivals = [other for other in green if junction.conflict(group, other)]
        if all((group, other) in junction.partial_conflicts for other in rivals):
            green.add(group)
            permissive.add(group)
    return Stage(f"{junction.id}/+{number}", frozenset(green), frozenset(permissive))


def _is_part(stage: Stage, other: Stage) -> bool:
    """Return whether another stage serves the same groups at least as well."""
    return stage.green <= other.green and stage.green - stage.permissive <= other.green - other.permissive

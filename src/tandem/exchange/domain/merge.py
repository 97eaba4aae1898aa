"""Three-way merge of plain JSON values: what both sides changed since they last agreed, put together.

Objects are merged key by key, texts by language with them. Lists are merged item by item where the items say who they
are, else as a whole. What both changed differently is a conflict, and a person chooses.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

from tandem.core import errors
from tandem.core.text import say
from tandem.exchange.domain.conformity import same, step

IDENTITIES = ("id", "key", "name", "iri")
"""By what an item of a list is known, the first that all items have and no two share."""


class Unresolved(errors.Conflict):
    """Both sides changed the same, and nobody has chosen."""

    code = "exchange.merge.unresolved"

    def __init__(self, paths: Sequence[str]) -> None:
        where = ", ".join(path or "/" for path in paths)
        super().__init__(say("Both sides changed {where}. Choose one of the two for each.", where=where))
        self.paths = tuple(paths)


class NoSuchConflict(errors.InvalidInput):
    """A choice was made where there is nothing to choose."""

    code = "exchange.merge.no-such-conflict"

    def __init__(self, paths: Sequence[str]) -> None:
        where = ", ".join(path or "/" for path in paths)
        super().__init__(
            say("There is nothing to choose at {where}. Look at the conflicts again.", where=where)
        )
        self.paths = tuple(paths)


class Absent(Enum):
    """What stands for a value that is not there; JSON's null is a value."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Side(StrEnum):
    """Whose value is taken."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place that both sides changed, each in its way.

    Attributes:
        path: JSON Pointer into the merged value.
        base: What both began with; ``ABSENT`` where there was nothing, as for the others where it was deleted.
    """

    path: str
    base: Any
    ours: Any
    theirs: Any

    def of(self, side: Side) -> Any:
        """Return what one side has there."""
        return self.ours if side is Side.OURS else self.theirs


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge.

    Attributes:
        value: In it stands at each conflict what we have, or what they have where we deleted it.
        conflicts: In the order of the value.
    """

    value: Any
    conflicts: tuple[Conflict, ...] = ()

    def taking(self, side: Side) -> Any:
        """Return the value with all conflicts decided for one side."""
        return resolve(self, {conflict.path: side for conflict in self.conflicts})


def merge(base: Any, ours: Any, theirs: Any) -> Merged:
    """Return what both sides made of a JSON value, put together.

    Source:
        Khanna, Kunal and Pierce (2007), A Formal Investigation of Diff3: what one side changed is taken, what both
        changed alike is taken once, what both changed differently is a conflict.

    >>> merge({"de": "Baum", "it": "albero"}, {"de": "Bäume", "it": "albero"}, {"de": "Baum", "it": "alberi"}).value
    {'de': 'Bäume', 'it': 'alberi'}
    >>> [conflict.path for conflict in merge({"a": 1}, {"a": 2}, {"a": 3}).conflicts]
    ['/a']
    """
    conflicts: list[Conflict] = []
    value = _merge(base, ours, theirs, "", conflicts)
    return Merged(value, tuple(conflicts))


def resolve(merged: Merged, choices: Mapping[str, Side]) -> Any:
    """Return the merged value as somebody decided.

    Args:
        choices: By the path of a conflict.

    Raises:
        NoSuchConflict: A choice names a place that is none.
        Unresolved: A conflict is left.
    """
    paths = [conflict.path for conflict in merged.conflicts]
    if strange := sorted(set(choices) - set(paths)):
        raise NoSuchConflict(strange)
    if left := [path for path in paths if path not in choices]:
        raise Unresolved(left)
    value = merged.value
    for conflict in reversed(merged.conflicts):  # what is deleted from a list moves only what comes behind it
        value = _with(value, tokens(conflict.path), conflict.of(choices[conflict.path]))
    return value


def tokens(path: str) -> list[str]:
    """Return the steps of a JSON Pointer.

    Source:
        RFC 6901, section 4.

    >>> tokens("/columns/a~1b~0"), tokens("")
    (['columns', 'a/b~'], [])
    """
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def _merge(base: Any, ours: Any, theirs: Any, path: str, conflicts: list[Conflict]) -> Any:
    if same(ours, theirs) or same(base, theirs):
        return ours
    if same(base, ours):
        return theirs
    if all(isinstance(each, Mapping) for each in (ours, theirs)) and isinstance(base, Mapping | Absent):
        return _objects({} if base is ABSENT else base, ours, theirs, path, conflicts)
    if all(isinstance(each, list) for each in (ours, theirs)) and isinstance(base, list | Absent):
        lists = _Lists.of([] if base is ABSENT else base, ours, theirs)
        if lists is not None:
            return list(lists.merged(path, conflicts))
    conflicts.append(Conflict(path, base, ours, theirs))
    return theirs if ours is ABSENT else ours


def _objects(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    path: str,
    conflicts: list[Conflict],
) -> dict[str, Any]:
    merged = {}
    for key in dict.fromkeys([*ours, *theirs]):
        value = _merge(*_at(key, base, ours, theirs), step(path, key), conflicts)
        if value is not ABSENT:
            merged[key] = value
    return merged


def _at(
    key: str, base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[Any, Any, Any]:
    return base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT)


@dataclass(frozen=True, slots=True)
class _Lists:
    """Three lists by what their items are known by, and the order in which the items come together."""

    base: Mapping[str, Any]
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    order: Sequence[str]

    @classmethod
    def of(cls, base: list[Any], ours: list[Any], theirs: list[Any]) -> "_Lists | None":
        """Return the lists; None where they can only be taken as a whole."""
        for key in IDENTITIES:
            known = [_by_identity(items, key) for items in (base, ours, theirs)]
            if None not in known:
                sides = [side for side in known if side is not None]
                order = _order(*(list(side) for side in sides))
                return None if order is None else cls(sides[0], sides[1], sides[2], order)
        return None

    def merged(self, path: str, conflicts: list[Conflict]) -> Iterator[Any]:
        """Yield the items, each merged."""
        place = 0
        for each in self.order:
            item = _merge(*_at(each, self.base, self.ours, self.theirs), step(path, place), conflicts)
            if item is not ABSENT:
                place += 1
                yield item


def _by_identity(items: list[Any], key: str) -> dict[str, Any] | None:
    known = {
        json.dumps(item[key]): item
        for item in items
        if isinstance(item, Mapping)
        and isinstance(item.get(key), str | int)
        and not isinstance(item[key], bool)
    }
    return known if len(known) == len(items) else None


def _order(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    anchors = _anchors(base, ours, theirs)
    if anchors is None:
        return None
    runs = [_runs(side, set(anchors)) for side in (ours, theirs)]
    order: list[str] = []
    for anchor in [None, *anchors]:
        order += [] if anchor is None else [anchor]
        for run in sorted(side.get(anchor, []) for side in runs):
            order += run
    return order


def _anchors(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """Return what both sides have, in the order of who changed the order; None where both did, each in its way."""
    both = set(ours) & set(theirs)
    by_us, by_them = ([each for each in side if each in both] for side in (ours, theirs))
    if by_us == by_them:
        return by_us
    before, known = [each for each in base if each in both], set(base)
    we_moved, they_moved = ([each for each in side if each in known] != before for side in (by_us, by_them))
    if we_moved == they_moved:
        return None
    return by_us if we_moved else by_them


def _runs(side: list[str], anchors: set[str]) -> dict[str | None, list[str]]:
    """Return what only one side has, by the anchor that it stands behind; None for the beginning."""
    runs: dict[str | None, list[str]] = {}
    anchor = None
    for each in side:
        if each in anchors:
            anchor = each
        else:
            runs.setdefault(anchor, []).append(each)
    return runs


def _with(value: Any, steps: Sequence[str], chosen: Any) -> Any:
    if not steps:
        return chosen
    first, rest = steps[0], steps[1:]
    if isinstance(value, list):
        place = int(first)
        below = _with(value[place], rest, chosen)
        return [*value[:place], *([] if below is ABSENT else [below]), *value[place + 1 :]]
    others = {key: each for key, each in value.items() if key != first}
    below = _with(value[first], rest, chosen)
    return others if below is ABSENT else {**value, first: below}

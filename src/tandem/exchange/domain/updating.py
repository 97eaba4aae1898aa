"""The plan of an update: each part of a newer version merged with what people here made of it since.

A part as a whole follows the same rule as a field in it: what one side changed, or took out, is taken over; what both
changed is a conflict. One thing goes without saying: a part that somebody here deleted stays deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tandem.core.findings import Finding
from tandem.core.parts import Part, PartPlan, Step
from tandem.core.text import Sentence, say
from tandem.exchange.domain.adoption import AdoptedPart, Adoption, Fields
from tandem.exchange.domain.conformity import same
from tandem.exchange.domain.merge import (
    ABSENT,
    Conflict,
    NoSuchConflict,
    Side,
    Unresolved,
    merge,
    resolve,
)
from tandem.exchange.domain.part_fields import files_sha256, in_the_rooms_form, sha256_of
from tandem.exchange.domain.planning import MeasureVersion, NotReady, in_the_way, part_findings

WHOLE = ""
"""The path of a choice about a part as a whole."""
Choices = Mapping[str, Mapping[str, Side]]
"""By the key of a part, by the path of a conflict."""


class Doing(StrEnum):
    """What an update does with a part."""

    NOTHING = "nothing"
    MAKE = "make"
    CHANGE = "change"
    TAKE_AWAY = "take-away"
    STAY_AWAY = "stay-away"  # somebody here deleted it, or left it out


@dataclass(frozen=True, slots=True)
class PartUpdate:
    """What an update does with one part.

    Attributes:
        part: As the origin has it now, filled in; None where it has it no more.
        known: As this city adopted it; None where it did not.
        theirs: Its fields there, in the form in which the room here shows them.
        fields: Ours and theirs merged, as chosen; None where there is no such part afterwards.
        conflicts: The decided ones, too; one at ``WHOLE`` is about the part itself.
        undecided: Paths of the conflicts that nobody has decided.
        needless: Paths of choices about nothing.
    """

    key: str
    doing: Doing
    part: Part | None = None
    known: AdoptedPart | None = None
    theirs: Fields | None = None
    fields: Fields | None = None
    conflicts: tuple[Conflict, ...] = ()
    undecided: tuple[str, ...] = ()
    needless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """What an update would do.

    Attributes:
        parts: In the order of the new version; behind them those that it has no more.
        findings: Of the whole, of inputs by their keys, and of parts by theirs.
        seen: SHA-256 of all that it was made from, but for what is typed and chosen, which is sent along anew;
            whoever carries the update out has seen just this.
    """

    adoption: str
    version: str
    parts: tuple[PartUpdate, ...]
    findings: tuple[Finding, ...]
    seen: str

    @property
    def steps(self) -> list[Step]:
        """What would be done, part by part."""
        return [Step(_said(each)) for each in self.parts]

    @property
    def can_be_carried_out(self) -> bool:
        """Whether nothing is in the way and every conflict is decided."""
        return not in_the_way(self.findings) and not any(
            each.undecided or each.needless for each in self.parts
        )

    def check(self) -> None:
        """Do nothing where the update can be carried out.

        Raises:
            NotReady: Something is in the way.
            NoSuchConflict: A choice is about nothing.
            Unresolved: A conflict is not decided.
        """
        if wrong := in_the_way(self.findings):
            raise NotReady(wrong)
        if needless := [_place(each.key, path) for each in self.parts for path in each.needless]:
            raise NoSuchConflict(needless)
        if undecided := [_place(each.key, path) for each in self.parts for path in each.undecided]:
            raise Unresolved(undecided)


def _said(update: PartUpdate) -> Sentence:
    match update.doing:
        case Doing.NOTHING:
            return say("{part} stays as it is.", part=update.key)
        case Doing.MAKE:
            return say("{part} is made as a draft.", part=update.key)
        case Doing.CHANGE:
            return say("{part} is changed, and has to be signed off again.", part=update.key)
        case Doing.TAKE_AWAY:
            return say("{part} is taken away; the origin has it no more.", part=update.key)
        case Doing.STAY_AWAY:
            return say("{part} stays away.", part=update.key)


def _place(key: str, path: str) -> str:
    return f"{key}#{path}" if path else key


def part_updates(
    adoption: Adoption, offered: MeasureVersion, shown: Mapping[str, Fields | None], choices: Choices
) -> list[PartUpdate]:
    """Return what an update does with each part.

    Args:
        offered: The newer version, filled in.
        shown: What the rooms show of the parts that are not gone; None where somebody deleted one.
        choices: What was decided.

    Raises:
        NoSuchConflict: A choice names no part.
    """
    theirs = {part.key: part for part in offered.parts}
    known = {part.key: part for part in adoption.parts}
    keys = dict.fromkeys([*theirs, *known])
    if strange := sorted(set(choices) - set(keys)):
        raise NoSuchConflict(strange)
    return [
        _part_update(
            PartUpdate(key, Doing.NOTHING, theirs.get(key), known.get(key)),
            shown.get(key),
            choices.get(key, {}),
            left_out=key in adoption.left_out,
        )
        for key in keys
    ]


def _part_update(
    update: PartUpdate, ours: Fields | None, choices: Mapping[str, Side], *, left_out: bool
) -> PartUpdate:
    if update.part is None:
        found = _dropped(update, ours, choices.get(WHOLE))
    elif update.known is None or ours is None:
        unless_chosen = Side.OURS if left_out or update.known is not None else Side.THEIRS
        found = _not_here(update, update.part, choices.get(WHOLE, unless_chosen))
    else:
        return _merged(update, update.part, update.known, ours, choices)
    return replace(found, needless=tuple(path for path in choices if path != WHOLE))


def _dropped(update: PartUpdate, ours: Fields | None, choice: Side | None) -> PartUpdate:
    """Return what happens to a part that the origin has no more."""
    base = update.known.base if update.known else None
    if ours is None:
        return replace(update, doing=Doing.STAY_AWAY)
    if base is None:  # it was told before, and kept
        return replace(update, fields=ours)
    if not same(base, ours):
        conflict = Conflict(WHOLE, base, ours, ABSENT)
        update = replace(update, conflicts=(conflict,), undecided=() if choice else (WHOLE,))
        choice = choice or Side.OURS
    return replace(update, fields=ours) if choice is Side.OURS else replace(update, doing=Doing.TAKE_AWAY)


def _not_here(update: PartUpdate, part: Part, choice: Side) -> PartUpdate:
    """Return what happens to a part that is new, was left out, or was deleted here."""
    if choice is Side.OURS:
        return replace(update, doing=Doing.STAY_AWAY)
    return replace(update, doing=Doing.MAKE, fields=part.fields)


def _merged(
    update: PartUpdate, part: Part, known: AdoptedPart, ours: Fields, choices: Mapping[str, Side]
) -> PartUpdate:
    """Return what happens to a part that both sides have."""
    theirs = in_the_rooms_form(known, part.fields)
    merged = merge({} if known.base is None else known.base, ours, theirs)
    paths = [conflict.path for conflict in merged.conflicts]
    decided = {path: choices.get(path, Side.OURS) for path in paths}
    fields: Fields = resolve(merged, decided)
    unchanged = same(fields, ours) and files_sha256(part) == known.files_sha256
    return replace(
        update,
        doing=Doing.NOTHING if unchanged else Doing.CHANGE,
        theirs=theirs,
        fields=fields,
        conflicts=merged.conflicts,
        undecided=tuple(path for path in paths if path not in choices),
        needless=tuple(path for path in choices if path not in decided),
    )


def update_plan(
    adoption: Adoption,
    offered: MeasureVersion,
    updates: Sequence[PartUpdate],
    *,
    shown: Mapping[str, Fields | None],
    begins: Mapping[str, Any],
    plans: Mapping[str, PartPlan],
    findings: Iterable[Finding],
) -> UpdatePlan:
    """Return the plan of an update.

    Args:
        offered: The newer version, not filled in.
        begins: What the inputs come to where nobody types anything.
        plans: What the handlers say of the parts that are to be made.
        findings: What there is to say about the whole and the inputs.
    """
    said = list(findings)
    for each in updates:
        if each.doing is Doing.MAKE and each.part is not None:
            said += part_findings(each.part, plans.get(each.key))
    theirs = {part.key: [part.fields, files_sha256(part)] for part in offered.parts}
    seen = sha256_of({"version": offered.version, "ours": shown, "theirs": theirs, "inputs": begins})
    return UpdatePlan(adoption.id, offered.version, tuple(updates), tuple(said), seen)

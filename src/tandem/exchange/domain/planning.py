"""The plan of an adoption: what would be made, what is missing, what is in the way. Nothing is changed by planning."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tandem.core.errors import Conflict
from tandem.core.findings import Finding, Severity
from tandem.core.parts import Input, Part, PartPlan, Step
from tandem.core.text import Sentence, say
from tandem.exchange.domain import semver
from tandem.exchange.domain.adoption import STANDING, Adoption, State
from tandem.exchange.domain.conformity import error, warning
from tandem.exchange.domain.naming import PART_KINDS, named


class NotReady(Conflict):
    """A plan cannot be carried out as it is.

    Attributes:
        findings: Everything that is in the way.
    """

    code = "exchange.adoption.not-ready"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first, more = findings[0], len(findings) - 1
        super().__init__(
            say("{first} (And {more} more.)", first=first.message, more=more) if more else first.message
        )
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class MeasureVersion:
    """One version of another city's measure, verified.

    Attributes:
        measure: IRI.
        version: By Semantic Versioning.
        inputs: Of the measure as a whole; parts have their own.
    """

    measure: str
    version: str
    parts: tuple[Part, ...]
    inputs: tuple[Input, ...] = ()

    @property
    def declared(self) -> list[Input]:
        """Every input of the bundle."""
        return [*self.inputs, *(each for part in self.parts for each in part.inputs)]


class Course(StrEnum):
    """What adopting a version comes to."""

    NEW = "new"
    SAME = "same"  # it is adopted already
    UPDATE = "update"  # another version is
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """What would become of one part."""

    key: str
    steps: tuple[Step, ...] = ()
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class AdoptionPlan:
    """What adopting a version would do.

    Attributes:
        parts: In the order of the bundle, which is that of the steps; empty where it is no new adoption.
        findings: Of the whole, of inputs by their keys, and of parts by theirs.
    """

    measure: str
    version: str
    course: Course
    parts: tuple[PlannedPart, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def can_be_carried_out(self) -> bool:
        """Whether nothing is in the way."""
        return not in_the_way(self.findings)


def in_the_way(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with which a plan cannot be carried out."""
    return [each for each in findings if each.severity is Severity.ERROR]


def course_of(offered: MeasureVersion, existing: Adoption | None) -> tuple[Course, list[Finding]]:
    """Return what adopting a version comes to beside an adoption of the measure that there is.

    Raises:
        BadVersion: A version is not written by Semantic Versioning.
    """
    wanted = semver.parse(offered.version)
    if existing is None or existing.state not in STANDING:
        return Course.NEW, []
    adopted, place = semver.parse(existing.version), offered.measure
    if existing.version == offered.version:
        message = say("This version is adopted already. Adopting it again changes nothing.")
        return Course.SAME, [_info("adopted-already", place, message)]
    if wanted < adopted:
        message = say(
            "Version {adopted} is adopted. Version {offered} is older.", adopted=adopted, offered=wanted
        )
        return Course.REFUSED, [error("adoption.older-version", place, message)]
    if existing.state is State.DIVERGED:
        message = say(
            "This city goes its own way since version {adopted}. Undo or retire it first.", adopted=adopted
        )
        return Course.REFUSED, [error("adoption.diverged", place, message)]
    message = say("Version {adopted} is adopted. This is an update of it.", adopted=adopted)
    findings = [_info("is-update", place, message)]
    if wanted.major != adopted.major:
        message = say("It is a big change, from {adopted} to {offered}.", adopted=adopted, offered=wanted)
        findings.append(warning("adoption.major-change", place, message))
    return Course.UPDATE, findings


def plan(
    offered: MeasureVersion,
    plans: Mapping[str, PartPlan],
    *,
    findings: Sequence[Finding] = (),
    existing: Adoption | None = None,
    left_out: Collection[str] = (),
) -> AdoptionPlan:
    """Return what adopting a version would do, and what is in the way.

    Args:
        plans: What the handlers say of their parts, by key. A part without one is of a kind that nobody here knows.
        findings: What there is to say about the inputs.
        existing: The adoption of this measure that there is.
        left_out: Keys of the parts that this city does not want.

    Raises:
        BadVersion: A version is not written by Semantic Versioning.
    """
    course, said = course_of(offered, existing)
    if course is not Course.NEW:
        return AdoptionPlan(offered.measure, offered.version, course, findings=tuple(said))
    parts = [_planned(part, plans, left_out) for part in offered.parts]
    said += [*_left_out(offered, left_out), *findings]
    for part in offered.parts:
        if part.key not in left_out:
            said += part_findings(part, plans.get(part.key))
    return AdoptionPlan(offered.measure, offered.version, course, tuple(parts), tuple(said))


def _planned(part: Part, plans: Mapping[str, PartPlan], left_out: Collection[str]) -> PlannedPart:
    if part.key in left_out:
        return PlannedPart(part.key, left_out=True)
    return PlannedPart(part.key, tuple(plans[part.key].steps) if part.key in plans else ())


def _left_out(offered: MeasureVersion, left_out: Collection[str]) -> list[Finding]:
    """Return what is wrong with leaving some parts out of a new adoption."""
    known = [part.key for part in offered.parts]
    findings = [
        error("adoption.no-such-part", key, say("There is no part {part} to leave out.", part=key))
        for key in sorted(set(left_out) - set(known))
    ]
    if set(known) <= set(left_out):
        nothing = say("There is no part to adopt. Watch the measure until there is one.")
        findings.append(error("adoption.nothing-to-adopt", offered.measure, nothing))
    return findings


def part_findings(part: Part, planned: PartPlan | None) -> list[Finding]:
    """Return what there is to say about a part, with its key in front of each place."""
    if planned is None:
        unknown = say(
            "Nobody here can handle parts of the kind {kind}. Leave it out.",
            kind=named(part.kind, PART_KINDS),
        )
        return [error("adoption.unknown-kind", part.key, unknown)]
    return [
        replace(each, path=f"{part.key}#{each.path}" if each.path else part.key) for each in planned.findings
    ]


def _info(code: str, path: str, message: Sentence) -> Finding:
    return Finding(Severity.INFO, f"exchange.adoption.{code}", path, message)

"""Plan a harvest: compare what a source has now with what was taken over before."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from tandem.catalogue.domain.description import DatasetDescription, sort_key
from tandem.core.findings import Finding, Severity
from tandem.core.text import say


@dataclass(frozen=True, slots=True)
class Change:
    """A dataset to take over.

    Attributes:
        content_hash: Of everything that it says; the same for the same statements in any order.
    """

    description: DatasetDescription
    content_hash: str


@dataclass(frozen=True, slots=True)
class HarvestPlan:
    """What a harvest would do."""

    create: list[Change] = field(default_factory=list)
    update: list[Change] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def content_hash(description: DatasetDescription) -> str:
    """Return a hash of everything that a dataset says of itself."""
    return hash_of(description)


def hash_of(description: object) -> str:
    """Return a hash of everything that a description says."""
    return hashlib.sha256(sort_key(description).encode()).hexdigest()


def plan_harvest(
    found: Iterable[DatasetDescription],
    *,
    stored: Mapping[str, str],
    ours: str,
    complete: bool,
    doubtful: Collection[str] = (),
) -> HarvestPlan:
    """Return what to do so that the stored datasets of a source are what was found.

    Args:
        found: All datasets of the source.
        stored: Content hash of each dataset taken over before, by IRI.
        ours: Beginning of our own IRIs; what we published ourselves does not come back as a partner's.
        complete: Whether the whole catalogue was read. If not, nothing is taken as gone; nor is it if nothing
            at all was found, which is more often a mistake of the source than its wish.
        doubtful: IRIs of datasets of which parts may be missing: what was taken over of them before stays.
    """
    plan, seen = HarvestPlan(), set()
    for description in found:
        if description.iri in seen:
            plan.findings.append(
                _finding(
                    "duplicate", description.iri, say("It stands twice in the catalogue; the first counts.")
                )
            )
            continue
        seen.add(description.iri)
        if description.iri.startswith(ours):
            plan.findings.append(
                _finding("our-own", description.iri, say("It is a dataset of ours; it was not taken over."))
            )
        elif not description.titles:
            plan.findings.append(
                _finding(
                    "no-title",
                    description.iri,
                    say("It has no title; it was not taken over."),
                    Severity.ERROR,
                )
            )
        elif description.iri in doubtful and description.iri in stored:
            message = say("Parts of it could not be read; what was taken over before was kept.")
            plan.findings.append(_finding("kept", description.iri, message, Severity.WARNING))
            plan.unchanged.append(description.iri)
        else:
            _sort(plan, description, stored.get(description.iri))
    if complete and stored and not seen:
        message = say(
            "The catalogue holds no dataset at all; the {stored} taken over before were kept.",
            stored=len(stored),
        )
        plan.findings.append(_finding("empty", "", message, Severity.ERROR))
    elif complete:
        plan.gone.extend(sorted(set(stored) - seen))
    return plan


def _sort(plan: HarvestPlan, description: DatasetDescription, former: str | None) -> None:
    change = Change(description, content_hash(description))
    if former is None:
        plan.create.append(change)
    elif former != change.content_hash:
        plan.update.append(change)
    else:
        plan.unchanged.append(description.iri)


def _finding(code: str, path: str, message: str, severity: Severity = Severity.INFO) -> Finding:
    return Finding(severity, f"catalogue.harvest.{code}", path, message)

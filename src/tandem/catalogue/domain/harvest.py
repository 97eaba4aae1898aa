"""Compare what a source has now with what was taken over before, batch by batch."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tandem.catalogue.domain.description import DatasetDescription, to_json
from tandem.catalogue.domain.harvest_rules import HarvestRules
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

LARGER = 10
MOST_VANISHING_SHARE = 0.3
LONGEST_IRI = 700


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset as it was read at the source.

    Attributes:
        doubtful: Whether parts of it may be missing.
        name: What it is called at the source, where that is not its IRI.
        url: Where people find it there; empty where nobody said.
    """

    description: DatasetDescription
    doubtful: bool = False
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A dataset to take over.

    Attributes:
        values: Its description as plain JSON values.
        content_hash: Of everything that it says; the same for the same statements in any order.
    """

    found: Found
    values: dict[str, Any]
    content_hash: str

    @property
    def iri(self) -> str:
        """The dataset's."""
        return self.found.description.iri


@dataclass(frozen=True, slots=True)
class HarvestPlan:
    """What to do with one batch.

    Attributes:
        unchanged: What is stored already as it is at the source.
        kept: IRIs of what stays as it was, because what came cannot be trusted.
        left_out: IRIs of what the rules do not want.
    """

    create: list[Change] = field(default_factory=list)
    update: list[Change] = field(default_factory=list)
    unchanged: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def content_hash(description: DatasetDescription) -> str:
    """Return a hash of everything that a dataset says of itself."""
    return hash_of(description)


def hash_of(description: object) -> str:
    """Return a hash of everything that a description says."""
    return _hash(to_json(description))


def _hash(values: dict[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Comparison:
    """One harvest's comparison; it remembers what it has seen.

    Attributes:
        seen: IRIs of everything that is at the source and wanted from it.
        twice: Whether something came a second time, so that paging may also have passed something over.
        clean: Whether everything since ``begin_page`` could be taken as it came; a page for which that is not
            so must be read again the next time.
    """

    def __init__(self, *, stored: Mapping[str, str], ours: str, rules: HarvestRules) -> None:
        """Begin.

        Args:
            stored: Content hash of each dataset taken over before, by IRI.
            ours: Beginning of our own IRIs; what we published ourselves does not come back as a partner's.
            rules: What is wanted.
        """
        self._stored, self._ours, self._rules = stored, ours, rules
        self._met: set[str] = set()
        self.seen: set[str] = set()
        self.twice, self.clean = False, True

    @property
    def stored_count(self) -> int:
        """How many datasets there were before."""
        return len(self._stored)

    def begin_page(self) -> None:
        """Begin a page that may be remembered."""
        self.clean = True

    def pass_over(self, iris: Iterable[str]) -> None:
        """Take note of datasets that are at the source as they were."""
        passed = set(iris)
        self._met |= passed
        self.seen |= passed

    def plan(self, batch: Iterable[Found], *, elsewhere: Collection[str] = ()) -> HarvestPlan:
        """Return what to do with some datasets.

        Args:
            batch: Datasets of the source.
            elsewhere: IRIs that another source has brought, or we ourselves.
        """
        plan = HarvestPlan()
        for found in batch:
            if found.description.iri in self._met:
                plan.findings.append(self._twice(found.description.iri))
            elif refused := self._refused(found, elsewhere):
                plan.findings.append(refused)
                self._keep(plan, found.description.iri)
            elif not self._rules.wants(found.description):
                plan.left_out.append(found.description.iri)
            else:
                self._sort(plan, found)
        return plan

    def _refused(self, found: Found, elsewhere: Collection[str]) -> Finding | None:
        """Return why a dataset is not taken, or None."""
        iri = found.description.iri
        self._met.add(iri)
        if iri.startswith(self._ours):
            return _finding("our-own", iri, say("It is a dataset of ours; it was not taken over."))
        if len(iri) > LONGEST_IRI:
            message = say(
                "Its address is longer than {most} characters; it was not taken over.", most=LONGEST_IRI
            )
            return _finding("long-iri", iri, message, Severity.ERROR)
        if iri in elsewhere:
            self.clean = False
            message = say("It has been taken over from another source already; that one counts.")
            return _finding("elsewhere", iri, message)
        if not found.description.titles:
            self.clean = False
            message = say("It has no title; it was not taken over.")
            return _finding("no-title", iri, message, Severity.ERROR)
        if found.doubtful:
            self.clean = False
            if iri in self._stored:
                message = say("Parts of it could not be read; what was taken over before was kept.")
                return _finding("kept", iri, message, Severity.WARNING)
        return None

    def _twice(self, iri: str) -> Finding:
        self.twice, self.clean = True, False
        return _finding("duplicate", iri, say("It stands twice in the catalogue; the first counts."))

    def _keep(self, plan: HarvestPlan, iri: str) -> None:
        if iri in self._stored:
            self.seen.add(iri)
            plan.kept.append(iri)

    def _sort(self, plan: HarvestPlan, found: Found) -> None:
        completed, lacking = self._rules.completed(found.description)
        values: dict[str, Any] = to_json(completed)
        change = Change(found, values, _hash(values))
        former = self._stored.get(change.iri)
        self.seen.add(change.iri)
        if former is None:
            plan.create.append(change)
        elif former != change.content_hash:
            plan.update.append(change)
        else:
            plan.unchanged.append(change)
        if lacking:
            message = say("{count} files say no licence; the source's usual one is assumed.", count=lacking)
            plan.findings.append(_finding("licence-assumed", change.iri, message))

    def keep(self, lost: Collection[str]) -> list[str]:
        """Return those of the IRIs, of datasets that could not be read, of which something is stored."""
        known = [iri for iri in lost if iri in self._stored and iri not in self.seen]
        self._met.update(lost)
        self.seen.update(known)
        return known

    def gone(self, *, complete: bool) -> list[str]:
        """Return the IRIs of what is no longer at the source.

        Args:
            complete: Whether the whole catalogue was read. If not, nothing is taken as gone.
        """
        return sorted(set(self._stored) - self.seen) if complete else []

    def too_many(self, gone: Collection[str]) -> Finding | None:
        """Return why so much is not removed without a person's word, or None where it may be.

        A catalogue that holds nothing at all, or of which a large part has vanished, is more often a mistake
        of the source than its wish.
        """
        stored = len(self._stored)
        if gone and len(gone) == stored and not self._met:
            message = say(
                "The catalogue holds no dataset at all; the {stored} taken over before were kept.",
                stored=stored,
            )
            return _finding("empty", "", message, Severity.ERROR)
        if stored >= LARGER and len(gone) > MOST_VANISHING_SHARE * stored:
            message = say(
                "{gone} of {stored} datasets are no longer there. Nothing was removed: confirm it if it is meant so.",
                gone=len(gone),
                stored=stored,
            )
            return _finding("many-gone", "", message, Severity.ERROR)
        return None


def _finding(code: str, path: str, message: str, severity: Severity = Severity.INFO) -> Finding:
    return Finding(severity, f"catalogue.harvest.{code}", path, message)

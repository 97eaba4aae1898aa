"""Findings: what a validator has to say about one place of its input.

A validator returns a list of findings and goes on to the end; it does not stop at the first.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tandem.core.text import Sentence


class Severity(StrEnum):
    """How much a finding matters, from worst to least."""

    ERROR = "error"  # the thing cannot be used as it is
    WARNING = "warning"  # it can be used, something was lost or guessed
    INFO = "info"  # worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a validator noticed.

    Attributes:
        severity: How much it matters.
        code: Stable, with the room in front: ``catalogue.table.bad-cell``. Pages translate by it.
        path: Where: a line, a column, a record's IRI, a member of an archive. Empty for the whole.
        message: One sentence: what, and what to do; made by ``say`` where people read it.
    """

    severity: Severity
    code: str
    path: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        said = {"said": self.message.as_json()} if isinstance(self.message, Sentence) else {}
        return {
            "severity": self.severity.value,
            "code": self.code,
            "path": self.path,
            "message": str(self.message),
            **said,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Finding":
        """Return the finding that ``as_dict`` made."""
        said = values.get("said")
        message = Sentence.from_json(said) if said else values["message"]
        return cls(Severity(values["severity"]), values["code"], values["path"], message)


def count_by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many findings there are of each severity, zero included.

    >>> count_by_severity([Finding(Severity.INFO, "a.b", "", "…")])[Severity.INFO]
    1
    """
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in Severity}

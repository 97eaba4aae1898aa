"""A junction as a part of a measure: its approved file with a short description, and whether what came is one.

Fields hold what an adopting city makes its own, and the hashes of the files beside them: a change of a file is a change
of the part. The file itself describes a junction of another city; here it is for simulation only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.part_values import (
    Check,
    Faults,
    by_language,
    errors,
    fault,
    form,
    iri,
    missing,
    not_filled_in,
    number,
    optional,
    record,
    text,
)
from tandem.core.references import Reference
from tandem.core.text import say

FILE, POLICY = "junction.json", "policy.toml"
LONGEST_TITLE, LONGEST_SUMMARY = 120, 300
INPUTS = ("title", "latitude", "longitude")
HASHES = {FILE: "file_sha256", POLICY: "policy_sha256"}


class BadPart(InvalidInput):
    """A part cannot become a junction.

    Attributes:
        findings: Everything that is wrong with it.
    """

    code = "junctions.part.bad"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(say("{path}: {message}", path=first.path or "/", message=first.message))
        self.findings = tuple(findings)


def check(fields: Mapping[str, Any]) -> list[Finding]:
    """Return everything that is wrong with the fields of a part, filled in."""
    found = list(_CHECK(fields, ""))
    if not errors(found):
        found += [not_filled_in(f"/{name}") for name in INPUTS if fields.get(name) is None]
    return found


def check_origin(origin: Reference | None) -> list[Finding]:
    """Return what is wrong with where a part came from: a junction is never shown without that."""
    if origin is None:
        return [missing("/origin")]
    return [each for value in (origin.uri, origin.path) for each in iri(value, "/origin")][:1]


def check_hashes(fields: Mapping[str, Any], hashes: Mapping[str, str]) -> list[Finding]:
    """Return which files are missing, or not those that the fields speak of.

    Args:
        fields: Without faults.
        hashes: SHA-256 by name of the file.
    """
    wanted = {name: fields.get(field) or "" for name, field in HASHES.items()}
    return [
        _other_file(name) if name in hashes else missing(f"/{name}")
        for name, sha256 in wanted.items()
        if sha256 and hashes.get(name) != sha256
    ]


def _other_file(name: str) -> Finding:
    message = say("The file is another one than the part speaks of. Tell the city that it comes from.")
    return fault("other-file", f"/{name}", message)


def no_such_file(name: str) -> Finding:
    """Return the finding that a file that the fields speak of is nowhere."""
    message = say("There is no file with this SHA-256, neither here nor in what came.")
    return fault("other-file", f"/{HASHES[name]}", message)


def of_file(findings: Iterable[Finding], name: str = FILE) -> list[Finding]:
    """Return findings of a file as findings of the part that it is in."""
    return [replace(each, path=f"/{name}/{each.path}".rstrip("/")) for each in findings]


def note(code: str, path: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    """Return a finding that does not stand in the way."""
    return Finding(severity, f"junctions.part.{code}", path, message)


def _degrees(most: int) -> Check:
    def check_degrees(value: Any, path: str) -> Faults:
        found = list(number(value, path))
        yield from found
        if not found and abs(value) > most:
            message = say("{value} is not between {least} and {most}.", value=value, least=-most, most=most)
            yield fault("out-of-range", path, message)

    return check_degrees


_SHA256 = r"[0-9a-f]{64}"
_CHECK = record(
    {
        "title": optional(text(LONGEST_TITLE)),
        "latitude": optional(_degrees(90)),
        "longitude": optional(_degrees(180)),
        "summaries": by_language(text(LONGEST_SUMMARY), least=1),
        "file_sha256": form(_SHA256),
        "policy_sha256": optional(form(f"({_SHA256})?")),
    },
    ("summaries", "file_sha256"),
)

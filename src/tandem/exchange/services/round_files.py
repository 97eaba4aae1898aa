"""Profiles of a round from a file, and into one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tandem.accounts.models import Person
from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.exchange.adapters import profile_files
from tandem.exchange.domain.matching import sheet
from tandem.exchange.domain.matching.checks import check
from tandem.exchange.domain.matching.profiles import Call
from tandem.exchange.models import Round
from tandem.exchange.services import round_changes, round_cities

MOST_BYTES = profile_files.MOST_BYTES + 1
"""What is read of a file at the most: enough to see that it is too large."""


class FileWithFaults(InvalidInput):
    """Lines of a file have errors, so nothing of it was taken.

    Attributes:
        findings: All there are, with paths ``LINE/COLUMN``.
    """

    code = "exchange.matching.file-with-faults"

    def __init__(self, findings: list[Finding]) -> None:
        errors = sum(each.severity is Severity.ERROR for each in findings)
        super().__init__(
            say(
                "The file has {number} errors. Nothing of it was taken; correct them and send it again.",
                number=errors,
            )
        )
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from a file.

    Attributes:
        findings: Warnings, with paths ``LINE/COLUMN``.
    """

    added: int
    changed: int
    findings: list[Finding]


@transaction.atomic
def take_file(row: Round, content: bytes, *, person: Person | None, now: datetime) -> Taken:
    """Take profiles from a CSV file; cities that are not in it stay as they are. All of it is taken or nothing.

    Raises:
        RoundFinished: The round is finished.
        UnreadableFile: It is no table.
        FileWithFaults: Lines have errors.
    """
    locked = round_changes.require_open(row)
    heads, lines = profile_files.read_lines(content)
    known = {each.id: each for each in round_cities.profiles_of(locked)}
    read = sheet.read(heads, lines, topics=[each["key"] for each in locked.topics], known=known)
    together = {**known, **{each.id: each for each in read.profiles}}
    findings = [*read.findings, *_in_lines(check(list(together.values()), Call()), read.lines, heads)]
    if not lines and not findings:
        findings = [Finding(Severity.ERROR, "exchange.matching.no-line", "2", say("The file names no city."))]
    if any(each.severity is Severity.ERROR for each in findings):
        raise FileWithFaults(findings)
    round_cities.put_profiles(row, read.profiles, now=now)
    changed = sum(each.id in known for each in read.profiles)
    taken = Taken(len(read.profiles) - changed, changed, findings)
    round_changes.note(row, "import", person=person, now=now, about=str(len(read.profiles)))
    return taken


def _in_lines(found: list[Finding], lines: Mapping[str, int], heads: list[str]) -> list[Finding]:
    """Return the findings about cities of the file, with the line instead of the city, and a column of the file."""
    return [
        Finding(each.severity, each.code, f"{lines[city]}/{_head(rest, heads)}".rstrip("/"), each.message)
        for each in found
        for city, _slash, rest in [each.path.partition("/")]
        if city in lines
    ]


def _head(rest: str, heads: list[str]) -> str:
    part, _slash, topic = rest.partition("/")
    sides = {plural: side for side, plural in sheet.SIDES.items()}
    if part in sides and topic:
        return f"{sides[part]}:{topic}"
    return part if part in heads or not rest else rest


def as_file(row: Round) -> bytes:
    """Return the profiles of a round as a CSV file that ``take_file`` takes; no-gos are not in it."""
    profiles = round_cities.profiles_of(row)
    heads = sheet.heads_of(profiles, [each["key"] for each in row.topics])
    return profile_files.write(heads, (sheet.row_of(each) for each in profiles))

"""What the office found about proposals, filled into a table: each row is a result, or a finding."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.kit.folding import fold

# What people call the columns, folded, in German, Italian and English.
_HEADS = {
    "number": "nummer nr numero n number no",
    "feasible": "machbar moglich umsetzbar fattibile realizzabile feasible possible",
    "cost": "kosten betrag euro costo costi importo cost costs amount",
    "note": "hinweis begrundung ergebnis bemerkung nota motivazione esito note reason finding",
}
_COLUMNS = {word: column for column, words in reversed(_HEADS.items()) for word in words.split()}
_YES = frozenset({"ja", "j", "si", "s", "yes", "y", "x", "true", "wahr", "vero", "1"})
_NO = frozenset({"nein", "n", "no", "false", "falsch", "falso", "0"})
MOST_CENTS = 10**13
LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class Checked:
    """What the office found about one proposal.

    Attributes:
        cost_cents: None where it cannot be done.
    """

    line: int
    number: int
    feasible: bool
    cost_cents: int | None
    note: str


@dataclass(frozen=True, slots=True)
class CheckImport:
    """What came of reading a table."""

    rows: list[Checked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Unusable(ValueError):
    """A row cannot be used; the sentence says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_checked(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> CheckImport:
    """Return what a table says of proposals. Rows that say nothing of feasibility are not checked yet: left out.

    Args:
        rows: Line and cells by head; heads in German, Italian or English, in any order.
    """
    done, seen = CheckImport(), dict[int, int]()
    for line, cells in rows:
        known = {_column(head): cell for head, cell in cells.items() if _column(head)}
        if "feasible" not in known:
            continue
        try:
            row = _row(line, known)
        except _Unusable as error:
            done.findings.append(finding_of(line, error.sentence))
            continue
        earlier = seen.setdefault(row.number, line)
        if earlier == line:
            done.rows.append(row)
        else:
            twice = say("Proposal {number} stands in line {line} already.", number=row.number, line=earlier)
            done.findings.append(finding_of(line, twice))
    return done


def finding_of(line: int, problem: str) -> Finding:
    """Return a row that cannot be used as a finding."""
    return Finding(Severity.ERROR, "participation.check-table.bad-row", f"line {line}", problem)


def _column(head: str) -> str:
    """Return what a head names; empty for what is not read.

    >>> _column("Nr."), _column("Kosten in €"), _column("Titel")
    ('number', 'cost', '')
    """
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", head)]
    return next((_COLUMNS[word] for word in words if word in _COLUMNS), "")


def _row(line: int, cells: Mapping[str, Any]) -> Checked:
    feasible, note = _truth(cells["feasible"]), str(cells.get("note", "")).strip()
    if len(note) > LONGEST_NOTE:
        raise _Unusable(say("A note has {most} characters at the most.", most=LONGEST_NOTE))
    cost = _cents(cells["cost"]) if "cost" in cells else None
    if feasible and not cost:
        raise _Unusable(say("The cost is missing."))
    if not feasible and not note:
        raise _Unusable(say("The reason why it cannot be done is missing."))
    return Checked(line, _number(cells.get("number")), feasible, cost if feasible else None, note)


def _number(cell: Any) -> int:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "").strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise _Unusable(say("The number of the proposal is missing."))
    return int(text)


def _truth(cell: Any) -> bool:
    word = fold(str(cell).strip())
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _Unusable(say("“{cell}” is neither yes nor no.", cell=cell))


def _cents(cell: Any) -> int:
    """Return an amount of euros in cents, as German, Italian and English write it.

    >>> _cents("1.250,50 €"), _cents("1,250.50"), _cents(1250.5), _cents("12.000"), _cents("12,5")
    (125050, 125050, 125050, 1200000, 1250)
    """
    text = re.sub(r"[\s\u00a0\u202f'’€]|EUR", "", str(cell))
    last = max(text.rfind(","), text.rfind("."))
    if isinstance(cell, str) and last >= 0:
        whole, rest = re.sub(r"[.,]", "", text[:last]), text[last + 1 :]
        mixed = len({each for each in text if each in ",."}) == 2
        # one kind of mark with three digits behind it stands between thousands
        text = f"{whole}{rest}" if len(rest) == 3 and not mixed else f"{whole}.{rest}"
    try:
        cents = (Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP)
    except InvalidOperation:
        cents = Decimal(-1)
    if not (cents.is_finite() and 0 <= cents <= MOST_CENTS):
        raise _Unusable(say("“{cell}” is no amount of euros.", cell=cell))
    return int(cents)

"""What came of reading a file: its dialect, its columns, what was left out, and each cell that was not readable."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from tandem.catalogue.domain.dialect import Dialect
from tandem.core.findings import Finding

BAD_CELLS_KEPT = 100


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that does not fit its column.

    Attributes:
        line: Line in the file, from 1; 0 where cells span lines and it is not known.
        row: Row of the table, from 1.
        raw: What stands there.
    """

    line: int
    row: int
    raw: str


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line that is not part of the table.

    Attributes:
        reason: ``preamble``, ``total``, ``footer``, ``blank``, ``header`` (the names once more), ``other-table`` or
            ``too-long``.
    """

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column holds.

    Attributes:
        distinct: How many different values, about.
        min: Smallest value; dates in ISO form.
        mean: Of numbers.
        top: The commonest values with their counts, where there are few.
        role: ``latitude``, ``longitude``, ``geometry`` or empty.
    """

    distinct: int = 0
    min: Any = None
    max: Any = None
    mean: float | None = None
    top: list[tuple[Any, int]] = field(default_factory=list)
    role: str = ""


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """How a column was read.

    Attributes:
        key: Stable and unique in the table; lower-case ASCII.
        name: The header as written.
        kind: ``integer``, ``decimal``, ``date``, ``datetime``, ``time``, ``boolean``, ``text`` or ``geometry``.
        unit: What stands beside the numbers or in the header: ``%``, ``€``, ``m²``; or empty.
        rows: Rows of the table.
        nulls: Rows without a value, unreadable ones included.
        bad_count: Cells that do not fit; the first hundred are in ``bad_cells``.
    """

    key: str
    name: str
    kind: str
    rows: int
    nulls: int
    unit: str = ""
    bad_count: int = 0
    bad_cells: list[BadCell] = field(default_factory=list)
    profile: ColumnProfile = field(default_factory=ColumnProfile)

    @property
    def unit_beside(self) -> str:
        """The unit to be shown beside the name; empty where the name says it already.

        >>> ColumnReport("h", "Höhe (m)", "decimal", 1, 0, unit="m").unit_beside
        ''
        """
        unit = self.unit or ""
        return "" if unit and re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", self.name) else unit


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet of a workbook, a layer of a spatial file, a table in an archive.

    Attributes:
        note: ``hidden``, ``chart`` or ``table`` (a layer without a geometry); or empty.
    """

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What kind of file a table came from, and which part of it.

    Attributes:
        format: ``XLSX``, ``GPKG`` and the like: a code of the vocabulary of file types.
        part: Name of the sheet, layer or file that was read; empty where there is one thing only.
        parts: All of them, in the file's order.
        member: Name of the file in the archive that was read.
        crs: What the coordinates' system was called before they were brought to WGS 84.
    """

    format: str
    part: str = ""
    parts: list[Part] = field(default_factory=list)
    member: str = ""
    crs: str = ""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What came of reading a file.

    Attributes:
        dialect: None for a file that is no text table.
        origin: None for a plain text or JSON file.
    """

    columns: list[ColumnReport]
    rows: int
    dialect: Dialect | None = None
    dropped_lines: list[DroppedLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    origin: Origin | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {**asdict(self), "findings": [each.as_dict() for each in self.findings]}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "LoadReport":
        """Return the report that ``as_dict`` made."""
        dialect = values.get("dialect")
        return cls(
            columns=[_column(each) for each in values["columns"]],
            rows=values["rows"],
            dialect=Dialect(**dialect) if dialect else None,
            dropped_lines=[DroppedLine(**each) for each in values.get("dropped_lines", [])],
            findings=[Finding.from_dict(each) for each in values.get("findings", [])],
            origin=_origin(values.get("origin")),
        )


def _origin(values: dict[str, Any] | None) -> Origin | None:
    return Origin(**{**values, "parts": [Part(**each) for each in values["parts"]]}) if values else None


def _column(values: dict[str, Any]) -> ColumnReport:
    profile = dict(values["profile"])
    profile["top"] = [(value, count) for value, count in profile["top"]]
    cells = [BadCell(**each) for each in values["bad_cells"]]
    return ColumnReport(**{**values, "bad_cells": cells, "profile": ColumnProfile(**profile)})

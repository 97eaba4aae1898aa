"""What changed between two versions of a table: which columns belong together, and what is said of their rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from typing import Any

_ALIKE = 0.6
_NUMBERS = frozenset({"integer", "decimal"})
_KEY_NAMES = (
    "id",
    "fid",
    "objectid",
    "object_id",
    "gid",
    "uuid",
    "nr",
    "nummer",
    "code",
    "codice",
    "kennung",
)
_KEY_KINDS = frozenset({"integer", "text"})
MOST_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as far as it matters here.

    Attributes:
        unique: Whether every row may have another value, as far as its profile says.
    """

    key: str
    name: str
    kind: str
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A column in both versions."""

    old: TableColumn
    new: TableColumn

    @property
    def renamed(self) -> bool:
        """True where it has another name now."""
        return self.old.key != self.new.key

    @property
    def retyped(self) -> bool:
        """True where it was read as another kind."""
        return self.old.kind != self.new.kind

    @property
    def as_number(self) -> bool:
        """True where both are numbers, so that 1 and 1.0 are the same."""
        return {self.old.kind, self.new.kind} <= _NUMBERS


@dataclass(frozen=True, slots=True)
class ColumnChanges:
    """Which columns stayed, came and went."""

    pairs: list[Pair]
    added: list[TableColumn]
    removed: list[TableColumn]


def match_columns(
    old: Sequence[TableColumn], new: Sequence[TableColumn], same_values: Callable[[str, str], bool]
) -> ColumnChanges:
    """Return which columns belong together: those of one key; else those with the same values, or nearly one name.

    Args:
        old: Columns of the earlier version, in the file's order.
        new: Likewise of the later one.
        same_values: Whether an old and a new column (by key) hold the same values.
    """
    new_by_key = {column.key: column for column in new}
    pairs = [Pair(column, new_by_key[column.key]) for column in old if column.key in new_by_key]
    kept = {pair.new.key for pair in pairs}
    removed = [column for column in old if column.key not in kept]
    added = [column for column in new if column.key not in kept]
    for column in list(removed):
        alike = [each for each in added if each.kind == column.kind]
        twin = next((each for each in alike if same_values(column.key, each.key)), None) or next(
            (each for each in alike if _stands_alike(column, each, old, new)), None
        )
        if twin:
            pairs.append(Pair(column, twin))
            removed.remove(column)
            added.remove(twin)
    order = {column.key: number for number, column in enumerate(new)}
    return ColumnChanges(sorted(pairs, key=lambda pair: order[pair.new.key]), added, removed)


def _stands_alike(
    one: TableColumn, other: TableColumn, old: Sequence[TableColumn], new: Sequence[TableColumn]
) -> bool:
    place = [column.key for column in old].index(one.key)
    return [column.key for column in new].index(other.key) == place and (
        SequenceMatcher(None, one.key, other.key).ratio() >= _ALIKE
    )


def key_candidates(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the columns that may tell a row apart in both versions, the likeliest first."""
    found = [
        pair
        for pair in pairs
        if pair.old.unique and pair.new.unique and not pair.retyped and pair.new.kind in _KEY_KINDS
    ]
    return sorted(found, key=lambda pair: not _is_key_name(pair.new.key))[:MOST_CANDIDATES]


def _is_key_name(key: str) -> bool:
    return key in _KEY_NAMES or key.endswith(("_id", "_nr", "id_", "_nummer", "_code", "_key"))


# --- the outcome --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RowChange:
    """One row: as it was, as it is; empty where it is new or gone. Values are plain JSON, in the columns' order."""

    old: list[Any] = field(default_factory=list)
    new: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two versions.

    Attributes:
        key: Keys of the columns that told rows apart, as the later version calls them; empty where whole rows
            were counted.
        columns: Keys of the compared columns in the later version, and what the earlier one called each.
        old_rows: Rows of the earlier version.
        changed: Rows of one key with another value; 0 without a key.
        by_column: How many rows changed in each column, by its key; columns without a change are absent.
    """

    key: list[str]
    columns: list[tuple[str, str]]
    added_columns: list[str]
    removed_columns: list[str]
    retyped: list[tuple[str, str, str]]
    old_rows: int
    new_rows: int
    added: int
    removed: int
    changed: int
    by_column: Mapping[str, int] = field(default_factory=dict)
    added_examples: list[RowChange] = field(default_factory=list)
    removed_examples: list[RowChange] = field(default_factory=list)
    changed_examples: list[RowChange] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """Rows that are the same in both."""
        return self.new_rows - self.added - self.changed

    @property
    def same(self) -> bool:
        """True where nothing changed."""
        rows = self.added or self.removed or self.changed
        return not (rows or self.added_columns or self.removed_columns or self.retyped or self.renamed)

    @property
    def renamed(self) -> list[tuple[str, str]]:
        """Columns of another name: as they were called, as they are."""
        return [(old, new) for new, old in self.columns if old != new]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Changes":
        """Return what ``as_dict`` made."""
        rows = ("added_examples", "removed_examples", "changed_examples")
        pairs = {"columns": [tuple(each) for each in values["columns"]]}
        retyped = {"retyped": [tuple(each) for each in values["retyped"]]}
        examples = {name: [RowChange(**each) for each in values[name]] for name in rows}
        return cls(**{**values, **pairs, **retyped, **examples})

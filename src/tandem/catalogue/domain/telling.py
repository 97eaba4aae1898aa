"""Which columns tell a row apart for a person."""

from collections.abc import Sequence

from tandem.catalogue.domain.report import ColumnReport

MOST = 4
_PLACES = frozenset({"latitude", "longitude", "geometry"})


def telling_columns(columns: Sequence[ColumnReport]) -> list[ColumnReport]:
    """Return the columns that name a row: texts first, those with most values first, and no coordinates."""
    plain = [column for column in columns if column.profile.role not in _PLACES and column.kind != "geometry"]
    return sorted(plain, key=lambda column: (column.kind != "text", -column.profile.distinct))[:MOST]

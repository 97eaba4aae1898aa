"""Search across rooms: documents go in, hits with counts come out.

What the search knows is a table, written in the transaction of whoever puts a document in. Each machine has
an index (tantivy) in the folder ``cache/search`` that catches up with the table before it answers; it can be
thrown away.
"""

from tandem.kit.search.asking import Hit, Results, search, suggest
from tandem.kit.search.documents import SearchDocument, changes_since, newest_revision, put, remove
from tandem.kit.search.index import documents_behind, microseconds, rebuild
from tandem.kit.search.selecting import (
    AllOf,
    AnyOf,
    BadPattern,
    Between,
    Condition,
    Everything,
    Has,
    HasAny,
    Like,
    Selection,
    TooDeep,
    Without,
    Words,
    select,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "BadPattern",
    "Between",
    "Condition",
    "Everything",
    "Has",
    "HasAny",
    "Hit",
    "Like",
    "Results",
    "SearchDocument",
    "Selection",
    "TooDeep",
    "Without",
    "Words",
    "changes_since",
    "documents_behind",
    "microseconds",
    "newest_revision",
    "put",
    "rebuild",
    "remove",
    "search",
    "select",
    "suggest",
]

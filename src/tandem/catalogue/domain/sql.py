"""SQL that people write: the tables' names in it, and where in it an error is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 20_000
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_LINE = re.compile(r"LINE (\d+): (.*)\n( *)\^")
# Words that cannot stand as a table's name unquoted; those a slug may well be.
RESERVED = frozenset({
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast",
    "check", "collate", "column", "constraint", "create", "default", "deferrable", "desc", "describe",
    "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign", "from", "group",
    "having", "in", "initially", "intersect", "into", "lambda", "lateral", "leading", "limit", "not",
    "null", "offset", "on", "only", "or", "order", "pivot", "placing", "primary", "qualify", "references",
    "returning", "select", "show", "some", "summarize", "symmetric", "table", "then", "to", "trailing",
    "true", "union", "unique", "unpivot", "using", "variadic", "when", "where", "window", "with",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text something is; both count from 1."""

    line: int
    column: int


def table_name(slug: str, position: int) -> str:
    """Return the name of a dataset's table in SQL.

    >>> table_name("street-trees", 0), table_name("street-trees", 2)
    ('street_trees', 'street_trees_2')
    """
    return slug.replace("-", "_").lower() + (f"_{position}" if position else "")


def unique_names(wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the name of each table; of several that want the same, the later ones get a part of their id.

    Args:
        wanted: Pairs of the table's id and the name it would have, in the order of precedence.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key, name in wanted:
        chosen = name if name not in taken else f"{name}_{key.replace('-', '')[:8]}"
        taken.add(chosen)
        names[key] = chosen
    return names


def written(name: str) -> str:
    """Return a name as SQL wants it: in quotation marks where it needs them.

    >>> written("street_trees"), written("2024_trees"), written("order")
    ('street_trees', '"2024_trees"', '"order"')
    """
    plain = _PLAIN.fullmatch(name) and name not in RESERVED
    return name if plain else '"' + name.replace('"', '""') + '"'


def words(sql: str) -> set[str]:
    """Return everything in a query that may be a table's name, in lower case.

    >>> sorted(words('SELECT a.x FROM "Street-Trees" a'))
    ['a', 'from', 'select', 'street', 'street-trees', 'trees', 'x']
    """
    lower = sql.lower()
    return set(re.findall(r"\w+", lower)) | set(re.findall(r'"([^"]+)"', lower))


def place_of(message: str, sql: str) -> Place | None:
    """Return where DuckDB's message points at in the query; None where it points nowhere.

    DuckDB shows the line, cut at both sides where it is long, with a mark below.
    """
    found = _LINE.search(message)
    if not found:
        return None
    number, shown, before = int(found[1]), found[2], len(found[3])
    lines = sql.splitlines()
    if not 1 <= number <= len(lines):
        return None
    at = before - len(f"LINE {number}: ")
    cut = 3 if shown.startswith("...") else 0
    start = lines[number - 1].find(shown[cut:].removesuffix("..."))
    return Place(number, max(1, max(start, 0) + at - cut + 1))


def problem_of(message: str) -> str:
    """Return what DuckDB says, without its class of error and without the line that it shows again."""
    first = message.partition("\n\nLINE ")[0].partition("\n\nPossible")[0]
    return re.sub(r"^[A-Z][\w ]* Error: ", "", first).strip()

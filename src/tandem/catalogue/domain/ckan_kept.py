"""What clients of CKAN say and no field holds: kept as statements, so that it comes back as it came.

A statement is a line of N-Triples: the dataset or distribution, ``<urn:tandem:ckan:extra:KEY>``, and the value as JSON.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

_SPACE = "urn:tandem:ckan:"
FIELD, EXTRA = "field", "extra"
_LINE = re.compile(rf'<[^>]*> <{_SPACE}(field|extra):([^>]*)> "((?:[^"\\]|\\.)*)" \.\Z')
_ESCAPE = re.compile(r"\\(.)")


def kept(lines: Iterable[str], kind: str) -> dict[str, Any]:
    """Return what is kept in statements: keys of the package itself (``field``), or of its extras (``extra``)."""
    found = {}
    for line in lines:
        match = _LINE.match(line)
        if match and match[1] == kind:
            found[unquote(match[2])] = json.loads(_ESCAPE.sub(r"\1", match[3]))
    return found


def others(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the statements that keep nothing of CKAN's."""
    return tuple(line for line in lines if not _LINE.match(line))


def with_kept(
    iri: str, lines: Sequence[str], *, fields: Mapping[str, Any], extras: Mapping[str, Any]
) -> tuple[str, ...]:
    r"""Return statements that keep just these values; other statements stay.

    >>> with_kept("urn:x", [], fields={"version": "2"}, extras={})
    ('<urn:x> <urn:tandem:ckan:field:version> "\\\\"2\\\\"" .',)
    """
    made = [
        f'<{iri}> <{_SPACE}{kind}:{quote(key, safe="")}> "{_literal(value)}" .'
        for kind, values in ((FIELD, fields), (EXTRA, extras))
        for key, value in values.items()
    ]
    return tuple(sorted((*others(lines), *made)))


def _literal(value: Any) -> str:
    plain = json.dumps(value, sort_keys=True)  # ASCII alone, without line ends
    return plain.replace("\\", "\\\\").replace('"', '\\"')

"""A plan's documents as one thing: the set that a statement is about, told by one hash."""

import hashlib
from collections.abc import Iterable

# The first two digits of a German municipality key (AGS), and the Land as ISO 3166-2 calls it.
LAENDER = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
    "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip


def set_hash(documents: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of a set of documents, in hexadecimal: of their hashes and names, one a line, sorted.

    Args:
        documents: Pairs of SHA-256 and file name.

    >>> set_hash([]) == hashlib.sha256(b"").hexdigest()
    True
    """
    lines = sorted(f"{sha256}  {name}\n" for sha256, name in documents)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def land_of(municipality_key: str | None) -> str:
    """Return the German Land of a municipality key, or an empty text.

    >>> land_of("05915000")
    'NW'
    """
    return LAENDER.get((municipality_key or "")[:2], "")

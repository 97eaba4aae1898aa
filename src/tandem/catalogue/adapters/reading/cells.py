"""The SQL that reads a cell as its column's type, or gives NULL where it is missing or does not fit."""

import re
from collections.abc import Iterable

from tandem.catalogue.adapters.duck import quoted, text
from tandem.catalogue.domain import types
from tandem.catalogue.domain.types import ColumnType

LONGEST_MARK = max(len(mark.encode()) for mark in types.MISSING)


def present_sql(key: str, kind: str) -> str:
    """Return the SQL that asks whether a cell of such a column says something."""
    known = types.MISSING_IN_TEXT if kind in {"text", "boolean"} else types.MISSING
    return f"(NOT {one_of_sql(known, f'lower(trim({quoted(key)}))')})"


def one_of_sql(words: Iterable[str], value: str) -> str:
    """Return the SQL that looks a text up. ``IN`` becomes a join, after which rows are written by one thread only."""
    return f"list_contains([{', '.join(text(word) for word in sorted(words))}], {value})"


def typed_sql(key: str, found: ColumnType) -> str:
    """Return the SQL that reads a cell, or gives NULL where it is missing or does not fit."""
    cell = f"trim({quoted(key)})"
    if found.kind == "text":
        long = f"strlen({quoted(key)}) > {LONGEST_MARK}"
        return f"CASE WHEN {long} THEN nullif({cell}, '') WHEN {present_sql(key, found.kind)} THEN {cell} END"
    if found.kind == "boolean":
        true, false = (one_of_sql(words, f"lower({cell})") for words in types.boolean_words())
        return f"CASE WHEN {true} THEN true WHEN {false} THEN false END"
    if found.kind == "time":
        cell = f"replace(replace({cell}, ' Uhr', ''), 'Uhr', '')"
        seconds = f"CASE WHEN length({cell}) < 6 THEN ':00' ELSE '' END"
        return f"CASE WHEN regexp_full_match({cell}, {text(types.TIME)}) THEN TRY_CAST({cell} || {seconds} AS TIME) END"
    if found.kind == "date":
        pattern, form = types.DATES[found.style]
        day = f"TRY_CAST(try_strptime({cell}, {text(form)}) AS DATE)"
        return f"CASE WHEN regexp_full_match({cell}, {text(pattern)}) THEN {day} END"
    if found.kind == "datetime":
        return _typed_datetime(cell, found)
    return _typed_number(cell, found)


def _typed_datetime(cell: str, found: ColumnType) -> str:
    pattern, forms = types.DATETIMES[found.style]
    if found.style == "iso":
        zoned = f"CAST(TRY_CAST({cell} AS TIMESTAMPTZ) AS TIMESTAMP)"
        moment = f"coalesce(TRY_CAST({cell} AS TIMESTAMP), {zoned})"
        return f"CASE WHEN regexp_full_match({cell}, {text(pattern)}) THEN {moment} END"
    tries = ", ".join(text(form) for form in forms)
    return f"try_strptime(replace({cell}, ',', ''), [{tries}])"


def _typed_number(cell: str, found: ColumnType) -> str:
    pattern, thousands, point = types.NUMBERS[found.style]
    if found.unit:
        written = "|".join(re.escape(each) for each in types.ways_to_write(found.unit))
        cell = f"trim(regexp_replace({cell}, {text(f'^({written})|({written})$')}, ''))"
    kind = "BIGINT" if found.kind == "integer" else "DOUBLE"
    number = cell
    if thousands:
        gone = "[   ]" if thousands == " " else "['’]" if thousands == "'" else ""
        number = (
            f"regexp_replace({number}, {text(gone)}, '', 'g')"
            if gone
            else f"replace({number}, {text(thousands)}, '')"
        )
    if point == ",":
        number = f"replace({number}, ',', '.')"
    return f"CASE WHEN regexp_full_match({cell}, {text(pattern)}) THEN TRY_CAST({number} AS {kind}) END"

"""A dataset as a part of a measure: what of it makes sense in another city, and whether what came is what it should be.

Fields hold what an adopting city makes its own: the description without what belongs to a place, and the form of each
table. The record at the origin travels beside them in a file. Both come from a stranger: nothing is taken unchecked.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from tandem.catalogue.domain.data_package import TYPES
from tandem.catalogue.domain.description import (
    AgentDescription,
    DatasetDescription,
    DistributionDescription,
    from_json,
    to_json,
)
from tandem.catalogue.domain.report import ColumnReport
from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding
from tandem.core.part_values import (
    LONGEST_LINE,
    MAIL,
    TEXTS,
    TITLE,
    TITLES,
    Check,
    Faults,
    by_language,
    errors,
    fault,
    form,
    iri,
    missing,
    not_filled_in,
    one_of,
    optional,
    record,
    several,
    text,
    too_much,
    twice,
    whole,
    wrong,
)
from tandem.core.text import say

ORIGIN = "origin.json"
MOST_TABLES, MOST_COLUMNS, MOST_FILES = 20, 1_000, 100
MOST_SAMPLE_ROWS, MOST_SAMPLE_BYTES, MOST_ORIGIN_BYTES = 100, 1_000_000, 1_000_000
ROLES = ("", "latitude", "longitude", "geometry")

_FORM = "urn:tandem:form"


class Way(StrEnum):
    """What becomes of a partner's dataset."""

    SHOW = "show"  # its record is shown, with its origin; the files stay there
    OWN = "own"  # the city makes one of the same form


class BadPart(InvalidInput):
    """A part cannot become a dataset.

    Attributes:
        findings: Everything that is wrong with it.
    """

    code = "catalogue.part.bad"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(say("{path}: {message}", path=first.path or "/", message=first.message))
        self.findings = tuple(findings)


# --- what travels -------------------------------------------------------------------------------
def columns_of(columns: Iterable[ColumnReport]) -> list[dict[str, str]]:
    """Return the form of a table: what its columns are."""
    return [
        {
            "key": each.key,
            "name": each.name,
            "kind": each.kind,
            "unit": each.unit or "",
            "role": each.profile.role,
        }
        for each in columns
    ]


def general_of(described: DatasetDescription) -> dict[str, Any]:
    """Return what of a description makes sense in another city."""
    return _some(to_json(described), GENERAL)


def table_of(key: str, described: DistributionDescription, columns: list[dict[str, str]]) -> dict[str, Any]:
    """Return a table as it travels: what it is called, its licence, its columns."""
    return {"key": key, **_some(to_json(described), TABLE), "columns": columns}


def with_general(described: DatasetDescription, values: Mapping[str, Any]) -> DatasetDescription:
    """Return a description that says of itself just what these fields say, as far as they are general."""
    taken = from_json(DatasetDescription, {"iri": described.iri, **_some(values, GENERAL)})
    return replace(described, **{name: getattr(taken, name) for name in GENERAL})


def with_table(described: DistributionDescription, table: Mapping[str, Any]) -> DistributionDescription:
    """Return the description of a table as these fields have it, with its form noted."""
    taken = from_json(DistributionDescription, {"iri": described.iri, **_some(table, TABLE)})
    noted = with_form(described, table["key"], table["columns"])
    return replace(noted, **{name: getattr(taken, name) for name in TABLE})


def _some(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


# --- the form of a table that has no file yet ---------------------------------------------------
def with_form(
    described: DistributionDescription, key: str, columns: Sequence[Mapping[str, str]]
) -> DistributionDescription:
    """Return a description with a statement of which columns the table should have."""
    known = [{name: each[name] for name in COLUMN} for each in columns]
    plain = json.dumps({"key": key, "columns": known}, sort_keys=True)
    literal = plain.replace("\\", "\\\\").replace('"', '\\"')
    kept = [line for line in described.extra if f"<{_FORM}>" not in line]
    return replace(described, extra=tuple(sorted([*kept, f'<{described.iri}> <{_FORM}> "{literal}" .'])))


def form_of(described: DistributionDescription) -> tuple[str, list[dict[str, str]]] | None:
    """Return key and columns of the form that was noted with a description; None where none was.

    >>> form_of(with_form(DistributionDescription("urn:x"), "trees", []))
    ('trees', [])
    """
    for line in described.extra:
        match = re.fullmatch(rf'<[^>]*> <{_FORM}> "(.*)" \.', line)
        if match:
            values = json.loads(re.sub(r"\\(.)", r"\1", match[1]))
            return values["key"], values["columns"]
    return None


# --- the record at the origin -------------------------------------------------------------------
def origin_file(described: DatasetDescription) -> bytes:
    """Return the record of a dataset as its city gives it out."""
    body = described.publisher
    if body is not None:
        body = AgentDescription(body.names, iri=body.iri, homepage=body.homepage)
    values = _some(to_json(replace(described, publisher=body)), ("iri", *RECORD))
    values["files"] = [_some(to_json(each), ("iri", *FILE)) for each in described.distributions]
    return json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True).encode()


def read_origin(content: bytes | None) -> tuple[DatasetDescription | None, list[Finding]]:
    """Return the record that ``origin_file`` wrote, and what is wrong with it; no record where something is."""
    if content is None:
        return None, [fault("no-origin", f"/{ORIGIN}", say("The record of the dataset is missing."))]
    if len(content) > MOST_ORIGIN_BYTES:
        return None, [too_much(f"/{ORIGIN}", len(content), MOST_ORIGIN_BYTES)]
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return None, [wrong(f"/{ORIGIN}")]
    found = list(_CHECK_RECORD(values, f"/{ORIGIN}"))
    return (None, found) if errors(found) else (_origin(values), found)


def _origin(values: Mapping[str, Any]) -> DatasetDescription:
    described = from_json(DatasetDescription, _some(values, ("iri", *RECORD)))
    files = [from_json(DistributionDescription, _some(each, ("iri", *FILE))) for each in values["files"]]
    return replace(described, distributions=tuple(files))


def with_forms(described: DatasetDescription, fields: Mapping[str, Any]) -> DatasetDescription:
    """Return a partner's record with the forms of its tables; they stand first among its files, in their order."""
    parts = list(described.distributions)
    for place, table in enumerate(fields["tables"][: len(parts)]):
        parts[place] = with_form(parts[place], table["key"], table["columns"])
    return replace(described, distributions=tuple(parts))


# --- is it what it should be? -------------------------------------------------------------------
def check(fields: Mapping[str, Any], files: Mapping[str, bytes]) -> list[Finding]:
    """Return everything that is wrong with the fields of a part, filled in, and with the samples among its files."""
    found = list(_CHECK_FIELDS(fields, ""))
    if not errors(found):
        found += _inputs(fields)
        found += twice([each["key"] for each in fields["tables"]], "/tables")
        for place, table in enumerate(fields["tables"]):
            found += _table(table, f"/tables/{place}", files)
    return found


def _table(table: Mapping[str, Any], path: str, files: Mapping[str, bytes]) -> Faults:
    if not table["columns"]:
        yield missing(f"{path}/columns")
        return
    yield from twice([each["key"] for each in table["columns"]], f"{path}/columns")
    content = files.get(sample_name(table["key"]))
    if content is not None:
        yield from _sample(content, [each["name"] for each in table["columns"]], table["key"])


def other_way() -> Finding:
    """Return the finding that a part came the other way than it is updated."""
    message = say(
        "A dataset that is shown cannot become one of our own by an update, nor the other way round."
    )
    return fault("other-way", "/way", message)


def sample_name(key: str) -> str:
    """Return the name of the file with a table's sample."""
    return f"{key}.csv"


def _inputs(fields: Mapping[str, Any]) -> Faults:
    if fields["way"] == Way.OWN:
        needed = ("publisher", "contact_mail", "place")
        yield from (not_filled_in(f"/{name}") for name in needed if not fields.get(name))


def _sample(content: bytes, names: Sequence[str], key: str) -> Faults:
    path = f"/{sample_name(key)}"
    if len(content) > MOST_SAMPLE_BYTES:
        yield too_much(path, len(content), MOST_SAMPLE_BYTES)
        return
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (ValueError, csv.Error):
        yield wrong(path)
        return
    if not 1 < len(rows) <= MOST_SAMPLE_ROWS + 1:
        yield too_much(path, len(rows) - 1, MOST_SAMPLE_ROWS)
    elif rows[0] != list(names) or any(len(row) != len(names) for row in rows):
        yield fault("sample", path, say("The sample has other columns than the table."))


# --- what there may be --------------------------------------------------------------------------
def _places(value: Any, path: str) -> Faults:
    if not isinstance(value, str):
        yield wrong(path)
        return
    for each in value.split():
        yield from iri(each, path)


_IRIS, _LINE, _DAY = several(iri), text(LONGEST_LINE), form(r"\d{4}(-\d\d(-\d\d(T[0-9:.+Z-]{1,30})?)?)?")
COLUMN: Mapping[str, Check] = {
    "key": form(r"[a-z0-9_]{1,200}"),
    "name": _LINE,
    "kind": one_of(TYPES),
    "unit": text(40),
    "role": one_of(ROLES),
}
_COLUMNS = several(record(COLUMN, tuple(COLUMN)), MOST_COLUMNS)
TABLE: Mapping[str, Check] = {
    "titles": TITLES,
    "descriptions": TEXTS,
    "licence": iri,
    "conforms_to": _IRIS,
    "pages": _IRIS,
    "legislation": _IRIS,
    "spatial_resolution": text(40),
    "temporal_resolution": text(40),
}
GENERAL: Mapping[str, Check] = {
    "titles": TITLE,
    "descriptions": TEXTS,
    "keywords": by_language(several(_LINE)),
    "themes": _IRIS,
    "frequency": iri,
    "access_rights": iri,
    "availability": iri,
    "kinds": _IRIS,
    "conforms_to": _IRIS,
    "pages": _IRIS,
    "hvd_categories": _IRIS,
    "legislation": _IRIS,
    "spatial_resolution": text(40),
    "temporal_resolution": text(40),
}
FILE: Mapping[str, Check] = {
    **TABLE,
    "access_url": iri,
    "download_url": iri,
    "format": iri,
    "media_type": iri,
    "attribution": _LINE,
    "availability": iri,
    "byte_size": whole(0, 10**15),
    "issued": _DAY,
    "modified": _DAY,
}
RECORD: Mapping[str, Check] = {
    **GENERAL,
    "publisher": record({"names": TITLES, "iri": iri, "homepage": iri}),
    "landing_page": iri,
    "spatial": _IRIS,
    "languages": _IRIS,
    "issued": _DAY,
    "modified": _DAY,
}
FIELDS: Mapping[str, Check] = {
    "way": one_of(Way),
    "publisher": optional(_LINE),
    "contact_mail": optional(MAIL),
    "place": optional(_places),
    "description": record(GENERAL, ("titles",)),
    "tables": several(
        record({"key": form(r"[a-z0-9][a-z0-9_-]{0,119}"), "columns": _COLUMNS, **TABLE}, ("key", "columns")),
        MOST_TABLES,
    ),
}
_CHECK_FIELDS = record(FIELDS, ("way", "description", "tables"))
_FILES = several(record({"iri": iri, **FILE}, ("iri", "access_url")), MOST_FILES)
_CHECK_RECORD = record({"iri": iri, "files": _FILES, **RECORD}, ("iri", "titles", "files"))

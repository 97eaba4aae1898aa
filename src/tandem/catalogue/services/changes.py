"""What changed between two versions of a file; reckoned once, as versions never change."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.adapters import diff
from tandem.catalogue.domain.changes import Changes, TableColumn
from tandem.catalogue.models import Distribution, TableVersion
from tandem.catalogue.services import tables
from tandem.core.errors import InvalidInput, NotFound
from tandem.core.text import say
from tandem.kit import installation

_UNIQUE_SHARE = 0.5  # profiles count different values only about; who is left is counted exactly


class NoSuchVersion(NotFound):
    """The file has no version of that number."""

    code = "catalogue.no-such-version"

    def __init__(self, number: int) -> None:
        super().__init__(say("There is no version {number} of this file.", number=number))


class NotComparable(InvalidInput):
    """One of the two versions is no table."""

    code = "catalogue.not-comparable"

    def __init__(self, version: TableVersion) -> None:
        super().__init__(
            say(
                "Version {number} ({file}) was not read as a table, so that rows cannot be compared. Both files "
                "can be had.",
                number=version.number,
                file=version.filename,
            )
        )


class NoSuchColumn(InvalidInput):
    """A column that should tell rows apart is not in the table."""

    code = "catalogue.no-such-key-column"

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(say("There is no column {keys} in the current table.", keys=", ".join(keys)))


def version_of(distribution: Distribution, number: int) -> TableVersion:
    """Return a version by its number.

    Raises:
        NoSuchVersion: There is none.
    """
    found = distribution.versions.filter(number=number).first()
    if found is None:
        raise NoSuchVersion(number)
    return found


def changes_between(old: TableVersion, new: TableVersion, *, key: Sequence[str]) -> Changes:
    """Return what changed from one version to another.

    Args:
        key: Keys of the columns that tell rows apart; empty looks for one.

    Raises:
        NotComparable: One of them is no table.
    """
    for each in (old, new):
        if not each.report:
            raise NotComparable(each)
    cached = _cached(old, new, key)
    if cached.exists():
        return Changes.from_dict(json.loads(cached.read_text("utf-8")))
    found = diff.compare(_side(old), _side(new), key=key, work_dir=installation.folder("cache/changes"))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=cached.parent, delete=False) as sink:
        json.dump(found.as_dict(), sink, ensure_ascii=False)
    Path(sink.name).replace(cached)
    return found


def _cached(old: TableVersion, new: TableVersion, key: Sequence[str]) -> Path:
    by = hashlib.sha256(json.dumps(list(key)).encode()).hexdigest()[:16]
    return installation.folder("cache/changes") / f"{old.id}-{new.id}-{by}.json"


def _side(version: TableVersion) -> diff.Side:
    report = tables.report_of(version)
    columns = [
        TableColumn(
            column.key,
            column.name,
            column.kind,
            unique=column.nulls == 0 and column.profile.distinct >= _UNIQUE_SHARE * column.rows,
        )
        for column in report.columns
    ]
    return diff.Side(tables.table_of(version), columns, report.rows)


def choose_key(distribution: Distribution, keys: Sequence[str], *, person: Person | None) -> None:
    """Say which columns tell a row apart when versions of a file are compared; none leaves it to be guessed.

    Raises:
        NoSuchColumn: One of them is not in the current table.
    """
    version = distribution.current
    known = (
        {column.key for column in tables.report_of(version).columns} if version and version.report else set()
    )
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise NoSuchColumn(unknown)
    distribution.key_columns = list(keys)
    distribution.save(update_fields=["key_columns"])
    audit.record(person, "catalogue.key.choose", distribution.dataset.iri, {"columns": list(keys)})


def drop_cache() -> int:
    """Forget all comparisons, and return how many; they are reckoned again when somebody asks."""
    found = list(installation.folder("cache/changes").glob("*.json"))
    for each in found:
        each.unlink(missing_ok=True)
    return len(found)

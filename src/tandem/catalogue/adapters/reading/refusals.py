"""Why a file is not read as a table: each reason an error of its own, saying what to do."""

from collections.abc import Sequence

from tandem.core.errors import Conflict, InvalidInput
from tandem.core.text import say

MOST_COLUMNS = 2_000


class NotATable(InvalidInput):
    """The file cannot be read as a table."""

    code = "catalogue.table.not-a-table"


class BinaryFile(NotATable):
    """The file is no text, whatever its name says."""

    code = "catalogue.table.binary"

    def __init__(self, filename: str, what: str) -> None:
        super().__init__(
            say(
                "{filename} is {what}, not a text table. Save it as CSV in the program that made it.",
                filename=filename,
                what=what,
            )
        )


class PackedFile(NotATable):
    """The file is an archive."""

    code = "catalogue.table.packed"

    def __init__(self, filename: str, kind: str) -> None:
        super().__init__(
            say(
                "{filename} is packed ({kind}) and was not unpacked, as what is inside could be of any "
                "size. Unpack it and upload the table itself.",
                filename=filename,
                kind=kind,
            )
        )


class BadArchive(NotATable):
    """The archive is damaged, or made to do harm."""

    code = "catalogue.table.bad-archive"

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(say("{filename} was not unpacked: {problem}", filename=filename, problem=problem))


class NoTableInside(NotATable):
    """There is no table in the archive."""

    code = "catalogue.table.no-table-inside"

    def __init__(self, filename: str, names: Sequence[str]) -> None:
        super().__init__(
            say(
                "There is no table in {filename}. It has: {names}. Pack a CSV, a workbook or a layer.",
                filename=filename,
                names=", ".join(names[:10])[:300] or "–",
            )
        )


class SeveralTables(NotATable):
    """There are several tables in the archive, and nobody has said which."""

    code = "catalogue.table.several-tables"

    def __init__(self, filename: str, names: Sequence[str]) -> None:
        super().__init__(
            say(
                "There are {number} tables in {filename}: {names}. Choose one of them, or upload each by itself.",
                filename=filename,
                number=len(names),
                names=", ".join(names[:10])[:300],
            )
        )


class NoSuchPart(NotATable):
    """There is no sheet or layer of that name in the file."""

    code = "catalogue.table.no-such-part"

    def __init__(self, filename: str, part: str, names: Sequence[str]) -> None:
        super().__init__(
            say(
                "There is no sheet or layer {part} in {filename}. It has: {names}.",
                filename=filename,
                part=repr(part),
                names=", ".join(names[:20])[:300],
            )
        )


class NoRows(NotATable):
    """There is no row of data in the file."""

    code = "catalogue.table.no-rows"

    def __init__(self, filename: str) -> None:
        super().__init__(
            say(
                "{filename} has no rows of data. Is it the right file, and was it saved with its content?",
                filename=filename,
            )
        )


class TooManyColumns(NotATable):
    """The file has more columns than a table can have."""

    code = "catalogue.table.too-many-columns"

    def __init__(self, filename: str, columns: int) -> None:
        super().__init__(
            say(
                "{filename} has {columns} columns; at most {most_columns} can be read. Turn rows and "
                "columns.",
                filename=filename,
                columns=columns,
                most_columns=MOST_COLUMNS,
            )
        )


class Unreadable(NotATable):
    """The file looks like a table and breaks off."""

    code = "catalogue.table.unreadable"

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(say("{filename} could not be read: {problem}", filename=filename, problem=problem))


class Cancelled(Conflict):
    """Somebody asked to stop."""

    code = "catalogue.table.cancelled"

    def __init__(self, filename: str) -> None:
        super().__init__(say("Reading {filename} was stopped. Nothing was changed.", filename=filename))

"""JSON of any size as rows, one value in memory at a time: an array, an object with arrays in it, one object a line."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tandem.core.text import say

CHUNK_BYTES = 1_048_576
MOST_CHARACTERS = 64_000_000
MOST_LISTS = 20
_BLANK = re.compile(r"[ \t\r\n\x1e\ufeff]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?")
_LARGEST_INTEGER = 2**63 - 1
GEOMETRY = "geometry"


class NotJson(ValueError):
    """The text is no JSON, or there is no table in it; the message says why, for people."""


class _Source:
    """The text of a file, piece by piece, with a place in it."""

    def __init__(self, opened: BinaryIO, tick: Callable[[int], None]) -> None:
        self._opened, self._tick = opened, tick
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._text, self._at, self._end, self._taken = "", 0, False, 0
        self._parse = json.JSONDecoder(parse_constant=lambda _name: None).raw_decode

    def peek(self) -> str:
        """Return the next character that is no blank, without taking it; empty at the end."""
        while True:
            match = _BLANK.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Take the next character.

        Raises:
            NotJson: It is another one.
        """
        found = self.peek()
        if found != expected:
            raise NotJson(self._cut_off() if not found else self._wrong())
        self._at += 1

    def value(self) -> Any:
        """Take the next value.

        Raises:
            NotJson: There is none, or it is too large.
        """
        if not self.peek():
            raise NotJson(self._cut_off())
        while True:
            try:
                found, at = self._parse(self._text, self._at)
            except RecursionError as error:
                raise NotJson(say("it is nested too deeply")) from error
            except json.JSONDecodeError as error:
                if not self._more():
                    raise NotJson(self._cut_off() if self._is_cut(error) else self._wrong()) from error
            except ValueError as error:
                raise NotJson(say("a number in it has too many digits")) from error
            else:
                if at < len(self._text) or not self._more():
                    self._at = at
                    return found

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        return error.pos >= len(self._text.rstrip()) - 1 or error.msg.startswith("Unterminated")

    def _more(self) -> bool:
        if self._end:
            return False
        if len(self._text) - self._at > MOST_CHARACTERS:
            raise NotJson(say("one value in it has more than {most} characters", most=MOST_CHARACTERS))
        waiting = len(self._text) - self._at
        chunk = self._opened.read(max(CHUNK_BYTES, min(waiting, 16 * CHUNK_BYTES)))
        self._taken += len(chunk)
        self._end = not chunk
        self._text = self._text[self._at :] + self._decoder.decode(chunk, final=self._end)
        self._at = 0
        self._tick(self._taken)
        return bool(chunk)

    def _cut_off(self) -> str:
        return say("it breaks off in the middle. Was it saved or sent in full?")

    def _wrong(self) -> str:
        near = self._text[self._at : self._at + 40]
        return say("it is no JSON near {near}", near=repr(near))


def elements(source: _Source) -> Iterator[Any]:
    """Yield the values of an array, which begins here."""
    source.take("[")
    if source.peek() == "]":
        source.take("]")
        return
    while True:
        yield source.value()
        if source.peek() == "]":
            source.take("]")
            return
        source.take(",")


# --- rows ---------------------------------------------------------------------------------------
@dataclass(slots=True)
class Column:
    """What stands in a column, as far as it was read."""

    name: str
    families: set[str] = field(default_factory=set)
    only_dates: bool = True
    only_moments: bool = True

    def see(self, value: Any) -> None:
        """Take a value into account."""
        family = _family(value)
        self.families.add(family)
        if family == "text" and (self.only_dates or self.only_moments):
            self.only_dates = self.only_dates and _DATE.fullmatch(value) is not None
            self.only_moments = self.only_moments and _MOMENT.fullmatch(value) is not None

    @property
    def kind(self) -> str:
        """The kind, as in ``ColumnReport``."""
        if self.families == {"text"}:
            return "date" if self.only_dates else "datetime" if self.only_moments else "text"
        if self.families and self.families <= {"integer", "decimal"}:
            return "decimal" if "decimal" in self.families else "integer"
        return "boolean" if self.families == {"boolean"} else "text"


def _family(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if abs(value) <= _LARGEST_INTEGER else "large"
    return "decimal" if isinstance(value, float) else "text"


@dataclass(slots=True)
class Rows:
    """The rows of one list, written down as one JSON object a line, with the keys ``c0``, ``c1`` and so on.

    Attributes:
        spread: Objects inside rows whose members became columns of their own.
        kept: Columns that hold lists or objects as JSON text.
        system: Name of the coordinates' system, where the file names one.
    """

    path: Path
    most_columns: int
    columns: dict[str, Column] = field(default_factory=dict)
    count: int = 0
    longest: int = 0
    has_geometry: bool = False
    spread: dict[str, None] = field(default_factory=dict)
    kept: dict[str, None] = field(default_factory=dict)
    system: str = ""
    _places: dict[str, int] = field(default_factory=dict)

    def write(self, found: Iterator[Any]) -> bool:
        """Write down a list; return False where it is none of objects."""
        with self.path.open("wb") as sink:
            for each in found:
                if not isinstance(each, dict):
                    return False
                line = json.dumps(self._row(each), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
                self.longest = max(self.longest, len(line))
                sink.write(line)
                self.count += 1
        return True

    def _row(self, found: dict[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        if found.get("type") == "Feature" and "geometry" in found:
            geometry, self.has_geometry = found["geometry"], True
            row["g"] = json.dumps(geometry, ensure_ascii=False) if isinstance(geometry, dict) else None
            properties = found.get("properties")
            own = found.get("id")
            found = properties if isinstance(properties, dict) else {}
            if isinstance(own, str | int) and "id" not in found:
                found = {"id": own, **found}
        for name, value in found.items():
            if isinstance(value, dict) and value:
                self.spread[name] = None
                for inner, deeper in value.items():
                    self._put(row, f"{name}.{inner}", deeper)
            else:
                self._put(row, name, value)
        return row

    def _put(self, row: dict[str, Any], name: str, value: Any) -> None:
        if name not in self.columns:
            if len(self.columns) > self.most_columns:
                return
            self._places[name] = len(self.columns)
            self.columns[name] = Column(name)
        if value is None:
            return
        if isinstance(value, dict | list):
            self.kept[name] = None
            value = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, str):
            value = value.replace("\0", "")
        elif isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
            self.columns[name].families.add("large")
            value = str(value)
        self.columns[name].see(value)
        row[f"c{self._places[name]}"] = value


def read(plain: Path, work_dir: Path, *, most_columns: int, tick: Callable[[int], None]) -> Rows:
    """Write the table of a JSON file down, one object a line.

    Args:
        plain: The file, in UTF-8.
        most_columns: Beyond it further columns are counted and left out.
        tick: Told how many bytes were read; what it raises ends the reading.

    Raises:
        NotJson: It is none, breaks off, or there is no list of objects in it.
    """
    with plain.open("rb") as opened:
        lines = _is_lines(opened)
        opened.seek(0)
        source = _Source(opened, tick)
        if lines:
            return _listed(_values(source), work_dir, most_columns)
        if source.peek() == "[":
            return _listed(elements(source), work_dir, most_columns)
        rows = _of_object(source, work_dir, most_columns)
        if not source.peek():
            return rows
        opened.seek(0)
        return _listed(_values(_Source(opened, tick)), work_dir, most_columns)


def _is_lines(opened: BinaryIO) -> bool:
    """Return whether the first line is an object by itself and another line follows."""
    first = opened.readline(CHUNK_BYTES).strip(b"\xef\xbb\xbf\x1e \t\r\n")
    if not (first.startswith(b"{") and first.endswith(b"}")):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return bool(opened.read(CHUNK_BYTES).strip())


def _values(source: _Source) -> Iterator[Any]:
    while source.peek():
        yield source.value()


def _listed(found: Iterator[Any], work_dir: Path, most_columns: int) -> Rows:
    rows = Rows(work_dir / "rows-list.json", most_columns)
    if not rows.write(found):
        raise NotJson(say("there is no list of objects in it"))
    return rows


def _of_object(source: _Source, work_dir: Path, most_columns: int) -> Rows:
    """Read an object: the longest list of objects in it, or itself as the only row."""
    lists: list[Rows] = []
    plain: dict[str, Any] = {}

    def listed(found: Iterator[Any]) -> None:
        rows = Rows(work_dir / f"rows-{len(lists)}.json", most_columns)
        if rows.write(found):
            lists.append(rows)
        for _rest in found:
            pass

    for name in _members(source):
        if source.peek() == "[" and name not in {"coordinates", "bbox"} and len(lists) < MOST_LISTS:
            listed(elements(source))
        else:
            plain[name] = source.value()
    for value in plain.values():
        for inner in value.values() if isinstance(value, dict) else ():
            if isinstance(inner, list) and inner:
                listed(iter(inner))
    rows = max(lists, key=lambda each: each.count, default=None)
    if rows is None:
        rows = _listed(iter([plain]), work_dir, most_columns)
    rows.system = _system(plain)
    return rows


def _members(source: _Source) -> Iterator[str]:
    source.take("{")
    if source.peek() == "}":
        source.take("}")
        return
    while True:
        name = source.value()
        if not isinstance(name, str):
            raise NotJson(say("it is no JSON near {near}", near=repr(name)))
        source.take(":")
        yield name
        if source.peek() == "}":
            source.take("}")
            return
        source.take(",")


def _system(plain: dict[str, Any]) -> str:
    """Return the coordinates' system that an old GeoJSON names: ``urn:ogc:def:crs:EPSG::25832`` → ``EPSG:25832``."""
    crs = plain.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    match = re.fullmatch(r"(?:urn:ogc:def:crs:)?(EPSG|OGC):(?:[\d.]*:)?(\w{1,20})", name)
    return f"{match[1]}:{match[2]}" if match else ""

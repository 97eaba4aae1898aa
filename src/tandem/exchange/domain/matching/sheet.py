"""Profiles as the rows of a table, for office programs: written without loss, read with a finding for each fault.

A row is a city. ``need:heat`` and ``offer:heat`` are weights from 1 to 5, empty for none; ``need-says:heat:it`` and
``offer-says:heat:it`` the sentence in a language. No-gos are not in it: their reasons are for few to see.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tandem.core.city import BadCityId, CityCode, check_city_id
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.exchange.domain.matching.profiles import CityProfile, Entry

Row = Mapping[str, str]
SIDES: Mapping[str, str] = {"need": "needs", "offer": "offers"}
OWN = ("id", "country", "languages", "population", "kind", "capacity", "agreed_with", "codes", "active")
REQUIRED = ("id", "country", "languages", "population", "kind")
_WHOLE = re.compile(r"[0-9]{1,9}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_YES, _NO = frozenset({"", "yes", "ja", "sì", "si", "1", "true"}), frozenset({"no", "nein", "0", "false"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file.

    Attributes:
        number: Of the file's line, from 1, as people see it.
        cells: By head; empty cells may be left out.
    """

    number: int
    cells: Row


@dataclass(slots=True)
class Read:
    """What was read of a file.

    Attributes:
        lines: Line of each profile, by id.
        findings: Their paths are ``LINE/HEAD``.
    """

    profiles: list[CityProfile] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


# --- writing --------------------------------------------------------------------------------------
def heads_of(profiles: Sequence[CityProfile], topics: Sequence[str]) -> list[str]:
    """Return the heads of the table that holds these profiles."""
    names = sorted({language for each in profiles for language in each.names})
    heads = ["id", *(f"name:{each}" for each in names), *OWN[1:]]
    for topic in topics:
        heads += [f"need:{topic}", f"offer:{topic}"]
    return [*heads, *sorted({head for each in profiles for head, _text in _says(each)})]


def row_of(profile: CityProfile) -> dict[str, str]:
    """Return a profile as cells by head; empty ones are left out."""
    codes = (f"{each.scheme}:{each.year}:{each.code}" for each in profile.codes)
    cells = {
        "id": profile.id,
        **{f"name:{language}": name for language, name in profile.names.items()},
        "country": profile.country,
        "languages": " ".join(profile.languages),
        "population": str(profile.population),
        "kind": str(profile.kind),
        "capacity": str(profile.capacity),
        "agreed_with": " ".join(profile.agreed_with),
        "codes": " ".join(codes),
        "active": "yes" if profile.active else "no",
    }
    for side, entries in (("need", profile.needs), ("offer", profile.offers)):
        cells |= {f"{side}:{each.topic}": str(each.weight) for each in entries}
    return cells | dict(_says(profile))


def _says(profile: CityProfile) -> Iterator[tuple[str, str]]:
    for side, entries in (("need", profile.needs), ("offer", profile.offers)):
        for each in entries:
            for language, text in each.texts.items():
                yield f"{side}-says:{each.topic}:{language}", text


# --- reading --------------------------------------------------------------------------------------
def read(
    heads: Sequence[str], lines: Sequence[Line], *, topics: Sequence[str], known: Mapping[str, CityProfile]
) -> Read:
    """Return the profiles of a table, and all that is wrong with it.

    Args:
        topics: Of the round.
        known: Profiles that are there already, by id: what the table has no heads for stays as it is there.
    """
    found = Read()
    missing = [each for each in REQUIRED if each not in heads]
    if missing or not any(each.startswith("name:") for each in heads):
        lacking = ", ".join(missing or ["name:en"])
        found.findings.append(
            _error("no-head", "1", say("The table lacks these columns: {heads}.", heads=lacking))
        )
        return found
    found.findings += _of_heads(heads, topics)
    for line in lines:
        _read_line(line, heads, topics, known, found)
    return found


def _error(code: str, path: str, says: Sentence) -> Finding:
    return Finding(Severity.ERROR, f"exchange.matching.{code}", path, says)


def _of_heads(heads: Sequence[str], topics: Sequence[str]) -> Iterator[Finding]:
    for head in sorted({each for each in heads if each and heads.count(each) > 1}):
        yield _error("head-twice", f"1/{head}", say("This column is there twice. Leave one out."))
    for head in heads:
        if not head or head in OWN:
            continue
        kind, _colon, rest = head.partition(":")
        topic = rest.rpartition(":")[0] if kind.endswith("-says") else rest
        if kind in (*SIDES, *(f"{each}-says" for each in SIDES)):
            if topic not in topics:
                says = say(
                    "{topic} is no topic of this round. Add it there, or leave the column out.", topic=topic
                )
                yield _error("unknown-topic", f"1/{head}", says)
        elif kind != "name" or not _LANGUAGE.fullmatch(rest):
            says = say("Nobody knows this column; it was not read.")
            yield Finding(Severity.WARNING, "exchange.matching.unknown-head", f"1/{head}", says)


def _read_line(
    line: Line, heads: Sequence[str], topics: Sequence[str], known: Mapping[str, CityProfile], found: Read
) -> None:
    cells = {head: line.cells.get(head, "").strip() for head in heads}
    reading = _Reading(line.number, cells, found.findings)
    city_id = cells["id"]
    try:
        check_city_id(city_id)
    except BadCityId:
        says = say("Use lower-case letters, digits and hyphens, a letter first.")
        found.findings.append(_error("bad-id", f"{line.number}/id", says))
        return
    if city_id in found.lines:
        says = say(
            "{city} is in line {line} already. Leave one out.", city=city_id, line=found.lines[city_id]
        )
        found.findings.append(_error("twice", f"{line.number}/id", says))
        return
    found.lines[city_id] = line.number
    before = known.get(city_id) or CityProfile(city_id, {}, "", (), 0, 0)
    profile = replace(
        before,
        names=reading.names(before),
        country=cells["country"].upper(),
        languages=tuple(cells["languages"].lower().replace(",", " ").split()),
        population=reading.whole("population", 0),
        kind=reading.whole("kind", 0),
        capacity=reading.whole("capacity", before.capacity, may_be_empty=True),
        active=reading.truth("active", otherwise=before.active),
        agreed_with=reading.ids("agreed_with", before.agreed_with),
        codes=reading.codes(before.codes),
        needs=reading.entries("need", topics, before.needs),
        offers=reading.entries("offer", topics, before.offers),
    )
    found.profiles.append(profile)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the cells of one line, and notes what it cannot read."""

    line: int
    cells: Row
    findings: list[Finding]

    def _fault(self, head: str, says: Sentence) -> None:
        self.findings.append(_error("bad-cell", f"{self.line}/{head}", says))

    def names(self, before: CityProfile) -> dict[str, str]:
        given = {head[5:]: text for head, text in self.cells.items() if head.startswith("name:") and text}
        kept = {each: name for each, name in before.names.items() if f"name:{each}" not in self.cells}
        return kept | given

    def whole(self, head: str, otherwise: int, *, may_be_empty: bool = False) -> int:
        text = self.cells.get(head, "")
        if not text and may_be_empty:
            return otherwise
        digits = re.sub(r"(?<=[0-9])[ .,'\u2019\u00a0\u202f](?=[0-9]{3}\b)", "", text)
        if _WHOLE.fullmatch(digits):
            return int(digits)
        self._fault(head, say("{text} is no whole number.", text=repr(text[:40])))
        return otherwise

    def truth(self, head: str, *, otherwise: bool) -> bool:
        text = self.cells.get(head)
        if text is None:
            return otherwise
        if text.lower() not in _YES | _NO:
            self._fault(head, say("Write yes or no."))
        return text.lower() not in _NO

    def ids(self, head: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.cells[head].replace(",", " ").split()) if head in self.cells else otherwise

    def codes(self, otherwise: tuple[CityCode, ...]) -> tuple[CityCode, ...]:
        if "codes" not in self.cells:
            return otherwise
        found = []
        for each in self.cells["codes"].split():
            scheme, year, code = (*each.split(":", 2), "", "")[:3]
            if scheme and code and re.fullmatch(r"[0-9]{4}", year):
                found.append(CityCode(scheme, int(year), code))
            else:
                self._fault("codes", say("Write scheme, year and code, such as ISTAT:2019:051002."))
        return tuple(found)

    def entries(self, side: str, topics: Sequence[str], before: tuple[Entry, ...]) -> tuple[Entry, ...]:
        old = {each.topic: each for each in before}
        found = [self._entry(side, topic, old.get(topic)) for topic in topics]
        return tuple(each for each in found if each is not None)

    def _entry(self, side: str, topic: str, before: Entry | None) -> Entry | None:
        head = f"{side}:{topic}"
        if head not in self.cells:
            return before
        text = self.cells[head]
        if text in ("", "0"):
            return None
        if text not in ("1", "2", "3", "4", "5"):
            self._fault(head, say("Give a weight from 1 to 5, or nothing."))
            return before
        return Entry(topic, int(text), self._texts(f"{side}-says:{topic}:", before.texts if before else {}))

    def _texts(self, start: str, before: Mapping[str, str]) -> dict[str, str]:
        given = {head[len(start) :]: text for head, text in self.cells.items() if head.startswith(start)}
        return {each: text for each, text in {**before, **given}.items() if text}

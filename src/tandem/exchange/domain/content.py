"""What a bundle is about, as values and as files."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tandem.core.findings import Finding
from tandem.core.parts import Input, Part
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain import card as cards
from tandem.exchange.domain import inputs as forms
from tandem.exchange.domain.bundle import FORM, MEASURE, PART_FILE
from tandem.exchange.domain.card import Card
from tandem.exchange.domain.conformity import error, faults
from tandem.exchange.domain.schemas import CARD, INPUTS, PART, TRIAL
from tandem.exchange.domain.wording import Marks, differing, marked, read_marks, texts_in

INPUTS_FILE = "inputs.json"
MOST_JSON_BYTES = 5_000_000  # of all that describes; data lies beside it
MOST_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """What a part should become, so that an adopting city can try it.

    Attributes:
        inputs: Filled in.
        draft: Fields of the draft that comes of them.
    """

    inputs: Mapping[str, Any]
    draft: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What a bundle is about.

    Attributes:
        parts: By key, sorted; each with the inputs that it wants.
        inputs: Of the measure as a whole.
        evidence: File name below ``evidence/`` → content.
        trials: Key of a part → what it should become.
        marks: Language → key → a text and who wrote it; what is not there was written by a person.
    """

    card: Card
    parts: Sequence[Part] = ()
    inputs: Sequence[Input] = ()
    evidence: Mapping[str, bytes] = field(default_factory=dict)
    trials: Mapping[str, Trial] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)

    @property
    def all_inputs(self) -> list[Input]:
        """Every input once, by key."""
        return [each.input for each in forms.gathered(self.inputs, self.parts)[0]]


# --- to files -------------------------------------------------------------------------------------
def files_of(content: Content) -> dict[str, bytes]:
    """Return the files of a content, without what describes and signs them; the same for equal contents."""
    asked, _faults = forms.gathered(content.inputs, content.parts)
    files = {MEASURE: to_json(cards.as_json(content.card)), FORM: to_json(forms.as_schema(asked))}
    for part in content.parts:
        files[f"parts/{part.key}/{PART_FILE}"] = to_json(_part_json(part))
        files |= {f"parts/{part.key}/{name}": each for name, each in part.files.items()}
    files |= {f"evidence/{name}": each for name, each in content.evidence.items()}
    for key, trial in content.trials.items():
        files[f"tests/{key}.json"] = to_json({"inputs": trial.inputs, "draft": trial.draft})
    for language, texts in marked(dict(_texts(content)), content.marks).items():
        files[f"i18n/{language}.json"] = to_json(texts)
    return files


def check_content(content: Content) -> list[Finding]:
    """Return what of a content has no place of its own in a bundle."""
    keys = Counter(part.key for part in content.parts)
    twice = [
        error("part.twice", f"parts/{key}", say("Two parts are called so. Rename one."))
        for key, count in keys.items()
        if count > 1
    ]
    return twice + [
        error(
            "part.twice",
            f"parts/{part.key}/{PART_FILE}",
            say("A file of the part has the name of its description."),
        )
        for part in content.parts
        if PART_FILE in part.files
    ]


def to_json(values: Any) -> bytes:
    """Return values as JSON that people can read, in one form only."""
    return (json.dumps(values, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True) + "\n").encode()


def _part_json(part: Part) -> dict[str, Any]:
    origin = part.origin and {
        "uri": part.origin.uri,
        "kind": part.origin.kind,
        "titles": dict(part.origin.titles),
        "path": part.origin.path,
    }
    return {
        "titles": dict(part.titles),
        "fields": dict(part.fields),
        **({"origin": origin} if origin else {}),
    }


def _texts(content: Content) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield from texts_in(cards.as_json(content.card), CARD, "measure")
    for part in content.parts:
        yield from texts_in({"titles": part.titles}, PART, f"parts/{part.key}")
    for each in content.all_inputs:
        [values] = forms.inputs_as_json([each])
        yield from texts_in(values, {**INPUTS["items"], "$defs": INPUTS["$defs"]}, f"inputs/{each.key}")


# --- from files -----------------------------------------------------------------------------------
def read_content(files: Mapping[str, bytes]) -> tuple[Content | None, list[Finding]]:
    """Return what files are about, and everything that is wrong with them.

    Args:
        files: Of a bundle; or of a folder to be packed, whose inputs may stand in ``inputs.json`` and ``part.json``.

    Returns:
        No content where one of the findings is an error.
    """
    found = _too_much(files)
    if found:
        return None, found
    card = _card(files, found)
    asked = _asked(files, found)
    parts = [_part(folder, files, asked, found) for folder in _part_folders(files)]
    inputs = [each.input for each in asked if not each.parts] + _list_of_inputs(files, INPUTS_FILE, found)
    found += forms.gathered(inputs, parts)[1]
    found += _unknown_parts(asked, parts)
    trials = _trials(files, parts, found)
    marks = _marks(files, found)
    if card is None or found:
        return None, found
    content = Content(card, parts, inputs, _below("evidence/", files), trials, marks)
    return content, differing(dict(_texts(content)), marks)


def _too_much(files: Mapping[str, bytes]) -> list[Finding]:
    described = [
        name
        for name in files
        if name in {MEASURE, FORM, INPUTS_FILE}
        or name.startswith(("tests/", "i18n/"))
        or (name.startswith("parts/") and name.endswith(f"/{PART_FILE}"))
    ]
    if sum(len(files[name]) for name in described) <= MOST_JSON_BYTES:
        return []
    message = say("Its descriptions have more than {most} bytes. Put data into files.", most=MOST_JSON_BYTES)
    return [error("too-much-described", "", message)]


def parse(files: Mapping[str, bytes], name: str, found: list[Finding]) -> Any:
    """Return the values of a JSON file; None, and a finding, where it is none."""
    try:
        return _parsed(files[name])
    except (ValueError, RecursionError) as problem:
        found.append(error("not-json", name, say("It is no JSON ({problem}). Correct it.", problem=problem)))
        return None


def _parsed(data: bytes) -> Any:
    if len(data) > MOST_JSON_BYTES:
        raise ValueError(f"more than {MOST_JSON_BYTES} bytes")
    values = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_finite, parse_float=_finite)
    left = [(values, 0)]
    while left:
        value, depth = left.pop()
        if depth > MOST_DEPTH:
            raise ValueError(f"nested more than {MOST_DEPTH} deep")
        if isinstance(value, dict):
            left += [(each, depth + 1) for pair in value.items() for each in pair]
        elif isinstance(value, list):
            left += [(each, depth + 1) for each in value]
        elif isinstance(value, str):
            value.encode()  # half of a surrogate pair is no text
    return values


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return values


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text} is no number")
    return number


def _card(files: Mapping[str, bytes], found: list[Finding]) -> Card | None:
    if MEASURE not in files:
        found.append(error("no-card", MEASURE, say("It is missing. It describes the measure.")))
        return None
    before = len(found)
    values = parse(files, MEASURE, found)
    if len(found) > before:
        return None
    card, wrong = cards.read_card(values)
    found += wrong
    return card


def _asked(files: Mapping[str, bytes], found: list[Finding]) -> list[forms.Asked]:
    if FORM not in files or (values := parse(files, FORM, found)) is None:
        return []
    asked, wrong = forms.read_schema(values)
    found += wrong
    return asked


def _list_of_inputs(files: Mapping[str, bytes], name: str, found: list[Finding]) -> list[Input]:
    if name not in files or (values := parse(files, name, found)) is None:
        return []
    inputs, wrong = forms.read_inputs(values, file=name)
    found += wrong
    return inputs


def _part_folders(files: Mapping[str, bytes]) -> list[str]:
    return sorted({"/".join(name.split("/")[:3]) for name in files if name.startswith("parts/")})


def _part(
    folder: str, files: Mapping[str, bytes], asked: Sequence[forms.Asked], found: list[Finding]
) -> Part:
    _parts, kind, name = folder.split("/")
    inside = _below(f"{folder}/", files)
    inside.pop(PART_FILE, None)
    part = Part(kind, name, {}, files=inside)
    described = f"{folder}/{PART_FILE}"
    if described not in files:
        found.append(error("part.undescribed", described, say("It is missing. It describes the part.")))
        return part
    before = len(found)
    values = parse(files, described, found)
    if len(found) == before:
        found += faults(values, PART, file=described)
    return part if len(found) > before else _described(part, values, asked, described)


def _described(part: Part, values: Mapping[str, Any], asked: Sequence[forms.Asked], file: str) -> Part:
    own, _none = forms.read_inputs(values.get("inputs", []), file=file)
    origin = values.get("origin")
    return replace(
        part,
        titles=values.get("titles", {}),
        fields=values.get("fields", {}),
        inputs=(*(each.input for each in asked if part.key in each.parts), *own),
        origin=origin
        and Reference(origin["uri"], origin["kind"], origin.get("titles", {}), origin.get("path", "")),
    )


def _unknown_parts(asked: Sequence[forms.Asked], parts: Sequence[Part]) -> list[Finding]:
    known = {part.key for part in parts}
    return [
        error(
            "inputs.unknown-part",
            f"{FORM}#/properties/{each.input.key}",
            say("There is no part {key}.", key=key),
        )
        for each in asked
        for key in each.parts
        if key not in known
    ]


def _trials(files: Mapping[str, bytes], parts: Sequence[Part], found: list[Finding]) -> dict[str, Trial]:
    known = {part.key for part in parts}
    trials = {}
    for name in sorted(each for each in files if each.startswith("tests/")):
        key, before = name.removeprefix("tests/").removesuffix(".json"), len(found)
        values = parse(files, name, found)
        if len(found) == before:
            found += faults(values, TRIAL, file=name)
        if key not in known:
            found.append(error("test.unknown-part", name, say("There is no part {key}.", key=key)))
        if len(found) == before:
            trials[key] = Trial(values["inputs"], values["draft"])
    return trials


def _marks(files: Mapping[str, bytes], found: list[Finding]) -> Marks:
    marks = {}
    for name in sorted(each for each in files if each.startswith("i18n/")):
        before = len(found)
        values = parse(files, name, found)
        if len(found) == before:
            language = name.removeprefix("i18n/").removesuffix(".json")
            marks[language], wrong = read_marks(values, file=name)
            found += wrong
    return marks


def _below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix(folder): content for name, content in files.items() if name.startswith(folder)}

"""What the JSON files of a bundle may hold, as JSON Schema (2020-12). What they do not name is kept, not refused."""

from typing import Any

from tandem.core.parts import InputKind
from tandem.exchange.domain.semver import PATTERN as VERSION

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_CENTS = 10**15
MOST_IRI, MOST_VERSION, MOST_VALUE = 300, 40, 10**13
"""As long may be what a measure and its version are called, and as large a value: what columns can hold."""
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
LANGUAGE = "[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
PART_KINDS = ("catalogue", "participation", "signal", "indicator")
STATUSES = ("idea", "planned", "trial", "in-operation", "ended")
DIMENSIONS = ("technical", "data", "market", "acceptance", "regulation")
CHARTER = (
    "just",
    "green",
    "productive",
    "digital",
    "common-good",
    "integrated",
    "participation",
    "multi-level",
    "place-based",
)
ORIGINS = ("human", "machine", "import")


def whole(pattern: str) -> str:
    r"""Return a pattern for a whole text, alike in Python and ECMAScript.

    ``$`` alone would let a text end with a line break in Python.

    >>> whole("[a-z]+")
    '^(?:[a-z]+)(?![\\s\\S])'
    """
    return rf"^(?:{pattern})(?![\s\S])"


def _text(pattern: str, description: str) -> dict[str, Any]:
    return {"type": "string", "pattern": whole(pattern), "description": description}


def _record(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string", "minLength": 1}
TEXTS = {"$ref": "#/$defs/texts"}
NAME = _text(SLUG, "lower-case letters, digits, hyphens")
IRI = _text(r'https?://[^\s<>"{}|\\^`]+|urn:[^\s<>"{}|\\^`]+', "an address that begins with https:// or urn:")
CITY = _text("[a-z][a-z0-9-]{1,62}", "2 to 63 lower-case letters, digits and hyphens, a letter first: hamm")
VERSION_TEXT = _text(VERSION, "three numbers by Semantic Versioning: 1.0.0")
DATE = {
    "type": "string",
    "pattern": whole("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "format": "date",
    "description": "2026-09-30",
}
CENTS = {"type": "integer", "minimum": 0, "maximum": MOST_CENTS, "description": "In cents."}
AMOUNT = {"type": "number", "minimum": 0, "maximum": 10**9}

_DEFS: dict[str, Any] = {
    "texts": {
        "type": "object",
        "propertyNames": _text(LANGUAGE, "a language: de, it, en"),
        "additionalProperties": TEXT,
        "description": "A text by language.",
    },
    "grade": {
        **_record(("level",), level={"type": "integer", "minimum": 0, "maximum": 4}, why=TEXTS),
        "description": "0 (not yet) to 4 (as it is), with a sentence.",
    },
    "input": _record(
        ("key",),
        key=NAME,
        kind={"enum": [kind.value for kind in InputKind]},
        titles=TEXTS,
        hints=TEXTS,
        unit={"type": "string"},
        default={},
        profile={"type": "string"},
        choices={"type": "object", "propertyNames": TEXT, "additionalProperties": TEXTS},
        least={"type": ["number", "null"]},
        most={"type": ["number", "null"]},
    ),
    "origin": _record(("uri", "kind"), uri=TEXT, kind=TEXT, titles=TEXTS, path={"type": "string"}),
}


def _schema(title: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title, **body, "$defs": _DEFS}


_INDICATOR = _record(
    ("key", "titles"),
    key=NAME,
    titles={**TEXTS, "minProperties": 1},
    unit={"type": "string", "description": "As UCUM or in words: km/h, persons."},
    better={"enum": ["higher", "lower"]},
    target={"type": "number"},
    method=TEXTS,
)
_EVIDENCE = _record(
    ("indicator", "on", "value", "city"),
    indicator=NAME,
    on=DATE,
    value={"type": "number", "minimum": -MOST_VALUE, "maximum": MOST_VALUE},
    city=CITY,
)
_SOFTWARE = _record(
    ("publiccodeYmlVersion", "name", "url"),
    publiccodeYmlVersion=_text(r"0(?:\.[0-9]+){1,2}", "0.7"),
    name=TEXT,
    url=IRI,
    softwareVersion=TEXT,
    platforms=_list(TEXT),
    categories=_list(TEXT),
    developmentStatus={"enum": ["concept", "development", "beta", "stable", "obsolete"]},
    softwareType=TEXT,
    description={"type": "object"},
    legal={"type": "object", "properties": {"license": TEXT}},
    maintenance={"type": "object"},
    localisation={"type": "object"},
)

CARD = _schema(
    "Card of a measure: measure.json",
    _record(
        ("format", "id", "version", "city", "title"),
        format={"const": "tandem-measure/1"},
        id={**IRI, "maxLength": MOST_IRI, "description": "What the measure is called for ever: an IRI."},
        version={**VERSION_TEXT, "maxLength": MOST_VERSION},
        city={**CITY, "description": "Id of the city whose measure it is."},
        title={**TEXTS, "minProperties": 1},
        summary=TEXTS,
        need=TEXTS,
        solution=TEXTS,
        status={"enum": list(STATUSES)},
        cost=_record(
            ("currency",),
            one_off_cents=CENTS,
            yearly_cents=CENTS,
            currency=_text("[A-Z]{3}", "three letters of ISO 4217: EUR"),
            covers={**TEXTS, "description": "What it pays for."},
        ),
        staff=_list(_record(("role",), role={**TEXTS, "minProperties": 1}, person_days=AMOUNT, fte=AMOUNT)),
        legal_basis=TEXTS,
        indicators=_list(_INDICATOR),
        evidence=_list(_EVIDENCE),
        lessons=_list(TEXTS),
        replicability=_record((), **{name: {"$ref": "#/$defs/grade"} for name in DIMENSIONS}),
        tags=_record(
            (),
            charter={
                **_list({"enum": list(CHARTER)}),
                "uniqueItems": True,
                "description": "New Leipzig Charter.",
            },
            sdg={**_list({"type": "integer", "minimum": 1, "maximum": 17}), "uniqueItems": True},
        ),
        contact=_record(
            (), role=TEXTS, mail=_text(r"[^@\s]+@[^@\s]+\.[^@\s.]+", "an address: office@city.example")
        ),
        licence=_text("[A-Za-z0-9][A-Za-z0-9.+-]*", "an identifier of SPDX: CC-BY-4.0"),
        isBasedOn=_list(_record(("id", "version", "city"), id=IRI, version=VERSION_TEXT, city=CITY)),
        software={**_SOFTWARE, "description": "Keys of publiccode.yml 0.7."},
    ),
)

PART = _schema(
    "Part of a measure: part.json",
    _record(
        (),
        titles=TEXTS,
        fields={"type": "object"},
        inputs=_list({"$ref": "#/$defs/input"}),
        origin={"$ref": "#/$defs/origin"},
    ),
)

INPUTS = _schema("Inputs of a measure: inputs.json", _list({"$ref": "#/$defs/input"}))

_QUESTION = {
    "type": "object",
    "properties": {
        "type": {"enum": ["string", "integer", "number", "boolean"]},
        "format": {"enum": ["date"]},
        "enum": _list(TEXT),
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "x-titles": TEXTS,
        "x-hints": TEXTS,
        "x-unit": {"type": "string"},
        "x-profile": {"type": "string"},
        "x-choices": {"type": "object", "propertyNames": TEXT, "additionalProperties": TEXTS},
        "x-parts": _list(TEXT),
    },
}
FORM = _schema(
    "What inputs.schema.json may hold",
    _record(
        ("properties",),
        properties={"type": "object", "propertyNames": NAME, "additionalProperties": _QUESTION},
    ),
)

WORDING = _schema(
    "Texts of one language: i18n/*.json",
    {
        "type": "object",
        "additionalProperties": _record(
            ("text", "origin"),
            text=TEXT,
            origin={"enum": list(ORIGINS)},
            provider={"type": "string"},
            source_hash={"type": "string"},
            reviewed_by={"type": "string"},
        ),
    },
)

TRIAL = _schema(
    "Inputs and the draft that a part becomes: tests/*/*.json",
    _record(("inputs", "draft"), inputs={"type": "object"}, draft={"type": "object"}),
)

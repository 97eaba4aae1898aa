"""Values in a part of a measure: places for inputs, and checks of what another city sent.

A check is made of smaller ones, like the value that it looks at. It says everything that is wrong, each with its place
as a JSON Pointer, and never raises. Texts are plain texts: no HTML, nothing that cannot be seen.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say

MARK = "$input"
MOST_VALUES = 200
LONGEST_LINE, LONGEST_TEXT, LONGEST_IRI = 300, 20_000, 700

Faults = Iterator[Finding]
Check = Callable[[Any, str], Faults]

_INPUT = "missing-input"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_IRI = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
_TAG = re.compile(r"<[A-Za-z/!?]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def filled(value: Any, inputs: Mapping[str, Any]) -> Any:
    """Return a part's fields with what was filled in, in place of ``{"$input": "key"}``; None where nothing was.

    Nothing else is a placeholder: texts are never searched for anything.

    >>> filled({"way": {"$input": "trees-way"}}, {"trees-way": "own"})
    {'way': 'own'}
    """
    if isinstance(value, Mapping):
        if MARK in value:
            asked = value[MARK]
            return inputs.get(asked) if len(value) == 1 and isinstance(asked, str) else None
        return {key: filled(each, inputs) for key, each in value.items()}
    return [filled(each, inputs) for each in value] if isinstance(value, list) else value


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that stand in the way."""
    return [each for each in findings if each.severity is Severity.ERROR]


def name_of(slug: str) -> str:
    """Return the name of a part that is made of something with this slug.

    >>> name_of("Bäume_2024")
    'b-ume-2024'
    """
    return re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-") or "part"


# --- findings -----------------------------------------------------------------------------------
def fault(code: str, path: str, message: Sentence) -> Finding:
    """Return a finding that stands in the way."""
    return Finding(Severity.ERROR, f"core.part.{code}", path, message)


def missing(path: str) -> Finding:
    """Return the finding that nothing is there."""
    return fault("missing", path, say("It is missing."))


def not_filled_in(path: str) -> Finding:
    """Return the finding that an input is missing; what would be made can be said nevertheless."""
    return fault(_INPUT, path, say("It is missing. Fill it in."))


def is_unusable(findings: Iterable[Finding]) -> bool:
    """Return whether a part is wrong in itself, whatever is filled in."""
    return any(each.code != f"core.part.{_INPUT}" for each in errors(findings))


def wrong(path: str) -> Finding:
    """Return the finding that a value is of another form."""
    return fault("wrong-form", path, say("It is not of the form that is expected here."))


def too_much(path: str, count: int, most: int) -> Finding:
    """Return the finding that a value is too large."""
    message = say("It is too large: {count}, and {most} is the most that is taken.", count=count, most=most)
    return fault("too-much", path, message)


def twice(keys: Sequence[str], path: str) -> Faults:
    """Yield which keys of a list stand there twice."""
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield fault("twice", f"{path}/{place}", say("{key} stands there twice.", key=key))


# --- checks of single values --------------------------------------------------------------------
def text(longest: int) -> Check:
    """Return a check of a plain text; one of a line at the most has no line breaks."""

    def check(value: Any, path: str) -> Faults:
        if not isinstance(value, str):
            yield wrong(path)
        elif len(value) > longest:
            yield too_much(path, len(value), longest)
        elif _TAG.search(value):
            yield fault("not-plain", path, say("It has HTML in it. Only plain text is taken."))
        elif _UNSEEN.search(value) or (longest <= LONGEST_LINE and re.search(r"[\r\n]", value)):
            yield fault("not-plain", path, say("It has characters in it that cannot be seen."))

    return check


def form(pattern: str, longest: int = LONGEST_LINE) -> Check:
    """Return a check of a text that has to fit a pattern as a whole."""
    compiled = re.compile(pattern)

    def check(value: Any, path: str) -> Faults:
        if not isinstance(value, str) or len(value) > longest or not compiled.fullmatch(value):
            yield wrong(path)

    return check


def iri(value: Any, path: str) -> Faults:
    """Yield what is wrong with an address; only those of the web are taken."""
    if not isinstance(value, str) or len(value) > LONGEST_IRI or not _IRI.fullmatch(value):
        yield fault("bad-address", path, say("It is no address that begins with http:// or https://."))


def truth(value: Any, path: str) -> Faults:
    """Yield what is wrong with a truth value."""
    if not isinstance(value, bool):
        yield wrong(path)


def whole(least: int, most: int) -> Check:
    """Return a check of a whole number, both ends inclusive."""

    def check(value: Any, path: str) -> Faults:
        if not isinstance(value, int) or isinstance(value, bool):
            yield wrong(path)
        elif not least <= value <= most:
            message = say("{value} is not between {least} and {most}.", value=value, least=least, most=most)
            yield fault("out-of-range", path, message)

    return check


def number(value: Any, path: str) -> Faults:
    """Yield what is wrong with a number."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 10**12:
        yield wrong(path)


def one_of(values: Iterable[str]) -> Check:
    """Return a check of a choice."""
    known = tuple(values)

    def check(value: Any, path: str) -> Faults:
        if not isinstance(value, str) or value not in known:
            allowed = ", ".join(filter(None, known))
            yield fault("unknown-choice", path, say("Only these are known: {allowed}.", allowed=allowed))

    return check


# --- checks of values that hold others ----------------------------------------------------------
def optional(check_value: Check) -> Check:
    """Return a check of a value that may be null."""
    return lambda value, path: iter(()) if value is None else check_value(value, path)


def several(check_item: Check, most: int = MOST_VALUES) -> Check:
    """Return a check of a list."""

    def check(value: Any, path: str) -> Faults:
        if not isinstance(value, list):
            yield wrong(path)
        elif len(value) > most:
            yield too_much(path, len(value), most)
        else:
            for place, each in enumerate(value):
                yield from check_item(each, f"{path}/{place}")

    return check


def by_language(check_item: Check, *, least: int = 0) -> Check:
    """Return a check of values by language, of which there have to be so many."""

    def check(value: Any, path: str) -> Faults:
        if not isinstance(value, Mapping) or len(value) > MOST_VALUES:
            yield wrong(path)
            return
        if len(value) < least:
            yield missing(path)
        for language, each in value.items():
            if isinstance(language, str) and _LANGUAGE.fullmatch(language):
                yield from check_item(each, f"{path}/{language}")
            else:
                yield wrong(path)

    return check


def record(known: Mapping[str, Check], required: Sequence[str] = ()) -> Check:
    """Return a check of an object. What is not known is told and left out."""

    def check(value: Any, path: str) -> Faults:
        if not isinstance(value, Mapping):
            yield wrong(path)
            return
        yield from (missing(below(path, name)) for name in required if value.get(name) is None)
        for name, each in value.items():
            if name not in known:
                message = say("This city does not know what that is. It is left out.")
                yield Finding(Severity.WARNING, "core.part.unknown", below(path, str(name)[:60]), message)
            elif each is not None or name not in required:
                yield from known[name](each, below(path, name))

    return check


def below(path: str, name: str) -> str:
    """Return the pointer to a member.

    >>> below("/tables/0", "a/b")
    '/tables/0/a~1b'
    """
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


TITLE = by_language(text(LONGEST_LINE), least=1)
TITLES = by_language(text(LONGEST_LINE))
TEXTS = by_language(text(LONGEST_TEXT))
MAIL = form(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")

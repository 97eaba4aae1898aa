"""The part of Solr's query language that clients of CKAN use: a parser to a tree, and the tree as a text again.

``field:value``, ``field:"some words"``, ``field:(a OR b)``, ``field:[a TO *]``, ``*`` and ``?`` in values, AND, OR,
NOT, ``&&``, ``||``, ``!``, ``-``, ``+`` and parentheses. Two parts beside each other must both fit, and that binds the
least: ``a OR b c`` is ``(a OR b) AND c``, which is what clients mean who put filters beside each other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tandem.core.errors import InvalidInput

LONGEST = 20_000  # characters
DEEPEST = 40  # parentheses and negations in each other
MOST_PARTS = 1_000


class BadSolrQuery(InvalidInput):
    """The query cannot be understood."""

    code = "catalogue.solr.bad-query"


@dataclass(frozen=True, slots=True)
class Everything:
    """``*:*``."""

    def __str__(self) -> str:
        return "*:*"


@dataclass(frozen=True, slots=True)
class Term:
    """A field has a value, or holds some words. Without a field, words of the whole text."""

    field: str
    text: str

    def __str__(self) -> str:
        return _prefix(self.field) + _quoted(self.text)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A field fits a pattern: ``*`` is anything, ``?`` one character, a backslash takes the next as it stands."""

    field: str
    pattern: str

    def __str__(self) -> str:
        pieces = _PIECES.findall(self.pattern)
        plain = (each[-1] if len(each) == 2 or each not in "*?" else "" for each in pieces)
        shown = (_escaped(char) if char else each for each, char in zip(pieces, plain, strict=True))
        return _prefix(self.field) + "".join(shown)


@dataclass(frozen=True, slots=True)
class Range:
    """A field lies between two values; None is an open end."""

    field: str
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True

    def __str__(self) -> str:
        low, high = ("*" if each is None else _quoted(each) for each in (self.low, self.high))
        return f"{self.field}:{'[' if self.with_low else '{'}{low} TO {high}{']' if self.with_high else '}'}"


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not fit."""

    part: "Node"

    def __str__(self) -> str:
        return f"NOT ({self.part})"


@dataclass(frozen=True, slots=True)
class All:
    """What all parts fit; at least two."""

    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True)
class Any:
    """What some part fits; at least two."""

    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.parts))})"


Node = Everything | Term | Pattern | Range | Not | All | Any

_PIECES = re.compile(r"\\.|.", re.DOTALL)
_SPECIAL = re.compile(r'[\s\\+\-!():^\[\]"{}~*?&|/]')
_FIELD = re.compile(r"[\w.\-]+")
_TOKEN = re.compile(
    r"""\s+
    | (?P<quoted>"(?:\\.|[^"\\])*")
    | (?P<both>&&) | (?P<either>\|\|)
    | (?P<mark>[()\[\]{}])
    | (?P<sign>[+\-!])
    | (?P<field>[\w.*\-]+:(?!//))
    | (?P<word>(?:\\.|[^\s()\[\]{}"\\])+)
    """,
    re.VERBOSE | re.DOTALL,
)
_BOOST = re.compile(r"(?<!\\)\^\d+(\.\d+)?\Z")


def parse(text: str) -> Node:
    """Return what a query says; nothing at all is everything.

    Raises:
        BadSolrQuery: It cannot be understood, or is too long or too deep; the error says where.

    >>> str(parse("tags:(tree OR grass) -organization:x"))
    '((tags:"tree" OR tags:"grass") AND NOT (organization:"x"))'
    """
    if len(text) > LONGEST:
        raise BadSolrQuery(f"The query is longer than {LONGEST:,} characters.")
    tokens = list(_tokens(text))
    if not tokens:
        return Everything()
    reader = _Reader(tokens)
    found = reader.beside("")
    if reader.at < len(tokens):
        raise reader.wrong("has no beginning")
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    at, former = 0, ""
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadSolrQuery(f"Character {at + 1}, {text[at]!r}: a quotation or an escape has no end.")
        kind = found.lastgroup
        if kind == "field" and former == "field":  # a colon inside of a value: a time, an address
            found = re.compile(r"(?:\\.|[^\s()\[\]{}\"\\])+").match(text, at) or found
            kind = "word"
        if kind:
            yield _Token(_KEYWORDS.get(found[0], kind), found[0], at)
        former, at = kind or former, found.end()


_KEYWORDS = {"AND": "both", "OR": "either", "NOT": "sign"}


class _Reader:
    """Reads tokens, one after another."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at, self.depth, self.parts = tokens, 0, 0, 0

    def beside(self, field: str) -> Node:
        """Read parts that stand beside each other."""
        parts = [self._either(field)]
        while self._next() not in {"", ")"}:
            parts.append(self._either(field))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _either(self, field: str) -> Node:
        parts = [self._both(field)]
        while self._takes("either"):
            parts.append(self._both(field))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _both(self, field: str) -> Node:
        parts = [self._signed(field)]
        while self._takes("both"):
            parts.append(self._signed(field))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _signed(self, field: str) -> Node:
        self.depth, self.parts = self.depth + 1, self.parts + 1
        if self.depth > DEEPEST or self.parts > MOST_PARTS:
            raise BadSolrQuery(
                f"More than {DEEPEST} parts in each other, or {MOST_PARTS} in all, are too many."
            )
        if self._next() != "sign":
            found = self._one(field)
        else:
            sign = self._take()
            part = self._signed(field)
            found = part if sign.text == "+" else Not(part)
        self.depth -= 1
        return found

    def _one(self, field: str) -> Node:
        kind = self._next()
        if kind == "field" and not field:
            name = self._take().text[:-1]
            return self._everything() if name == "*" else self._valued(name)
        return self._valued(field)

    def _everything(self) -> Node:
        if self._next() != "word" or self._take().text != "*":
            raise self.wrong("*: is followed by * alone")
        return Everything()

    def _valued(self, field: str) -> Node:
        kind = self._next()
        if field and not _FIELD.fullmatch(field):
            raise self.wrong(f"{field!r} is no name of a field")
        if kind == "(":
            return self._inner(field)
        if kind in {"[", "{"} and field:
            return self._range(field)
        if kind == "quoted":
            text = _unescaped(self._take().text[1:-1])
            self._skip_boost()
            return Term(field, text)
        if kind == "word":
            return self._word(field)
        raise self.wrong("a value is missing")

    def _inner(self, field: str) -> Node:
        self._take()
        found = self.beside(field)
        if self._next() != ")":
            raise self.wrong("a closing parenthesis is missing")
        self._take()
        self._skip_boost()
        return found

    def _word(self, field: str) -> Node:
        text = _BOOST.sub("", self._take().text)
        if re.search(r"(?<!\\)~", text):
            raise self.wrong("~ is not understood; ask for the word, or for its beginning with *")
        bare = re.sub(r"\\.", "", text, flags=re.DOTALL)
        if not field and text == "*":
            return Everything()
        if "*" not in bare and "?" not in bare:
            return Term(field, _unescaped(text))
        return Pattern(field, _plain_pattern(text))

    def _range(self, field: str) -> Node:
        begin = self._take().text
        low = self._end()
        if self._next() != "word" or self._take().text != "TO":
            raise self.wrong("between the ends of a range stands TO")
        high = self._end()
        if self._next() not in {"]", "}"}:
            raise self.wrong("the end of a range is missing")
        return Range(field, low, high, begin == "[", self._take().text == "]")

    def _end(self) -> str | None:
        text = ""
        while self._next() in {"field", "word", "sign"} and self._peek().text != "TO":
            glued = (
                not text
                or self.tokens[self.at - 1].at + len(self.tokens[self.at - 1].text) == self._peek().at
            )
            if not glued:
                break
            text += self._take().text
        if text:
            return None if text == "*" else _unescaped(text)
        if self._next() == "quoted":
            return _unescaped(self._take().text[1:-1])
        raise self.wrong("an end of a range is missing")

    def _skip_boost(self) -> None:
        if self._next() == "word" and _BOOST.fullmatch(self._peek().text):
            self._take()

    def _peek(self) -> _Token:
        return self.tokens[self.at]

    def _next(self) -> str:
        """Return the kind of what comes; of a bracket, itself; nothing at the end."""
        if self.at >= len(self.tokens):
            return ""
        token = self._peek()
        return token.text if token.kind == "mark" else token.kind

    def _take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _takes(self, kind: str) -> bool:
        taken = self._next() == kind
        self.at += taken
        return taken

    def wrong(self, why: str) -> BadSolrQuery:
        """Return the error for the place where the reader is."""
        if self.at < len(self.tokens):
            token = self._peek()
            return BadSolrQuery(f"Character {token.at + 1}, {token.text[:40]!r}: {why}.")
        return BadSolrQuery(f"At the end of the query: {why}.")


def _prefix(field: str) -> str:
    return f"{field}:" if field else ""


def _quoted(text: str) -> str:
    return '"' + re.sub(r'([\\"])', r"\\\1", text) + '"'


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _escaped(char: str) -> str:
    return f"\\{char}" if _SPECIAL.fullmatch(char) else char


def _plain_pattern(text: str) -> str:
    """Return a pattern in its one form: a backslash only where it says something."""
    pieces = _PIECES.findall(text)
    return "".join(each if len(each) == 1 or each[1] in "\\*?" else each[1] for each in pieces)

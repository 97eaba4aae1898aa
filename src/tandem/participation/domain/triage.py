"""Notes for a moderator: what in a text deserves a second look. Never a reason to reject it by machine.

What moderators reject can hardly be told from the text alone; what identifies people, and what was copied, can.
The same notes take personal details out of a text before it is given away as open data.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from tandem.kit.folding import words
from tandem.participation.domain.check_digits import mod_97
from tandem.participation.domain.segments import by_sentence


class NoteCode(StrEnum):
    """What was found."""

    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    CODICE_FISCALE = "codice-fiscale"
    ADDRESS = "address"
    NAME = "name"  # one that was given with the contribution
    REPEATED = "repeated"  # a sentence that stands in the text before
    KNOWN_TEXT = "known-text"  # the whole text came before
    SHOUTING = "shouting"


PERSONAL = frozenset(
    {
        NoteCode.EMAIL,
        NoteCode.PHONE,
        NoteCode.IBAN,
        NoteCode.CODICE_FISCALE,
        NoteCode.ADDRESS,
        NoteCode.NAME,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A place in a text and what is there, ``start <= i < end``, counted in characters."""

    start: int
    end: int
    code: NoteCode


def triage(text: str, *, known: Collection[str] = (), names: Iterable[str] = ()) -> list[Note]:
    """Return the notes on a text, in the order of their places.

    Args:
        known: Fingerprints of earlier texts, as ``fingerprint`` makes them.
        names: Of the author, where they are known and shall not be public.
    """
    found = [*_personal(text, names), *_repeated(text), *_shouting(text)]
    if text.strip() and fingerprint(text) in known:
        found.append(Note(0, len(text), NoteCode.KNOWN_TEXT))
    return sorted(found)


def fingerprint(text: str) -> str:
    """Return what two texts have in common that differ in capitals, punctuation and spelling of umlauts only.

    >>> fingerprint("Mehr Bäume!") == fingerprint("mehr  BAEUME")
    True
    """
    return blake2b(" ".join(words(text)).encode(), digest_size=16).hexdigest()


_WORDS = {
    "de": {
        NoteCode.EMAIL: "[E-Mail-Adresse]",
        NoteCode.PHONE: "[Telefonnummer]",
        NoteCode.IBAN: "[Kontonummer]",
        NoteCode.CODICE_FISCALE: "[Steuernummer]",
        NoteCode.ADDRESS: "[Anschrift]",
        NoteCode.NAME: "[Name]",
    },
    "it": {
        NoteCode.EMAIL: "[indirizzo e-mail]",
        NoteCode.PHONE: "[numero di telefono]",
        NoteCode.IBAN: "[numero di conto]",
        NoteCode.CODICE_FISCALE: "[codice fiscale]",
        NoteCode.ADDRESS: "[indirizzo]",
        NoteCode.NAME: "[nome]",
    },
    "en": {
        NoteCode.EMAIL: "[e-mail address]",
        NoteCode.PHONE: "[telephone number]",
        NoteCode.IBAN: "[account number]",
        NoteCode.CODICE_FISCALE: "[tax number]",
        NoteCode.ADDRESS: "[address]",
        NoteCode.NAME: "[name]",
    },
}


def redact(text: str, *, language: str, names: Iterable[str] = (), keep: Collection[NoteCode] = ()) -> str:
    """Return a text with what identifies people replaced by what it was.

    What no rule finds stays: have somebody read it before it is published.

    Args:
        language: Of the words in brackets: ``de``, ``it`` or ``en``.
        names: Of the author.
        keep: What stays, such as addresses where contributions are about streets.

    >>> redact("Ruft 02381 17-0 an!", language="de")
    'Ruft [Telefonnummer] an!'
    """
    parts, done = [], 0
    for note in sorted(_personal(text, names)):
        if note.code in PERSONAL and note.code not in keep:
            parts += [text[done : note.start], _WORDS[language][note.code]]
            done = note.end
    return "".join([*parts, text[done:]])


def _personal(text: str, names: Iterable[str]) -> list[Note]:
    """Return what identifies people, and links; where two rules find the same place, the first one has it."""
    notes: list[Note] = []
    taken = bytearray(len(text))
    for code, rule in (*_RULES, (NoteCode.NAME, _name_rule(names))):
        for start, end in rule(text):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                notes.append(Note(start, end, code))
    return notes


Places = Iterator[tuple[int, int]]
Rule = Callable[[str], Places]


def _matching(pattern: str, accept: Callable[[str], bool] = bool) -> Rule:
    compiled = re.compile(pattern, re.VERBOSE | re.IGNORECASE)

    def places(text: str) -> Places:
        return (found.span() for found in compiled.finditer(text) if accept(found.group()))

    return places


_IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip


def is_iban(text: str) -> bool:
    """Return whether a text is the number of a bank account: of its country's length, its check digits right.

    Source: ISO 13616; ISO 7064 MOD 97-10.

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE89 3704 0044 0532 0130 01")
    (True, False)
    """
    plain = re.sub(r"[\s-]", "", text).upper()
    return len(plain) == _IBAN_LENGTHS.get(plain[:2]) and mod_97(plain[4:] + plain[:4]) == 1


def _ibans(text: str) -> Places:
    """Yield the places of account numbers; a word that follows one is not taken for a part of it."""
    for found in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(found.group()[:2].upper(), 0)
        end, left = found.start(), length
        while left and end < len(text) and (text[end].isalnum() or text[end] in " -\u00a0\u202f"):
            left -= text[end].isalnum()
            end += 1
        ends_there = not text[end : end + 1].isalnum()
        if length and not left and ends_there and is_iban(text[found.start() : end]):
            yield found.start(), end


_IBAN_START = re.compile(r"\b[A-Z]{2}\d{2}(?=[\s-]?[A-Z0-9])", re.IGNORECASE)
_ODD = {
    **dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)),
    **dict(zip("ABCDEFGHIJ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)),
    **dict(zip("KLMNOPQRST", (2, 4, 18, 20, 11, 3, 6, 8, 12, 14), strict=True)),
    **dict(zip("UVWXYZ", (16, 10, 22, 25, 24, 23), strict=True)),
}


def is_codice_fiscale(text: str) -> bool:
    """Return whether a text is an Italian tax number of a person, its check character right.

    Source: D.M. 23 December 1976, as to characters in odd and in even places; letters that stand for digits where
    two people would have the same number are taken too.

    >>> is_codice_fiscale("RSSMRA85T10A562S"), is_codice_fiscale("RSSMRA85T10A562T")
    (True, False)
    """
    plain = text.upper()
    if not _CODICE_FISCALE.fullmatch(plain):
        return False
    odd = sum(_ODD[each] for each in plain[:15:2])
    even = sum(int(each) if each.isdigit() else ord(each) - ord("A") for each in plain[1:15:2])
    return chr(ord("A") + (odd + even) % 26) == plain[15]


_DIGIT = "[0-9LMNPQRSTUV]"
_CODICE_FISCALE = re.compile(f"[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]")


def _is_phone(text: str) -> bool:
    """Return whether digits are a number to call: 7 to 15 of them, and no date."""
    digits = re.sub(r"\D", "", text)
    return 7 <= len(digits) <= 15 and not _DATE.fullmatch(text.strip())


_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}")
# The lengths are bounded, and each begins where a word does: no text, however odd, takes long.
_EMAIL = r"(?<![\w.+%-])[\w.+%-]{1,64} (?:@|\s?[\[(]at[\])]\s?) (?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b"
_STREET_DE = r"""(?:(?-i:[A-ZÄÖÜ])[\w.\-]{0,30}\s){0,2}
                 [\w.\-]{0,60}(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse|ring|ufer|damm|chaussee|promenade)"""
_STREET_IT = r"""(?:via|viale|v\.le|vicolo|piazza|piazzale|p\.zza|corso|largo|lungarno|strada|borgo)
                 (?:\s+[\w.'’-]{1,30}){0,3}\s+(?-i:[A-ZÀ-Ý0-9])[\w.'’-]{1,30}"""
_RULES: tuple[tuple[NoteCode, Rule], ...] = (
    (NoteCode.EMAIL, _matching(_EMAIL)),
    (NoteCode.LINK, _matching(r"\b(?:https?://|www\.)[^\s<>\"'“”„«»]+[^\s<>\"'“”„«».,;:!?)\]]")),
    (NoteCode.IBAN, _ibans),
    (NoteCode.CODICE_FISCALE, _matching(r"\b[a-z]{6}\w{2}[a-z]\w{2}[a-z]\w{3}[a-z]\b", is_codice_fiscale)),
    (
        NoteCode.PHONE,
        _matching(
            r"""(?<![\w,.+/-])
                (?: (?:\+|00)\s?[1-9]\d{0,2} (?:[\s./-]?\(0\))? [\s./-]? \(?\d | \(?0\d | 3[2-9]\d(?=[\s./-]?\d{3}) )
                (?: \)?[\s./-]{0,3}\(?\d ){5,13} (?![\w€%]|[.,]\d|\s?(?:€|EUR|qm|m²))""",
            _is_phone,
        ),
    ),
    (
        NoteCode.ADDRESS,
        _matching(
            rf"""\b(?:(?:{_STREET_DE}\s+\d{{1,4}}\s?[a-z]?\b(?:\s?[-–/]\s?\d{{1,4}}[a-z]?\b)?)
                 | (?:{_STREET_IT},?\s+(?:n\.?\s?)?\d{{1,4}}(?:\s?/\s?[a-z0-9]{{1,3}})?\b))
                 (?:,?\s+(?:D-|I-)?\d{{5}}\s+[^\W\d_][\w-]+)?"""
        ),
    ),
)


def _name_rule(names: Iterable[str]) -> Rule:
    """Return a rule for a name, whole or its parts of three letters and more, with capitals as names have them."""
    whole = [name.strip() for name in names if name.strip()]
    parts = {part for name in whole for part in re.findall(r"[^\W\d_]{3,}", name)} | set(whole)
    if not parts:
        return lambda _text: iter(())
    either = "|".join(re.escape(part) for part in sorted(parts, key=lambda part: (-len(part), part)))
    compiled = re.compile(rf"(?<!\w)(?:{either})(?!\w)")
    return lambda text: (found.span() for found in compiled.finditer(text))


def _repeated(text: str) -> Iterator[Note]:
    """Yield sentences of five words and more that stood in the text before."""
    cut, seen = by_sentence(text), Counter[str]()
    for span, sentence in zip(cut.spans, cut.texts, strict=True):
        said = words(sentence)
        key = " ".join(said)
        if len(said) >= 5 and seen[key]:
            start = span.start + len(sentence) - len(sentence.lstrip())
            yield Note(start, span.start + len(sentence.rstrip()), NoteCode.REPEATED)
        seen[key] += 1


def _shouting(text: str) -> Iterator[Note]:
    """Yield runs of four and more words in capitals, and of four and more exclamation or question marks."""
    return (Note(*found.span(), NoteCode.SHOUTING) for found in _SHOUTED.finditer(text))


_CAPITALS = "[A-ZÄÖÜẞÀÈÉÌÒÙ]{2,}"
_SHOUTED = re.compile(rf"[!?]{{4,}}|\b{_CAPITALS}(?:[\s,]+{_CAPITALS}){{3,}}\b")

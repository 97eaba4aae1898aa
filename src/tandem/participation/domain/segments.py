"""Segments: a statement cut into the points it makes, without a letter lost or taken twice."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tandem.core.errors import InvalidInput
from tandem.core.text import say

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_LIST_ITEM = re.compile(r"\n[^\S\n]*(?=(?:[-–—•*·▪]|\(?\d{1,2}[.)]|\(?[a-z]\)|[IVX]{2,4}\.)\s)", re.I)
_SENTENCE_END = re.compile(r"""[.!?…]+["'”“»«’)\]]*\s+|\n\s*""")
_LAST_WORD = re.compile(r"[^\s(\[„“\"'«»]+$")
# What ends with a full stop and ends no sentence, in German, Italian and English.
_ABBREVIATED = """
    abs abschn abt anl anm apr art aug ausg az bd bsp bspw buchst bzgl bzw ca co dez dipl dr ebd eig einschl etc evtl
    ext feb ff fn geb gem gen ggf grds hr hrsg i.d.r i.s.d ing inkl insb jan jh jul jun kap kfz lfd lit mio mrd mrz
    nov nr o.g okt p.s pos prof rd rn s.o s.u sep sept sog st std str tel u.a u.u usw v.a vgl vorl z.b z.t ziff zzgl
    arch art avv cap cfr cm comma dott dr.ssa ecc egr es fig fraz geom gent ing l.r lett loc n nn p.es p.zza pag par
    rag rif s.p sig sig.ra sigg spett tab v.le
    al approx cf dept e.g eg est fig figs i.e ie inc jr ltd mr mrs ms no nos p para paras pp sec sr vol vs
    """
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())


class BadSegments(InvalidInput):
    """Segments overlap, or do not lie in the text."""

    code = "participation.statement.bad-segments"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a text, ``start <= i < end``, counted in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A text and where it is cut. The segments put together are always the text.

    Attributes:
        cuts: Where a new segment begins, rising, inside the text.

    Raises:
        BadSegments: A cut is not inside the text, or they do not rise.
    """

    text: str
    cuts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(later <= earlier for earlier, later in pairwise((0, *self.cuts))) or (
            self.cuts and self.cuts[-1] >= len(self.text)
        ):
            raise BadSegments(say("A statement can only be cut inside its text."))

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the segments lie; none in an empty text."""
        if not self.text:
            return ()
        return tuple(Span(*each) for each in pairwise((0, *self.cuts, len(self.text))))

    @property
    def texts(self) -> tuple[str, ...]:
        """The segments' texts, with the white space around them."""
        return tuple(self.text[span.start : span.end] for span in self.spans)

    def cut(self, at: int) -> "Segmentation":
        """Return the text cut at one more place; the same where it is cut there already.

        Raises:
            BadSegments: The place is not inside the text.
        """
        return Segmentation(self.text, tuple(sorted({*self.cuts, at})))

    def join(self, at: int) -> "Segmentation":
        """Return the text without the cut at a place.

        Raises:
            BadSegments: It is not cut there.
        """
        if at not in self.cuts:
            raise BadSegments(say("There is no cut at character {at}.", at=at))
        return Segmentation(self.text, tuple(cut for cut in self.cuts if cut != at))


def by_paragraph(text: str) -> Segmentation:
    r"""Cut a text at its empty lines and before the points of its lists.

    >>> by_paragraph("It is loud.\n\nI ask for\n- trees\n- a bench").texts
    ('It is loud.\n\n', 'I ask for\n', '- trees\n', '- a bench')
    """
    ends = [found.end() for rule in (_PARAGRAPH_END, _LIST_ITEM) for found in rule.finditer(text)]
    return _cut_at(text, ends)


def by_sentence(text: str) -> Segmentation:
    """Cut a text after each of its sentences; also at line ends.

    >>> by_sentence("Die Str. ist z. B. am 3. Mai gesperrt. Warum? Das fehlt.").texts
    ('Die Str. ist z. B. am 3. Mai gesperrt. ', 'Warum? ', 'Das fehlt.')
    """
    return _cut_at(text, _sentence_ends(text))


def _cut_at(text: str, places: Iterable[int]) -> Segmentation:
    begins = len(text) - len(text.lstrip())
    return Segmentation(text, tuple(sorted({at for at in places if begins < at < len(text)})))


def _sentence_ends(text: str) -> Iterator[int]:
    for found in _SENTENCE_END.finditer(text):
        if "\n" in found.group() or not found.group().startswith(".") or _ends_sentence(text, found):
            yield found.end()


def _ends_sentence(text: str, found: re.Match[str]) -> bool:
    """Return whether a full stop ends a sentence, and not an abbreviation, an ordinal number or an initial."""
    before = _LAST_WORD.search(text, max(0, found.start() - 40), found.start())
    word = before.group().lower() if before else ""
    following = text[found.end() : found.end() + 1]
    ordinal_or_initial = len(word) == 1 or (word.isdecimal() and len(word) <= 2)
    return not (following.islower() or ordinal_or_initial or word in _ABBREVIATIONS)


def by_hand(text: str, spans: Iterable[tuple[int, int]]) -> Segmentation:
    """Cut a text into the segments that somebody marked.

    What lies between two of them is a segment of its own; white space goes to the one before it.

    Args:
        text: The statement.
        spans: Start and end of each, in any order.

    Raises:
        BadSegments: Two overlap, one is empty, or one does not lie in the text.
    """
    marked = sorted(Span(*span) for span in spans)
    for span in marked:
        if not 0 <= span.start < span.end <= len(text):
            raise BadSegments(
                say("There is no text from character {start} to {end}.", start=span.start, end=span.end)
            )
    for one, other in pairwise(marked):
        if other.start < one.end:
            raise BadSegments(
                say(
                    "Two segments overlap: the one that begins at character {start} begins before {end}.",
                    start=other.start,
                    end=one.end,
                )
            )
    return _cut_at(text, _edges(text, marked))


def _edges(text: str, marked: list[Span]) -> Iterator[int]:
    ends = [0, *(span.end for span in marked)]
    for before, start in zip(ends, [*(span.start for span in marked), len(text)], strict=True):
        if text[before:start].strip():
            yield before
        yield start


def additions(model: str, text: str) -> tuple[Span, ...]:
    """Return the sentences of a text that a model letter does not have; each has to be weighed on its own.

    Capitals, punctuation and white space make no difference.

    >>> text = "No new road!  I live at number 7 and cannot sleep."
    >>> [text[span.start : span.end] for span in additions("No new road.", text)]
    ['I live at number 7 and cannot sleep.']
    """
    known = {_bare(each) for each in by_sentence(model).texts}
    cut = by_sentence(text)
    pairs = zip(cut.spans, cut.texts, strict=True)
    return tuple(span for span, each in pairs if _bare(each) and _bare(each) not in known)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))

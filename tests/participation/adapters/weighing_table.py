"""A weighing table of what is hard to print, for the tests of the documents made from it."""

from datetime import UTC, date, datetime

from tandem.participation.domain.segments import by_paragraph
from tandem.participation.domain.statement import (
    Decision,
    Outcome,
    Statement,
    Weighing,
    decided,
    segmented,
    weighed,
)
from tandem.participation.domain.synopsis import AuthorKind, Entry, Synopsis, make_synopsis

MARKUP = "#let x = 1 #panic() <b>&amp;</b> { } $a$ *b* _c_ \\ `d` @ref // note /* */ [x] = y"
HEBREW, ARABIC = "שלום עולם", "مرحبا بالعالم"
TEXT = f"{MARKUP}\n\nTree: 🌳\n\n{HEBREW}, 123\n\n{ARABIC}\n\nbell \x07 end"


def statement(text: str) -> Statement:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    made = segmented(Statement(text), by_paragraph(text))
    for number in range(len(made.segments)):
        made = weighed(made, number, Weighing(Outcome.NOTED, "Weighed <carefully> & #well.", "P-1", at))
        made = decided(made, number, Decision(Outcome.NOTED, "Rat", date(2026, 9, 1)))
    return made


def table(language: str = "de", *, more: int = 0, text: str = TEXT) -> Synopsis:
    entries = [Entry(AuthorKind.PUBLIC_BODY, "Amt #1 <x>", statement(text), date(2026, 6, 2))]
    entries += [
        Entry(AuthorKind.PUBLIC, "x", statement(f"Point number {number} is long. " * 8), date(2026, 6, 3))
        for number in range(more)
    ]
    return make_synopsis(
        entries, title="Plan „7“ <draft> & #1", city="Hamm", language=language, as_of=date(2026, 9, 2)
    )

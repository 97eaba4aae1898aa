"""The weighing table as a value."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.text import printable
from tandem.participation.domain.segments import by_paragraph
from tandem.participation.domain.statement import (
    Decision,
    Outcome,
    Statement,
    Weighing,
    decided,
    segmented,
    weighed,
    withdrawn,
)
from tandem.participation.domain.synopsis import (
    AuthorKind,
    Entry,
    Row,
    UnknownLanguage,
    make_synopsis,
    runs_right_to_left,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WEIGHING = Weighing(Outcome.NOT_FOLLOWED, "The bridge is needed.", "P-1", NOW)
DECISION = Decision(Outcome.FOLLOWED, "Rat", date(2026, 9, 1), "V/17")


def statement(text: str, *, late: bool = False) -> Statement:
    cut = segmented(Statement(text, late=late), by_paragraph(text))
    return decided(weighed(cut, 0, WEIGHING), 0, DECISION)


ENTRIES = [
    Entry(
        AuthorKind.PUBLIC,
        "Anna Weiß",
        statement("No bridge.\n\nAnna Weiß, 0171 2345678"),
        date(2026, 6, 2),
        413,
    ),
    Entry(AuthorKind.PUBLIC, "Bo", withdrawn(Statement("Never mind."), NOW), date(2026, 6, 2)),
    Entry(AuthorKind.PUBLIC_BODY, "Bahn AG", statement("Call 0171 2345678.", late=True), date(2026, 7, 9)),
    Entry(AuthorKind.PUBLIC, "Carla", Statement(" Uncut. "), date(2026, 6, 3)),
]


def synopsis(language="de", **more):
    made = {"title": "Plan 7", "city": "Hamm", "language": language, "as_of": date(2026, 9, 2)}
    return make_synopsis(ENTRIES, **(made | more))


def test_the_whole_table():
    made = synopsis()

    assert (made.subtitle, made.heads[2]) == (
        "Hamm · Stand: 02.09.2026 · Angaben zu Personen sind entfernt",
        "Stellungnahme",
    )
    assert [(section.heading, section.rows) for section in made.sections] == [
        (
            "Behörden und sonstige Träger öffentlicher Belange",
            (
                Row(
                    "A 1.1",
                    "Bahn AG\neingegangen am 09.07.2026\nnach Fristende",
                    "Call 0171 2345678.",
                    "The bridge is needed.",
                    "Der Anregung wird gefolgt.\nRat, 01.09.2026, V/17",
                ),
            ),
        ),
        (
            "Öffentlichkeit",
            (
                Row(
                    "B 1.1",
                    "Person 1\nund 412 weitere, gleichlautend\neingegangen am 02.06.2026",
                    "No bridge.",
                    "The bridge is needed.",
                    "Der Anregung wird gefolgt.\nRat, 01.09.2026, V/17",
                ),
                Row(
                    "B 1.2",
                    "Person 1\nund 412 weitere, gleichlautend\neingegangen am 02.06.2026",
                    "[Name], [Telefonnummer]",
                    "",
                    "",
                ),
                Row("B 2.1", "Person 2\neingegangen am 03.06.2026", "Uncut.", "", ""),
            ),
        ),
    ]


def test_the_council_s_own_copy_has_names():
    rows = synopsis(named=True).sections[1].rows

    assert (rows[1].author.split("\n")[0], rows[1].text) == ("Anna Weiß", "Anna Weiß, 0171 2345678")
    assert "entfernt" not in synopsis(named=True).subtitle


@pytest.mark.parametrize(
    ("language", "heading", "decision", "received"),
    [
        ("it", "Pubblico", "Accolta.", "pervenuta il 02/06/2026"),
        ("en", "The public", "The point is followed.", "received on 2026-06-02"),
    ],
)
def test_other_languages(language, heading, decision, received):
    section = synopsis(language).sections[1]

    assert (
        section.heading,
        section.rows[0].decision.split("\n")[0],
        section.rows[0].author.split("\n")[-1],
    ) == (
        heading,
        decision,
        received,
    )


def test_what_is_weighed_and_not_decided_is_a_proposal():
    text = "Trees."
    proposed = weighed(segmented(Statement(text), by_paragraph(text)), 0, WEIGHING)

    made = make_synopsis(
        [Entry(AuthorKind.PUBLIC, "x", proposed, date(2026, 6, 2))],
        title="t",
        city="c",
        language="en",
        as_of=date(2026, 9, 2),
    )

    assert [row.decision for row in made.sections[0].rows] == ["Proposal: The point is not followed."]
    assert len(made.sections) == 1


def test_a_language_without_words_is_refused():
    with pytest.raises(UnknownLanguage, match="de, it, en"):
        synopsis("fr")


@pytest.mark.parametrize(
    ("text", "wanted"), [("שלום", True), ("12 مرحبا", True), ("a שלום", False), ("123", False), ("", False)]
)
def test_direction_of_a_paragraph(text, wanted):
    assert runs_right_to_left(text) is wanted


@given(st.text())
def test_what_is_printable_stays_so_and_keeps_its_length_but_for_line_ends(text):
    shown = printable(text)

    assert printable(shown) == shown
    assert shown.encode().decode() == shown
    assert len(shown) == len(text.replace("\r\n", "\n"))

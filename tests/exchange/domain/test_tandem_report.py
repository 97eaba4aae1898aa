"""The report: what of the records stands in it, and what is said to be missing."""

from dataclasses import replace
from datetime import date

import pytest

from tandem.core.text import LANGUAGES, printable
from tandem.exchange.domain.logbook import Stage, Verdict
from tandem.exchange.domain.tandem import PlayedPart, State
from tandem.exchange.domain.tandem_facts import (
    AgendaFact,
    CostFact,
    DecisionFact,
    LogFact,
    MemberFact,
    Period,
    TandemFacts,
    TopicFact,
    VisitFact,
    WrongPeriod,
)
from tandem.exchange.domain.tandem_report import (
    Bullets,
    Heading,
    Paragraph,
    Report,
    Table,
    UnknownReportLanguage,
    make_report,
)
from tandem.exchange.domain.tandem_words import WORDS

MAY, AUTUMN, SEPTEMBER = date(2022, 5, 17), date(2022, 10, 1), date(2023, 9, 8)
YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))
AS_OF = date(2024, 1, 15)
FACTS = TandemFacts(
    {"en": "Hamm and Arezzo", "de": "Hamm und Arezzo"},
    {"en": "To learn from each other."},
    State.ACTIVE,
    is_example=True,
    reporter="hamm",
    names={"hamm": {"en": "Hamm"}, "arezzo": {"en": "Arezzo"}, "sofia": {"en": "Sofia", "de": "Sofia"}},
    members=[
        MemberFact("hamm", MAY, MAY, None, {}),
        MemberFact("arezzo", MAY, MAY, None, {}),
        MemberFact("sofia", MAY, MAY, date(2022, 12, 31), {"en": "No staff."}),
    ],
    topics=[
        TopicFact(
            {"en": "Air"},
            {"arezzo": PlayedPart.LEAD, "hamm": PlayedPart.FOLLOW},
            agenda=[
                AgendaFact({"en": "How many sensors?"}, date(2023, 6, 1), None, {}),
                AgendaFact(
                    {"en": "What do they cost?"}, date(2023, 6, 1), date(2023, 5, 1), {"en": "Little."}
                ),
                AgendaFact({"en": "Of last year"}, date(2022, 6, 1), date(2022, 6, 1), {"en": "Old."}),
            ],
            log=[LogFact(SEPTEMBER, Stage.LOOK, {"en": "Seen."}, {"en": "Arezzo in Hamm"})],
            decisions=[DecisionFact(SEPTEMBER, "hamm", {"en": "AirQino"}, Verdict.WATCH, {"en": "Costs."})],
        ),
        TopicFact({"en": "Light"}, {"sofia": PlayedPart.LEAD, "hamm": PlayedPart.FOLLOW}),
    ],
    visits=[
        VisitFact(
            {"en": "Hamm in Arezzo"}, "arezzo", False, "", AUTUMN, AUTUMN, {}, [], [], {}, date(2022, 11, 1)
        ),
        VisitFact(
            {"en": "Arezzo in Hamm"},
            "hamm",
            False,
            "Town hall",
            date(2023, 9, 7),
            SEPTEMBER,
            {},
            [{"en": "The signal"}],
            [("arezzo", "Mayor")],
            {},
            date(2023, 10, 8),
        ),
    ],
    costs=[
        CostFact(SEPTEMBER, "hamm", {"en": "Train"}, 123_456),
        CostFact(AUTUMN, "hamm", {"en": "Of last year"}, 1),
    ],
)


def blocks(report: Report, heading: str) -> list:
    return [block for section in report.sections if section.heading == heading for block in section.blocks]


def english(facts: TandemFacts = FACTS, period: Period = YEAR) -> Report:
    return make_report(facts, period=period, language="en", as_of=AS_OF)


def test_only_what_is_of_the_period_stands_in_it():
    report = english()
    assert blocks(report, "Cities")[0].rows == (
        ("Hamm", "2022-05-17", "2022-05-17", "–", ""),
        ("Arezzo", "2022-05-17", "2022-05-17", "–", ""),
    )
    assert [each.text for each in blocks(report, "Visits and meetings") if isinstance(each, Heading)] == [
        "Arezzo in Hamm"
    ]
    assert [row[1] for row in blocks(report, "Questions and lessons")[0].rows] == [
        "How many sensors?",
        "What do they cost?",
    ]
    assert blocks(report, "Costs")[0].rows == (
        ("2023-09-08", "Hamm", "Train", "1,234.56"),
        ("", "", "Sum", "1,234.56"),
    )


def test_a_city_that_left_in_the_period_is_told_of_with_its_reason():
    report = english(period=Period(date(2022, 1, 1), date(2022, 12, 31)))
    assert blocks(report, "Cities")[0].rows[2] == (
        "Sofia",
        "2022-05-17",
        "2022-05-17",
        "2022-12-31",
        "No staff.",
    )


def test_what_is_missing_is_said():
    assert blocks(english(), "What is missing") == [
        Bullets(
            (
                "The report on “Arezzo in Hamm” is missing. It was due on 2023-10-08.",
                "The question “How many sensors?” was due on 2023-06-01 and is not answered.",
                "No city leads on the topic “Light”.",
            )
        )
    ]


def test_a_visit_in_words_is_said_to_lack_a_report_without_a_day_nobody_knows():
    visit = replace(FACTS.visits[1], when={"en": "autumn 2023"})
    report = english(replace(FACTS, visits=[visit]))
    assert blocks(report, "Visits and meetings")[1:2] == [Paragraph("autumn 2023, in Hamm, Town hall")]
    assert blocks(report, "Visits and meetings")[-1] == Paragraph("There is no report on this meeting.")
    assert "The report on “Arezzo in Hamm” is missing." in blocks(report, "What is missing")[0].points


def test_nothing_taken_over_is_said_until_something_is_in_use():
    said = Paragraph("For this period, no measure is documented as taken over.")
    assert said in blocks(english(), "Logbook: from need to effect")
    used = replace(FACTS.topics[0], log=[LogFact(SEPTEMBER, Stage.USE, {"en": "In use."}, {})])
    assert said not in blocks(english(replace(FACTS, topics=[used])), "Logbook: from need to effect")


def test_an_empty_tandem_gives_a_report_that_says_so():
    empty = TandemFacts({"en": "T"}, {}, State.PROPOSED, is_example=False, reporter="hamm", names={})
    report = english(empty)
    assert blocks(report, "Costs") == [Paragraph("Nothing is recorded about this.")]
    assert blocks(report, "What is missing") == [Paragraph("Nothing that was due in this period is missing.")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sections_and_columns(language: str):
    report = make_report(FACTS, period=YEAR, language=language, as_of=AS_OF)
    tables = [block for section in report.sections for block in section.blocks if isinstance(block, Table)]
    assert len(report.sections) == 9
    assert len(tables) == 7
    for table in tables:
        assert {len(row) for row in (*table.rows, table.heads, table.widths)} == {len(table.heads)}
    assert set(WORDS[language].states) == set(State)
    assert set(WORDS[language].stages) == set(Stage)
    assert set(WORDS[language].verdicts) == set(Verdict)


def test_another_language_and_a_wrong_period_are_refused():
    with pytest.raises(UnknownReportLanguage, match="de, it, en"):
        make_report(FACTS, period=YEAR, language="fr", as_of=AS_OF)
    with pytest.raises(WrongPeriod):
        Period(date(2024, 1, 1), date(2023, 1, 1))


def test_the_days_of_a_period_are_both_in_it():
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), None]
    assert [YEAR.has(day) for day in days] == [False, True, True, False, False]


def test_control_characters_show_and_do_not_break_a_document():
    assert printable("a\x00b\ud800c\r\nd\u2028e") == "a\ufffdb\ufffdc\nd\ne"

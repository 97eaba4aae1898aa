"""Contributions on paper, typed into a table: good rows are taken, bad ones told by line."""

from datetime import date, datetime

import pytest

from tandem.participation.domain.paper import PaperContribution, read_paper

TODAY = date(2026, 6, 10)


def read(*rows):
    return read_paper(enumerate(rows, start=2), today=TODAY)


def said(done):
    return [
        (each.severity.value, each.code.removeprefix("participation.paper."), each.path)
        for each in done.findings
    ]


@pytest.mark.parametrize(
    "row",
    [
        {
            "Eingegangen am": "1.6.2026",
            "Anregung": "Bäume",
            "Name": "Anna",
            "Länge": "7,82",
            "Breite": "51,68°",
        },
        {
            "Data di arrivo": "01/06/2026",
            "Osservazione": "Bäume",
            "Nome": "Anna",
            "Longitudine": 7.82,
            "Lat.": 51.68,
        },
        {"Received": "2026-06-01", "Text": "Bäume", "Author": "Anna", "lon": "7.82", "lat": "51.68"},
        {
            "date": datetime(2026, 6, 1, 9),
            "contribution": " Bäume ",
            "sender": "Anna",
            "longitude": 7.82,
            "latitude": 51.68,
        },
    ],
)
def test_heads_and_values_in_three_languages(row):
    done = read(row)

    assert done.contributions == [
        PaperContribution(2, "Bäume", date(2026, 6, 1), author="Anna", latitude=51.68, longitude=7.82)
    ]
    assert done.findings == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"text": ""}, "The text is missing."),
        ({"datum": " "}, "The day on which it was received is missing."),
        ({"datum": "31.2.2026"}, "31.2.2026 is no date. Write it as 24.12.2026 or 2026-12-24."),
        ({"datum": "Juni"}, "Juni is no date. Write it as 24.12.2026 or 2026-12-24."),
        ({"datum": "11.6.2026"}, "It cannot have been received on 2026-06-11, which is to come."),
        ({"breite": 51.68}, "A place needs both latitude and longitude."),
        ({"breite": 91, "länge": 7}, "91 is no latitude in degrees."),
        ({"breite": 51, "länge": "seven"}, "seven is no longitude in degrees."),
        ({"breite": "nan", "länge": 7}, "nan is no latitude in degrees."),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_taken(cells, message):
    good = {"datum": "1.6.2026", "text": "Bäume"}

    done = read({**good, **cells}, good)

    assert [each.line for each in done.contributions] == [3]
    assert [(each.code, each.path, str(each.message)) for each in done.findings] == [
        ("participation.paper.bad-row", "line 2", message)
    ]


def test_a_text_typed_twice_is_taken_twice_and_told():
    row = {"datum": date(2026, 6, 1), "text": "Mehr Bäume!"}

    done = read(row, {**row, "text": "mehr baeume"}, {**row, "text": "Bänke"})

    assert [each.line for each in done.contributions] == [2, 3, 4]
    assert said(done) == [("warning", "same-text", "line 3")]


def test_columns_that_are_not_read_are_told_once():
    row = {"datum": "1.6.2026", "text": "x", "Bemerkung": "y"}

    assert said(read(row, {**row, "text": "z"})) == [("info", "column-not-read", "Bemerkung")]

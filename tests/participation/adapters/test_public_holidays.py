"""Public holidays of our cities."""

from datetime import date

import pytest

from tandem.participation.adapters.public_holidays import UnknownRegion, public_holidays
from tandem.participation.domain.period import BAUGB_3_2, Announcement, legal_period

NRW_2026 = {
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 1),
    date(2026, 5, 14),
    date(2026, 5, 25),
    date(2026, 6, 4),
    date(2026, 10, 3),
    date(2026, 11, 1),
    date(2026, 12, 25),
    date(2026, 12, 26),
}


def test_holidays_of_north_rhine_westphalia_are_those_of_its_law():
    found = public_holidays("DE", "NW", [2026])

    assert set(found) == NRW_2026
    assert (found[date(2026, 6, 4)], found[date(2026, 4, 3)]) == ("Fronleichnam", "Karfreitag")


def test_names_do_not_depend_on_the_language_of_the_server(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")

    assert public_holidays("IT", "", [2026])[date(2026, 4, 25)] == "Anniversario della Liberazione"


def test_arezzo_has_its_patron_saint_and_may_add_days_of_its_own():
    found = public_holidays(
        "IT", "AR", [2025, 2026], own={(6, 21): "Giostra", (12, 25): "not over Christmas"}
    )

    assert [day for day in found if day.month in {6, 8}] == [
        date(2025, 6, 2),
        date(2025, 8, 7),
        date(2025, 8, 15),
        date(2026, 6, 2),
        date(2026, 8, 7),
        date(2026, 8, 15),
        date(2025, 6, 21),
        date(2026, 6, 21),
    ]
    assert found[date(2026, 6, 21)] == "Giostra"
    assert found[date(2026, 12, 25)] == "Natale"


@pytest.mark.parametrize("place", [("DE", "XX"), ("ZZ", "")])
def test_an_unknown_place_is_told(place):
    with pytest.raises(UnknownRegion):
        public_holidays(*place, [2026])


def test_a_period_that_would_end_on_corpus_christi_ends_the_day_after():
    holidays = public_holidays("DE", "NW", [2026])

    period = legal_period(BAUGB_3_2, Announcement(date(2026, 5, 4), date(2026, 5, 5), holidays=holidays))

    assert period.last_day == date(2026, 6, 5)

"""A text in several languages as one form field."""

import datetime

import pytest
from django import forms
from django.utils.translation import override

from tandem.kit.forms import DatePartsField, Manners
from tandem.kit.translated import TranslatedTextField


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


class Form(Manners, forms.Form):
    title = TranslatedTextField(required_languages=("de",), label="Titel", max_length=20)
    note = TranslatedTextField(languages=("it", "de"), multiline=True, required=False)
    day = DatePartsField(required=False)


def filled(**values: str) -> Form:
    return Form({"title_de": "Bäume", **values})


def test_texts_come_out_by_language_without_empty_ones():
    form = filled(title_it=" Alberi ", note_it="Riga 1\r\nRiga 2")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == {"de": "Bäume", "it": "Alberi"}
    assert form.cleaned_data["note"] == {"it": "Riga 1\r\nRiga 2"}


def test_nothing_typed_is_an_empty_dict():
    form = filled()

    assert form.is_valid()
    assert form.cleaned_data["note"] == {}


@pytest.mark.parametrize("values", [{"title_de": ""}, {"title_de": " ", "title_it": "Alberi"}])
def test_required_language_is_asked_for(values):
    form = filled(**values)

    assert not form.is_valid()
    assert list(form.errors) == ["title"]


def test_error_names_the_language_that_is_missing():
    assert filled(title_de="", title_it="Alberi").errors["title"] == ["Enter the text in German."]


def test_too_long_a_text_is_refused():
    assert "title" in filled(title_it="x" * 21).errors


@pytest.mark.parametrize("year", ["26", "0926", "9999"])
def test_a_year_has_four_digits_and_days_can_be_added_to_its_days(year: str):
    form = filled(day_day="27", day_month="3", day_year=year)

    assert form.errors["day"] == ["There is no such date. Enter day, month and year, such as 27 3 2026."]
    assert DatePartsField().clean(["27", "3", "2026"]) == datetime.date(2026, 3, 27)


def test_widget_has_a_labelled_control_for_each_language_in_its_language():
    html = str(Form(initial={"title": {"de": "Bäume", "it": "Alberi"}})["title"])

    assert '<label for="id_title_2">Italian <span class="optional">(optional)</span></label>' in html
    assert '<label for="id_title_0">German</label>' in html
    assert html.count('lang="it"') == 1
    assert 'value="Alberi"' in html


def test_typed_texts_are_shown_again_after_an_error():
    html = str(filled(title_de="", title_it="Alberi")["title"])

    assert 'value="Alberi"' in html


def test_change_is_noticed_by_language():
    field = Form().fields["title"]

    assert not field.has_changed({"de": "Bäume", "it": ""}, ["Bäume", "", ""])
    assert field.has_changed({"de": "Bäume"}, ["Bäume", "", "Alberi"])


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        (("27", "3", "2026"), datetime.date(2026, 3, 27)),
        (("01", "12", "1999"), datetime.date(1999, 12, 1)),
        (("", "", ""), None),
    ],
)
def test_date_of_three_parts(parts, date):
    form = filled(**dict(zip(("day_day", "day_month", "day_year"), parts, strict=True)))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date


@pytest.mark.parametrize("parts", [("31", "2", "2026"), ("27", "3", ""), ("a", "3", "2026"), ("1", "1", "0")])
def test_what_is_no_date_is_refused_and_shown_again(parts):
    form = filled(**dict(zip(("day_day", "day_month", "day_year"), parts, strict=True)))

    assert list(form.errors) == ["day"]
    assert f'value="{parts[0]}"' in str(form["day"])

"""Sentences of errors and findings: English for operators, the reader's language on a page."""

import json

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.kit.spoken import in_language, language, spoken

PDF = say(
    "{filename} is {what}, not a text table. Save it as CSV in the program that made it.",
    filename="{0}.csv",
    what=say("a PDF"),
)


@pytest.mark.parametrize(
    ("language", "begins"),
    [("de", "{0}.csv ist ein PDF, keine"), ("it", "{0}.csv è un PDF, non"), ("en", "{0}.csv is a PDF, not")],
)
def test_is_said_in_the_readers_language_values_and_all(language: str, begins: str):
    with override(language):
        assert spoken(PDF).startswith(begins)


def test_survives_being_stored():
    finding = Finding(Severity.ERROR, "test.pdf", "line 1", PDF)
    stored = json.loads(json.dumps(finding.as_dict()))
    again = Finding.from_dict(stored)

    assert (again, stored["message"]) == (finding, str(PDF))
    with override("de"):
        assert spoken(again.message) == spoken(PDF) != str(PDF)


def test_other_texts_stay_as_they_are():
    error = InvalidInput("Made without a template.")

    assert (spoken("{not} a template"), spoken(error.sentence)) == ("{not} a template", str(error))


def test_a_text_of_ours_is_said_in_another_language_than_the_readers():
    with override("it"):
        assert in_language("de", _("Save")) == "Speichern"
        assert language() == "it"

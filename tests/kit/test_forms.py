"""Fields of forms, known to be of a kind."""

import pytest
from django import forms

from tandem.kit.forms import field_of


class Question(forms.Form):
    city = forms.ChoiceField()


def test_what_only_one_kind_has_can_be_set_on_one_form_alone():
    form = Question({"city": "hamm"})
    field_of(form, "city", forms.ChoiceField).choices = [("hamm", "Hamm")]

    assert form.is_valid()
    assert not Question({"city": "hamm"}).is_valid()


def test_another_kind_is_a_mistake_that_shows():
    with pytest.raises(TypeError, match=r"Question\.city is a ChoiceField, no DateField\."):
        field_of(Question(), "city", forms.DateField)

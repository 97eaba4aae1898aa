"""The form of an evaluation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.junctions.models import FileVersion, Junction
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.translated import TranslatedTextField


class EvaluationForm(Manners, forms.Form):
    """What a comparison of controllers gave."""

    titles = TranslatedTextField(
        label=_("What was compared"),
        max_length=150,
        help_text=_("For example: before and after, morning peak"),
    )
    results = forms.FileField(
        label=_("Results"), help_text=_("The file that tandem signals compare wrote by --results.")
    )
    report = forms.FileField(
        label=_("Report"),
        required=False,
        help_text=_("The page that it wrote by --report. It is offered as a download."),
    )
    version = forms.ModelChoiceField(
        label=_("Version of the junction file"),
        queryset=FileVersion.objects.none(),
        required=False,
        to_field_name="number",
        empty_label=_("not known"),
    )
    policy = forms.CharField(
        label=_("Policy"),
        required=False,
        max_length=200,
        help_text=_("Whose waiting counts how much, in words or as the name of the policy's file."),
    )
    made_on = DatePartsField(label=_("When it was computed"))

    def __init__(self, junction: Junction, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = field_of(self, "version", forms.ModelChoiceField)
        field.queryset = junction.versions.only("number")
        field.label_from_instance = _number  # type: ignore[method-assign, assignment]


def _number(version: FileVersion) -> str:
    return str(version.number)

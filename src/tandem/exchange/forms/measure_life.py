"""What is asked for beside a measure's card: titles, notes, versions, evidence."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tandem.exchange import labels
from tandem.exchange.domain import semver
from tandem.exchange.forms.measures import LONGEST_TITLE
from tandem.exchange.forms.numbers import decimal_field
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.spoken import spoken
from tandem.kit.translated import TranslatedTextField


class TitleForm(Manners, forms.Form):
    """What to call a new measure."""

    title = TranslatedTextField(
        label=labels.FIELDS["title"],
        max_length=LONGEST_TITLE,
        required=True,
        help_text=_("Such as: A traffic light that sees cyclists. You can change it later."),
    )


class NoteForm(Manners, forms.Form):
    """What the next person should know."""

    note = forms.CharField(
        label=_("Note for the review"),
        help_text=_("It is kept in the history and shown to your colleagues only."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
        required=False,
    )


class SendBackForm(Manners, forms.Form):
    """What is to be changed."""

    note = forms.CharField(
        label=_("What is to be changed"),
        help_text=_("It is kept in the history and shown to your colleagues only."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1_000,
    )


class AloneForm(Manners, forms.Form):
    """Why one person publishes alone."""

    note = forms.CharField(
        label=_("Why you publish it alone"),
        help_text=_("Usually a colleague reads it first. The reason is kept in the history."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
    )


class WithdrawForm(Manners, forms.Form):
    """Why a measure is taken back."""

    reason = TranslatedTextField(
        label=_("Reason"),
        help_text=_("It is shown to everybody who follows the measure's address."),
        multiline=True,
        max_length=1_000,
        required=True,
    )


class AnnounceForm(Manners, forms.Form):
    """What everybody may know of a measure that is not ready."""

    announcement = TranslatedTextField(
        label=_("What everybody may know already"),
        help_text=_(
            "One or two sentences. With them the measure stands in the list as one that is being prepared, "
            "and people can watch it. Leave it empty to take it out of the list."
        ),
        multiline=True,
        max_length=1_000,
        required=False,
    )


class ReleaseForm(Manners, forms.Form):
    """The number of a version, and what is new in it."""

    number = forms.CharField(
        label=_("Number"),
        help_text=_(
            "The first number rises when cities have to adopt it anew, the second when something is added, "
            "the third when something is mended."
        ),
        max_length=40,
    )
    changes = TranslatedTextField(
        label=_("What is new"),
        help_text=_("For the cities that adopted the version before."),
        multiline=True,
        max_length=4_000,
        required=True,
    )

    def clean_number(self) -> str:
        """Return the number.

        Raises:
            ValidationError: It is none.
        """
        try:
            return str(semver.parse(self.cleaned_data["number"].strip()))
        except semver.BadVersion as error:
            raise forms.ValidationError(spoken(error.sentence)) from error


class EvidenceForm(Manners, forms.Form):
    """A value of an indicator, or a report.

    Args:
        indicators: Titles by key.
    """

    indicator = forms.ChoiceField(label=_("What of"), required=False)
    on = DatePartsField(label=_("Measured, or written, on"))
    value = decimal_field(_("Value"), decimal_places=6, required=False)
    says = TranslatedTextField(label=_("What was found"), multiline=True, max_length=2_000, required=False)
    address = forms.URLField(
        label=_("Address of the report or the data"), assume_scheme="https", max_length=700, required=False
    )

    def __init__(self, data: Any = None, *, indicators: Mapping[str, str]) -> None:
        super().__init__(data, initial={"indicator": next(iter(indicators), "")})
        report = pgettext_lazy("evidence", "a report, not a value")
        field_of(self, "indicator", forms.ChoiceField).choices = [*indicators.items(), ("", report)]

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: An indicator without a value, a value of nothing, or a report that says nothing.
        """
        values = super().clean() or {}
        indicator, value = values.get("indicator"), values.get("value")
        if indicator and value is None and "value" not in self.errors:
            self.add_error("value", gettext("Enter the value that was measured."))
        if not indicator and value is not None:
            self.add_error(
                "value", gettext("A report has no value. Choose the indicator, or leave it empty.")
            )
        if not indicator and not values.get("says"):
            self.add_error("says", gettext("Say in a sentence what the report found."))
        return values


class FindForm(Manners, forms.Form):
    """Words to find something in our rooms by."""

    q = forms.CharField(label=_("Find data, participation and junctions of ours"), max_length=100)

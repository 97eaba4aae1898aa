"""What is asked for on the way of an adoption: notes, simulations, reasons, bundles."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.exchange.domain.bundle import LIMITS
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.numbers import file_size

LONGEST_REASON = 1_000


class SignOffForm(Manners, forms.Form):
    """That somebody answers for a part as it is shown."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What you checked"),
        help_text=_("For your colleagues. The partner does not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        required=False,
    )


class SimulationForm(Manners, forms.Form):
    """Which simulation speaks for a part.

    Args:
        results: URI and title of each.
    """

    result = forms.ChoiceField(label=_("Simulation"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, results: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        field_of(self, "result", forms.ChoiceField).choices = list(results)


class PartsForm(Manners, forms.Form):
    """Parts that may go, or stay away, each by somebody's word.

    Args:
        parts: Key and title of each.
        wording: Label of the field.
    """

    all_optional = True
    parts = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, parts: Sequence[tuple[str, str]], wording: Any) -> None:
        super().__init__(data)
        field_of(self, "parts", forms.MultipleChoiceField).choices = list(parts)
        self.fields["parts"].label = wording
        if not parts:
            del self.fields["parts"]

    def chosen(self) -> list[str]:
        """Return the keys of the parts that were ticked."""
        return list(self.cleaned_data.get("parts", ()))


class EndForm(PartsForm):
    """Why an adoption ends, or goes its own way, and which changed parts may go."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept here for your colleagues. The partner does not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
    )
    field_order = ("reason", "parts")
    all_optional = False

    def __init__(
        self, data: Any = None, *, parts: Sequence[tuple[str, str]], wording: Any, needs_reason: bool
    ) -> None:
        super().__init__(data, parts=parts, wording=wording)
        self.fields["reason"].required = needs_reason


class BundleForm(Manners, forms.Form):
    """A bundle that somebody brings."""

    file = forms.FileField(
        label=_("Bundle"),
        help_text=_("A ZIP file that the partner gave out."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        """Return the file.

        Raises:
            ValidationError: It is larger than bundles may be.
        """
        file = self.cleaned_data["file"]
        if file.size > LIMITS.archive_bytes:
            most = file_size(LIMITS.archive_bytes)
            raise forms.ValidationError(
                _("It is larger than bundles may be, which is %(most)s."), params={"most": most}
            )
        return file


class OriginSinceForm(Manners, forms.Form):
    """From which day on the origin has the measure."""

    since = DatePartsField(
        label=_("The partner has it since"),
        help_text=_("The first day that counts as after. Leave it empty where nobody knows."),
        required=False,
    )

"""What forms share: their manners, their fields by kind, and dates in three fields."""

import datetime
from typing import Any, ClassVar, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

YEARS = range(1000, 9999)
"""Of four digits: 26 is 2026 to whoever types it. The last one is left out, since days are added to days."""
_Field = TypeVar("_Field", bound=forms.Field)


class Manners:
    """A form whose errors are shown by the page, in the page's language, not by the browser.

    Put it before the form's class: ``class Question(Manners, forms.Form)``.
    """

    use_required_attribute: ClassVar[bool] = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*arguments, **named)


def field_of(form: forms.BaseForm, name: str, kind: type[_Field]) -> _Field:
    """Return a field of a form, known to be of a kind: what only that kind has can be asked of it, and set.

    Raises:
        TypeError: The form's class declares another kind.
    """
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{type(form).__name__}.{name} is a {type(field).__name__}, no {kind.__name__}.")
    return field


class DateParts(forms.MultiWidget):
    """Day, month and year as three fields of digits."""

    template_name = "kit/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput({**digits, "maxlength": 2}),
                "month": forms.TextInput({**digits, "maxlength": 2}),
                "year": forms.TextInput({**digits, "maxlength": 4, "class": "year"}),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        """Return the three parts of a date."""
        return [value.day, value.month, value.year] if isinstance(value, datetime.date) else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the widget's context, each part with its label."""
        context = super().get_context(name, value, attrs)
        labels = (_("Day"), _("Month"), _("Year"))
        context["parts"] = list(zip(labels, context["widget"]["subwidgets"], strict=True))
        return context


class DatePartsField(forms.MultiValueField):
    """A date, asked for as day, month and year."""

    widget = DateParts
    default_error_messages: ClassVar[dict[str, Any]] = {
        "incomplete": _("Enter day, month and year, such as 27 3 2026."),
        "invalid": _("There is no such date. Enter day, month and year, such as 27 3 2026."),
    }

    def __init__(self, **named: Any) -> None:
        part = forms.CharField(max_length=4)
        named.setdefault("require_all_fields", False)
        super().__init__(fields=(part, forms.CharField(max_length=4), forms.CharField(max_length=4)), **named)

    def compress(self, data_list: list[str]) -> datetime.date | None:
        """Return the date, or None where all three parts are empty."""
        if not any(data_list):
            return None
        try:
            day, month, year = (int(part) for part in data_list)
            found = datetime.date(year, month, day)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

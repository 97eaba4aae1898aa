"""What is asked for of adopted indicators: how they are measured here, a value, a table of values."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.exchange import indicator_labels
from tandem.exchange.domain.indicator_part import LONGEST_ROLE, LONGEST_TITLE
from tandem.exchange.domain.indicator_values import LONGEST_NOTE, plain
from tandem.exchange.forms.measures import with_others
from tandem.exchange.forms.numbers import decimal_field
from tandem.exchange.models import AdoptedIndicator, IndicatorValue
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.translated import TranslatedTextField

LONGEST_METHOD = 2_000


class IndicatorForm(Manners, forms.Form):
    """What is measured, and how it is done here. The unit stays as it is: values are in it."""

    titles = TranslatedTextField(label=_("What is measured"), max_length=LONGEST_TITLE, required=True)
    methods = TranslatedTextField(
        label=_("How it is measured"), multiline=True, max_length=LONGEST_METHOD, required=False
    )
    target = decimal_field(_("Target"), decimal_places=6, required=False)
    interval = forms.ChoiceField(label=_("How often"), choices=list(indicator_labels.INTERVAL.items()))
    responsible = forms.CharField(
        label=_("Who measures it"),
        max_length=LONGEST_ROLE,
        help_text=_("An office or a role, never a person. It is shown to everybody."),
    )

    def __init__(self, row: AdoptedIndicator, data: Any = None) -> None:
        self.row = row
        super().__init__(data, initial={name: row.fields[name] for name in self.base_fields})

    def values(self) -> dict[str, Any]:
        """Return what was typed, as fields of the indicator; texts of languages that are not asked for stay."""
        given = dict(self.cleaned_data)
        for name in ("titles", "methods"):
            before: Mapping[str, str] = self.row.fields[name]
            asked = field_of(self, name, TranslatedTextField).languages
            given[name] = with_others(before, given[name], asked)
        target = given["target"]
        given["target"] = None if target is None else float(target)
        return given


class ValueForm(Manners, forms.Form):
    """A value on a day."""

    on = DatePartsField(
        label=_("Measured on"), help_text=_("Of a period its last day, such as the last one of the month.")
    )
    value = decimal_field(_("Value"), decimal_places=6, max_digits=20)
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_(
            "What to know about the value, such as a day without a detector. It is shown to everybody."
        ),
    )

    def __init__(self, unit: str, entered: IndicatorValue | None, data: Any = None) -> None:
        known = {name: getattr(entered, name) for name in ("on", "value", "note")} if entered else {}
        if entered:
            known["value"] = Decimal(plain(entered.value))
        super().__init__(data, initial=known)
        if unit:
            self.fields["value"].label = _("Value (%(unit)s)") % {"unit": unit}


class TableForm(Manners, forms.Form):
    """A file with values."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "One line for each day: date; value; note. The names of the columns may stand in the first line. "
            "Dates as 2026-03-27 or 27.3.2026, numbers as 12.5 or 12,5."
        ),
    )
    replace = forms.BooleanField(
        label=_("The file corrects what is known"),
        required=False,
        help_text=_(
            "Without it, a day that has another value already is told as an error, and nothing is taken in."
        ),
    )

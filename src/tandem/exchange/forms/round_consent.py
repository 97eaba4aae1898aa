"""Forms of what cities say in a round: the answer to a proposal, and that one leaves."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.exchange.forms.tandems import not_to_come
from tandem.kit.forms import DatePartsField, Manners, field_of

Choices = list[tuple[str, Any]]


def moment_of(day: date) -> datetime:
    """Return the beginning of a day, in the city's time."""
    return timezone.make_aware(datetime.combine(day, time.min))


AGREES: Choices = [("yes", _("agrees")), ("no", _("declines"))]


class AnswerForm(Manners, forms.Form):
    """What a city answers to a proposal."""

    city = forms.ChoiceField(label=_("City"), widget=forms.RadioSelect)
    agrees = forms.ChoiceField(label=_("Answer"), choices=AGREES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why it declines"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("In one sentence. Only those who run the round see it."),
    )
    said_by = forms.CharField(
        label=_("Who answered for the city"),
        max_length=200,
        help_text=_("The office, rather than a person's name: Council decision, mayor's office."),
    )
    on = DatePartsField(label=_("Answered on"), validators=[not_to_come])

    def __init__(self, *arguments: Any, cities: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "city", forms.ChoiceField).choices = cities

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A city declines and does not say why.
        """
        values = super().clean() or {}
        if values.get("agrees") == "no" and not values.get("reason"):
            self.add_error("reason", gettext("Say why, in one sentence; the next matching needs it."))
        return values

    def answer(self) -> dict[str, Any]:
        """Return what ``services.round_consent.answer`` takes, the city left out."""
        given = self.cleaned_data
        return {
            "agrees": given["agrees"] == "yes",
            "reason": given["reason"] if given["agrees"] == "no" else "",
            "said_by": given["said_by"],
            "at": moment_of(given["on"]),
        }


class RoundLeaveForm(Manners, forms.Form):
    """A city leaves a round."""

    reason = forms.CharField(label=_("Why"), max_length=1_000, widget=forms.Textarea({"rows": 3}))
    on = DatePartsField(label=_("Left on"), validators=[not_to_come])
    let_go = forms.MultipleChoiceField(
        label=_("Tandems that may come out differently"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Tandems stand unless they are let go here: their cities may then find others, or each other again."
        ),
    )

    def __init__(self, *arguments: Any, tandems: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "let_go", forms.MultipleChoiceField).choices = tandems
        if not tandems:
            del self.fields["let_go"]

    def let_go_tandems(self) -> list[tuple[str, ...]]:
        """Return the tandems that may come out differently."""
        return [tuple(each.split(" ")) for each in self.cleaned_data.get("let_go", ())]

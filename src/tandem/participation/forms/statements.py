"""Forms of formal statements and of the plan that they are about."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.translated import TranslatedTextField
from tandem.participation import labels
from tandem.participation.domain.phase_settings import StatementSettings
from tandem.participation.domain.statement import Outcome
from tandem.participation.services.statements import Author, Upload

KINDS = {
    "plan": _("the draft plan"),
    "reasons": _("its reasons"),
    "environment": _("environmental statement"),
    "other": _("other document"),
}
RULES = {
    "de.baugb-3-2": _("Germany: BauGB § 3(2), one month and at least 30 days"),
    "it.l1150-1942-9": _("Italy: law 1150/1942, Art. 9, 30 days of deposit and 30 of observations"),
    "it.regional": _("Italy: by a law of the region"),
}
OUTCOMES = {
    Outcome.FOLLOWED: _("followed"),
    Outcome.PARTLY_FOLLOWED: _("followed in part"),
    Outcome.NOT_FOLLOWED: _("not followed"),
    Outcome.NOTED: _("noted"),
    Outcome.OUTSIDE: _("not a matter of this plan"),
    Outcome.LEFT_OUT_LATE: _("left out of account, because it came late"),
}


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files that were sent."""
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in sent]


def uploads_of(files: Sequence[Any]) -> list[Upload]:
    """Return what was uploaded, as the services take it."""
    return [Upload(each.name, each.read()) for each in files]


class StatementForm(Manners, forms.Form):
    """What somebody has to say about a plan, and how to reach them."""

    text = forms.CharField(
        label=_("Your statement"),
        required=False,
        strip=False,
        max_length=200_000,
        widget=forms.Textarea({"rows": 12}),
    )
    attachments = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("PDF, JPEG, PNG, DOCX or ZIP; ten at the most, 20 MB each."),
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=150, widget=forms.TextInput({"autocomplete": "name"})
    )
    address = forms.CharField(
        label=_("Your address"), required=False, max_length=400,
        widget=forms.Textarea({"rows": 3, "autocomplete": "street-address"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your e-mail address"), required=False, widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("For the receipt and for our answer. Without a name and an address we cannot answer you."),
    )  # fmt: skip
    organisation = forms.CharField(label=_("Organisation that you speak for"), required=False, max_length=200)
    is_public_body = forms.BooleanField(label=_("It is a public body"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: There is neither a text nor a file, or a public body has no name.
        """
        values = super().clean() or {}
        if not (values.get("text") or "").strip() and not values.get("attachments"):
            self.add_error("text", gettext("Write your statement, or attach it as a file."))
        if values.get("is_public_body") and not values.get("organisation"):
            self.add_error("organisation", gettext("Name the public body."))
        return values

    def author(self) -> Author:
        """Return who makes the statement."""
        names = ("name", "address", "email", "organisation", "is_public_body")
        return Author(**{name: self.cleaned_data[name] for name in names})


class PaperStatementForm(StatementForm):
    """A statement that came on paper, by telephone, by mail or at the counter."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(each, labels.CHANNEL[each]) for each in ("paper", "mail", "counter", "phone")],
    )
    received_on = DatePartsField(label=_("Day of the stamp"))
    field_order = ("channel", "received_on", "text", "attachments", "name", "address", "email")


class PeriodForm(Manners, forms.Form):
    """By which rule and from which day a plan is published."""

    rule = forms.ChoiceField(label=_("Rule"), choices=list(RULES.items()), widget=forms.RadioSelect)
    announced_on = DatePartsField(label=_("Announced on"))
    starts_on = DatePartsField(
        label=_("First day"), required=False, help_text=_("Empty: the first day that the rule allows.")
    )
    notice_days = forms.IntegerField(
        label=_("Days between announcement and beginning, at least"), min_value=0, max_value=60
    )
    at_least_until = DatePartsField(label=_("Longer, until at least"), required=False)
    cause = forms.CharField(label=_("The good cause for it"), required=False, max_length=300)
    region = forms.CharField(
        label=_("Region whose holidays count"), required=False, max_length=3,
        help_text=_("ISO 3166-2 without the country: NW, AR. Empty for national holidays only."),
    )  # fmt: skip
    deposit_days = forms.IntegerField(
        label=_("By a law of the region: days of deposit"), min_value=1, max_value=365
    )
    observation_days = forms.IntegerField(
        label=_("By a law of the region: days of observations"), min_value=0, max_value=365
    )
    basis = forms.CharField(label=_("That law"), required=False, max_length=200)
    access = TranslatedTextField(
        label=_("Where the documents can be seen otherwise"), multiline=True, required=False,
        help_text=_("The law asks for an easy way besides the Internet: an office with its hours, a terminal."),
    )  # fmt: skip
    environment = TranslatedTextField(
        label=_("Which kinds of environmental information there are"), multiline=True, required=False
    )
    receipt_prefix = forms.RegexField(
        r"^[A-Za-z0-9]*$",
        label=_("What receipt numbers begin with"),
        required=False,
        max_length=8,
        help_text=_("Letters and digits."),
    )

    def settings(self) -> StatementSettings:
        """Return the settings."""
        given = {
            name: (value.isoformat() if isinstance(value, date) else value)
            or ("" if value is None else value)
            for name, value in self.cleaned_data.items()
        }
        return StatementSettings.from_json({**given, "prefix": given["receipt_prefix"].upper()})


def period_initial(settings: StatementSettings) -> dict[str, Any]:
    """Return what the form begins with."""
    values = settings.as_json()
    days = ("announced_on", "starts_on", "at_least_until")
    values["receipt_prefix"] = values["prefix"]
    return {**values, **{name: date.fromisoformat(values[name]) if values[name] else None for name in days}}


class DocumentForm(Manners, forms.Form):
    """A document of the plan, or a new version of one."""

    file = forms.FileField(label=_("File"))
    kind = forms.ChoiceField(label=_("What it is"), choices=list(KINDS.items()))
    titles = TranslatedTextField(label=_("Title"), max_length=150)
    key = forms.ChoiceField(label=_("A new version of"), required=False)

    def __init__(self, *arguments: Any, known: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "key", forms.ChoiceField).choices = [
            ("", gettext("none: it is a new document")),
            *known,
        ]


class WeighForm(Manners, forms.Form):
    """What is proposed for a segment."""

    outcome = forms.ChoiceField(label=_("Proposal"), choices=list(OUTCOMES.items()))
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea({"rows": 4}))


class DecisionForm(Manners, forms.Form):
    """What the council decided."""

    body = forms.CharField(
        label=_("Who decided"), max_length=120, help_text=_("For example: Council of the city")
    )
    decided_on = DatePartsField(label=_("When"))
    resolution = forms.CharField(label=_("Number of the resolution"), required=False, max_length=60)


class ReplyForm(Manners, forms.Form):
    """What the author is told."""

    text = forms.CharField(label=_("Reply"), widget=forms.Textarea({"rows": 16}))
    public = forms.BooleanField(
        label=_("Given by making it open to inspection"),
        required=False,
        help_text=_("For more than 50 equal statements."),
    )


class VerifyForm(Manners, forms.Form):
    """A statement to compare with its receipt."""

    number = forms.CharField(label=_("Number of the receipt"), max_length=40)
    text = forms.CharField(
        label=_("Text as you sent it"), required=False, strip=False, widget=forms.Textarea({"rows": 8})
    )
    attachments = FilesField(label=_("Files as you sent them"), required=False)

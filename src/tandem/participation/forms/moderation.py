"""Forms of moderation, notices, appeals, answers and outcomes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import Manners
from tandem.kit.translated import TranslatedTextField
from tandem.participation import labels
from tandem.participation.domain.following import ContributionStatus
from tandem.participation.domain.moderation import Ground

GROUNDS = {
    Ground.PERSONAL_DATA: _("It shows personal data, such as a telephone number or an address."),
    Ground.INSULT: _("It insults or threatens somebody."),
    Ground.ADVERTISING: _("It is advertising."),
    Ground.OFF_TOPIC: _("It is not about the matter of this process."),
    Ground.REPEATED: _("It says the same as another one of the same author."),
    Ground.UNLAWFUL: _("It breaks the law."),
    Ground.OTHER: _("Another reason"),
}
TEMPLATES = {
    Ground.PERSONAL_DATA: _(
        "What you wrote shows personal data that must not be public. Please send it again without them."
    ),
    Ground.INSULT: _("What you wrote insults or threatens somebody. Please say what you mean without that."),
    Ground.ADVERTISING: _("What you wrote is advertising, which is not allowed here."),
    Ground.OFF_TOPIC: _(
        "What you wrote is not about the matter of this process. Please use our contact form."
    ),
    Ground.REPEATED: _("You have written this already; one of the two stays."),
    Ground.UNLAWFUL: _("What you wrote breaks the law."),
    Ground.OTHER: "",
}


class ReportForm(Manners, forms.Form):
    """Asks what is wrong with something."""

    ground = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=list(GROUNDS.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What should we know?"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 4})
    )


class DecideForm(Manners, forms.Form):
    """Why something is hidden or refused; not needed where it stays."""

    ground = forms.ChoiceField(label=_("Rule"), required=False, choices=[("", "–"), *GROUNDS.items()])
    reasons = forms.CharField(
        label=_("Reasons for the author"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Empty: the usual text of the rule."),
    )


class AppealForm(Manners, forms.Form):
    """Asks why a decision is wrong."""

    text = forms.CharField(
        label=_("Why do you think that the decision is wrong?"),
        max_length=4_000,
        widget=forms.Textarea({"rows": 6}),
    )


class AnswerForm(Manners, forms.Form):
    """The city's answer."""

    status = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[(each.value, labels.STATUS[each]) for each in ContributionStatus if each != "received"],
        widget=forms.RadioSelect,
    )
    texts = TranslatedTextField(
        label=_("Answer"),
        multiline=True,
        required=True,
        help_text=_("{number} and {title} are filled in for each contribution."),
    )
    office = forms.CharField(label=_("Who answers"), max_length=120, help_text=_("An office, not a name."))


class OutcomeForm(Manners, forms.Form):
    """What became of a process."""

    texts = TranslatedTextField(
        label=_("What became of it"),
        multiline=True,
        required=True,
        help_text=_("What was decided, what of the contributions is in it, what happens next."),
    )


def ticked(data: Any) -> list[str]:
    """Return the ids of the contributions that were ticked."""
    return [each for each in data.getlist("contribution") if each]

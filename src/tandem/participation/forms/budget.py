"""Forms of participatory budgets."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import Manners
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.domain.budget.rule import Method
from tandem.participation.domain.phase_settings import VoteSettings
from tandem.participation.services.voting import MOST_CODES

VOTE_TYPES = {
    VoteType.APPROVAL: _("everybody chooses the proposals that they like"),
    VoteType.CHOOSE_ONE: _("everybody chooses one proposal"),
    VoteType.CUMULATIVE: _("everybody gives out points"),
}
METHODS = {
    Method.EQUAL_SHARES: _(
        "Equal shares: everybody has the same part of the money, and supporters pay together"
    ),
    Method.MOST_VOTES: _("The most votes, as long as the money lasts"),
}


def _euros(label: Any, **named: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=13, decimal_places=2, localize=True,
        widget=forms.TextInput({"inputmode": "decimal"}), **named,
    )  # fmt: skip


class VoteSettingsForm(Manners, forms.Form):
    """How a vote is decided. Published before it begins, and not changed after."""

    budget = _euros(_("How many euros there are to spend"))
    vote_type = forms.ChoiceField(
        label=_("How people vote"), choices=list(VOTE_TYPES.items()), widget=forms.RadioSelect
    )
    most_choices = forms.IntegerField(
        label=_("How many proposals one ballot may name"),
        min_value=0, initial=0, help_text=_("0 for any number."),
    )  # fmt: skip
    points = forms.IntegerField(label=_("How many points one ballot gives out"), min_value=1, initial=10)
    method = forms.ChoiceField(
        label=_("How winners are found"), choices=list(METHODS.items()), widget=forms.RadioSelect
    )

    def settings(self) -> dict[str, Any]:
        """Return what is kept with the phase."""
        given = self.cleaned_data
        return VoteSettings(
            budget_cents=int(given["budget"] * 100),
            **{name: given[name] for name in ("vote_type", "most_choices", "points", "method")},
        ).as_json()


def vote_initial(kept: VoteSettings) -> dict[str, Any]:
    """Return what the form begins with."""
    return {**kept.as_json(), "budget": Decimal(kept.budget_cents) / 100}


class CheckForm(Manners, forms.Form):
    """What the office found about a proposal."""

    feasible = forms.TypedChoiceField(
        label=_("Can it be done?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    cost = _euros(_("What it costs, in euros"), required=False)
    note = forms.CharField(
        label=_("What you found"),
        widget=forms.Textarea({"rows": 5}),
        required=False,
        help_text=_("Everybody can read it. Where it cannot be done, say why and what could."),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A cost or a reason is missing.
        """
        values = super().clean() or {}
        if values.get("feasible") and not values.get("cost"):
            self.add_error("cost", gettext("Say what it costs."))
        if values.get("feasible") is False and not values.get("note"):
            self.add_error("note", gettext("Say why it cannot be done."))
        return values


class CodeForm(Manners, forms.Form):
    """Asks for the code from a letter."""

    voting_code = forms.CharField(
        label=_("Code from your letter"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Twelve characters such as 2345-6789-ABC3. Capitals and lines between do not matter."),
    )


class CodesForm(Manners, forms.Form):
    """How many codes for letters are to be made."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=MOST_CODES)
    batch = forms.SlugField(
        label=_("For which letters"), max_length=60, help_text=_("For example: district-north")
    )


class PaperBallotForm(Manners, forms.Form):
    """A ballot that came on paper."""

    sheet = forms.CharField(label=_("Number of the paper ballot"), max_length=40)
    choices = forms.CharField(
        label=_("Numbers of the proposals"),
        max_length=2_000,
        help_text=_("For example: 3 8 12. With points: 3:5 8:5"),
    )
    voting_code = forms.CharField(label=_("Code, if one is on it"), required=False, max_length=40)

"""Forms of participatory budgets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import Manners
from tandem.participation.adapters.letters_pdf import MOST_LETTERS
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.domain.budget.rule import Method
from tandem.participation.domain.check_table import LONGEST_NOTE
from tandem.participation.domain.paper_ballots import LONGEST_SHEET
from tandem.participation.domain.phase_settings import VoteSettings
from tandem.participation.services.voting_codes import MOST_CODES

VOTE_TYPES: Mapping[str, str | Promise] = {
    VoteType.APPROVAL: _("everybody chooses the proposals that they like"),
    VoteType.CHOOSE_ONE: _("everybody chooses one proposal"),
    VoteType.CUMULATIVE: _("everybody gives out points"),
}
METHODS: Mapping[str, str | Promise] = {
    Method.EQUAL_SHARES: _(
        "Equal shares: everybody has the same part of the money, and supporters pay together"
    ),
    Method.GREEDY: _("The most votes for the money, as long as it lasts"),
    Method.MOST_VOTES: _("The most votes, as long as the money lasts"),
}
FILES: Mapping[str, str | Promise] = {
    "xlsx": _("a table for the printer (XLSX)"),
    "csv": _("a table for the printer (CSV)"),
    "pdf": _("letters ready to print (PDF)"),
}
_RULE_NAMES = ("vote_type", "most_choices", "points", "method", "add_one", "completion", "codes_per_hour")


def _euros(label: Any, **named: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=13, decimal_places=2, localize=True,
        widget=forms.TextInput({"inputmode": "decimal"}), **named,
    )  # fmt: skip


def _whole(label: Any, least: int, most: int, **named: Any) -> forms.IntegerField:
    widget = forms.TextInput({"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **named)


class VoteSettingsForm(Manners, forms.Form):
    """How a vote is decided. Published before it begins, and not changed after."""

    budget = _euros(_("How many euros there are to spend"))
    vote_type = forms.ChoiceField(
        label=_("How people vote"), choices=list(VOTE_TYPES.items()), widget=forms.RadioSelect
    )
    most_choices = _whole(
        _("How many proposals one ballot may name"), 0, 1_000, initial=0, help_text=_("0 for any number.")
    )
    points = _whole(_("How many points one ballot gives out"), 1, 1_000, initial=10)
    method = forms.ChoiceField(
        label=_("How winners are found"), choices=list(METHODS.items()), widget=forms.RadioSelect
    )
    add_one = forms.BooleanField(
        label=_("Raise everybody's share step by step while money is left"),
        required=False,
        help_text=_("With equal shares only. Without it much of the money can stay unspent."),
    )
    completion = forms.BooleanField(
        label=_("Spend what is left then on the proposals with the most votes"),
        required=False,
        help_text=_("With equal shares only."),
    )
    codes_per_hour = _whole(_("How many wrong codes one browser may try within an hour"), 3, 100, initial=10)

    def clean_budget(self) -> Decimal:
        """Return the budget.

        Raises:
            ValidationError: It is nothing.
        """
        budget: Decimal = self.cleaned_data["budget"]
        if not budget:
            raise forms.ValidationError(gettext("Say how much there is to spend."))
        return budget

    def settings(self) -> dict[str, Any]:
        """Return what is kept with the phase."""
        given = self.cleaned_data
        return VoteSettings(
            budget_cents=int(given["budget"] * 100), **{name: given[name] for name in _RULE_NAMES}
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
        max_length=LONGEST_NOTE,
        help_text=_("Everybody can read it. Where it cannot be done, say why and what could."),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A cost or a reason is missing.
        """
        values = super().clean() or {}
        if values.get("feasible") and "cost" in values and not values["cost"]:
            self.add_error("cost", gettext("Say what it costs."))
        if values.get("feasible") is False and not values.get("note"):
            self.add_error("note", gettext("Say why it cannot be done."))
        return values

    def values(self) -> dict[str, Any]:
        """Return what is kept with the proposal: no cost where it cannot be done."""
        given = self.cleaned_data
        cost = int(given["cost"] * 100) if given["feasible"] and given["cost"] is not None else None
        return {"feasible": given["feasible"], "cost_cents": cost, "note": given["note"]}


def check_initial(feasible: bool | None, cost_cents: int | None, note: str) -> dict[str, Any]:
    """Return what the form begins with."""
    return {
        "feasible": {None: "", True: "yes", False: "no"}[feasible],
        "cost": Decimal(cost_cents) / 100 if cost_cents is not None else None,
        "note": note,
    }


class CheckTableForm(Manners, forms.Form):
    """A table with what the office found about many proposals."""

    file = forms.FileField(
        label=_("Filled table"),
        help_text=_("XLSX or CSV with the columns number, feasible (yes or no), cost and note."),
    )


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
    """How many codes for letters are to be made, and as which file."""

    count = _whole(_("How many codes"), 1, MOST_CODES)
    batch = forms.SlugField(
        label=_("For which letters"), max_length=60, help_text=_("For example: district-north")
    )
    kind = forms.ChoiceField(
        label=_("As which file"), choices=list(FILES.items()), initial="xlsx", widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: There are more letters than one file can hold.
        """
        values = super().clean() or {}
        if values.get("kind") == "pdf" and values.get("count", 0) > MOST_LETTERS:
            text = gettext("A file holds %(most)s letters at the most. Make several, or take a table.")
            self.add_error("count", text % {"most": MOST_LETTERS})
        return values


class PaperBallotForm(Manners, forms.Form):
    """A ballot that came on paper."""

    sheet = forms.CharField(label=_("Number of the paper ballot"), max_length=LONGEST_SHEET)
    choices = forms.CharField(
        label=_("Numbers of the proposals"),
        max_length=2_000,
        help_text=_("For example: 3 8 12. With points: 3:5 8:5"),
    )
    voting_code = forms.CharField(label=_("Code, if one is on it"), required=False, max_length=40)


class PaperTableForm(Manners, forms.Form):
    """A table with many ballots that came on paper."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("XLSX or CSV with the columns ballot, proposals (3 8 12, with points 3:5 8:5) and code."),
    )

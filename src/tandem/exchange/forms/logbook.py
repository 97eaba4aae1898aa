"""Forms of what happened in a tandem: the logbook, decisions, costs, and the report of them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.references import Reference
from tandem.core.text import pick
from tandem.exchange import tandem_labels as labels
from tandem.exchange.domain.logbook import Stage, Verdict
from tandem.exchange.forms.numbers import decimal_field
from tandem.exchange.forms.tandems import NOTHING, OTHER, Choices, city_choices, not_to_come
from tandem.exchange.models import Decision, LogEntry, TandemMember
from tandem.exchange.models.tandems import TandemCost
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.spoken import language
from tandem.kit.translated import TranslatedTextField


class Referring(forms.Form):
    """The part of a form that refers to something here, or at an address elsewhere."""

    refers_to = forms.ChoiceField(label=_("About"))
    address = forms.URLField(
        label=_("Address elsewhere"), required=False, max_length=700, assume_scheme="https"
    )
    address_title = forms.CharField(label=_("What is found there"), required=False, max_length=200)

    def offer(self, offered: Sequence[Reference], *, kept: Mapping[str, Any] | None, nothing: bool) -> None:
        """Let the form offer things to refer to.

        Args:
            kept: What is referred to already, as values of ``Reference``.
            nothing: Whether it may refer to nothing.
        """
        self.offered = {each.uri: each for each in offered}
        if kept and kept["kind"] != OTHER:
            self.offered.setdefault(kept["uri"], Reference(**kept))
        choices: Choices = [(uri, each.title(language())) for uri, each in self.offered.items()]
        first: Choices = [(NOTHING, _("nothing in particular"))] if nothing else []
        field = field_of(self, "refers_to", forms.ChoiceField)
        field.choices = [*first, *choices, (OTHER, _("an address elsewhere"))]
        field.required = not nothing

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: An address elsewhere is not given, or not said what it is.
        """
        values = super().clean() or {}
        if values.get("refers_to") == OTHER:
            for name in ("address", "address_title"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Needed for an address elsewhere."))
        return values

    def reference(self) -> Reference | None:
        """Return what is referred to, if anything."""
        return self.chosen() if self.cleaned_data["refers_to"] else None

    def chosen(self) -> Reference:
        """Return what is referred to, in a form that has to refer to something."""
        given = self.cleaned_data
        if given["refers_to"] == OTHER:
            title = {language(): given["address_title"]}
            return Reference(given["address"], OTHER, title, given["address"])
        return self.offered[given["refers_to"]]


def reference_initial(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the form begins with for something that is referred to."""
    if not kept:
        return {}
    if kept["kind"] == OTHER:
        title = pick(kept["titles"], language())
        return {"refers_to": OTHER, "address": kept["uri"], "address_title": title}
    return {"refers_to": kept["uri"]}


class EntryForm(Manners, Referring):
    """An entry of the logbook."""

    on = DatePartsField(label=_("Day"), validators=[not_to_come])
    stage = forms.ChoiceField(
        label=_("Stage of the logbook"), choices=[(each.value, labels.STAGE[each]) for each in Stage]
    )
    texts = TranslatedTextField(required=True, label=_("What happened"), multiline=True)
    field_order = ("on", "stage", "texts", "refers_to", "address", "address_title")


def entry_initial(entry: LogEntry) -> dict[str, Any]:
    """Return what the form begins with for an entry."""
    own = {name: getattr(entry, name) for name in ("on", "stage", "texts")}
    return {**own, **reference_initial(entry.reference)}


class DecisionForm(Manners, Referring):
    """What a city decided about a measure."""

    city = forms.ChoiceField(label=_("City"))
    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[(each.value, labels.VERDICT[each]) for each in Verdict],
        widget=forms.RadioSelect,
    )
    reasons = TranslatedTextField(required=True, label=_("Why"), multiline=True)
    on = DatePartsField(label=_("Decided on"), validators=[not_to_come])
    field_order = ("city", "refers_to", "address", "address_title", "verdict", "reasons", "on")

    def __init__(self, *arguments: Any, members: Iterable[TandemMember], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "city", forms.ChoiceField).choices = city_choices(members)
        self.fields["refers_to"].label = _("Measure")


def decision_initial(decision: Decision) -> dict[str, Any]:
    """Return what the form begins with for a decision."""
    own = {name: getattr(decision, name) for name in ("city", "verdict", "reasons", "on")}
    return {**own, **reference_initial(decision.measure)}


class CostForm(Manners, forms.Form):
    """What something cost a city."""

    city = forms.ChoiceField(label=_("City"))
    on = DatePartsField(label=_("Day"), validators=[not_to_come])
    titles = TranslatedTextField(required=True, label=_("For what"), max_length=200)
    amount = decimal_field(_("Amount in euros"), decimal_places=2, max_digits=12, min_value=0)

    def __init__(self, *arguments: Any, members: Iterable[TandemMember], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "city", forms.ChoiceField).choices = city_choices(members)

    def values(self) -> dict[str, Any]:
        """Return what ``services.logbook.set_cost`` takes."""
        given = self.cleaned_data
        own = {name: given[name] for name in ("city", "on", "titles")}
        return {**own, "cents": int(given["amount"] * 100)}


def cost_initial(cost: TandemCost) -> dict[str, Any]:
    """Return what the form begins with for a cost."""
    own = {name: getattr(cost, name) for name in ("city", "on", "titles")}
    return {**own, "amount": Decimal(cost.cents) / 100}


# --- the report for whoever pays ------------------------------------------------------------------
LANGUAGES = (("de", _("German")), ("it", _("Italian")), ("en", _("English")))


class FunderReportForm(Manners, forms.Form):
    """Which days a report is about, its language, and the day that stands in it."""

    first = DatePartsField(label=_("First day"))
    last = DatePartsField(label=_("Last day"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    as_of = DatePartsField(
        label=_("Day of the report"),
        help_text=_(
            "It stands in the report. With the same days and records, the file is the same byte for byte."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: The last day is before the first.
        """
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", gettext("The last day is before the first."))
        return values

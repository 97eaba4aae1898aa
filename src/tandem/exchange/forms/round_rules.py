"""Forms of what a round goes by: how cities are compared, which are together, and which do not want each other."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.exchange.forms.numbers import whole_field
from tandem.exchange.models import Round
from tandem.kit.forms import Manners, field_of

Choices = list[tuple[str, Any]]


def _percent(label: Any, hint: Any) -> forms.IntegerField:
    return whole_field(label, min_value=0, max_value=99, help_text=hint)


class RulesForm(Manners, forms.Form):
    """By what cities are compared."""

    different_countries = forms.BooleanField(
        label=_("Partners come from different countries"), required=False
    )
    size_percent = _percent(
        _("Lost at most where one city is much larger, in per cent"), _("0 if the size does not matter.")
    )
    kind_percent = _percent(
        _("Lost at most where one city is urban and the other rural, in per cent"),
        _("0 if it does not matter. Size and kind together take away less than 100."),
    )
    one_sided_percent = _percent(
        _("How much a pair counts in which one city gains more, in per cent"),
        _(
            "0: a pair in which only one city gains is none. Otherwise this part of the score is the plain mean."
        ),
    )
    largest = whole_field(
        _("How many cities a tandem may have"),
        min_value=2,
        max_value=12,
        help_text=_("A city without a partner may be proposed to a pair as a third."),
    )
    word = forms.CharField(
        label=_("Word for the lots"),
        required=False,
        max_length=100,
        help_text=_(
            "Equally good results are decided by lots drawn with it. Make it known before cities apply."
        ),
    )
    time_limit_s = whole_field(
        _("Time for the choice, in seconds"),
        min_value=1,
        max_value=300,
        help_text=_("After it, the best choice so far is taken and said to be just that."),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: Size and kind leave nothing of the score.
        """
        values = super().clean() or {}
        if (values.get("size_percent") or 0) + (values.get("kind_percent") or 0) >= 100:
            self.add_error(
                "kind_percent", gettext("Size and kind together must leave something of the score.")
            )
        return values


def rules_initial(row: Round) -> dict[str, Any]:
    """Return what the form begins with for a round."""
    return {**row.rules, "time_limit_s": int(row.rules["time_limit_s"])}


class PairForm(Manners, forms.Form):
    """Two cities of a round; with ``third`` up to three."""

    one = forms.ChoiceField(label=_("City"))
    other = forms.ChoiceField(label=_("Other city"))
    third = forms.ChoiceField(label=_("Third city"), required=False)

    def __init__(self, *arguments: Any, cities: Choices, third: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("one", "other", "third"):
            field_of(self, name, forms.ChoiceField).choices = [("", _("choose")), *cities]
        if not third:
            del self.fields["third"]

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: A city is chosen twice.
        """
        values = super().clean() or {}
        chosen = [values[name] for name in ("one", "other", "third") if values.get(name)]
        if len(set(chosen)) < len(chosen):
            self.add_error("other", gettext("Choose different cities."))
        return values

    def cities(self) -> tuple[str, ...]:
        """Return the cities that were chosen."""
        return tuple(value for name in ("one", "other", "third") if (value := self.cleaned_data.get(name)))


class NoGoForm(PairForm):
    """A city that another one does not want, and why."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("Only those who run the round see it."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["other"].label = _("Does not want")


def cities_as_choices(pairs: Iterable[tuple[str, str]]) -> Choices:
    """Return cities, as ids and names, to choose from; of two with one name the id tells them apart."""
    known = list(pairs)
    times = Counter(name for _city, name in known)
    return [(city, name if times[name] == 1 else f"{name} ({city})") for city, name in known]

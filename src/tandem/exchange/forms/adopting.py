"""What is asked for when a measure is adopted: the inputs of its parts, as forms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.core.findings import Finding, Severity
from tandem.core.parts import Input, InputKind
from tandem.core.text import pick
from tandem.exchange.domain.inputs import offered
from tandem.exchange.domain.merge import Side, tokens
from tandem.exchange.domain.updating import Choices
from tandem.kit.forms import DatePartsField, Manners
from tandem.kit.spoken import spoken

LONGEST_INPUT = 2_000
_PLACE = "inputs#"
SIDES = ((Side.OURS, _("Keep ours")), (Side.THEIRS, _("Take theirs")))


class InputsForm(Manners, forms.Form):
    """The inputs of a measure and its parts. What is empty is said by the plan, not by the form.

    Args:
        inputs: What is asked for.
        known: What the fields begin with, as JSON values by key, before the city's profile and the defaults.
    """

    all_optional = True

    def __init__(
        self,
        data: Any = None,
        *,
        inputs: Sequence[Input],
        profile: Mapping[str, Any],
        language: str,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.inputs = {each.key: each for each in inputs}
        for each in self.inputs.values():
            begins = (known or {}).get(each.key, offered(each, profile))
            self.fields[name_of(each.key)] = _field(each, begins, language)

    def given(self) -> dict[str, Any]:
        """Return what was filled in and will do, as JSON values by key."""
        values = {key: self.cleaned_data.get(name_of(key)) for key in self.inputs} if self.is_bound else {}
        return {key: _as_json(value) for key, value in values.items() if value not in (None, "")}

    def blame(self, findings: Iterable[Finding]) -> list[Finding]:
        """Say at its field what is wrong with each input; return the findings that are about no field.

        What is only asked for by a part that is left out stays in its field, and is no fault.
        """
        others = []
        for each in findings:
            key = (tokens(each.path.removeprefix(_PLACE)) or [""])[0] if each.path.startswith(_PLACE) else ""
            if key not in self.inputs:
                others.append(each)
            elif self.is_bound and each.severity is Severity.ERROR and name_of(key) not in self.errors:
                self.add_error(name_of(key), spoken(each.message))
        return others


def name_of(key: str) -> str:
    """Return the name of the field of an input."""
    return f"input-{key}"


def _field(each: Input, begins: Any, language: str) -> forms.Field:
    label = pick(each.titles, language, default=each.key)
    shared: dict[str, Any] = {
        "label": f"{label} ({each.unit})" if each.unit else label,
        "help_text": pick(each.hints, language),
        "required": False,
        "initial": begins,
    }
    match each.kind:
        case InputKind.INTEGER:
            return forms.IntegerField(**shared, **_limits(each), widget=_digits("numeric"), localize=True)
        case InputKind.DECIMAL:
            return forms.FloatField(**shared, **_limits(each), widget=_digits("decimal"), localize=True)
        case InputKind.DATE:
            day = date.fromisoformat(begins) if isinstance(begins, str) and begins else None
            return DatePartsField(**{**shared, "initial": day})
        case InputKind.CHOICE:
            options = [
                (value, pick(titles, language, default=value)) for value, titles in each.choices.items()
            ]
            return forms.ChoiceField(**shared, choices=options, widget=forms.RadioSelect)
        case InputKind.BOOLEAN:
            return forms.BooleanField(**shared)
    return forms.CharField(**shared, max_length=LONGEST_INPUT)


def _limits(each: Input) -> dict[str, Any]:
    return {"min_value": each.least, "max_value": each.most}


def _digits(mode: str) -> forms.TextInput:
    return forms.TextInput({"inputmode": mode, "autocomplete": "off"})


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


# --- an update ------------------------------------------------------------------------------------
class ChoicesForm(Manners, forms.Form):
    """A choice between ours and theirs for each place that both sides changed.

    Args:
        places: Key of the part, path of the conflict, what it is called, what it begins with.
    """

    all_optional = True

    def __init__(self, data: Any = None, *, places: Sequence[tuple[str, str, str, str]]) -> None:
        super().__init__(data)
        self.places = {choice_name(key, path): (key, path) for key, path, _label, _begins in places}
        for key, path, label, begins in places:
            self.fields[choice_name(key, path)] = forms.ChoiceField(
                label=label, choices=SIDES, widget=forms.RadioSelect, required=False, initial=begins or None
            )

    def choices(self) -> Choices:
        """Return what was chosen, by part and path."""
        found: dict[str, dict[str, Side]] = {}
        for name, (key, path) in self.places.items():
            if self.is_bound and (side := self.cleaned_data.get(name)):
                found.setdefault(key, {})[path] = Side(side)
        return found


def choice_name(key: str, path: str) -> str:
    """Return the name of the field of a conflict, whatever stands in its path.

    >>> choice_name("catalogue/trees", "/titles/de") == choice_name("catalogue/trees", "/titles/de")
    True
    """
    return f"choice-{sha256(f'{key}#{path}'.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"

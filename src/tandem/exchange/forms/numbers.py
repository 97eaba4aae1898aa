"""Fields of numbers: typed as people write them in the page's language."""

from typing import Any

from django import forms


def whole_field(label: Any, **named: Any) -> forms.IntegerField:
    """Return a field of a whole number."""
    return forms.IntegerField(label=label, widget=_digits("numeric"), **named)


def decimal_field(
    label: Any, *, decimal_places: int, max_digits: int = 19, **named: Any
) -> forms.DecimalField:
    """Return a field of a number with decimals.

    Args:
        max_digits: Those behind the separator included; 13 before six are as much as evidence may be.
    """
    return forms.DecimalField(
        label=label,
        decimal_places=decimal_places,
        max_digits=max_digits,
        localize=True,
        widget=_digits("decimal"),
        **named,
    )


def _digits(mode: str) -> forms.TextInput:
    return forms.TextInput({"inputmode": mode, "autocomplete": "off"})

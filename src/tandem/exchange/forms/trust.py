"""What is asked before a key is trusted or revoked, and what to believe of a feed that was stopped."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.errors import InvalidInput
from tandem.exchange import trust_labels as labels
from tandem.exchange.adapters import signing
from tandem.kit.forms import Manners
from tandem.kit.spoken import spoken

TYPED = 12
_WHY = _("It is kept in the audit trail. Do not name people.")


class PinForm(Manners, forms.Form):
    """The end of a fingerprint, as the partner reads it out.

    Args:
        fingerprint: Of the key that waits to be compared.
    """

    how = forms.ChoiceField(
        label=_("How you compare"), choices=list(labels.HOW.items()), widget=forms.RadioSelect
    )
    typed = forms.CharField(
        label=_("The last three groups, as the partner reads them out"),
        help_text=_("Twelve digits and letters from a to f. Spaces do not matter."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, data: Any = None, *, fingerprint: str) -> None:
        super().__init__(data)
        self._end = fingerprint[-TYPED:]

    def clean_typed(self) -> str:
        """Return what was typed.

        Raises:
            ValidationError: It is not what the key ends with.
        """
        typed = re.sub(r"[\s:-]", "", self.cleaned_data["typed"]).lower()
        if not re.fullmatch(r"[0-9a-f]{12}", typed):
            raise forms.ValidationError(gettext("Enter twelve characters: digits, and letters from a to f."))
        if typed != self._end:
            raise forms.ValidationError(
                gettext(
                    "The key here does not end so. Let the partner read it out once more. If it stays different, "
                    "somebody may have put another key in its place: do not pin it, and tell your administrator."
                )
            )
        return typed


class RevokeForm(Manners, forms.Form):
    """Why a key counts for nothing any more."""

    reason = forms.CharField(
        label=_("Why"), help_text=_WHY, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class KeyForm(Manners, forms.Form):
    """A partner's public key, or its fingerprint."""

    key = forms.CharField(
        label=_("Public key, or its fingerprint"),
        help_text=_("A text that begins with -----BEGIN PUBLIC KEY-----, or 64 digits and letters."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def clean_key(self) -> str:
        """Return the key's fingerprint.

        Raises:
            ValidationError: It is neither.
        """
        text = self.cleaned_data["key"].strip()
        try:
            if "BEGIN" in text:
                return signing.fingerprint_of(signing.public_key_of(text))
            return signing.read_fingerprint(text)
        except InvalidInput as error:
            raise forms.ValidationError(spoken(error.sentence)) from error


class DecideForm(Manners, forms.Form):
    """What to believe of a feed that was stopped, and why."""

    decision = forms.ChoiceField(
        label=_("What to do"), choices=list(labels.DECISIONS.items()), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("What you found out"),
        help_text=_WHY,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

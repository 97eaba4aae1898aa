"""Forms of those who take part."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import Manners


class AddressForm(Manners, forms.Form):
    """Asks for an e-mail address, to take part without an account."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send you a link. Your address is never shown; others see a pseudonym."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class NameForm(Manners, forms.Form):
    """Asks what others see, and how often to write."""

    name = forms.CharField(
        label=_("Name that others see"),
        required=False,
        max_length=60,
        help_text=_(
            "Leave it empty to stay with your pseudonym. What you have written already keeps its name."
        ),
    )
    digest = forms.ChoiceField(
        label=_("Mail about projects that you follow"),
        choices=[
            ("daily", _("once a day, if there is news")),
            ("weekly", _("once a week, if there is news")),
            ("none", _("never")),
        ],
    )

"""Forms of the opinion map."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import Manners
from tandem.participation.domain.phase_settings import OpinionSettings


class PollStatementForm(Manners, forms.Form):
    """Asks for a short statement."""

    text = forms.CharField(label=_("Your statement"), widget=forms.Textarea({"rows": 2}))

    def __init__(self, *arguments: Any, longest: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["text"].help_text = _(
            "One thought that one can agree with or not, in %(most)s characters."
        ) % {"most": longest}


class OpinionSettingsForm(Manners, forms.Form):
    """What can be set in an opinion map."""

    admit_first = forms.BooleanField(
        label=_("New statements wait until somebody admits them"), required=False
    )
    longest_text = forms.IntegerField(
        label=_("Longest statement, in characters"), min_value=40, max_value=300
    )
    smallest_group = forms.IntegerField(
        label=_("Smallest group that is described, in people"), min_value=3, max_value=100
    )

    def settings(self) -> dict[str, Any]:
        """Return what is kept with the phase."""
        return OpinionSettings(**self.cleaned_data).as_json()


class PolisForm(Manners, forms.Form):
    """Files of a Polis export."""

    comments = forms.FileField(label=_("comments.csv"))
    votes = forms.FileField(label=_("votes.csv"), required=False)

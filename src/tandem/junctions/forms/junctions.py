"""Forms of the register and of junction files."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.junctions.models import Junction
from tandem.kit.forms import Manners
from tandem.kit.translated import TranslatedTextField


class JunctionForm(Manners, forms.Form):
    """What a junction's page says."""

    titles = TranslatedTextField(
        label=_("Name"),
        required=True,
        max_length=120,
        help_text=_("The streets that meet: Market Street / Mill Lane"),
    )
    summaries = TranslatedTextField(
        label=_("In one sentence"),
        max_length=300,
        help_text=_("What is special about its signals. Lists show it."),
    )
    stories = TranslatedTextField(label=_("More about it"), multiline=True, required=False)
    places = TranslatedTextField(label=_("Where it is, in words"), max_length=200, required=False)
    sinces = TranslatedTextField(
        label=_("Since when"), max_length=80, required=False, help_text=_("For example: summer 2023")
    )
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        widget=forms.TextInput,
        localize=True,
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        widget=forms.TextInput,
        localize=True,
    )
    contact_role = forms.CharField(label=_("Office that is responsible"), required=False, max_length=120)
    contact_mail = forms.EmailField(label=_("Its e-mail address"), required=False)
    contact_phone = forms.CharField(label=_("Its telephone number"), required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: Half a coordinate.
        """
        values = super().clean() or {}
        if (values.get("latitude") is None) != (values.get("longitude") is None):
            self.add_error("longitude", gettext("Enter both coordinates, or neither."))
        return values

    def columns(self) -> dict[str, Any]:
        """Return the values by column of ``Junction``."""
        given = self.cleaned_data
        contact = {key: text for key in CONTACT if (text := given[f"contact_{key}"])}
        return {**{name: given[name] for name in COLUMNS}, "contact": contact}


COLUMNS = ("titles", "summaries", "stories", "places", "sinces", "latitude", "longitude")
CONTACT = ("role", "mail", "phone")


def initial_of(junction: Junction) -> dict[str, Any]:
    """Return what the form begins with for a junction."""
    contact = {f"contact_{key}": text for key, text in junction.contact.items()}
    return {**{name: getattr(junction, name) for name in COLUMNS}, **contact}


class FileForm(Manners, forms.Form):
    """A version of a junction file."""

    file = forms.FileField(
        label=_("Junction file"),
        help_text=_("A file in JSON, as tandem signals import writes it and the documentation describes it."),
    )
    policy = forms.FileField(
        label=_("Policy"),
        required=False,
        help_text=_("Whose waiting counts how much, as TOML. It is approved together with the file."),
    )
    note = forms.CharField(
        label=_("What is new in it"), required=False, max_length=500, help_text=_("Kept with the version.")
    )


class ReasonForm(Manners, forms.Form):
    """Why something is done with a version."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Needed to send a file back, to withdraw an approval, and to propose a file with warnings. "
            "It is kept with the version."
        ),
    )

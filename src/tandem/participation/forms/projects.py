"""Forms of projects and what belongs to them."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tandem.core.errors import InvalidInput
from tandem.kit import installation
from tandem.kit.forms import DatePartsField, Manners
from tandem.kit.spoken import spoken
from tandem.kit.translated import TranslatedTextField
from tandem.participation.domain.site import read_site

LARGEST_FILE = 50_000_000
PICTURES = ("image/jpeg", "image/png", "image/webp")


class ProjectForm(Manners, forms.Form):
    """What a project says of itself."""

    titles = TranslatedTextField(label=_("Title"), max_length=120)
    summaries = TranslatedTextField(
        label=_("In one sentence"), max_length=300, help_text=_("What is planned, and where. Lists show it.")
    )
    stories = TranslatedTextField(
        label=_("The whole story"),
        multiline=True,
        required=False,
        help_text=_("Why, what, for whom, what has been decided already and what has not."),
    )
    places = TranslatedTextField(
        label=_("Where it is, in words"),
        max_length=200,
        required=False,
        help_text=_("For everybody who does not use the map: “between the station and the canal”."),
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
    site = forms.CharField(
        label=_("Area as GeoJSON"),
        required=False,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "A geometry in WGS 84, as a geographic information system exports it. Without it the map shows "
            "the point above."
        ),
    )
    begins_on = DatePartsField(label=_("Begins"), required=False)
    ends_on = DatePartsField(label=_("Ends"), required=False)
    contact_role = forms.CharField(label=_("Office that answers questions"), required=False, max_length=120)
    contact_mail = forms.EmailField(label=_("Its e-mail address"), required=False)
    contact_phone = forms.CharField(label=_("Its telephone number"), required=False, max_length=40)

    def clean_site(self) -> dict[str, Any] | None:
        """Return the geometry.

        Raises:
            ValidationError: It is none.
        """
        typed = self.cleaned_data["site"].strip()
        if not typed:
            return None
        try:
            return dict(read_site(json.loads(typed)))
        except ValueError as error:
            raise forms.ValidationError(
                gettext("This is no JSON. Paste the whole text of the file.")
            ) from error
        except InvalidInput as error:
            raise forms.ValidationError(spoken(error.sentence)) from error

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: Half a coordinate, or an end before the beginning.
        """
        values = super().clean() or {}
        if (values.get("latitude") is None) != (values.get("longitude") is None):
            self.add_error("longitude", gettext("Enter both coordinates, or neither."))
        begins, ends = values.get("begins_on"), values.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", gettext("It ends before it begins."))
        return values

    def columns(self) -> dict[str, Any]:
        """Return the values by column of ``Project``."""
        given = self.cleaned_data
        names = (
            "titles",
            "summaries",
            "stories",
            "places",
            "latitude",
            "longitude",
            "site",
            "begins_on",
            "ends_on",
        )
        contact = {
            key: given[f"contact_{key}"] for key in ("role", "mail", "phone") if given[f"contact_{key}"]
        }
        return {**{name: given[name] for name in names}, "contact": contact}


class MilestoneForm(Manners, forms.Form):
    """A milestone."""

    titles = TranslatedTextField(label=_("What happens"), max_length=150)
    texts = TranslatedTextField(label=_("More about it"), multiline=True, required=False)
    on = DatePartsField(label=_("When"))
    precision = forms.ChoiceField(
        label=_("How precise is this?"),
        choices=[("day", _("to the day")), ("month", _("to the month")), ("year", _("to the year"))],
    )
    is_reached = forms.BooleanField(label=_("It is reached"), required=False)


class NewsForm(Manners, forms.Form):
    """A piece of news."""

    titles = TranslatedTextField(label=_("Headline"), max_length=150)
    texts = TranslatedTextField(label=_("Text"), multiline=True)


class FileForm(Manners, forms.Form):
    """A picture or a document."""

    file = forms.FileField(label=_("File"), help_text=_("A picture (JPEG, PNG, WebP) or a document (PDF)."))
    titles = TranslatedTextField(label=_("Title"), max_length=150)
    alternatives = TranslatedTextField(
        label=_("What the picture shows"),
        required=False,
        max_length=300,
        help_text=_("For people who cannot see it. Not needed for a document."),
    )
    credit = forms.CharField(label=pgettext_lazy("of a picture", "Credit"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: Another kind of file, a file that is too large, or a picture without words.
        """
        values = super().clean() or {}
        file = values.get("file")
        if file is None:
            return values
        head = file.read(12)
        file.seek(0)
        kind = _kind_of(head)
        if not kind:
            self.add_error("file", gettext("This file is neither a JPEG, PNG or WebP picture nor a PDF."))
        if file.size > LARGEST_FILE:
            self.add_error("file", gettext("This file is larger than 50 MB. Make it smaller, or split it."))
        if kind in PICTURES and not values.get("alternatives"):
            self.add_error("alternatives", gettext("Say in words what the picture shows."))
        values["media_type"] = kind
        return values


def _kind_of(head: bytes) -> str:
    """Return the media type by the first bytes of a file; empty for any other."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if head.startswith(b"%PDF-") else ""


class ReferenceForm(Manners, forms.Form):
    """Words to find something in another room by."""

    q = forms.CharField(
        label=_("Find data, junctions or measures that belong to the project"), max_length=100
    )


def site_text(site: dict[str, Any] | None) -> str:
    """Return a geometry as it is typed."""
    return json.dumps(site, ensure_ascii=False) if site else ""


def initial_of(project: Any) -> dict[str, Any]:
    """Return what the form begins with for a project."""
    names = ("titles", "summaries", "stories", "places", "latitude", "longitude", "begins_on", "ends_on")
    contact = {f"contact_{key}": text for key, text in project.contact.items()}
    return {**{name: getattr(project, name) for name in names}, **contact, "site": site_text(project.site)}


def default_place() -> tuple[float, float]:
    """Return the centre of the city, degrees north and east."""
    city = installation.city()
    return city.latitude, city.longitude

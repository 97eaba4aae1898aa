"""Forms of ideas and budget proposals."""

import json
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tandem.core.errors import InvalidInput
from tandem.core.text import pick
from tandem.kit.forms import DatePartsField, Manners, field_of
from tandem.kit.spoken import spoken
from tandem.participation import labels
from tandem.participation.adapters.photo import MOST_BYTES
from tandem.participation.domain.geometry import read_shape
from tandem.participation.domain.phase_settings import IdeaSettings
from tandem.participation.models import Contribution
from tandem.participation.services.ideas import CHANNELS, Written

LONGEST_COMMENT = 2_000


def category_choices(settings: IdeaSettings) -> list[tuple[str, str]]:
    """Return the categories with their names in the page's language."""
    return [(each.key, pick(each.titles, get_language() or "en")) for each in settings.categories]


class IdeaForm(Manners, forms.Form):
    """What somebody proposes, and where. Everything works without the map."""

    title = forms.CharField(label=_("Title"), max_length=150)
    text = forms.CharField(
        label=_("What do you propose, and why?"),
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Everybody can read it."),
    )
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    place = forms.CharField(
        label=_("Where? In words"),
        max_length=200,
        required=False,
        help_text=_("A street, a crossing, a building."),
    )
    geometry = forms.CharField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(label=_("Latitude"), required=False, localize=True, widget=forms.TextInput)
    longitude = forms.FloatField(label=_("Longitude"), required=False, localize=True, widget=forms.TextInput)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("We remove where and when it was taken. Please show no faces and no number plates."),
    )
    photo_alternative = forms.CharField(
        label=_("What the photo shows"),
        max_length=200,
        required=False,
        help_text=_("For people who cannot see it."),
    )

    def __init__(self, *arguments: Any, settings: IdeaSettings, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.settings = settings
        field_of(self, "text", forms.CharField).max_length = settings.longest_text
        self.fields["text"].validators.append(_longest(settings.longest_text))
        self.fields["place"].required = settings.place_required and not settings.shapes
        if settings.categories:
            choices = [("", gettext("Please choose")), *category_choices(settings)]
            field_of(self, "category", forms.ChoiceField).choices = choices
            self.fields["category"].required = True
        else:
            del self.fields["category"]
        if not settings.shapes:
            del self.fields["geometry"], self.fields["latitude"], self.fields["longitude"]
        if not settings.photos:
            del self.fields["photo"], self.fields["photo_alternative"]

    def clean(self) -> dict[str, Any]:
        """Return the values, with ``shape``: a geometry and the point that stands for it, or None.

        Raises:
            ValidationError: A place is missing or wrong, or a photo is too large.
        """
        values = super().clean() or {}
        values["shape"] = self._shape(values)
        if self.settings.place_required and not (values["shape"] or values.get("place")):
            self.add_error("place", gettext("Name a place in words, or mark it on the map."))
        photo = values.get("photo")
        if photo and photo.size > MOST_BYTES:
            self.add_error("photo", gettext("The photo is larger than 20 MB. Send a smaller one."))
        if photo and not values.get("photo_alternative"):
            self.add_error("photo_alternative", gettext("Say in words what the photo shows."))
        return values

    def _shape(self, values: dict[str, Any]) -> Any:
        """Return what was drawn; a drawn shape goes before coordinates that were typed."""
        drawn: Any = None
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if (latitude is None) != (longitude is None):
            self.add_error("longitude", gettext("Enter both coordinates, or neither."))
            return None
        if latitude is not None:
            drawn = {"type": "Point", "coordinates": [longitude, latitude]}
        try:
            drawn = json.loads(values["geometry"]) if values.get("geometry") else drawn
            return read_shape(drawn, allowed=self.settings.shapes) if drawn else None
        except ValueError:
            self.add_error(None, gettext("What was drawn on the map has been lost. Draw it again."))
        except InvalidInput as error:
            self.add_error("latitude" if not values.get("geometry") else None, spoken(error.sentence))
        return None

    def written(self) -> Written:
        """Return what was written."""
        given = self.cleaned_data
        geometry, latitude, longitude = given["shape"] or (None, None, None)
        photo = given.get("photo")
        return Written(
            title=given["title"],
            text=given["text"],
            category=given.get("category", ""),
            place=given["place"],
            geometry=geometry,
            latitude=latitude,
            longitude=longitude,
            photo=photo.read() if photo else None,
            photo_alternative=given.get("photo_alternative", ""),
        )


def _longest(most: int) -> Any:
    def check(text: str) -> None:
        if len(text) > most:
            raise forms.ValidationError(
                gettext("The text has %(count)s characters; %(most)s are possible. Shorten it."),
                params={"count": len(text), "most": most},
            )

    return check


def initial_of(contribution: Contribution) -> dict[str, Any]:
    """Return what the form begins with when an idea is changed."""
    names = ("title", "text", "category", "place", "photo_alternative")
    geometry = json.dumps(contribution.geometry) if contribution.geometry else ""
    return {**{name: getattr(contribution, name) for name in names}, "geometry": geometry}


class CommentForm(Manners, forms.Form):
    """Asks for a comment."""

    text = forms.CharField(
        label=_("Your comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea({"rows": 4})
    )


class PaperForm(Manners, forms.Form):
    """What came on paper, by telephone or at the counter."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(each, labels.CHANNEL[each]) for each in sorted(CHANNELS, reverse=True)],
    )
    received_on = DatePartsField(label=_("When it came"))
    title = forms.CharField(label=_("Title"), max_length=150)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea({"rows": 8}))
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    latitude = forms.FloatField(label=_("Latitude"), required=False, localize=True, widget=forms.TextInput)
    longitude = forms.FloatField(label=_("Longitude"), required=False, localize=True, widget=forms.TextInput)

    def __init__(self, *arguments: Any, settings: IdeaSettings, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field_of(self, "category", forms.ChoiceField).choices = [
            ("", gettext("none")),
            *category_choices(settings),
        ]


class SheetForm(Manners, forms.Form):
    """A table with what came on paper."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "XLSX or CSV with the columns text, date, and if you like title, category, channel, latitude, longitude."
        ),
    )

"""What an officer says of a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.harvest_rules import HarvestRules, Kind, Schedule
from tandem.catalogue.forms_properties import choices
from tandem.catalogue.models import HarvestSource
from tandem.catalogue.services.harvest_sources import SourceSettings, settings_of
from tandem.kit.forms import Manners

KINDS: list[tuple[str, Any]] = [
    ("", _("Find out by itself")),
    (Kind.DCAT.value, _("DCAT feed")),
    (Kind.CKAN.value, _("CKAN portal")),
]
SCHEDULES: list[tuple[str, Any]] = [
    (Schedule.DEFAULT.value, _("As the configuration says")),
    (Schedule.HOURLY.value, _("Every hour")),
    (Schedule.DAILY.value, _("Every day")),
    (Schedule.WEEKLY.value, _("Every week")),
    (Schedule.BY_HAND.value, _("Only by hand")),
]
_LINES = {"rows": 3}


class SourceForm(Manners, forms.Form):
    """A catalogue to take in: where it is, how often it is asked, what of it is wanted."""

    url = forms.URLField(
        label=_("Address"),
        help_text=_("Of a DCAT feed, such as https://data.example.org/catalogue.ttl, or of a CKAN portal."),
        max_length=500,
        assume_scheme="https",
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As people call this portal. Without one its host name is taken."),
        max_length=100,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, required=False)
    schedule = forms.ChoiceField(label=_("Harvested how often"), choices=SCHEDULES, required=False)
    active = forms.BooleanField(label=_("Harvest it on this schedule"), required=False)
    publishers = forms.CharField(
        label=_("Only these publishers"),
        help_text=_("Names or identifiers, one a line. Empty: all."),
        widget=forms.Textarea(attrs=_LINES),
        required=False,
        max_length=5_000,
    )
    themes = forms.MultipleChoiceField(
        label=_("Only these themes"),
        help_text=_("None chosen: all."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    keywords = forms.CharField(
        label=_("Only with one of these keywords"),
        help_text=_("One a line. Empty: all."),
        widget=forms.Textarea(attrs=_LINES),
        required=False,
        max_length=5_000,
    )
    without = forms.CharField(
        label=_("Leave out"),
        help_text=_("Keywords, publishers or identifiers of datasets, one a line."),
        widget=forms.Textarea(attrs=_LINES),
        required=False,
        max_length=20_000,
    )
    licence = forms.ChoiceField(
        label=_("Licence where none is said"),
        help_text=_("Only if the portal says so somewhere for all of its data."),
        required=False,
    )

    def __init__(self, *arguments: Any, source: HarvestSource | None = None, **named: Any) -> None:
        self.source = source
        if source is not None:
            named.setdefault("initial", _initial(settings_of(source)))
        super().__init__(*arguments, **named)
        self.fields["themes"].choices = choices(vocabulary.THEMES)  # type: ignore[attr-defined]
        licences = choices(vocabulary.LICENCES, empty=_("(none is assumed)"))
        self.fields["licence"].choices = licences  # type: ignore[attr-defined]
        if source is None:
            del self.fields["active"]
        elif source.city:
            del self.fields["url"], self.fields["name"]

    def clean_url(self) -> str:
        """Refuse an address that nobody could fetch, or that is a source already."""
        url: str = self.cleaned_data["url"]
        if not url.startswith(("https://", "http://")):
            raise forms.ValidationError(
                _("Enter an address that begins with https:// or http://."), code="scheme"
            )
        others = HarvestSource.objects.filter(url=url)
        if self.source is not None:
            others = others.exclude(pk=self.source.pk)
        if others.exists():
            raise forms.ValidationError(_("This address is a source already."), code="known")
        return url

    def settings(self) -> SourceSettings:
        """Return what the form says. A new source waits until somebody switches it on."""
        values = self.cleaned_data
        return SourceSettings(
            name=values.get("name", ""),
            url=values.get("url", ""),
            kind=values["kind"],
            active=values.get("active", False),
            schedule=Schedule(values["schedule"]),
            rules=HarvestRules(
                publishers=_lines(values["publishers"]),
                themes=tuple(values["themes"]),
                keywords=_lines(values["keywords"]),
                without=_lines(values["without"]),
                licence=values["licence"],
            ),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _initial(settings: SourceSettings) -> dict[str, Any]:
    rules = settings.rules
    licence = vocabulary.LICENCES.by_iri(rules.licence)
    return {
        "url": settings.url,
        "name": settings.name,
        "kind": settings.kind,
        "schedule": settings.schedule.value,
        "active": settings.active,
        "publishers": "\n".join(rules.publishers),
        "themes": list(rules.themes),
        "keywords": "\n".join(rules.keywords),
        "without": "\n".join(rules.without),
        "licence": licence.iri if licence else rules.licence,
    }

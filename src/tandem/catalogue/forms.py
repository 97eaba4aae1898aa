"""Forms of the catalogue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.completeness import CONDITIONAL, Assessment, Need
from tandem.catalogue.domain.description import (
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
)
from tandem.catalogue.services.datasets import place_iris
from tandem.core.text import pick
from tandem.kit.forms import DatePartsField, Manners
from tandem.kit.installation import city, config
from tandem.kit.translated import TranslatedTextField

FIELD_NAMES = {
    "titles": gettext_lazy("Title"),
    "descriptions": gettext_lazy("Description"),
    "keywords": gettext_lazy("Keywords"),
    "themes": gettext_lazy("Themes"),
    "file": gettext_lazy("File"),
    "publisher": gettext_lazy("Publisher"),
    "contact": gettext_lazy("Contact"),
    "spatial": gettext_lazy("Place"),
    "temporal": gettext_lazy("Period"),
    "licence": gettext_lazy("Licence"),
    "attribution": gettext_lazy("Source to be named"),
    "access_rights": gettext_lazy("Access"),
    "frequency": gettext_lazy("Updated how often"),
    "geocoding_level": gettext_lazy("Political level"),
    "availability": gettext_lazy("Availability"),
    "identifier": gettext_lazy("Identifier"),
    "modified": gettext_lazy("Last change"),
    "issued": gettext_lazy("First published"),
    "rights_holder": gettext_lazy("Rights holder"),
    "rights": gettext_lazy("Terms of use"),
    "valid": gettext_lazy("Valid DCAT-AP"),
}


class UploadForm(Manners, forms.Form):
    """A file, and what to call it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "For example a workbook or a CSV file from your office program. It is kept byte for byte."
        ),
        error_messages={"empty": _("The file is empty (0 bytes). Was it saved before it was uploaded?")},
    )


class NewVersionForm(UploadForm):
    """A file that replaces the former one, and what to say of it."""

    note = forms.CharField(
        label=_("What is new"),
        help_text=_("One sentence for the list of versions, such as: figures of 2025 added."),
        max_length=300,
        required=False,
    )


class FollowForm(Manners, forms.Form):
    """An address to follow, and how often."""

    url = forms.URLField(
        label=_("Address of the file"),
        help_text=_("It begins with https:// and leads to the file itself, not to a page about it."),
        max_length=700,
        assume_scheme="https",
    )
    every = forms.ChoiceField(
        label=_("Look for a new version"),
        choices=[
            ("hourly", _("every hour")),
            ("daily", _("every day")),
            ("weekly", _("every week")),
            ("monthly", _("every month")),
        ],
        initial="daily",
    )


class NewFromAddressForm(FollowForm):
    """The first file of a new dataset, from an address."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("What the data is about, such as: Street trees. You can change it later."),
        max_length=200,
        required=False,
    )
    field_order = ("title", "url", "every")


class NewDatasetForm(UploadForm):
    """The first file of a new dataset."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("What the data is about, such as: Street trees. You can change it later."),
        max_length=200,
        required=False,
    )
    field_order = ("title", "file")


class WithdrawForm(Manners, forms.Form):
    """Why a dataset is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is shown to everybody who follows the dataset's address."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A field in the form, with what it is worth."""

    field: BoundField
    worth: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: Any
    entries: list[Entry]


def choices(terms: Iterable[vocabulary.Term], *, empty: Any = None) -> list[tuple[str, Any]]:
    """Return a vocabulary's terms by name in the page's language, as choices."""
    language = get_language() or "en"
    found: list[tuple[str, Any]] = [(term.iri, pick(term.names, language)) for term in terms]
    return [("", empty), *found] if empty is not None else found


class DescribeForm(Manners, forms.Form):
    """What a dataset says of itself; asks only for what a person must know."""

    all_optional = True  # a draft may lack anything; what each field is worth stands below it

    titles = TranslatedTextField(
        label=FIELD_NAMES["titles"],
        help_text=_("Short, without the city's name and the year."),
        required=True,
        max_length=300,
    )
    descriptions = TranslatedTextField(
        label=FIELD_NAMES["descriptions"],
        help_text=_("What is in it, where it comes from, what it is good for, what to mind."),
        multiline=True,
        required=True,
        max_length=5_000,
    )
    keywords = TranslatedTextField(
        label=FIELD_NAMES["keywords"],
        help_text=_("Separated by commas: tree, green, climate"),
        required=False,
    )
    themes = forms.MultipleChoiceField(
        label=FIELD_NAMES["themes"],
        help_text=_("One to three."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    licence = forms.ChoiceField(
        label=FIELD_NAMES["licence"],
        help_text=_("It holds for all files of this dataset. Without a licence nobody may use the data."),
        required=False,
    )
    attribution = forms.CharField(
        label=FIELD_NAMES["attribution"],
        help_text=_("For licences that ask for it: how the source is named."),
        max_length=200,
        required=False,
    )
    contact_name = forms.CharField(label=_("Contact: office"), max_length=200, required=False)
    contact_mail = forms.EmailField(label=_("Contact: e-mail address"), required=False)
    temporal_start = DatePartsField(label=_("The data begins on"), required=False)
    temporal_end = DatePartsField(
        label=_("The data ends on"), help_text=_("Leave it empty if it goes on."), required=False
    )
    frequency = forms.ChoiceField(label=FIELD_NAMES["frequency"], required=False)
    spatial = forms.BooleanField(label=_("The data is about the whole city"), required=False)
    access_rights = forms.ChoiceField(label=FIELD_NAMES["access_rights"], required=False)
    rights = forms.URLField(
        label=FIELD_NAMES["rights"],
        help_text=_("Address of a page, if there is one."),
        required=False,
        assume_scheme="https",
    )
    identifier = forms.CharField(
        label=FIELD_NAMES["identifier"],
        help_text=_("In Italy: IPA code, colon, your own code."),
        max_length=200,
        required=False,
    )

    GROUPS = (
        (gettext_lazy("What it is"), ("titles", "descriptions", "keywords", "themes")),
        (gettext_lazy("How it may be used"), ("licence", "attribution", "rights", "access_rights")),
        (gettext_lazy("Whom to ask"), ("contact_name", "contact_mail")),
        (
            gettext_lazy("Time and place"),
            ("temporal_start", "temporal_end", "frequency", "spatial", "identifier"),
        ),
    )
    PROPERTIES = {"contact_mail": "contact", "temporal_start": "temporal"}

    def __init__(
        self,
        *arguments: Any,
        described: DatasetDescription,
        assessment: Assessment,
        needs: dict[str, Need],
        missing: dict[str, Need],
        **named: Any,
    ) -> None:
        named.setdefault("initial", initial_of(described))
        super().__init__(*arguments, **named)
        self.described, self.assessment, self.needs, self.missing = described, assessment, needs, missing
        self.choose("themes", choices(vocabulary.THEMES))
        self.choose("licence", choices(vocabulary.LICENCES, empty=_("(choose)")))
        self.choose("frequency", choices(vocabulary.FREQUENCIES, empty=_("(not said)")))
        self.choose("access_rights", choices(vocabulary.ACCESS_RIGHTS, empty=_("(not said)")))
        if config().catalogue.profile != "it":
            del self.fields["identifier"]

    def choose(self, name: str, found: list[tuple[str, Any]]) -> None:
        """Give a field its choices; a value from outside our lists stays choosable."""
        known = {iri for iri, _name in found}
        present = self.initial.get(name) or ()
        others = [
            each
            for each in ([present] if isinstance(present, str) else present)
            if each and each not in known
        ]
        self.fields[name].choices = [*found, *((each, each) for each in others)]  # type: ignore[attr-defined]

    @property
    def groups(self) -> Iterator[Group]:
        """The fields in groups, each with what it is worth and whether it is missing."""
        for title, names in self.GROUPS:
            yield Group(title, [self._entry(name) for name in names if name in self.fields])

    def _entry(self, name: str) -> Entry:
        property_name = self.PROPERTIES.get(name, name)
        worth = self.assessment.worth(property_name)
        lacking = self.missing.get(property_name)
        parts = []
        if property_name in self.needs and (lacking or property_name not in CONDITIONAL):
            asked = {
                Need.MANDATORY: gettext("DCAT-AP demands it"),
                Need.RECOMMENDED: gettext("DCAT-AP recommends it"),
            }
            parts.append(asked[self.needs[property_name]])
        if worth:
            gain = self.assessment.missing_points(property_name)
            parts.append(
                gettext("brings %(points)s points") % {"points": gain}
                if gain
                else gettext("%(points)s points reached") % {"points": worth}
            )
        return Entry(self[name], " · ".join(parts), lacking is not None)

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        values = super().clean() or {}
        start, end = values.get("temporal_start"), values.get("temporal_end")
        if start and end and end < start:
            self.add_error("temporal_end", _("The end lies before the beginning."))
        licence = vocabulary.LICENCES.by_iri(values.get("licence") or "")
        if licence and licence.needs_attribution and not values.get("attribution"):
            values["attribution"] = (
                pick(self.described.publisher.names, city().languages[0]) if self.described.publisher else ""
            )
        return values

    def description(self) -> DatasetDescription:
        """Return the description with what the form says; what it does not ask stays."""
        values, before = self.cleaned_data, self.described
        contacts: tuple[ContactDescription, ...] = ()
        if values["contact_name"] or values["contact_mail"]:
            former = before.contacts[0] if before.contacts else ContactDescription()
            contacts = (
                replace(former, name=values["contact_name"], mail=values["contact_mail"]),
                *before.contacts[1:],
            )
        start, end = values["temporal_start"], values["temporal_end"]
        period = PeriodOfTime(start.isoformat() if start else "", end.isoformat() if end else "")
        return replace(
            before,
            titles=values["titles"],
            descriptions=values["descriptions"],
            keywords={
                language: _words(text) for language, text in values["keywords"].items() if _words(text)
            },
            themes=tuple(values["themes"]),
            contacts=contacts,
            temporal=(period,) if start or end else (),
            frequency=values["frequency"],
            spatial=before.spatial or tuple(place_iris()) if values["spatial"] else (),
            access_rights=values["access_rights"],
            identifiers=(values["identifier"],) if values.get("identifier") else before.identifiers,
            distributions=tuple(self._part(part) for part in before.distributions),
        )

    def _part(self, part: DistributionDescription) -> DistributionDescription:
        values = self.cleaned_data
        return replace(
            part, licence=values["licence"], attribution=values["attribution"], rights=values["rights"]
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def initial_of(described: DatasetDescription) -> dict[str, Any]:
    """Return what the form shows for a description."""
    first = described.distributions[0] if described.distributions else DistributionDescription(iri="")
    contact = described.contacts[0] if described.contacts else ContactDescription()
    period = described.temporal[0] if described.temporal else PeriodOfTime()
    return {
        "titles": dict(described.titles),
        "descriptions": dict(described.descriptions),
        "keywords": {language: ", ".join(words) for language, words in described.keywords.items()},
        "themes": list(described.themes),
        "licence": _known(vocabulary.LICENCES, first.licence),
        "attribution": first.attribution,
        "rights": first.rights,
        "contact_name": contact.name,
        "contact_mail": contact.mail,
        "temporal_start": _date(period.start),
        "temporal_end": _date(period.end),
        "frequency": described.frequency,
        "spatial": bool(described.spatial or described.bounds),
        "access_rights": described.access_rights,
        "identifier": described.identifiers[0] if described.identifiers else "",
    }


def _known(terms: Any, iri: str) -> str:
    term = terms.by_iri(iri)
    return term.iri if term else iri


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None

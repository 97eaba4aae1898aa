"""Which field of a form asks for which property: its kind, its label, its hint, what it offers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import AgentDescription
from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.forms_fields import (
    AddressesField,
    AgentField,
    AgentsField,
    LinesField,
    MediaTypeField,
    TermField,
    Terms,
    TermsField,
)
from tandem.core.text import pick
from tandem.kit.forms import DatePartsField
from tandem.kit.translated import TranslatedTextField

CONTACT_PARTS = (
    "name",
    "mail",
    "phone",
    "url",
    "organisation",
    "unit",
    "street",
    "postal_code",
    "locality",
    "country",
)
BOX = ("west", "south", "east", "north")
CONTACT = tuple(f"contact_{part}" for part in CONTACT_PARTS)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the forms offer beside the vocabularies: our own agents and records.

    Attributes:
        agents: Those that we know.
        datasets: Our datasets, by title; likewise ``services`` and ``series``.
    """

    agents: Sequence[AgentDescription] = ()
    datasets: Terms = field(default_factory=lambda: vocabulary.Vocabulary((), scheme=""))
    services: Terms = field(default_factory=lambda: vocabulary.Vocabulary((), scheme=""))
    series: Terms = field(default_factory=lambda: vocabulary.Vocabulary((), scheme=""))


def choices(terms: Iterable[vocabulary.Term], *, empty: Any = None) -> list[tuple[str, Any]]:
    """Return a vocabulary's terms by name in the page's language, as choices."""
    language = get_language() or "en"
    found: list[tuple[str, Any]] = [(term.iri, pick(term.names, language)) for term in terms]
    return [("", empty), *found] if empty is not None else found


class ManyOf(forms.MultipleChoiceField):
    """Several of a few terms, as boxes to tick; terms from elsewhere that are set stay choosable."""

    widget = forms.CheckboxSelectMultiple


class OneOf(forms.ChoiceField):
    """One of a few terms; a term from elsewhere that is set stays choosable."""


def _text(name: str, *, help_text: Any = "", multiline: bool = False, longest: int = 5_000) -> forms.Field:
    return TranslatedTextField(
        label=FIELD_NAMES[name], help_text=help_text, multiline=multiline, max_length=longest, required=False
    )


_SEARCH = _("Type a part of the name and choose. An address may stand here as well.")
_OURS: Mapping[str, Callable[["Choices"], Terms]] = {
    "in_series": lambda found: found.series,
    "services": lambda found: found.services,
    "serves": lambda found: found.datasets,
    "related": lambda found: found.datasets,
    "sources": lambda found: found.datasets,
    "references": lambda found: found.datasets,
    "versions": lambda found: found.datasets,
    "version_of": lambda found: found.datasets,
}
_SEVERAL: Mapping[str, Terms] = {
    "places": vocabulary.PLACES,
    "languages": vocabulary.LANGUAGES,
    "formats": vocabulary.FILE_TYPES,
    "kinds": vocabulary.DATASET_TYPES,
}
_SINGLE: Mapping[str, Terms] = {
    "format": vocabulary.FILE_TYPES,
    "kind": vocabulary.AGENT_KINDS,
    "attribution_role": vocabulary.ROLES,
}
FEW: Mapping[str, Terms] = {
    "licence": vocabulary.LICENCES,
    "frequency": vocabulary.FREQUENCIES,
    "access_rights": vocabulary.ACCESS_RIGHTS,
    "availability": vocabulary.AVAILABILITIES,
    "status": vocabulary.STATUSES,
    "geocoding_level": vocabulary.GEOCODING_LEVELS,
}
BOXES_TO_TICK: Mapping[str, Terms] = {
    "themes": vocabulary.THEMES,
    "hvd_categories": vocabulary.HVD_CATEGORIES,
}
_HINTS: Mapping[str, Any] = {
    "titles": _("Short, without the city's name and the year."),
    "descriptions": _("What is in it, where it comes from, what it is good for, what to mind."),
    "keywords": _("Separated by commas: tree, green, climate"),
    "themes": _("One to three."),
    "licence": _("It holds for all files of this dataset. Without a licence nobody may use the data."),
    "attribution": _("For licences that ask for it: how the source is named."),
    "rights": _("Address of a page, if there is one."),
    "identifier": _("In Italy: IPA code, colon, your own code."),
    "hvd_categories": _("Only for data that Regulation (EU) 2023/138 names. The rest follows by itself."),
    "provenance": _("Who collected them, how, and what was done with them since."),
    "temporal_resolution": _("Shortest time between two values, as P1D (a day) or PT15M (15 minutes)."),
    "spatial_resolution": _("Smallest distance that can be told apart."),
    "endpoint_urls": _("Where programs send their questions. One address a line."),
    "endpoint_descriptions": _("Such as OpenAPI or capabilities. One address a line."),
    "other_identifiers": _("Such as a DOI. One a line."),
    "media_type": _("Such as text/csv. Empty: as the format says."),
}
_TEXTS = {
    "titles": False,
    "descriptions": True,
    "keywords": False,
    "provenance": True,
    "version_notes": False,
    "geocoding_descriptions": False,
    "legal_bases": False,
    "names": False,
}
_URL_LISTS = ["pages", "conforms_to", "samples", "referenced_by", "endpoint_urls", "endpoint_descriptions"]
_URL_FIELDS = [
    "landing_page",
    "rights",
    "access_url",
    "download_url",
    "policy",
    "quality_process",
    "previous_version",
    "homepage",
    "contact_url",
]
_LABELS: Mapping[str, Any] = {
    **FIELD_NAMES,
    "contact_name": _("Contact: office"),
    "contact_mail": _("Contact: e-mail address"),
    "contact_phone": _("Contact: telephone"),
    "contact_url": _("Contact: web page"),
    "contact_organisation": _("Contact: body"),
    "contact_unit": _("Contact: department"),
    "contact_street": _("Contact: street and number"),
    "contact_postal_code": _("Contact: postal code"),
    "contact_locality": _("Contact: town"),
    "contact_country": _("Contact: country"),
    "temporal_start": _("The data begins on"),
    "temporal_end": _("The data ends on"),
    "spatial": _("The data is about the whole city"),
    "attribution_agent": _("Who took part"),
    "attribution_role": _("In which role"),
    "west": _("Westernmost longitude"),
    "south": _("Southernmost latitude"),
    "east": _("Easternmost longitude"),
    "north": _("Northernmost latitude"),
}


def make_field(name: str, offered: Choices) -> forms.Field:
    """Return the field that asks for a property."""
    label, hint = _LABELS.get(name, name), _HINTS.get(name, "")
    common: dict[str, Any] = {"label": label, "required": False}
    if name in _TEXTS:
        return _text(name, help_text=hint, multiline=_TEXTS[name], longest=5_000 if _TEXTS[name] else 300)
    if name in _OURS:
        return TermsField(_OURS[name](offered), help_text=_SEARCH, **common)
    if name in _SEVERAL:
        return TermsField(_SEVERAL[name], help_text=_SEARCH, **common)
    if name in _SINGLE:
        return TermField(_SINGLE[name], help_text=_SEARCH, **common)
    if name in FEW:
        empty = _("(choose)") if name == "licence" else _("(not said)")
        return OneOf(choices=choices(FEW[name], empty=empty), help_text=hint, **common)
    if name in BOXES_TO_TICK:
        return ManyOf(choices=choices(BOXES_TO_TICK[name]), help_text=hint, **common)
    if name in _URL_LISTS:
        return AddressesField(help_text=hint or _("One address a line."), **common)
    if name in _URL_FIELDS:
        return forms.URLField(help_text=hint, assume_scheme="https", max_length=700, **common)
    return _other_field(name, offered, {**common, "help_text": hint})


def _other_field(name: str, offered: Choices, common: dict[str, Any]) -> forms.Field:
    if name in {"publisher", "rights_holder", "attribution_agent"}:
        return AgentField(offered.agents, **common)
    if name in {"creators", "contributors", "originators", "custodians"}:
        return AgentsField(offered.agents, **common)
    if name in {"temporal_start", "temporal_end"}:
        if name == "temporal_end":
            common["help_text"] = _("Leave it empty if it goes on.")
        return DatePartsField(**common)
    if name in {"media_type", "compress_format", "package_format"}:
        return MediaTypeField(max_length=120, **common)
    if name in {"contact_mail", "mail"}:
        return forms.EmailField(**common)
    if name == "spatial":
        return forms.BooleanField(**common)
    if name == "other_identifiers":
        return LinesField(**common)
    if name in BOX:
        return forms.FloatField(**common)
    if name == "spatial_resolution":
        return forms.DecimalField(min_value=0, max_digits=12, decimal_places=4, **common)
    if name == "temporal_resolution":
        pattern = r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?"
        message = _("A duration looks like this: P1D, PT15M, P1Y.")
        return forms.RegexField(rf"^{pattern}$", error_messages={"invalid": message}, **common)
    return forms.CharField(max_length=700, **common)

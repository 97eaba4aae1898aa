"""Forms that describe datasets, their files, services, series and agents: what each asks, in which order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import (
    AttributionDescription,
    DatasetDescription,
    DistributionDescription,
    SeriesDescription,
    ServiceDescription,
    StatementDescription,
)
from tandem.catalogue.forms_base import RecordForm, known_iri
from tandem.catalogue.forms_properties import BOX, CONTACT

_WHO = gettext_lazy("Whom to ask")


class DescribeForm(RecordForm):
    """What a dataset says of itself; licence, source and terms hold for all its files."""

    GROUPS = (
        (
            "what",
            gettext_lazy("What it is"),
            ("titles", "descriptions", "themes", "keywords", "licence", "attribution"),
            True,
        ),
        ("who", _WHO, CONTACT, False),
        (
            "when",
            gettext_lazy("Period and updates"),
            ("temporal_start", "temporal_end", "frequency", "temporal_resolution"),
            False,
        ),
        (
            "where",
            gettext_lazy("Place"),
            ("spatial", "places", *BOX, "spatial_resolution", "geocoding_level", "geocoding_descriptions"),
            False,
        ),
        (
            "use",
            gettext_lazy("Access and terms of use"),
            ("access_rights", "rights", "availability", "languages"),
            False,
        ),
        (
            "origin",
            gettext_lazy("Who made it, and how"),
            (
                "publisher",
                "rights_holder",
                "creators",
                "originators",
                "custodians",
                "contributors",
                "attribution_agent",
                "attribution_role",
                "provenance",
                "conforms_to",
                "quality_process",
                "legal_bases",
            ),
            False,
        ),
        (
            "names",
            gettext_lazy("Names, pages, documentation"),
            ("identifier", "other_identifiers", "landing_page", "pages", "kinds"),
            False,
        ),
        (
            "versions",
            gettext_lazy("Series and versions"),
            ("in_series", "version", "version_notes", "version_of", "versions", "previous_version"),
            False,
        ),
        (
            "relations",
            gettext_lazy("What it has to do with other data"),
            ("sources", "related", "references", "referenced_by", "samples"),
            False,
        ),
        ("hvd", gettext_lazy("High-value datasets"), ("hvd_categories",), False),
    )
    ONLY_IF_SET = ("geocoding_descriptions", "legal_bases", "quality_process")
    ONLY_FOR = {"de": ("geocoding_level",)}

    def initial_of(self, described: DatasetDescription) -> dict[str, Any]:
        """Return what the form shows for a description."""
        first = described.distributions[0] if described.distributions else DistributionDescription(iri="")
        part = described.attributions[0] if described.attributions else AttributionDescription()
        statement = described.provenance[0] if described.provenance else StatementDescription()
        return {
            **super().initial_of(described),
            "licence": known_iri(vocabulary.LICENCES, first.licence),
            "attribution": first.attribution,
            "rights": first.rights,
            "identifier": described.identifiers[0] if described.identifiers else "",
            "other_identifiers": [each.notation for each in described.other_identifiers],
            "attribution_agent": part.agent,
            "attribution_role": part.role,
            "provenance": dict(statement.texts),
        }

    def description(self) -> DatasetDescription:
        """Return the description with what the form says; what it does not ask stays."""
        before, values = self.described, self.cleaned_data
        found: DatasetDescription = super().description()
        categories = values.get("hvd_categories", before.hvd_categories)
        if values.get("identifier"):
            identifiers = (values["identifier"], *before.identifiers[1:])
            found = replace(found, identifiers=identifiers)
        return replace(
            found,
            attributions=self._attributions(),
            legislation=_legislation(before.legislation, categories),
            distributions=tuple(self._part(part, categories) for part in before.distributions),
        )

    def _attributions(self) -> tuple[AttributionDescription, ...]:
        before, values = self.described.attributions, self.cleaned_data
        agent, role = values.get("attribution_agent"), values.get("attribution_role", "")
        if agent is None:
            return tuple(before[1:]) if "attribution_agent" in values else tuple(before)
        first = before[0] if before else AttributionDescription()
        return (replace(first, agent=agent, role=role), *before[1:])

    def _part(self, part: DistributionDescription, categories: Sequence[str]) -> DistributionDescription:
        values = self.cleaned_data
        changes = {name: values[name] for name in ("licence", "attribution", "rights") if name in values}
        return replace(part, **changes, legislation=_legislation(part.legislation, categories))


def _legislation(before: Sequence[str], categories: Sequence[str]) -> tuple[str, ...]:
    """Return the legislation with the regulation on high-value datasets where there are categories."""
    others = tuple(iri for iri in before if iri != vocabulary.HVD_LEGISLATION)
    return (vocabulary.HVD_LEGISLATION, *others) if categories else others


class DistributionForm(RecordForm):
    """What one file or address of a dataset says of itself."""

    GROUPS = (
        (
            "what",
            gettext_lazy("What it is"),
            ("titles", "descriptions", "access_url", "download_url", "format"),
            True,
        ),
        ("use", gettext_lazy("Terms of use"), ("licence", "attribution", "rights", "policy"), False),
        (
            "state",
            gettext_lazy("State and content"),
            ("status", "availability", "languages", "conforms_to", "pages"),
            False,
        ),
        ("ask", gettext_lazy("How it can be had"), ("services",), False),
        (
            "technical",
            gettext_lazy("Technical"),
            ("media_type", "compress_format", "package_format", "spatial_resolution", "temporal_resolution"),
            False,
        ),
    )

    def __init__(self, *arguments: Any, is_file: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("access_url", "download_url", "format", "media_type") if is_file else ():
            del self.fields[name]

    def description(self) -> DistributionDescription:
        """Return the description; the media type follows from the format where none is given."""
        found: DistributionDescription = super().description()
        term = vocabulary.FILE_TYPES.by_iri(found.format) if found.format else None
        if term and not found.media_type:
            found = replace(found, media_type=vocabulary.media_type_iri(term.media_type))
        return found


class ServiceForm(RecordForm):
    """What a data service says of itself."""

    GROUPS = (
        (
            "what",
            gettext_lazy("What it is"),
            ("titles", "endpoint_urls", "descriptions", "serves", "licence", "attribution"),
            True,
        ),
        (
            "ask",
            gettext_lazy("How it is asked"),
            ("endpoint_descriptions", "pages", "conforms_to", "formats", "languages", "landing_page"),
            False,
        ),
        ("find", gettext_lazy("How it is found"), ("themes", "keywords"), False),
        ("who", _WHO, ("publisher", "creators", *CONTACT), False),
        ("use", gettext_lazy("Access and terms of use"), ("access_rights", "rights", "availability"), False),
        ("hvd", gettext_lazy("High-value datasets"), ("hvd_categories",), False),
    )

    def description(self) -> ServiceDescription:
        """Return the description with what the form says."""
        found: ServiceDescription = super().description()
        return replace(found, legislation=_legislation(found.legislation, found.hvd_categories))


class SeriesForm(RecordForm):
    """What a dataset series says of itself."""

    GROUPS = (
        ("what", gettext_lazy("What it is"), ("titles", "descriptions", "themes", "keywords"), True),
        ("who", _WHO, ("publisher", *CONTACT), False),
        (
            "when",
            gettext_lazy("Time and place"),
            ("temporal_start", "temporal_end", "frequency", "spatial", "places", *BOX, "landing_page"),
            False,
        ),
        ("hvd", gettext_lazy("High-value datasets"), ("hvd_categories",), False),
    )

    def description(self) -> SeriesDescription:
        """Return the description with what the form says."""
        found: SeriesDescription = super().description()
        return replace(found, legislation=_legislation(found.legislation, found.hvd_categories))


class AgentForm(RecordForm):
    """What an agent says of itself."""

    GROUPS = (("what", gettext_lazy("Who it is"), ("names", "kind", "mail", "homepage", "identifier"), True),)

    def clean(self) -> dict[str, Any]:
        """Check that there is a name."""
        values = super().clean()
        if not values.get("names"):
            self.add_error("names", _("Enter a name in at least one language."))
        return values

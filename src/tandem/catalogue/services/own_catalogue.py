"""What the city's own catalogue says of itself: its description, the city as a publisher, languages and places."""

from datetime import datetime

from django.db.models import Max, Min, QuerySet

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import AgentDescription, CatalogueDescription
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import places
from tandem.kit import installation


def contributor_ids() -> tuple[str, ...]:
    """Return the IRI by which GovData knows who delivers, in a profile with it."""
    catalogue = installation.config().catalogue
    return tuple(filter(None, [catalogue.contributor_id])) if catalogue.profile == "de" else ()


def own_published() -> "QuerySet[Dataset]":
    """Return our published datasets, in a stable order."""
    return Dataset.objects.filter(status=Status.PUBLISHED, source=None).order_by("created_at", "id")


def our_catalogue() -> CatalogueDescription:
    """Return the description of the city's own catalogue."""
    config = installation.config()
    names = {code: config.city.name(code) for code in config.city.languages}
    titles = {"de": "Offene Daten: {}", "it": "Dati aperti: {}", "en": "Open data: {}"}
    dates = own_published().aggregate(first=Min("published_at"), last=Max("changed_at"))
    abouts = {
        "de": "Der Datenkatalog der Stadt {}.",
        "it": "Il catalogo dei dati della città di {}.",
        "en": "The data catalogue of the city of {}.",
    }
    return CatalogueDescription(
        iri=f"{config.server.url}/catalogue",
        titles={code: titles[code].format(name) for code, name in names.items()},
        descriptions={code: abouts[code].format(name) for code, name in names.items()},
        publisher=our_agent(),
        creator=our_agent(),
        homepage=f"{config.server.url}/",
        languages=tuple(language_iri(code) for code in config.city.languages),
        licence=f"{vocabulary.AUTHORITY}/licence/CC0",
        spatial=tuple(place_iris()),
        issued=_instant(dates["first"]),
        modified=_instant(dates["last"]),
    )


def _instant(value: datetime | None) -> str:
    return value.isoformat(timespec="seconds") if value else ""


def our_agent() -> AgentDescription:
    """Return the city as a publisher."""
    config = installation.config()
    name = config.catalogue.publisher
    names = {code: name or config.legal.body or config.city.name(code) for code in config.city.languages}
    return AgentDescription(
        names,
        iri=f"{config.server.url}/id/agent/{config.city.id}",
        kind="http://purl.org/adms/publishertype/LocalAuthority",
        homepage=f"{config.server.url}/",
        identifier=config.city.code("IPA") or "",
    )


def language_iri(code: str) -> str:
    """Return the IRI of a language that pages are written in."""
    return f"{vocabulary.AUTHORITY}/language/{vocabulary.LANGUAGE_CODES[code]}"


def place_iris() -> list[str]:
    """Return the IRIs of the city as a place, one for each of its official codes."""
    each_code = (places.iris_of((code,)) for code in installation.city().codes)
    return [iri for iris in each_code if (iri := next(iris, ""))]

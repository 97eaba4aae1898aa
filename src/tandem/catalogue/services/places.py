"""The cities of the installation as places: by which IRIs catalogues name them, and what they are called."""

from collections.abc import Iterator

from tandem.core.city import City, CityCode, PartnerCity
from tandem.kit import installation

PATTERNS = {
    "AGS": ("http://dcat-ap.de/def/politicalGeocoding/municipalityKey/{}",),
    "NUTS3": ("http://data.europa.eu/nuts/code/{}", "http://dcat-ap.de/def/politicalGeocoding/nuts/{}"),
    "ISTAT": ("https://w3id.org/italia/controlled-vocabulary/territorial-classifications/cities/{}",),
}


def iris_of(codes: tuple[CityCode, ...]) -> Iterator[str]:
    """Yield the IRIs that a city's codes stand for, the usual one of each scheme first."""
    for code in codes:
        yield from (pattern.format(code.code) for pattern in PATTERNS.get(code.scheme, ()))


def id_of(iri: str) -> str:
    """Return the id of the city, ours or a partner's, that a place's IRI means; empty for another place."""
    wanted = _plain(iri)
    return next((each.id for each in _cities() if wanted in map(_plain, iris_of(each.codes))), "")


def _cities() -> Iterator[City | PartnerCity]:
    config = installation.config()
    yield config.city
    yield from config.partners


def _plain(iri: str) -> str:
    return iri.partition("://")[2].rstrip("/")

"""Terms of the EU authority tables, of DCAT-AP.de and of licences: IRI, code, names. Nothing is fetched to know them.

Source: Publications Office of the European Union, authority tables; GovData, lists of DCAT-AP.de 3.0.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Generic, TypeVar

TermT = TypeVar("TermT", bound="Term")

AUTHORITY = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
DE_LICENCES = "http://dcat-ap.de/def/licenses"
HVD_LEGISLATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a vocabulary.

    Attributes:
        code: Short and stable: ``ENVI``.
        names: By language.
    """

    code: str
    iri: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileType(Term):
    """A file type.

    Attributes:
        media_type: IANA's name, or empty.
        extensions: Without a dot.
        machine_readable: As the European portal counts it.
        non_proprietary: Likewise.
    """

    media_type: str = ""
    extensions: tuple[str, ...] = ()
    machine_readable: bool = False
    non_proprietary: bool = False


@dataclass(frozen=True, slots=True)
class Licence(Term):
    """A licence.

    Attributes:
        german_iri: Its IRI in DCAT-AP.de's list, or empty.
        needs_attribution: True where the source must be named.
        page: Where people read it.
        aliases: Other IRIs that mean it.
    """

    german_iri: str = ""
    needs_attribution: bool = False
    page: str = ""
    aliases: tuple[str, ...] = field(default=())


class Vocabulary(Generic[TermT]):
    """Terms that can be found by code, by IRI and by name."""

    def __init__(self, terms: Iterable[TermT]) -> None:
        self.terms = tuple(terms)
        self._by_code = {term.code: term for term in self.terms}
        self._by_iri = {_plain(iri): term for term in self.terms for iri in _iris(term)}

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.terms)

    def by_code(self, code: str) -> TermT | None:
        """Return the term with that code."""
        return self._by_code.get(code)

    def by_iri(self, iri: str) -> TermT | None:
        """Return the term that an IRI means; http or https and a slash at the end do not matter."""
        return self._by_iri.get(_plain(iri))

    def by_text(self, text: str) -> TermT | None:
        """Return the term that a code, an IRI or a name in any language means."""
        wanted = text.strip().lower()
        named = (
            term
            for term in self.terms
            if wanted == term.code.lower() or wanted in (name.lower() for name in term.names.values())
        )
        return self.by_iri(text) or next(named, None)


def _iris(term: Term) -> tuple[str, ...]:
    if isinstance(term, Licence):
        return tuple(filter(None, (term.iri, term.german_iri, term.page, *term.aliases)))
    return (term.iri,)


def _plain(iri: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", iri.strip()).rstrip("/").lower()


def _table(table: str, rows: str) -> Iterable[Term]:
    """Yield the terms of a table written as ``CODE | de | it | en``, a line each."""
    for line in rows.strip().splitlines():
        code, german, italian, english = (part.strip() for part in line.split("|"))
        yield Term(code, f"{AUTHORITY}/{table}/{code}", {"de": german, "it": italian, "en": english})


THEMES = Vocabulary(
    _table(
        "data-theme",
        """
        AGRI | Landwirtschaft, Fischerei, Forstwirtschaft und Nahrungsmittel | Agricoltura, pesca, silvicoltura e prodotti alimentari | Agriculture, fisheries, forestry and food
        ECON | Wirtschaft und Finanzen | Economia e finanze | Economy and finance
        EDUC | Bildung, Kultur und Sport | Istruzione, cultura e sport | Education, culture and sport
        ENER | Energie | Energia | Energy
        ENVI | Umwelt | Ambiente | Environment
        GOVE | Regierung und öffentlicher Sektor | Governo e settore pubblico | Government and public sector
        HEAL | Gesundheit | Salute | Health
        INTR | Internationale Themen | Tematiche internazionali | International issues
        JUST | Justiz, Rechtssystem und öffentliche Sicherheit | Giustizia, sistema giuridico e sicurezza pubblica | Justice, legal system and public safety
        REGI | Regionen und Städte | Regioni e città | Regions and cities
        SOCI | Bevölkerung und Gesellschaft | Popolazione e società | Population and society
        TECH | Wissenschaft und Technologie | Scienza e tecnologia | Science and technology
        TRAN | Verkehr | Trasporti | Transport
        """,
    )
)
FREQUENCIES = Vocabulary(
    _table(
        "frequency",
        """
        CONT | kontinuierlich | continuo | continuous
        UPDATE_CONT | laufend aktualisiert | aggiornato in continuo | continuously updated
        DAILY | täglich | quotidiano | daily
        WEEKLY | wöchentlich | settimanale | weekly
        BIWEEKLY | vierzehntäglich | quindicinale | fortnightly
        MONTHLY | monatlich | mensile | monthly
        BIMONTHLY | zweimonatlich | bimestrale | every two months
        QUARTERLY | vierteljährlich | trimestrale | quarterly
        ANNUAL_2 | halbjährlich | semestrale | twice a year
        ANNUAL | jährlich | annuale | annual
        BIENNIAL | alle zwei Jahre | biennale | every two years
        TRIENNIAL | alle drei Jahre | triennale | every three years
        IRREG | unregelmäßig | irregolare | irregular
        NEVER | nie | mai | never
        UNKNOWN | unbekannt | sconosciuto | unknown
        OTHER | andere | altro | other
        """,
    )
)
ACCESS_RIGHTS = Vocabulary(
    _table(
        "access-right",
        """
        PUBLIC | öffentlich | pubblico | public
        RESTRICTED | eingeschränkt | limitato | restricted
        NON_PUBLIC | nicht öffentlich | non pubblico | not public
        """,
    )
)
LANGUAGES = Vocabulary(
    _table(
        "language",
        """
        DEU | Deutsch | tedesco | German
        ITA | Italienisch | italiano | Italian
        ENG | Englisch | inglese | English
        FRA | Französisch | francese | French
        POL | Polnisch | polacco | Polish
        RON | Rumänisch | rumeno | Romanian
        NLD | Niederländisch | neerlandese | Dutch
        ELL | Griechisch | greco | Greek
        BUL | Bulgarisch | bulgaro | Bulgarian
        TUR | Türkisch | turco | Turkish
        MUL | mehrsprachig | multilingue | multilingual
        """,
    )
)
LANGUAGE_CODES = {"de": "DEU", "it": "ITA", "en": "ENG"}
AVAILABILITIES = Vocabulary(
    _table(
        "planned-availability",
        """
        STABLE | stabil | stabile | stable
        AVAILABLE | verfügbar | disponibile | available
        EXPERIMENTAL | experimentell | sperimentale | experimental
        TEMPORARY | vorübergehend | temporanea | temporary
        """,
    )
)
HVD_CATEGORIES = Vocabulary(
    Term(code, f"http://data.europa.eu/bna/{code}", {"de": german, "it": italian, "en": english})
    for code, german, italian, english in (
        ("c_ac64a52d", "Georaum", "Dati geospaziali", "Geospatial"),
        ("c_dd313021", "Erdbeobachtung und Umwelt", "Osservazione della terra e ambiente", "Earth observation and environment"),
        ("c_164e0bf5", "Meteorologie", "Dati meteorologici", "Meteorological"),
        ("c_e1da4e07", "Statistik", "Statistiche", "Statistics"),
        ("c_a9135398", "Unternehmen und Eigentümerschaft", "Imprese e proprietà delle imprese", "Companies and company ownership"),
        ("c_b79e35eb", "Mobilität", "Mobilità", "Mobility"),
    )
)
GEOCODING_LEVELS = Vocabulary(
    Term(code, f"http://dcat-ap.de/def/politicalGeocoding/Level/{code}", {"de": german, "it": italian, "en": english})
    for code, german, italian, english in (
        ("municipality", "Gemeinde", "comune", "municipality"),
        ("administrativeDistrict", "Kreis", "provincia", "administrative district"),
        ("state", "Land", "regione", "state"),
        ("federal", "Bund", "Stato", "federal"),
    )
)


def _licence(
    code: str, name: str, german: str = "", *, by: bool, page: str, iri: str = "", aliases: tuple[str, ...] = ()
) -> Licence:
    german_iri = f"{DE_LICENCES}/{german}" if german else ""
    names = {"de": name, "it": name, "en": name}
    return Licence(code, iri or f"{AUTHORITY}/licence/{code}", names, german_iri, by, page, aliases)


LICENCES = Vocabulary(
    (
        _licence("CC_BY_4_0", "CC BY 4.0", "cc-by/4.0", by=True, page="https://creativecommons.org/licenses/by/4.0/"),
        _licence("CC0", "CC0 1.0", "cc-zero", by=False, page="https://creativecommons.org/publicdomain/zero/1.0/"),
        _licence("CC_BY_SA_4_0", "CC BY-SA 4.0", "cc-by-sa/4.0", by=True, page="https://creativecommons.org/licenses/by-sa/4.0/"),
        _licence(
            "DL_DE_BY_2_0",
            "Datenlizenz Deutschland – Namensnennung 2.0",
            "dl-by-de/2.0",
            by=True,
            page="https://www.govdata.de/dl-de/by-2-0",
            iri=f"{DE_LICENCES}/dl-by-de/2.0",
        ),
        _licence(
            "DL_DE_ZERO_2_0",
            "Datenlizenz Deutschland – Zero 2.0",
            "dl-zero-de/2.0",
            by=False,
            page="https://www.govdata.de/dl-de/zero-2-0",
            iri=f"{DE_LICENCES}/dl-zero-de/2.0",
        ),
        _licence("ODC_BL", "ODbL 1.0", "odbl", by=True, page="https://opendatacommons.org/licenses/odbl/1-0/"),
        _licence(
            "IODL_2_0", "IODL 2.0", by=True, page="https://www.dati.gov.it/content/italian-open-data-license-v20",
            iri="https://w3id.org/italia/controlled-vocabulary/licences/A21_IODL20",
        ),
    )
)


def _file_types(rows: str) -> Iterable[FileType]:
    """Yield file types written as ``CODE | name | media type | extensions | flags (m n)``, a line each."""
    for line in rows.strip().splitlines():
        code, name, media_type, extensions, flags = (part.strip() for part in line.split("|"))
        names = {"de": name, "it": name, "en": name}
        yield FileType(
            code,
            f"{AUTHORITY}/file-type/{code}",
            names,
            media_type,
            tuple(extensions.split()),
            "m" in flags,
            "n" in flags,
        )


FILE_TYPES = Vocabulary(
    _file_types(
        """
        CSV | CSV | text/csv | csv | m n
        TSV | TSV | text/tab-separated-values | tsv tab | m n
        JSON | JSON | application/json | json jsonl ndjson | m n
        GEOJSON | GeoJSON | application/geo+json | geojson | m n
        JSON_LD | JSON-LD | application/ld+json | jsonld | m n
        XML | XML | application/xml | xml | m n
        RDF_XML | RDF/XML | application/rdf+xml | rdf | m n
        RDF_TURTLE | Turtle | text/turtle | ttl | m n
        RDF_N_TRIPLES | N-Triples | application/n-triples | nt | m n
        PARQUET | Parquet | application/vnd.apache.parquet | parquet | m n
        XLSX | Excel (XLSX) | application/vnd.openxmlformats-officedocument.spreadsheetml.sheet | xlsx | m
        XLS | Excel (XLS) | application/vnd.ms-excel | xls | m
        ODS | OpenDocument | application/vnd.oasis.opendocument.spreadsheet | ods | m n
        SHP | Shapefile | application/vnd.shp | shp | m
        GPKG | GeoPackage | application/geopackage+sqlite3 | gpkg | m n
        KML | KML | application/vnd.google-earth.kml+xml | kml | m n
        KMZ | KMZ | application/vnd.google-earth.kmz | kmz | m n
        GML | GML | application/gml+xml | gml | m n
        GPX | GPX | application/gpx+xml | gpx | m n
        ICS | iCalendar | text/calendar | ics | m n
        RSS | RSS | application/rss+xml | rss | m n
        ATOM | Atom | application/atom+xml | atom | m n
        NETCDF | NetCDF | application/netcdf | nc | m n
        TXT | Text | text/plain | txt | n
        HTML | HTML | text/html | html htm | n
        PDF | PDF | application/pdf | pdf |
        DOCX | Word (DOCX) | application/vnd.openxmlformats-officedocument.wordprocessingml.document | docx |
        PNG | PNG | image/png | png | n
        JPEG | JPEG | image/jpeg | jpg jpeg |
        TIFF | TIFF | image/tiff | tif tiff | n
        ZIP | ZIP | application/zip | zip | n
        GZIP | gzip | application/gzip | gz | n
        WMS_SRVC | WMS | | | n
        WFS_SRVC | WFS | | | n
        """
    )
)


def file_type_of(filename: str, media_type: str = "") -> FileType | None:
    """Return the file type that a name or a media type shows; the name counts more.

    >>> file_type_of("baeume.csv").code
    'CSV'
    """
    extension = PurePosixPath(filename.lower()).suffix.lstrip(".")
    by_name = (each for each in FILE_TYPES.terms if extension and extension in each.extensions)
    by_media_type = (each for each in FILE_TYPES.terms if media_type and each.media_type == media_type.lower())
    return next(by_name, None) or next(by_media_type, None)


def media_type_iri(media_type: str) -> str:
    """Return the IRI of an IANA media type."""
    return f"{IANA}/{media_type}" if media_type else ""

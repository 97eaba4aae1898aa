"""Terms of the EU authority tables, of DCAT-AP.de and of licences: IRI, code, names. Nothing is fetched.

Source: Publications Office of the European Union, authority tables; GovData, lists of DCAT-AP.de 3.0.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

from tandem.catalogue.domain import vocabulary_rows

TermT = TypeVar("TermT", bound="Term")

AUTHORITY = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
DE_LICENCES = "http://dcat-ap.de/def/licenses"
DE_LEVELS = "http://dcat-ap.de/def/politicalGeocoding/Level"
NUTS = "http://data.europa.eu/nuts/code"
PUBLISHER_TYPES = "http://purl.org/adms/publishertype"
INSPIRE_ROLES = "http://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole"
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
        spdx: Its name in the SPDX list of licences, or empty.
    """

    german_iri: str = ""
    needs_attribution: bool = False
    page: str = ""
    aliases: tuple[str, ...] = field(default=())
    spdx: str = ""


class Vocabulary(Generic[TermT]):
    """Terms that can be found by code, by IRI and by name.

    Attributes:
        terms: Those to choose from.
        known: Those and all others that are understood where a partner uses them.
        scheme: IRI of the table.
    """

    def __init__(self, terms: Iterable[TermT], *, scheme: str, also: Iterable[TermT] = ()) -> None:
        self.terms, self.scheme = tuple(terms), scheme
        self.known = (*self.terms, *also)
        self._by_code: dict[str, TermT] = {}
        self._by_iri: dict[str, TermT] = {}
        for term in self.known:
            self._by_code.setdefault(term.code, term)
            for iri in _iris(term):
                self._by_iri.setdefault(_plain(iri), term)

    def __iter__(self) -> Iterator[TermT]:
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
            for term in self.known
            if wanted == term.code.lower() or wanted in (name.lower() for name in term.names.values())
        )
        return self.by_iri(text) or next(named, None)


def _iris(term: Term) -> tuple[str, ...]:
    if isinstance(term, Licence):
        return tuple(filter(None, (term.iri, term.german_iri, term.page, *term.aliases)))
    return (term.iri,)


def _plain(iri: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", iri.strip()).rstrip("/#").lower()


def _rows(base: str, rows: str) -> Iterable[Term]:
    """Yield terms written as ``CODE | de | it | en``, a line each; ``base`` begins their IRIs."""
    for line in rows.strip().splitlines():
        code, german, italian, english = (part.strip() for part in line.split("|"))
        yield Term(code, f"{base}/{code}", {"de": german, "it": italian, "en": english})


def _table(table: str, rows: str) -> Iterable[Term]:
    """Yield the terms of an authority table."""
    return _rows(f"{AUTHORITY}/{table}", rows)


def _vocabulary(table: str, rows: str, *, also: str = "") -> Vocabulary[Term]:
    return Vocabulary(_table(table, rows), scheme=f"{AUTHORITY}/{table}", also=_table(table, also))


THEMES = _vocabulary(
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
    """,  # noqa: E501 - one term a line
    also="""
    OP_DATPRO | Vorläufige Daten | Dati provvisori | Provisional data
    """,
)
FREQUENCIES = _vocabulary(
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
    also="""
    HOURLY | stündlich | orario | hourly
    DAILY_2 | zweimal täglich | due volte al giorno | twice a day
    WEEKLY_2 | zweimal in der Woche | due volte alla settimana | twice a week
    WEEKLY_3 | dreimal in der Woche | tre volte alla settimana | three times a week
    MONTHLY_2 | zweimal im Monat | due volte al mese | twice a month
    MONTHLY_3 | dreimal im Monat | tre volte al mese | three times a month
    ANNUAL_3 | dreimal im Jahr | tre volte all’anno | three times a year
    QUADRENNIAL | alle vier Jahre | quadriennale | every four years
    QUINQUENNIAL | alle fünf Jahre | quinquennale | every five years
    DECENNIAL | alle zehn Jahre | decennale | every ten years
    AS_NEEDED | bei Bedarf | secondo necessità | as needed
    NOT_PLANNED | nicht geplant | non previsto | not planned
    OP_DATPRO | Vorläufige Daten | Dati provvisori | Provisional data
    """,
)
ACCESS_RIGHTS = _vocabulary(
    "access-right",
    """
    PUBLIC | öffentlich | pubblico | public
    RESTRICTED | eingeschränkt | limitato | restricted
    NON_PUBLIC | nicht öffentlich | non pubblico | not public
    """,
    also="""
    CONFIDENTIAL | vertraulich | riservato | confidential
    SENSITIVE | sensibel | sensibile | sensitive
    NORMAL | normal | normale | normal
    """,
)
LANGUAGES = _vocabulary(
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
LANGUAGE_CODES = {"de": "DEU", "it": "ITA", "en": "ENG"}
AVAILABILITIES = _vocabulary(
    "planned-availability",
    """
    STABLE | stabil | stabile | stable
    AVAILABLE | verfügbar | disponibile | available
    EXPERIMENTAL | experimentell | sperimentale | experimental
    TEMPORARY | vorübergehend | temporanea | temporary
    """,
    also="""
    OP_DATPRO | Vorläufige Daten | Dati provvisori | Provisional data
    """,
)
HVD_CATEGORIES = Vocabulary(
    (
        Term(code, f"http://data.europa.eu/bna/{code}", {"de": german, "it": italian, "en": english})
        for code, german, italian, english in (
            ("c_ac64a52d", "Georaum", "Dati geospaziali", "Geospatial"),
            (
                "c_dd313021",
                "Erdbeobachtung und Umwelt",
                "Osservazione della terra e ambiente",
                "Earth observation and environment",
            ),
            ("c_164e0bf5", "Meteorologie", "Dati meteorologici", "Meteorological"),
            ("c_e1da4e07", "Statistik", "Statistiche", "Statistics"),
            (
                "c_a9135398",
                "Unternehmen und Eigentümerschaft",
                "Imprese e proprietà delle imprese",
                "Companies and company ownership",
            ),
            ("c_b79e35eb", "Mobilität", "Mobilità", "Mobility"),
        )
    ),
    scheme="http://data.europa.eu/bna/asd487ae75",
)


STATUSES = _vocabulary("distribution-status", vocabulary_rows.STATUSES)
DATASET_TYPES = _vocabulary("dataset-type", vocabulary_rows.DATASET_TYPES)
CORPORATE_BODIES = _vocabulary("corporate-body", vocabulary_rows.CORPORATE_BODIES)
COUNTRIES = _vocabulary("country", vocabulary_rows.COUNTRIES)
CITIES = _vocabulary("place", vocabulary_rows.PLACES)
REGIONS = Vocabulary(_rows(NUTS, vocabulary_rows.REGIONS), scheme=NUTS)
PLACES = Vocabulary((*CITIES, *REGIONS, *COUNTRIES), scheme=f"{AUTHORITY}/place")
AGENT_KINDS = Vocabulary(_rows(PUBLISHER_TYPES, vocabulary_rows.AGENT_KINDS), scheme=f"{PUBLISHER_TYPES}/1.0")
ROLES = Vocabulary(_rows(INSPIRE_ROLES, vocabulary_rows.ROLES), scheme=INSPIRE_ROLES)


def _level(code: str, german: str, italian: str, english: str) -> Term:
    return Term(code, f"{DE_LEVELS}/{code}", {"de": german, "it": italian, "en": english})


GEOCODING_LEVELS = Vocabulary(
    (
        _level("municipality", "Gemeinde", "comune", "municipality"),
        _level("administrativeDistrict", "Kreis", "provincia", "administrative district"),
        _level("state", "Land", "regione", "state"),
        _level("federal", "Bund", "Stato", "federal"),
    ),
    scheme=DE_LEVELS,
    also=(
        _level("european", "Europäische Union", "Unione europea", "European Union"),
        _level("international", "international", "internazionale", "international"),
    ),
)


def _licence(
    code: str,
    name: str,
    german: str = "",
    *,
    by: bool,
    page: str = "",
    iri: str = "",
    aliases: tuple[str, ...] = (),
    spdx: str = "",
) -> Licence:
    german_iri = f"{DE_LICENCES}/{german}" if german else ""
    names = {"de": name, "it": name, "en": name}
    own = iri or (german_iri if not page else f"{AUTHORITY}/licence/{code}")
    names_of_spdx = (
        (f"https://spdx.org/licenses/{spdx}", f"https://spdx.org/licenses/{spdx}.html") if spdx else ()
    )
    return Licence(code, own, names, german_iri, by, page, (*aliases, *names_of_spdx), spdx)


_CC = "https://creativecommons.org/licenses"
_ODC = "https://opendatacommons.org/licenses"
_ITALIAN_LICENCES = "https://w3id.org/italia/controlled-vocabulary/licences"
LICENCES = Vocabulary(
    (
        _licence(
            "CC_BY_4_0",
            "CC BY 4.0",
            "cc-by/4.0",
            by=True,
            page=f"{_CC}/by/4.0/",
            aliases=(f"{_CC}/by/4.0/deed.de", f"{_CC}/by/4.0/deed.it", f"{_ITALIAN_LICENCES}/A21_CCBY40"),
            spdx="CC-BY-4.0",
        ),
        _licence(
            "CC0",
            "CC0 1.0",
            "cc-zero",
            by=False,
            page="https://creativecommons.org/publicdomain/zero/1.0/",
            aliases=(f"{_ITALIAN_LICENCES}/A11_CCO10",),
            spdx="CC0-1.0",
        ),
        _licence(
            "CC_BY_SA_4_0",
            "CC BY-SA 4.0",
            "cc-by-sa/4.0",
            by=True,
            page=f"{_CC}/by-sa/4.0/",
            iri=f"{AUTHORITY}/licence/CC_BYSA_4_0",
            aliases=(f"{AUTHORITY}/licence/CC_BY_SA_4_0",),
            spdx="CC-BY-SA-4.0",
        ),
        _licence(
            "DL_DE_BY_2_0",
            "Datenlizenz Deutschland – Namensnennung 2.0",
            "dl-by-de/2.0",
            by=True,
            page="https://www.govdata.de/dl-de/by-2-0",
            iri=f"{DE_LICENCES}/dl-by-de/2.0",
            spdx="DL-DE-BY-2.0",
        ),
        _licence(
            "DL_DE_ZERO_2_0",
            "Datenlizenz Deutschland – Zero 2.0",
            "dl-zero-de/2.0",
            by=False,
            page="https://www.govdata.de/dl-de/zero-2-0",
            iri=f"{DE_LICENCES}/dl-zero-de/2.0",
            spdx="DL-DE-ZERO-2.0",
        ),
        _licence(
            "ODC_BL",
            "ODbL 1.0",
            "odbl",
            by=True,
            page="https://opendatacommons.org/licenses/odbl/1-0/",
            aliases=("https://opendatacommons.org/licenses/odbl/",),
            spdx="ODbL-1.0",
        ),
        _licence(
            "IODL_2_0",
            "IODL 2.0",
            by=True,
            page="https://www.dati.gov.it/content/italian-open-data-license-v20",
            iri=f"{_ITALIAN_LICENCES}/A21_IODL20",
            aliases=("https://www.dati.gov.it/iodl/2.0/",),
        ),
    ),
    scheme=f"{AUTHORITY}/licence",
    also=(
        _licence("CC_BY", "CC BY", "cc-by", by=True),
        _licence(
            "CC_BY_3_0_DE",
            "CC BY 3.0 DE",
            "cc-by-de/3.0",
            by=True,
            aliases=(f"{_CC}/by/3.0/de/",),
            spdx="CC-BY-3.0-DE",
        ),
        _licence("CC_BY_3_0", "CC BY 3.0", by=True, page=f"{_CC}/by/3.0/", spdx="CC-BY-3.0"),
        _licence("CC_BY_SA", "CC BY-SA", "cc-by-sa", by=True),
        _licence("CC_BY_SA_3_0_DE", "CC BY-SA 3.0 DE", "cc-by-sa-de/3.0", by=True, spdx="CC-BY-SA-3.0-DE"),
        _licence("CC_BY_ND", "CC BY-ND", "cc-by-nd", by=True),
        _licence("CC_BY_ND_3_0", "CC BY-ND 3.0", "cc-by-nd/3.0", by=True, spdx="CC-BY-ND-3.0"),
        _licence(
            "CC_BYND_4_0",
            "CC BY-ND 4.0",
            "cc-by-nd/4.0",
            by=True,
            page=f"{_CC}/by-nd/4.0/",
            spdx="CC-BY-ND-4.0",
        ),
        _licence("CC_BY_NC", "CC BY-NC", "cc-by-nc", by=True),
        _licence("CC_BY_NC_3_0_DE", "CC BY-NC 3.0 DE", "cc-by-nc-de/3.0", by=True, spdx="CC-BY-NC-3.0-DE"),
        _licence(
            "CC_BYNC_4_0",
            "CC BY-NC 4.0",
            "cc-by-nc/4.0",
            by=True,
            page=f"{_CC}/by-nc/4.0/",
            spdx="CC-BY-NC-4.0",
        ),
        _licence("PDM", "Public Domain Mark 1.0", "ccpdm/1.0", by=False),
        _licence("DL_DE_BY_1_0", "Datenlizenz Deutschland – Namensnennung 1.0", "dl-by-de/1.0", by=True),
        _licence(
            "DL_DE_BY_NC_1_0",
            "Datenlizenz Deutschland – Namensnennung – nicht kommerziell 1.0",
            "dl-by-nc-de/1.0",
            by=True,
        ),
        _licence("GEONUTZ_2013_10", "GeoNutzV", "geoNutz/20131001", by=True),
        _licence("GEONUTZ_2013_03", "GeoNutzV (Bund)", "geonutz/20130319", by=True),
        _licence("ODC_BY", "ODC-By 1.0", "odby", by=True, page=f"{_ODC}/by/1-0/", spdx="ODC-By-1.0"),
        _licence("ODC_PDDL", "PDDL 1.0", "odcpddl", by=False, page=f"{_ODC}/pddl/1-0/", spdx="PDDL-1.0"),
        _licence("OFFICIAL_WORK", "Amtliches Werk (§ 5 UrhG)", "officialWork", by=False),
        _licence("OTHER_OPEN", "andere offene Lizenz", "other-open", by=True),
        _licence("OTHER_OPENSOURCE", "andere Open-Source-Lizenz", "other-opensource", by=True),
        _licence("OTHER_FREEWARE", "andere kostenfreie Lizenz", "other-freeware", by=True),
        _licence("OTHER_COMMERCIAL", "andere kommerzielle Lizenz", "other-commercial", by=True),
        _licence("OTHER_CLOSED", "andere eingeschränkte Lizenz", "other-closed", by=True),
        _licence("APACHE", "Apache License", "apache", by=True),
        _licence("BSD", "BSD License", "bsd", by=True),
        _licence("GFDL", "GNU Free Documentation License", "gfdl", by=True),
        _licence("GPL_3_0", "GNU GPL 3.0", "gpl/3.0", by=True, spdx="GPL-3.0-only"),
        _licence("MPL", "Mozilla Public License", "mozilla", by=True),
        _licence(
            "COM_REUSE",
            "European Commission reuse notice",
            by=True,
            page="http://data.europa.eu/eli/dec/2011/833/oj",
        ),
    ),
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
    ),
    scheme=f"{AUTHORITY}/file-type",
    also=_file_types(
        """
        RDF | RDF | application/rdf+xml | | m n
        RDF_N_QUADS | N-Quads | application/n-quads | nq | m n
        RDF_TRIG | TriG | application/trig | trig | m n
        RDFA | RDFa | | | m n
        OWL | OWL | | owl | m n
        N3 | N3 | text/n3 | n3 | m n
        SPARQLQ | SPARQL | application/sparql-query | rq | n
        XHTML | XHTML | application/xhtml+xml | xhtml | n
        MAP_SRVC | Map service | | |
        MAP_PRVW | Map preview | | |
        REST | REST API | | |
        WCS_SRVC | WCS | | | n
        WMTS_SRVC | WMTS | | | n
        SDMX | SDMX | application/vnd.sdmx.structurespecificdata+xml | | m n
        DOC | Word (DOC) | application/msword | doc |
        ODT | OpenDocument text | application/vnd.oasis.opendocument.text | odt | n
        ODP | OpenDocument presentation | application/vnd.oasis.opendocument.presentation | odp | n
        ODG | OpenDocument graphics | application/vnd.oasis.opendocument.graphics | odg | n
        RTF | RTF | application/rtf | rtf | n
        PPT | PowerPoint (PPT) | application/vnd.ms-powerpoint | ppt |
        PPTX | PowerPoint (PPTX) | application/vnd.openxmlformats-officedocument.presentationml.presentation | pptx |
        PDFA1A | PDF/A-1a | application/pdf | |
        PDFA1B | PDF/A-1b | application/pdf | |
        EPUB | EPUB | application/epub+zip | epub | n
        DBF | dBASE | application/vnd.dbf | dbf | n
        MDB | Access | application/vnd.ms-access | mdb |
        SQL | SQL | application/sql | sql | n
        GDB | Geodatabase | | gdb |
        LAS | LAS | application/vnd.las | las | n
        LAZ | LAZ | application/vnd.laszip | laz | n
        GRID_ASCII | ASCII grid | | asc | n
        ECW | ECW | | ecw |
        DXF | DXF | image/vnd.dxf | dxf |
        XYZ | XYZ | | xyz | n
        TAB | MapInfo TAB | | |
        BMP | BMP | image/bmp | bmp | n
        GIF | GIF | image/gif | gif |
        JPEG2000 | JPEG 2000 | image/jp2 | jp2 | n
        SVG | SVG | image/svg+xml | svg | n
        EPS | EPS | application/postscript | eps |
        MP3 | MP3 | audio/mpeg | mp3 |
        MPEG4 | MPEG-4 | video/mp4 | |
        HDF | HDF | application/x-hdf5 | hdf h5 | n
        TAR | TAR | application/x-tar | tar | n
        TAR_GZ | TAR.GZ | application/gzip | tgz | n
        7Z | 7-Zip | application/x-7z-compressed | 7z | n
        BIN | binary | application/octet-stream | bin |
        """
    ),
)


VOCABULARIES: tuple[Vocabulary[Any], ...] = (
    THEMES,
    FREQUENCIES,
    ACCESS_RIGHTS,
    LANGUAGES,
    AVAILABILITIES,
    HVD_CATEGORIES,
    GEOCODING_LEVELS,
    LICENCES,
    FILE_TYPES,
    STATUSES,
    DATASET_TYPES,
    CORPORATE_BODIES,
    COUNTRIES,
    CITIES,
    REGIONS,
    AGENT_KINDS,
    ROLES,
)


@lru_cache(maxsize=20_000)
def term_of(iri: str) -> tuple[Term, str] | None:
    """Return the term of any vocabulary that has just this IRI, and the IRI of its scheme.

    A licence of DCAT-AP.de's list has the scheme of that list.
    """
    for vocabulary in VOCABULARIES:
        term: Term | None = vocabulary.by_iri(iri)
        if term and iri in {term.iri, getattr(term, "german_iri", "")}:
            return term, DE_LICENCES if iri.startswith(DE_LICENCES) else vocabulary.scheme
    return None


def file_type_of(filename: str, media_type: str = "") -> FileType | None:
    """Return the file type that a name or a media type shows; the name counts more.

    >>> file_type_of("baeume.csv").code
    'CSV'
    """
    extension = PurePosixPath(filename.lower()).suffix.lstrip(".")
    by_name = (each for each in FILE_TYPES.known if extension and extension in each.extensions)
    by_media_type = (
        each for each in FILE_TYPES.known if media_type and each.media_type == media_type.lower()
    )
    return next(by_name, None) or next(by_media_type, None)


def media_type_iri(media_type: str) -> str:
    """Return the IRI of an IANA media type."""
    return f"{IANA}/{media_type}" if media_type else ""

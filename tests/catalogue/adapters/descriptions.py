"""A dataset that is described in full, as a fixture and as a Hypothesis strategy."""

from dataclasses import replace

from hypothesis import strategies as st

from tandem.catalogue.adapters.dcat_write import Besides
from tandem.catalogue.adapters.rdf import from_lines, to_lines
from tandem.catalogue.adapters.rdf_blank import canonical
from tandem.catalogue.domain import vocabulary as v
from tandem.catalogue.domain.description import (
    AgentDescription,
    AttributionDescription,
    CatalogueDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    IdentifierDescription,
    PeriodOfTime,
    RelationDescription,
    SeriesDescription,
    ServiceDescription,
    StatementDescription,
    sort_key,
)

HAMM = "https://daten.hamm.example"
GERMAN = f"{v.AUTHORITY}/language/DEU"
GERMANY = f"{v.AUTHORITY}/country/DEU"
CITY = AgentDescription(
    {"de": "Stadt Hamm", "it": "Comune di Hamm"},
    iri=f"{HAMM}/id/publisher",
    kind="http://purl.org/adms/publishertype/LocalAuthority",
    homepage=f"{HAMM}/",
    mail="daten@hamm.example",
    identifier="c_h000",
)
OFFICE = AgentDescription({"de": "Grünflächenamt"}, iri=f"{HAMM}/id/agent/green")
OTHER = f"{HAMM}/id/shrubs"
FILE = DistributionDescription(
    iri=f"{HAMM}/id/trees/file/1",
    access_url=f"{HAMM}/trees",
    download_url=f"{HAMM}/trees.csv",
    titles={"de": "Tabelle"},
    descriptions={"de": "Alle Bäume als CSV"},
    format=f"{v.AUTHORITY}/file-type/CSV",
    media_type=f"{v.IANA}/text/csv",
    licence=f"{v.DE_LICENCES}/dl-by-de/2.0",
    attribution="Stadt Hamm",
    availability=f"{v.AUTHORITY}/planned-availability/STABLE",
    status=f"{v.AUTHORITY}/distribution-status/COMPLETED",
    package_format=f"{v.IANA}/application/zip",
    compress_format=f"{v.IANA}/application/gzip",
    services=(f"{HAMM}/id/service/trees",),
    conforms_to=(f"{HAMM}/standard",),
    pages=(f"{HAMM}/trees/manual",),
    policy=f"{HAMM}/policy",
    spatial_resolution="0.5",
    temporal_resolution="P1Y",
    byte_size=1_234,
    checksum="ab" * 32,
    issued="2024-01-01",
    modified="2024-05-01T10:00:00+02:00",
    languages=(GERMAN,),
    legislation=(v.HVD_LEGISLATION,),
)
TREES = DatasetDescription(
    iri=f"{HAMM}/id/trees",
    titles={"de": "Bäume", "it": "Alberi"},
    descriptions={"de": "Alle Straßenbäume", "it": "Tutti gli alberi"},
    keywords={"de": ("Baum", "Stadtgrün"), "it": ("alberi",)},
    themes=(f"{v.AUTHORITY}/data-theme/ENVI",),
    publisher=CITY,
    rights_holder=CITY,
    creators=(OFFICE,),
    originators=(OFFICE,),
    custodians=(OFFICE,),
    contributors=(CITY,),
    attributions=(AttributionDescription(OFFICE, f"{v.INSPIRE_ROLES}/processor"),),
    contacts=(
        ContactDescription(
            "Grünflächenamt",
            "gruen@hamm.example",
            f"{HAMM}/gruen",
            "+49-2381-17",
            kind="http://www.w3.org/2006/vcard/ns#Organization",
            organisation="Stadt Hamm",
            unit="Grünflächenamt",
            street="Markt 1",
            postal_code="59065",
            locality="Hamm",
            country="Deutschland",
        ),
    ),
    identifiers=("hamm-trees",),
    other_identifiers=(IdentifierDescription("10.1000/7", "http://purl.org/spar/datacite/doi"),),
    pages=(f"{HAMM}/trees/manual",),
    version="2024",
    version_notes={"de": "Neu gezählt", "it": "Contati di nuovo"},
    version_of=(OTHER,),
    previous_version=OTHER,
    in_series=(f"{HAMM}/id/series/green",),
    kinds=(f"{v.AUTHORITY}/dataset-type/GEOSPATIAL",),
    conforms_to=(f"{HAMM}/standard",),
    provenance=(StatementDescription({"de": "Vor Ort gezählt", "it": "Contati sul posto"}),),
    sources=(OTHER,),
    related=(OTHER,),
    relations=(RelationDescription(OTHER, f"{HAMM}/role/older"),),
    references=(OTHER,),
    spatial_resolution="0.5",
    temporal_resolution="P1Y",
    landing_page=f"{HAMM}/trees",
    frequency=f"{v.AUTHORITY}/frequency/ANNUAL",
    spatial=(GERMANY,),
    bounds=(7.6, 51.5, 8.0, 51.8),
    temporal=(PeriodOfTime("2020-01-01", "2023-12-31"),),
    languages=(GERMAN,),
    access_rights=f"{v.AUTHORITY}/access-right/PUBLIC",
    geocoding_level=f"{v.DE_LEVELS}/municipality",
    availability=f"{v.AUTHORITY}/planned-availability/STABLE",
    hvd_categories=("http://data.europa.eu/bna/c_ac64a52d",),
    legislation=(v.HVD_LEGISLATION,),
    issued="2024-01-01",
    modified="2024-05-01T10:00:00+02:00",
    distributions=(FILE,),
)
SHRUBS = replace(
    TREES,
    iri=OTHER,
    titles={"de": "Sträucher"},
    descriptions={"de": "Alle Sträucher"},
    distributions=(replace(FILE, iri=f"{HAMM}/id/shrubs/file/1"),),
    version_of=(),
    previous_version="",
    sources=(),
    related=(),
    relations=(),
    references=(),
)
SERVICE = ServiceDescription(
    iri=f"{HAMM}/id/service/trees",
    titles={"de": "Bäume abfragen", "it": "Interrogare gli alberi"},
    descriptions={"de": "OGC API Features"},
    keywords={"de": ("Baum",)},
    themes=TREES.themes,
    publisher=CITY,
    contacts=TREES.contacts,
    endpoint_urls=(f"{HAMM}/features",),
    endpoint_descriptions=(f"{HAMM}/features/api",),
    serves=(TREES.iri,),
    formats=(f"{v.AUTHORITY}/file-type/GEOJSON",),
    conforms_to=("http://www.opengis.net/spec/ogcapi-features-1/1.0",),
    pages=(f"{HAMM}/features/manual",),
    licence=f"{v.DE_LICENCES}/dl-by-de/2.0",
    attribution="Stadt Hamm",
    access_rights=f"{v.AUTHORITY}/access-right/PUBLIC",
    availability=f"{v.AUTHORITY}/planned-availability/STABLE",
    hvd_categories=TREES.hvd_categories,
    legislation=(v.HVD_LEGISLATION,),
)
SERIES = SeriesDescription(
    iri=f"{HAMM}/id/series/green",
    titles={"de": "Stadtgrün", "it": "Verde urbano"},
    descriptions={"de": "Jedes Jahr gezählt"},
    publisher=CITY,
    contacts=TREES.contacts,
    frequency=f"{v.AUTHORITY}/frequency/ANNUAL",
    spatial=(GERMANY,),
    temporal=(PeriodOfTime("2020-01-01", ""),),
    hvd_categories=TREES.hvd_categories,
    legislation=(v.HVD_LEGISLATION,),
    issued="2024-01-01",
    modified="2024-05-01",
)
BESIDES = Besides((SERVICE,), (SERIES,))
CATALOGUE = CatalogueDescription(
    f"{HAMM}/catalogue",
    {"de": "Offene Daten", "it": "Dati aperti"},
    {"de": "Alles", "it": "Tutto"},
    CITY,
    homepage=f"{HAMM}/",
    languages=(GERMAN,),
    licence=f"{v.AUTHORITY}/licence/CC_BY_4_0",
    spatial=(GERMANY,),
    modified="2024-05-01",
)

# --- any description that RDF can carry ---------------------------------------------------------
_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
TEXT = _texts.map(str.strip).filter(bool)
WORD = st.text("abcdefgh0123456789-", min_size=1, max_size=8)
IRI = WORD.map(lambda word: f"https://a.example/{word}")
MAYBE_IRI = st.just("") | IRI
IRIS = st.sets(IRI, max_size=3).map(lambda found: tuple(sorted(found)))
LANGUAGE = st.sampled_from(["de", "it", "en", "und"])
TEXTS = st.dictionaries(LANGUAGE, TEXT, max_size=3)
WORDS = st.dictionaries(
    LANGUAGE, st.sets(TEXT, min_size=1, max_size=3).map(lambda w: tuple(sorted(w))), max_size=3
)
DATE = st.just("") | st.dates().map(str) | st.datetimes().map(lambda d: d.replace(microsecond=0).isoformat())
DEGREES = st.floats(-80, 80, allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)
BOUNDS = st.just(()) | st.tuples(DEGREES, DEGREES, DEGREES, DEGREES).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)
LITERAL = TEXT.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


@st.composite
def _extra(draw: st.DrawFn, subject: str) -> tuple[str, ...]:
    """Draw statements of no known property, through a blank node and another within it."""
    if draw(st.booleans()):
        return ()
    lines = (
        f"<{subject}> <https://b.example/simple> {draw(LITERAL)} .",
        f"<{subject}> <https://b.example/nested> _:x .",
        "_:x <https://b.example/deep> _:y .",
        f"_:y <https://b.example/simple> {draw(LITERAL)} .",
    )
    return to_lines(canonical(from_lines(lines, scope="")))


AGENT = st.builds(
    AgentDescription,
    TEXTS,
    iri=MAYBE_IRI.map(lambda iri: iri and f"{iri}/agent"),
    kind=MAYBE_IRI,
    homepage=MAYBE_IRI,
    mail=st.just("") | WORD.map(lambda word: f"{word}@a.example"),
    identifier=st.just("") | WORD,
    extra=_extra("urn:tandem:self"),
).filter(lambda agent: agent != AgentDescription())
NAMELESS = AGENT.map(lambda agent: replace(agent, iri="")).filter(lambda agent: agent != AgentDescription())
MAYBE_WORD = st.just("") | WORD
MAYBE_TEXT = st.just("") | TEXT
CONTACT = st.builds(
    ContactDescription,
    name=TEXT,
    mail=st.just("") | WORD.map(lambda word: f"{word}@a.example"),
    url=MAYBE_IRI,
    phone=st.just("") | st.just("+49-2381-17"),
    kind=st.sampled_from(["", "http://www.w3.org/2006/vcard/ns#Organization"]),
    organisation=MAYBE_TEXT,
    unit=MAYBE_TEXT,
    role=MAYBE_TEXT,
    street=MAYBE_TEXT,
    postal_code=MAYBE_WORD,
    locality=MAYBE_TEXT,
    region=MAYBE_TEXT,
    country=MAYBE_TEXT,
    extra=_extra("urn:tandem:self"),
)
PERIOD = st.builds(PeriodOfTime, start=st.dates().map(str), end=DATE, extra=_extra("urn:tandem:self"))
DECIMAL = st.just("") | st.integers(0, 10_000).map(str) | st.just("0.5")
DURATION = st.sampled_from(["", "P1D", "PT15M", "P1Y2M"])


def several(parts: st.SearchStrategy) -> st.SearchStrategy:
    """Return up to two parts, in the order in which they are read."""
    return st.lists(parts, max_size=2, unique_by=sort_key).map(
        lambda found: tuple(sorted(found, key=sort_key))
    )


@st.composite
def distributions(draw: st.DrawFn, iri: str) -> DistributionDescription:
    drawn = draw(
        st.builds(
            DistributionDescription,
            iri=st.just(iri),
            access_url=MAYBE_IRI,
            download_url=MAYBE_IRI,
            titles=TEXTS,
            descriptions=TEXTS,
            format=MAYBE_IRI,
            media_type=MAYBE_IRI,
            compress_format=MAYBE_IRI,
            package_format=MAYBE_IRI,
            licence=MAYBE_IRI,
            attribution=MAYBE_TEXT,
            availability=MAYBE_IRI,
            status=MAYBE_IRI,
            byte_size=st.none() | st.integers(0, 10**14),
            checksum=st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64),
            issued=DATE,
            modified=DATE,
            rights=MAYBE_IRI,
            policy=MAYBE_IRI,
            spatial_resolution=DECIMAL,
            temporal_resolution=DURATION,
            languages=IRIS,
            services=IRIS,
            conforms_to=IRIS,
            pages=IRIS,
            legislation=IRIS,
        )
    )
    algorithm = draw(MAYBE_IRI) if drawn.checksum else ""
    return replace(drawn, checksum_algorithm=algorithm, extra=draw(_extra(iri)))


@st.composite
def datasets(draw: st.DrawFn, iri: str = "https://a.example/dataset/1") -> DatasetDescription:
    parts = [draw(distributions(f"{iri}/file/{number}")) for number in range(draw(st.integers(0, 2)))]
    self_extra = _extra("urn:tandem:self")
    return draw(
        st.builds(
            DatasetDescription,
            iri=st.just(iri),
            titles=TEXTS,
            descriptions=TEXTS,
            keywords=WORDS,
            themes=IRIS,
            publisher=st.none() | AGENT.map(lambda agent: replace(agent, iri=agent.iri and f"{iri}/agent")),
            rights_holder=st.none() | NAMELESS,
            creators=several(NAMELESS),
            contributors=several(NAMELESS),
            originators=several(NAMELESS),
            custodians=several(NAMELESS),
            contacts=several(CONTACT),
            attributions=several(
                st.builds(
                    AttributionDescription,
                    agent=NAMELESS,
                    role=MAYBE_IRI,
                    extra=self_extra,
                )
            ),
            identifiers=st.sets(WORD, max_size=2).map(lambda found: tuple(sorted(found))),
            other_identifiers=several(
                st.builds(IdentifierDescription, notation=TEXT, scheme=MAYBE_IRI, extra=self_extra)
            ),
            landing_page=MAYBE_IRI,
            pages=IRIS,
            frequency=MAYBE_IRI,
            spatial=IRIS,
            bounds=BOUNDS,
            spatial_resolution=DECIMAL,
            temporal=several(PERIOD),
            temporal_resolution=DURATION,
            languages=IRIS,
            access_rights=MAYBE_IRI,
            geocoding_level=MAYBE_IRI,
            geocoding_descriptions=TEXTS,
            availability=MAYBE_IRI,
            contributor_ids=IRIS,
            legal_bases=TEXTS,
            quality_process=MAYBE_IRI,
            hvd_categories=IRIS,
            legislation=IRIS,
            issued=DATE,
            modified=DATE,
            version=MAYBE_TEXT,
            version_notes=TEXTS,
            versions=IRIS,
            version_of=IRIS,
            previous_version=MAYBE_IRI,
            in_series=IRIS,
            kinds=IRIS,
            conforms_to=IRIS,
            provenance=several(st.builds(StatementDescription, TEXTS.filter(bool), extra=self_extra)),
            generated_by=IRIS,
            sources=IRIS,
            related=IRIS,
            relations=several(st.builds(RelationDescription, target=IRI, role=MAYBE_IRI, extra=self_extra)),
            references=IRIS,
            referenced_by=IRIS,
            samples=IRIS,
            distributions=st.just(tuple(parts)),
            extra=_extra(iri),
        )
    )


def services(iri: str = "https://a.example/service/1") -> st.SearchStrategy[ServiceDescription]:
    return st.builds(
        ServiceDescription,
        iri=st.just(iri),
        titles=TEXTS,
        descriptions=TEXTS,
        keywords=WORDS,
        themes=IRIS,
        publisher=st.none() | NAMELESS,
        rights_holder=st.none() | NAMELESS,
        creators=several(NAMELESS),
        contacts=several(CONTACT),
        identifiers=st.sets(WORD, max_size=2).map(lambda found: tuple(sorted(found))),
        endpoint_urls=IRIS,
        endpoint_descriptions=IRIS,
        serves=IRIS,
        formats=IRIS,
        languages=IRIS,
        conforms_to=IRIS,
        pages=IRIS,
        landing_page=MAYBE_IRI,
        licence=MAYBE_IRI,
        attribution=MAYBE_TEXT,
        rights=MAYBE_IRI,
        access_rights=MAYBE_IRI,
        availability=MAYBE_IRI,
        contributor_ids=IRIS,
        hvd_categories=IRIS,
        legislation=IRIS,
        issued=DATE,
        modified=DATE,
        extra=_extra(iri),
    )


def series(iri: str = "https://a.example/series/1") -> st.SearchStrategy[SeriesDescription]:
    return st.builds(
        SeriesDescription,
        iri=st.just(iri),
        titles=TEXTS,
        descriptions=TEXTS,
        keywords=WORDS,
        themes=IRIS,
        publisher=st.none() | NAMELESS,
        contacts=several(CONTACT),
        identifiers=st.sets(WORD, max_size=2).map(lambda found: tuple(sorted(found))),
        landing_page=MAYBE_IRI,
        frequency=MAYBE_IRI,
        spatial=IRIS,
        bounds=BOUNDS,
        temporal=several(PERIOD),
        languages=IRIS,
        contributor_ids=IRIS,
        hvd_categories=IRIS,
        legislation=IRIS,
        issued=DATE,
        modified=DATE,
        extra=_extra(iri),
    )

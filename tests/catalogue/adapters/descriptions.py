"""A dataset that is described in full, as a fixture and as a Hypothesis strategy."""

from dataclasses import replace

from hypothesis import strategies as st

from tandem.catalogue.adapters.rdf import from_lines, to_lines
from tandem.catalogue.adapters.rdf_blank import canonical
from tandem.catalogue.domain import vocabulary as v
from tandem.catalogue.domain.description import (
    AgentDescription,
    CatalogueDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
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
    contacts=(ContactDescription("Grünflächenamt", "gruen@hamm.example", f"{HAMM}/gruen", "+49-2381-17"),),
    identifiers=("hamm-trees",),
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
CONTACT = st.builds(
    ContactDescription,
    name=TEXT,
    mail=st.just("") | WORD.map(lambda word: f"{word}@a.example"),
    url=MAYBE_IRI,
    extra=_extra("urn:tandem:self"),
)
PERIOD = st.builds(PeriodOfTime, start=st.dates().map(str), end=DATE)


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
            licence=MAYBE_IRI,
            attribution=st.just("") | TEXT,
            byte_size=st.none() | st.integers(0, 10**14),
            checksum=st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64),
            issued=DATE,
            modified=DATE,
            rights=MAYBE_IRI,
            languages=IRIS,
            legislation=IRIS,
        )
    )
    return replace(drawn, extra=draw(_extra(iri)))


@st.composite
def datasets(draw: st.DrawFn, iri: str = "https://a.example/dataset/1") -> DatasetDescription:
    parts = [draw(distributions(f"{iri}/file/{number}")) for number in range(draw(st.integers(0, 2)))]
    several = {"max_size": 2, "unique_by": str}
    return draw(
        st.builds(
            DatasetDescription,
            iri=st.just(iri),
            titles=TEXTS,
            descriptions=TEXTS,
            keywords=WORDS,
            themes=IRIS,
            publisher=st.none() | AGENT.map(lambda agent: replace(agent, iri=agent.iri and f"{iri}/agent")),
            rights_holder=st.none(),
            contacts=st.lists(CONTACT, **several).map(lambda found: tuple(sorted(found, key=str))),
            identifiers=st.sets(WORD, max_size=2).map(lambda found: tuple(sorted(found))),
            landing_page=MAYBE_IRI,
            frequency=MAYBE_IRI,
            spatial=IRIS,
            bounds=BOUNDS,
            temporal=st.lists(PERIOD, **several).map(lambda found: tuple(sorted(found, key=str))),
            languages=IRIS,
            access_rights=MAYBE_IRI,
            geocoding_level=MAYBE_IRI,
            availability=MAYBE_IRI,
            hvd_categories=IRIS,
            legislation=IRIS,
            issued=DATE,
            modified=DATE,
            distributions=st.just(tuple(parts)),
            extra=_extra(iri),
        )
    )

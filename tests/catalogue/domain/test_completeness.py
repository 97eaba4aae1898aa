from dataclasses import replace

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.completeness import MOST_POINTS, Need, assess, missing
from tandem.catalogue.domain.description import (
    AgentDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
    PeriodOfTime,
)
from tandem.catalogue.domain.vocabulary import AUTHORITY, IANA

FILE = DistributionDescription(
    iri="https://example.org/f",
    access_url="https://example.org/f.csv",
    download_url="https://example.org/f.csv",
    format=f"{AUTHORITY}/file-type/CSV",
    media_type=f"{IANA}/text/csv",
    licence="http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    attribution="Stadt Hamm",
    byte_size=10,
    rights="https://example.org/rights",
)
BEST = DatasetDescription(
    iri="https://example.org/d",
    titles={"de": "Bäume"},
    descriptions={"de": "Alle Bäume"},
    keywords={"de": ("Baum",)},
    themes=(f"{AUTHORITY}/data-theme/ENVI",),
    publisher=AgentDescription({"de": "Stadt Hamm"}),
    contacts=(ContactDescription(mail="daten@example.org"),),
    spatial=("https://example.org/hamm",),
    temporal=(PeriodOfTime("2024-01-01"),),
    access_rights=f"{AUTHORITY}/access-right/PUBLIC",
    geocoding_level="http://dcat-ap.de/def/politicalGeocoding/Level/municipality",
    availability=f"{AUTHORITY}/planned-availability/STABLE",
    issued="2024-02-01",
    modified="2024-02-01",
    distributions=(FILE,),
)
ANSWERS = {FILE.access_url: True}


def test_a_complete_description_has_all_points():
    found = assess(BEST, reachable=ANSWERS, valid=True)

    assert (found.points, found.band, found.next_steps()) == (MOST_POINTS, "excellent", [])
    assert sum(each.points for each in found.indicators) == MOST_POINTS


def test_nothing_said_is_worth_nothing():
    assert assess(DatasetDescription(iri="x"), reachable={}, valid=False).points == 0


def test_the_best_distribution_counts():
    poor = DistributionDescription(iri="https://example.org/p", access_url="https://example.org/p.pdf")

    found = assess(replace(BEST, distributions=(poor, FILE)), reachable=ANSWERS, valid=True)

    assert found.points == MOST_POINTS


def test_steps_name_the_field_that_brings_most():
    found = assess(replace(BEST, keywords={}, issued=""), reachable=ANSWERS, valid=True)

    assert found.next_steps() == [("keywords", 30), ("issued", 5)]
    assert (found.worth("keywords"), found.missing_points("themes")) == (30, 0)


def test_german_profile_asks_for_licence_and_attribution():
    no_text = replace(BEST, distributions=(replace(FILE, attribution=""),))

    assert missing(BEST, profile="de") == {}
    assert missing(no_text, profile="de") == {"attribution": Need.MANDATORY}
    assert missing(replace(BEST, publisher=None), profile="eu") == {"publisher": Need.RECOMMENDED}


def test_italian_profile_asks_for_more():
    assert set(missing(BEST, profile="it")) == {"identifier", "frequency", "rights_holder"}


def test_a_high_value_dataset_names_its_category_and_the_law_on_each_file():
    law = vocabulary.HVD_LEGISLATION
    category = vocabulary.HVD_CATEGORIES.by_code("c_ac64a52d").iri
    full = replace(
        BEST,
        hvd_categories=(category,),
        legislation=(law,),
        distributions=(replace(FILE, legislation=(law,)),),
    )

    asked = {"hvd_categories", "legislation", "file_legislation"}
    assert {name for name, need in missing(BEST, profile="hvd").items() if need is Need.MANDATORY} == asked
    assert missing(full, profile="hvd") == {}
    assert missing(replace(full, distributions=(FILE,)), profile="hvd") == {
        "file_legislation": Need.MANDATORY
    }

import csv
import io
import json
import re
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from tandem.catalogue.domain import vocabulary
from tandem.catalogue.examples import (
    FOLDER,
    ExampleDataset,
    NoExamples,
    arezzo_files,
    cities_with_examples,
    hamm_files,
    read_examples,
    read_upload,
)
from tandem.catalogue.examples.districts import District
from tandem.catalogue.examples.generate import made_up_files, write_files
from tandem.catalogue.examples.writing import amount
from tandem.core.text import LANGUAGES

CITIES = ("arezzo", "hamm")
EXAMPLE_WORD = {"de": "Beispiel: ", "it": "Esempio: ", "en": "Example: "}
EVERY = [
    pytest.param(each, id=f"{city_id}-{each.id}")
    for city_id in CITIES
    for each in (*read_examples(city_id), read_upload(city_id))
]
# Encoding, separator, lines above the header, lines of totals below: what a reader has to find out.
FORMS = {
    "hamm/strassenbaeume.csv": ("cp1252", ";", 4, 1),
    "hamm/upload/strassenbaeume-beispiel.csv": ("cp1252", ";", 4, 1),
    "hamm/radzaehlung.csv": ("utf-8-sig", ";", 0, 0),
    "hamm/schulen-und-kitas.csv": ("utf-8-sig", ";", 0, 0),
    "hamm/haushaltsplan.csv": ("cp1252", ";", 3, 1),
    "hamm/einwohner.csv": ("utf-16", "\t", 0, 0),
    "hamm/leitprojekte.csv": ("cp1252", ";", 0, 0),
    "hamm/tandems.csv": ("utf-8-sig", ";", 0, 0),
    "hamm/besuche.csv": ("cp1252", ";", 0, 0),
    "hamm/termine.csv": ("cp1252", ";", 0, 0),
    "hamm/intelligente-ampeln.csv": ("cp1252", ";", 0, 0),
    "hamm/stadtentwicklung.csv": ("cp1252", ";", 0, 0),
    "hamm/parkplaetze.csv": ("utf-8-sig", ";", 0, 0),
    "hamm/laerm.csv": ("utf-8-sig", ";", 0, 0),
    "hamm/ausleihen.csv": ("utf-8", ",", 0, 0),
    "arezzo/parcheggi.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/rumore.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/prestiti.csv": ("utf-8", ",", 0, 0),
    "arezzo/qualita-aria.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/upload/qualita-aria-esempio.csv": ("cp1252", ";", 4, 1),
    "arezzo/rifiuti.csv": ("cp1252", ";", 0, 0),
    "arezzo/fontanelle.csv": ("cp1252", ";", 0, 0),
    "arezzo/luoghi-cultura.csv": ("utf-8", ",", 0, 0),
    "arezzo/eventi.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/campi-airqino.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/green-city-accord.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/tandem.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/visite.csv": ("cp1252", ";", 0, 0),
    "arezzo/tappe.csv": ("utf-8-sig", ";", 0, 0),
    "arezzo/codici-citta.csv": ("utf-8-sig", ";", 0, 0),
}


def lines_of(path: str) -> list[list[str]]:
    encoding, delimiter, _, _ = FORMS[path]
    text = (FOLDER / path).read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def records(path: str) -> list[dict[str, str]]:
    above, below = FORMS[path][2:]
    lines = lines_of(path)
    header, *rows = lines[above : len(lines) - below]
    return [dict(zip(header, row, strict=True)) for row in rows]


def decimal(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))


def is_inside(district: District, longitude: float, latitude: float) -> bool:
    """Return whether a point lies to the left of every side of a convex outline."""
    pairs = zip(district.corners, (*district.corners[1:], district.corners[0]), strict=True)
    return all((x2 - x1) * (latitude - y1) > (y2 - y1) * (longitude - x1) for (x1, y1), (x2, y2) in pairs)


def test_both_demo_cities_have_examples():
    assert cities_with_examples() == CITIES
    assert [len(read_examples(city_id)) for city_id in CITIES] == [15, 15]
    assert [sum(each.made_up for each in read_examples(city_id)) for city_id in CITIES] == [9, 9]


def test_a_city_without_examples_is_named():
    with pytest.raises(NoExamples, match=r"'krefeld'.*arezzo, hamm") as caught:
        read_examples("krefeld")

    assert caught.value.code == "catalogue.no-examples"


@pytest.mark.parametrize("city_id", CITIES)
def test_ids_and_files_are_unique_and_no_file_is_left_over(city_id: str):
    found = [*read_examples(city_id), read_upload(city_id)]
    named = {each.path for each in found}
    there = {path for path in (FOLDER / city_id).rglob("*") if path.is_file() and path.suffix != ".toml"}

    assert len({each.id for each in found}) == len(named) == len(found)
    assert named == there


@pytest.mark.parametrize("example", EVERY)
def test_texts_are_complete_in_every_language(example: ExampleDataset):
    texts = [example.titles, example.descriptions, example.keywords, example.publisher, example.rights]
    for each in (*texts, example.file_titles, example.file_descriptions):
        assert sorted(each) == sorted(LANGUAGES)
        assert all(each.values())
    for each in (example.titles, example.descriptions, example.file_titles, example.file_descriptions):
        assert all(text == text.strip() for text in each.values())
    assert len(set(example.descriptions.values())) == len(LANGUAGES)
    for words in example.keywords.values():
        assert len(set(words)) == len(words) >= 4


@pytest.mark.parametrize("example", EVERY)
def test_only_what_is_made_up_begins_by_saying_so(example: ExampleDataset):
    for texts in (example.titles, example.descriptions):
        begins = [texts[language].startswith(EXAMPLE_WORD[language]) for language in LANGUAGES]
        assert begins == [example.made_up] * len(LANGUAGES)


@pytest.mark.parametrize("example", EVERY)
def test_every_term_is_in_its_vocabulary(example: ExampleDataset):
    licence = vocabulary.LICENCES.by_code(example.licence)
    file_type = vocabulary.file_type_of(example.filename)

    assert licence is not None
    assert licence.needs_attribution == bool(example.attribution)
    assert file_type is vocabulary.FILE_TYPES.by_code(example.format)
    assert file_type == vocabulary.file_type_of(example.path.name)
    assert example.themes
    assert all(map(vocabulary.THEMES.by_code, example.themes))
    assert all(map(vocabulary.LANGUAGES.by_code, example.languages))
    assert vocabulary.FREQUENCIES.by_code(example.frequency)
    assert vocabulary.ACCESS_RIGHTS.by_code(example.access_rights)
    assert vocabulary.AVAILABILITIES.by_code(example.availability)
    assert not example.geocoding_level or vocabulary.GEOCODING_LEVELS.by_code(example.geocoding_level)


@pytest.mark.parametrize("example", EVERY)
def test_place_time_and_contact_are_given(example: ExampleDataset):
    west, south, east, north = example.bounds
    start, end = example.temporal.start, example.temporal.end

    assert -180 < west < east < 180
    assert -90 < south < north < 90
    assert date.fromisoformat(start) <= date.fromisoformat(end or start)
    assert all(urlsplit(iri).scheme == "http" for iri in example.spatial)
    assert example.spatial
    assert example.contact.name
    assert example.contact.mail.endswith(".example")


def test_german_examples_have_a_licence_of_the_german_list():
    licences = [vocabulary.LICENCES.by_code(each.licence) for each in read_examples("hamm")]

    assert all(licence is not None and licence.german_iri for licence in licences)


def test_made_up_files_can_be_made_again_byte_for_byte():
    made = dict(made_up_files())
    expected = {
        each.path.relative_to(FOLDER).as_posix(): each.path.read_bytes()
        for city_id in CITIES
        for each in (*read_examples(city_id), read_upload(city_id))
        if each.made_up
    }

    assert made == expected


def test_files_are_written_below_a_folder(tmp_path):
    write_files(tmp_path)

    written = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert written == dict(made_up_files())


def test_all_files_together_stay_small():
    assert (
        sum(path.stat().st_size for path in FOLDER.rglob("*.*") if path.suffix in (".csv", ".geojson"))
        < 600_000
    )


def test_forms_lists_every_table():
    assert set(FORMS) == {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.csv")}


@pytest.mark.parametrize("path", FORMS)
def test_tables_are_rectangular_with_unique_headers_and_crlf(path: str):
    above, below = FORMS[path][2:]
    lines = lines_of(path)
    header = lines[above]
    content = (FOLDER / path).read_bytes().decode(FORMS[path][0])

    assert len(set(header)) == len(header)
    assert all(header)
    assert {len(line) for line in lines[above:]} == {len(header)}
    assert content.count("\r\n") == content.count("\n") == len(lines)
    assert not below or lines[-1][0] in ("Summe", "Media")


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("hamm/strassenbaeume.csv", 1_200),
        ("hamm/upload/strassenbaeume-beispiel.csv", 400),
        ("hamm/radzaehlung.csv", 3 * 14 * 24),
        ("hamm/schulen-und-kitas.csv", 48),
        ("hamm/haushaltsplan.csv", 3 * 17),
        ("hamm/einwohner.csv", 7 * 9),
        ("arezzo/qualita-aria.csv", 2 * 30 * 24),
        ("arezzo/upload/qualita-aria-esempio.csv", 400),
        ("arezzo/rifiuti.csv", 7 * 12 * 5),
        ("arezzo/fontanelle.csv", 64),
        ("arezzo/luoghi-cultura.csv", 30),
        ("arezzo/eventi.csv", 90),
    ],
)
def test_made_up_tables_have_the_rows_that_their_descriptions_state(path: str, count: int):
    assert len(records(path)) == count


SHAPES = {
    "Baum-Nr.": r"\d{5}",
    "PLZ": r"590\d\d",
    "Pflanzdatum": r"\d\d\.\d\d\.\d{4}",
    "Stammumfang (cm)": r"\d+,\d",
    "Höhe (m)": r"\d+,\d",
    "Kronendurchmesser (m)": r"\d+,\d",
    "Letzte Kontrolle": r"\d\d\.\d\d\.\d{4}",
    "Breite": r"51,\d{5}",
    "Länge": r"7,\d{5}",
    "Baumwert (EUR)": r"(\d\.)?\d{3},\d\d|\d\d\.\d{3},\d\d",
    "PLZ Baumschule": r"(\d{5})?",
}


@pytest.mark.parametrize("path", ["hamm/strassenbaeume.csv", "hamm/upload/strassenbaeume-beispiel.csv"])
def test_exactly_the_listed_cells_of_the_tree_table_are_bad(path: str):
    columns = hamm_files.TREE_COLUMNS
    bad = [
        (index, columns.index(name), record[name])
        for index, record in enumerate(records(path))
        for name, shape in SHAPES.items()
        if not re.fullmatch(shape, record[name]) or record[name] == "31.02.1998"
    ]

    assert bad == sorted(hamm_files.BAD_TREE_CELLS)


def test_codes_of_trees_keep_their_leading_zeros():
    trees = records("hamm/strassenbaeume.csv")

    assert [tree["Baum-Nr."] for tree in trees] == [f"{number:05}" for number in range(1, 1_201)]
    assert {"01737", "04420", "06484"} <= {tree["PLZ Baumschule"] for tree in trees}


def test_trees_stand_in_the_district_that_they_name():
    by_code = {district.code: district for district in hamm_files.DISTRICTS}
    bad_rows = {row for row, _, _ in hamm_files.BAD_TREE_CELLS}
    trees = [tree for index, tree in enumerate(records("hamm/strassenbaeume.csv")) if index not in bad_rows]

    assert all(
        is_inside(by_code[tree["Bezirk-Nr."]], decimal(tree["Länge"]), decimal(tree["Breite"]))
        for tree in trees
    )
    assert {tree["Bezirk-Nr."] for tree in trees} == set(by_code)


@pytest.mark.parametrize(
    ("path", "longitude", "latitude", "district", "places"),
    [
        ("hamm/schulen-und-kitas.csv", "Länge", "Breite", "Bezirk-Nr.", hamm_files.DISTRICTS),
        ("arezzo/fontanelle.csv", "Longitudine", "Latitudine", "Codice zona", arezzo_files.ZONES),
    ],
)
def test_places_lie_in_the_district_that_they_name(path, longitude, latitude, district, places):
    by_code = {place.code: place for place in places}

    assert all(
        is_inside(by_code[row[district]], decimal(row[longitude]), decimal(row[latitude]))
        for row in records(path)
    )


def test_total_of_the_budget_is_the_sum_of_its_rows():
    rows, total = records("hamm/haushaltsplan.csv"), lines_of("hamm/haushaltsplan.csv")[-1]
    cents = [
        [
            round(decimal(row[name]) * 100)
            for name in ("Erträge (EUR)", "Aufwendungen (EUR)", "Ergebnis (EUR)")
        ]
        for row in rows
    ]

    assert all(earned - spent == result for earned, spent, result in cents)
    assert total[3:6] == [amount(sum(column)) for column in zip(*cents, strict=True)]


def test_districts_have_the_residents_that_the_table_counts():
    counted: dict[str, int] = {}
    for row in records("hamm/einwohner.csv"):
        assert int(row["weiblich"]) + int(row["männlich"]) == int(row["insgesamt"])
        counted[row["Bezirk-Nr."]] = counted.get(row["Bezirk-Nr."], 0) + int(row["insgesamt"])
    features = json.loads((FOLDER / "hamm/bezirke.geojson").read_bytes())["features"]

    assert {each["properties"]["nummer"]: each["properties"]["einwohner"] for each in features} == counted


@pytest.mark.parametrize("path", ["hamm/bezirke.geojson", "arezzo/zone.geojson"])
def test_outlines_are_closed_and_counter_clockwise_and_say_that_they_are_invented(path: str):
    features = json.loads((FOLDER / path).read_bytes())["features"]

    assert len(features) == 7
    for feature in features:
        (ring,) = feature["geometry"]["coordinates"]
        area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
        assert ring[0] == ring[-1]
        assert area > 0
        assert any(
            str(value).startswith(("Beispiel: ", "Esempio: ")) for value in feature["properties"].values()
        )


def test_exactly_the_listed_cells_of_the_air_table_are_bad():
    shapes = {0: r"(0[3-9]|1\d)/02/2025 \d\d:00", **dict.fromkeys(range(4, 10), r"\d+,\d")}
    rows = lines_of("arezzo/upload/qualita-aria-esempio.csv")[5:-1]
    bad = [
        (index, column, row[column])
        for index, row in enumerate(rows)
        for column, shape in shapes.items()
        if not re.fullmatch(shape, row[column])
    ]

    assert bad == sorted(arezzo_files.BAD_AIR_CELLS)


def test_events_take_place_where_the_list_of_venues_says():
    venues = {row["id"]: (row["nome"], row["zona"]) for row in records("arezzo/luoghi-cultura.csv")}

    for event in records("arezzo/eventi.csv"):
        assert (event["Luogo"], event["Codice zona"]) == venues[event["Codice luogo"]]
        assert event["Inizio"] < event["Fine"]


def test_facts_are_those_of_the_programme():
    projects = [list(row.values()) for row in records("hamm/leitprojekte.csv")]
    german = [(row["Tandem-Nr."], row["Ländercode"]) for row in records("hamm/tandems.csv")]
    italian = [(row["N. tandem"], row["Codice paese"]) for row in records("arezzo/tandem.csv")]

    assert projects == [["2022", "15", "15"], ["2024", "24", "39"], ["2025", "10", "49"]]
    assert german == italian
    assert [number for number, _ in german].count("07") == 3
    assert len(german) == 6 * 2 + 3
    assert len(records("hamm/besuche.csv")) == len(records("arezzo/visite.csv")) == 3 + 6
    assert {row["Codice nazionale"] for row in records("arezzo/codici-citta.csv")} == {"051002", "05915000"}

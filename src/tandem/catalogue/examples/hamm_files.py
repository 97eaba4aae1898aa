"""The made-up files of Hamm."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from tandem.catalogue.examples.both_files import Words, car_parks, library_loans, noise
from tandem.catalogue.examples.districts import District, around
from tandem.catalogue.examples.writing import (
    amount,
    geojson,
    german_day,
    hours,
    names,
    number,
    padded,
    seeded,
    spoiled,
    table,
)

DISTRICTS = around(
    7.82, 51.68, [f"Bezirk {where}" for where in names("Mitte;Nord;Nordost;Südost;Süd;Südwest;Nordwest")]
)
POSTCODES = ("59063", "59065", "59067", "59069", "59071", "59073", "59075")
STREETS = names(
    "Ahornweg;Am Stadtpark;Bahnhofstraße;Birkenallee;Feldstraße;Gartenstraße;Hauptstraße;"
    "Kanalweg;Kirchstraße;Lindenstraße;Mühlenweg;Ostring;Schulstraße;Südring;Waldstraße;"
    "Zum Sportplatz"
)
SPECIES = (
    ("Tilia cordata", "Winterlinde"),
    ("Acer platanoides", "Spitzahorn"),
    ("Quercus robur", "Stieleiche"),
    ("Platanus × hispanica", "Platane"),
    ("Carpinus betulus", "Hainbuche"),
    ("Aesculus hippocastanum", "Rosskastanie"),
    ("Sorbus aria", "Mehlbeere"),
    ("Betula pendula", "Sandbirke"),
    ("Fraxinus excelsior", "Gemeine Esche"),
    ("Corylus colurna", "Baumhasel"),
    ("Prunus avium", "Vogelkirsche"),
    ("Ginkgo biloba", "Ginkgo"),
)
TREE_COLUMNS = names(
    "Baum-Nr.;Art (botanisch);Art (deutsch);Straße;PLZ;Bezirk-Nr.;Bezirk;Pflanzdatum;"
    "Stammumfang (cm);Höhe (m);Kronendurchmesser (m);Letzte Kontrolle;Breite;Länge;"
    "Baumwert (EUR);PLZ Baumschule;Bemerkung"
)
TREE_REMARKS = (
    "Totholz entfernen",
    "Baumscheibe verdichtet; Gießsack",
    "Nachpflanzung",
    "Höhe geschätzt",
    "am Radweg",
)
NURSERY_POSTCODES = ("01737", "04420", "06484", "25421", "26655", "47638")
# Row, column, text: what people type into a spreadsheet. Every one is in the first 400 rows.
BAD_TREE_CELLS = (
    (16, 7, "unbekannt"),
    (41, 9, "ca. 12"),
    (77, 8, "k. A."),
    (118, 7, "31.02.1998"),
    (153, 10, "6,5?"),
    (201, 14, "auf Anfrage"),
    (236, 11, "Herbst 2024"),
    (288, 8, "1l0"),
    (312, 9, "n/a"),
    (377, 12, "51.68O2"),
)


def street_trees() -> bytes:
    """Make the register of street trees: preamble, padding, total line, bad cells, Windows-1252."""
    rows = [_tree(number_, "Straßenbäume", DISTRICTS) for number_ in range(1, 1_201)]
    return _tree_table("Auszug aus dem Baumkataster: Straßenbäume im Stadtgebiet", rows)


def upload() -> bytes:
    """Make the officer's file of the tutorial: the same form, the trees of one district."""
    rows = [_tree(number_, "Bezirk Südost", DISTRICTS[3:4]) for number_ in range(3_001, 3_401)]
    return _tree_table("Auszug aus dem Baumkataster: Straßenbäume im Bezirk Südost", rows)


def _tree(tree_number: int, subject: str, districts: Sequence[District]) -> list[str]:
    random = seeded(f"{subject} {tree_number}")
    botanical, german = random.choice(SPECIES)
    district = random.choice(districts)
    longitude, latitude = district.point(random)
    planted = date(1935, 3, 1) + timedelta(days=random.randint(0, 32_500))
    age = 2025 - planted.year
    girth_cm = 14 + age * random.uniform(1.6, 2.9)
    height_m = min(3 + age * random.uniform(0.22, 0.4), random.uniform(19, 27))
    checked = date(2023, 1, 9) + timedelta(days=random.randint(0, 700))
    return [
        f"{tree_number:05}",
        botanical,
        german,
        random.choice(STREETS),
        POSTCODES[int(district.code) - 1],
        district.code,
        district.name,
        german_day(planted),
        number(girth_cm),
        number(height_m),
        number(height_m * random.uniform(0.45, 0.7)),
        german_day(max(checked, planted)),
        number(latitude, 5),
        number(longitude, 5),
        amount(random.randint(30_000, 60_000) + age * random.randint(2_500, 6_500)),
        random.choice(NURSERY_POSTCODES) if planted.year >= 1990 else "",
        random.choice(TREE_REMARKS) if random.random() < 0.12 else "",
    ]


def _tree_table(heading: str, trees: Sequence[Sequence[str]]) -> bytes:
    total = sum(int(tree[14].replace(".", "").replace(",", "")) for tree in trees)
    count = f"{len(trees):,}".replace(",", ".")
    rows = [
        ["Stadt Hamm – Beispieldaten, keine echten Bäume"],
        [heading],
        ["Stand: 31.12.2024"],
        [],
        TREE_COLUMNS,
        *spoiled(trees, BAD_TREE_CELLS),
        ["Summe", f"{count} Bäume", *[""] * 12, amount(total)],
    ]
    return table(padded(rows, width=len(TREE_COLUMNS)), encoding="cp1252")


# Share of a day's cyclists in each hour from midnight on, in thousandths.
_WORKDAY = (4, 2, 1, 1, 4, 16, 45, 98, 88, 47, 40, 43, 50, 54, 57, 68, 92, 96, 70, 48, 32, 22, 14, 8)
_WEEKEND = (10, 7, 4, 3, 3, 5, 11, 22, 38, 58, 76, 88, 90, 92, 94, 90, 82, 70, 54, 40, 27, 17, 11, 8)
COUNTERS = (
    ("0101", "Zählstelle Kanalweg", 1_450),
    ("0102", "Zählstelle Ostring", 980),
    ("0207", "Zählstelle Feldstraße", 520),
)
_WEATHER = ("trocken", "trocken", "wechselhaft", "Regen")


def cycle_counts() -> bytes:
    """Make hourly counts of cyclists at three counters over two weeks, with gaps."""
    header = names("Zählstelle-Nr.;Zählstelle;Zeitpunkt;stadteinwärts;stadtauswärts;gesamt;Wetter;Bemerkung")
    rows = [row for code, name, daily in COUNTERS for row in _counts(code, name, daily)]
    return table([header, *rows])


def _counts(code: str, name: str, daily: int) -> Iterator[list[str]]:
    random = seeded(f"Radzählung {code}")
    for moment in hours(datetime(2024, 5, 6), 14 * 24):
        weather = seeded(f"Wetter {moment:%Y-%m-%d}").choice(_WEATHER)
        shares = _WEEKEND if moment.weekday() >= 5 else _WORKDAY
        expected = daily * shares[moment.hour] / 1_000 * (0.55 if weather == "Regen" else 1)
        inward_share = 0.62 if moment.hour < 12 else 0.41
        inward = round(expected * inward_share * random.uniform(0.85, 1.15))
        outward = round(expected * (1 - inward_share) * random.uniform(0.85, 1.15))
        place = [code, name, f"{german_day(moment)} {moment:%H:%M}"]
        if code == "0207" and moment.day == 14 and 9 <= moment.hour < 15:
            yield [*place, "", "", "", weather, "Ausfall der Zähleinrichtung"]
        else:
            yield [*place, str(inward), str(outward), str(inward + outward), weather, ""]


_SCHOOLS = (("Grundschule", 12), ("Gesamtschule", 3), ("Gymnasium", 3), ("Kita", 24), ("Familienzentrum", 6))
_PLACES_OF_KIND = {"Grundschule": (160, 340), "Gesamtschule": (700, 1_200), "Gymnasium": (600, 1_000)}
_SCHOOL_REMARKS = ("Umbau bis Sommer 2026", "Eingang über den Schulhof", "Außenstelle", "neuer Fahrradstand")


def schools() -> bytes:
    """Make the list of schools and day-care centres with coordinates."""
    header = names(
        "Einrichtungs-Nr.;Art;Name;Straße;Hausnummer;PLZ;Ort;Bezirk-Nr.;Plätze;Barrierefrei;"
        "Breite;Länge;Bemerkung"
    )
    kinds = [kind for kind, count in _SCHOOLS for _ in range(count)]
    return table([header, *(_school(index, kind) for index, kind in enumerate(kinds, start=1))])


def _school(index: int, kind: str) -> list[str]:
    random = seeded(f"Einrichtung {index}")
    district, street = DISTRICTS[index % len(DISTRICTS)], STREETS[index * 7 % len(STREETS)]
    longitude, latitude = district.point(random)
    house = f"{random.randint(1, 140)}{random.choice(('', '', '', 'a', 'b'))}"
    return [
        f"{index * 37:06}",
        kind,
        f"{kind} {street} ({district.name})",
        street,
        house,
        POSTCODES[int(district.code) - 1],
        "Hamm",
        district.code,
        str(random.randint(*_PLACES_OF_KIND.get(kind, (45, 120)))),
        random.choice(("ja", "ja", "nein")),
        number(latitude, 5),
        number(longitude, 5),
        random.choice(_SCHOOL_REMARKS) if random.random() < 0.15 else "",
    ]


# Product areas of municipal budgets in North Rhine-Westphalia; yearly income and expense in thousand euros.
_PRODUCT_AREAS = (
    ("Innere Verwaltung", 14_000, 71_000),
    ("Sicherheit und Ordnung", 21_000, 49_000),
    ("Schulträgeraufgaben", 9_000, 58_000),
    ("Kultur und Wissenschaft", 4_000, 23_000),
    ("Soziale Leistungen", 96_000, 158_000),
    ("Kinder-, Jugend- und Familienhilfe", 88_000, 176_000),
    ("Gesundheitsdienste", 1_000, 7_000),
    ("Sportförderung", 1_000, 11_000),
    ("Räumliche Planung und Entwicklung; Geoinformationen", 3_000, 14_000),
    ("Bauen und Wohnen", 4_000, 7_000),
    ("Ver- und Entsorgung", 62_000, 51_000),
    ("Verkehrsflächen und -anlagen, ÖPNV", 19_000, 52_000),
    ("Natur- und Landschaftspflege", 5_000, 19_000),
    ("Umweltschutz", 1_000, 4_000),
    ("Wirtschaft und Tourismus", 7_000, 6_000),
    ("Allgemeine Finanzwirtschaft", 395_000, 24_000),
    ("Stiftungen", 200, 150),
)


def budget() -> bytes:
    """Make a budget plan: thousand points, negative amounts, a quoted separator, a total line."""
    header = names(
        "Jahr;Produktbereich-Nr.;Produktbereich;Erträge (EUR);Aufwendungen (EUR);Ergebnis (EUR);Erläuterung"
    )
    planned = [_planned(year, index) for year in (2024, 2025, 2026) for index in range(len(_PRODUCT_AREAS))]
    income, expense = sum(row[2] for row in planned), sum(row[3] for row in planned)
    rows = [
        [str(year), f"{index + 1:02}", _PRODUCT_AREAS[index][0], *_three(earned, spent), remark]
        for year, index, earned, spent, remark in planned
    ]
    preamble = [["Ergebnisplan – Beispieldaten, kein Haushalt der Stadt"], ["Beträge in EUR"], []]
    total = ["Summe", "", "", *_three(income, expense), ""]
    return table(padded([*preamble, header, *rows, total], width=len(header)), encoding="cp1252")


def _three(earned_cents: int, spent_cents: int) -> tuple[str, str, str]:
    return amount(earned_cents), amount(spent_cents), amount(earned_cents - spent_cents)


def _planned(year: int, index: int) -> tuple[int, int, int, int, str]:
    """Return year, index of the product area, income and expense in cents, and a remark."""
    random = seeded(f"Haushalt {year} {index}")
    _, income_keur, expense_keur = _PRODUCT_AREAS[index]
    growth = 100 + 3 * (year - 2024)
    cents = [
        keur * random.randint(960, 1_040) * growth + random.randint(0, 99_999)
        for keur in (income_keur, expense_keur)
    ]
    remark = "darin Fördermittel des Landes" if random.random() < 0.15 else ""
    return year, index, cents[0], cents[1], remark


_AGES = (
    ("unter 6", 0.061),
    ("6 bis unter 10", 0.039),
    ("10 bis unter 18", 0.079),
    ("18 bis unter 25", 0.081),
    ("25 bis unter 40", 0.189),
    ("40 bis unter 60", 0.263),
    ("60 bis unter 65", 0.074),
    ("65 bis unter 80", 0.147),
    ("80 und älter", 0.067),
)
_RESIDENTS = (33_100, 24_400, 21_700, 26_300, 19_800, 28_500, 23_900)  # about, in the order of DISTRICTS


def population() -> bytes:
    """Make residents by district and age: a tab-separated UTF-16 file, as Excel's "Unicode Text" is."""
    header = names("Stichtag;Bezirk-Nr.;Bezirk;Altersgruppe;weiblich;männlich;insgesamt;Bemerkung")
    rows = [
        [
            "31.12.2024",
            district.code,
            district.name,
            age,
            str(women),
            str(men),
            str(women + men),
            _remark(district, age),
        ]
        for district in DISTRICTS
        for age, women, men in _residents(district)
    ]
    return table([header, *rows], encoding="utf-16", delimiter="\t")


def _residents(district: District) -> Iterator[tuple[str, int, int]]:
    """Yield age group, women and men."""
    random = seeded(f"Einwohner {district.code}")
    for age, share in _AGES:
        people = _RESIDENTS[int(district.code) - 1] * share * random.uniform(0.9, 1.1)
        women = round(people * random.uniform(0.48, 0.52) * (1.2 if age.startswith("80") else 1))
        yield age, women, round(people) - women


def _remark(district: District, age: str) -> str:
    return "mit Wohnheim" if (district.code, age) == ("03", "18 bis unter 25") else ""


def districts() -> bytes:
    """Make the outlines of the districts, with as many residents as ``population`` says."""
    return geojson([(district.outline(), _properties(district)) for district in DISTRICTS])


def _properties(district: District) -> dict[str, str | int]:
    residents = sum(women + men for _, women, men in _residents(district))
    note = "Beispiel: erfundene Grenze, kein amtlicher Bezirk"
    return {"nummer": district.code, "name": district.name, "einwohner": residents, "hinweis": note}


WORDS = Words(
    parks=names(
        "Parkplatz-Nr.;Name;Art;Bezirk;Stellplätze;davon barrierefrei;davon mit Ladesäule;bewirtschaftet;Breite;Länge"
    ),
    park_kinds=names("Parkplatz;Parkhaus;Tiefgarage;Park and Ride"),
    park_names=STREETS,
    noise=names("Messort-Nr.;Bezirk;Quelle;Messtag;Pegel tags (dB(A));Pegel nachts (dB(A));Breite;Länge"),
    noise_sources=names("Straße;Schiene;Gewerbe;Baustelle"),
    loans=names("Monat;Medienart;Ausleihen"),
    media=names("Bücher;E-Medien;Zeitschriften;Filme;Spiele"),
    yes_no=("nein", "ja"),
    day=german_day,
)
FILES = {
    "strassenbaeume.csv": street_trees,
    "radzaehlung.csv": cycle_counts,
    "schulen-und-kitas.csv": schools,
    "haushaltsplan.csv": budget,
    "einwohner.csv": population,
    "bezirke.geojson": districts,
    "parkplaetze.csv": lambda: car_parks(WORDS, DISTRICTS),
    "laerm.csv": lambda: noise(WORDS, DISTRICTS),
    "ausleihen.csv": lambda: library_loans(WORDS),
    "upload/strassenbaeume-beispiel.csv": upload,
}

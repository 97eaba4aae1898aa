"""The made-up files of Arezzo."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tandem.catalogue.examples.both_files import Words, car_parks, library_loans, noise
from tandem.catalogue.examples.districts import District, around
from tandem.catalogue.examples.writing import (
    geojson,
    hours,
    italian_day,
    names,
    number,
    seeded,
    spoiled,
    table,
)

_WHERE = names("Centro;Nord;Nord-est;Sud-est;Sud;Sud-ovest;Nord-ovest")
ZONES = around(11.88, 43.46, [f"Zona {where}" for where in _WHERE])
CAP, ISTAT = "52100", "051002"
STREETS = names(
    "Via Roma;Via della Stazione;Via dei Tigli;Via delle Mura;Via del Mercato;"
    "Via della Fonte;Via dell'Acquedotto;Viale dei Platani;Piazza della Libertà;"
    "Piazza del Popolo;Largo della Pace;Strada Vecchia"
)
AIR_COLUMNS = names("Data e ora;Codice postazione;Postazione;T. int.;RH;NO2;O3;PM10;PM2.5;Note")
STATIONS = (("001", "Postazione A", 1.0), ("002", "Postazione B", 1.35))
# Traffic over the day, from midnight on: what it does to nitrogen dioxide and, the other way round, to ozone.
_TRAFFIC = (3, 2, 2, 2, 3, 5, 8, 10, 10, 8, 7, 6, 6, 6, 6, 7, 8, 10, 10, 9, 7, 6, 5, 4)
_SUN = (0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 8, 9, 10, 10, 9, 7, 4, 2, 1, 0, 0, 0, 0, 0)
# Row, column, text, in the file of the tutorial.
BAD_AIR_CELLS = (
    (22, 6, "n.d."),
    (58, 4, "err."),
    (91, 9, "<5"),
    (140, 0, "30/02/2025 20:00"),
    (187, 9, "18,4*"),
    (233, 7, "---"),
    (301, 8, "fuori scala"),
    (352, 5, "8l,0"),
)


def air_quality() -> bytes:
    """Make hourly measurements at two stations over thirty days, ISO times, with gaps."""
    rows = [
        row
        for code, name, load in STATIONS
        for row in _measurements(code, name, load, datetime(2024, 11, 1), 30 * 24)
    ]
    return table([AIR_COLUMNS, *([f"{moment:%Y-%m-%dT%H:%M:%S}", *values] for moment, values in rows)])


def upload() -> bytes:
    """Make the officer's file of the tutorial: preamble, Italian dates, bad cells, means, Windows-1252."""
    measured = list(_measurements("003", "Postazione C", 1.1, datetime(2025, 2, 3), 400))
    rows = [
        [f"{italian_day(moment)} {moment:%H:%M}", values[0], values[1], ISTAT, *values[2:]]
        for moment, values in measured
    ]
    means = [number(sum(column) / len(column)) for column in zip(*map(_figures, measured), strict=True)]
    return table(
        [
            ["Comune di Arezzo – dati di esempio, non sono misure reali"],
            ["Qualità dell'aria, valori orari: Postazione C"],
            ["Periodo: dal 03/02/2025 al 19/02/2025"],
            [],
            [*AIR_COLUMNS[:3], "Codice ISTAT", *AIR_COLUMNS[3:]],
            *spoiled(rows, BAD_AIR_CELLS),
            ["Media", "", "", "", *means, ""],
        ],
        encoding="cp1252",
    )


def _figures(measurement: tuple[datetime, list[str]]) -> list[float]:
    return [float(text.replace(",", ".")) for text in measurement[1][2:8]]


def _measurements(
    code: str, name: str, load: float, start: datetime, count: int
) -> Iterator[tuple[datetime, list[str]]]:
    random = seeded(f"aria {code}")
    for moment in hours(start, count):
        day = seeded(f"tempo {moment:%Y-%m-%d}")
        still_air, sunny = day.uniform(0.7, 1.5), day.uniform(0.3, 1.0)
        traffic, sun = _TRAFFIC[moment.hour], _SUN[moment.hour] * sunny
        pm10 = (12 + 1.8 * traffic * load) * still_air * random.uniform(0.85, 1.15)
        values = [
            number(14 + sun * 0.9 + random.uniform(-1, 1)),
            number(84 - sun * 3.5 + random.uniform(-4, 4)),
            number((6 + 4.2 * traffic * load) * still_air * random.uniform(0.85, 1.15)),
            number(max(4.0, 38 + 4 * sun - 2.5 * traffic + random.uniform(-6, 6))),
            number(pm10),
            number(pm10 * random.uniform(0.55, 0.75)),
        ]
        if code == "002" and moment.day == 12 and 8 <= moment.hour < 13:
            yield moment, [code, name, *[""] * len(values), "manutenzione"]
        else:
            yield moment, [code, name, *values, "valori da convalidare" if random.random() < 0.02 else ""]


# Kilograms a month and zone, by fraction.
_FRACTIONS = (
    ("organico", 210_000),
    ("carta e cartone", 96_000),
    ("multimateriale", 74_000),
    ("vetro", 58_000),
    ("indifferenziato", 187_000),
)


def waste() -> bytes:
    """Make the waste collected by zone, month and fraction."""
    header = names("Codice ISTAT;Codice zona;Zona;Mese (primo giorno);Frazione;Quantità (kg);Note")
    months = [date(2024, month, 1) for month in range(1, 13)]
    rows = [
        _collected(zone, month, *fraction) for zone in ZONES for month in months for fraction in _FRACTIONS
    ]
    return table([header, *rows], encoding="cp1252")


def _collected(zone: District, month: date, fraction: str, usual_kg: int) -> list[str]:
    random = seeded(f"rifiuti {zone.code} {month} {fraction}")
    size = 1.6 if zone.code == "01" else 0.6 + int(zone.code) * 0.07
    less_in_august = 0.8 if month.month == 8 else 1
    kilograms = usual_kg * size * less_in_august * random.uniform(0.9, 1.1)
    note = "più passaggi per le feste" if month.month == 12 and fraction == "vetro" else ""
    return [ISTAT, zone.code, zone.name, italian_day(month), fraction, number(kilograms), note]


_FOUNTAIN_NOTES = (
    "getto ridotto in estate",
    "vicino ai giardini",
    "da verniciare",
    "rampa sul lato sinistro",
)


def fountains() -> bytes:
    """Make the list of public drinking fountains with coordinates, Windows-1252."""
    header = names(
        "Codice;Denominazione;Indirizzo;CAP;Codice ISTAT;Codice zona;Attiva;Accessibile;"
        "Portata (l/min);Ultimo controllo;Latitudine;Longitudine;Note"
    )
    return table([header, *(_fountain(index) for index in range(1, 65))], encoding="cp1252")


def _fountain(index: int) -> list[str]:
    random = seeded(f"fontanella {index}")
    zone, street = random.choice(ZONES), random.choice(STREETS)
    longitude, latitude = zone.point(random)
    checked = date(2024, 3, 1) + timedelta(days=random.randint(0, 240))
    return [
        f"{index:04}",
        f"Fontanella {index} di {street}",
        f"{street}, {random.randint(1, 120)}",
        CAP,
        ISTAT,
        zone.code,
        random.choice(("sì", "sì", "sì", "sì", "no")),
        random.choice(("sì", "sì", "no")),
        number(random.uniform(2, 9)),
        italian_day(checked),
        number(latitude, 5),
        number(longitude, 5),
        random.choice(_FOUNTAIN_NOTES) if random.random() < 0.2 else "",
    ]


_VENUE_KINDS = (
    ("Biblioteca", 6),
    ("Museo", 7),
    ("Teatro", 4),
    ("Archivio", 2),
    ("Sala espositiva", 8),
    ("Cinema", 3),
)
_OPENING = ("mar-dom 10-18", "lun-ven 9-19, sab 9-13", "mer-dom 15-20", "su prenotazione")
_VENUE_NOTES = (
    'ingresso da "Porta Est"',
    "chiuso in agosto",
    "visite guidate, anche in inglese",
    "ascensore presente",
)


def venues() -> bytes:
    """Make the list of cultural places: commas between, points in numbers, quoted texts."""
    header = names("id;tipo;nome;indirizzo;cap;codice_istat;zona;orario;posti;accessibile;lat;lon;note")
    return table(
        [header, *(_venue(index) for index in range(1, len(_venue_kinds()) + 1))],
        encoding="utf-8",
        delimiter=",",
    )


def _venue_kinds() -> list[str]:
    return [kind for kind, count in _VENUE_KINDS for _ in range(count)]


def _venue_name(index: int) -> str:
    return f"{_venue_kinds()[index - 1]} di {STREETS[index * 5 % len(STREETS)]} n. {index}"


def _venue(index: int) -> list[str]:
    random = seeded(f"luogo {index}")
    zone, street = ZONES[index % len(ZONES)], STREETS[index * 5 % len(STREETS)]
    longitude, latitude = zone.point(random)
    return [
        f"{index:03}",
        _venue_kinds()[index - 1],
        _venue_name(index),
        f"{street}, {random.randint(1, 90)}",
        CAP,
        ISTAT,
        zone.code,
        random.choice(_OPENING),
        str(random.randint(20, 480)),
        random.choice(("sì", "sì", "parziale", "no")),
        f"{latitude:.5f}",
        f"{longitude:.5f}",
        random.choice(_VENUE_NOTES) if random.random() < 0.3 else "",
    ]


_EVENT_KINDS = (
    "Concerto",
    "Mostra",
    "Lettura per bambini",
    "Visita guidata",
    "Laboratorio",
    "Incontro pubblico",
    "Mercato",
)
_EVENT_NOTES = (
    "prenotazione obbligatoria",
    "in caso di pioggia al coperto",
    "interprete LIS",
    "posti limitati",
)


def events() -> bytes:
    """Make the calendar of municipal events."""
    header = names("Codice;Titolo;Tipo;Inizio;Fine;Codice luogo;Luogo;Codice zona;Ingresso;Prezzo (€);Note")
    rows = sorted((_event(index) for index in range(1, 91)), key=lambda row: row[3])
    return table([header, *rows])


def _event(index: int) -> list[str]:
    random = seeded(f"evento {index}")
    kind, venue = random.choice(_EVENT_KINDS), random.randint(1, len(_venue_kinds()))
    start = datetime(2025, 3, 1, 9) + timedelta(
        days=random.randint(0, 180), minutes=30 * random.randint(0, 22)
    )
    end = start + timedelta(minutes=30 * random.randint(2, 6))
    cents = random.choice((0, 0, 0, 300, 500, 850, 1_200))
    return [
        f"E{index:04}",
        f"{kind} n. {index}",
        kind,
        f"{start:%Y-%m-%dT%H:%M}",
        f"{end:%Y-%m-%dT%H:%M}",
        f"{venue:03}",
        _venue_name(venue),
        ZONES[venue % len(ZONES)].code,
        "a pagamento" if cents else "gratuito",
        number(cents / 100, 2),
        random.choice(_EVENT_NOTES) if random.random() < 0.25 else "",
    ]


def zones() -> bytes:
    """Make the outlines of the zones."""
    note = "Esempio: confine inventato, non ufficiale"
    return geojson(
        [
            (zone.outline(), {"codice": zone.code, "nome": zone.name, "codice_istat": ISTAT, "nota": note})
            for zone in ZONES
        ]
    )


WORDS = Words(
    parks=names(
        "N. parcheggio;Nome;Tipo;Zona;Posti;di cui accessibili;di cui con ricarica;a pagamento;Latitudine;Longitudine"
    ),
    park_kinds=names("parcheggio;autosilo;parcheggio interrato;parcheggio scambiatore"),
    park_names=STREETS,
    noise=names(
        "N. punto;Zona;Sorgente;Giorno di misura;Livello diurno (dB(A));Livello notturno (dB(A));Latitudine;Longitudine"
    ),
    noise_sources=names("strada;ferrovia;attività produttive;cantiere"),
    loans=names("Mese;Tipo di materiale;Prestiti"),
    media=names("libri;media digitali;riviste;film;giochi"),
    yes_no=("no", "sì"),
    day=italian_day,
)
FILES = {
    "qualita-aria.csv": air_quality,
    "rifiuti.csv": waste,
    "fontanelle.csv": fountains,
    "luoghi-cultura.csv": venues,
    "eventi.csv": events,
    "zone.geojson": zones,
    "parcheggi.csv": lambda: car_parks(WORDS, ZONES),
    "rumore.csv": lambda: noise(WORDS, ZONES),
    "prestiti.csv": lambda: library_loans(WORDS),
    "upload/qualita-aria-esempio.csv": upload,
}

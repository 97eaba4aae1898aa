"""Hamm: CreativRevier Heinrich Robert."""

# ruff: noqa: E501 - texts are not broken where they need not be

from typing import Any

from tandem.participation.examples.common import QUESTIONS, TITLES

CONTENT: dict[str, Any] = {
    "language": "de",
    "rule": "de.baugb-3-2",
    "region": "NW",
    "project": {
        "titles": {
            "de": "CreativRevier Heinrich Robert",
            "it": "CreativRevier Heinrich Robert",
            "en": "CreativRevier Heinrich Robert",
        },
        "summaries": {
            "de": "Aus dem ehemaligen Bergwerk wird ein kreatives Quartier mit Wohnungen und Läden.",
            "it": "L'ex miniera diventa un quartiere creativo con abitazioni e negozi.",
            "en": "The former mine becomes a creative quarter with housing and shops.",
        },
        "stories": {
            "de": "Das Gelände der früheren Zeche Heinrich Robert ist 53 Hektar groß. Vier Bebauungspläne gehören dazu. "
            "Die Beteiligung auf diesen Seiten ist ein Beispiel: Beiträge, Abstimmungen und Antworten sind erfunden.",
            "it": "L'area dell'ex miniera Heinrich Robert misura 53 ettari. Ne fanno parte quattro piani urbanistici. "
            "La partecipazione in queste pagine è un esempio: contributi, votazioni e risposte sono inventati.",
            "en": "The site of the former Heinrich Robert mine covers 53 hectares. Four development plans belong to it. "
            "The participation on these pages is an example: contributions, votes and answers are made up.",
        },
        "places": {
            "de": "Hamm, Stadtbezirk Herringen",
            "it": "Hamm, distretto di Herringen",
            "en": "Hamm, district of Herringen",
        },
        "latitude": 51.66,
        "longitude": 7.76,
        "contact": {"role": "Beispielamt für Stadtentwicklung", "mail": "beteiligung@hamm.example"},
    },
    "milestones": [
        (
            2025,
            3,
            {"de": "Beispiel: Rahmenplan", "it": "Esempio: piano quadro", "en": "Example: framework plan"},
        ),
        (
            2027,
            9,
            {"de": "Beispiel: Baubeginn", "it": "Esempio: inizio lavori", "en": "Example: start of building"},
        ),
    ],
    "categories": [
        ("green", {"de": "Grün", "it": "Verde", "en": "Green"}),
        ("ways", {"de": "Wege", "it": "Percorsi", "en": "Ways"}),
        ("culture", {"de": "Kultur", "it": "Cultura", "en": "Culture"}),
    ],
    "ideas": [
        (
            "Schatten am Förderturm",
            "Unter dem Förderturm fehlen Bäume. Im Sommer kann dort niemand sitzen.",
            "green",
            0,
            0,
        ),
        (
            "Radweg bis zum Kanal",
            "Der Weg endet an der alten Bahn. Mit einer Verbindung wäre man in zehn Minuten am Kanal.",
            "ways",
            8,
            12,
        ),
        (
            "Proberäume in der Waschkaue",
            "Bands suchen Räume, und die Waschkaue steht leer.",
            "culture",
            3,
            -2,
        ),
        ("Trinkbrunnen am Platz", "Ein Brunnen hilft allen, die hier Sport machen.", "green", -3, 4),
        (
            "Querung für Schulkinder",
            "An der Einfahrt fahren viele Lastwagen. Kinder brauchen eine sichere Stelle.",
            "ways",
            -6,
            -5,
        ),
        (
            "Bänke mit Lehne",
            "Ältere Menschen brauchen alle hundert Meter einen Sitzplatz mit Lehne.",
            "ways",
            5,
            3,
        ),
        ("Offene Werkstatt", "Reparieren, drucken, tischlern: eine Werkstatt für alle.", "culture", 1, 6),
        (
            "Blühwiese statt Schotter",
            "Die Fläche hinter der Halle könnte eine Wiese werden.",
            "green",
            -4,
            -8,
        ),
        ("Beleuchtung am Hinterweg", "Im Winter ist der Weg um 17 Uhr dunkel.", "ways", 7, -7),
        ("Freilichtkino im Sommer", "Die Wand der Maschinenhalle ist wie eine Leinwand.", "culture", -1, 2),
        (
            "Gemeinschaftsgarten",
            "Beete für Nachbarn, mit Wasser von den Dächern. Wer macht mit? garten@example.org",
            "green",
            9,
            -1,
        ),
        ("Mehr Fahrradbügel", "Am Eingang stehen Räder an den Laternen.", "ways", -8, 7),
    ],
    "comments": [
        "Das wünsche ich mir auch.",
        "Gute Idee, aber bitte mit Beleuchtung.",
        "Wer pflegt das später?",
    ],
    "answer": "Beispiel: Vielen Dank. Wir nehmen den Vorschlag „{title}“ in die Planung auf.",
    "office": "Beispielamt für Stadtentwicklung",
    "plan": "Beispiel. Begründung zum Entwurf eines Bebauungsplans. Dieser Text ist erfunden und hat keine Rechtswirkung.\n",
    "letter": "Beispiel: Wir bitten, die alten Bäume an der Zufahrt zu erhalten.\n\nWir bitten außerdem um eine "
    "Zufahrt, die nicht durch die Wohnstraße führt, weil dort viele Kinder unterwegs sind.",
    "statements": [
        "Beispiel: Die geplante Höhe verschattet meinen Garten.\n\nBitte prüfen Sie ein Geschoss weniger.",
        "Beispiel: Ich begrüße die Planung. Bitte denken Sie an einen Radweg.",
        "Beispiel: Aus Sicht des Naturschutzes fehlt eine Untersuchung der Fledermäuse.",
    ],
    "proposals": [
        ("Spielplatz am Park", "Ein Spielplatz mit Wasserspiel.", 40_000),
        ("Bücherschränke", "Drei Bücherschränke im Bezirk.", 6_000),
        ("Radstation", "Eine Station mit Pumpe und Werkzeug.", 15_000),
        ("Bühne im Freien", "Eine kleine Bühne für Vereine.", 35_000),
        ("Bäume am Schulweg", "Zwanzig Bäume am Schulweg.", 20_000),
        ("Begegnungscafé", "Möbel und Geräte für ein Café.", 18_000),
    ],
    "opinions": [
        "Auf dem Gelände sollen keine Autos fahren.",
        "Es braucht mehr Parkplätze.",
        "Läden sind wichtiger als Grün.",
        "Neue Wohnungen sollen höher gebaut werden dürfen.",
        "Konzerte dürfen auch nach 22 Uhr stattfinden.",
        "Der Förderturm soll bleiben.",
        "Es soll Wohnungen geben, die sich alle leisten können.",
        "Kinder brauchen einen sicheren Weg zur Schule.",
    ],
    "questions": QUESTIONS,
    "titles": TITLES,
}

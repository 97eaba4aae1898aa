"""Arezzo: air and green, the topics of its Green City Accord."""

# ruff: noqa: E501 - texts are not broken where they need not be

from typing import Any

from tandem.participation.examples.common import QUESTIONS, TITLES

CONTENT: dict[str, Any] = {
    "language": "it",
    "rule": "it.l1150-1942-9",
    "region": "AR",
    "project": {
        "titles": {"it": "Aria e verde", "de": "Luft und Grün", "en": "Air and green"},
        "summaries": {
            "it": "Aria, rumore, natura, rifiuti, acqua: i temi del Green City Accord in città.",
            "de": "Luft, Lärm, Natur, Abfall, Wasser: die Themen des Green City Accord in der Stadt.",
            "en": "Air, noise, nature, waste, water: the topics of the Green City Accord in the city.",
        },
        "stories": {
            "it": "Arezzo ha firmato il Green City Accord; da febbraio 2024 un tavolo di lavoro si occupa di aria, rumore, "
            "natura, rifiuti e acqua. La partecipazione in queste pagine è un esempio: contributi, votazioni e "
            "risposte sono inventati.",
            "de": "Arezzo hat das Green City Accord unterzeichnet; seit Februar 2024 arbeitet ein runder Tisch zu Luft, "
            "Lärm, Natur, Abfall und Wasser. Die Beteiligung auf diesen Seiten ist ein Beispiel: Beiträge, "
            "Abstimmungen und Antworten sind erfunden.",
            "en": "Arezzo has signed the Green City Accord; since February 2024 a working table deals with air, noise, "
            "nature, waste and water. The participation on these pages is an example: contributions, votes and "
            "answers are made up.",
        },
        "places": {
            "it": "Arezzo, tutta la città",
            "de": "Arezzo, ganze Stadt",
            "en": "Arezzo, the whole city",
        },
        "latitude": 43.463,
        "longitude": 11.88,
        "contact": {"role": "Ufficio ambiente (esempio)", "mail": "partecipazione@arezzo.example"},
    },
    "milestones": [
        (2024, 2, {"it": "Tavolo di lavoro", "de": "Runder Tisch", "en": "Working table"}),
        (
            2027,
            5,
            {"it": "Esempio: primo bilancio", "de": "Beispiel: erste Bilanz", "en": "Example: first review"},
        ),
    ],
    "categories": [
        ("air", {"it": "Aria", "de": "Luft", "en": "Air"}),
        ("green", {"it": "Verde", "de": "Grün", "en": "Green"}),
        ("noise", {"it": "Rumore", "de": "Lärm", "en": "Noise"}),
    ],
    "ideas": [
        (
            "Alberi davanti alla scuola",
            "Davanti alla scuola non c'è ombra. Bastano sei alberi.",
            "green",
            0,
            0,
        ),
        (
            "Sensore alla rotonda",
            "Alla rotonda passano molti camion: sarebbe utile misurare l'aria.",
            "air",
            8,
            5,
        ),
        ("Limite di velocità di notte", "Di notte le auto corrono e si sente tutto.", "noise", -5, 3),
        (
            "Orto di quartiere",
            "Il terreno dietro il parcheggio è vuoto. Chi partecipa? orto@example.org",
            "green",
            3,
            -6,
        ),
        ("Pista ciclabile fino alla stazione", "Manca l'ultimo tratto.", "air", -3, -2),
        ("Fontanella nel parco", "D'estate serve acqua da bere.", "green", 6, 8),
        ("Asfalto silenzioso", "Sul viale il rumore è forte anche la sera.", "noise", -8, -5),
        ("Bus elettrici sulla linea 1", "La linea più usata passa dal centro.", "air", 2, 4),
        ("Tetti verdi", "Le scuole hanno tetti piani.", "green", -1, 7),
        ("Niente motori accesi", "Davanti alla scuola i motori restano accesi.", "air", 5, -4),
    ],
    "comments": ["Lo vorrei anch'io.", "Buona idea, ma chi se ne occupa?", "Serve anche in altri quartieri."],
    "answer": "Esempio: grazie. Inseriamo la proposta «{title}» nel programma.",
    "office": "Ufficio ambiente (esempio)",
    "plan": "Esempio. Relazione al progetto di una variante urbanistica. Questo testo è inventato e non ha effetti.\n",
    "letter": "Esempio: chiediamo di conservare gli alberi lungo l'ingresso.\n\nChiediamo inoltre un accesso che non "
    "passi dalla strada residenziale, perché ci sono molti bambini.",
    "statements": [
        "Esempio: l'altezza prevista toglie il sole al mio giardino.\n\nChiedo di valutare un piano in meno.",
        "Esempio: sono d'accordo con il progetto. Pensate a una pista ciclabile.",
        "Esempio: manca uno studio sul rumore.",
    ],
    "proposals": [
        ("Parco giochi", "Un parco giochi con acqua.", 40_000),
        ("Casette dei libri", "Tre casette dei libri.", 6_000),
        ("Officina per bici", "Una stazione con pompa e attrezzi.", 15_000),
        ("Palco all'aperto", "Un piccolo palco per le associazioni.", 35_000),
        ("Alberi sul percorso scolastico", "Venti alberi.", 20_000),
        ("Caffè di quartiere", "Arredi per un caffè.", 18_000),
    ],
    "opinions": [
        "Il centro deve essere senza auto.",
        "Servono più parcheggi.",
        "Il riscaldamento a legna va vietato.",
        "I concerti possono durare anche dopo le 22.",
        "I negozi contano più del verde.",
        "Servono più alberi vicino alle scuole.",
        "I dati sull'aria devono essere pubblici.",
        "I bambini hanno bisogno di un percorso sicuro per la scuola.",
    ],
    "questions": QUESTIONS,
    "titles": TITLES,
}

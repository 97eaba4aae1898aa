"""The tandem of Hamm and Arezzo as example content.

What is known of it is told as it is known: two visits and what was on their programmes. Made up are the roles, the days
on which the cities agreed, and the questions; the pages say so.
"""

# ruff: noqa: E501 - texts are not broken where they need not be

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tandem.core.references import Reference
from tandem.exchange.domain.logbook import Stage
from tandem.exchange.domain.tandem import Code, PlayedPart
from tandem.exchange.domain.visit import Item
from tandem.exchange.models import Tandem, Topic, Visit
from tandem.exchange.services import logbook, tandems, visits
from tandem.kit import installation

CITIES = {
    "hamm": (
        {"de": "Hamm", "it": "Hamm", "en": "Hamm"},
        [Code("AGS", 2019, "05915000"), Code("NUTS3", 2021, "DEA54")],
    ),
    "arezzo": (
        {"de": "Arezzo", "it": "Arezzo", "en": "Arezzo"},
        [Code("ISTAT", 2019, "051002"), Code("NUTS3", 2021, "ITI18")],
    ),
}
KICK_OFF = date(2022, 5, 17)
AIMS = {
    "de": "Hamm und Arezzo lernten im Programm #vernetztinEuropa voneinander, Thema für Thema: Bei jedem geht eine der beiden Städte voran.\n\n"
    "Dass eine Maßnahme übernommen wurde, ist in keiner der beiden Richtungen belegt. Hamm sprach von Impulsen zu künstlicher Intelligenz, offenen Daten, Apps und Beteiligung.\n\n"
    "Beispiel: Die Rollen je Thema, die Tage der Zustimmung (sie sind auf den Tag der Auftaktveranstaltung gesetzt) und die Lernfragen sind für diese Vorführung erfunden.",
    "it": "Hamm e Arezzo hanno imparato l'una dall'altra nel programma #connectedinEurope, tema per tema: su ciascuno una delle due città fa da guida.\n\n"
    "Non è documentata l'adozione di alcuna misura, in nessuna delle due direzioni. Hamm ha parlato di impulsi su intelligenza artificiale, dati aperti, app e partecipazione.\n\n"
    "Esempio: i ruoli per tema, i giorni dell'adesione (fissati al giorno dell'incontro di avvio) e le domande sono inventati per questa dimostrazione.",
    "en": "Hamm and Arezzo learnt from each other in the programme #connectedinEurope, topic by topic: on each, one of the two cities leads.\n\n"
    "No measure is documented as taken over in either direction. Hamm spoke of impulses on artificial intelligence, open data, apps and participation.\n\n"
    "Example: the roles per topic, the days on which the cities agreed (set to the day of the kick-off) and the questions are made up for this demonstration.",
}
TOPICS: dict[str, tuple[dict[str, str], str]] = {
    "air": ({"de": "Luftqualität", "it": "Qualità dell'aria", "en": "Air quality"}, "arezzo"),
    "data": ({"de": "Offene Daten", "it": "Dati aperti", "en": "Open data"}, "arezzo"),
    "signal": (
        {"de": "Intelligente Ampel", "it": "Semaforo intelligente", "en": "Intelligent traffic light"},
        "hamm",
    ),
    "participation": (
        {
            "de": "Stadtentwicklung und Beteiligung",
            "it": "Sviluppo urbano e partecipazione",
            "en": "Urban development and participation",
        },
        "hamm",
    ),
}
QUESTIONS: dict[str, tuple[dict[str, str], int]] = {
    "air": (
        {
            "de": "Beispiel: Wie viele Messpunkte braucht Hamm, damit sich Straßen unterscheiden lassen?",
            "it": "Esempio: quanti punti di misura servono ad Hamm per distinguere le strade?",
            "en": "Example: how many measuring points does Hamm need to tell streets apart?",
        },
        -20,
    ),
    "signal": (
        {
            "de": "Beispiel: Was muss eine Kreuzung in Arezzo mitbringen, damit sich der Versuch lohnt?",
            "it": "Esempio: che cosa deve avere un incrocio di Arezzo perché la prova valga la pena?",
            "en": "Example: what must a junction in Arezzo have for a trial to be worth it?",
        },
        45,
    ),
}
AUTUMN = {
    "titles": {"de": "Hamm besucht Arezzo", "it": "Hamm visita Arezzo", "en": "Hamm visits Arezzo"},
    "when": {"de": "Herbst 2022", "it": "autunno 2022", "en": "autumn 2022"},
    "host": "arezzo",
    "days": (date(2022, 10, 1), date(2022, 11, 30)),
    "programme": [
        {
            "de": "Luftmessnetz AirQino",
            "it": "Rete di qualità dell'aria AirQino",
            "en": "AirQino air-quality network",
        },
        {
            "de": "Wasserstoffleitung in San Zeno",
            "it": "Idrogenodotto di San Zeno",
            "en": "Hydrogen pipeline at San Zeno",
        },
        {"de": "Abfallanlage der AISA", "it": "Impianto di rifiuti AISA", "en": "AISA waste plant"},
    ],
}
SEPTEMBER = {
    "titles": {"de": "Arezzo besucht Hamm", "it": "Arezzo visita Hamm", "en": "Arezzo visits Hamm"},
    "when": {},
    "host": "hamm",
    "days": (date(2023, 9, 7), date(2023, 9, 8)),
    "programme": [
        {
            "de": "Digitale Lösungen für Stadtentwicklung und Beteiligung",
            "it": "Soluzioni digitali per lo sviluppo urbano e la partecipazione",
            "en": "Digital solutions for urban development and participation",
        },
        {
            "de": "Das Open-Data-Management von Arezzo",
            "it": "La gestione dei dati aperti di Arezzo",
            "en": "Arezzo's open data management",
        },
        {"de": "Medienzentrum", "it": "Medienzentrum", "en": "Medienzentrum"},
        {
            "de": "Die intelligente Ampel in Hamm",
            "it": "Il semaforo intelligente di Hamm",
            "en": "Hamm's intelligent traffic light",
        },
        {
            "de": "CreativRevier Heinrich Robert",
            "it": "CreativRevier Heinrich Robert",
            "en": "CreativRevier Heinrich Robert",
        },
        {"de": "Innovationszentrum", "it": "Innovationszentrum", "en": "Innovationszentrum"},
    ],
}
REPORT = {
    "de": "Was auf dem Programm stand, steht oben. Mehr ist uns über diesen Besuch nicht bekannt; dass daraus eine Maßnahme übernommen wurde, ist nicht belegt.",
    "it": "Il programma è riportato sopra. Di questa visita non sappiamo altro; non è documentato che ne sia derivata l'adozione di una misura.",
    "en": "What was on the programme stands above. Nothing more is known to us of this visit; that a measure was taken over from it is not documented.",
}
LOOKED = {
    "de": "Es stand auf dem Programm des Besuchs.",
    "it": "Era nel programma della visita.",
    "en": "It was on the programme of the visit.",
}
LOOKED_IN_AUTUMN = {
    "de": "Es stand auf dem Programm des Besuchs im Herbst 2022. Der Tag ist nicht bekannt; das Datum ordnet den Eintrag nur ein.",
    "it": "Era nel programma della visita dell'autunno 2022. Il giorno non è noto; la data serve solo a mettere in ordine la voce.",
    "en": "It was on the programme of the visit in autumn 2022. The day is not known; the date only puts the entry in order.",
}


def load(*, now: datetime) -> int:
    """Make the example tandem in Hamm's or Arezzo's installation; return how many were made, 0 where it is there."""
    if installation.city().id not in CITIES or Tandem.objects.filter(is_example=True).exists():
        return 0
    by: dict[str, Any] = {"person": None, "now": now}
    titles = {"de": "Hamm und Arezzo", "it": "Hamm e Arezzo", "en": "Hamm and Arezzo"}
    tandem = tandems.begin(titles=titles, aims=AIMS, on=KICK_OFF, **by)
    tandems.change(tandem, is_example=True, **by)
    _agree(tandem, by)
    topics = {key: _topic(tandem, key, by) for key in TOPICS}
    _ask(topics, by)
    autumn, september = (_visit(tandem, each, by) for each in (AUTUMN, SEPTEMBER))
    _look(topics["air"], autumn, LOOKED_IN_AUTUMN, by)
    for key in ("data", "signal", "participation"):
        _look(topics[key], september, LOOKED, by)
    tandems.publish(tandem, **by)
    return 1


def _agree(tandem: Tandem, by: dict[str, Any]) -> None:
    ours = installation.city().id
    for city, (names, codes) in CITIES.items():
        if city != ours:
            tandems.invite(tandem, city=city, names=names, codes=codes, contact_role="", on=KICK_OFF, **by)
        tandems.consent(tandem, city, on=KICK_OFF, **by)
    tandems.activate(tandem, on=KICK_OFF, **by)


def _topic(tandem: Tandem, key: str, by: dict[str, Any]) -> Topic:
    titles, leader = TOPICS[key]
    played = {city: PlayedPart.LEAD if city == leader else PlayedPart.FOLLOW for city in CITIES}
    return tandems.set_topic(tandem, None, titles=titles, parts_played=played, **by)


def _ask(topics: dict[str, Topic], by: dict[str, Any]) -> None:
    for key, (questions, days) in QUESTIONS.items():
        due_on = by["now"].date() + timedelta(days=days)
        logbook.set_question(
            topics[key], None, questions=questions, due_on=due_on, lessons={}, done_on=None, **by
        )


def _visit(tandem: Tandem, told: dict[str, Any], by: dict[str, Any]) -> Visit:
    zone = ZoneInfo(installation.city().timezone)
    first, last = (datetime.combine(day, datetime.min.time(), zone) for day in told["days"])
    made = visits.set_visit(
        tandem,
        None,
        titles=told["titles"],
        host=told["host"],
        when=told["when"],
        begins_at=first,
        ends_at=last + timedelta(days=1),
        programme=[Item(str(at), titles).as_json() for at, titles in enumerate(told["programme"], start=1)],
        **by,
    )
    visits.set_report(made, report=REPORT, done_on=by["now"].date(), **by)
    return made


def _look(topic: Topic, visit: Visit, texts: dict[str, str], by: dict[str, Any]) -> None:
    about: Reference = logbook.visit_reference(visit, topic.tandem)
    on = visits.span_of(visit).last_day
    logbook.set_entry(topic, None, on=on, stage=Stage.LOOK, texts=texts, reference=about, **by)

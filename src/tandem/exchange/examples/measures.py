"""Example measures of the demo cities.

What is stated about the cities is a fact; everything else begins with "Beispiel", "Esempio" or "Example", and the pages
say so. Nobody published a measured effect of these measures, so none has a value.
"""

# ruff: noqa: E501 - texts are not broken where they need not be

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExampleMeasure:
    """A measure as the demo makes it.

    Attributes:
        card: As JSON values, without what the installation knows.
        parts: Kind and words by which the rooms find what goes along; what no room has stays away.
        announcement: Of one that stays a draft; empty for one that is published and given out.
    """

    card: Mapping[str, Any]
    parts: Sequence[tuple[str, str]] = ()
    announcement: Texts = field(default_factory=dict)


def _example(german: str, italian: str, english: str) -> dict[str, str]:
    return {"de": f"Beispiel: {german}", "it": f"Esempio: {italian}", "en": f"Example: {english}"}


def _grade(level: int, german: str, italian: str, english: str) -> dict[str, Any]:
    return {"level": level, "why": _example(german, italian, english)}


_UNKNOWN_STAFF = _example(
    "Fachamt (der Aufwand ist nicht veröffentlicht)",
    "ufficio competente (l'impegno non è pubblicato)",
    "Office in charge (how much work it took was not published)",
)
_UNKNOWN_LAW = _example(
    "Worauf sich die Stadt rechtlich stützt, ist nicht veröffentlicht.",
    "La base giuridica su cui si fonda la città non è pubblicata.",
    "What the city rests on in law was not published.",
)
_FIRST_TALK = [
    _example(
        "Vor dem Beginn mit denen sprechen, die jeden Tag dort sind.",
        "Prima di cominciare, parlare con chi è lì ogni giorno.",
        "Talk to those who are there every day before you begin.",
    )
]

LIGHT = ExampleMeasure(
    card={
        "title": {
            "de": "Intelligente Ampel Heßlerstraße / Marker Allee",
            "it": "Semaforo intelligente Heßlerstraße / Marker Allee",
            "en": "Intelligent traffic light Heßlerstraße / Marker Allee",
        },
        "summary": {
            "de": "Eine Ampel, die Radfahrende etwa 70 Meter vorher sieht und für Gruppen zu Fuß länger grün bleibt.",
            "it": "Un semaforo che vede le biciclette circa 70 metri prima e resta verde più a lungo per i gruppi a piedi.",
            "en": "A traffic light that sees cyclists about 70 metres upstream and stays green longer for groups on foot.",
        },
        "need": {
            "de": "Die Kreuzung liegt an einer Hauptroute des Radverkehrs, nahe einer Schule, einer Hochschule und dem "
            "Oberlandesgericht.",
            "it": "L'incrocio si trova su un itinerario ciclabile principale, vicino a una scuola, a un'università e "
            "alla corte d'appello regionale.",
            "en": "The junction lies on a main cycling route, near a school, a university and the higher regional court.",
        },
        "solution": {
            "de": "Sieben Kameras mit Yunex awareAI erkennen Radfahrende etwa 70 Meter vor der Kreuzung, verlängern das "
            "Grün für Gruppen zu Fuß und beobachten den Rückstau. Aufgezeichnet wird nach Angaben der Stadt nichts. "
            "Die Ampel ist seit Sommer 2023 in Betrieb; eine zweite steht an der Ostwennemarstraße.\n\nEine gemessene "
            "Wirkung wurde nicht veröffentlicht.",
            "it": "Sette telecamere con Yunex awareAI riconoscono le biciclette circa 70 metri prima dell'incrocio, "
            "prolungano il verde per i gruppi a piedi e osservano le code. Secondo la città non si registra nulla. Il "
            "semaforo è in funzione dall'estate 2023; un secondo si trova in Ostwennemarstraße.\n\nNon è stato "
            "pubblicato alcun effetto misurato.",
            "en": "Seven cameras with Yunex awareAI see cyclists about 70 metres before the junction, lengthen the green "
            "for groups on foot and watch the queues. Nothing is recorded, says the city. The light has been in use "
            "since summer 2023; a second one stands at Ostwennemarstraße.\n\nNo measured effect was published.",
        },
        "status": "in-operation",
        "cost": {
            "currency": "EUR",
            "one_off_cents": 8_000_000,
            "covers": {
                "de": "Veröffentlichter Betrag für die Ampel",
                "it": "Importo pubblicato per il semaforo",
                "en": "The amount that was published for the light",
            },
        },
        "staff": [{"role": _UNKNOWN_STAFF}],
        "legal_basis": _UNKNOWN_LAW,
        "indicators": [
            {
                "key": "cyclists-wait",
                "titles": _example(
                    "mittlere Wartezeit von Radfahrenden",
                    "attesa media in bicicletta",
                    "mean wait of cyclists",
                ),
                "unit": "s",
                "better": "lower",
                "method": _example(
                    "aus der Auswertung der Kreuzung, eine Woche vorher und nachher",
                    "dalla valutazione dell'incrocio, una settimana prima e dopo",
                    "from the junction's evaluation, one week before and after",
                ),
            },
            {
                "key": "pedestrians-longest-wait",
                "titles": _example(
                    "längste Wartezeit zu Fuß", "attesa massima a piedi", "longest wait on foot"
                ),
                "unit": "s",
                "better": "lower",
            },
        ],
        "lessons": _FIRST_TALK,
        "replicability": {
            "technical": _grade(
                2,
                "Es braucht ein Steuergerät, das Anforderungen von außen annimmt.",
                "Serve un regolatore che accetti richieste dall'esterno.",
                "It takes a controller that accepts requests from outside.",
            ),
            "data": _grade(
                3,
                "Lageplan und Zwischenzeiten hat jede Stadt.",
                "Ogni città ha la planimetria e i tempi di sgombero.",
                "Every city has the layout and the intergreen times.",
            ),
            "market": _grade(
                3,
                "Kameras mit Erkennung bieten mehrere an.",
                "Più fornitori offrono telecamere con riconoscimento.",
                "Several suppliers offer cameras that recognise road users.",
            ),
            "acceptance": _grade(
                2,
                "Kameras im Straßenraum müssen erklärt werden.",
                "Le telecamere in strada vanno spiegate.",
                "Cameras in the street have to be explained.",
            ),
            "regulation": _grade(
                2,
                "Vorgaben für Signalanlagen sind von Land zu Land verschieden.",
                "Le regole per i semafori cambiano da paese a paese.",
                "Rules for signals differ from country to country.",
            ),
        },
        "tags": {"charter": ["green", "digital"], "sdg": [11]},
        "contact": {
            "role": {
                "de": "Beispielamt für Verkehr",
                "it": "Ufficio d'esempio per il traffico",
                "en": "Example office for traffic",
            },
            "mail": "verkehr@hamm.example",
        },
    },
    parts=(
        ("signal", "Heßlerstraße"),
        ("indicator", "Wartezeit Radfahrenden"),
        ("catalogue", "Intelligente Ampeln"),
    ),
)

IDEAS = ExampleMeasure(
    card={
        "title": _example(
            "Ideen für einen Ort sammeln", "raccogliere idee per un luogo", "collect ideas for a place"
        ),
        "summary": _example(
            "Ein Ablauf, in dem Menschen Ideen auf einer Karte eintragen und eine Antwort bekommen.",
            "Un percorso in cui le persone segnano idee su una mappa e ricevono una risposta.",
            "A process in which people put ideas on a map and get an answer.",
        ),
        "need": _example(
            "Vorschläge kamen per Brief und Telefon, und kaum jemand erfuhr, was aus ihnen wurde.",
            "Le proposte arrivavano per lettera e telefono, e quasi nessuno sapeva che fine facessero.",
            "Suggestions came by letter and telephone, and hardly anybody heard what became of them.",
        ),
        "solution": _example(
            "Eine Ideenphase mit Karte, Fristen und einer Antwort an jede und jeden.",
            "Una fase di raccolta con mappa, scadenze e una risposta a ciascuno.",
            "A phase for ideas with a map, deadlines and an answer to everybody.",
        ),
        "status": "trial",
        "cost": {
            "currency": "EUR",
            "one_off_cents": 300_000,
            "covers": _example(
                "Plakate und zwei Abende vor Ort",
                "manifesti e due serate sul posto",
                "Posters and two evenings on site",
            ),
        },
        "staff": [
            {"role": _example("Stadtplanung", "pianificazione urbana", "urban planning"), "person_days": 8}
        ],
        "legal_basis": _example(
            "Freiwillige Beteiligung nach der Leitlinie der Stadt.",
            "Partecipazione volontaria secondo le linee guida della città.",
            "Voluntary participation by the city's guideline.",
        ),
        "indicators": [
            {
                "key": "answered",
                "titles": _example("beantwortete Ideen", "idee con risposta", "ideas that were answered"),
                "unit": "%",
                "better": "higher",
                "target": 100,
            }
        ],
        "lessons": _FIRST_TALK,
        "replicability": {
            "technical": _grade(
                4, "Ein Vorlagen-Ablauf genügt.", "Basta un modello di percorso.", "A blueprint is enough."
            ),
            "data": _grade(4, "Eine Karte der Stadt.", "Una mappa della città.", "A map of the city."),
            "market": _grade(
                4, "Es muss nichts gekauft werden.", "Non serve comprare nulla.", "Nothing has to be bought."
            ),
            "acceptance": _grade(
                3, "Es muss jemand antworten.", "Qualcuno deve rispondere.", "Somebody has to answer."
            ),
            "regulation": _grade(4, "Sie ist freiwillig.", "È volontaria.", "It is voluntary."),
        },
        "tags": {"charter": ["participation", "place-based"], "sdg": [11, 16]},
        "contact": {
            "role": {
                "de": "Beispielamt für Stadtentwicklung",
                "it": "Ufficio d'esempio per lo sviluppo urbano",
                "en": "Example office for urban development",
            },
            "mail": "beteiligung@hamm.example",
        },
    },
    parts=(("participation", "Ideen"), ("indicator", "beantwortete Ideen"), ("catalogue", "Straßenbäume")),
)

_HEAT = ExampleMeasure(
    card={
        "title": _example("Hitzewarnung in Parks", "allerta caldo nei parchi", "heat warning in parks"),
        "summary": _example(
            "Schilder, die vor Hitze warnen und Trinkbrunnen zeigen.",
            "Cartelli che avvisano del caldo e indicano le fontanelle.",
            "Signs that warn of heat and show drinking fountains.",
        ),
        "status": "planned",
    },
    announcement=_example(
        "Wir beschreiben diese Maßnahme gerade. Beobachten Sie sie, dann schreiben wir Ihnen, wenn sie fertig ist.",
        "Stiamo descrivendo questa misura. La segua: Le scriveremo quando sarà pronta.",
        "We are describing this measure. Watch it, and we write to you when it is ready.",
    ),
)

AIR = ExampleMeasure(
    card={
        "title": {
            "it": "Rete di qualità dell'aria AirQino",
            "de": "Luftmessnetz AirQino",
            "en": "AirQino air-quality network",
        },
        "summary": {
            "it": "Postazioni che misurano l'aria in città, come le ha viste Hamm nell'autunno 2022.",
            "de": "Messstellen für die Luft in der Stadt, wie Hamm sie im Herbst 2022 gesehen hat.",
            "en": "Stations that measure the air in the city, as Hamm saw them in autumn 2022.",
        },
        "need": {
            "it": "Arezzo ha firmato il Green City Accord. Dal febbraio 2024 un tavolo di lavoro si occupa di aria, rumore, "
            "natura, rifiuti e acqua.",
            "de": "Arezzo hat das Green City Accord unterzeichnet. Seit Februar 2024 befasst sich eine Arbeitsgruppe mit "
            "Luft, Lärm, Natur, Abfall und Wasser.",
            "en": "Arezzo signed the Green City Accord. Since February 2024 a working table has dealt with air, noise, "
            "nature, waste and water.",
        },
        "solution": {
            "it": "Le postazioni AirQino trasmettono temperatura, umidità, biossido di azoto, ozono e polveri sottili "
            "(PM10 e PM2,5) come JSON; l'interfaccia richiede oggi OAuth2. La rete era una tappa della visita di Hamm ad "
            "Arezzo nell'autunno 2022.\n\nNon è documentato che la misura sia stata ripresa altrove, né un suo effetto.",
            "de": "Die Messstellen von AirQino übermitteln Temperatur, Feuchte, Stickstoffdioxid, Ozon und Feinstaub (PM10 "
            "und PM2,5) als JSON; die Schnittstelle verlangt heute OAuth2. Das Messnetz war eine Station beim Besuch aus "
            "Hamm im Herbst 2022.\n\nNicht dokumentiert ist, dass die Maßnahme anderswo übernommen wurde oder was sie bewirkt.",
            "en": "AirQino's stations send temperature, humidity, nitrogen dioxide, ozone and particulates (PM10 and PM2.5) "
            "as JSON; the interface asks for OAuth2 today. The network was a stop of Hamm's visit in autumn 2022.\n\nNobody "
            "has documented that it was taken over elsewhere, or what it brought.",
        },
        "status": "in-operation",
        "cost": {
            "currency": "EUR",
            "covers": {
                "it": "Il costo non è pubblicato.",
                "de": "Die Kosten sind nicht veröffentlicht.",
                "en": "The cost was not published.",
            },
        },
        "staff": [{"role": _UNKNOWN_STAFF}],
        "legal_basis": _UNKNOWN_LAW,
        "indicators": [
            {
                "key": "stations-online",
                "titles": _example(
                    "Messstellen mit Werten der letzten Stunde",
                    "postazioni con valori dell'ultima ora",
                    "stations with values of the last hour",
                ),
                "unit": "%",
                "better": "higher",
                "target": 95,
            }
        ],
        "lessons": _FIRST_TALK,
        "replicability": {
            "technical": _grade(
                3,
                "Die Messstellen brauchen Strom und Mobilfunk.",
                "Le postazioni richiedono corrente e rete mobile.",
                "The stations need power and a mobile network.",
            ),
            "data": _grade(
                4,
                "Die Werte kommen als einfache Tabelle.",
                "I valori arrivano come semplice tabella.",
                "The values come as a simple table.",
            ),
            "market": _grade(
                3,
                "Solche Messstellen bieten mehrere an.",
                "Più fornitori offrono postazioni simili.",
                "Several suppliers offer such stations.",
            ),
            "acceptance": _grade(
                3,
                "Wer Messwerte zeigt, muss sie erklären.",
                "Chi mostra i valori deve spiegarli.",
                "Whoever shows values has to explain them.",
            ),
            "regulation": _grade(
                2,
                "Sie ersetzen keine amtlichen Messungen.",
                "Non sostituiscono le misure ufficiali.",
                "They do not replace official measurements.",
            ),
        },
        "tags": {"charter": ["green"], "sdg": [3, 11]},
        "contact": {
            "role": {
                "it": "Ufficio d'esempio per l'ambiente",
                "de": "Beispielamt für Umwelt",
                "en": "Example office for the environment",
            },
            "mail": "ambiente@arezzo.example",
        },
    },
    parts=(
        ("indicator", "postazioni ultima ora"),
        ("catalogue", "AirQino"),
        ("catalogue", "qualità dell'aria"),
    ),
)

_OF_CITY: Mapping[str, Sequence[ExampleMeasure]] = {"hamm": (IDEAS, LIGHT, _HEAT), "arezzo": (AIR,)}


def examples_of(city_id: str) -> Sequence[ExampleMeasure]:
    """Return the example measures of a city, none for any other city; the first to be made comes first."""
    return _OF_CITY.get(city_id, ())

"""Load example content: Hamm's intelligent junction, and in Arezzo one that stands nowhere.

Hamm's has the facts that are known and a model of its file; on Arezzo's people see what their partner's model gives.
What is stated about a place is a fact; the file, the demand and all figures are the example scenario's, and the
pages say so.
"""

# ruff: noqa: E501 - texts are not broken where they need not be

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files as resources
from typing import Any

from tandem.accounts.models import Person
from tandem.junctions.domain.approval import Action
from tandem.junctions.models import FileVersion, Junction
from tandem.junctions.services import evaluations, files, register
from tandem.kit.installation import city

SCENARIO = "hamm"
HAMM: dict[str, Any] = {
    "titles": dict.fromkeys(("de", "it", "en"), "Heßlerstraße / Marker Allee"),
    "summaries": {
        "de": "Hamms intelligente Ampel: Sie sieht Radfahrende etwa 70 m vor der Haltelinie und verlängert das Grün für Gruppen zu Fuß.",
        "it": "Il semaforo intelligente di Hamm: vede chi arriva in bicicletta circa 70 m prima della linea di arresto e prolunga il verde per i gruppi a piedi.",
        "en": "Hamm's intelligent traffic light: it sees cyclists about 70 m before the stop line and lengthens green for groups of pedestrians.",
    },
    "stories": {
        "de": "Die Kreuzung liegt bei einer Schule, einer Hochschule und dem Oberlandesgericht an einer Hauptroute des Radverkehrs. Sieben Kameras mit Yunex awareAI beobachten auch die Rückstaus; aufgezeichnet wird nach Angaben der Stadt nichts. Die Anlage kostete 80.000 Euro. Eine zweite steht an der Ostwennemarstraße. Eine gemessene Wirkung wurde nicht veröffentlicht.\n\nWas diese Seite darüber hinaus zeigt, ist ein Beispiel: Datei, Verkehr und Ergebnisse stammen aus einer Simulation, nicht von der Straße. Die Lage auf der Karte ist ungefähr.",
        "it": "L'incrocio si trova vicino a una scuola, a un'università e al tribunale regionale superiore, su un percorso ciclabile principale. Sette telecamere con Yunex awareAI osservano anche le code; secondo la città non viene registrato nulla. L'impianto è costato 80.000 euro. Un secondo si trova alla Ostwennemarstraße. Nessun effetto misurato è stato pubblicato.\n\nTutto il resto di questa pagina è un esempio: file, traffico e risultati vengono da una simulazione, non dalla strada. La posizione sulla mappa è approssimativa.",
        "en": "The junction is near a school, a university and the higher regional court, on a main cycling route. Seven cameras with Yunex awareAI watch queues, too; nothing is recorded, says the city. It cost 80,000 euros. A second one stands at Ostwennemarstraße. No measured effect was published.\n\nWhatever else this page shows is an example: file, traffic and results are from a simulation, not from the street. The place on the map is approximate.",
    },
    "places": {
        "de": "Kreuzung Heßlerstraße und Marker Allee, Hamm",
        "it": "incrocio tra Heßlerstraße e Marker Allee, Hamm",
        "en": "where Heßlerstraße and Marker Allee meet, Hamm",
    },
    "sinces": {"de": "Sommer 2023", "it": "estate 2023", "en": "summer 2023"},
    "latitude": 51.677,
    "longitude": 7.836,
    "contact": {"role": "Beispielamt für Verkehr", "mail": "verkehr@hamm.example"},
}
AREZZO: dict[str, Any] = {
    "titles": {
        "de": "Übungskreuzung nach Hamms Modell",
        "it": "Incrocio di prova sul modello di Hamm",
        "en": "Trial junction after Hamm's model",
    },
    "summaries": {
        "de": "Keine Kreuzung in Arezzo: An Hamms Modell wird erprobt, was eine solche Steuerung brächte.",
        "it": "Nessun incrocio di Arezzo: sul modello di Hamm si prova che cosa darebbe un controllo di questo tipo.",
        "en": "No junction in Arezzo: Hamm's model is used to try out what such a control would give.",
    },
    "stories": {
        "de": "Im September 2023 stand die intelligente Ampel auf dem Programm des Besuchs in Hamm. Dass Arezzo sie übernommen hätte, ist nicht belegt.\n\nDiese Seite ist ein Beispiel: Datei, Verkehr und Ergebnisse sind die des Szenarios von Hamm und stammen aus einer Simulation.",
        "it": "Nel settembre 2023 il semaforo intelligente era nel programma della visita a Hamm. Che Arezzo l'abbia ripreso non è documentato.\n\nQuesta pagina è un esempio: file, traffico e risultati sono quelli dello scenario di Hamm e vengono da una simulazione.",
        "en": "In September 2023 the intelligent traffic light was on the agenda of the visit to Hamm. That Arezzo took it over is not documented.\n\nThis page is an example: file, traffic and results are those of Hamm's scenario and come from a simulation.",
    },
    "contact": {"role": "Ufficio di esempio per il traffico", "mail": "traffico@arezzo.example"},
}
CONTENT = {"hamm": HAMM, "arezzo": AREZZO}
EVALUATION = {
    "de": "Beispiel: verkehrsabhängige Steuerung und Planer, Morgenspitze",
    "it": "Esempio: controllo attuato e pianificatore, ora di punta del mattino",
    "en": "Example: actuated control and planner, morning peak",
}
TRIED_OUT = {
    "de": "Beispiel: vorher (verkehrsabhängig) und nachher (Planer), in Simulation",
    "it": "Esempio: prima (attuato) e dopo (pianificatore), in simulazione",
    "en": "Example: before (actuated) and after (planner), in simulation",
}
TAKEN_OVER = {
    "de": "Beispiel: Diese Kreuzung gibt es in Arezzo nicht. Ihre Datei kam mit einer Maßnahme aus Hamm und dient hier nur der Simulation; der Platz auf der Karte ist der Mittelpunkt der Stadt. Dass Arezzo Hamms Ampel übernommen hätte, ist nicht belegt.",
    "it": "Esempio: questo incrocio ad Arezzo non esiste. Il suo file è arrivato con una misura di Hamm e qui serve solo alla simulazione; il posto sulla mappa è il centro della città. Che Arezzo abbia ripreso il semaforo di Hamm non è documentato.",
    "en": "Example: there is no such junction in Arezzo. Its file came with a measure of Hamm and serves simulation alone here; the place on the map is the centre of the city. That Arezzo took Hamm's light over is not documented.",
}
POLICY = "Auto 1, Rad 0,8, zu Fuß 0,3; auf dem Schulweg (7:35–7:55) Rad 1, zu Fuß 0,6"
WHY = "Beispiel: Modell aus dem mitgelieferten Szenario."
LOOKED_AT = "Esempio: confrontato con il modello di Hamm."


def load(*, now: datetime, tell: Callable[[float, str], None]) -> int:
    """Make the example junction of Hamm or Arezzo; return how many were made, 0 elsewhere or where it is there.

    Its file is approved by two people where the example's people are there; else it waits.
    """
    content = CONTENT.get(city().id)
    if content is None or Junction.objects.filter(is_example=True).exists():
        return 0
    tell(0, "junction")
    junction = register.begin(person=None, now=now, is_example=True, **content)
    version = files.receive(junction, _data("junction.json"), note=WHY, person=None, now=now)
    _approve(version, WHY, now)
    _evaluate(junction, version, EVALUATION, now)
    register.publish(junction, person=None, now=now)
    tell(1, "junction")
    return 1


def try_out(uri: str, now: datetime) -> None:
    """Label a junction that was taken over from Hamm as an example, let two people approve it, and keep a simulation.

    Args:
        uri: The IRI of a junction whose newest file is that of the example's scenario.
    """
    junction = Junction.objects.get(iri=uri)
    register.change(junction, stories=TAKEN_OVER, is_example=True, person=None, now=now)
    version = junction.versions.latest("number")
    _approve(version, LOOKED_AT, now)
    _evaluate(junction, version, TRIED_OUT, now)


def _approve(version: FileVersion, why: str, now: datetime) -> None:
    """Let the example's engineer propose a file and its administrator approve it; it waits where they are not there."""
    proposer, approver = _person("junctions", "traffic-engineer"), _person("site", "administrator")
    if proposer is not None and approver is not None:
        files.decide(version, Action.PROPOSE, person=proposer, reason=why, now=now)
        files.decide(version, Action.APPROVE, person=approver, reason=why, now=now)


def _evaluate(junction: Junction, version: FileVersion, titles: dict[str, str], now: datetime) -> None:
    evaluations.add(
        junction,
        titles=titles,
        results=_data("results.jsonl"),
        report=_data("report.html"),
        version=version,
        policy=POLICY,
        made_on=now.date(),
        person=None,
        now=now,
        is_example=True,
    )


def _data(name: str) -> bytes:
    return resources("tandem.junctions.examples").joinpath(f"{SCENARIO}.{name}").read_bytes()


def _person(room: str, role: str) -> Person | None:
    """Return the example's person with a role."""
    return Person.objects.filter(email=f"{room}-{role}@{city().id}.example", is_active=True).first()

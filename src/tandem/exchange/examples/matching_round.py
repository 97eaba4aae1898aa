"""A round of matching as an example: the programme's six tandems, Freiburg, Basel and Mulhouse, and Sofia leaving.

Which cities were together, that Sofia left at the end of 2023 and that Krefeld went on with Venlo is known. Made up are
needs, offers, weights, languages, and the days on which the cities agreed; the pages say so.
"""

# ruff: noqa: E501 - texts are not broken where they need not be

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from tandem.exchange.domain.matching.profiles import CityProfile
from tandem.exchange.examples.tandems import PROGRAMME, UPPER_RHINE, VENLO
from tandem.exchange.models import Round, RoundResult
from tandem.exchange.services import round_cities, round_consent, round_matching, rounds

BERLIN = ZoneInfo("Europe/Berlin")
KICK_OFF = datetime(2022, 5, 17, tzinfo=BERLIN)
LEFT = datetime(2023, 12, 31, tzinfo=BERLIN)
TITLES = {
    "de": "Beispiel: Wer mit wem in #vernetztinEuropa",
    "it": "Esempio: chi con chi in #connectedinEurope",
    "en": "Example: who with whom in #connectedinEurope",
}
ABOUTS = {
    "de": "Welche Städte in #vernetztinEuropa zusammenkamen, ist bekannt: sechs Tandems, später Freiburg, Basel und Mulhouse. Sofia schied Ende 2023 aus; Krefeld machte mit anderen Tandems und mit Venlo weiter.\n\n"
    "Beispiel: Womit sich die Städte beworben haben, hat niemand veröffentlicht. Bedarf, Angebote, Gewichte, Sprachen und die Tage der Zustimmung sind für diese Vorführung erfunden, und zwar so, dass dieselben Tandems herauskommen.",
    "it": "Quali città si sono unite in #connectedinEurope è noto: sei tandem, poi Friburgo, Basilea e Mulhouse. Sofia ha lasciato alla fine del 2023; Krefeld ha continuato con altri tandem e con Venlo.\n\n"
    "Esempio: con che cosa si siano candidate le città non è stato pubblicato. Esigenze, offerte, pesi, lingue e giorni dell'adesione sono inventati per questa dimostrazione, in modo che ne risultino gli stessi tandem.",
    "en": "Which cities came together in #connectedinEurope is known: six tandems, later Freiburg, Basel and Mulhouse. Sofia left at the end of 2023; Krefeld went on with other tandems and with Venlo.\n\n"
    "Example: nobody published what the cities applied with. Needs, offers, weights, languages and the days on which they agreed are made up for this demonstration, in such a way that the same tandems come out.",
}
SAID_BY = "Beispiel, esempio, example"
TOPICS: Mapping[str, tuple[str, str, str]] = {
    "ageing": ("Alter und Pflege", "Invecchiamento", "Ageing"),
    "air": ("Luftqualität", "Qualità dell'aria", "Air quality"),
    "border-traffic": ("Verkehr über die Grenze", "Traffico transfrontaliero", "Traffic across the border"),
    "buses": ("Busse", "Autobus", "Buses"),
    "city-marketing": ("Stadtmarketing", "Marketing urbano", "City marketing"),
    "coast": ("Küste", "Costa", "Coast"),
    "crafts": ("Handwerk", "Artigianato", "Crafts"),
    "cycling": ("Radverkehr", "Ciclabilità", "Cycling"),
    "digital-services": ("Digitale Dienste", "Servizi digitali", "Digital services"),
    "digital-twin": ("Digitaler Zwilling", "Gemello digitale", "Digital twin"),
    "energy": ("Energie", "Energia", "Energy"),
    "flood": ("Hochwasser", "Alluvioni", "Floods"),
    "heat": ("Hitzeschutz", "Protezione dal caldo", "Protection from heat"),
    "housing": ("Wohnen", "Abitare", "Housing"),
    "lighting": ("Beleuchtung", "Illuminazione", "Lighting"),
    "old-town": ("Altstadt", "Centro storico", "Old town"),
    "open-data": ("Offene Daten", "Dati aperti", "Open data"),
    "participation": ("Beteiligung", "Partecipazione", "Participation"),
    "rural-mobility": ("Mobilität auf dem Land", "Mobilità rurale", "Rural mobility"),
    "solar": ("Solarenergie", "Energia solare", "Solar power"),
    "traffic-signals": ("Ampeln", "Semafori", "Traffic signals"),
    "trams": ("Straßenbahn", "Tram", "Trams"),
    "village-life": ("Leben im Dorf", "Vita di paese", "Village life"),
}


def load(*, now: datetime) -> int:
    """Make the example round; return how many were made, 0 where it is there."""
    if Round.objects.filter(is_example=True).exists():
        return 0
    acts: dict[str, Any] = {"person": None, "now": now}
    topics = [
        {"key": topic, "titles": dict(zip(("de", "it", "en"), titles, strict=True))}
        for topic, titles in TOPICS.items()
    ]
    row = rounds.begin(titles=TITLES, abouts=ABOUTS, topics=topics, is_example=True, **acts)
    _add(row, (*PROGRAMME, *UPPER_RHINE), acts)
    _agree_to_all(row, _matched(row), {**acts, "now": KICK_OFF})
    _without_sofia(row)
    rounds.finish(row, **acts)
    rounds.publish(row, **acts)
    return 1


def _add(row: Round, cities: tuple[CityProfile, ...], acts: Mapping[str, Any]) -> None:
    for each in cities:
        round_cities.set_profile(row, each, is_new=True, **acts)


def _matched(row: Round) -> RoundResult:
    job = round_matching.start(row, person=None)
    row.refresh_from_db()
    return RoundResult.objects.get(round=row, number=job.result["number"])


def _agree_to_all(row: Round, result: RoundResult, acts: Mapping[str, Any]) -> None:
    """Propose the pairs, Mulhouse as a third, and let every city agree."""
    round_consent.take(result, **acts)
    for each in result.summary["joinings"]:
        round_consent.propose_joining(result, each["city"], each["to"], **acts)
    for proposal in row.proposals.exclude(state="withdrawn"):
        for city in proposal.cities:
            round_consent.answer(proposal, city, agrees=True, reason="", said_by=SAID_BY, at=KICK_OFF, **acts)


def _without_sofia(row: Round) -> None:
    """Let Sofia leave, add Venlo, match again and propose what comes out."""
    row.refresh_from_db()
    round_consent.leave(row, "sofia", reason="", let_go=(), at=LEFT, person=None, now=LEFT)
    _add(row, (VENLO,), {"person": None, "now": timezone.now()})
    round_consent.take(_matched(row), person=None, now=timezone.now())

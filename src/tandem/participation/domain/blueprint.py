"""Blueprints: processes that a planner starts from, with everything set as it usually is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from tandem.core.errors import NotFound
from tandem.core.text import say
from tandem.participation.domain.phase import PhaseKind, Window
from tandem.participation.domain.phase_settings import Texts

Settings = Mapping[str, Any]


class UnknownBlueprint(NotFound):
    """There is no blueprint of that code."""

    code = "participation.unknown-blueprint"


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """A phase of a blueprint.

    Attributes:
        days: How long it usually is.
        pause_days: Between the end of the phase before and its beginning.
        settings: What differs from the usual of its kind.
    """

    kind: PhaseKind
    titles: Texts
    days: int
    pause_days: int = 0
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A process to start from.

    Attributes:
        summaries: What it is good for, in a sentence, by language.
        country: ISO 3166-1 alpha-2 of the country whose law it follows; empty for any.
    """

    code: str
    titles: Texts
    summaries: Texts
    phases: tuple[PhaseDraft, ...]
    country: str = ""


_OPINIONS = {"de": "Meinungsbild", "it": "Mappa delle opinioni", "en": "Opinion map"}
_IDEAS = {"de": "Ideen sammeln", "it": "Raccolta di idee", "en": "Collecting ideas"}
_SURVEY = {"de": "Umfrage", "it": "Questionario", "en": "Survey"}

BLUEPRINTS = (
    Blueprint(
        "ideas",
        {"de": "Ideen auf der Karte", "it": "Idee sulla mappa", "en": "Ideas on a map"},
        {
            "de": "Menschen sagen, was wo fehlt oder stört, und unterstützen, was andere vorschlagen.",
            "it": "Le persone dicono che cosa manca o disturba, e dove, e sostengono le proposte altrui.",
            "en": "People say what is missing or in the way, and where, and support what others propose.",
        },
        (PhaseDraft(PhaseKind.IDEAS, _IDEAS, 28),),
    ),
    Blueprint(
        "plan-de",
        {
            "de": "Veröffentlichung eines Bauleitplans (§ 3 Abs. 2 BauGB)",
            "it": "Pubblicazione di un piano urbanistico tedesco (BauGB § 3)",
            "en": "Publication of a German development plan (BauGB § 3(2))",
        },
        {
            "de": "Förmliche Stellungnahmen zu einem Planentwurf: Frist, Quittung, Abwägung, Antwort.",
            "it": "Osservazioni formali su un progetto di piano: termine, ricevuta, valutazione, risposta.",
            "en": "Formal statements on a draft plan: period, receipt, weighing, reply.",
        },
        (
            PhaseDraft(
                PhaseKind.STATEMENTS,
                {"de": "Stellungnahmen", "it": "Osservazioni", "en": "Statements"},
                31,
                settings={"rule": "de.baugb-3-2"},
            ),
        ),
        country="DE",
    ),
    Blueprint(
        "plan-it",
        {
            "de": "Auslegung eines italienischen Plans (Gesetz 1150/1942)",
            "it": "Deposito di un piano urbanistico (legge 1150/1942, art. 9)",
            "en": "Deposit of an Italian plan (law 1150/1942, art. 9)",
        },
        {
            "de": "Auslegung und Einwendungen nach italienischem Recht, mit Quittung, Abwägung und Antwort.",
            "it": "Deposito e osservazioni, con ricevuta, controdeduzioni e risposta.",
            "en": "Deposit and observations by Italian law, with receipt, weighing and reply.",
        },
        (
            PhaseDraft(
                PhaseKind.STATEMENTS,
                {"de": "Einwendungen", "it": "Osservazioni", "en": "Observations"},
                60,
                settings={"rule": "it.l1150-1942-9"},
            ),
        ),
        country="IT",
    ),
    Blueprint(
        "budget",
        {"de": "Bürgerhaushalt", "it": "Bilancio partecipativo", "en": "Participatory budget"},
        {
            "de": "Vorschläge einreichen, Kosten prüfen, abstimmen, nach gleichen Anteilen verteilen.",
            "it": "Presentare proposte, verificare i costi, votare, ripartire in parti uguali.",
            "en": "Submit proposals, check what they cost, vote, spend by equal shares.",
        },
        (
            PhaseDraft(
                PhaseKind.BUDGET_SUBMIT,
                {"de": "Vorschläge", "it": "Proposte", "en": "Proposals"},
                28,
            ),
            PhaseDraft(
                PhaseKind.BUDGET_CHECK,
                {"de": "Prüfung durch die Stadt", "it": "Verifica del Comune", "en": "The city checks"},
                42,
            ),
            PhaseDraft(
                PhaseKind.BUDGET_VOTE,
                {"de": "Abstimmung", "it": "Votazione", "en": "Vote"},
                21,
                settings={"budget_cents": 10_000_000},
            ),
            PhaseDraft(
                PhaseKind.BUDGET_RESULT,
                {"de": "Ergebnis", "it": "Risultato", "en": "Result"},
                365,
            ),
        ),
    ),
    Blueprint(
        "opinions",
        _OPINIONS,
        {
            "de": "Kurze Aussagen, denen man zustimmt oder nicht: welche Gruppen es gibt und was alle eint.",
            "it": "Brevi affermazioni con cui si è d'accordo o no: quali gruppi ci sono e che cosa unisce tutti.",
            "en": "Short statements to agree or disagree with: which groups there are and what unites all.",
        },
        (PhaseDraft(PhaseKind.OPINION_MAP, _OPINIONS, 21),),
    ),
    Blueprint(
        "survey",
        _SURVEY,
        {
            "de": "Fragen mit Verzweigungen, Ergebnisse je Frage.",
            "it": "Domande con percorsi diversi, risultati per ogni domanda.",
            "en": "Questions that branch, results by question.",
        },
        (PhaseDraft(PhaseKind.SURVEY, _SURVEY, 21),),
    ),
    Blueprint(
        "dialogue",
        {"de": "Dialog im Quartier", "it": "Dialogo di quartiere", "en": "Neighbourhood dialogue"},
        {
            "de": "Erst eine Umfrage, dann Ideen, dann das Meinungsbild zu dem, was strittig ist.",
            "it": "Prima un questionario, poi le idee, poi la mappa delle opinioni su ciò che divide.",
            "en": "A survey first, then ideas, then the opinion map on what is disputed.",
        },
        (
            PhaseDraft(PhaseKind.SURVEY, _SURVEY, 14),
            PhaseDraft(PhaseKind.IDEAS, _IDEAS, 28),
            PhaseDraft(PhaseKind.OPINION_MAP, _OPINIONS, 21, pause_days=7),
        ),
    ),
)


def blueprint(code: str) -> Blueprint:
    """Return the blueprint of that code.

    Raises:
        UnknownBlueprint: There is none.
    """
    for each in BLUEPRINTS:
        if each.code == code:
            return each
    raise UnknownBlueprint(say("There is no blueprint {code}.", code=repr(code)))


def blueprints_for(country: str) -> tuple[Blueprint, ...]:
    """Return the blueprints that can be used in a country (ISO 3166-1 alpha-2)."""
    return tuple(each for each in BLUEPRINTS if each.country in {"", country})


def windows(phases: Iterable[PhaseDraft], *, opens_at: datetime, zone: tzinfo) -> list[Window]:
    """Return when the phases of a blueprint are open if the first opens at ``opens_at``.

    Each closes at a midnight of the city, so that the last day counts in full.

    Args:
        opens_at: Timezone-aware.
        zone: The city's time zone.
    """
    found: list[Window] = []
    start = opens_at.astimezone(zone)
    for each in phases:
        begin = start if not found else _midnight(start.date() + timedelta(days=each.pause_days), zone)
        end = _midnight(begin.date() + timedelta(days=each.days), zone)
        found.append(Window(begin, end))
        start = end
    return found


def _midnight(day: Any, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def total_days(phases: Sequence[PhaseDraft]) -> int:
    """Return how many days a process of these phases usually takes.

    >>> total_days(blueprint("dialogue").phases)
    70
    """
    return sum(each.days + each.pause_days for each in phases)

"""What a tandem's report says around what is recorded, in each language."""

from collections.abc import Mapping
from dataclasses import dataclass

from tandem.exchange.domain.logbook import Stage, Verdict
from tandem.exchange.domain.tandem import State


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; those with braces are filled in."""

    title: str
    subtitle: str
    about: str
    is_example: str
    states: Mapping[State, str]
    members: str
    member_heads: tuple[str, ...]
    topics: str
    topic_heads: tuple[str, ...]
    visits: str
    host: str
    online: str
    participants: str
    participant_heads: tuple[str, ...]
    no_report: str
    due: str
    agenda: str
    agenda_heads: tuple[str, ...]
    logbook: str
    log_heads: tuple[str, ...]
    stages: Mapping[Stage, str]
    not_taken_over: str
    decisions: str
    decision_heads: tuple[str, ...]
    verdicts: Mapping[Verdict, str]
    costs: str
    cost_heads: tuple[str, ...]
    total: str
    gaps: str
    no_gaps: str
    report_missing: str
    was_due: str
    nobody_leads: str
    overdue: str
    nothing: str
    page_of: str
    day: str
    thousands: str
    decimal: str


WORDS: Mapping[str, Words] = {
    "de": Words(
        title="Bericht über das Tandem „{tandem}“",
        subtitle="Zeitraum: {first} bis {last}. Stand: {day}.",
        about="Worum es geht",
        is_example="Dies ist ein Beispiel. Was nicht als Tatsache über die Städte belegt ist, ist erfunden.",
        states={
            State.PROPOSED: "Das Tandem ist vorgeschlagen; noch haben nicht alle Städte zugestimmt.",
            State.ACTIVE: "Das Tandem ist aktiv.",
            State.WAITING: "Das Tandem wartet auf eine weitere Stadt.",
            State.ENDED: "Das Tandem ist beendet.",
        },
        members="Städte",
        member_heads=("Stadt", "Seit", "Zustimmung", "Ausgeschieden", "Grund"),
        topics="Themen",
        topic_heads=("Thema", "Voran geht", "Es folgt"),
        visits="Besuche und Treffen",
        host="in {city}",
        online="online",
        participants="Teilnehmende",
        participant_heads=("Stadt", "Funktion"),
        no_report="Ein Bericht über dieses Treffen liegt nicht vor.",
        due="Er ist fällig zum {day}.",
        agenda="Lernfragen und Erkenntnisse",
        agenda_heads=("Thema", "Frage", "Fällig", "Erledigt", "Erkenntnis"),
        logbook="Logbuch: vom Bedarf zur Wirkung",
        log_heads=("Tag", "Thema", "Stufe", "Eintrag"),
        stages={
            Stage.NEED: "Bedarf",
            Stage.IDEA: "Idee",
            Stage.LOOK: "Anschauen",
            Stage.ADAPT: "Anpassen",
            Stage.TRY: "Erproben",
            Stage.USE: "Nutzen",
            Stage.EFFECT: "Wirkung",
        },
        not_taken_over="Für diesen Zeitraum ist nicht belegt, dass eine Maßnahme übernommen wurde.",
        decisions="Entscheidungen",
        decision_heads=("Tag", "Stadt", "Maßnahme", "Entscheidung", "Grund"),
        verdicts={
            Verdict.TRY: "erproben",
            Verdict.WATCH: "beobachten",
            Verdict.DROP: "nicht weiterverfolgen",
        },
        costs="Kosten",
        cost_heads=("Tag", "Stadt", "Wofür", "Betrag in Euro"),
        total="Summe",
        gaps="Was fehlt",
        no_gaps="Es fehlt nichts von dem, was in diesem Zeitraum fällig war.",
        report_missing="Der Bericht über „{visit}“ liegt nicht vor.",
        was_due="Er war am {day} fällig.",
        nobody_leads="Beim Thema „{topic}“ geht keine Stadt voran.",
        overdue="Die Frage „{question}“ war am {day} fällig und ist nicht beantwortet.",
        nothing="Dazu ist nichts eingetragen.",
        page_of="Seite {page} von {pages}",
        day="%d.%m.%Y",
        thousands=".",
        decimal=",",
    ),
    "it": Words(
        title="Relazione sul tandem «{tandem}»",
        subtitle="Periodo: dal {first} al {last}. Aggiornata al {day}.",
        about="Di che cosa si tratta",
        is_example="Questo è un esempio. Ciò che non è documentato come fatto sulle città è inventato.",
        states={
            State.PROPOSED: "Il tandem è proposto; non tutte le città hanno ancora aderito.",
            State.ACTIVE: "Il tandem è attivo.",
            State.WAITING: "Il tandem attende un'altra città.",
            State.ENDED: "Il tandem è concluso.",
        },
        members="Città",
        member_heads=("Città", "Dal", "Adesione", "Uscita", "Motivo"),
        topics="Temi",
        topic_heads=("Tema", "Guida", "Segue"),
        visits="Visite e incontri",
        host="a {city}",
        online="in linea",
        participants="Partecipanti",
        participant_heads=("Città", "Funzione"),
        no_report="Non è disponibile una relazione su questo incontro.",
        due="Scadenza: {day}.",
        agenda="Domande e insegnamenti",
        agenda_heads=("Tema", "Domanda", "Scadenza", "Conclusa", "Insegnamento"),
        logbook="Diario: dal bisogno all'effetto",
        log_heads=("Giorno", "Tema", "Fase", "Voce"),
        stages={
            Stage.NEED: "Bisogno",
            Stage.IDEA: "Idea",
            Stage.LOOK: "Osservazione",
            Stage.ADAPT: "Adattamento",
            Stage.TRY: "Prova",
            Stage.USE: "Utilizzo",
            Stage.EFFECT: "Effetto",
        },
        not_taken_over="Per questo periodo non è documentata l'adozione di alcuna misura.",
        decisions="Decisioni",
        decision_heads=("Giorno", "Città", "Misura", "Decisione", "Motivo"),
        verdicts={Verdict.TRY: "provare", Verdict.WATCH: "osservare", Verdict.DROP: "non proseguire"},
        costs="Costi",
        cost_heads=("Giorno", "Città", "Per che cosa", "Importo in euro"),
        total="Totale",
        gaps="Che cosa manca",
        no_gaps="Non manca nulla di quanto era in scadenza in questo periodo.",
        report_missing="La relazione su «{visit}» non è disponibile.",
        was_due="Era attesa entro il {day}.",
        nobody_leads="Per il tema «{topic}» nessuna città fa da guida.",
        overdue="La domanda «{question}» era in scadenza il {day} e non ha ancora risposta.",
        nothing="Non è registrato nulla.",
        page_of="Pagina {page} di {pages}",
        day="%d/%m/%Y",
        thousands=".",
        decimal=",",
    ),
    "en": Words(
        title="Report on the tandem “{tandem}”",
        subtitle="Period: {first} to {last}. As of {day}.",
        about="What it is about",
        is_example="This is an example. What is not documented as a fact about the cities is made up.",
        states={
            State.PROPOSED: "The tandem is proposed; not every city has agreed yet.",
            State.ACTIVE: "The tandem is active.",
            State.WAITING: "The tandem waits for another city.",
            State.ENDED: "The tandem has ended.",
        },
        members="Cities",
        member_heads=("City", "Since", "Agreed", "Left", "Reason"),
        topics="Topics",
        topic_heads=("Topic", "Leads", "Follows"),
        visits="Visits and meetings",
        host="in {city}",
        online="online",
        participants="Participants",
        participant_heads=("City", "Role"),
        no_report="There is no report on this meeting.",
        due="It is due by {day}.",
        agenda="Questions and lessons",
        agenda_heads=("Topic", "Question", "Due", "Done", "Lesson"),
        logbook="Logbook: from need to effect",
        log_heads=("Day", "Topic", "Stage", "Entry"),
        stages={
            Stage.NEED: "Need",
            Stage.IDEA: "Idea",
            Stage.LOOK: "Looking at it",
            Stage.ADAPT: "Adapting",
            Stage.TRY: "Trying out",
            Stage.USE: "In use",
            Stage.EFFECT: "Effect",
        },
        not_taken_over="For this period, no measure is documented as taken over.",
        decisions="Decisions",
        decision_heads=("Day", "City", "Measure", "Decision", "Reason"),
        verdicts={Verdict.TRY: "try it", Verdict.WATCH: "watch it", Verdict.DROP: "drop it"},
        costs="Costs",
        cost_heads=("Day", "City", "For what", "Amount in euros"),
        total="Sum",
        gaps="What is missing",
        no_gaps="Nothing that was due in this period is missing.",
        report_missing="The report on “{visit}” is missing.",
        was_due="It was due on {day}.",
        nobody_leads="No city leads on the topic “{topic}”.",
        overdue="The question “{question}” was due on {day} and is not answered.",
        nothing="Nothing is recorded about this.",
        page_of="Page {page} of {pages}",
        day="%Y-%m-%d",
        thousands=",",
        decimal=".",
    ),
}

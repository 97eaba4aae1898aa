"""The texts of a comparison's report in English, German and Italian, and its numbers as each language writes them."""

import math
from collections.abc import Mapping, Sequence

from tandem.core.errors import InvalidInput
from tandem.core.text import say

LANGUAGES = ("en", "de", "it")
DASH, MINUS, SPACE = "–", "−", "\N{NO-BREAK SPACE}"


class UnknownLanguage(InvalidInput):
    """The report is not written in this language."""

    code = "signals.report.unknown-language"

    def __init__(self, language: str) -> None:
        known = ", ".join(LANGUAGES)
        super().__init__(
            say("There is no report in {language}. Choose one of {known}.", language=language, known=known)
        )


class Words:
    """The report's texts in one language.

    Args:
        language: ``en``, ``de`` or ``it``.

    Raises:
        UnknownLanguage: It is another one.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UnknownLanguage(language)
        self.language = language
        self._column = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its values filled in."""
        return TEXTS[key][self._column].format(**values)

    def known(self, prefix: str, name: str, default: str) -> str:
        """Return the text about a name, or the default where there is none."""
        return self(f"{prefix}-{name}") if f"{prefix}-{name}" in TEXTS else default

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number with the language's separators; what is no number is a dash.

        >>> Words("de").number(-1234.56), Words("en").number(-1234.56), Words("en").number(-0.01)
        ('−1.234,6', '−1,234.6', '0.0')
        """
        if not math.isfinite(value):
            return DASH
        text = f"{abs(value):,.{decimals}f}"
        if self.language != "en":
            text = text.translate({ord(","): ".", ord("."): ","})
        return (MINUS if value < 0 and float(f"{value:.{decimals}f}") else "") + text

    def amount(self, value: float, unit: str, decimals: int = 1) -> str:
        """Return a number with its unit, kept on one line."""
        text = self.number(value, decimals)
        return text if text == DASH else f"{text}{SPACE}{unit}"

    def list(self, parts: Sequence[str]) -> str:
        """Return parts as people list them.

        >>> Words("en").list(["a", "b", "c"]), Words("it").list(["a"])
        ('a, b and c', 'a')
        """
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('and')} {parts[-1]}"

    def runs(self, count: int) -> str:
        """Return a number of runs."""
        return self("runs-1") if count == 1 else self("runs-n", count=count)


_NAMES = {
    "and": ("and", "und", "e"),
    "kind-all": ("All vehicles", "Alle Fahrzeuge", "Tutti i veicoli"),
    "kind-car": ("Cars", "Autos", "Auto"),
    "kind-bicycle": ("Cyclists", "Radfahrende", "Ciclisti"),
    "kind-pedestrian": ("Pedestrians", "Menschen zu Fuß", "Pedoni"),
    "kind-bus": ("Buses", "Busse", "Autobus"),
    "kind-tram": ("Trams", "Straßenbahnen", "Tram"),
    "group-vehicle": ("Car", "Kfz", "Auto"),
    "group-cycle": ("Cycle", "Rad", "Bici"),
    "group-pedestrian": ("Walk", "Fuß", "Piedi"),
    "group-bus": ("Bus", "Bus", "Bus"),
    "group-tram": ("Tram", "Tram", "Tram"),
    "quality-A": ("very good", "sehr gut", "ottima"),
    "quality-B": ("good", "gut", "buona"),
    "quality-C": ("satisfactory", "zufriedenstellend", "soddisfacente"),
    "quality-D": ("sufficient", "ausreichend", "sufficiente"),
    "quality-E": ("poor", "mangelhaft", "scarsa"),
    "quality-F": ("insufficient", "ungenügend", "insufficiente"),
    "controller-plan": (
        "The fixed plan as it was shipped: the same times in every cycle, whoever comes.",
        "Der mitgelieferte Festzeitplan: in jedem Umlauf dieselben Zeiten, egal wer kommt.",
        "Il piano fisso così come fornito: gli stessi tempi in ogni ciclo, chiunque arrivi.",
    ),
    "controller-webster": (
        "A fixed plan with Webster’s cycle and green times, computed anew from counts every quarter of an hour.",
        "Ein Festzeitplan mit Umlauf und Grünzeiten nach Webster, jede Viertelstunde neu aus Zählungen berechnet.",
        "Un piano fisso con ciclo e tempi di verde secondo Webster, ricalcolato dai conteggi ogni quarto d’ora.",
    ),
    "controller-actuated": (
        "Actuated control: green lasts as long as detectors just before the stop line see somebody come.",
        "Verkehrsabhängige Steuerung: Grün dauert, solange Detektoren kurz vor der Haltlinie jemanden kommen sehen.",
        "Regolazione attuata: il verde dura finché i rilevatori prima della linea d’arresto vedono arrivare qualcuno.",
    ),
    "controller-max-pressure": (
        "Serves whichever stage has most coming in, less what stands beyond the junction (max pressure).",
        "Bedient die Phase mit dem größten Zulauf abzüglich des Rückstaus hinter dem Knoten (Max Pressure).",
        "Serve la fase con più arrivi, meno chi è fermo oltre l’incrocio (max pressure).",
    ),
    "controller-longest-queue": (
        "Serves the stage in front of which most are queued.",
        "Bedient die Phase, vor der die meisten stehen.",
        "Serve la fase davanti alla quale c’è più coda.",
    ),
    "controller-wave": (
        "Serves the stage with most road users shortly before the stop lines.",
        "Bedient die Phase, für die kurz vor den Haltlinien die meisten kommen.",
        "Serve la fase con più utenti poco prima delle linee d’arresto.",
    ),
    "controller-planner": (
        "Tandem’s planner: looks ahead and plans anew every second from those who are seen to arrive.",
        "Der Planer von Tandem: schaut voraus und plant jede Sekunde neu nach allen, deren Kommen erkannt ist.",
        "Il pianificatore di Tandem: guarda avanti e ripianifica ogni secondo in base a chi è visto arrivare.",
    ),
    "controller-sumo-static": (
        "The simulator’s own fixed plan.",
        "Der eigene Festzeitplan des Simulators.",
        "Il piano fisso del simulatore.",
    ),
    "controller-sumo-actuated": (
        "The simulator’s own actuated control.",
        "Die eigene verkehrsabhängige Steuerung des Simulators.",
        "La regolazione attuata del simulatore.",
    ),
    "controller-sumo-delay-based": (
        "The simulator’s own control by the time that vehicles lose.",
        "Die eigene Steuerung des Simulators nach dem Zeitverlust der Fahrzeuge.",
        "La regolazione del simulatore in base al tempo perso dai veicoli.",
    ),
    "controller-unknown": ("A controller of your own.", "Eine eigene Steuerung.", "Un controllo proprio."),
}
_SUMMARY = {
    "kicker": (
        "Comparison of signal controllers",
        "Vergleich von Ampelsteuerungen",
        "Confronto tra controlli semaforici",
    ),
    "skip": ("Skip to the content", "Zum Inhalt", "Vai al contenuto"),
    "contents": ("Contents", "Inhalt", "Indice"),
    "summary": ("Summary", "Zusammenfassung", "In sintesi"),
    "compared": (
        "This page compares {names} in {runs}: {seeds}.",
        "Diese Seite vergleicht {names} in {runs}: {seeds}.",
        "Questa pagina confronta {names} in {runs}: {seeds}.",
    ),
    "only": (
        "Only {names} was run, in {runs} of {minutes}: there is nothing to compare it with.",
        "Nur {names} wurde gerechnet, in {runs} zu {minutes}: Es gibt nichts zum Vergleichen.",
        "È stato simulato solo {names}, in {runs} di {minutes}: non c’è nulla con cui confrontarlo.",
    ),
    "runs-1": ("1 simulated run", "1 Simulationslauf", "1 simulazione"),
    "runs-n": ("{count} simulated runs", "{count} Simulationsläufen", "{count} simulazioni"),
    "seeds-1": (
        "one of {minutes} for each",
        "je einer von {minutes}",
        "una di {minutes} per ciascuno",
    ),
    "seeds-n": (
        "{count} of {minutes} for each",
        "je {count} von {minutes}",
        "{count} di {minutes} per ciascuno",
    ),
    "seeds-some": (
        "{least} to {most} of {minutes} for each",
        "je {least} bis {most} von {minutes}",
        "da {least} a {most} di {minutes} per ciascuno",
    ),
    "minutes": ("{count} minutes", "{count} Minuten", "{count} minuti"),
    "reference": (
        "The reference is {name}. Runs with the same seed have the same traffic, so they are compared in pairs.",
        "Referenz ist {name}. Läufe mit gleichem Startwert haben denselben Verkehr und werden paarweise verglichen.",
        "Il riferimento è {name}. Simulazioni con lo stesso seme hanno lo stesso traffico e si confrontano a coppie.",
    ),
    "locked-head": ("Locked runs", "Verstopfte Läufe", "Simulazioni bloccate"),
    "locked": (
        "With {name}, {count} runs locked: somebody stood for more than ten minutes.",
        "Mit {name} verstopften {count} Läufen: Jemand stand länger als zehn Minuten.",
        "Con {name} si sono bloccate {count} simulazioni: qualcuno è rimasto fermo più di dieci minuti.",
    ),
    "locked-means": (
        "Locked runs are part of every mean on this page; their means say little beyond that.",
        "Verstopfte Läufe sind in allen Mittelwerten dieser Seite enthalten; diese sagen dann wenig aus.",
        "Le simulazioni bloccate rientrano in tutte le medie di questa pagina, che allora dicono poco.",
    ),
    "unlocked": ("No run locked.", "Kein Lauf verstopfte.", "Nessuna simulazione si è bloccata."),
    "share-of": ("{count} of {all}", "{count} von {all}", "{count} su {all}"),
    "few-head": (
        "One run cannot tell chance from effect",
        "Ein Lauf trennt Zufall nicht von Wirkung",
        "Una sola simulazione non distingue il caso dall’effetto",
    ),
    "few": (
        "Where there is only one pair of runs, differences are shown as they came out, without a verdict.",
        "Wo es nur ein Paar von Läufen gibt, stehen die Unterschiede ohne Urteil da, wie sie herauskamen.",
        "Dove c’è una sola coppia di simulazioni, le differenze sono riportate senza giudizio.",
    ),
    "against": (
        "{name} against {reference}",
        "{name} gegenüber {reference}",
        "{name} rispetto a {reference}",
    ),
    "gain": ("Gain time", "Gewinnen Zeit", "Guadagnano tempo"),
    "lose": ("Lose time", "Verlieren Zeit", "Perdono tempo"),
    "same": ("No measurable difference", "Kein messbarer Unterschied", "Nessuna differenza misurabile"),
    "open": ("One pair of runs only", "Nur ein Paar von Läufen", "Una sola coppia di simulazioni"),
    "none-shared": (
        "The two have no seed in common, so they cannot be compared in pairs.",
        "Die beiden haben keinen Startwert gemeinsam und lassen sich nicht paarweise vergleichen.",
        "I due non hanno semi in comune e non si possono confrontare a coppie.",
    ),
    "sentence-less": (
        "{kind} lose {mean} on average instead of {reference}: {by} less{share}. {interval}",
        "{kind} verlieren im Mittel {mean} statt {reference}: {by} weniger{share}. {interval}",
        "{kind}: perdono in media {mean} invece di {reference}, {by} in meno{share}. {interval}",
    ),
    "sentence-more": (
        "{kind} lose {mean} on average instead of {reference}: {by} more{share}. {interval}",
        "{kind} verlieren im Mittel {mean} statt {reference}: {by} mehr{share}. {interval}",
        "{kind}: perdono in media {mean} invece di {reference}, {by} in più{share}. {interval}",
    ),
    "sentence-same": (
        "{kind} lose {mean} on average, with the reference {reference}: no measurable difference. {interval}",
        "{kind} verlieren im Mittel {mean}, mit der Referenz {reference}: kein messbarer Unterschied. {interval}",
        "{kind}: perdono in media {mean}, con il riferimento {reference}, nessuna differenza misurabile. {interval}",
    ),
    "sentence-longest": (
        "The longest wait in any run is {longest} (reference: {reference}).",
        "Die längste Wartezeit in allen Läufen ist {longest} (Referenz: {reference}).",
        "L’attesa più lunga in tutte le simulazioni è {longest} (riferimento: {reference}).",
    ),
    "sentence-open": (
        "{kind} lose {mean} on average in the one run that can be compared, and {reference} under the reference.",
        "{kind} verlieren im einzigen vergleichbaren Lauf im Mittel {mean}, unter der Referenz {reference}.",
        "{kind}: nell’unica simulazione confrontabile perdono in media {mean}, con il riferimento {reference}.",
    ),
    "percent": ("{value}%", "{value}\u00a0%", "{value}\u00a0%"),
    "interval-of": (
        "The 95% interval of the difference goes from {low} to {high}.",
        "Das 95-%-Intervall des Unterschieds reicht von {low} bis {high}.",
        "L’intervallo al 95\u00a0% della differenza va da {low} a {high}.",
    ),
    "how": ("How to read this", "Wie das zu lesen ist", "Come leggere questi dati"),
    "how-delay": (
        "Time lost is how much longer a trip takes than on an empty road with green signals; to wait is to stand.",
        "Zeitverlust ist, was ein Weg länger dauert als auf leerer Straße bei Grün; Warten heißt Stehen.",
        "Il tempo perso è quanto un percorso dura in più che su strada vuota con verde; attendere è stare fermi.",
    ),
    "how-longest": (
        "The longest wait is that of one person in any of the runs; below it stands its mean over the runs.",
        "Die längste Wartezeit ist die einer Person in irgendeinem Lauf; darunter steht ihr Mittel über die Läufe.",
        "L’attesa più lunga è quella di una persona in una delle simulazioni; sotto, la sua media.",
    ),
    "how-interval": (
        (
            "The 95% interval is the range in which the mean would lie if many more runs were made, 19 "
            "times out of 20. Where the interval of a difference includes zero, it is called no measurable "
            "difference. Of many comparisons, one in 20 looks like a difference by chance."
        ),
        (
            "Das 95-%-Intervall ist der Bereich, in dem der Mittelwert bei sehr vielen Läufen läge, in 19 "
            "von 20 Fällen. Enthält das Intervall eines Unterschieds die Null, heißt er nicht messbar. Von "
            "vielen Vergleichen sieht einer von 20 zufällig nach einem Unterschied aus."
        ),
        (
            "L’intervallo al 95\u00a0% è quello in cui la media cadrebbe con moltissime simulazioni, 19 volte su 20. "
            "Se l’intervallo di una differenza contiene lo zero, non è misurabile. Su molti confronti, uno su 20 "
            "sembra per caso una differenza."
        ),
    ),
    "how-quality": (
        (
            "The letters A to F use limits as generally known from HBS 2015, for orientation and not as a proof: "
            "vehicles by their mean wait, pedestrians and cyclists by the longest wait of anybody. Waits are "
            "summed over a whole trip, so a trip through several junctions is judged strictly."
        ),
        (
            "Die Buchstaben A bis F nutzen Grenzen, wie sie aus dem HBS 2015 bekannt sind, zur Orientierung, nicht "
            "als Nachweis: Fahrzeuge nach der mittleren, Rad- und Fußverkehr nach der längsten Wartezeit. Wartezeiten "
            "gelten für den ganzen Weg; mehrere Knoten werden also streng beurteilt."
        ),
        (
            "Le lettere da A a F usano i limiti noti dall’HBS 2015, come orientamento e non come prova: veicoli per "
            "l’attesa media, pedoni e ciclisti per la più lunga. Le attese valgono per l’intero percorso: più "
            "incroci sono quindi giudicati con severità."
        ),
    ),
    "how-all": (
        "All vehicles include bicycles on the road, and no pedestrians.",
        "Alle Fahrzeuge: einschließlich Fahrräder, ohne Fußverkehr.",
        "Tutti i veicoli: biciclette comprese, pedoni esclusi.",
    ),
}
_TABLES = {
    "results": ("Results by road user", "Ergebnisse nach Verkehrsart", "Risultati per tipo di utente"),
    "per-run": ("{count} in each run", "{count} in jedem Lauf", "{count} in ogni simulazione"),
    "per-run-some": (
        "{least} to {most} in each run",
        "{least} bis {most} in jedem Lauf",
        "Da {least} a {most} in ogni simulazione",
    ),
    "road-users": ("Road users", "Verkehrsart", "Utenti"),
    "count": ("Number", "Anzahl", "Numero"),
    "controller": ("Controller", "Steuerung", "Controllo"),
    "seed": ("Seed", "Startwert", "Seme"),
    "delay": ("Time lost", "Zeitverlust", "Tempo perso"),
    "wait": ("Wait", "Wartezeit", "Attesa"),
    "longest": ("Longest wait", "Längste Wartezeit", "Attesa più lunga"),
    "stops": ("Stops", "Halte", "Fermate"),
    "co2": ("CO₂", "CO₂", "CO₂"),
    "quality": ("Quality", "Qualität", "Qualità"),
    "arrived": ("Arrived", "Angekommen", "Arrivati"),
    "locked-runs": ("Locked runs", "Verstopft", "Bloccate"),
    "locked-at": ("Locked at", "Verstopft ab", "Bloccata a"),
    "range": ("{low} to {high}", "{low} bis {high}", "da {low} a {high}"),
    "per-run-mean": ("mean {text}", "Mittel {text}", "media {text}"),
    "differences": (
        "Differences from {reference}, in pairs of the same seed",
        "Unterschiede zu {reference}, paarweise bei gleichem Startwert",
        "Differenze rispetto a {reference}, a coppie con lo stesso seme",
    ),
    "pairs": ("Pairs", "Paare", "Coppie"),
    "less": ("less", "weniger", "in meno"),
    "more": ("more", "mehr", "in più"),
    "not-measurable": (
        "no measurable difference",
        "kein messbarer Unterschied",
        "nessuna differenza misurabile",
    ),
    "one-pair": ("one pair only", "nur ein Paar", "una sola coppia"),
    "low": ("Interval from", "Intervall von", "Intervallo da"),
    "high": ("Interval to", "Intervall bis", "Intervallo a"),
    "run-numbers": (
        "All numbers of every run",
        "Alle Zahlen jedes Laufs",
        "Tutti i numeri di ogni simulazione",
    ),
    "in-numbers": ("The numbers of this picture", "Die Zahlen zu diesem Bild", "I numeri di questa figura"),
    "second": ("Second", "Sekunde", "Secondo"),
    "nobody": (
        "The runs hold no road users.",
        "Die Läufe enthalten keine Verkehrsteilnehmenden.",
        "Le simulazioni non contengono utenti.",
    ),
}
_PLOTS = {
    "pictures": ("Pictures", "Bilder", "Figure"),
    "plot-delay": (
        "Time lost by road user",
        "Zeitverlust nach Verkehrsart",
        "Tempo perso per tipo di utente",
    ),
    "plot-delay-text": (
        "Each mark is a mean over the runs, each bar its 95% interval. Further left is better.",
        "Jedes Zeichen ist ein Mittelwert über die Läufe, jeder Balken sein 95-%-Intervall. Weiter links ist besser.",
        "Ogni segno è una media delle simulazioni, ogni barra il suo intervallo al 95\u00a0%. Più a sinistra è meglio.",
    ),
    "plot-waits": ("How many wait how long", "Wie viele wie lange warten", "Quanti aspettano quanto"),
    "plot-waits-text": (
        "Share of those who wait at least so many seconds, all runs together. Lower is better.",
        "Anteil derer, die mindestens so viele Sekunden warten, alle Läufe zusammen. Niedriger ist besser.",
        "Quota di chi aspetta almeno tanti secondi, tutte le simulazioni insieme. Più in basso è meglio.",
    ),
    "plot-queues": ("Queues over time", "Rückstau im Zeitverlauf", "Code nel tempo"),
    "plot-queues-text": (
        "How many stand in front of all stop lines, mean over the runs. Lower is better.",
        "Wie viele vor allen Haltlinien stehen, Mittelwert über die Läufe. Niedriger ist besser.",
        "Quanti sono fermi davanti a tutte le linee d’arresto, media delle simulazioni. Più in basso è meglio.",
    ),
    "plot-longest": (
        "Longest wait in each run",
        "Längste Wartezeit in jedem Lauf",
        "Attesa più lunga in ogni simulazione",
    ),
    "plot-longest-text": (
        "Fairness: each mark is the one who waited longest in one run. Further left is better.",
        "Fairness: Jedes Zeichen ist die Person, die in einem Lauf am längsten wartete. Weiter links ist besser.",
        "Equità: ogni segno è chi ha aspettato di più in una simulazione. Più a sinistra è meglio.",
    ),
    "plot-shares": ("Long waits", "Lange Wartezeiten", "Attese lunghe"),
    "plot-shares-text": (
        "Fairness: share of those who wait at least 60, 90 or 120 seconds, all runs together.",
        "Fairness: Anteil derer, die mindestens 60, 90 oder 120 Sekunden warten, alle Läufe zusammen.",
        "Equità: quota di chi aspetta almeno 60, 90 o 120 secondi, tutte le simulazioni insieme.",
    ),
    "at-least": ("{seconds} s or longer", "{seconds} s oder länger", "{seconds} s o più"),
    "axis-seconds": ("seconds", "Sekunden", "secondi"),
    "axis-minutes": ("minutes", "Minuten", "minuti"),
    "axis-share": ("percent", "Prozent", "per cento"),
    "axis-standing": ("standing", "stehen", "fermi"),
    "plot-signals": (
        "The signals in the first minutes",
        "Die Signale der ersten Minuten",
        "I segnali dei primi minuti",
    ),
    "plot-signals-text": (
        (
            "A row for each signal group, from left to right in seconds. A full bar is green, a hollow one "
            "green that gives way, a half one yellow, a lower quarter red and yellow, a thin line red."
        ),
        (
            "Eine Zeile je Signalgruppe, von links nach rechts in Sekunden. Voller Balken: Grün, hohler: bedingt "
            "verträgliches Grün, halber: Gelb, unteres Viertel: Rot-Gelb, dünne Linie: Rot."
        ),
        (
            "Una riga per gruppo di segnali, da sinistra a destra in secondi. Barra piena: verde, vuota: "
            "verde con obbligo di precedenza, a metà: giallo, quarto inferiore: rosso e giallo, linea sottile: rosso."
        ),
    ),
    "more-junctions": (
        "Shown: {shown} of {all} junctions.",
        "Gezeigt: {shown} von {all} Knoten.",
        "Mostrati: {shown} incroci su {all}.",
    ),
    "signal-G": ("green", "Grün", "verde"),
    "signal-g": ("green that gives way", "bedingt verträgliches Grün", "verde con precedenza altrui"),
    "signal-y": ("yellow", "Gelb", "giallo"),
    "signal-u": ("red and yellow", "Rot-Gelb", "rosso e giallo"),
    "signal-r": ("red", "Rot", "rosso"),
    "signal-group": ("Signal group", "Signalgruppe", "Gruppo di segnali"),
    "shown-as": ("In the picture", "Im Bild", "Nella figura"),
    "greens": ("Greens", "Grünphasen", "Verdi"),
    "green-s": ("Green in all", "Grün insgesamt", "Verde in tutto"),
    "longest-red": ("Longest red", "Längstes Rot", "Rosso più lungo"),
    "first-seconds": ("First {seconds} seconds", "Erste {seconds} Sekunden", "Primi {seconds} secondi"),
    "no-numbers": (
        "The runs hold no numbers for this.",
        "Dafür enthalten die Läufe keine Zahlen.",
        "Le simulazioni non contengono dati per questa figura.",
    ),
}
_DETAILS = {
    "engineer": ("For engineers", "Für die Fachleute", "Per i tecnici"),
    "every-run": ("Every run", "Jeder Lauf", "Ogni simulazione"),
    "took": ("Computed in", "Gerechnet in", "Calcolata in"),
    "key": ("Key", "Schlüssel", "Chiave"),
    "decisions": ("How long decisions take", "Wie lange Entscheidungen dauern", "Quanto durano le decisioni"),
    "decisions-text": (
        "A decision is one junction in one second. The 99% value is the largest of the runs.",
        "Eine Entscheidung ist ein Knoten in einer Sekunde. Der 99-%-Wert ist der größte der Läufe.",
        "Una decisione è un incrocio in un secondo. Il valore al 99\u00a0% è il maggiore delle simulazioni.",
    ),
    "decision-count": ("Decisions", "Entscheidungen", "Decisioni"),
    "mean": ("Mean", "Mittel", "Media"),
    "p99": ("99%", "99\u00a0%", "99\u00a0%"),
    "most": ("Longest", "Längste", "Massimo"),
    "gate": ("What the gate had to do", "Was das Schutzgatter tun musste", "Interventi del filtro di sicurezza"),
    "gate-text": (
        ("Nothing reaches the signals but through the gate. A fault is a request that it refused; then the "
        "fixed plan runs. A recall serves a group whose red would become too long."),
        ("Nur über das Schutzgatter gelangt etwas an die Signale. Ein Fehler ist eine abgelehnte "
        "Anforderung, dann läuft der Festzeitplan. Ein Rückruf bedient eine Gruppe, deren Rot sonst zu lang würde."),
        ("Nulla arriva ai segnali se non dal filtro. Un errore è una richiesta respinta: allora vale il piano fisso. "
        "Un richiamo serve un gruppo il cui rosso diventerebbe troppo lungo."),
    ),
    "faults": ("Faults", "Fehler", "Errori"),
    "plan-s": ("In the fixed plan", "Im Festzeitplan", "Nel piano fisso"),
    "recall-s": ("In recall", "Im Rückruf", "In richiamo"),
    "options": ("Options of the runs", "Einstellungen der Läufe", "Opzioni delle simulazioni"),
    "option": ("Option", "Einstellung", "Opzione"),
    "value": ("Value", "Wert", "Valore"),
    "repeat": ("How to repeat it", "Wie man es wiederholt", "Come ripeterlo"),
    "versions": ("Made with", "Erstellt mit", "Creato con"),
    "notes": ("Notes and assumptions", "Hinweise und Annahmen", "Note e ipotesi"),
    "no-notes": (
        "The scenario comes without notes.",
        "Zum Szenario gibt es keine Hinweise.",
        "Lo scenario non contiene note.",
    ),
    "simulated": (
        "Everything on this page comes from a simulation, not from a street.",
        "Alles auf dieser Seite kommt aus einer Simulation, nicht von der Straße.",
        "Tutto in questa pagina viene da una simulazione, non dalla strada.",
    ),
}  # fmt: skip
TEXTS: Mapping[str, tuple[str, str, str]] = _NAMES | _SUMMARY | _TABLES | _PLOTS | _DETAILS

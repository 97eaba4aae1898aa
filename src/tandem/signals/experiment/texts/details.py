"""What engineers need."""

TEXTS = {
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
    "versions-page": (
        "This page was written by Tandem {version}, its runs were computed with:",
        "Diese Seite schrieb Tandem {version}, gerechnet wurden ihre Läufe mit:",
        "Questa pagina è stata scritta da Tandem {version}, le sue simulazioni calcolate con:",
    ),
    "versions-differ": (
        "Runs of different versions stand side by side here. Run all again before you rely on a difference.",
        "Hier stehen Läufe verschiedener Versionen nebeneinander. Rechnen Sie vor einem Schluss alle neu.",
        "Qui stanno fianco a fianco simulazioni di versioni diverse. Ripetetele tutte prima di trarre conclusioni.",
    ),
    "versions-differ-head": ("Different versions", "Verschiedene Versionen", "Versioni diverse"),
    "versions-unknown": ("not recorded", "nicht vermerkt", "non registrata"),
    "software": ("Software", "Software", "Software"),
    "version": ("Version", "Version", "Versione"),
    "simulated-with": (
        "Simulated with {software}.",
        "Simuliert mit {software}.",
        "Simulato con {software}.",
    ),
    "method": ("Method", "Verfahren", "Metodo"),
    "method-text": (
        (
            "Each mean is taken over the runs of a controller, each difference over pairs of runs with the same seed. "
            "Intervals are those of Student’s t distribution with one degree of freedom less than there are runs or "
            "pairs. Time lost includes the wait of those who could not even start; who had not arrived "
            "at the end counts too."
        ),
        (
            "Jedes Mittel geht über die Läufe einer Steuerung, jeder Unterschied über Paare von Läufen mit gleichem "
            "Startwert. Die Intervalle sind die der t-Verteilung mit einem Freiheitsgrad weniger als Läufe oder Paare. "
            "Zeitverlust enthält das Warten derer, die gar nicht starten konnten; wer am Ende unterwegs war, zählt mit."
        ),
        (
            "Ogni media è sulle simulazioni di un controllo, ogni differenza su coppie con lo stesso seme. Gli "
            "intervalli sono quelli della t di Student con un grado di libertà in meno delle simulazioni o delle "
            "coppie. Il tempo perso comprende l’attesa di chi non è nemmeno partito; conta anche chi alla fine "
            "non era arrivato."
        ),
    ),
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

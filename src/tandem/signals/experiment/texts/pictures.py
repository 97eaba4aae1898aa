"""Pictures and their legends."""

TEXTS = {
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

"""The summary: what was compared, and how to read it."""

TEXTS = {
    "glance": (
        "Time lost on each trip",
        "Zeitverlust je Weg",
        "Tempo perso per ogni percorso",
    ),
    "glance-text": (
        "Mean in seconds. Below it stands the difference from {name}.",
        "Mittel in Sekunden. Darunter steht der Unterschied zu {name}.",
        "Media in secondi. Sotto, la differenza rispetto a {name}.",
    ),
    "glance-only": ("Mean in seconds.", "Mittel in Sekunden.", "Media in secondi."),
    "glance-less": ("{change} less", "{change} weniger", "{change} in meno"),
    "glance-more": ("{change} more", "{change} mehr", "{change} in più"),
    "kicker": (
        "Comparison of signal controllers",
        "Vergleich von Ampelsteuerungen",
        "Confronto tra controlli semaforici",
    ),
    "skip": ("Skip to the content", "Zum Inhalt", "Vai al contenuto"),
    "contents": ("Contents", "Inhalt", "Indice"),
    "summary": ("Summary", "Zusammenfassung", "In sintesi"),
    "compared": (
        "This page compares {names} in {runs} of {minutes} each: {seeds}.",
        "Diese Seite vergleicht {names} in {runs} zu je {minutes}: {seeds}.",
        "Questa pagina confronta {names} in {runs} di {minutes} ciascuna: {seeds}.",
    ),
    "only": (
        "Only {names} was run, in {runs} of {minutes} each: there is nothing to compare it with.",
        "Nur {names} wurde gerechnet, in {runs} zu je {minutes}: Es gibt nichts zum Vergleichen.",
        "È stato simulato solo {names}, in {runs} di {minutes} ciascuna: non c’è nulla con cui confrontarlo.",
    ),
    "runs-1": ("1 simulated run", "1 Simulationslauf", "1 simulazione"),
    "runs-n": ("{count} simulated runs", "{count} Simulationsläufen", "{count} simulazioni"),
    "seeds-1": (
        "one for each controller",
        "einer für jede Steuerung",
        "una per ogni controllo",
    ),
    "seeds-n": (
        "{count} for each controller",
        "{count} für jede Steuerung",
        "{count} per ogni controllo",
    ),
    "seeds-some": (
        "{least} to {most} for each controller",
        "{least} bis {most} für jede Steuerung",
        "da {least} a {most} per ogni controllo",
    ),
    "minutes": ("{count} minutes", "{count} Minuten", "{count} minuti"),
    "reference": (
        "Reference: {name}. Runs with the same seed have the same traffic, so they are compared in pairs.",
        "Referenz: {name}. Läufe mit gleichem Startwert haben denselben Verkehr und werden paarweise verglichen.",
        "Riferimento: {name}. Simulazioni con lo stesso seme hanno lo stesso traffico e si confrontano a coppie.",
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
    "unlocked": (
        "No run locked: nobody stood for more than ten minutes.",
        "Kein Lauf verstopfte: Niemand stand länger als zehn Minuten.",
        "Nessuna simulazione si è bloccata: nessuno è rimasto fermo più di dieci minuti.",
    ),
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
        "{kind} lose {mean} on average instead of {reference}: {by} less{share}.",
        "{kind} verlieren im Mittel {mean} statt {reference}: {by} weniger{share}.",
        "{kind}: perdono in media {mean} invece di {reference}, {by} in meno{share}.",
    ),
    "sentence-more": (
        "{kind} lose {mean} on average instead of {reference}: {by} more{share}.",
        "{kind} verlieren im Mittel {mean} statt {reference}: {by} mehr{share}.",
        "{kind}: perdono in media {mean} invece di {reference}, {by} in più{share}.",
    ),
    "sentence-same": (
        "{kind} lose {mean} on average, with the reference {reference}: no measurable difference.",
        "{kind} verlieren im Mittel {mean}, mit der Referenz {reference}: kein messbarer Unterschied.",
        "{kind}: perdono in media {mean}, con il riferimento {reference}, nessuna differenza misurabile.",
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

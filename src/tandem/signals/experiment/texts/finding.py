"""The page's heading: who gains and who loses."""

TEXTS = {
    "finding": (
        "{name} instead of {reference}: {changes}",
        "{name} statt {reference}: {changes}",
        "{name} invece di {reference}: {changes}",
    ),
    "finding-less-first": (
        "{change} less time lost {whom}",
        "{change} weniger Zeitverlust {whom}",
        "{change} di tempo perso in meno {whom}",
    ),
    "finding-more-first": (
        "{change} more time lost {whom}",
        "{change} mehr Zeitverlust {whom}",
        "{change} di tempo perso in più {whom}",
    ),
    "finding-less": ("{change} less {whom}", "{change} weniger {whom}", "{change} in meno {whom}"),
    "finding-more": ("{change} more {whom}", "{change} mehr {whom}", "{change} in più {whom}"),
    "finding-same": (
        "no measurable difference {whom}",
        "kein messbarer Unterschied {whom}",
        "nessuna differenza misurabile {whom}",
    ),
    "finding-all-same": (
        "no measurable difference in time lost",
        "kein messbarer Unterschied beim Zeitverlust",
        "nessuna differenza misurabile nel tempo perso",
    ),
    "finding-open": (
        "{name} and {reference}: one pair of runs, too few to tell chance from effect",
        "{name} und {reference}: ein Paar von Läufen, zu wenig für ein Urteil",
        "{name} e {reference}: una sola coppia di simulazioni, troppo poco per un giudizio",
    ),
    "finding-none": (
        "{name} and {reference} were not run on the same traffic",
        "{name} und {reference} liefen nicht mit demselben Verkehr",
        "{name} e {reference} non sono stati simulati con lo stesso traffico",
    ),
    "finding-only": (
        "Only {name} was run: there is nothing to compare it with",
        "Nur {name} wurde gerechnet: Es gibt nichts zum Vergleichen",
        "È stato simulato solo {name}: non c’è nulla con cui confrontarlo",
    ),
    "finding-locked": (
        "The traffic locked in {parts}",
        "Der Verkehr verstopfte in {parts}",
        "Il traffico si è bloccato in {parts}",
    ),
    "finding-locked-part": (
        "{count} runs with {name}",
        "{count} Läufen mit {name}",
        "{count} simulazioni con {name}",
    ),
}

"""What the examples of all cities share: titles of processes, and the questions of the survey."""

from typing import Any

TITLES = {
    "ideas": {
        "de": "Beispiel: Ideen für den Ort",
        "it": "Esempio: idee per il luogo",
        "en": "Example: ideas for the place",
    },
    "plan": {
        "de": "Beispiel: Stellungnahmen zum Plan",
        "it": "Esempio: osservazioni sul piano",
        "en": "Example: statements on the plan",
    },
    "budget": {
        "de": "Beispiel: Bürgerhaushalt, Vorschläge",
        "it": "Esempio: bilancio partecipativo, proposte",
        "en": "Example: participatory budget, proposals",
    },
    "vote": {
        "de": "Beispiel: Bürgerhaushalt, Ergebnis",
        "it": "Esempio: bilancio partecipativo, risultato",
        "en": "Example: participatory budget, result",
    },
    "opinions": {
        "de": "Beispiel: Meinungsbild",
        "it": "Esempio: mappa delle opinioni",
        "en": "Example: opinion map",
    },
    "survey": {"de": "Beispiel: Umfrage", "it": "Esempio: questionario", "en": "Example: survey"},
}


def _options(*texts: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        {"id": str(number), "titles": {"de": german, "it": italian, "en": english}}
        for number, (german, italian, english) in enumerate(texts, start=1)
    ]


QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "often",
        "kind": "single",
        "required": True,
        "titles": {
            "de": "Wie oft sind Sie hier?",
            "it": "Quanto spesso è qui?",
            "en": "How often are you here?",
        },
        "options": _options(
            ("jeden Tag", "ogni giorno", "every day"),
            ("jede Woche", "ogni settimana", "every week"),
            ("selten", "raramente", "seldom"),
        ),
        "branches": [{"to": "missing", "options": ["3"]}],
    },
    {
        "id": "way",
        "kind": "multiple",
        "titles": {"de": "Wie kommen Sie her?", "it": "Come arriva?", "en": "How do you come here?"},
        "options": _options(
            ("zu Fuß", "a piedi", "on foot"),
            ("mit dem Rad", "in bicicletta", "by bicycle"),
            ("mit dem Bus", "in autobus", "by bus"),
            ("mit dem Auto", "in auto", "by car"),
        ),
    },
    {
        "id": "mark",
        "kind": "scale",
        "least": 1,
        "most": 5,
        "titles": {
            "de": "Wie gern sind Sie hier? (5 = sehr gern)",
            "it": "Quanto Le piace stare qui? (5 = molto)",
            "en": "How much do you like it here? (5 = very much)",
        },
    },
    {
        "id": "missing",
        "kind": "text",
        "titles": {"de": "Was fehlt?", "it": "Che cosa manca?", "en": "What is missing?"},
    },
]

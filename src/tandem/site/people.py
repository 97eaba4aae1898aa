"""The example installation's people: one for each role."""

from tandem.accounts.domain.roles import ALL_ROLES
from tandem.accounts.services.people import create_person, email_is_taken
from tandem.kit.installation import city

NAMES = {
    "de": {
        "catalogue:reader": "Leserin (Beispiel)",
        "catalogue:editor": "Fachamt (Beispiel)",
        "catalogue:publisher": "Open-Data-Stelle (Beispiel)",
        "participation:reader": "Amtsleitung (Beispiel)",
        "participation:moderator": "Moderation (Beispiel)",
        "participation:planner": "Stadtplanung (Beispiel)",
        "junctions:reader": "Straßenbau (Beispiel)",
        "junctions:traffic-engineer": "Verkehrstechnik (Beispiel)",
        "exchange:reader": "Städtepartnerschaften (Beispiel)",
        "exchange:exchange-officer": "Europastelle (Beispiel)",
        "site:administrator": "Verwaltung des Portals (Beispiel)",
        "": "Bürgerin (Beispiel)",
    },
    "it": {
        "catalogue:reader": "Lettrice (esempio)",
        "catalogue:editor": "Ufficio (esempio)",
        "catalogue:publisher": "Ufficio open data (esempio)",
        "participation:reader": "Direzione (esempio)",
        "participation:moderator": "Moderazione (esempio)",
        "participation:planner": "Pianificazione urbana (esempio)",
        "junctions:reader": "Lavori stradali (esempio)",
        "junctions:traffic-engineer": "Ingegneria del traffico (esempio)",
        "exchange:reader": "Gemellaggi (esempio)",
        "exchange:exchange-officer": "Ufficio Europa (esempio)",
        "site:administrator": "Amministrazione del portale (esempio)",
        "": "Cittadina (esempio)",
    },
}


def make_example_people(password: str) -> list[tuple[str, str]]:
    """Make a person for each role and a citizen; return (e-mail address, role) of all of them."""
    made = []
    language = city().languages[0]
    names = NAMES.get(language, {})
    for role in (None, *ALL_ROLES):
        name = f"{role.room}-{role.role}" if role else "citizen"
        email = f"{name}@{city().id}.example"
        if not email_is_taken(email):
            label = names.get(str(role or ""), name)
            create_person(email, label, password, language, [str(role)] if role else [])
        made.append((email, str(role) if role else "citizen"))
    return made

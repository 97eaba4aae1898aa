"""The example installation's people: one for each role."""

from tandem.accounts.domain.roles import ALL_ROLES
from tandem.accounts.services.people import create_person, email_is_taken
from tandem.kit.installation import city

NAMES = {
    "publisher": "Offene Daten / Dati aperti / Open data",
    "administrator": "Administration",
}


def make_example_people(password: str) -> list[tuple[str, str]]:
    """Make a person for each role and a citizen; return (e-mail address, role) of all of them."""
    made = []
    for role in (None, *ALL_ROLES):
        name = f"{role.room}-{role.role}" if role else "citizen"
        email = f"{name}@{city().id}.example"
        if not email_is_taken(email):
            label = NAMES.get(role.role if role else "", name)
            create_person(email, label, password, city().languages[0], [str(role)] if role else [])
        made.append((email, str(role) if role else "citizen"))
    return made

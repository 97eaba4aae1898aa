"""Who acts in this installation: its ledger, its rooms, its city, and what the city says of itself."""

from datetime import datetime
from typing import Any

from tandem.accounts.models import Person
from tandem.accounts.services.roles import has_role, roles_of
from tandem.exchange.services.acting import Acting
from tandem.exchange.services.ledger import DjangoLedger
from tandem.kit import installation, parts


def acting(person: Person | None, *, now: datetime) -> Acting:
    """Return somebody who acts here; None for the portal itself."""
    return Acting(DjangoLedger(now), parts.handlers(), installation.city().id, person, now, profile=profile())


def profile() -> dict[str, Any]:
    """Return what the city says of itself, for inputs of parts: names from the configuration and the rooms."""
    config = installation.config()
    city, legal = config.city, config.legal
    return {
        "name": city.name(city.languages[0]),
        "city": city.id,
        "country": city.country,
        "language": city.languages[0],
        "timezone": city.timezone,
        "portal": config.server.url,
        "body": legal.body,
        "mail": legal.mail,
        "publisher": config.catalogue.publisher or legal.body or city.name(city.languages[0]),
        "contact_mail": config.catalogue.contact_mail or legal.mail,
        **parts.profile(),
    }


def roles(person: Person) -> frozenset[str]:
    """Return the roles of a person as ``room:role``; whoever may act as anything has those that sign parts."""
    signing = {handler.signs for handler in parts.handlers().values()}
    held = {each for each in signing if has_role(person, *each.split(":"))}
    return frozenset({*map(str, roles_of(person)), *held})

"""One call of CKAN's Action API: its parameters, read as what they should be, and who asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tandem.accounts.models import Person
from tandem.accounts.services.roles import has_role
from tandem.catalogue.domain.ckan_values import BadPackage
from tandem.catalogue.domain.permissions import ALLOWED, ROOM, Action
from tandem.catalogue.services.ckan_resources import Asker, SentFile
from tandem.core.errors import NotAllowed

MOST = 10**9
_TRUE, _FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off", ""}


class Refused(NotAllowed):
    """The action needs a token of somebody who may."""

    code = "catalogue.ckan.refused"

    def __init__(self, person: Person | None, needed: str) -> None:
        if person is None:
            said = "This needs an API token in the header Authorization; make one on your account's page."
        else:
            said = f"The token's owner has not the right '{needed}' in the catalogue."
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Call:
    """What was called, by whom.

    Attributes:
        values: The parameters as they came.
        sent: A file that came with them.
        person: Whose token the request carries.
    """

    values: Mapping[str, Any]
    sent: SentFile | None
    person: Person | None
    now: datetime

    # --- who ---
    def may(self, action: Action) -> bool:
        """Return whether who asks may do this."""
        return self.person is not None and has_role(self.person, ROOM, *ALLOWED[action])

    def needs_person(self) -> Person:
        """Return who asks.

        Raises:
            Refused: Nobody, or the token is none.
        """
        if self.person is None:
            raise Refused(None, "")
        return self.person

    def needs(self, action: Action) -> Person:
        """Return who asks.

        Raises:
            Refused: They may not do this.
        """
        person = self.needs_person()
        if not self.may(action):
            raise Refused(person, action)
        return person

    def asker(self) -> Asker:
        """Return who changes something.

        Raises:
            Refused: They may not.
        """
        return Asker(self.needs(Action.EDIT), self.may(Action.PUBLISH), self.now)

    @property
    def sees_drafts(self) -> bool:
        """True where who asks may see what is not public."""
        return self.may(Action.SEE_DRAFTS)

    # --- what ---
    def text(self, *names: str, default: str | None = "") -> str:
        """Return a parameter, the first of several names that was sent.

        Raises:
            BadPackage: It is no text; or it is missing, and there is no default.
        """
        for name in names:
            value = self.values.get(name)
            if value is None or value == "":
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise BadPackage({name: ["Must be a text"]})
            if "\x00" in str(value):  # what PostgreSQL cannot even be asked for
                raise BadPackage({name: ["Must not hold a zero byte"]})
            return str(value)
        if default is None:
            raise BadPackage({names[0]: ["Missing value"]})
        return default

    def number(self, name: str, *, default: int, negative: bool = False) -> int:
        """Return a parameter that is a whole number.

        Args:
            name: Its name.
            default: Where it was not sent.
            negative: Whether it may be below zero.

        Raises:
            BadPackage: It is none.
        """
        text = self.text(name).strip()
        if not text:
            return default
        digits = text.removeprefix("-") if negative else text
        if not digits.isascii() or not digits.isdigit():
            raise BadPackage({name: ["Must be a natural number"]})
        return min(int(digits[:10]), MOST) * (-1 if digits != text else 1)

    def page_of(self, rows: Any, *, most: int = MOST) -> Any:
        """Return the rows that ``offset`` and ``limit`` ask for.

        Args:
            rows: A list or a query.
            most: How many at once at the most, whatever was asked for.

        Raises:
            BadPackage: One of the two is no natural number.
        """
        start, limit = self.number("offset", default=0), self.number("limit", default=MOST)
        return rows[start : start + min(limit, most)]

    def truth(self, name: str, *, default: bool = False) -> bool:
        """Return a parameter that is true or false.

        Raises:
            BadPackage: It is neither.
        """
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        text = str(value).lower()
        if text not in _TRUE | _FALSE:
            raise BadPackage({name: ["Must be true or false"]})
        return text in _TRUE

    def texts(self, name: str) -> list[str]:
        """Return a parameter that is a list of texts: of JSON, as JSON, several times, or one alone.

        Raises:
            BadPackage: It is none.
        """
        value = self.values.get(name)
        if isinstance(value, str) and value.lstrip().startswith("["):
            value = _json(name, value.replace("'", '"') if '"' not in value else value)
        found = value if isinstance(value, list) else [] if value in (None, "") else [value]
        if not all(isinstance(each, str) for each in found):
            raise BadPackage({name: ["Must be a list of texts"]})
        return list(found)

    def thing(self, name: str) -> dict[str, Any]:
        """Return a parameter that is an object, or the JSON of one.

        Raises:
            BadPackage: It is none.
        """
        value = self.values.get(name)
        found = _json(name, value) if isinstance(value, str) and value.strip() else value or {}
        if not isinstance(found, dict):
            raise BadPackage({name: ["Must be an object"]})
        return found


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadPackage({name: ["Must be JSON"]}) from error

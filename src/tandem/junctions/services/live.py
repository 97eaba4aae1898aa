"""Receive what a running engine publishes, and say how things stand. Nothing here can send anything to an engine."""

import hmac
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tandem.core.errors import Conflict, NotAllowed
from tandem.core.text import say
from tandem.junctions.adapters import latest
from tandem.junctions.adapters.latest import Latest
from tandem.junctions.domain.live import NotAState, State, check_belongs, is_silent, read_state
from tandem.junctions.services import counts, gates
from tandem.junctions.services.register import digest
from tandem.kit import throttle

log = logging.getLogger(__name__)
MOST_BYTES = 64_000
MOST_MESSAGES, WITHIN_S = 30, 10
MOST_WRONG_TOKENS, WRONG_WITHIN_S = 30, 600


class WrongToken(NotAllowed):
    """Nobody may send this junction's state with this token."""

    code = "junctions.live.wrong-token"

    def __init__(self) -> None:
        super().__init__(say("The token is not this junction's. Make a new one on the junction's page."))


class NothingApproved(Conflict):
    """No file of the junction is approved."""

    code = "junctions.live.nothing-approved"

    def __init__(self) -> None:
        super().__init__(say("No file of this junction is approved, so nothing is shown of its engine."))


def receive(slug: str, body: bytes, *, token: str, sender: str, now: datetime) -> State:
    """Take a message in: check it, keep it in place of the one before, and count who passed.

    A message that says what the last one said changes nothing: its engine goes silent as if it had sent none.

    Args:
        body: The message, or a list of messages of several junctions, as the engine publishes them.
        sender: What stands for the sender's network address.

    Raises:
        WrongToken: The token is not this junction's.
        TooOften: Three messages a second are enough, and so are thirty wrong tokens in ten minutes. The right token
            is taken all the same: many senders can stand behind one address.
        NothingApproved: No file of the junction is approved.
        NotAState: The message does not keep to the schema.
        AnotherJunction: The engine runs another junction than the one whose file was approved.
    """
    gate = gates.of(slug)
    if not gate.token_digest or not hmac.compare_digest(gate.token_digest, digest(token)):
        throttle.count("junctions.token", sender, most=MOST_WRONG_TOKENS, seconds=WRONG_WITHIN_S)
        raise WrongToken
    throttle.count("junctions.state", slug, most=MOST_MESSAGES, seconds=WITHIN_S)
    if not gate.engine_id:
        raise NothingApproved
    state = read_state(_message(body, gate.engine_id))
    check_belongs(state, junction=gate.engine_id, groups=gate.groups)
    known = latest.of(slug)
    if known is not None and known.state == state:
        return state  # said already: an engine that stands still is not alive because it is asked again
    latest.keep(slug, state, now=now)
    counts.note(gate, state, now=now)
    return state


def _message(body: bytes, engine_id: str) -> Any:
    try:
        values = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotAState("$", say("it is no JSON.")) from error
    if not isinstance(values, list):
        return values
    fitting = [each for each in values if isinstance(each, dict) and each.get("junction") == engine_id]
    if not fitting:
        raise NotAState("$", say("none of its messages is of {junction}.", junction=engine_id))
    return fitting[0]


def _no_number(name: str) -> Any:
    """Refuse what JSON does not have, though Python reads it: NaN, Infinity."""
    raise ValueError(name)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with an engine.

    Attributes:
        latest: Its last message; None where it never sent one.
        silent: Whether the last message is too old.
    """

    latest: Latest | None
    silent: bool
    age_s: float = 0.0

    @property
    def stamp(self) -> str:
        """What tells this from what was shown before."""
        return f"{self.latest.stamp if self.latest else 'never'}-{'silent' if self.silent else 'live'}"


def standing(slug: str, *, now: datetime) -> Standing:
    """Return how things stand with a junction's engine; asks no database."""
    found = latest.of(slug)
    if found is None:
        return Standing(None, silent=True)
    age_s = max((now - found.received_at).total_seconds(), 0.0)
    return Standing(found, is_silent(age_s=age_s), age_s)

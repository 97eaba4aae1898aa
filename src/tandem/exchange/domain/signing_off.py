"""Signing parts off: by whom, where asked for after a simulation, and what may go live then."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from tandem.core.references import Reference
from tandem.core.text import say
from tandem.exchange.domain.adoption import (
    SIMULATED,
    Action,
    AdoptedPart,
    Adoption,
    Fields,
    NotPossible,
    NotTheirs,
    PartGone,
    PartState,
    SignOff,
    Simulation,
    State,
    after,
)
from tandem.exchange.domain.naming import role_named
from tandem.exchange.domain.part_fields import sha256_of


def with_simulation(adoption: Adoption, key: str, result: Reference, *, fields: Fields) -> Adoption:
    """Return an adoption with a simulation attached to a part; a sign-off from before is void.

    Args:
        fields: The part as it was simulated, and as it is.

    Raises:
        NotPossible: Not in this state of the adoption or the part.
    """
    part = adoption.part(key)
    state = after(adoption, Action.SIMULATE)
    _check_open(part)
    simulated = replace(
        part, state=PartState.MADE, sign_off=None, simulation=Simulation(result, sha256_of(fields))
    )
    return replace(adoption.with_part(simulated), state=state)


def sign_off(
    adoption: Adoption,
    key: str,
    *,
    by: str,
    roles: Collection[str],
    signs: str,
    fields: Fields,
    now: datetime,
    note: str = "",
) -> Adoption:
    """Return an adoption with a part signed off.

    Args:
        by: Id of the person, who has ``roles``.
        signs: The role that is asked for.
        fields: The part as it is; what is changed afterwards has to be signed again.

    Raises:
        NotPossible: Not in this state of the adoption or the part, or before a simulation.
        NotTheirs: The role is missing, or it takes a second person.
    """
    part = adoption.part(key)
    state = after(adoption, Action.SIGN_OFF)
    _check_open(part)
    if signs not in roles:
        raise NotTheirs(say("Signing {part} off takes the role {role}.", part=key, role=role_named(signs)))
    signed = sha256_of(fields)
    if part.kind in SIMULATED:
        _check_simulated(adoption, part, by, signed)
    made = replace(part, state=PartState.SIGNED_OFF, sign_off=SignOff(by, now, signed, note.strip()))
    return replace(adoption.with_part(made), state=state)


def _check_open(part: AdoptedPart) -> None:
    if part.state is PartState.LIVE:
        raise NotPossible(
            say("{part} is live as it was signed off; there is nothing to sign.", part=part.key)
        )
    if part.state is PartState.GONE:
        raise PartGone(part.key)


def _check_simulated(adoption: Adoption, part: AdoptedPart, by: str, signed: str) -> None:
    if by in {adoption.begun_by, part.made_by}:
        raise NotTheirs(say("{part} is signed off by somebody else than who took it over.", part=part.key))
    if part.simulation is None:
        raise NotPossible(say("{part} is simulated first, then signed off.", part=part.key))
    if part.simulation.fields_sha256 != signed:
        raise NotPossible(say("{part} was changed after it was simulated. Simulate it again.", part=part.key))


def check_live(adoption: Adoption, shown: Mapping[str, Fields | None], *, without: Collection[str]) -> State:
    """Return the state of an adoption after it goes live, which it does as a whole.

    Args:
        shown: What the rooms show of the parts that are not live yet.
        without: Keys of parts that are gone, and stay so.

    Raises:
        NotPossible: Not in this state, a part is not signed off as it is, or all is live already.
        PartGone: Somebody deleted a part.
    """
    state = after(adoption, Action.GO_LIVE)
    for key, fields in shown.items():
        part = adoption.part(key)
        if fields is None:
            if key not in without:
                raise PartGone(key)
        elif part.sign_off is None:
            raise NotPossible(say("{part} is not signed off yet.", part=key))
        elif part.sign_off.fields_sha256 != sha256_of(fields):
            raise NotPossible(say("{part} was changed after it was signed off. Sign it off again.", part=key))
    if not any(fields is not None for fields in shown.values()):
        raise NotPossible(say("There is nothing to put live."))
    return state

"""Which of the city's staff may do what in the exchange."""

from collections.abc import Mapping
from enum import StrEnum


class Duty(StrEnum):
    """What a member of staff does here."""

    SEE_DRAFTS = "see-drafts"
    DESCRIBE = "describe"  # measures, their parts and evidence
    PUBLISH = "publish"  # publish, release and withdraw measures
    ADOPT = "adopt"  # plan, adopt, update, retire; each part is signed off by whom its room says
    MEET = "meet"  # tandems, visits, decisions
    TRUST = "trust"  # pin and revoke keys, release what waits


ROOM = "exchange"
_OFFICER = ("exchange-officer",)
ALLOWED: Mapping[Duty, tuple[str, ...]] = {
    Duty.SEE_DRAFTS: ("reader", *_OFFICER),
    Duty.DESCRIBE: _OFFICER,
    Duty.PUBLISH: _OFFICER,
    Duty.ADOPT: _OFFICER,
    Duty.MEET: _OFFICER,
    Duty.TRUST: _OFFICER,
}

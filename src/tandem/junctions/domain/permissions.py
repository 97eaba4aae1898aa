"""Which of the city's staff may do what with junctions. When it may be done is said in ``domain.approval``."""

from collections.abc import Mapping
from enum import StrEnum


class Duty(StrEnum):
    """What a member of staff does here."""

    SEE_DRAFTS = "see-drafts"
    ENGINEER = "engineer"  # register, describe, files, evaluations, tokens, publishing


ROOM = "junctions"
ALLOWED: Mapping[Duty, tuple[str, ...]] = {
    Duty.SEE_DRAFTS: ("reader", "traffic-engineer"),
    Duty.ENGINEER: ("traffic-engineer",),
}

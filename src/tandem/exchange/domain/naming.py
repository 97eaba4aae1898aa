"""What sentences call what has a code: each name is a sentence itself, so that it is said in the reader's language."""

from collections.abc import Mapping

from tandem.core.text import Sentence, say

Names = Mapping[str, Sentence]

PART_KINDS: Names = {
    "catalogue": say("Data"),
    "participation": say("Participation"),
    "signal": say("Traffic signal"),
    "indicator": say("Indicators"),
}
PART_STEPS: Names = {
    "plan": say("planning"),
    "make": say("making a draft"),
    "update": say("taking the new version over"),
    "go-live": say("going live"),
    "undo": say("taking away what was made"),
    "fields-of": say("reading what was made"),
}
ACTIONS: Names = {
    "simulate": say("Simulating"),
    "sign-off": say("Signing off"),
    "go-live": say("Going live"),
    "update": say("Taking a new version over"),
    "diverge": say("Going an own way"),
    "retire": say("Retiring"),
    "undo": say("Undoing"),
}
PROPOSALS: Names = {
    "proposed": say("proposed"),
    "agreed-by-some": say("some cities agreed"),
    "agreed": say("all cities agreed"),
    "declined": say("a city declined"),
    "replaced": say("another one stands for it"),
    "withdrawn": say("withdrawn"),
}
STANDINGS: Names = {
    "pinned": say("compared and pinned"),
    "retired": say("replaced by another one"),
    "revoked": say("revoked for good"),
}
ROOMS: Names = {
    "catalogue": say("Data"),
    "participation": say("Have a say"),
    "junctions": say("Junctions"),
    "exchange": say("Partners"),
}
ROLES: Names = {
    "editor": say("Editor"),
    "publisher": say("Publisher"),
    "moderator": say("Moderator"),
    "planner": say("Planner"),
    "traffic-engineer": say("Traffic engineer"),
    "exchange-officer": say("Exchange officer"),
}


def named(code: str, names: Names) -> str:
    """Return what has a code is called; the code itself where nobody here knows it.

    >>> named("signal", PART_KINDS), named("drone", PART_KINDS)
    ('Traffic signal', 'drone')
    """
    return names.get(code, code)


def role_named(role: str) -> str:
    """Return what a role in a room is called.

    >>> str(role_named("catalogue:publisher"))
    'Publisher (Data)'
    """
    room, _colon, within = role.partition(":")
    if within not in ROLES:
        return role
    return say("{role} ({room})", role=named(within, ROLES), room=named(room, ROOMS))

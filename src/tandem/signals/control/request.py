"""What a controller may say: which groups it wants green."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """A controller's wish, made at a moment. It switches nothing; the gate decides what comes of it.

    Attributes:
        made_at_ms: When it was decided; the gate takes no old ones.
        permissive: Those of ``green`` that shall give way.
        reason: One sentence for the engineer who reads the log.
    """

    green: frozenset[str]
    permissive: frozenset[str]
    made_at_ms: int
    reason: str = ""

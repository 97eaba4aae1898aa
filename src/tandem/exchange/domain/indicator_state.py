"""The life of an adopted indicator: a draft, live, withdrawn."""

from enum import StrEnum


class State(StrEnum):
    """Whether the public sees it, and whether its values are told."""

    DRAFT = "draft"  # values can be entered already: those from before the measure begins
    LIVE = "live"
    WITHDRAWN = "withdrawn"  # its values stay

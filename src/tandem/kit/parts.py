"""The handlers of parts: each room says what it can pack for another city, and adopt; the exchange asks here."""

from collections.abc import Callable, Mapping
from typing import Any

from tandem.core.parts import Handlers, PartHandler

Profile = Callable[[], Mapping[str, Any]]
_handlers: dict[str, PartHandler] = {}
_profiles: dict[str, Profile] = {}


def register_handler(handler: PartHandler) -> None:
    """Say who handles the parts of a kind; the last one for a kind counts."""
    _handlers[handler.kind] = handler


def handlers() -> Handlers:
    """Return the handlers there are, by kind, in the order in which they were registered."""
    return dict(_handlers)


def register_profile(room: str, says: Profile) -> None:
    """Say what a room knows of the city itself; inputs of parts name it under ``profile``."""
    _profiles[room] = says


def profile() -> dict[str, Any]:
    """Return what the rooms know of the city itself."""
    return {name: value for says in _profiles.values() for name, value in says().items()}

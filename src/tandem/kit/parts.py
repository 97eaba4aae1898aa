"""The handlers of parts: each room says what it can pack for another city, and adopt; the exchange asks here."""

from tandem.core.parts import Handlers, PartHandler

_handlers: dict[str, PartHandler] = {}


def register_handler(handler: PartHandler) -> None:
    """Say who handles the parts of a kind; the last one for a kind counts."""
    _handlers[handler.kind] = handler


def handlers() -> Handlers:
    """Return the handlers there are, by kind, in the order in which they were registered."""
    return dict(_handlers)

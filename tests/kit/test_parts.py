"""The registry of part handlers."""

import pytest

from tandem.kit import parts
from tests.exchange.handlers import Room, Session, Store


@pytest.fixture(autouse=True)
def _none_registered(monkeypatch):
    monkeypatch.setattr(parts, "_handlers", {})


def test_the_last_handler_of_a_kind_counts():
    session = Session(Store())
    first, other, second = (Room(kind, session) for kind in ("signal", "catalogue", "signal"))
    for handler in (first, other, second):
        parts.register_handler(handler)

    assert list(parts.handlers().items()) == [("signal", second), ("catalogue", other)]
    assert parts.handlers()["signal"] is second


def test_what_is_returned_stays_as_it_is_when_others_register():
    before = parts.handlers()
    parts.register_handler(Room("signal", Session(Store())))

    assert before == {}

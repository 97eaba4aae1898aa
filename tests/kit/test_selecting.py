"""Selecting for programs: conditions, orders, and limits that keep the index alive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tandem.kit import search
from tandem.kit.search import (
    AllOf,
    AnyOf,
    BadPattern,
    Between,
    Everything,
    Has,
    HasAny,
    Like,
    SearchDocument,
    TooDeep,
    Without,
    Words,
    microseconds,
    select,
    selecting,
)

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def library(settings: Any, tmp_path: Path) -> None:
    """Let the search know four documents, one of another room, and one as it was before it had terms."""
    settings.TANDEM = replace(settings.TANDEM, home=tmp_path)
    search.put(
        SearchDocument(
            uri=f"urn:{name}",
            room="other" if name == "d" else "catalogue",
            kind="dataset",
            titles={"de": f"Straßenbäume {name}"},
            path=f"data/{name}/",
            updated_at=DAY + timedelta(days=number),
            created_at=DAY,
            terms={} if name == "c" else {"letter": [name, "all"], "own.key x": [f"{name}*?"]},
            sort_keys={} if name == "c" else {"back": chr(ord("z") - number)},
            order=2**63 + number,
        )
        for number, name in enumerate("abcd")
    )


def found(condition: Any, **more: Any) -> list[str]:
    return [uri[4:] for uri in select(condition, room="catalogue", kind="dataset", **more).uris]


def test_conditions():
    assert found(Everything()) == ["a", "b", "c"]
    assert found(Has("letter", "a")) == ["a"]
    assert found(HasAny("letter")) == ["a", "b"]
    assert found(Without(HasAny("letter"))) == ["c"]
    assert found(Has("own.key x", "b*?")) == ["b"]
    assert found(Like("own.key x", r"?\*\?")) == ["a", "b"]
    assert found(Like("letter", "a*")) == ["a", "b"]
    assert found(Like("own.key x", ".*")) == []
    assert found(AnyOf((Has("letter", "b"), Has("letter", "a")))) == ["a", "b"]
    assert found(AllOf((Has("letter", "all"), Without(Has("letter", "a"))))) == ["b"]
    assert found(Between("changed", microseconds(DAY + timedelta(days=1)), None)) == ["b", "c"]
    assert found(Between("created", None, microseconds(DAY) - 1)) == []
    assert found(Words("strassenbaum", ("title",))) == found(Words("strassenbaum")) == ["a", "b", "c"]
    assert found(Words("strassenbaum", ("text",))) == []


def test_orders_and_counts():
    assert found(Everything(), descending=True) == ["c", "b", "a"]
    assert found(Everything(), sort="changed", descending=True, offset=1) == ["b", "a"]
    assert found(Everything(), sort="back") == ["b", "a"]
    counted = select(Everything(), room="catalogue", kind="dataset", limit=0, count={"letter": 5, "none": 5})
    assert (counted.total, counted.uris) == (3, [])
    assert counted.counts == {"letter": [("all", 2), ("a", 1), ("b", 1)], "none": []}


def test_pages_beyond_the_end_are_empty_and_ask_the_index_for_nothing():
    for sort in ("order", "changed", "relevance", "back"):
        assert found(Everything(), sort=sort, offset=10**12, limit=10**12) == []
    assert found(Everything(), limit=10**12) == ["a", "b", "c"]


def test_limits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(selecting, "MOST_SORTED", 1)
    with pytest.raises(TooDeep):
        found(Everything(), sort="back", limit=2)
    with pytest.raises(BadPattern):
        found(Like("letter", "a?" * 2_000))

"""Fixtures of the journeys: two real installations, made and served by public commands alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.installations import RunningCity, two_cities


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningCity]]:
    """Return Hamm and Arezzo, partners, each with its example content, served until the tests end."""
    folder: Path = tmp_path_factory.mktemp("cities")
    with two_cities(folder) as running:
        yield running

"""Two cities that know of each other, and have not compared their keys yet."""

from pathlib import Path

import pytest

from tests.exchange.feeds.cities import InstalledCity


@pytest.fixture
def hamm(db: None, tmp_path: Path) -> InstalledCity:
    """Return Hamm's installation."""
    return InstalledCity("hamm", tmp_path / "hamm")


@pytest.fixture
def arezzo(db: None, tmp_path: Path) -> InstalledCity:
    """Return Arezzo's installation."""
    return InstalledCity("arezzo", tmp_path / "arezzo")

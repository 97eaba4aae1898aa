"""Fixtures for tests of the portal's own pages."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.people import client_of, somebody
from tests.pages import PageClient

LANGUAGES = ("de", "it", "en")


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Give a test an installation's folder of its own, so that a search finds its own content alone."""
    config = settings.TANDEM
    accounts = replace(config.accounts, staff_second_factor=False)
    settings.TANDEM = replace(config, home=tmp_path, accounts=accounts)


@pytest.fixture
def administrator(own_folder: None, db: None) -> PageClient:
    """Return a client signed in as an administrator."""
    client: PageClient = client_of(somebody("site:administrator"))
    return client


@pytest.fixture
def change(settings: Any) -> Any:
    """Return what changes a section of the configuration: ``change("legal", body="Town")``."""

    def apply(section: str, **values: Any) -> None:
        config = settings.TANDEM
        settings.TANDEM = replace(config, **{section: replace(getattr(config, section), **values)})

    return apply

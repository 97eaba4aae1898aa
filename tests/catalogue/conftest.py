"""Fixtures for tests of the catalogue."""

from tests.site.conftest import own_folder

__all__ = ["own_folder"]

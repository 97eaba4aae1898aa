"""Fixtures for tests against outside judges."""

from tests.site.conftest import own_folder

__all__ = ["own_folder"]

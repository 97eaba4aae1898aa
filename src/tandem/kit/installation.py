"""The installation that this process serves."""

from pathlib import Path

from django.conf import settings

from tandem.core.city import City
from tandem.core.config import Config


def config() -> Config:
    """Return the installation's configuration."""
    loaded: Config = settings.TANDEM
    return loaded


def city() -> City:
    """Return the city that the installation belongs to."""
    return config().city


def folder(name: str) -> Path:
    """Return a folder of the installation (``files``, ``cache``, ``mail`` …), made if need be."""
    path = config().home / name
    path.mkdir(parents=True, exist_ok=True)
    return path

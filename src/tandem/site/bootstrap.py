"""Make Django ready for the installation in a folder."""

import os
from pathlib import Path

import django

from tandem.core.config import load_config


def setup(home: Path) -> None:
    """Set Django up for the installation in ``home``.

    Raises:
        ConfigMissing: The folder is no installation.
        BadConfig: Its configuration is wrong; the error names the setting.
    """
    load_config(home, os.environ)
    os.environ["TANDEM_HOME"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "tandem.site.settings"
    django.setup()

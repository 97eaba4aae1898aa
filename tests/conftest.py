"""Every test runs in an installation of its own, in a temporary folder, with the network blocked but for loopback."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

try:
    import django
except ModuleNotFoundError:  # the signal engine alone: its tests need no portal
    django = None
    collect_ignore_glob = [
        f"{name}/*"
        for name in (
            "accounts",
            "architecture",
            "catalogue",
            "exchange",
            "journeys",
            "junctions",
            "kit",
            "participation",
            "site",
            "verification",
        )
    ]

# How long a test takes says how busy the machine is, and nothing of the code.
settings.register_profile("tandem", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tandem")
pytest_plugins = ["tests.pages", "tests.browsers"] if django else []
_HOME = Path(tempfile.mkdtemp(prefix="tandem-test-"))
CONFIG = """\
[city]
id = "hamm"
names = { de = "Hamm", it = "Hamm", en = "Hamm" }
country = "DE"
languages = ["de", "en", "it"]
centre = [51.68, 7.82]
codes = [{ scheme = "AGS", year = 2019, code = "05915000" }]

[server]
url = "http://localhost:8000"
hosts = ["testserver"]

[catalogue]
profile = "de"

[[partners]]
id = "arezzo"
names = { de = "Arezzo", it = "Arezzo", en = "Arezzo" }
country = "IT"
url = "http://localhost:8001"
may_be_local = true
"""


def _make_home() -> None:
    (_HOME / "keys").mkdir()
    (_HOME / "uploads").mkdir()
    (_HOME / "cache" / "static").mkdir(parents=True)
    (_HOME / "keys" / "secret-key").write_text("a secret of tests only, long enough to be one", "utf-8")
    (_HOME / "tandem.toml").write_text(CONFIG, "utf-8")


def _live_here() -> None:
    """Let each process have a folder of its own: a worker of xdist begins with its starter's settings."""
    from dataclasses import replace

    from django.conf import settings

    settings.TANDEM = replace(settings.TANDEM, home=_HOME)


def _keep_tests_in_a_file() -> None:
    """Let SQLite keep the tests' database in a file: one in memory cannot be written to by several threads."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(_HOME / "tests.sqlite3")


if django:
    _make_home()
    os.environ["TANDEM_HOME"] = str(_HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tandem.site.settings"
    django.setup()
    _live_here()
    _keep_tests_in_a_file()


def pytest_unconfigure() -> None:
    """Remove the installation that the tests ran in."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def home() -> Path:
    """Return the folder of the installation that the tests run in."""
    return _HOME


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real outside data, or skip."""
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("TANDEM_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"real data is not at {folder}; TANDEM_SHARED_DATA names another place")
    return folder

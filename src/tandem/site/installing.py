"""Make a new installation in a folder."""

import os
import secrets
import shutil
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

from tandem.core.config import FILE_NAME, parse_config
from tandem.core.errors import Conflict, InvalidInput, Unavailable

FOLDERS = ("files", "cache", "mail", "uploads", "backups", "keys")
LEAST_FREE_BYTES = 200_000_000
TEMPLATE = """\
# {name}: one installation of Tandem. docs/reference/settings.md explains every setting.

[city]
id = "{id}"
names = {{ {names} }}
country = "{country}"
languages = [{languages}]          # the first is the default
centre = [{latitude}, {longitude}]                 # latitude, longitude in degrees
codes = []                              # such as {{ scheme = "AGS", year = 2019, code = "05915000" }}

[look]
accent = "#1f5a8c"
logo = ""                               # a file in this folder

[server]
url = "{url}"                           # the public address
port = {port}

[catalogue]
profile = "{profile}"                   # eu, de or it
contact_mail = ""

[legal]
body = ""                               # shown in the imprint
address = ""
mail = ""

# [[partners]]
# id = "arezzo"
# names = {{ de = "Arezzo", it = "Arezzo" }}
# url = "https://dati.example.org"
"""


class NotEmpty(Conflict):
    """The folder has something else in it."""

    code = "site.not-empty"

    def __init__(self, home: Path) -> None:
        super().__init__(f"{home} is not empty and no installation. Name an empty or a new folder.")


class AlreadyThere(Conflict):
    """The folder is an installation already."""

    code = "site.already-there"

    def __init__(self, home: Path) -> None:
        super().__init__(f"{home} is an installation already. Serve it with: tandem --home {home} serve")


class NoRoom(Unavailable):
    """The disk is full, or nearly."""

    code = "site.no-room"

    def __init__(self, home: Path, free: int) -> None:
        super().__init__(
            f"The disk of {home} has {free // 1_000_000} MB left; {LEAST_FREE_BYTES // 1_000_000} MB are needed. "
            "Free some room, or name a folder on another disk."
        )


class NotWritable(Unavailable):
    """The folder cannot be written to."""

    code = "site.not-writable"

    def __init__(self, home: Path, problem: str) -> None:
        super().__init__(
            f"{home} cannot be written to: {problem}. Choose another folder, or change its owner."
        )


class NoSuchCity(InvalidInput):
    """There is no bundled configuration of that name."""

    code = "site.no-such-city"

    def __init__(self, city: str) -> None:
        super().__init__(f"There is no bundled configuration {city!r}. Known: {', '.join(bundled_cities())}.")


def bundled_cities() -> list[str]:
    """Return the cities whose example configuration comes with Tandem."""
    found = resources.files("tandem.site") / "cities"
    return sorted(each.name.removesuffix(".toml") for each in found.iterdir() if each.name.endswith(".toml"))


def bundled_configuration(city: str) -> str:
    """Return the bundled configuration of a city.

    Raises:
        NoSuchCity: There is none.
    """
    if city not in bundled_cities():
        raise NoSuchCity(city)
    return (resources.files("tandem.site") / "cities" / f"{city}.toml").read_text("utf-8")


def check_room(home: Path) -> None:
    """Refuse a folder on a full disk.

    Raises:
        NoRoom: Less than 200 MB are free.
    """
    there = next(each for each in (home, *home.resolve().parents) if each.exists())
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE_BYTES:
        raise NoRoom(home, free)


def make(home: Path, configuration: str) -> None:
    """Make an installation: its folder, configuration, key and database. All of it, or nothing.

    Raises:
        AlreadyThere: It is one.
        NotEmpty: Something else is there.
        NoRoom: The disk is full.
        NotWritable: The folder cannot be written to.
        BadConfig: The configuration is wrong.
    """
    if (home / FILE_NAME).exists():
        raise AlreadyThere(home)
    if home.exists() and any(home.iterdir()):
        raise NotEmpty(home)
    parse_config(tomllib.loads(configuration), home=home, environ={})
    check_room(home)
    partial = home.parent / f".{home.name}.partial"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name in FOLDERS:
            (partial / name).mkdir()
        (partial / "keys").chmod(0o700)
        key = partial / "keys" / "secret-key"
        key.touch(0o600)
        key.write_text(secrets.token_urlsafe(64), "utf-8")
        (partial / FILE_NAME).write_text(configuration, "utf-8")
        migrate(partial)
        if home.exists():
            home.rmdir()
        partial.rename(home)
    except OSError as error:
        raise NotWritable(home, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


class MigrationFailed(Unavailable):
    """The database could not be brought to this version's form."""

    code = "site.migration-failed"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The database could not be prepared: {problem}")


def migrate(home: Path) -> None:
    """Bring the database to this version's form, in a process of its own.

    Raises:
        MigrationFailed: It could not be; the error has the last line of what the database said.
    """
    command = [
        sys.executable,
        "-m",
        "tandem.cli",
        "--home",
        str(home),
        "manage",
        "migrate",
        "--no-input",
        "-v",
        "0",
    ]
    done = subprocess.run(  # noqa: S603 - own command
        command, capture_output=True, text=True, check=False, env={**os.environ, "TANDEM_HOME": str(home)}
    )
    if done.returncode:
        raise MigrationFailed((done.stderr or done.stdout).strip().rpartition("\n")[2])

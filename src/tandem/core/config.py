"""The configuration of one installation: ``tandem.toml`` and ``TANDEM_*``, read once, frozen.

``docs/reference/settings.md`` lists every setting; a test keeps it equal to ``config_sections``.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tandem.core.city import City, CityCode, PartnerCity, check_city_id
from tandem.core.config_sections import (
    Accounts,
    Catalogue,
    Database,
    Legal,
    Look,
    Mail,
    Map,
    Server,
    Storage,
)
from tandem.core.errors import InvalidInput, NotFound
from tandem.core.text import LANGUAGES

FILE_NAME = "tandem.toml"
PREFIX = "TANDEM_"


class ConfigMissing(NotFound):
    """The folder is no installation."""

    code = "core.config-missing"

    def __init__(self, home: Path) -> None:
        folder = home.absolute()
        super().__init__(
            f"There is no {FILE_NAME} in {folder}: name an installation's folder by --home or TANDEM_HOME, "
            f"or make one with: tandem init {folder}"
        )


class BadConfig(InvalidInput):
    """A setting is unknown, missing, or has a value that cannot be."""

    code = "core.bad-config"

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__(f"{setting}: {problem}")
        self.setting = setting


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set, and the folder it was read from."""

    home: Path
    city: City
    partners: tuple[PartnerCity, ...] = ()
    look: Look = field(default_factory=Look)
    map: Map = field(default_factory=Map)
    server: Server = field(default_factory=Server)
    database: Database = field(default_factory=Database)
    storage: Storage = field(default_factory=Storage)
    mail: Mail = field(default_factory=Mail)
    accounts: Accounts = field(default_factory=Accounts)
    catalogue: Catalogue = field(default_factory=Catalogue)
    legal: Legal = field(default_factory=Legal)

    def partner(self, city_id: str) -> PartnerCity | None:
        """Return the partner with that id, or None."""
        return next((partner for partner in self.partners if partner.id == city_id), None)


SECTIONS: Mapping[str, type] = {
    "look": Look,
    "map": Map,
    "server": Server,
    "database": Database,
    "storage": Storage,
    "mail": Mail,
    "accounts": Accounts,
    "catalogue": Catalogue,
    "legal": Legal,
}
_CHOICES = {
    "server.log": ("json", "plain"),
    "mail.tls": ("starttls", "tls", "none"),
    "catalogue.profile": ("eu", "de", "it"),
    "legal.accessibility_status": ("", "full", "partial", "none"),
}
_LEAST = {"map.zoom": 0, "catalogue.harvest_hours": 0, "server.port": 1, "mail.port": 1}
_MOST = {"map.zoom": 19, "server.port": 65535, "mail.port": 65535}


def load_config(home: Path, environ: Mapping[str, str]) -> Config:
    """Read the configuration of the installation in ``home``.

    Args:
        home: Folder with ``tandem.toml``.
        environ: Environment variables; ``TANDEM_<SECTION>_<NAME>`` overrides a setting of the file.

    Raises:
        ConfigMissing: There is no such file.
        BadConfig: The file is no TOML, or a setting is unknown or wrong; the error names it.
    """
    path = home / FILE_NAME
    if not path.is_file():
        raise ConfigMissing(home)
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(str(path), f"is not valid TOML: {error}") from error
    return parse_config(values, home=home, environ=environ)


def parse_config(values: Mapping[str, Any], *, home: Path, environ: Mapping[str, str]) -> Config:
    """Return the configuration that ``values`` (the parsed file) and ``environ`` describe.

    Raises:
        BadConfig: A setting is unknown, missing or wrong.
    """
    known = {"city", "partners", *SECTIONS}
    for name in values:
        if name not in known:
            raise BadConfig(name, f"there is no such section. Known sections: {', '.join(sorted(known))}.")
    sections = {name: _section(name, kind, values.get(name, {}), environ) for name, kind in SECTIONS.items()}
    partners = tuple(_partner(index, entry) for index, entry in enumerate(values.get("partners", ())))
    return Config(home=home, city=_city(values.get("city", {})), partners=partners, **sections)


def _section(name: str, kind: type, values: Any, environ: Mapping[str, str]) -> Any:
    if not isinstance(values, Mapping):
        raise BadConfig(name, f"must be a table: [{name}].")
    hints = get_type_hints(kind)
    known = [each.name for each in fields(kind)]
    _refuse_unknown(name, values, known)
    given = {key: _typed(f"{name}.{key}", value, hints[key]) for key, value in values.items()}
    for key in known:
        variable = f"{PREFIX}{name}_{key}".upper()
        if variable in environ:
            given[key] = _from_text(variable, environ[variable], hints[key])
    section = kind(**given)
    for key in known:
        _check_range(f"{name}.{key}", getattr(section, key))
    return section


def _refuse_unknown(section: str, values: Mapping[str, Any], known: list[str]) -> None:
    for key in values:
        if key not in known:
            raise BadConfig(
                f"{section}.{key}", f"there is no such setting. Known here: {', '.join(sorted(known))}."
            )


def _typed(setting: str, value: Any, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise BadConfig(setting, "must be a list of texts.")
        return tuple(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {str: "a text in quotes", int: "a whole number", bool: "true or false"}
        raise BadConfig(setting, f"must be {names[kind]}, not {value!r}.")
    return value


def _from_text(variable: str, text: str, kind: Any) -> Any:
    if kind is bool:
        if text.lower() not in {"true", "false", "1", "0", "yes", "no"}:
            raise BadConfig(variable, f"must be true or false, not {text!r}.")
        return text.lower() in {"true", "1", "yes"}
    if kind is int:
        if not re.fullmatch(r"\d+", text):
            raise BadConfig(variable, f"must be a whole number, not {text!r}.")
        return int(text)
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _check_range(setting: str, value: Any) -> None:
    if setting in _CHOICES and value not in _CHOICES[setting]:
        raise BadConfig(setting, f"must be one of {', '.join(_CHOICES[setting])}, not {value!r}.")
    if isinstance(value, int) and not isinstance(value, bool):
        least, most = _LEAST.get(setting, 1), _MOST.get(setting, 10**9)
        if not least <= value <= most:
            raise BadConfig(setting, f"must lie between {least} and {most}, not {value}.")
    if setting == "look.accent" and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise BadConfig(setting, f"must be a colour such as #1f5a8c, not {value!r}.")
    if setting == "server.url":
        _check_url(setting, value)


def _check_url(setting: str, value: Any) -> str:
    """Return an address that is one."""
    parts = urlsplit(value if isinstance(value, str) else "")
    if parts.scheme not in {"http", "https"} or not parts.hostname or value.endswith("/"):
        raise BadConfig(
            setting,
            f"must be an address such as https://daten.example.org (no slash at the end), not {value!r}.",
        )
    return str(value)


def _city(values: Any) -> City:
    _require("city", values, ("id", "names", "country", "languages", "centre"))
    _refuse_unknown("city", values, ["id", "names", "country", "languages", "centre", "codes", "timezone"])
    languages = _typed("city.languages", values["languages"], tuple[str, ...])
    if not languages or set(languages) - set(LANGUAGES):
        raise BadConfig("city.languages", f"must name one or more of {', '.join(LANGUAGES)}.")
    timezone = values.get("timezone", "Europe/Berlin")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise BadConfig(
            "city.timezone", f"there is no time zone {timezone!r}; such as Europe/Rome."
        ) from error
    latitude, longitude = _centre("city.centre", values["centre"])
    return City(
        id=_id("city.id", values["id"]),
        names=_names("city.names", values["names"]),
        country=_typed("city.country", values["country"], str),
        languages=languages,
        latitude=latitude,
        longitude=longitude,
        codes=_codes("city.codes", values.get("codes", [])),
        timezone=timezone,
    )


def _partner(index: int, values: Any) -> PartnerCity:
    where = f"partners[{index}]"
    _require(where, values, ("id", "names", "url"))
    known = [each.name for each in fields(PartnerCity)]
    _refuse_unknown(where, values, known)
    url = _check_url(f"{where}.url", values["url"])
    return PartnerCity(
        id=_id(f"{where}.id", values["id"]),
        names=_names(f"{where}.names", values["names"]),
        url=url,
        catalogue_url=_check_url(
            f"{where}.catalogue_url", values.get("catalogue_url", f"{url}/catalogue.ttl")
        ),
        country=_typed(f"{where}.country", values.get("country", ""), str),
        codes=_codes(f"{where}.codes", values.get("codes", [])),
        may_be_local=_typed(f"{where}.may_be_local", values.get("may_be_local", False), bool),
    )


def _require(where: str, values: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(values, Mapping):
        raise BadConfig(where, "must be a table.")
    for key in keys:
        if key not in values:
            raise BadConfig(f"{where}.{key}", "is missing.")


def _id(setting: str, value: Any) -> str:
    try:
        return check_city_id(_typed(setting, value, str))
    except InvalidInput as error:
        raise BadConfig(setting, str(error)) from error


def _names(setting: str, values: Any) -> dict[str, str]:
    if (
        not isinstance(values, Mapping)
        or not values
        or not all(isinstance(name, str) for name in values.values())
    ):
        raise BadConfig(setting, 'must give the name by language: { de = "Hamm", it = "Hamm" }.')
    if set(values) - set(LANGUAGES):
        raise BadConfig(setting, f"may have the languages {', '.join(LANGUAGES)} only.")
    return dict(values)


def _codes(setting: str, values: Any) -> tuple[CityCode, ...]:
    codes = []
    for entry in values:
        if not isinstance(entry, Mapping) or set(entry) != {"scheme", "year", "code"}:
            raise BadConfig(setting, 'each must be like { scheme = "AGS", year = 2019, code = "05915000" }.')
        codes.append(CityCode(*(_typed(setting, entry[key], kind) for key, kind in _CODE_TYPES)))
    return tuple(codes)


_CODE_TYPES = (("scheme", str), ("year", int), ("code", str))


def _centre(setting: str, value: Any) -> tuple[float, float]:
    numbers = (
        isinstance(value, list) and len(value) == 2 and all(type(each) in {int, float} for each in value)
    )
    if not numbers or not (-90 <= value[0] <= 90 and -180 <= value[1] <= 180):
        raise BadConfig(setting, "must be [latitude, longitude] in degrees, such as [51.68, 7.82].")
    return float(value[0]), float(value[1])


def documented_settings() -> list[tuple[str, str, Any]]:
    """Return (name, type, default) of every setting that a section has, in the file's order."""
    return [
        (f"{section}.{each.name}", getattr(each.type, "__name__", str(each.type)), _default(each))
        for section, kind in SECTIONS.items()
        for each in fields(kind)
    ]


def _default(each: Any) -> Any:
    return None if each.default is MISSING else each.default

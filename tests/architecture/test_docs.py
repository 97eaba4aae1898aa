"""The documentation says what the code does."""

import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from tandem.core.city import PartnerCity
from tandem.core.config import documented_settings
from tests.architecture.committed import ROOT, SOURCE, assert_page_ends_with
from tests.architecture.reference import (
    api_reference,
    commands_reference,
    every_command,
    permissions_reference,
    settings_reference,
)

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")] if "_build" not in path.parts)
BLOCK = re.compile(r"^```(?:console|sh|bash)\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _commands_shown(page: Path) -> list[str]:
    lines = [line for block in BLOCK.findall(page.read_text("utf-8")) for line in block.splitlines()]
    shown = [line.strip().removeprefix("$ ").removeprefix(".venv/bin/").partition(" #")[0] for line in lines]
    return [line for line in shown if line.startswith("tandem ")]


def test_settings_page_lists_every_setting_with_its_default():
    assert len(documented_settings()) > 30
    assert_page_ends_with(REFERENCE / "settings.md", settings_reference())


def test_settings_page_describes_city_and_partners():
    text = (REFERENCE / "settings.md").read_text("utf-8")
    city = ["id", "names", "country", "languages", "centre", "codes", "timezone"]
    wanted = [f"city.{name}" for name in city] + [f"partners.{each.name}" for each in fields(PartnerCity)]

    assert [name for name in wanted if f"| `{name}` |" not in text] == []


def test_every_setting_is_described_in_the_code():
    assert [line for line in settings_reference().splitlines() if line.endswith("|  |")] == []


def test_commands_page_lists_every_command_with_its_options():
    assert_page_ends_with(REFERENCE / "commands.md", commands_reference())


def test_api_page_lists_every_operation():
    assert_page_ends_with(REFERENCE / "http-api.md", api_reference())


def test_permissions_page_holds_the_table_of_participation():
    assert_page_ends_with(REFERENCE / "participation-permissions.md", permissions_reference())


def test_every_command_and_option_has_help():
    silent = [
        f"{name} {' '.join(option.opts)}"
        for name, command in every_command()
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and not option.help
    ]

    assert silent + [name for name, command in every_command() if not command.help] == []


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_links_between_files_lead_somewhere(page: Path):
    targets = [unquote(link.partition("#")[0]) for link in LINK.findall(page.read_text("utf-8"))]
    local = [target for target in targets if target and ":" not in target]

    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_make_targets_that_a_page_names_exist(page: Path):
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M))
    text = page.read_text("utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", text))
    named |= {
        name for block in BLOCK.findall(text) for name in re.findall(r"^\$? ?make ([a-z-]+)", block, re.M)
    }

    assert named - targets == set()


@pytest.mark.parametrize("page", [page for page in PAGES if _commands_shown(page)], ids=_id)
def test_commands_that_a_page_shows_can_be_called_so(page: Path):
    commands = dict(every_command())

    assert [line for line in _commands_shown(page) if not _can_be_called(line, commands)] == []


def _can_be_called(line: str, commands: dict[str, click.Command]) -> bool:
    words = shlex.split(re.sub(r"^tandem --home[= ]\S+", "tandem", line))
    if words[1] in {"--help", "--version"}:
        return True
    name = max((n for n in commands if words[: len(n.split())] == n.split()), key=len, default="")
    if not name or (isinstance(commands[name], click.Group) and len(words) > len(name.split())):
        return bool(name) and words[-1] == "--help"
    known = {
        spelling for option in commands[name].params for spelling in [*option.opts, *option.secondary_opts]
    }
    given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    return given <= known | {"--help", "-h"}


def test_architecture_page_names_every_room_and_every_contract():
    text = (DOCS / "explanation" / "architecture.md").read_text("utf-8")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rooms = [folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists()]

    assert [room for room in rooms if f"`{room}`" not in text] == []
    assert [contract["name"] for contract in contracts if contract["name"] not in text] == []


def test_every_decision_stands_in_the_list_of_decisions():
    index = (DOCS / "adr" / "index.md").read_text("utf-8")
    records = sorted(path.stem for path in (DOCS / "adr").glob("[0-9]*.md"))

    assert records
    assert [record for record in records if record not in index] == []
    assert [int(record[:4]) for record in records] == list(range(1, len(records) + 1))

"""``tandem …``: groups of commands, loaded from the rooms when they are used."""

import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tandem import __version__
from tandem.core.errors import TandemError, Unavailable

# name → (where the command is, does it need an installation, one line for --help)
COMMANDS: Mapping[str, tuple[str, bool, str]] = {
    "init": ("tandem.site.cli:init", False, "Make a new installation in a folder."),
    "serve": ("tandem.site.cli:serve", False, "Serve the portal: web, static files, background jobs."),
    "worker": ("tandem.site.cli:worker", True, "Work on background jobs only."),
    "demo": ("tandem.site.cli:demo", False, "Serve two partner cities, Hamm and Arezzo."),
    "example": ("tandem.site.cli:example", True, "Load example content."),
    "doctor": (
        "tandem.site.cli:doctor",
        False,
        "Say what is wrong with an installation, and how to mend it.",
    ),
    "backup": ("tandem.site.cli:backup", True, "Write a backup of a running installation."),
    "restore": ("tandem.site.cli:restore", False, "Restore a backup into a folder."),
    "rebuild": ("tandem.site.cli:rebuild", True, "Rebuild everything that is derived."),
    "person": ("tandem.accounts.cli:person", True, "People, roles, invitations."),
    "dataset": ("tandem.catalogue.cli:dataset", True, "Publish and manage datasets."),
    "harvest": ("tandem.catalogue.cli:harvest", True, "Take in partners' catalogues."),
    "budget": (
        "tandem.participation.cli:budget",
        False,
        "Reckon participatory budgets from Pabulib files, and explain them.",
    ),
    "measure": ("tandem.exchange.cli:measure", False, "Pack, inspect and verify measures for other cities."),
    "exchange": (
        "tandem.exchange.feed_cli:exchange",
        True,
        "Feeds between partner cities, and the key that this city signs with.",
    ),
    "junctions": (
        "tandem.junctions.cli:junctions",
        False,
        "Hand a running engine's state on to its page.",
    ),
    "signals": ("tandem.signals.cli:signals", False, "Compare signal controllers, check junctions, run one."),
    "manage": ("tandem.site.cli:manage", True, "Run a Django management command."),
}


_WITHOUT_DJANGO = (
    "tandem.site.",
    "tandem.signals.",
    "tandem.junctions.cli",
    "tandem.exchange.cli:measure",
    "tandem.participation.cli:budget",
)


class LazyGroup(click.Group):
    """A group that imports a command only when it is used; ``tandem --help`` imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, with Django set up where it needs an installation."""
        if cmd_name not in COMMANDS:
            return None
        where, needs_installation, _line = COMMANDS[cmd_name]
        if (needs_installation and "--help" not in sys.argv[1:]) or _needs_django_to_import(where):
            _set_up(ctx)
        return _load(where)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_where, _needs, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of Tandem's becomes one sentence and its exit code."""
        try:
            return super().invoke(ctx)
        except TandemError as error:
            click.echo(f"{error.code}: {error}", err=True)
            ctx.exit(error.exit_code)


def _needs_django_to_import(where: str) -> bool:
    return not where.startswith(_WITHOUT_DJANGO)


class PortalMissing(Unavailable):
    """The command needs a part of Tandem that is not installed."""

    code = "cli.portal-missing"

    def __init__(self, missing: str, *, extra: str = "portal") -> None:
        super().__init__(
            f"This command needs more of Tandem ({missing} is not installed): pip install 'tandem-city[{extra}]'"
        )


def _load(where: str) -> click.Command:
    module, _, name = where.partition(":")
    try:
        command: click.Command = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("tandem"):
            raise
        extra = "signals" if module.startswith("tandem.signals.") else "portal"
        raise PortalMissing(error.name or module, extra=extra) from error
    return command


def _set_up(ctx: click.Context) -> None:
    try:
        from tandem.site.bootstrap import setup
    except ModuleNotFoundError as error:
        raise PortalMissing(error.name or "django") from error
    setup(home_of(ctx))


def home_of(ctx: click.Context) -> Path:
    """Return the installation's folder: ``--home``, else ``TANDEM_HOME``, else the current folder."""
    return Path(ctx.find_root().params.get("home") or os.environ.get("TANDEM_HOME") or ".")


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="The installation's folder.")
@click.version_option(__version__, prog_name="tandem")
def main(home: Path | None) -> None:
    """Run the open city platform that partner cities use."""


if __name__ == "__main__":
    main()

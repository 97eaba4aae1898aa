"""``tandem junctions …``: hand a running engine's state on to its page."""

import time
from pathlib import Path

import click

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.junctions.adapters.relay import Relay


class NoToken(InvalidInput):
    """The file with the token cannot be read, or is empty."""

    code = "junctions.relay.no-token"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(say("{path} holds no token: {problem}.", path=path, problem=problem))


@click.group()
def junctions() -> None:
    """Junctions' pages: hand on what a running engine publishes."""


@junctions.command("relay")
@click.argument("engine")
@click.argument("portal")
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="A file that holds the junction's token.",
)
@click.option("--once", is_flag=True, help="Hand one message on, and end with 1 if it did not arrive.")
def relay(engine: str, portal: str, token_file: Path, *, once: bool) -> None:
    """Read what ENGINE publishes once a second, and send it to PORTAL; never the other way.

    ENGINE is the address of tandem signals run --publish, PORTAL the address that the junction's page names.
    """
    handing = Relay(engine, portal, _token(token_file), tell=lambda said: click.echo(said, err=True))
    if once:
        raise click.exceptions.Exit(0 if handing.once() else 1)
    try:
        handing.forever(now_s=time.monotonic, sleep=time.sleep)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


def _token(path: Path) -> str:
    try:
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoToken(path, str(error)) from error
    if not token:
        raise NoToken(path, "it is empty")
    return token

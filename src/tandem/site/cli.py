"""Commands that make, run and keep an installation."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tandem.cli import home_of
from tandem.core.config import load_config
from tandem.core.findings import Severity
from tandem.site import installing


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--city", "bundled", help="Take a bundled example configuration: hamm or arezzo.")
@click.option("--id", "city_id", help="The city's id: lower-case letters, digits, hyphens.")
@click.option("--name", help="The city's name.")
@click.option("--country", default="DE", show_default=True, help="ISO 3166-1 alpha-2.")
@click.option(
    "--languages",
    default="de,en",
    show_default=True,
    help="The portal's languages; the first is the default.",
)
@click.option(
    "--centre", nargs=2, type=float, default=(51.0, 10.0), show_default=True, help="Latitude and longitude."
)
@click.option(
    "--url", default="http://localhost:8000", show_default=True, help="The portal's public address."
)
@click.option("--port", type=int, default=8000, show_default=True, help="Port that the server listens on.")
@click.option("--administrator", help="E-mail address of the first administrator.")
@click.option("--password-stdin", is_flag=True, help="Read the administrator's password from standard input.")
def init(
    folder: Path, *, bundled: str | None, administrator: str | None, password_stdin: bool, **given: Any
) -> None:
    """Make a new installation in FOLDER."""
    configuration = installing.bundled_configuration(bundled) if bundled else _configuration(**given)
    installing.make(folder, configuration)
    click.echo(f"Made {folder}. Serve it with: tandem --home {folder} serve")
    if administrator:
        password = (
            sys.stdin.readline().strip()
            if password_stdin
            else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        )
        _make_administrator(folder, administrator, password)


def _configuration(
    *,
    city_id: str | None,
    name: str | None,
    country: str,
    languages: str,
    centre: tuple[float, float],
    url: str,
    port: int,
) -> str:
    name = name or click.prompt("Name of the city")
    city_id = city_id or click.prompt("Its id", default=name.lower())
    codes = [code.strip() for code in languages.split(",")]
    return installing.TEMPLATE.format(
        id=city_id,
        name=name,
        names=", ".join(f"{code} = {json.dumps(name, ensure_ascii=False)}" for code in codes),
        country=country,
        languages=", ".join(f'"{code}"' for code in codes),
        latitude=centre[0],
        longitude=centre[1],
        url=url,
        port=port,
        profile={"DE": "de", "IT": "it"}.get(country, "eu"),
    )


def _make_administrator(home: Path, email: str, password: str) -> None:
    from tandem.site.bootstrap import setup

    setup(home)
    from tandem.accounts.services.people import create_person

    create_person(email, password=password, roles=["site:administrator"])
    click.echo(f"{email} is administrator.")


@click.command()
@click.option("--port", type=int, help="Listen on another port than the configuration says.")
@click.pass_context
def serve(ctx: click.Context, *, port: int | None) -> None:
    """Serve the portal: web, static files, background jobs. Stop with Ctrl-C."""
    home = home_of(ctx)
    if port:
        os.environ["TANDEM_SERVER_PORT"] = str(port)
    config = load_config(home, os.environ)
    installing.check_room(home)
    from tandem.site import serving
    from tandem.site.bootstrap import setup

    serving.check_port(config.server.host, config.server.port)
    click.echo("Preparing the database …")
    installing.migrate(home)
    setup(home)
    from tandem.kit.theme import check_accent

    for finding in check_accent(config.look.accent):
        click.echo(f"{finding.severity}: look.accent: {finding.message}", err=True)
    serving.collect_static(home)
    serving.Supervisor(load_config(home.resolve(), os.environ), click.echo).run()
    click.echo("Stopped.")


@click.command()
def worker() -> None:
    """Work on background jobs until stopped."""
    from tandem.site.working import work

    work()


@click.group()
def example() -> None:
    """Load example content."""


@example.command("load")
@click.option("--people/--no-people", default=True, show_default=True, help="One person per role as well.")
@click.option("--password-stdin", is_flag=True, help="Read their password from standard input.")
def load(*, people: bool, password_stdin: bool) -> None:
    """Load the example content of this installation's city, marked as such."""
    from django.utils import timezone

    from tandem.catalogue.example import load as load_catalogue
    from tandem.exchange.example import load as load_exchange
    from tandem.exchange.examples.matching_round import load as load_rounds
    from tandem.exchange.examples.tandem_hamm_arezzo import load as load_tandems
    from tandem.junctions.example import load as load_junctions
    from tandem.participation.example import load as load_participation
    from tandem.site.people import make_example_people

    if people:
        password = (
            sys.stdin.readline().strip()
            if password_stdin
            else click.prompt("Password for all of them", hide_input=True)
        )
        for person, roles in make_example_people(password):
            click.echo(f"{person:<40} {roles}")
    now = timezone.now()
    with click.progressbar(length=100, label="Example data") as bar:

        def tell(begin: int, end: int) -> Callable[[float, str], None]:
            return lambda share, _name: bar.update(begin + int(share * (end - begin)) - bar.pos)

        made = load_catalogue(now=now, tell=tell(0, 75))
        begun = load_participation(now=now, tell=tell(75, 90))
        junctions = load_junctions(now=now, tell=tell(90, 93))
        measures = load_exchange(now=now, tell=tell(93, 100))
        tandems = load_tandems(now=now)
        rounds = load_rounds(now=now)
    click.echo(f"{made} datasets published.")
    click.echo(f"{begun} processes of participation begun.")
    click.echo(f"{junctions} junctions registered.")
    click.echo(f"{measures} measures described.")
    click.echo(f"{tandems} tandems begun.")
    click.echo(f"{rounds} rounds of matching published.")


@example.command("adopt")
def adopt() -> None:
    """Let this city adopt its partner's example measures: some in use, some left as drafts, all marked as examples.

    The partner's feed has to be followed. What was adopted before stays as it is.
    """
    from django.utils import timezone

    from tandem.exchange.examples.adoptions import adopt as adopt_examples
    from tandem.junctions.example import try_out

    made = adopt_examples(now=timezone.now(), try_out=try_out)
    click.echo(f"{made} measures adopted.")


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
@click.pass_context
def doctor(ctx: click.Context, folder: Path | None, *, as_json: bool) -> None:
    """Say what is wrong with the installation in FOLDER, and how to mend it."""
    from tandem.site.doctor import examine

    findings = examine(folder or home_of(ctx))
    if as_json:
        click.echo(json.dumps([each.as_dict() for each in findings], ensure_ascii=False))
    else:
        for each in findings:
            click.echo(f"{each.severity:<8} {each.path:<22} {each.message}")
        click.echo("Nothing is wrong." if not findings else f"{len(findings)} findings.")
    if any(each.severity is Severity.ERROR for each in findings):
        ctx.exit(1)


@click.command()
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="The backup's file.")
@click.option("--keep", type=int, help="Keep only so many of the newest in the folder backups.")
@click.pass_context
def backup(ctx: click.Context, *, target: Path | None, keep: int | None) -> None:
    """Write a backup of the installation; it may be running."""
    from tandem.site.backups import prune, write

    made = write(home_of(ctx), target)
    click.echo(str(made))
    if keep:
        prune(made.parent, keep)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def restore(file: Path, folder: Path) -> None:
    """Restore the backup FILE into FOLDER."""
    from tandem.site.backups import restore as restore_backup

    count = restore_backup(file, folder)
    click.echo(f"{count} files restored and verified. Serve it with: tandem --home {folder} serve")


@click.command()
@click.argument("what", nargs=-1)
def rebuild(what: tuple[str, ...]) -> None:
    """Rebuild everything that is derived, or only WHAT: search, tables."""
    from tandem.core.errors import InvalidInput
    from tandem.kit import derived

    for name in what or derived.names():
        if name not in derived.names():
            raise InvalidInput(
                f"There is nothing derived called {name!r}. Known: {', '.join(derived.names())}."
            )
        count = derived.rebuild(name, lambda _share, message: click.echo(f"  {message}", err=True))
        click.echo(f"{name}: {count}")


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django management command: tandem manage showmigrations."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tandem manage", *arguments])


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the two installations live.",
)
@click.option("--reset", is_flag=True, help="Begin anew: the demo's data is removed first.")
@click.option("--port-hamm", type=int, default=8000, show_default=True, help="Hamm's port.")
@click.option("--port-arezzo", type=int, default=8001, show_default=True, help="Arezzo's port.")
def demo(*, folder: Path, reset: bool, port_hamm: int, port_arezzo: int) -> None:
    """Serve two partner cities, Hamm and Arezzo, made by the public commands. Stop with Ctrl-C."""
    from tandem.site.demo import Demo

    Demo(folder, {"hamm": port_hamm, "arezzo": port_arezzo}, click.echo).run(reset=reset)

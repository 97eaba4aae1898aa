"""``tandem exchange …``: the own feed, partners' feeds on a stick, and the key that the city signs with."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from tandem.core.errors import InvalidInput, NotAllowed
from tandem.core.findings import Finding, Severity
from tandem.exchange import trust_labels
from tandem.exchange.adapters.signing import grouped, read_fingerprint
from tandem.exchange.domain.feeds.head import Head
from tandem.exchange.domain.trust import UnknownKey
from tandem.exchange.services import carrying, keys, own_feed, trusting, visiting

FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
FULL_FOLDER = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")


@click.group()
def exchange() -> None:
    """Exchange news with partner cities: feeds, and the key that this city signs with."""


# --- feeds --------------------------------------------------------------------------------------
@exchange.group()
def feed() -> None:
    """Publish this city's feed, visit partners' feeds, and carry feeds on a stick."""


@feed.command("publish")
@click.option("--renew", is_flag=True, help="Sign the feed again though nothing is new.")
@click.option("--anew", is_flag=True, help="Write all of it into an empty folder, from the database.")
@AS_JSON
def publish(*, renew: bool, anew: bool, as_json: bool) -> None:
    """Publish what waits, and sign the feed where it is time to. The worker does so by itself.

    After a backup was restored, the folder of the feed is empty, and nothing is published by itself: see recover.
    """
    head = own_feed.publish(timezone.now(), renew=renew, anew=anew)
    if as_json:
        click.echo(json.dumps(_head_json(head)))
    else:
        click.echo(f"{head.sequence} events are out, signed {head.published}, good until {head.expires}")


@feed.command("export")
@FOLDER
def export(folder: Path) -> None:
    """Copy this city's feed into FOLDER, for a stick or a web server. A copy is brought up to date."""
    events = carrying.copy_out(folder, now=timezone.now())
    click.echo(f"{folder} holds the feed with {events} events.")


@feed.command("recover")
@FULL_FOLDER
def recover(folder: Path) -> None:
    """Take back from FOLDER, a copy of this city's own feed, what a restored database does not know any more."""
    events = carrying.recover(folder, now=timezone.now())
    click.echo(f"{events} events were taken back, and the feed is published.")


@feed.command("verify")
@FULL_FOLDER
@AS_JSON
@click.pass_context
def verify(ctx: click.Context, folder: Path, *, as_json: bool) -> None:
    """Judge the feed in FOLDER from its first event on, by the keys that are pinned here. Nothing is stored.

    Ends with 0 where all of it is accepted, with 2 where something is not, with 3 where its key was not compared yet.
    """
    done = carrying.verified(folder, now=timezone.now())
    state = {"city": done.known.city, "events": done.known.sequence, "complete": done.complete}
    _tell(state, done.findings, as_json=as_json)
    ctx.exit(_exit_code(done.findings, complete=done.complete))


@feed.command("import")
@FULL_FOLDER
@AS_JSON
@click.pass_context
def take_in(ctx: click.Context, folder: Path, *, as_json: bool) -> None:
    """Take over what is new in a partner's feed in FOLDER, just as a visit over the network does.

    Ends as verify does.
    """
    outcome = carrying.take_in(folder, now=timezone.now())
    _told(ctx, outcome, as_json=as_json)


@feed.command("visit")
@click.argument("city")
@AS_JSON
@click.pass_context
def visit(ctx: click.Context, city: str, *, as_json: bool) -> None:
    """Visit the feed of the partner CITY now. The worker does so every few minutes by itself.

    Ends as verify does.
    """
    _told(ctx, visiting.visit(city, now=timezone.now()), as_json=as_json)


# --- the key ------------------------------------------------------------------------------------
@exchange.group()
def key() -> None:
    """Show or change the key that this city signs with, and pin those of partners."""


@key.command("show")
@AS_JSON
def show(*, as_json: bool) -> None:
    """Print the city's public key and its fingerprint, for partners to compare."""
    if as_json:
        click.echo(json.dumps({"fingerprint": keys.fingerprint(), "public_key": keys.public_pem()}))
    else:
        click.echo(f"{keys.public_pem()}Fingerprint: {grouped(keys.fingerprint())}")


@key.command("pin")
@click.argument("city")
@click.argument("fingerprint", nargs=-1, required=True)
@click.option(
    "--how",
    type=click.Choice(list(trust_labels.HOW)),
    required=True,
    help="How people of both cities compared it: at a meeting, on the telephone, or by letter.",
)
def pin(city: str, fingerprint: tuple[str, ...], *, how: str) -> None:
    """Let the key that was seen with the feed of CITY count, once the partner has read out its FINGERPRINT.

    FINGERPRINT is the whole of what the partner's key show prints; blanks and colons do not matter. Take it from the
    partner itself, never from where the key came from. Ends with 4 where no key waits, with 5 where it is another one.
    """
    read_out = read_fingerprint("".join(fingerprint))
    if trusting.pin_read_out(city, read_out, how=how, person=None, now=timezone.now()):
        click.echo(f"The key of {city} is pinned: {grouped(read_out)}")
    else:
        click.echo(f"The key of {city} was pinned already.")


@key.command("change")
@click.option("--yes", is_flag=True, help="Do not ask.")
def change(*, yes: bool) -> None:
    """Hand over to a new key. Partners that pinned the present one follow by themselves.

    Do not use it where the key was stolen: then partners have to revoke it, and to compare the new one.
    """
    if not yes:
        click.confirm("From now on the city signs with a new key. Go on?", abort=True)
    new = own_feed.change_key(timezone.now())
    click.echo(f"The city signs with a new key. Fingerprint: {grouped(new)}")
    click.echo("The former key is kept in the installation's folder of keys. Make a backup now.")


# --- in words -----------------------------------------------------------------------------------
def _told(ctx: click.Context, outcome: visiting.Outcome, *, as_json: bool) -> None:
    state = {
        "city": outcome.feed.city,
        "events": outcome.feed.sequence,
        "new": outcome.taken,
        "complete": outcome.complete,
    }
    _tell(state, outcome.findings, as_json=as_json)
    ctx.exit(_exit_code(outcome.findings, complete=outcome.complete))


def _tell(state: dict[str, Any], findings: Iterable[Finding], *, as_json: bool) -> None:
    if as_json:
        told = {**state, "findings": [each.as_dict() for each in findings]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(", ".join(f"{name} {value}" for name, value in state.items()))
    for each in findings:
        click.echo(f"  {each.severity.value}: {each.path}: {each.message}", err=True)


def _exit_code(findings: Iterable[Finding], *, complete: bool) -> int:
    found = list(findings)
    if any(each.code == UnknownKey.code for each in found):
        return NotAllowed.exit_code
    is_wrong = not complete or any(each.severity is Severity.ERROR for each in found)
    return InvalidInput.exit_code if is_wrong else 0


def _head_json(head: Head) -> dict[str, Any]:
    return {
        "city": head.city,
        "events": head.sequence,
        "published": head.published.isoformat(),
        "expires": head.expires.isoformat(),
        "key": head.key,
    }

"""``tandem measure …``: pack a measure into a bundle, look into one, verify it; keys to sign with.

Needs no installation: a folder, or a file that somebody sent, is enough.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from tandem.core.errors import InvalidInput, NotAllowed
from tandem.core.findings import Finding, Severity
from tandem.core.text import pick, say
from tandem.exchange.adapters import signing
from tandem.exchange.adapters.signing import Signer, fingerprint_of, grouped, read_fingerprint
from tandem.exchange.domain.bundle import BundleRefused
from tandem.exchange.domain.card import gaps
from tandem.exchange.domain.schemas import CARD
from tandem.exchange.domain.trust import TrustList
from tandem.exchange.services import bundles
from tandem.exchange.services.bundles import Bundle, State, Verdict

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
KEY_FILE = click.argument("keyfile", type=click.Path(dir_okay=False, path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
_HEADINGS = {
    Severity.ERROR: "Wrong:",
    Severity.WARNING: "Worth a look:",
    Severity.INFO: "To know:",
}
_EXIT_CODES = {State.VALID: 0, State.REFUSED: InvalidInput.exit_code, State.UNKNOWN_KEY: NotAllowed.exit_code}


class BadMoment(InvalidInput):
    """A text is no moment with a time zone."""

    code = "exchange.bad-moment"


class BadTrust(InvalidInput):
    """A text does not say which city a key is of."""

    code = "exchange.bad-trust"


@click.group()
def measure() -> None:
    """Pack measures into bundles, look into bundles, verify them."""


# --- bundles --------------------------------------------------------------------------------------
@measure.command("pack")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The bundle's file; NAME-VERSION.zip without it.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of the city's key, to sign with.",
)
@click.option("--released-at", help="When it is released: 2026-09-30T12:00:00+00:00; now without it.")
@click.pass_context
def pack(
    ctx: click.Context, folder: Path, output: Path | None, key: Path | None, released_at: str | None
) -> None:
    """Pack FOLDER (measure.json, parts/, evidence/ …) into a bundle."""
    moment = _moment(released_at) if released_at else datetime.now(UTC)
    secret = signing.read_key(key) if key else None
    try:
        content, findings = bundles.content_of(folder)
        sign = partial(signing.sign, key=secret, city=content.card.city) if secret else None
        data = bundles.pack(content, sign=sign, released_at=moment)
    except BundleRefused as refusal:
        _refused(ctx, refusal)
    target = output or Path(f"{_slug(content.card.id)}-{content.card.version}.zip")
    target.write_bytes(data)
    signed = f"signed with the key {grouped(fingerprint_of(secret.public_key()))}" if secret else "not signed"
    click.echo(f"{target}: {len(data):,} bytes, {len(content.parts)} parts, {signed}")
    _show([*findings, *gaps(content.card)], error="Missing for release:")


@measure.command("inspect")
@FILE
@AS_JSON
@click.pass_context
def inspect(ctx: click.Context, file: Path, *, as_json: bool) -> None:
    """Print what the bundle FILE holds. Says nothing of who signed it: see verify."""
    try:
        bundle = bundles.open_bundle(file)
    except BundleRefused as refusal:
        _refused(ctx, refusal, as_json=as_json)
    if as_json:
        click.echo(json.dumps(_bundle_json(bundle), ensure_ascii=False))
        return
    _describe(bundle)
    _show(bundle.findings)


@measure.command("verify")
@FILE
@click.option(
    "--trust",
    multiple=True,
    metavar="CITY=KEY",
    help="A city and its key, which people have compared: a fingerprint, or a file. Can be given several times.",
)
@AS_JSON
@click.pass_context
def verify(ctx: click.Context, file: Path, trust: Sequence[str], *, as_json: bool) -> None:
    """Say whether the bundle FILE is whole and whose it is.

    Ends with 0 where it is valid, with 2 where it is refused, with 3 where nobody has compared its key yet.
    """
    verdict = bundles.verify(file, _trust_list(trust))
    if as_json:
        click.echo(json.dumps(_verdict_json(verdict), ensure_ascii=False))
    else:
        _tell(file, verdict)
    ctx.exit(_EXIT_CODES[verdict.state])


@measure.command("schema")
def schema() -> None:
    """Print the JSON Schema of measure.json, for editors that help with writing it."""
    click.echo(json.dumps(CARD, ensure_ascii=False, indent=2))


# --- keys -----------------------------------------------------------------------------------------
@measure.group("key")
def key_group() -> None:
    """Make and show the key that a city signs with."""


@key_group.command("new")
@KEY_FILE
def new_key(keyfile: Path) -> None:
    """Make a key and keep it in KEYFILE, which only its owner can read."""
    made = signing.new_key(keyfile)
    click.echo(f"{keyfile} holds the key. Keep it secret, and keep a copy elsewhere.")
    click.echo(f"Fingerprint: {grouped(fingerprint_of(made.public_key()))}")


@key_group.command("show")
@click.argument("keyfile", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
def show_key(keyfile: Path, *, as_json: bool) -> None:
    """Print the public key in KEYFILE and its fingerprint, for partners to compare."""
    public = signing.read_public_key(keyfile)
    fingerprint, pem = fingerprint_of(public), signing.public_pem(public)
    if as_json:
        click.echo(json.dumps({"fingerprint": fingerprint, "public_key": pem}))
    else:
        click.echo(f"{pem}Fingerprint: {grouped(fingerprint)}")


# --- what was given -------------------------------------------------------------------------------
def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadMoment(
            say("“{text}” is no moment with a time zone. Write 2026-09-30T12:00:00+00:00.", text=text)
        )
    return moment


def _trust_list(given: Iterable[str]) -> TrustList:
    trust, now = TrustList(), datetime.now(UTC)
    for each in given:
        city, sign, key = each.partition("=")
        if not sign or not city:
            raise BadTrust(
                say("“{text}” names no city and key. Write CITY=FINGERPRINT or CITY=FILE.", text=each)
            )
        path = Path(key)
        fingerprint = (
            fingerprint_of(signing.read_public_key(path)) if path.is_file() else read_fingerprint(key)
        )
        trust = trust.pinned(city, fingerprint, now=now)
    return trust


def _slug(iri: str) -> str:
    """Return the last words of an IRI, as a file's name.

    >>> _slug("https://hamm.example/measures/intelligent-junction/")
    'intelligent-junction'
    """
    words = "".join(each if each.isalnum() or each in "-_" else "/" for each in iri)
    return next((each for each in reversed(words.split("/")) if each), "measure")


# --- in words -------------------------------------------------------------------------------------
def _refused(ctx: click.Context, refusal: BundleRefused, *, as_json: bool = False) -> NoReturn:
    if as_json:
        click.echo(
            json.dumps({"findings": [each.as_dict() for each in refusal.findings]}, ensure_ascii=False)
        )
    else:
        _show(refusal.findings)
    ctx.exit(refusal.exit_code)


def _show(findings: Iterable[Finding], *, error: str = _HEADINGS[Severity.ERROR]) -> None:
    """Print findings on stderr, grouped by how much they matter."""
    every = list(findings)
    for severity, heading in {**_HEADINGS, Severity.ERROR: error}.items():
        group = [each for each in every if each.severity is severity]
        if group:
            click.echo(heading, err=True)
        for each in group:
            click.echo(f"  {f'{each.path}: ' if each.path else ''}{each.message}", err=True)


def _describe(bundle: Bundle) -> None:
    card = bundle.card
    click.echo(f"{pick(card.title, 'en')} {card.version}")
    click.echo(
        f"  of {card.city}, {card.id}, released {bundle.released_at:%Y-%m-%d}, licence {card.licence or '–'}"
    )
    click.echo(f"  content {grouped(bundle.digest)}")
    for part in bundle.parts:
        size = sum(map(len, part.files.values()))
        click.echo(f"  part {part.key}: {pick(part.titles, 'en')} ({len(part.files)} files, {size:,} bytes)")
    for each in bundle.inputs:
        asked = "to fill in" if each.default is None else f"default {each.default}"
        click.echo(f"  input {each.key}: {pick(each.titles, 'en', default=each.kind.value)}, {asked}")


def _tell(file: Path, verdict: Verdict) -> None:
    words = {
        State.VALID: "is valid.",
        State.UNKNOWN_KEY: "is whole, but its key is unknown.",
        State.REFUSED: "is refused.",
    }
    click.echo(f"{file} {words[verdict.state]}")
    if verdict.bundle:
        _describe(verdict.bundle)
    for signer in verdict.signers:
        click.echo(f"  signed by {signer.city}, fingerprint {grouped(signer.fingerprint)}")
    _show(verdict.findings, error="Why:")


def _bundle_json(bundle: Bundle) -> dict[str, Any]:
    card = bundle.card
    return {
        "id": card.id,
        "version": card.version,
        "city": card.city,
        "title": dict(card.title),
        "licence": card.licence,
        "released_at": bundle.released_at.isoformat(),
        "digest": bundle.digest,
        "parts": [
            {"key": part.key, "titles": dict(part.titles), "files": sorted(part.files)}
            for part in bundle.parts
        ],
        "inputs": [each.key for each in bundle.inputs],
        "files": {name: len(content) for name, content in sorted(bundle.files.items())},
        "findings": [each.as_dict() for each in bundle.findings],
    }


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "state": verdict.state.value,
        "reason": verdict.reason.as_dict() if verdict.reason else None,
        "signers": [_signer_json(signer) for signer in verdict.signers],
        "bundle": _bundle_json(verdict.bundle) if verdict.bundle else None,
        "findings": [each.as_dict() for each in verdict.findings],
    }


def _signer_json(signer: Signer) -> dict[str, str]:
    return {"city": signer.city, "fingerprint": signer.fingerprint}

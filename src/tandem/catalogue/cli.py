"""``tandem dataset …`` and ``tandem harvest …``."""

import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from tandem.catalogue.adapters.originals import read_in_chunks
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.description import PeriodOfTime
from tandem.catalogue.domain.following import Every
from tandem.catalogue.domain.harvest_rules import HarvestRules, Kind, Schedule
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution, FollowedAddress, HarvestRun
from tandem.catalogue.services import changes as comparing
from tandem.catalogue.services import (
    command_line,
    datasets,
    distributions,
    following,
    harvest_sources,
    imports,
    publishing,
    tables,
)
from tandem.catalogue.services import harvest as harvesting
from tandem.catalogue.services.harvest_sources import SourceSettings
from tandem.core.errors import InvalidInput
from tandem.core.text import LANGUAGES, pick
from tandem.kit.installation import city


class ByLanguage(click.ParamType[tuple[str, str]]):
    """A text with its language in front: ``de=Straßenbäume``; without one it is in the city's language."""

    name = "[LANG=]TEXT"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return (language, text)."""
        language, sign, text = str(value).partition("=")
        if sign and language in LANGUAGES:
            return language, text
        return city().languages[0], str(value)


_position = click.option(
    "--position", type=int, default=0, show_default=True, help="Which of the dataset's files."
)


@click.group()
def dataset() -> None:
    """Publish and manage datasets."""


@dataset.command("publish")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE …",
)
@click.option(
    "--title", "titles", type=ByLanguage(), multiple=True, required=True, help="Title; once per language."
)
@click.option(
    "--description",
    "descriptions",
    type=ByLanguage(),
    multiple=True,
    required=True,
    help="Description; once per language.",
)
@click.option("--keyword", "keywords", type=ByLanguage(), multiple=True, help="Keyword; as often as wanted.")
@click.option(
    "--theme",
    "themes",
    type=click.Choice([term.code for term in vocabulary.THEMES.terms]),
    multiple=True,
    help="EU data theme.",
)
@click.option(
    "--licence",
    type=click.Choice([term.code for term in vocabulary.LICENCES.terms]),
    default="CC_BY_4_0",
    show_default=True,
    help="Licence of the files.",
)
@click.option("--attribution", default="", help="How the source is named; the publisher by default.")
@click.option(
    "--frequency",
    type=click.Choice([term.code for term in vocabulary.FREQUENCIES.terms]),
    help="Updated how often.",
)
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day that the data is about.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="Last day that the data is about.")
@click.option("--part", default="", help="The sheet, layer or file inside to read, where FILE has several.")
@click.option("--draft", is_flag=True, help="Do not publish yet.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def publish(
    files: tuple[Path, ...], *, start: Any, end: Any, draft: bool, as_json: bool, **described: Any
) -> None:
    """Read each FILE as a table, describe the dataset and publish it."""
    period = PeriodOfTime(start.date().isoformat() if start else "", end.date().isoformat() if end else "")
    made = command_line.publish_files(
        [(path, _chunks(path), mimetypes.guess_type(path.name)[0] or "") for path in files],
        titles=dict(described["titles"]),
        descriptions=dict(described["descriptions"]),
        keywords=_by_language(described["keywords"]),
        themes=described["themes"],
        licence=described["licence"],
        attribution=described["attribution"],
        frequency=described["frequency"] or "",
        period=period,
        draft=draft,
        part=described["part"],
        now=timezone.now(),
    )
    _print_made(made, as_json=as_json)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from read_in_chunks(source)


def _by_language(pairs: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for language, word in pairs:
        found.setdefault(language, []).append(word)
    return {language: tuple(words) for language, words in found.items()}


def _print_made(made: Dataset, *, as_json: bool) -> None:
    report = command_line.summary(made)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    click.echo(f"{made.status}: {report['iri']}")
    for file in report["files"]:
        bad = f", {file['bad_cells']} cells not readable" if file["bad_cells"] else ""
        click.echo(f"  {file['filename']}: {file['rows']} rows, {file['columns']} columns{bad}")


@dataset.command("replace")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_position
@click.option("--part", default="", help="The sheet, layer or file inside to read, where FILE has several.")
@click.option("--note", default="", help="What is new, for the list of versions.")
def replace(name: str, file: Path, *, position: int, part: str, note: str) -> None:
    """Bring FILE in as a new version of a file of the dataset NAME."""
    found = datasets.find(name)
    distribution = command_line.distribution_at(found, position)
    _bring_in(distribution, file, tables.Provenance(part=part, note=note))


@dataset.command("add")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--part", default="", help="The sheet, layer or file inside to read, where FILE has several.")
def add(name: str, file: Path, *, part: str) -> None:
    """Add FILE to the dataset NAME."""
    distribution = distributions.add_distribution(datasets.find(name), titles={})
    try:
        _bring_in(distribution, file, tables.Provenance(part=part))
    except command_line.ImportFailed:
        distribution.delete()
        raise


def _bring_in(distribution: Distribution, file: Path, provenance: tables.Provenance) -> None:
    upload = tables.receive(
        _chunks(file), filename=file.name, media_type=mimetypes.guess_type(file.name)[0] or ""
    )
    job = imports.bring_in(
        distribution, upload, person=None, now=timezone.now(), at_once=True, provenance=provenance
    )
    if job and job.state != "succeeded":
        raise command_line.ImportFailed(file.name, job.error_message)
    rows = f"{job.result['rows']} rows" if job else "kept as it is"
    click.echo(f"{distribution.dataset.slug}, file {distribution.position}: {rows}")


@dataset.command("parts")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def parts(file: Path) -> None:
    """List the sheets, layers or tables inside of FILE."""
    upload = tables.receive(_chunks(file), filename=file.name, media_type="")
    for each in tables.parts_of(upload):
        click.echo(f"{each.name}{f'  ({each.note})' if each.note else ''}")


@dataset.command("follow")
@click.argument("name")
@click.argument("url")
@_position
@click.option(
    "--every",
    type=click.Choice([each.value for each in Every]),
    default=Every.DAILY.value,
    show_default=True,
    help="How often to look for a new version.",
)
def follow(name: str, url: str, *, position: int, every: str) -> None:
    """Let a file of the dataset NAME follow the address URL, and fetch it now."""
    distribution = command_line.distribution_at(datasets.find(name), position)
    found = following.follow(distribution, url=url, every=Every(every), person=None, now=timezone.now())
    _check(found)


def _check(found: FollowedAddress) -> None:
    version = following.check(
        found,
        person=None,
        now=timezone.now(),
        progress=lambda _share, _message: None,
        cancelled=lambda: False,
    )
    click.echo(f"version {version.number}: {version.rows} rows" if version else "nothing new")


@dataset.command("check")
@click.argument("name")
@_position
def check(name: str, *, position: int) -> None:
    """Fetch the address that a file of the dataset NAME follows, now."""
    _check(following.address_of(command_line.distribution_at(datasets.find(name), position)))


@dataset.command("unfollow")
@click.argument("name")
@_position
def unfollow(name: str, *, position: int) -> None:
    """Stop following an address; the versions stay."""
    following.stop(command_line.distribution_at(datasets.find(name), position), person=None)
    click.echo(f"{name}: no longer followed")


@dataset.command("versions")
@click.argument("name")
@_position
@click.option("--get", "number", type=int, help="Write this version to standard output.")
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["original", "csv", "parquet"]),
    default="original",
    show_default=True,
    help="What to write: the file as it came, or its table.",
)
def versions(name: str, *, position: int, number: int | None, wanted: str) -> None:
    """List the versions of a file of the dataset NAME, or get one of them."""
    distribution = command_line.distribution_at(datasets.find(name), position)
    if number is None:
        for each in distribution.versions.order_by("-number"):
            click.echo(
                f"{each.number:>4}  {each.created_at:%Y-%m-%d %H:%M}  {each.rows:>10} rows  {each.byte_size:>12} B  "
                f"{each.sha256[:12]}  {each.filename}  {each.note}"
            )
        return
    for chunk in command_line.version_bytes(distribution, number, wanted):
        click.echo(chunk, nl=False)


@dataset.command("changes")
@click.argument("name")
@click.argument("old", type=int)
@click.argument("new", type=int)
@_position
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def changes(name: str, old: int, new: int, *, position: int, as_json: bool) -> None:
    """Say what changed from version OLD to version NEW of a file of the dataset NAME."""
    distribution = command_line.distribution_at(datasets.find(name), position)
    found = comparing.changes_between(
        comparing.version_of(distribution, old),
        comparing.version_of(distribution, new),
        key=distribution.key_columns,
    )
    if as_json:
        click.echo(json.dumps({**found.as_dict(), "unchanged": found.unchanged}, ensure_ascii=False))
        return
    click.echo(f"rows: +{found.added} -{found.removed} ~{found.changed} ={found.unchanged}")
    click.echo(f"told apart by: {', '.join(found.key) or 'whole rows'}")
    for label, names in (("new columns", found.added_columns), ("columns gone", found.removed_columns)):
        if names:
            click.echo(f"{label}: {', '.join(names)}")
    for before, after in found.renamed:
        click.echo(f"renamed: {before} → {after}")
    for key, before, after in found.retyped:
        click.echo(f"kind changed: {key}: {before} → {after}")


@dataset.command("list")
@click.option(
    "--status", type=click.Choice([status.value for status in Status]), help="Only those in this status."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_datasets(*, status: str | None, as_json: bool) -> None:
    """List the datasets."""
    rows = Dataset.objects.select_related("source").order_by("sort_title")
    for row in rows.filter(status=status) if status else rows:
        title = pick(row.description.get("titles", {}), city().languages[0])
        values = {
            "slug": row.slug,
            "status": row.status,
            "title": title,
            "source": row.source.key if row.source else "",
        }
        click.echo(
            json.dumps(values, ensure_ascii=False) if as_json else f"{row.status:<10} {row.slug:<50} {title}"
        )


@dataset.command("withdraw")
@click.argument("name")
@click.option("--reason", required=True, help="Shown to everybody who follows the dataset's address.")
def withdraw(name: str, *, reason: str) -> None:
    """Take the dataset NAME (slug, id or address) back."""
    publishing.withdraw(datasets.find(name), reason=reason, person=None, now=timezone.now())
    click.echo(f"{name}: withdrawn")


@click.group()
def harvest() -> None:
    """Take in partners' catalogues."""


@harvest.command("run")
@click.argument("sources", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Harvest every source.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--full", is_flag=True, help="Read also what is known to be unchanged.")
@click.option("--accept-removals", is_flag=True, help="Remove what has vanished, however much it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each run.")
def run(
    sources: tuple[str, ...],
    *,
    everything: bool,
    dry_run: bool,
    full: bool,
    accept_removals: bool,
    as_json: bool,
) -> None:
    """Harvest the named SOURCES (a partner city's id, or a source's key)."""
    harvesting.ensure_sources()
    keys = command_line.source_keys() if everything else list(sources)
    if not keys:
        raise InvalidInput(
            f"Name a source, or give --all. Known: {', '.join(command_line.source_keys()) or 'none'}."
        )
    runs = [
        harvesting.run_harvest(
            harvesting.source(key),
            person=None,
            now=timezone.now(),
            dry_run=dry_run,
            everything=full,
            accept_removals=accept_removals,
        )
        for key in keys
    ]
    for each in runs:
        _print_run(each, as_json=as_json)
    failed = [each for each in runs if each.state in {"failed", "incomplete", "unconfirmed"}]
    if failed:
        raise command_line.HarvestFailed(failed[0].source.key, failed[0].message)


def _print_run(found: HarvestRun, *, as_json: bool) -> None:
    values = {
        "source": found.source.key,
        "state": found.state,
        "pages": found.pages,
        "created": found.created,
        "updated": found.updated,
        "unchanged": found.unchanged,
        "removed": found.removed,
        "left_out": found.left_out,
        "withheld": found.withheld,
        "findings": found.findings_total,
    }
    if as_json:
        told = list(found.findings.values_list("values", flat=True))
        click.echo(json.dumps({**values, "findings": told}, ensure_ascii=False))
        return
    click.echo("  ".join(f"{name}: {value}" for name, value in values.items()))
    for each in found.findings.all()[:10]:
        click.echo(f"    {each.severity:<8}{each.code}  {each.path}  {each.values['message']}")
    if found.findings_total > 10:
        click.echo(f"    and {found.findings_total - 10} more findings; see --json, or the harvest's page")


@harvest.command("add")
@click.argument("url")
@click.option("--name", default="", help="What people call it; its host name without it.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Found out without it.")
@click.option(
    "--schedule",
    type=click.Choice([each.value for each in Schedule if each]),
    help="As configured without it.",
)
@click.option("--active", is_flag=True, help="Harvest it on its schedule from now on.")
@click.option("--licence", default="", help="Code or IRI, for files that say none.")
@click.option("--only-publisher", "publishers", multiple=True, help="Only this publisher's datasets.")
@click.option("--only-keyword", "keywords", multiple=True, help="Only datasets with this keyword.")
@click.option("--without", multiple=True, help="Keyword, publisher or IRI of what is left out.")
def add_source(
    url: str,
    *,
    name: str,
    kind: str | None,
    schedule: str | None,
    active: bool,
    licence: str,
    publishers: tuple[str, ...],
    keywords: tuple[str, ...],
    without: tuple[str, ...],
) -> None:
    """Add the catalogue at URL (a DCAT feed, or a CKAN portal) as a source; nothing is taken over yet."""
    terms = vocabulary.LICENCES.by_text(licence) if licence else None
    rules = HarvestRules(publishers, (), keywords, without, licence=terms.iri if terms else licence)
    found = harvest_sources.add(
        SourceSettings(name, url, kind or "", active, Schedule(schedule or ""), rules), person=None
    )
    click.echo(f"{found.key}: added. Try it with: tandem harvest run {found.key} --dry-run")


@harvest.command("list")
def list_sources() -> None:
    """List the sources with their last harvest."""
    harvesting.ensure_sources()
    for line in command_line.source_lines():
        click.echo(line)

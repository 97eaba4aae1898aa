"""A dataset of our own of the same form as a partner's: a draft whose tables wait for our files.

Rows of the partner's table come along as a sample, in a file of their own, until the dataset is public.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.adapters import originals
from tandem.catalogue.adapters.originals import Original
from tandem.catalogue.adapters.tables import NotATable, load_table
from tandem.catalogue.domain import measure_part, vocabulary
from tandem.catalogue.domain.completeness import Need
from tandem.catalogue.domain.description import (
    AgentDescription,
    ContactDescription,
    DatasetDescription,
    DistributionDescription,
)
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import (
    datasets,
    distributions,
    keeping,
    kept_files,
    own_catalogue,
    publishing,
    tables,
)
from tandem.catalogue.services.tables import Provenance, Upload
from tandem.core.findings import Finding, Severity
from tandem.core.parts import Part, Step
from tandem.core.text import pick, say
from tandem.kit import installation
from tandem.kit.slugs import slug_of
from tandem.kit.spoken import spoken

_SAMPLE = {"en": "Sample of {name}", "de": "Beispielzeilen zu {name}", "it": "Righe di esempio per {name}"}
_REASON = say("This city no longer uses the measure that it came from.")
Fields = Mapping[str, Any]


def tables_of(
    rows: Iterable[Distribution], described: DatasetDescription
) -> list[tuple[Distribution, dict[str, Any]]]:
    """Return the tables of a dataset as they travel, samples left out: of its files, and those that wait for one."""
    found = []
    for each in rows:
        said = datasets.distribution_description(each)
        key, columns = measure_part.form_of(said) or (f"table-{each.position + 1}", [])
        if each.current is not None and each.current.report:
            columns = measure_part.columns_of(tables.report_of(each.current).columns)
        if columns and said.iri not in described.samples:
            found.append((each, measure_part.table_of(key, said, columns)))
    return found


# --- plan ---------------------------------------------------------------------------------------
def plan(part: Part, fields: Fields) -> tuple[list[Step], list[Finding]]:
    """Return what ``make`` would do, and what there is to say of it."""
    findings = _record_of(part)[1]
    titles = fields["description"]["titles"]
    title = pick(titles, installation.city().languages[0])
    same = Dataset.objects.filter(slug=slug_of(title, otherwise=""), source=None).first()
    if same is not None:
        message = say("There is a dataset {slug} already; another one is made beside it.", slug=same.slug)
        findings.append(Finding(Severity.WARNING, "catalogue.part.same-name", "/description/titles", message))
    if lacking := _lacking(fields):
        message = say("Before it can be published, this is missing: {missing}.", missing=", ".join(lacking))
        findings.append(Finding(Severity.INFO, "catalogue.part.incomplete", "", message))
    says = say(
        "A draft of a dataset “{title}” is made. Tables that wait for this city’s files: {count}.",
        title=title,
        count=len(fields["tables"]),
    )
    return [Step(says)], findings


def _lacking(fields: Fields) -> list[str]:
    begun = DatasetDescription(iri="urn:draft", **datasets.defaults())
    missing = datasets.missing_of(_with_ours(begun, fields))
    return [name for name, need in missing.items() if need is Need.MANDATORY]


def _record_of(part: Part) -> tuple[DatasetDescription | None, list[Finding]]:
    """Return the record at the origin, where one came along."""
    if measure_part.ORIGIN not in part.files:
        return None, []
    return measure_part.read_origin(part.files[measure_part.ORIGIN])


# --- make and update ----------------------------------------------------------------------------
def make(part: Part, fields: Fields, *, person: Person | None, now: datetime) -> Dataset:
    """Make a draft with empty tables, and with the samples that came along."""
    general = fields["description"]
    row = datasets.begin(titles=dict(general["titles"]), person=person, now=now)
    begun = datasets.description_of(row)
    kept = {**measure_part.general_of(begun), **general}
    _write(row, part, {**fields, "description": kept}, person=person, now=now)
    return row


def update(row: Dataset, part: Part, fields: Fields, *, person: Person | None, now: datetime) -> None:
    """Bring a dataset of ours in line with merged fields. Files that people brought in stay as they are."""
    _write(row, part, fields, person=person, now=now)


def _write(row: Dataset, part: Part, fields: Fields, *, person: Person | None, now: datetime) -> None:
    record, _findings = _record_of(part)
    rows = row.distributions.select_related("current")
    known = {values["key"]: each for each, values in tables_of(rows, datasets.description_of(row))}
    wanted = {table["key"]: table for table in fields["tables"]}
    _remove([each for key, each in known.items() if key not in wanted and each.current is None], person)
    for key, table in wanted.items():
        if key not in known:
            known[key] = distributions.add_distribution(row, titles=dict(table.get("titles", {})))
    waiting = {key: wanted[key] for key in wanted if known[key].current is None}
    samples = _bring_samples(row, waiting, part, record, person=person, now=now)
    described = _with_ours(datasets.description_of(row), fields)
    forms = {known[key].description["iri"]: _form(known[key], wanted[key], fields) for key in wanted}
    parts = tuple(samples.get(each.iri, forms.get(each.iri, each)) for each in described.distributions)
    names = {each.iri for each in parts}
    said = [iri for iri in described.samples if not iri.startswith(_our_files()) or iri in names]
    changed = replace(
        described,
        distributions=parts,
        samples=tuple(dict.fromkeys([*said, *samples])),
        related=described.related or ((record.iri,) if record else ()),
    )
    datasets.describe(row, changed, person=person, now=now)


def _our_files() -> str:
    return f"{installation.config().server.url}/id/distribution/"


def _with_ours(described: DatasetDescription, fields: Fields) -> DatasetDescription:
    """Return a description with what the part says in general, and what was filled in for this city."""
    general = measure_part.with_general(described, fields["description"])
    name, mail, place = fields.get("publisher"), fields.get("contact_mail"), fields.get("place")
    if name and (general.publisher is None or _name_of(general.publisher) != name):
        general = replace(general, publisher=_body(name))
    if mail and mail not in [each.mail for each in general.contacts]:
        general = replace(general, contacts=(ContactDescription(name=name or "", mail=mail),))
    return replace(general, spatial=tuple(place.split())) if place else general


def _name_of(body: AgentDescription) -> str:
    return pick(body.names, installation.city().languages[0])


def _body(name: str) -> AgentDescription:
    ours = own_catalogue.our_agent()
    if name == _name_of(ours):
        return ours
    return AgentDescription(dict.fromkeys(installation.city().languages, name))


def _form(row: Distribution, table: Fields, fields: Fields) -> DistributionDescription:
    described = measure_part.with_table(datasets.distribution_description(row), table)
    licence = vocabulary.LICENCES.by_iri(described.licence)
    if licence is not None and licence.needs_attribution and not described.attribution:
        return replace(described, attribution=fields.get("publisher") or "")
    return described


def _remove(rows: Iterable[Distribution], person: Person | None) -> None:
    """Take files or empty tables away; what is stored of them goes once that is certain."""
    for each in rows:
        kept_files.forget_jobs(each)
        _forget_files(each.versions.values_list("pk", "sha256"))
        about = {"distribution": str(each.pk)}
        audit.record(person, "catalogue.distribution.remove", each.dataset.iri, about)
        each.delete()


# --- samples ------------------------------------------------------------------------------------
def _bring_samples(
    row: Dataset,
    waiting: Mapping[str, Fields],
    part: Part,
    record: DatasetDescription | None,
    *,
    person: Person | None,
    now: datetime,
) -> dict[str, DistributionDescription]:
    """Bring samples in that are new or changed, and remove those that nothing waits for any more.

    Returns:
        How the samples are described, by IRI.
    """
    named = datasets.description_of(row).samples
    rows = row.distributions.select_related("current")
    kept = {
        each.current.filename: each
        for each in rows
        if each.current is not None and each.description["iri"] in named
    }
    found, names = {}, {measure_part.sample_name(key) for key in waiting}
    _remove([each for name, each in kept.items() if name not in names], person)
    for key, table in waiting.items():
        filename = measure_part.sample_name(key)
        content = part.files.get(filename)
        if content is None:
            continue
        there = kept.get(filename) or distributions.add_distribution(row, titles=_sample_titles(key, table))
        if there.current is None or there.current.sha256 != sha256(content).hexdigest():
            _keep_sample(there, content, filename, record, person=person, now=now)
        said = datasets.distribution_description(there)
        found[said.iri] = replace(
            said, licence=table.get("licence", ""), attribution=_body_of(record), rights=""
        )
    return found


def _sample_titles(key: str, table: Fields) -> dict[str, str]:
    titles = table.get("titles", {})
    return {code: text.format(name=pick(titles, code, default=key)) for code, text in _SAMPLE.items()}


def _body_of(record: DatasetDescription | None) -> str:
    return pick(record.publisher.names, "en") if record and record.publisher else ""


def _keep_sample(
    row: Distribution,
    content: bytes,
    filename: str,
    record: DatasetDescription | None,
    *,
    person: Person | None,
    now: datetime,
) -> None:
    """Make a sample the current file of its row. Its bytes are stored when the transaction is done, not before."""
    upload = Upload(Original(sha256(content).hexdigest(), len(content)), filename, "text/csv")
    provenance = Provenance(source_url=record.landing_page or record.iri if record else "")
    version = keeping.keep_plain(row, upload, person=person, now=now, provenance=provenance)
    with tempfile.TemporaryDirectory(dir=installation.folder("uploads"), prefix="sample-") as folder:
        source = Path(folder) / "original"
        source.write_bytes(content)
        try:
            report = load_table(
                source, filename=filename, target=Path(folder) / "table.parquet", work_dir=Path(folder)
            )
        except NotATable:  # then it is a file that people read
            report = None
    if report is not None:
        version.rows, version.report = report.rows, report.as_dict()
        version.save(update_fields=["rows", "report"])
    transaction.on_commit(partial(_store, content, filename))


def _store(content: bytes, filename: str) -> None:
    originals.keep([content], filename=filename, work_dir=installation.folder("uploads"))


def _forget_files(versions: Iterable[tuple[UUID, str]]) -> None:
    transaction.on_commit(partial(_drop, list(versions)))


def _drop(versions: Sequence[tuple[UUID, str]]) -> None:
    """Delete what is stored of versions that are gone; not what another version has, too."""
    hashes = {digest for _pk, digest in versions}
    used = set(TableVersion.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for digest in hashes - used:
        originals.discard(digest)
    for pk, _digest in versions:
        tables.parquet_path(pk).unlink(missing_ok=True)


# --- live and undone ----------------------------------------------------------------------------
def go_live(row: Dataset, *, person: Person | None, now: datetime) -> None:
    """Publish a dataset of ours, without the samples.

    Raises:
        Incomplete: The city's profile demands something that is missing.
        NeedsTwoPeople: The city wants another person to publish.
    """
    described = datasets.description_of(row)
    samples = [each for each in row.distributions.all() if each.description["iri"] in described.samples]
    if samples:
        _remove(samples, person)
        gone = {each.description["iri"] for each in samples}
        left = tuple(each for each in described.distributions if each.iri not in gone)
        others = tuple(iri for iri in described.samples if iri not in gone)
        datasets.describe(row, replace(described, distributions=left, samples=others), person=person, now=now)
    if row.status != Status.PUBLISHED:
        publishing.publish(row, person=person, now=now)


def undo(row: Dataset, *, person: Person | None, now: datetime) -> None:
    """Delete a draft with its files; withdraw what was public."""
    with override(installation.city().languages[0]):
        reason = spoken(_REASON)
    if row.status == Status.PUBLISHED:
        publishing.withdraw(row, reason=reason, person=person, now=now)
    if row.published_at is not None:
        return
    if row.status == Status.REVIEW:
        publishing.send_back(row, note=reason, person=person, now=now)
    versions = TableVersion.objects.filter(distribution__dataset=row)
    _forget_files(versions.values_list("pk", "sha256"))
    for each in row.distributions.all():
        kept_files.forget_jobs(each)
    publishing.discard(row, person=person)

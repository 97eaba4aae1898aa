"""Datasets as parts of measures: packed for another city; shown here with their origin, or made of the same form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.catalogue.adapters import export, query
from tandem.catalogue.domain import measure_part
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.measure_part import BadPart, Way
from tandem.catalogue.domain.permissions import ROOM
from tandem.catalogue.models import Dataset, Distribution, TableVersion
from tandem.catalogue.services import datasets, measure_drafts, measure_shown, own_catalogue, tables
from tandem.catalogue.services.explore import Table
from tandem.core.errors import NotFound
from tandem.core.part_values import MARK, errors, filled, is_unusable, name_of
from tandem.core.parts import Input, InputKind, Part, PartPlan
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.kit import installation, search

MOST_OFFERED = 20
_WAYS: Mapping[str, Mapping[str, str]] = {
    Way.OWN: {
        "en": "Make a dataset of our own of the same form",
        "de": "Einen eigenen Datensatz gleicher Form anlegen",
        "it": "Creare un proprio dataset con la stessa struttura",
    },
    Way.SHOW: {
        "en": "Show the partner's dataset with its origin",
        "de": "Den Datensatz der Partnerstadt mit seiner Herkunft zeigen",
        "it": "Mostrare il dataset della città partner con la sua provenienza",
    },
}
_WAY = {
    "en": "What becomes of the dataset?",
    "de": "Was wird aus dem Datensatz?",
    "it": "Che cosa diventa il dataset?",
}
_SHARED = (
    Input(
        "catalogue-publisher",
        titles={"en": "Publisher of the data", "de": "Herausgeber der Daten", "it": "Editore dei dati"},
        profile="publisher",
    ),
    Input(
        "catalogue-contact-mail",
        titles={
            "en": "E-mail address for questions about the data",
            "de": "E-Mail-Adresse für Fragen zu den Daten",
            "it": "Indirizzo e-mail per domande sui dati",
        },
        profile="contact_mail",
    ),
    Input(
        "catalogue-place",
        titles={"en": "Place of the data", "de": "Ort der Daten", "it": "Luogo dei dati"},
        hints={
            "en": "One or more addresses (IRIs) that stand for the place, with blanks between.",
            "de": "Eine oder mehrere Adressen (IRIs), die für den Ort stehen, durch Leerzeichen getrennt.",
            "it": "Uno o più indirizzi (IRI) che indicano il luogo, separati da spazi.",
        },
        profile="place",
    ),
)


class NotOffered(NotFound):
    """There is no such dataset of ours, or it is not public."""

    code = "catalogue.part.not-offered"

    def __init__(self, uri: str) -> None:
        super().__init__(say("There is no published dataset {uri} of this city to take along.", uri=uri))


class CatalogueParts:
    """Handles parts of the kind ``catalogue``."""

    kind = "catalogue"
    signs = f"{ROOM}:publisher"

    def offered(self, query: str, language: str) -> Sequence[Reference]:
        """Return published datasets of this city that fit a search."""
        found = search.search(
            query,
            language=language,
            rooms=[ROOM],
            kinds=["dataset"],
            facets={"city": [installation.city().id]},
            limit=MOST_OFFERED,
        )
        return [Reference(hit.uri, "dataset", hit.titles, hit.path) for hit in found.hits]

    def pack(self, uri: str) -> Part:
        """Return a published dataset of ours as a part.

        Raises:
            NotOffered: There is none.
        """
        row = _found(Dataset.objects.filter(iri=uri, source=None, status=Status.PUBLISHED))
        if row is None:
            raise NotOffered(uri)
        return _packed(row)

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        """Return what ``make`` would do with a part and what stands in the way."""
        fields = filled(part.fields, inputs)
        findings = measure_part.check(fields, part.files)
        if is_unusable(findings):
            return PartPlan((), findings)
        planned = measure_shown.plan if fields["way"] == Way.SHOW else measure_drafts.plan
        steps, more = planned(part, fields)
        return PartPlan([] if errors(more) else steps, [*findings, *more])

    @transaction.atomic
    def make(
        self, part: Part, inputs: Mapping[str, Any], *, person: Person | None, now: datetime
    ) -> Reference:
        """Make a draft of a part: a dataset of our own, or a partner's record; one that is here already is used.

        Raises:
            BadPart: Something stands in the way.
        """
        if wrong := errors(self.plan(part, inputs).findings):
            raise BadPart(wrong)
        fields = filled(part.fields, inputs)
        make = measure_shown.make if fields["way"] == Way.SHOW else measure_drafts.make
        return _reference(make(part, fields, person=person, now=now))

    def fields_of(self, uri: str) -> Mapping[str, Any] | None:
        """Return what became of a part, in the form of its fields; None where it is gone."""
        return self.fields_of_all([uri]).get(uri)

    def fields_of_all(self, uris: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return the fields of several datasets, by URI, in two queries."""
        return {row.iri: _fields(row) for row in _with_tables(Dataset.objects.filter(iri__in=uris))}

    @transaction.atomic
    def update(
        self, uri: str, part: Part, fields: Mapping[str, Any], *, person: Person | None, now: datetime
    ) -> None:
        """Bring what was made in line with merged fields, and with the part's record and samples.

        Raises:
            DatasetNotFound: It is gone.
            BadPart: Something is wrong with the fields or the files.
        """
        row = datasets.find(uri)
        way = Way.OWN if row.source_id is None else Way.SHOW
        if fields.get("way") != way:
            raise BadPart([measure_part.other_way()])
        findings = measure_part.check(fields, part.files)
        if is_unusable(findings):  # what people here took out again need not be filled in
            raise BadPart(errors(findings))
        update = measure_shown.update if way is Way.SHOW else measure_drafts.update
        update(row, part, fields, person=person, now=now)

    @transaction.atomic
    def go_live(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Make it public, with all checks of publishing. What is public stays so.

        Raises:
            DatasetNotFound: It is gone.
            Incomplete: The city's profile demands something that is missing, a file above all.
            NeedsTwoPeople: The city wants another person to publish than who gave it to review.
        """
        row = datasets.find(uri)
        live = measure_shown.go_live if row.source_id is not None else measure_drafts.go_live
        live(row, person=person, now=now)

    @transaction.atomic
    def undo(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Take away what ``make`` made; what is gone already stays so."""
        row = Dataset.objects.select_related("source").filter(iri=uri).first()
        if row is not None:
            undo = measure_shown.undo if row.source_id is not None else measure_drafts.undo
            undo(row, person=person, now=now)


def _found(rows: QuerySet[Dataset]) -> Dataset | None:
    """Return the dataset with its files and their tables, in two queries."""
    return _with_tables(rows).first()


def _with_tables(rows: QuerySet[Dataset]) -> QuerySet[Dataset]:
    parts = Distribution.objects.select_related("current").order_by("position")
    return rows.prefetch_related(Prefetch("distributions", parts))


def _reference(row: Dataset) -> Reference:
    return Reference(row.iri, "dataset", row.description.get("titles", {}), f"data/{row.slug}/")


# --- what travels -------------------------------------------------------------------------------
def _packed(row: Dataset) -> Part:
    described = datasets.description_of(row)
    found = measure_drafts.tables_of(row.distributions.all(), described)
    name = name_of(row.slug)
    fields = {
        "way": {MARK: f"{name}-way"},
        "publisher": {MARK: "catalogue-publisher"},
        "contact_mail": {MARK: "catalogue-contact-mail"},
        "place": {MARK: "catalogue-place"},
        "description": measure_part.general_of(described),
        "tables": [values for _row, values in found],
    }
    page = _page(row)
    record = replace(_record(described, [each for each, _values in found]), landing_page=page)
    files = {measure_part.ORIGIN: measure_part.origin_file(record)}
    for each, values in found:
        if each.current is not None and each.current.report:
            files[measure_part.sample_name(values["key"])] = _sample(each.current)
    way = Input(f"{name}-way", InputKind.CHOICE, titles=_WAY, default=Way.OWN.value, choices=_WAYS)
    origin = Reference(row.iri, "dataset", dict(described.titles), page)
    return Part(
        CatalogueParts.kind, name, dict(described.titles), fields, files, (way, *_SHARED), origin=origin
    )


def _record(described: DatasetDescription, first: Sequence[Distribution]) -> DatasetDescription:
    """Return the record of a dataset with its tables first, and without the samples that it was made from."""
    named = [each.description["iri"] for each in first]
    parts = {each.iri: each for each in described.distributions if each.iri not in described.samples}
    others = (each for iri, each in parts.items() if iri not in named)
    return replace(described, distributions=(*(parts[iri] for iri in named), *others))


def _page(row: Dataset) -> str:
    with override(installation.city().languages[0]):
        return f"{installation.config().server.url}{reverse('catalogue:dataset', args=[row.slug])}"


def _sample(version: TableVersion) -> bytes:
    """Return the first rows of a table as CSV; fewer where they are very long."""
    table = Table.of(version)
    keys, names = [each.key for each in table.columns], [each.name for each in table.columns]
    rows = query.rows(tables.table_of(version), limit=measure_part.MOST_SAMPLE_ROWS, columns=keys).rows
    while True:
        content = b"".join(export.written([rows], "csv", keys=keys, names=names))
        if len(content) <= measure_part.MOST_SAMPLE_BYTES or len(rows) == 1:
            return content
        rows = rows[: len(rows) // 2]


def _fields(row: Dataset) -> dict[str, Any]:
    described = datasets.description_of(row)
    is_ours = row.source_id is None
    body = described.publisher if is_ours else own_catalogue.our_agent()
    contacts = described.contacts if is_ours else datasets.defaults()["contacts"]
    return {
        "way": (Way.OWN if is_ours else Way.SHOW).value,
        "publisher": pick(body.names, installation.city().languages[0]) if body else None,
        "contact_mail": contacts[0].mail if contacts else None,
        "place": " ".join(described.spatial if is_ours else own_catalogue.place_iris()),
        "description": measure_part.general_of(described),
        "tables": [values for _row, values in measure_drafts.tables_of(row.distributions.all(), described)],
    }

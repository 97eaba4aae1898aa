"""What the catalogue offers to the portal as a whole: blocks of the home page, layers of the city map."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import features, tiles
from tandem.catalogue.services.explore import Table
from tandem.core.text import pick
from tandem.kit.blocks import BlockItem, HomeBlock
from tandem.kit.maps import Layer, LayerKind

NEWEST = 5
MOST_LAYERS = 12
ACTIONS = {
    "catalogue.dataset.begin": _("Began a dataset"),
    "catalogue.dataset.describe": _("Changed a description"),
    "catalogue.dataset.submit": _("Gave a description to review"),
    "catalogue.dataset.send-back": _("Sent a description back"),
    "catalogue.dataset.publish": _("Published a dataset"),
    "catalogue.dataset.withdraw": _("Withdrew a dataset"),
    "catalogue.dataset.discard": _("Discarded a draft"),
    "catalogue.harvest.run": _("Harvested a catalogue"),
    "catalogue.source.add": _("Added a source"),
    "catalogue.source.change": _("Changed a source"),
    "catalogue.source.remove": _("Removed a source"),
    "catalogue.table.import": _("Brought in a table"),
    "catalogue.file.keep": _("Brought in a file"),
    "catalogue.address.follow": _("Began to follow an address"),
    "catalogue.address.stop": _("Stopped following an address"),
    "catalogue.key.choose": _("Chose what tells rows apart"),
    "catalogue.agent.add": _("Added a body or a person"),
    "catalogue.agent.describe": _("Changed a body or a person"),
    **{
        f"catalogue.{kind}.{step}": label
        for kind, label in (
            ("service", _("Worked on a data service")),
            ("series", _("Worked on a dataset series")),
        )
        for step in ("begin", "describe", "submit", "send-back", "publish", "withdraw", "discard")
    },
    "catalogue.distribution.remove": _("Took a file away"),
}


def home_blocks(language: str) -> list[HomeBlock]:
    """Return what is new: our own data, and the partners'."""
    public = Dataset.objects.filter(status=Status.PUBLISHED).order_by("-changed_at").select_related("source")
    ours = [_item(row, language) for row in public.filter(source=None)[:NEWEST]]
    theirs = [_item(row, language) for row in public.filter(source__isnull=False)[:NEWEST]]
    blocks = []
    if ours:
        blocks.append(
            HomeBlock(
                "data",
                gettext("New data"),
                items=ours,
                more_url=reverse("catalogue:list"),
                more_label=gettext("All data"),
            )
        )
    if theirs:
        blocks.append(
            HomeBlock(
                "partners",
                gettext("From the partner cities"),
                items=theirs,
                more_url=reverse("catalogue:partners"),
                more_label=gettext("Partner cities"),
            )
        )
    return blocks


def _item(row: Dataset, language: str) -> BlockItem:
    title = pick(row.description.get("titles", {}), language, default=row.slug)
    source = pick(row.source.titles, language) if row.source else ""
    return BlockItem(title, reverse("catalogue:dataset", args=[row.slug]), source, row.changed_at)


def public_datasets() -> "QuerySet[Dataset, tuple[str, datetime]]":
    """Return (slug, when changed) of every public dataset of ours; a partner's are found at its origin."""
    rows = Dataset.objects.filter(status=Status.PUBLISHED, source=None).order_by("created_at", "id")
    return rows.values_list("slug", "changed_at")


def map_layers(language: str) -> list[Layer]:
    """Return the published tables that have places, as layers."""
    rows = (
        Distribution.objects.filter(
            dataset__status=Status.PUBLISHED, dataset__source=None, current__rows__gt=0
        )
        .select_related("dataset", "current")
        .order_by("-dataset__changed_at")[:60]
    )
    layers = []
    for row in rows:
        if row.current is None or not row.current.report:
            continue
        table = Table.of(row.current)
        if table.has_places:
            title = pick(row.dataset.description.get("titles", {}), language, default=row.dataset.slug)
            url = reverse("catalogue:features", args=[row.dataset.slug, row.position])
            kind: LayerKind = "areas" if table.by_role("geometry") else "points"
            layer = Layer(f"catalogue-{row.dataset.slug}-{row.position}", title, url, kind)
            is_large = row.current.rows >= tiles.TILED_FROM
            found = features.Collection(features.id_of(row), row, table)
            layers.append(tiles.tiled(layer, found, make=False) if is_large else layer)
    return layers[:MOST_LAYERS]

"""Collections of features: every published table whose rows have a place."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tandem.catalogue.adapters import cql2_text, features, places
from tandem.catalogue.domain.cql2 import Names, Term
from tandem.catalogue.domain.cql2_geometry import BadGeometry
from tandem.catalogue.domain.crs import CRS84, Box, Crs
from tandem.catalogue.domain.feature_conditions import conditions_of
from tandem.catalogue.domain.feature_query import FeatureQuery
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.domain.report import ColumnReport
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import tables
from tandem.catalogue.services.explore import Table
from tandem.core.errors import NotFound
from tandem.core.text import say

COLLECTIONS_PER_PAGE = 200
COUNTS_KEPT = 1_000


class NoCollection(NotFound):
    """There is no collection of that name."""

    code = "catalogue.features.no-collection"

    def __init__(self, name: str) -> None:
        super().__init__(say("There is no collection {name}.", name=repr(name)))


class NoFeature(NotFound):
    """The collection has no feature of that number."""

    code = "catalogue.features.no-feature"

    def __init__(self, collection: str, number: int) -> None:
        super().__init__(
            say("The collection {collection} has no feature {number}.", collection=collection, number=number)
        )


@dataclass(frozen=True, slots=True)
class Collection:
    """A table whose rows have a place.

    Attributes:
        id: The dataset's name, and where it has several tables the table's position after a dot.
    """

    id: str
    distribution: Distribution
    table: Table

    @property
    def dataset(self) -> Dataset:
        """The dataset that the table belongs to."""
        return self.distribution.dataset

    @property
    def columns(self) -> list[ColumnReport]:
        """The columns that are properties of the features."""
        return [column for column in self.table.columns if column.kind != "geometry"]

    @property
    def located(self) -> places.Located:
        """Which columns say where a row is."""
        geometry = self.table.by_role("geometry")
        if geometry:
            return places.Located(geometry=geometry.key)
        longitude, latitude = self.table.by_role("longitude"), self.table.by_role("latitude")
        return places.Located(
            longitude=longitude.key if longitude else "", latitude=latitude.key if latitude else ""
        )

    @property
    def time(self) -> ColumnReport | None:
        """The column whose time counts: the first one of dates or moments."""
        return next((column for column in self.columns if column.kind in {"date", "datetime"}), None)

    def file(self) -> Path:
        """Return the file of the table's places, made where it is missing."""
        return places.ready(tables.table_of(self.table.version), self.located)


@dataclass(frozen=True, slots=True)
class Page:
    """Some features of a collection.

    Attributes:
        texts: Each as GeoJSON text.
        matched: How many fit in all.
        following: Number of the last feature, where more follow it; else None.
    """

    texts: list[str]
    matched: int
    following: int | None


def id_of(distribution: Distribution) -> str:
    """Return the name of a distribution's collection."""
    slug: str = distribution.dataset.slug
    return f"{slug}.{distribution.position}" if distribution.position else slug


def collection(name: str, *, drafts: Callable[[], bool] = lambda: False) -> Collection:
    """Return a collection.

    Args:
        drafts: Asked whether the person may see what is not published.

    Raises:
        NoCollection: There is none of that name that the person may see.
    """
    slug, _, position = name.partition(".")
    number = int(position) if position.isascii() and position.isdigit() and len(position) < 5 else 0
    rows = Distribution.objects.filter(dataset__slug=slug, position=number).select_related(
        "dataset", "current"
    )
    found = rows.first()
    if found is None or id_of(found) != name or not found.current or not found.current.report:
        raise NoCollection(name)
    made = Collection(name, found, Table.of(found.current))
    if not made.table.has_places or (found.dataset.status != Status.PUBLISHED and not drafts()):
        raise NoCollection(name)
    return made


def published() -> QuerySet[Distribution]:
    """Return the tables of ours that are collections, in the order of their datasets' titles."""
    said = Cast("current__report", TextField())
    has_places = Q(said__contains='"role": "geometry"') | Q(said__contains='"role": "latitude"')
    return (
        Distribution.objects.filter(
            dataset__status=Status.PUBLISHED, dataset__source=None, current__rows__gt=0
        )
        .annotate(said=said)
        .filter(has_places)
        .select_related("dataset", "current")
        .defer("current__created_by")
        .order_by("dataset__sort_title", "dataset__id", "position")
    )


def collections(*, offset: int = 0, limit: int = COLLECTIONS_PER_PAGE) -> list[Collection]:
    """Return published collections."""
    rows = published()[offset : offset + limit]
    return [Collection(id_of(row), row, Table.of(row.current)) for row in rows if row.current]


# --- features -----------------------------------------------------------------------------------
def page_of(found: Collection, asked: FeatureQuery) -> Page:
    """Return the features that fit, one page of them.

    Raises:
        UnreadableFilter: The filter is not written in its language.
        BadFilter: It cannot be applied to this table.
        TooSlow: It was given up.
    """
    file = found.file()
    conditions = _conditions(found, asked, file)
    got = features.page(
        file,
        found.columns,
        conditions,
        crs=asked.crs,
        after=asked.after,
        offset=asked.offset,
        limit=asked.limit + 1,
    )
    more = len(got.texts) > asked.limit
    whole = not more and not asked.after and not asked.offset
    matched = len(got.texts) if whole else _count(found, asked, file, conditions)
    return Page(got.texts[: asked.limit], matched, got.numbers[asked.limit - 1] if more else None)


def feature_of(found: Collection, number: int, crs: Crs) -> str:
    """Return a feature as GeoJSON text.

    Raises:
        NoFeature: There is none of that number.
    """
    text = features.one(found.file(), found.columns, number, crs)
    if text is None:
        raise NoFeature(found.id, number)
    return text


def _conditions(found: Collection, asked: FeatureQuery, file: Path) -> list[Term]:
    if not asked.narrows:
        return []
    names = _names(found, asked.filter_crs, file)
    written = cql2_text.read_filter(asked.filter_text, asked.filter_lang) if asked.filter_text else None
    metres = _names(found, asked.box[1], file) if asked.box else names
    return conditions_of(
        asked, names, filter_=written, time_key=found.time.key if found.time else "", metres=metres
    )


def _names(found: Collection, crs: Crs, file: Path) -> Names:
    kinds = {column.key: column.kind for column in found.columns}
    in_degrees = str if crs == CRS84 else partial(_in_degrees, file, crs)
    west, south, east, north = places.BOX
    box = (west, south, east, north) if found.located.geometry else (west, south, west, south)
    return Names(kinds, places.GEOMETRY, box, in_degrees)


def _in_degrees(file: Path, crs: Crs, geometry: str) -> str:
    moved = features.in_degrees(file, geometry, crs)
    if moved is None:
        raise BadGeometry(say("The geometry lies where {crs} has no coordinates.", crs=crs.title))
    return moved


_counts: OrderedDict[Any, int] = OrderedDict()


def _count(found: Collection, asked: FeatureQuery, file: Path, conditions: list[Term]) -> int:
    """Return how many features fit; a version never changes, so a count is kept for the next pages."""
    if not conditions:
        return found.table.version.rows
    key = (found.table.version.pk, replace(asked, limit=0, after=0, offset=0, crs=CRS84))
    if key not in _counts:
        _counts[key] = features.count(file, conditions)
        while len(_counts) > COUNTS_KEPT:
            _counts.popitem(last=False)
    return _counts[key]


_extents: OrderedDict[Any, Box | None] = OrderedDict()


def extent_of(found: Collection, *, make: bool = True) -> Box | None:
    """Return west, south, east, north of a collection, in degrees.

    Args:
        make: False returns None where it is not known without reading the table.
    """
    latitude, longitude = found.table.by_role("latitude"), found.table.by_role("longitude")
    if latitude and longitude and not found.table.by_role("geometry"):
        return (longitude.profile.min, latitude.profile.min, longitude.profile.max, latitude.profile.max)
    key = found.table.version.pk
    if key not in _extents and (make or places.file_of(tables.parquet_path(key)).exists()):
        _extents[key] = features.extent(found.file())
        while len(_extents) > COUNTS_KEPT:
            _extents.popitem(last=False)
    return _extents.get(key)

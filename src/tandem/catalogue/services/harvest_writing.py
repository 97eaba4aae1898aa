"""Take over what a harvest found: datasets, files, where they came from, search; one transaction a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tandem.catalogue.domain.harvest import Change, HarvestPlan
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, Distribution, HarvestPage, HarvestRecord, HarvestSource
from tandem.catalogue.services import datasets, indexing, slugs
from tandem.core.text import pick
from tandem.kit import installation
from tandem.kit.slugs import first_free, slug_of

_AT_ONCE = 500


@dataclass(slots=True)
class Writer:
    """Writes one harvest.

    Attributes:
        now: When the harvest began; what is seen in it carries this time.
    """

    source: HarvestSource
    now: datetime
    _slugs: set[str] = field(default_factory=set)

    # --- batches --------------------------------------------------------------------------------
    def take(self, plan: HarvestPlan, page: HarvestPage | None) -> None:
        """Take a batch over."""
        try:
            self._take(plan, page)
        except IntegrityError:  # somebody else took an address in the meantime
            self._slugs.clear()
            self._take(plan, page)

    @transaction.atomic
    def _take(self, plan: HarvestPlan, page: HarvestPage | None) -> None:
        created = self._create(plan.create, page) if plan.create else []
        updated = self._update(plan.update) if plan.update else []
        self._see([change.iri for change in (*plan.update, *plan.unchanged)], page)
        self._see(plan.kept, None)
        if created or updated:
            self._index([*created, *updated])

    def _create(self, changes: Sequence[Change], page: HarvestPage | None) -> list[UUID]:
        rows = [self._row(change) for change in changes]
        parts = [part for row, change in zip(rows, changes, strict=True) for part in _parts(row, change)]
        records = [
            HarvestRecord(
                dataset=row,
                name=change.found.name,
                original_url=_original(change),
                page=page,
                first_seen_at=self.now,
                last_seen_at=self.now,
            )
            for row, change in zip(rows, changes, strict=True)
        ]
        Dataset.objects.bulk_create(rows)
        Distribution.objects.bulk_create(parts)
        HarvestRecord.objects.bulk_create(records)
        return [row.pk for row in rows]

    def _row(self, change: Change) -> Dataset:
        title = _title(change)
        named = title if title.lower().startswith(self.source.key) else f"{self.source.key} {title}"
        return Dataset(
            iri=change.iri,
            slug=self._free_slug(named[:90]),
            status=Status.PUBLISHED,
            description=_own(change),
            sort_title=title[:200].lower(),
            source=self.source,
            content_hash=change.content_hash,
            changed_at=self.now,
            published_at=self.now,
        )

    def _free_slug(self, named: str) -> str:
        """Return a slug that no dataset has; all are read once, not for each dataset."""
        if not self._slugs:
            self._slugs.update(slugs.RESERVED, Dataset.objects.values_list("slug", flat=True))
        slug = first_free(slug_of(named, otherwise="dataset"), self._slugs)
        self._slugs.add(slug)
        return slug

    def _update(self, changes: Sequence[Change]) -> list[UUID]:
        rows = {row.iri: row for row in self.source.datasets.filter(iri__in=[each.iri for each in changes])}
        parts: list[Distribution] = []
        for change in changes:
            row = rows[change.iri]
            row.description, row.content_hash, row.changed_at = _own(change), change.content_hash, self.now
            row.sort_title = _title(change)[:200].lower()
            parts.extend(_parts(row, change))
        Dataset.objects.bulk_update(
            rows.values(), ["description", "content_hash", "changed_at", "sort_title"]
        )
        before = Distribution.objects.filter(dataset__in=rows.values())
        _keep_ids(parts, before)
        before.delete()
        Distribution.objects.bulk_create(parts)
        records = [
            HarvestRecord(
                dataset=rows[change.iri],
                name=change.found.name,
                original_url=_original(change),
                first_seen_at=self.now,
                last_seen_at=self.now,
            )
            for change in changes
        ]
        HarvestRecord.objects.bulk_create(
            records,
            update_conflicts=True,
            unique_fields=["dataset"],
            update_fields=["name", "original_url", "last_seen_at"],
        )
        return [row.pk for row in rows.values()]

    def _see(self, iris: Iterable[str], page: HarvestPage | None) -> None:
        for some in _some(list(iris)):
            seen = HarvestRecord.objects.filter(dataset__source=self.source, dataset__iri__in=some)
            seen.update(last_seen_at=self.now, page=page)

    def _index(self, keys: list[UUID]) -> None:
        rows = datasets.with_parts(self.source.datasets.filter(pk__in=keys, status=Status.PUBLISHED))
        indexing.index_many(list(rows))

    # --- pages ----------------------------------------------------------------------------------
    def begin_page(self, page: HarvestPage) -> HarvestPage:
        """Return the row of a page; until ``end_page`` it is not taken as known."""
        row, _made = HarvestPage.objects.update_or_create(
            source=self.source, url=page.url, defaults={"sha256": ""}
        )
        return row

    @transaction.atomic
    def end_page(self, row: HarvestPage, page: HarvestPage, *, clean: bool) -> None:
        """Remember a page that was taken over in full; what stood on it before and no longer is let go."""
        row.records.exclude(last_seen_at=self.now).update(page=None)
        if not clean:
            return
        for name in ("etag", "last_modified", "sha256", "fingerprint", "next_url"):
            setattr(row, name, getattr(page, name))
        row.records_held = row.records.count()
        row.save()

    def pass_over(self, page: HarvestPage) -> list[str]:
        """Take note that a page is as it was; return the IRIs of its datasets."""
        page.records.update(last_seen_at=self.now)
        return list(page.records.values_list("dataset__iri", flat=True))

    def forget_pages(self, urls: Iterable[str]) -> None:
        """Forget the pages that the feed no longer has."""
        self.source.pages.exclude(url__in=list(urls)).delete()

    # --- what is gone ---------------------------------------------------------------------------
    def still_there(self, names: set[str]) -> list[str]:
        """Take note of all datasets whose names are still at the source; return their IRIs."""
        held = self.source.datasets.values_list("iri", "harvest_record__name")
        found = [iri for iri, name in held if name in names]
        for some in _some(found):
            HarvestRecord.objects.filter(dataset__iri__in=some).update(last_seen_at=self.now)
        return found

    def remove(self, iris: Sequence[str]) -> None:
        """Remove datasets that are no longer at the source."""
        for some in _some(iris):
            with transaction.atomic():
                self.source.datasets.filter(iri__in=some).delete()
                indexing.forget(some)


def elsewhere(source: HarvestSource, iris: Sequence[str]) -> set[str]:
    """Return those of the IRIs that another source has brought, or we ourselves."""
    others = Dataset.objects.filter(iri__in=list(iris)).exclude(source=source)
    return set(others.values_list("iri", flat=True))


def _some(values: Sequence[str]) -> Iterable[list[str]]:
    return (list(values[start : start + _AT_ONCE]) for start in range(0, len(values), _AT_ONCE))


def _title(change: Change) -> str:
    return pick(change.values.get("titles", {}), installation.city().languages[0])


def _own(change: Change) -> dict[str, Any]:
    return {name: value for name, value in change.values.items() if name != "distributions"}


def _parts(row: Dataset, change: Change) -> list[Distribution]:
    return [
        Distribution(dataset=row, position=position, description=values)
        for position, values in enumerate(change.values.get("distributions", ()))
    ]


def _keep_ids(parts: Iterable[Distribution], before: Iterable[Distribution]) -> None:
    """Give each part the id that it had, so that who knows it by its id finds it after a change, too.

    A part is known by its identifier, else by its address.
    """
    ids = {(old.dataset_id, name): old.pk for old in before for name in _names(old)}
    taken: set[UUID] = set()
    for part in parts:
        known = (ids.get((part.dataset_id, name)) for name in _names(part))
        part.pk = next((each for each in known if each and each not in taken), part.pk)
        taken.add(part.pk)


def _names(part: Distribution) -> list[str]:
    said = (part.description.get(name) for name in ("iri", "download_url", "access_url"))
    return [each for each in said if each]


def _original(change: Change) -> str:
    """Return where people find a dataset at its origin: its page, or its identifier."""
    said = change.found.url or change.found.description.landing_page or change.iri
    return said[:2_000] if said.startswith(("http://", "https://")) else ""

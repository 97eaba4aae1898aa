"""Read a source portion by portion: pages of a DCAT feed, or of a CKAN portal's packages."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from tandem.catalogue.adapters.ckan_package import read_package
from tandem.catalogue.adapters.ckan_source import CkanSource, PackagePage, modified_of
from tandem.catalogue.adapters.dcat_read import DatasetRead, open_document
from tandem.catalogue.domain.description import SeriesDescription, ServiceDescription
from tandem.catalogue.domain.harvest_rules import Kind
from tandem.catalogue.models import HarvestPage, HarvestSource
from tandem.catalogue.services import harvest_sources
from tandem.core.errors import InvalidInput, TandemError
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.kit import installation
from tandem.kit.fetch import Fetched

ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, */*;q=0.1"
MOST_PAGES = 5_000
FULL_READ_DAYS = 7
OVERLAP = timedelta(hours=1)


class EndlessPaging(InvalidInput):
    """The catalogue's pages lead in a circle, or there are too many."""

    code = "catalogue.endless-paging"

    def __init__(self, url: str) -> None:
        super().__init__(
            say("The pages of the catalogue lead back to {url}; what was read until there was kept.", url=url)
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A dataset at the source, with what it is called there."""

    read: DatasetRead
    name: str = ""
    url: str = ""


@dataclass(slots=True)
class Portion:
    """A part of what a source says.

    Attributes:
        page: What is remembered of it; None where nothing is.
        unchanged: True where it is as it was when it was taken over the last time; it has no records then.
        records: To be read once.
        total: Datasets in all, as the source says; None where it does not.
    """

    page: HarvestPage | None
    unchanged: bool = False
    records: Iterator[Record] = field(default_factory=lambda: iter(()))
    findings: list[Finding] = field(default_factory=list)
    total: int | None = None


class Reader(Protocol):
    """Reads a source.

    Attributes:
        complete: Whether everything that the source has was read, or is known; meant after the last portion.
        incremental: Whether only what changed was asked for; then ``still_there`` says what else there is.
        findings: What ended the reading early.
        services: Data services that were met; meant after the last portion, like ``series``.
    """

    complete: bool
    incremental: bool
    findings: list[Finding]
    services: list[ServiceDescription]
    series: list[SeriesDescription]

    def portions(self) -> Iterator[Portion]:
        """Yield what the source says."""

    def still_there(self) -> set[str]:
        """Return the names of all that is at the source."""

    def cursor(self) -> str:
        """Return from where to go on the next time; empty for a source without such a thing."""


@contextmanager
def open_source(source: HarvestSource, *, everything: bool, now: datetime) -> Iterator[Reader]:
    """Open a source to be read.

    Args:
        everything: True reads what is known to be unchanged, too.
    """
    folder = installation.config().home / "cache" / "harvest"
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder))
    try:
        if harvest_sources.kind_of(source) is Kind.CKAN:
            yield CkanReader(source, everything=everything, now=now)
        else:
            yield DcatReader(source, work, everything=everything)
    finally:
        shutil.rmtree(work, ignore_errors=True)


# --- DCAT ---------------------------------------------------------------------------------------
class DcatReader:
    """Reads a DCAT feed page by page; a page that is as it was is not read."""

    incremental = False

    def __init__(self, source: HarvestSource, work: Path, *, everything: bool) -> None:
        self._source, self._work = source, work
        self._fetcher = harvest_sources.fetcher()
        self._print = harvest_sources.fingerprint(source)
        self._known = {} if everything else {page.url: page for page in self._trusted()}
        self.complete, self.findings, self._broken = False, list[Finding](), False
        self.services, self.series = list[ServiceDescription](), list[SeriesDescription]()

    def _trusted(self) -> Iterator[HarvestPage]:
        """Yield the pages that were taken over in full by the settings of today, and are here still."""
        pages = self._source.pages.filter(fingerprint=self._print).exclude(sha256="")
        held: dict[int, int] = {}
        for key in self._source.datasets.exclude(harvest_record__page=None).values_list(
            "harvest_record__page", flat=True
        ):
            held[key] = held.get(key, 0) + 1
        return (page for page in pages if held.get(page.pk, 0) == page.records_held)

    def portions(self) -> Iterator[Portion]:
        """Yield the feed's pages."""
        url, seen, any_read = self._source.url, set[str](), False
        while url:
            try:
                if url in seen or len(seen) >= MOST_PAGES:
                    raise EndlessPaging(url)
                seen.add(url)
                known = self._known.get(url)
                path = self._work / f"page-{len(seen)}"
                answer, digest = self._fetch(url, known, path)
                if known and (answer.not_modified or digest == known.sha256):
                    path.unlink(missing_ok=True)
                    yield Portion(known, unchanged=True)
                    url, any_read = known.next_url, True
                    continue
                page = self._page(url, answer, digest)
                with open_document(path, media_type=answer.media_type, base_iri=answer.url) as document:
                    page.next_url = urljoin(answer.url, document.next_page) if document.next_page else ""
                    broken = any(each.code == "catalogue.rdf.syntax" for each in document.findings)
                    self._broken = self._broken or broken
                    records = (Record(each) for each in document.datasets())
                    yield Portion(None if broken else page, False, records, document.findings, document.total)
                    self.services.extend(document.services())
                    self.series.extend(document.series())
                path.unlink(missing_ok=True)
                url, any_read = page.next_url, True
            except TandemError as error:
                if not any_read:
                    raise
                self.findings.append(Finding(Severity.ERROR, error.code, url, error.sentence))
                return
        self.complete = not self._broken

    def _fetch(self, url: str, known: HarvestPage | None, path: Path) -> tuple[Fetched, str]:
        conditions = {"etag": known.etag, "last_modified": known.last_modified} if known else {}
        answer = self._fetcher.fetch(url, accept=ACCEPT, to=path, **conditions)
        return answer, "" if answer.not_modified else _sha256(path)

    def _page(self, url: str, answer: Fetched, digest: str) -> HarvestPage:
        return HarvestPage(
            source=self._source,
            url=url[:2_000],
            etag=answer.etag,
            last_modified=answer.last_modified,
            sha256=digest,
            fingerprint=self._print,
        )

    def still_there(self) -> set[str]:
        """Return nothing: what was read is what is there."""
        return set()

    def cursor(self) -> str:
        """Return nothing: pages are remembered by themselves."""
        return ""


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


# --- CKAN ---------------------------------------------------------------------------------------
class CkanReader:
    """Reads a CKAN portal: all packages now and then, else those that changed, and the list of all names."""

    def __init__(self, source: HarvestSource, *, everything: bool, now: datetime) -> None:
        self._source = source
        self._ckan = CkanSource(harvest_sources.fetcher(), source.url)
        overdue = source.full_read_at is None or now - source.full_read_at > timedelta(days=FULL_READ_DAYS)
        changed = source.fingerprint != harvest_sources.fingerprint(source)
        self.incremental = bool(source.cursor) and not (everything or overdue or changed)
        self.complete, self.findings, self._newest = False, list[Finding](), source.cursor
        self.services, self.series = list[ServiceDescription](), list[SeriesDescription]()  # CKAN knows none

    def portions(self) -> Iterator[Portion]:
        """Yield the portal's packages, some hundred at once."""
        any_read = False
        try:
            for page in self._ckan.pages(since=self._since()):
                any_read = True
                for package in page.packages:
                    self._newest = max(self._newest, modified_of(package))
                yield Portion(None, False, self._records(page), page.findings, page.total)
        except TandemError as error:
            if not any_read:
                raise
            self.findings.append(Finding(Severity.ERROR, error.code, self._source.url, error.sentence))
            return
        self.complete = self._ckan.complete

    def _since(self) -> str:
        """Return the time since when changes are asked for: a little before the newest that is known."""
        if not self.incremental:
            return ""
        newest = datetime.fromisoformat(self._source.cursor)
        return (newest - OVERLAP).isoformat(timespec="seconds")

    def _records(self, page: PackagePage) -> Iterator[Record]:
        language = installation.city().languages[0]
        for package in page.packages:
            found = read_package(
                package, base=self._ckan.base, language="" if self._source.city else language
            )
            yield Record(found.read, found.name[:200], found.url)

    def still_there(self) -> set[str]:
        """Return the names of all packages."""
        return self._ckan.names()

    def cursor(self) -> str:
        """Return when the newest package was changed."""
        return self._newest

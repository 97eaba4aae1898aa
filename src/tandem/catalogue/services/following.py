"""Distributions that follow an address: fetched on a schedule, guarded; what is new becomes a version."""

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.adapters.originals import read_in_chunks
from tandem.catalogue.domain import vocabulary
from tandem.catalogue.domain.following import Every, next_check
from tandem.catalogue.models import Distribution, FollowedAddress, TableVersion
from tandem.catalogue.services import keeping, tables
from tandem.core.errors import NotFound, TandemError
from tandem.core.text import Sentence, say
from tandem.kit import installation
from tandem.kit.fetch import Fetched, Fetcher, host_and_port

log = logging.getLogger(__name__)
AT_ONCE_MOST = 50


class NotFollowing(NotFound):
    """The file follows no address."""

    code = "catalogue.not-following"

    def __init__(self, distribution: Distribution) -> None:
        super().__init__(say("File {position} follows no address.", position=distribution.position))


@transaction.atomic
def follow(
    distribution: Distribution, *, url: str, every: Every, person: Person | None, now: datetime
) -> FollowedAddress:
    """Let a distribution follow an address; what it followed before is forgotten. It is due at once."""
    found, _made = FollowedAddress.objects.update_or_create(
        distribution=distribution,
        defaults={
            "url": url,
            "every": every.value,
            "etag": "",
            "last_modified": "",
            "next_at": now,
            "failures": 0,
            "problem": {},
            "added_by": person,
        },
    )
    values = {"url": url, "every": every.value}
    audit.record(person, "catalogue.address.follow", distribution.dataset.iri, values)
    return found


@transaction.atomic
def stop(distribution: Distribution, *, person: Person | None) -> None:
    """Stop following; the versions stay.

    Raises:
        NotFollowing: It follows no address.
    """
    found = address_of(distribution)
    audit.record(person, "catalogue.address.stop", distribution.dataset.iri, {"url": found.url})
    found.delete()


def address_of(distribution: Distribution) -> FollowedAddress:
    """Return the address that a distribution follows.

    Raises:
        NotFollowing: It follows none.
    """
    found = FollowedAddress.objects.filter(distribution=distribution).first()
    if found is None:
        raise NotFollowing(distribution)
    return found


def due(now: datetime) -> list[FollowedAddress]:
    """Return the addresses that are to be asked, the longest overdue first."""
    rows = FollowedAddress.objects.filter(next_at__lte=now).select_related("distribution__dataset")
    return list(rows.order_by("next_at")[:AT_ONCE_MOST])


def check(
    address: FollowedAddress,
    *,
    person: Person | None,
    now: datetime,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> TableVersion | None:
    """Ask an address, and take what is new as a version.

    A failure is written down with the address and raised; the former version stays current.

    Returns:
        The new version; None where nothing has changed.

    Raises:
        TandemError: It did not answer, or its answer cannot be read.
    """
    try:
        version, answer = _take(address, person, now, progress, cancelled)
    except TandemError as error:
        _failed(address, error, now)
        raise
    _note(
        address,
        etag=answer.etag,
        last_modified=answer.last_modified,
        failures=0,
        problem={},
        checked_at=now,
        succeeded_at=now,
        next_at=next_check(Every(address.every), failures=0, now=now),
    )
    log.info("catalogue.address.check", extra={"url": address.url, "new": version is not None})
    return version


def _take(
    address: FollowedAddress,
    person: Person | None,
    now: datetime,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> tuple[TableVersion | None, Fetched]:
    with tempfile.TemporaryDirectory(dir=installation.folder("uploads"), prefix="fetch-") as name:
        body = Path(name) / "body"
        progress(0.01, say("Fetching {url}", url=address.url))
        answer = _fetcher().fetch(
            address.url, etag=address.etag, last_modified=address.last_modified, to=body
        )
        if answer.not_modified:
            return None, _kept(address, answer)
        with body.open("rb") as opened:
            upload = tables.receive(
                read_in_chunks(opened), filename=filename_of(answer), media_type=media_type_of(answer)
            )
    distribution = address.distribution
    current = distribution.current
    if current is not None and current.sha256 == upload.original.sha256:
        return None, answer
    version = keeping.take(
        distribution,
        upload,
        person=person,
        now=now,
        provenance=tables.Provenance(source_url=address.url),
        progress=progress,
        cancelled=cancelled,
    )
    return version, answer


def _kept(address: FollowedAddress, answer: Fetched) -> Fetched:
    """Return an answer "not modified" with the marks that it leaves out."""
    etag, last_modified = answer.etag or address.etag, answer.last_modified or address.last_modified
    return Fetched(answer.url, answer.status, answer.media_type, etag=etag, last_modified=last_modified)


def _failed(address: FollowedAddress, error: TandemError, now: datetime) -> None:
    sentence = error.sentence
    said = {"said": sentence.as_json()} if isinstance(sentence, Sentence) else {}
    failures = address.failures + 1
    _note(
        address,
        failures=failures,
        problem={"code": error.code, "message": str(error), "at": now.isoformat(), **said},
        checked_at=now,
        next_at=next_check(Every(address.every), failures=failures, now=now),
    )
    log.warning("catalogue.address.failed", extra={"url": address.url, "failures": failures})


def _note(address: FollowedAddress, **found: Any) -> None:
    """Write down what came of asking an address, unless nobody follows it any more or it was changed meanwhile."""
    asked = FollowedAddress.objects.filter(pk=address.pk, url=address.url, every=address.every)
    asked.update(**found)


def problem_of(address: FollowedAddress) -> str:
    """Return why the last check failed; translatable where it was said so, empty where it did not fail."""
    said = address.problem.get("said")
    return Sentence.from_json(said) if said else str(address.problem.get("message", ""))


def _fetcher() -> Fetcher:
    config = installation.config()
    local = (host_and_port(partner.url) for partner in config.partners if partner.may_be_local)
    return Fetcher(
        allowed=frozenset(local),
        max_bytes=config.server.upload_mb * 1_000_000,
        seconds=config.catalogue.harvest_minutes * 60,
    )


def media_type_of(answer: Fetched) -> str:
    """Return what an answer says that it is, without parameters."""
    return answer.media_type.partition(";")[0].strip().lower()


def filename_of(answer: Fetched) -> str:
    """Return what to call a file that was fetched: the last part of its address, with an extension that fits."""
    name = PurePosixPath(unquote(urlsplit(answer.url).path)).name or "data"
    file_type = vocabulary.file_type_of("", media_type_of(answer))
    if "." not in name and file_type and file_type.extensions:
        return f"{name}.{file_type.extensions[0]}"
    return name

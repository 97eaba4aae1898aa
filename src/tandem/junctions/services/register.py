"""The register: begin, describe, publish and withdraw junctions, and the tokens of their engines."""

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, InvalidInput
from tandem.core.publication import Publication, Step, next_publication
from tandem.core.text import pick, say
from tandem.junctions.adapters import latest
from tandem.junctions.models import Junction
from tandem.junctions.services import gates, indexing
from tandem.kit import installation, row_slugs, slugs

log = logging.getLogger(__name__)
RESERVED = frozenset({"new", "work", "places"})


class NothingSaid(InvalidInput):
    """A junction cannot be public without a title and a summary."""

    code = "junctions.nothing-said"

    def __init__(self) -> None:
        super().__init__(say("Before it can be published, it needs a title and a text that says what it is."))


class WasPublic(Conflict):
    """What was public once is withdrawn, not deleted."""

    code = "junctions.was-public"

    def __init__(self) -> None:
        super().__init__(say("It was public once, so it is not deleted. Withdraw it instead."))


def slug_of(title: str) -> str:
    """Return the slug that a title has by itself.

    >>> slug_of("Heßlerstraße / Marker Allee")
    'hesslerstrasse-marker-allee'
    """
    return slugs.slug_of(title.replace("/", " "), otherwise="junction")


def free_slug(title: str) -> str:
    """Return a slug for a title that no junction has yet."""
    return row_slugs.free_slug(
        title.replace("/", " "), Junction.objects.all(), reserved=RESERVED, otherwise="junction"
    )


@transaction.atomic
def begin(*, titles: Mapping[str, str], person: Person | None, now: datetime, **values: Any) -> Junction:
    """Register a junction as a draft.

    Args:
        titles: By language.
        **values: Further columns of ``Junction``.
    """
    identity = uuid4()
    junction = Junction.objects.create(
        id=identity,
        iri=f"{installation.config().server.url}/id/junction/{identity}",
        slug=free_slug(pick(titles, installation.city().languages[0], default="junction")),
        titles=dict(titles),
        created_by=person,
        changed_at=now,
        **values,
    )
    audit.record(person, "junctions.junction.begin", junction.iri, {"title": pick(titles, "en")})
    log.info("junctions.junction.begin", extra={"junction": junction.slug})
    return junction


@transaction.atomic
def change(junction: Junction, *, person: Person | None, now: datetime, **values: Any) -> None:
    """Change what a junction's page says.

    Args:
        **values: Columns of ``Junction`` with their new values.
    """
    for name, value in values.items():
        setattr(junction, name, value)
    junction.changed_at = now
    junction.save(update_fields=[*values, "changed_at"])
    audit.record(person, "junctions.junction.change", junction.iri, {"changed": sorted(values)})
    indexing.index(junction)
    log.info("junctions.junction.change", extra={"junction": junction.slug})


@transaction.atomic
def publish(junction: Junction, *, person: Person | None, now: datetime) -> None:
    """Make a junction's page public.

    Raises:
        WrongPublication: It is published already.
        NothingSaid: It has no title or no summary.
    """
    state = next_publication(Publication(junction.status), Step.PUBLISH)
    if not (junction.titles and junction.summaries):
        raise NothingSaid
    junction.published_at = junction.published_at or now
    _set_status(junction, state, now)
    audit.record(person, "junctions.junction.publish", junction.iri)
    log.info("junctions.junction.publish", extra={"junction": junction.slug})


@transaction.atomic
def withdraw(junction: Junction, *, person: Person | None, now: datetime) -> None:
    """Take a junction from the public pages.

    Raises:
        WrongPublication: It is not published.
    """
    _set_status(junction, next_publication(Publication(junction.status), Step.WITHDRAW), now)
    audit.record(person, "junctions.junction.withdraw", junction.iri)
    log.info("junctions.junction.withdraw", extra={"junction": junction.slug})


@transaction.atomic
def discard(junction: Junction, *, person: Person | None) -> None:
    """Delete a draft that was never public, with its files, evaluations and last state. Files go after the commit.

    Raises:
        WasPublic: It was public once, or is.
    """
    if junction.published_at is not None:
        raise WasPublic
    stored = [name for row in junction.evaluations.all() for name in (row.original, row.report) if name]
    junction.evaluations.all().delete()
    audit.record(person, "junctions.junction.discard", junction.iri, {"slug": junction.slug})
    slug = junction.slug
    junction.delete()
    transaction.on_commit(partial(_drop, slug, stored))
    log.info("junctions.junction.discard", extra={"junction": slug})


def _drop(slug: str, stored: Sequence[str]) -> None:
    for name in stored:
        default_storage.delete(name)
    gates.forget(slug)
    latest.forget(slug)


def _set_status(junction: Junction, state: Publication, now: datetime) -> None:
    junction.status, junction.changed_at = state, now
    junction.save(update_fields=["status", "changed_at", "published_at"])
    indexing.index(junction)
    gates.forget(junction.slug)


# --- the engine's token -------------------------------------------------------------------------
def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(junction: Junction, *, person: Person | None, now: datetime) -> str:
    """Make the token that the junction's engine shows; an earlier one is void. It is told here and never again."""
    token = secrets.token_urlsafe(32)
    junction.token_digest, junction.token_at = digest(token), now
    junction.save(update_fields=["token_digest", "token_at"])
    audit.record(person, "junctions.token.make", junction.iri)
    gates.forget(junction.slug)
    log.info("junctions.token.make", extra={"junction": junction.slug})
    return token


@transaction.atomic
def revoke_token(junction: Junction, *, person: Person | None) -> None:
    """Let nobody send the junction's state any more."""
    junction.token_digest, junction.token_at = "", None
    junction.save(update_fields=["token_digest", "token_at"])
    audit.record(person, "junctions.token.revoke", junction.iri)
    gates.forget(junction.slug)
    log.info("junctions.token.revoke", extra={"junction": junction.slug})

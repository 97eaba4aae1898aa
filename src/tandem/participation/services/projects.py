"""Projects: begin, change, publish, withdraw; what belongs to them."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import InvalidInput
from tandem.core.publication import Publication, Step, next_publication
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.kit import installation, row_slugs
from tandem.participation.models import Process, Project
from tandem.participation.services import indexing

log = logging.getLogger(__name__)
RESERVED = frozenset(
    {"new", "address", "leave", "mine", "moderation", "work", "decisions", "answers", "report", "mail"}
)


class NothingSaid(InvalidInput):
    """A project or a process cannot be public without a title and a summary."""

    code = "participation.nothing-said"

    def __init__(self) -> None:
        super().__init__(say("Before it can be published, it needs a title and a text that says what it is."))


def free_slug(title: str, model: type[Project] | type[Process]) -> str:
    """Return a slug for a title that no project or process has yet."""
    return row_slugs.free_slug(title, model.objects.all(), otherwise="project", reserved=RESERVED)


@transaction.atomic
def begin(*, titles: Mapping[str, str], person: Person | None, now: datetime, **values: Any) -> Project:
    """Make a draft of a project.

    Args:
        titles: By language.
        **values: Further columns of ``Project``.
    """
    identity = uuid4()
    project = Project.objects.create(
        id=identity,
        iri=f"{installation.config().server.url}/id/project/{identity}",
        slug=free_slug(pick(titles, installation.city().languages[0], default="project"), Project),
        titles=dict(titles),
        created_by=person,
        changed_at=now,
        **values,
    )
    audit.record(person, "participation.project.begin", project.iri, {"title": pick(titles, "en")})
    return project


@transaction.atomic
def change(project: Project, *, person: Person | None, now: datetime, **values: Any) -> None:
    """Change what a project says of itself.

    Args:
        **values: Columns of ``Project`` with their new values.
    """
    for name, value in values.items():
        setattr(project, name, value)
    project.changed_at = now
    project.save(update_fields=[*values, "changed_at"])
    audit.record(person, "participation.project.change", project.iri, {"changed": sorted(values)})
    indexing.index_project(project)


def set_references(project: Project, references: list[Reference]) -> None:
    """Keep which things of other rooms belong to a project."""
    project.references = [asdict(each) for each in references]
    project.save(update_fields=["references"])


@transaction.atomic
def publish(project: Project, *, person: Person | None, now: datetime) -> None:
    """Make a project public.

    Raises:
        WrongPublication: It is published already.
        NothingSaid: It has no title or no summary.
    """
    state = next_publication(Publication(project.status), Step.PUBLISH)
    if not (project.titles and project.summaries):
        raise NothingSaid
    project.status, project.changed_at = state, now
    project.published_at = project.published_at or now
    project.save(update_fields=["status", "changed_at", "published_at"])
    audit.record(person, "participation.project.publish", project.iri)
    indexing.index_project(project)
    log.info("participation.project.publish", extra={"project": project.slug})


@transaction.atomic
def withdraw(project: Project, *, person: Person | None, now: datetime) -> None:
    """Take a project from the public pages; what people contributed stays stored.

    Raises:
        WrongPublication: It is not published.
    """
    project.status = next_publication(Publication(project.status), Step.WITHDRAW)
    project.changed_at = now
    project.save(update_fields=["status", "changed_at"])
    audit.record(person, "participation.project.withdraw", project.iri)
    indexing.index_project(project)

"""What belongs to a project: milestones, pictures, documents, news, things in other rooms."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import get_valid_filename

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.references import Reference
from tandem.core.text import say
from tandem.kit import search
from tandem.participation.adapters.photo import clean_photo
from tandem.participation.models import Follow, Milestone, News, Project, ProjectFile
from tandem.participation.services import notifying

FOUND = 10


@transaction.atomic
def set_milestone(
    project: Project,
    milestone: Milestone | None,
    *,
    titles: Mapping[str, str],
    texts: Mapping[str, str],
    on: date,
    precision: str,
    is_reached: bool,
    person: Person | None,
) -> Milestone:
    """Add a milestone, or change one."""
    row = milestone or Milestone(project=project)
    row.titles, row.texts, row.on, row.precision, row.is_reached = (
        dict(titles),
        dict(texts),
        on,
        precision,
        is_reached,
    )
    row.save()
    audit.record(person, "participation.milestone.set", project.iri, {"on": on.isoformat()})
    return row


@transaction.atomic
def remove_milestone(milestone: Milestone, *, person: Person | None) -> None:
    """Take a milestone away."""
    audit.record(
        person, "participation.milestone.remove", milestone.project.iri, {"on": milestone.on.isoformat()}
    )
    milestone.delete()


@transaction.atomic
def add_file(
    project: Project,
    *,
    content: bytes,
    filename: str,
    media_type: str,
    titles: Mapping[str, str],
    alternatives: Mapping[str, str],
    credit: str,
    person: Person | None,
) -> ProjectFile:
    """Add a picture or a document. A picture is encoded anew: what a camera wrote into it is not published.

    Raises:
        BadPhoto: The picture cannot be read.
        PhotoTooLarge: It has more pixels than are taken.
    """
    is_picture = media_type.startswith("image/")
    if is_picture:
        content, media_type = clean_photo(content).full.content, "image/jpeg"
        filename = f"{filename.rpartition('.')[0] or filename}.jpg"
    row = ProjectFile(
        project=project,
        kind="picture" if is_picture else "document",
        position=project.files.count(),
        titles=dict(titles),
        alternatives=dict(alternatives),
        credit=credit,
        filename=get_valid_filename(filename)[-200:],
        media_type=media_type,
        byte_size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    row.stored = default_storage.save(f"participation/projects/{project.pk}/{row.pk}", ContentFile(content))
    row.save()
    audit.record(person, "participation.file.add", project.iri, {"file": row.filename})
    return row


@transaction.atomic
def remove_file(file: ProjectFile, *, person: Person | None) -> None:
    """Take a picture or a document away."""
    audit.record(person, "participation.file.remove", file.project.iri, {"file": file.filename})
    stored = file.stored
    file.delete()
    transaction.on_commit(lambda: default_storage.delete(stored))


@transaction.atomic
def post_news(
    project: Project,
    *,
    titles: Mapping[str, str],
    texts: Mapping[str, str],
    person: Person | None,
    now: datetime,
) -> News:
    """Publish news, and tell those who follow the project."""
    row = News.objects.create(
        project=project, titles=dict(titles), texts=dict(texts), published_at=now, created_by=person
    )
    audit.record(person, "participation.news.post", project.iri)
    followers = [
        each.participant for each in Follow.objects.filter(project=project).select_related("participant")
    ]
    notifying.notify(
        followers,
        said=say("There is news: {title}", title=_any(titles)),
        path=f"projects/{project.slug}/",
        project=project,
        now=now,
    )
    return row


def _any(titles: Mapping[str, str]) -> str:
    return next(iter(titles.values()), "")


# --- things in other rooms ----------------------------------------------------------------------
def find_things(words: str, *, language: str) -> list[Reference]:
    """Return what the search finds in all rooms, as references."""
    found = search.search(words, language=language, limit=FOUND)
    return [Reference(hit.uri, hit.kind, hit.titles, hit.path) for hit in found.hits]


def add_reference(project: Project, reference: Reference) -> None:
    """Keep that something belongs to a project; once."""
    kept = [each for each in project.references if each["uri"] != reference.uri]
    project.references = [*kept, asdict(reference)]
    project.save(update_fields=["references"])


def remove_reference(project: Project, uri: str) -> None:
    """Keep that something does not belong to a project."""
    project.references = [each for each in project.references if each["uri"] != uri]
    project.save(update_fields=["references"])


def references_of(project: Project) -> Sequence[Reference]:
    """Return what belongs to a project."""
    return [Reference(**each) for each in project.references]


def milestone_of(project: Project, pk: int) -> Milestone | None:
    """Return a milestone of a project by its id."""
    return project.milestones.filter(pk=pk).first()


def file_of(project: Project, pk: UUID) -> ProjectFile | None:
    """Return a file of a project by its id."""
    return project.files.filter(pk=pk).first()

"""What the search knows of projects and processes."""

from tandem.core.publication import Publication
from tandem.kit import installation, search
from tandem.kit.search import SearchDocument
from tandem.participation.models import Process, Project

ROOM = "participation"


def index_project(project: Project) -> None:
    """Let the search know a project and its processes as they are now; what is not public it forgets."""
    processes = list(project.processes.all())
    is_public = project.status == Publication.PUBLISHED
    public = [each for each in processes if is_public and each.status == Publication.PUBLISHED]
    search.put([*([_project_document(project)] if is_public else []), *map(_process_document, public)])
    known = {project.iri} if not is_public else set()
    search.remove(known | {each.iri for each in processes if each not in public})


def _project_document(project: Project) -> SearchDocument:
    return SearchDocument(
        uri=project.iri,
        room=ROOM,
        kind="project",
        titles=project.titles,
        texts={
            code: f"{text}\n{project.stories.get(code, '')}".strip()
            for code, text in project.summaries.items()
        },
        path=f"projects/{project.slug}/",
        updated_at=project.changed_at,
        city=installation.city().id,
    )


def _process_document(process: Process) -> SearchDocument:
    return SearchDocument(
        uri=process.iri,
        room=ROOM,
        kind="process",
        titles=process.titles,
        texts=process.texts,
        path=f"take-part/{process.slug}/",
        updated_at=process.changed_at,
        city=installation.city().id,
    )

"""Projects for everybody: all of them on a timeline and a map, and one with everything about it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.core.publication import Publication
from tandem.core.text import pick
from tandem.kit.identifiers import see_other
from tandem.kit.maps import Feature, Layer, Map
from tandem.kit.open_to_all import open_to_all
from tandem.participation import access, labels
from tandem.participation.domain.phase import PhaseState
from tandem.participation.models import Follow, Process, Project
from tandem.participation.services import project_parts
from tandem.participation.views import frame
from tandem.participation.views.timeline import timeline

PER_PAGE = 30
NEWS_SHOWN = 10
FILE_SECONDS = 365 * 24 * 3_600


def _language() -> str:
    return get_language() or "en"


# --- all ----------------------------------------------------------------------------------------
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Show all projects: a list with what is open, a timeline, a map."""
    now = timezone.now()
    processes = Process.objects.filter(status=Publication.PUBLISHED).prefetch_related("phases")
    public = Project.objects.filter(status=Publication.PUBLISHED).prefetch_related(
        "milestones", Prefetch("processes", processes)
    )
    page = Paginator(public, PER_PAGE).get_page(request.GET.get("page"))
    projects = list(page.object_list)
    shown = [{"project": each, "open": _open_phases(each, now)} for each in projects]
    return render(
        request,
        "participation/projects.html",
        {
            "page": page,
            "projects": shown,
            "timeline": timeline(projects, today=timezone.localdate()),
            "map": _map_of(projects),
            "may_plan": access.may_plan(request),
            "may_see_drafts": access.may_see_drafts(request),
        },
    )


def _open_phases(project: Project, now: Any) -> list[frame.PhaseShown]:
    shown = (
        frame.shown(phase, process.slug, now)
        for process in project.processes.all()
        for phase in process.phases.all()
    )
    return [each for each in shown if each.state is PhaseState.OPEN]


def _map_of(projects: list[Project]) -> Map | None:
    placed = [each for each in projects if each.latitude is not None]
    if not placed:
        return None
    features = [
        Feature(
            pick(each.titles, _language(), default=each.slug),
            reverse("participation:project", args=[each.slug]),
            pick(each.places, _language()),
            each.latitude,
            each.longitude,
        )
        for each in placed
    ]
    return Map(title=gettext("Projects"), features=features)


@require_safe
def sites(request: HttpRequest) -> JsonResponse:
    """Return the sites of all published projects as GeoJSON."""
    rows = Project.objects.filter(status=Publication.PUBLISHED, latitude__isnull=False)
    return _feature_collection([_feature(each) for each in rows])


@require_safe
def site(request: HttpRequest, slug: str) -> JsonResponse:
    """Return a project's site as GeoJSON."""
    found = access.visible_project(request, slug)
    return _feature_collection([_feature(found)] if found.latitude is not None else [])


def _feature(project: Project) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [project.longitude, project.latitude]}
    return {
        "type": "Feature",
        "geometry": project.site or point,
        "properties": {
            "title": pick(project.titles, _language(), default=project.slug),
            "note": pick(project.summaries, _language()),
            "url": reverse("participation:project", args=[project.slug]),
        },
    }


def _feature_collection(features: list[dict[str, Any]]) -> JsonResponse:
    content = {"type": "FeatureCollection", "features": features}
    return JsonResponse(
        content, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False}
    )


# --- one ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _ProcessShown:
    process: Process
    status_label: str | Promise
    phases: list[frame.PhaseShown]


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a project: what happens, when, and how to have a say."""
    found, now = access.visible_project(request, slug), timezone.now()
    staff = access.may_see_drafts(request)
    known = found.processes.prefetch_related("phases")
    processes = [
        _ProcessShown(
            each,
            labels.PUBLICATION[each.status],
            [frame.shown(phase, each.slug, now) for phase in each.phases.all()],
        )
        for each in (known if staff else known.filter(status=Publication.PUBLISHED))
    ]
    files = list(found.files.all())
    follower = access.participant(request)
    page = {
        "project": found,
        "project_title": pick(found.titles, _language(), default=slug),
        "status_label": labels.PUBLICATION[found.status],
        "processes": processes,
        "open": [one for each in processes for one in each.phases if one.state is PhaseState.OPEN],
        "milestones": found.milestones.all(),
        "pictures": [each for each in files if each.kind == "picture"],
        "documents": [each for each in files if each.kind == "document"],
        "news": found.news.all()[:NEWS_SHOWN],
        "references": [
            (each.title(_language()), _reference_url(each.path))
            for each in project_parts.references_of(found)
        ],
        "map": _site_map(found),
        "is_example": found.is_example,
        "may_plan": access.may_plan(request),
        "follows": bool(follower) and Follow.objects.filter(project=found, participant=follower).exists(),
    }
    return render(request, "participation/project.html", page)


def _reference_url(path: str) -> str:
    if path.startswith(("http://", "https://")):
        return path
    return f"/{_language()}/{path}"


def _site_map(found: Project) -> Map | None:
    if found.latitude is None or found.longitude is None:
        return None
    title = pick(found.titles, _language(), default=found.slug)
    layer = Layer(
        "participation-site",
        title,
        reverse("participation:site", args=[found.slug]),
        "areas" if found.site else "points",
    )
    place = pick(found.places, _language()) or gettext("The site of the project")
    return Map(
        title=gettext("Where it is"),
        layers=[layer],
        features=[Feature(place)],
        centre=(found.latitude, found.longitude),
        zoom=15,
    )


@require_safe
def file(request: HttpRequest, slug: str, pk: Any) -> FileResponse:
    """Serve a picture or a document of a project."""
    found = project_parts.file_of(access.visible_project(request, slug), pk)
    if found is None:
        raise Http404
    answer = FileResponse(
        default_storage.open(found.stored),
        as_attachment=found.kind == "document",
        filename=found.filename,
        content_type=found.media_type,
    )
    answer.headers["Cache-Control"] = f"private, max-age={FILE_SECONDS}, immutable"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@open_to_all
@require_safe
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from the name of a project to its page."""
    return see_other("participation:project", access.project_named(request, pk).slug)

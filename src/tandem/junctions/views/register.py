"""The register for everybody: all junctions beside a map, and one with everything about it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tandem.core.publication import Publication
from tandem.core.text import pick
from tandem.junctions import access, labels
from tandem.junctions.domain.approval import FileState
from tandem.junctions.models import FileVersion, Junction
from tandem.junctions.services import counts, files, live
from tandem.junctions.services.origins import origin_of
from tandem.junctions.views import drawing
from tandem.kit import search
from tandem.kit.identifiers import see_other
from tandem.kit.maps import Feature, Map
from tandem.kit.open_to_all import open_to_all
from tandem.kit.spoken import language

PER_PAGE = 30
MOST_FOUND = 500


def title_of(junction: Junction) -> str:
    """Return a junction's name in the page's language."""
    return pick(junction.titles, language(), default=junction.slug)


@require_safe
def junction_list(request: HttpRequest) -> HttpResponse:
    """Show all public junctions, or those that fit some words, beside a map."""
    query = request.GET.get("q", "").strip()[:200]
    rows = _public()
    if query:
        found = search.search(query, language=language(), kinds=["junction"], limit=MOST_FOUND)
        rows = rows.filter(iri__in=[hit.uri for hit in found.hits])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [_shown(each) for each in page.object_list]
    return render(
        request,
        "junctions/list.html",
        {
            "page": page,
            "junctions": shown,
            "query": query,
            "map": _map_of(page.object_list),
            "may_engineer": access.may_engineer(request),
            "may_see_drafts": access.may_see_drafts(request),
        },
    )


def _public() -> QuerySet[Junction]:
    approved = FileVersion.objects.filter(junction=OuterRef("pk"), state=FileState.APPROVED)
    return Junction.objects.filter(status=Publication.PUBLISHED).annotate(has_file=Exists(approved))


def _shown(junction: Any) -> dict[str, Any]:
    return {"junction": junction, "title": title_of(junction), **_live_state(junction)}


def _live_state(junction: Any) -> dict[str, Any]:
    """Return how things stand with a junction's engine, as a list shows it."""
    now = live.standing(junction.slug, now=timezone.now())
    return {"is_live": not now.silent, "was_live": now.latest is not None}


def _map_of(junctions: Any) -> Map | None:
    placed = [each for each in junctions if each.latitude is not None]
    if not placed:
        return None
    features = [
        Feature(
            title_of(each),
            reverse("junctions:junction", args=[each.slug]),
            pick(each.places, language()),
            each.latitude,
            each.longitude,
        )
        for each in placed
    ]
    return Map(title=gettext("Junctions"), features=features)


@require_safe
def places(request: HttpRequest) -> JsonResponse:
    """Return every public junction with a place as GeoJSON."""
    rows = Junction.objects.filter(status=Publication.PUBLISHED, latitude__isnull=False)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [each.longitude, each.latitude]},
            "properties": {
                "title": title_of(each),
                "note": pick(each.summaries, language()),
                "url": reverse("junctions:junction", args=[each.slug]),
            },
        }
        for each in rows
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features},
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def junction(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a junction: what it is, its approved file, its evaluations, its live page."""
    found = access.visible_junction(request, slug)
    version = files.approved(found)
    described = files.described(version)
    page = {
        "junction": found,
        "junction_title": title_of(found),
        "status_label": labels.PUBLICATION[found.status],
        "version": version,
        "picture": drawing.picture(described) if described else None,
        "evaluations": list(found.evaluations.select_related("version")[:5]),
        "counts": _counts(found),
        "map": _place(found),
        "dataset": _dataset(found),
        "origin": origin_of(found.origin, language()),
        "may_engineer": access.may_engineer(request),
        "may_see_drafts": access.may_see_drafts(request),
        **_live_state(found),
    }
    return render(request, "junctions/junction.html", page)


def _counts(junction: Junction) -> list[tuple[Any, int]]:
    return [
        (labels.ROAD_USER[kind], number)
        for kind, number in counts.of_last_day(junction, now=timezone.now()).items()
    ]


def _place(junction: Junction) -> Map | None:
    if junction.latitude is None or junction.longitude is None:
        return None
    place = pick(junction.places, language()) or title_of(junction)
    features = [Feature(place, "", "", junction.latitude, junction.longitude)]
    return Map(
        title=gettext("Where it is"),
        features=features,
        centre=(junction.latitude, junction.longitude),
        zoom=16,
        fit=False,
    )


def _dataset(junction: Junction) -> tuple[str, str] | None:
    """Return title and address of what the counts became in the catalogue."""
    if not junction.dataset:
        return None
    path = junction.dataset["path"]
    return pick(junction.dataset["titles"], language()), f"/{language()}/{path}"


@open_to_all
@require_safe
def identifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from the name of a junction to its page."""
    return see_other("junctions:junction", access.junction_named(request, pk).slug)

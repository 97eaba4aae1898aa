"""Pages of the whole portal: home, search, map, what the law asks for."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_request, gettext, gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tandem.accounts.access import has_role, is_staff, to_sign_in
from tandem.accounts.services import audit
from tandem.core.text import pick
from tandem.kit import search as searching
from tandem.kit.installation import city, config
from tandem.kit.maps import Feature, Map
from tandem.site import wiring
from tandem.site.api import api
from tandem.site.forms import FeedbackForm
from tandem.site.models import Feedback

PER_PAGE = 20
KINDS = {"dataset": gettext_lazy("Data")}


@dataclass(frozen=True, slots=True)
class PageShown:
    """Where in the results the page is."""

    number: int
    num_pages: int


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the reader's language."""
    with override(get_language_from_request(request)):
        return redirect("home")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is going on in the city."""
    language = get_language() or settings.LANGUAGE_CODE
    page = {"blocks": wiring.home_blocks(language), "is_staff": is_staff(request.user)}
    return render(request, "site/home.html", page)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search all rooms."""
    language = get_language() or settings.LANGUAGE_CODE
    query = request.GET.get("q", "").strip()[:200]
    kind, from_city = request.GET.get("kind", ""), request.GET.get("city", "")
    text = request.GET.get("page", "")
    number = max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
    found = searching.search(
        query,
        language=language,
        kinds=[kind] if kind in KINDS else None,
        facets={"city": [from_city]} if from_city else {},
        facet_fields=["city"],
        offset=(number - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    hits = [
        {
            "title": pick(hit.titles, language, default=hit.uri),
            "url": f"{reverse('home')}{hit.path}",
            "snippet": hit.snippet,
            "kind": KINDS.get(hit.kind, hit.kind),
            "city": _city_name(hit.city, language),
        }
        for hit in found.hits
    ]
    cities = [
        {
            "label": _city_name(value, language),
            "count": count,
            "url": _with(request, city=None if value == from_city else value),
            "selected": value == from_city,
        }
        for value, count in found.facet_counts.get("city", [])
    ]
    pages = max(1, -(-found.total // PER_PAGE))
    page = {
        "query": query,
        "hits": hits,
        "total": found.total,
        "cities": cities,
        "page": PageShown(min(number, pages), pages),
    }
    return render(request, "site/search.html", page)


def _with(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


def _city_name(city_id: str, language: str) -> str:
    if city_id == city().id:
        return city().name(language)
    partner = config().partner(city_id)
    return partner.name(language) if partner else city_id


@require_safe
def city_map(request: HttpRequest) -> HttpResponse:
    """Show the city map with the rooms' layers, and the list of layers beside it."""
    language = get_language() or settings.LANGUAGE_CODE
    layers = wiring.map_layers(language)
    shown = request.GET.getlist("layer")
    chosen = [layer for layer in layers if layer.id in shown] if shown else layers[:3]
    here = city()
    shown_map = Map(
        title=gettext("Map of %(city)s") % {"city": here.name(language)},
        layers=chosen,
        features=[Feature(title=layer.title, url=_layer_page(layer.geojson_url)) for layer in chosen],
    )
    page = {
        "map": shown_map,
        "layers": [{"id": each.id, "title": each.title, "shown": each in chosen} for each in layers],
    }
    return render(request, "site/map.html", page)


def _layer_page(geojson_url: str) -> str:
    return geojson_url.removesuffix("features.geojson") + "?view=map"


# --- what the law asks for ----------------------------------------------------------------------
@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Say who answers for the portal."""
    return render(request, "site/imprint.html", _legal())


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say which personal data the portal takes, and which it does not."""
    return render(request, "site/privacy.html", _legal())


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible the portal is, and how to report a barrier."""
    return render(request, "site/accessibility.html", _legal())


def _legal() -> dict[str, Any]:
    return {"legal": config().legal, "country": city().country, "mail_host": bool(config().mail.host)}


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Take a message about the portal; nobody needs an account."""
    form = FeedbackForm(request.POST or None, initial={"page": request.GET.get("page", "")[:500]})
    if form.is_valid():
        if not form.is_from_machine():
            _keep_feedback(form)
        messages.success(request, gettext("Thank you. Your message has arrived."))
        return redirect("feedback")
    return render(request, "site/feedback.html", {"form": form})


@transaction.atomic
def _keep_feedback(form: FeedbackForm) -> None:
    kept = form.save(commit=False)
    kept.language = get_language() or settings.LANGUAGE_CODE
    kept.save()
    to = config().legal.accessibility_mail or config().legal.mail
    if to:
        subject = gettext("Message about the portal")
        text = f"{kept.page}\n\n{kept.message}\n\n{kept.mail}"
        transaction.on_commit(lambda: send_mail(subject, text, None, [to], fail_silently=True))


@require_safe
def feedback_list(request: HttpRequest) -> HttpResponseBase:
    """Show the messages about the portal to administrators."""
    if not request.user.is_authenticated:
        return to_sign_in(request)
    if not has_role(request.user, "site", "administrator"):
        raise PermissionDenied
    page = Paginator(Feedback.objects.order_by("closed_at", "-sent_at"), 30).get_page(request.GET.get("page"))
    return render(request, "site/feedback_list.html", {"page": page})


@require_POST
def feedback_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as dealt with."""
    if not has_role(request.user, "site", "administrator"):
        raise PermissionDenied
    found = get_object_or_404(Feedback, pk=pk)
    with transaction.atomic():
        found.closed_at = timezone.now()
        found.save(update_fields=["closed_at"])
        audit.record(request.user, "site.feedback.close", f"feedback:{pk}", {})  # type: ignore[arg-type]
    return redirect("feedback_list")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what not to follow."""
    lines = (
        "User-agent: *",
        "Disallow: /*/account/",
        "Disallow: /*/me/",
        "Disallow: /*?f.",
        "Disallow: /*/download/",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the interfaces for programs."""
    schema = api.get_openapi_schema()
    operations = [
        {"method": method.upper(), "path": path, "summary": operation.get("summary", "")}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    server = config().server.url
    feeds = [f"{server}{reverse('catalogue-rdf', args=[suffix])}" for suffix in ("ttl", "rdf", "jsonld")]
    page = {"operations": operations, "openapi": f"{server}{reverse('api:openapi-json')}", "feeds": feeds}
    return render(request, "site/api_docs.html", page)

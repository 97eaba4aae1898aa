"""Pages of the whole portal: home, city map, interfaces for programs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_from_request, gettext, override
from django.views.decorators.http import require_safe

from tandem.kit.installation import city, config
from tandem.kit.maps import Feature, Layer, Map
from tandem.site import wiring
from tandem.site.api import api

LAYERS_AT_FIRST = 3


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the reader's language."""
    with override(get_language_from_request(request)):
        return redirect("home")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is going on in the city."""
    language = get_language() or settings.LANGUAGE_CODE
    page = {"blocks": wiring.home_blocks(language), "figures": wiring.home_figures(language)}
    return render(request, "site/home.html", page)


@require_safe
def city_map(request: HttpRequest) -> HttpResponse:
    """Show the city map with the rooms' layers, and the list beside it. The address says which layers."""
    language = get_language() or settings.LANGUAGE_CODE
    layers = wiring.map_layers(language)
    asked = request.GET.getlist("layer")
    chosen = [layer for layer in layers if layer.id in asked] or layers[:LAYERS_AT_FIRST]
    shown = Map(
        title=gettext("Map of %(city)s") % {"city": city().name(language)},
        layers=chosen,
        features=[Feature(title=layer.title, url=_layer_page(layer)) for layer in chosen],
    )
    page = {
        "map": shown,
        "layers": [(layer, layer in chosen) for layer in layers],
        "choosing": len(layers) > len(chosen) or bool(asked),  # else the map's own switches do
    }
    return render(request, "site/map.html", page)


def _layer_page(layer: Layer) -> str:
    """Return the page with the list of a layer's features, which lies above them."""
    return f"{layer.geojson_url.rpartition('/')[0]}/?view=map"


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for an icon by its old name, as beside files without a page, to ours."""
    return redirect(static("kit/icon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what not to follow."""
    lines = (
        "User-agent: *",
        "Disallow: /*/account/",
        "Disallow: /*/me/",
        "Disallow: /*?f.",
        "Disallow: /*/download/",
        "Disallow: /*/search/?",
        "Disallow: /*/sql/?",
        "Disallow: /*/sql/result/",
        "Disallow: /*/groups/",
        f"Sitemap: {config().server.url}{reverse('sitemap')}",
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
    feeds.append(f"{server}{reverse('sparql')}")
    page = {"operations": operations, "openapi": f"{server}{reverse('api:openapi-json')}", "feeds": feeds}
    return render(request, "site/api_docs.html", page)
